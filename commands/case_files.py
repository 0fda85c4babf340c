"""The whole case of a proposal in one file, which a stranger can check without the installation.

Who may see everything gets the chain itself: every link's content and hash, and the salts of the
texts that its events name. Everybody else - the partner, and staff from whom a match is hidden -
gets what they may see, signed as a whole. See docs/how-to/check-a-case-file.md.
"""

import json
import secrets
from typing import Any

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from commands import (
    comments,
    decision_records,
    disposals,
    reading,
    submitting,
    task_views,
    views,
    visible_documents,
)
from commands.office import Office
from policy.rules import access
from schemas.errors import Forbidden
from schemas.events import EventType, Recorded
from schemas.people import Actor, Role, Viewer
from schemas.values import digest, instant
from store import chain, questions, visibility
from store.tables import (
    FundMoveRow,
    ProposalRow,
    ReservationRow,
    RevisionRow,
    TaskRow,
    TextRow,
)

FORMAT = "accord-case/1"
RECIPE = "docs/how-to/check-a-case-file.md"
MOST_EVENTS = 200
_WHOLE_CASE = (
    Role.PROGRAMME_OFFICER,
    Role.FINANCE_OFFICER,
    Role.CERTIFIER,
    Role.PAYMENT_AUTHORITY,
    Role.APPROVER,
    Role.SIGNING_AUTHORITY,
    Role.LEGAL,
    Role.ADMINISTRATOR,
    Role.AUDITOR,
)
"""Reviewers and desks see findings of their own, and no case as a whole."""


def takes_whole_cases(viewer: Viewer) -> bool:
    """Whether *viewer* may take the case of a proposal that they see as staff."""
    return any(viewer.holds(role) for role in _WHOLE_CASE)


async def case_file(office: Office, viewer: Viewer, reference: str) -> dict[str, Any]:
    """The case as this person may have it, signed; that it was taken is recorded."""
    async with office.database.reading() as session:
        row = await visibility.find(session, viewer, reference)
    partner = visibility.sees_partner_view(viewer, row)
    if not partner and not takes_whole_cases(viewer):
        raise Forbidden("case_file_not_for_role")
    proposal, _ = await views.proposal_view(office, viewer, reference)
    case: dict[str, Any] = {
        "format": FORMAT,
        "recipe": RECIPE,
        "reference": reference,
        "exported_at": instant(office.now()),
        "exported_by": viewer.id,
        "view": "partner" if partner else "staff",
        "proposal": proposal,
        "events": await _history(office, viewer, reference),
    }
    async with office.database.reading() as session:
        case["revisions"] = await _revisions(office, session, row, viewer)
        found = await visible_documents.of_proposal(session, viewer, row)
        case["documents"] = await visible_documents.items(session, viewer, found, partner=partner)
        if not partner:
            case |= await _for_staff(session, row, viewer)
            case["decisions"] = await decision_records.shown(session, office.catalogue, row, viewer)
    await _record(office, viewer, reference)
    plain: dict[str, Any] = json.loads(json.dumps(case, default=str))
    statement: dict[str, Any] = {"format": FORMAT, "reference": reference, "sha256": digest(plain)}
    return {**plain, "seal": {**statement, "signature": office.signer.sign(statement)}}


async def _history(office: Office, viewer: Viewer, reference: str) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = []
    cursor: str | None = None
    while True:
        page = await reading.history(office, viewer, reference, limit=MOST_EVENTS, cursor=cursor)
        items += page["items"]
        cursor = page["next"]
        if cursor is None:
            return items


async def _revisions(
    office: Office, session: AsyncSession, row: ProposalRow, viewer: Viewer
) -> list[dict[str, Any]]:
    """Every revision that was submitted, with the receipt that was given for it."""
    rows = await session.exec(
        select(RevisionRow)
        .where(RevisionRow.reference == row.reference, RevisionRow.number <= row.revision)
        .order_by(col(RevisionRow.number))
    )
    found = rows.all()
    gone = await disposals.of_texts(session, [r.content_text for r in found], viewer.language)
    shown = []
    for revision in found:
        disposed = gone.get(revision.content_text)
        content = None
        if disposed is None:
            kept = await submitting.content_of(session, row.reference, revision.number)
            content = kept.model_dump(mode="json")
        shown.append(
            {
                "revision": revision.number,
                "sha256": revision.sha256,
                "submitted_at": instant(revision.submitted_at),
                "policy_version": revision.policy_version,
                "content": content,
                "disposed": disposed,
                "receipt": views.receipt_view(office, revision.receipt, viewer.language),
            }
        )
    return shown


async def _for_staff(session: AsyncSession, row: ProposalRow, viewer: Viewer) -> dict[str, Any]:
    events = await chain.events_of(session, row.reference)
    tasks = await session.exec(select(TaskRow).where(TaskRow.reference == row.reference))
    known = [task for task in tasks if task_views.shows_task(viewer, task)]
    closed = questions.closed_among(viewer, known)
    told = [task for task in known if task.id not in closed]
    ids = {ref["id"] for task in told for ref in task.texts.values()}
    # A link that lacks what was said could not be checked.
    whole = access.may_see_evidence(viewer, row.reference) and not closed
    answers = access.may_see_answers(viewer)
    if whole and answers:
        ids |= {ref.id for event in events for ref in event.texts.values()}
    texts = await _texts(session, ids, viewer.language) if answers else {}
    items = await task_views.task_items(session, viewer, known)
    words = {task.id: {name: ref["id"] for name, ref in task.texts.items()} for task in told}
    facts = {task.id: task.facts for task in told}
    said = await comments.shown(session, viewer, events)
    attached = await visible_documents.of_tasks(session, viewer, known)
    return {
        "tasks": [
            {
                **item,
                "facts": facts.get(item["id"]),
                "texts": words.get(item["id"], {}) if answers else {},
                "comments": said.get(item["id"], []),
                "documents": attached.get(item["id"], []),
            }
            for item in items
        ],
        "texts": texts,
        "money": await _money(session, row.reference),
        "chain": [_link(event) for event in events] if whole else None,
    }


async def _texts(session: AsyncSession, ids: set[str], language: str) -> dict[str, Any]:
    """The texts with their salts: `sha256(salt + canonical body)` is the digest in the event."""
    rows = await session.exec(
        select(TextRow).where(col(TextRow.id).in_(ids)).order_by(col(TextRow.id))
    )
    gone = await disposals.of_texts(session, ids, language)
    return {
        row.id: {
            "salt": row.salt,
            "sha256": row.digest,
            "body": json.loads(row.body) if row.body is not None else None,
            "disposed": gone.get(row.id),
        }
        for row in rows
    }


async def _money(session: AsyncSession, reference: str) -> list[dict[str, Any]]:
    reservations = await session.exec(
        select(ReservationRow)
        .where(ReservationRow.reference == reference)
        .order_by(col(ReservationRow.asked_seq))
    )
    shown = []
    for reservation in reservations.all():
        moves = await session.exec(
            select(FundMoveRow)
            .where(FundMoveRow.reservation == reservation.id)
            .order_by(col(FundMoveRow.recorded_at), col(FundMoveRow.fund), col(FundMoveRow.move))
        )
        shown.append(
            {
                "reservation": reservation.id,
                "state": reservation.state,
                "slices": reservation.slices,
                "moves": [
                    {
                        "fund": move.fund,
                        "move": move.move,
                        "cents": move.cents,
                        "recorded_at": instant(move.recorded_at),
                    }
                    for move in moves
                ],
            }
        )
    return shown


def _link(event: Recorded) -> dict[str, Any]:
    """A link as it is hashed: the SHA-256 of `hashed` in canonical JSON is `hash`."""
    hashed = {
        "content": chain.content_of(event),
        "id": event.id,
        "position": event.position,
        "recorded_at": instant(event.recorded_at),
        "previous": event.previous_hash,
    }
    return {"hashed": hashed, "hash": event.hash}


async def _record(office: Office, viewer: Viewer, reference: str) -> None:
    now = office.now()
    event = chain.installation_event(
        EventType.CASE_EXPORTED,
        Actor(id=viewer.id),
        f"case:{secrets.token_hex(12)}",
        now,
        data={"reference": reference},
    )
    async with office.database.writing() as session:
        await chain.append(session, event, now=now)
