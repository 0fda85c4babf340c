"""Disposing of texts: the words go, the chain stays valid and says what is gone.

A disposed text loses its body and its salt, so that its digest tells nothing any more; when and
under which rule stands in its place.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import update
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from schemas.events import INSTALLATION, EventType, Recorded
from schemas.in_force import TextKind
from store import chain, documents, looks
from store.tables import DraftRow, EventRow, HitRow, ProposalRow, RevisionRow, TextRow

KINDS = {
    "content": TextKind.CONTENT,
    "checks": TextKind.CONTENT,
    "answers": TextKind.ANSWERS,
    "reason": TextKind.REASONS,
    "comment": TextKind.REASONS,
    "where": TextKind.REASONS,
    "withheld_message": TextKind.REASONS,
    "message_to_partner": TextKind.LETTERS,
    "message": TextKind.LETTERS,
    "question": TextKind.LETTERS,
    "answer": TextKind.LETTERS,
    "document": TextKind.APPROVAL,
    "agreement": TextKind.AGREEMENT,
    documents.FILE_NAME: TextKind.DOCUMENTS,
    documents.ATTACHMENT_NAME: TextKind.ATTACHMENTS,
}
"""The kind of a text by the name under which an event has it."""


class Disposal(NamedTuple):
    """When a text was disposed of, and under which rule of which version."""

    at: datetime
    under: str


_ENDS = (EventType.CLOSED, EventType.AGREEMENT_CLOSED)


class Closed(NamedTuple):
    """A proposal that has ended."""

    reference: str
    outcome: str | None
    closed_at: datetime
    held: bool
    """A hold or a seal stands: nothing of it is disposed of."""


async def closed(session: AsyncSession, *, after: str, limit: int = 200) -> Sequence[Closed]:
    """Proposals that have ended, in order of reference, behind *after*."""
    rows = await session.exec(
        select(ProposalRow)
        .where(ProposalRow.stage == "closed", col(ProposalRow.reference) > after)
        .order_by(col(ProposalRow.reference))
        .limit(limit)
    )
    return [await _ended(session, row) for row in rows.all()]


async def closed_one(session: AsyncSession, reference: str) -> Closed | None:
    """The proposal, if it has ended."""
    row = await session.get(ProposalRow, reference)
    return await _ended(session, row) if row is not None and row.stage == "closed" else None


async def _ended(session: AsyncSession, row: ProposalRow) -> Closed:
    closings = await session.exec(
        select(EventRow.occurred_at)
        .where(EventRow.subject == row.reference, col(EventRow.type).in_(_ENDS))
        .order_by(col(EventRow.position).desc())
        .limit(1)
    )
    return Closed(row.reference, row.outcome, closings.one(), bool(row.state.get("holds")))


async def texts_of(session: AsyncSession, reference: str) -> dict[TextKind, list[str]]:
    """The texts of a proposal that are still kept, by kind, and its evidence."""
    named: dict[str, TextKind] = {}
    for event in await chain.events_of(session, reference):
        named |= {ref.id: KINDS[name] for name, ref in event.texts.items() if name in KINDS}
    kept = await session.exec(
        select(TextRow.id)
        .where(TextRow.subject == reference, col(TextRow.disposed_at).is_(None))
        .order_by(col(TextRow.id))
    )
    found: dict[TextKind, list[str]] = {}
    for text_id in kept.all():
        if text_id in named:
            found.setdefault(named[text_id], []).append(text_id)
    hits = await session.exec(
        select(HitRow.id)
        .where(HitRow.reference == reference, HitRow.party_name != "")
        .order_by(col(HitRow.id))
    )
    if evidence := hits.all():
        found[TextKind.EVIDENCE] = list(evidence)
    return found


async def dispose(
    session: AsyncSession,
    reference: str,
    kind: TextKind,
    ids: Iterable[str],
    *,
    under: str,
    now: datetime,
) -> None:
    """Dispose of these texts of one kind, and of what was copied from them; once and for all.

    With the first of them it is forgotten who looked at the proposal.
    """
    await looks.forget(session, reference)
    if kind is TextKind.EVIDENCE:
        await session.exec(
            update(HitRow)
            .where(col(HitRow.id).in_(list(ids)))
            .values(party_name="", party_identity="", features={})
        )
        return
    await session.exec(
        update(TextRow)
        .where(col(TextRow.id).in_(list(ids)), col(TextRow.disposed_at).is_(None))
        .values(body=None, salt="", disposed_at=now, disposed_under=under)
    )
    if kind in (TextKind.DOCUMENTS, TextKind.ATTACHMENTS):
        await documents.forget(session, reference)
    if kind is TextKind.CONTENT:
        await _forget_copies(session, reference)


async def _forget_copies(session: AsyncSession, reference: str) -> None:
    draft = await session.get(DraftRow, reference)
    if draft is not None:
        draft.title, draft.content = "", {"programme": draft.programme}
        session.add(draft)
    revisions = await session.exec(select(RevisionRow).where(RevisionRow.reference == reference))
    for revision in revisions.all():
        revision.title = ""
        session.add(revision)
    await session.flush()


async def disposals(session: AsyncSession, ids: Iterable[str]) -> dict[str, Disposal]:
    """Which of the texts *ids* were disposed of."""
    wanted = list(ids)
    if not wanted:
        return {}
    rows = await session.exec(
        select(TextRow).where(col(TextRow.id).in_(wanted), col(TextRow.disposed_at).is_not(None))
    )
    return {row.id: Disposal(_at(row), row.disposed_under or "") for row in rows}


async def disposed_of(
    session: AsyncSession, reference: str
) -> dict[Disposal, tuple[TextKind, ...]]:
    """What was disposed of, of one proposal: each disposal with the kinds of its texts."""
    rows = await session.exec(
        select(TextRow).where(
            TextRow.subject == reference,
            col(TextRow.disposed_at).is_not(None),
            col(TextRow.disposed_under) != documents.ERASED,
        )
    )
    gone = {row.id: Disposal(_at(row), row.disposed_under or "") for row in rows}
    if not gone:
        return {}
    found: dict[Disposal, dict[TextKind, None]] = {}
    for event in await chain.events_of(session, reference):
        for name, ref in event.texts.items():
            if ref.id in gone and name in KINDS:
                found.setdefault(gone[ref.id], {})[KINDS[name]] = None
    return {disposal: tuple(kinds) for disposal, kinds in sorted(found.items())}


async def on_legal_hold(session: AsyncSession) -> dict[str, Recorded]:
    """The references that are on legal hold, with the event that put them there."""
    held: dict[str, Recorded] = {}
    for event in await records_events(session, EventType.RECORDS_HELD, EventType.RECORDS_RELEASED):
        if event.type is EventType.RECORDS_HELD:
            held[event.data["reference"]] = event
        else:
            held.pop(event.data["reference"], None)
    return held


async def records_events(session: AsyncSession, *types: EventType) -> list[Recorded]:
    """Events of the installation of these types, in order."""
    rows = await session.exec(
        select(EventRow)
        .where(
            EventRow.subject == INSTALLATION,
            col(EventRow.type).in_([each.value for each in types]),
        )
        .order_by(col(EventRow.position))
    )
    return [chain.event_of(row) for row in rows]


def _at(row: TextRow) -> datetime:
    assert row.disposed_at is not None  # noqa: S101 - asked for those only
    return row.disposed_at
