"""Reading: lists, one proposal, its history and receipts, inboxes; all from the store."""

from datetime import datetime
from typing import Any

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from commands import (
    condition_words,
    decision_records,
    disposals,
    submitting,
    views,
    visible_documents,
    waiting_for,
)
from commands.office import Office
from policy.event_titles import title
from policy.rules import access, clocks, holds
from schemas.errors import NotFound
from schemas.events import PARTNER_EVENTS, EventType, Recorded
from schemas.holds import HoldKind
from schemas.people import Viewer
from schemas.requests import TaskFilter
from schemas.values import digest, instant
from store import (
    chain,
    inbox_counts,
    inboxes,
    paging,
    people,
    queries,
    questions,
    texts,
    visibility,
)
from store.tables import EventRow, ProposalRow, RevisionRow, TaskRow

SOON_DAYS = 3
"""Business days before a task is due in which it is due soon."""

_SAID = frozenset(
    {EventType.TASK_DECIDED, EventType.TASK_DOCUMENT_ADDED, EventType.TASK_DOCUMENT_REMOVED}
)
_OF_SCREENING = frozenset({EventType.SCREENED, EventType.SCREENING_MISSING})
_OF_HOLDS = frozenset({EventType.HOLD_SET, EventType.HOLD_ENDED})


async def proposal(office: Office, viewer: Viewer, reference: str) -> tuple[dict[str, Any], int]:
    """One proposal as this person sees it, and the version of its content."""
    return await views.proposal_view(office, viewer, reference)


async def proposals(
    office: Office,
    viewer: Viewer,
    *,
    limit: int,
    cursor: str | None,
    sort: str,
    filters: dict[str, str],
) -> dict[str, Any]:
    """One page of the proposals that this person sees."""
    now = office.now()
    async with office.database.reading() as session:
        rows, following = await queries.proposals(
            session, viewer, limit=limit, cursor=cursor, sort=sort, filters=filters, now=now
        )
        items = await views.summaries(session, viewer, rows, now=now)
    return {"items": items, "next": following}


async def revision(office: Office, viewer: Viewer, reference: str, number: int) -> dict[str, Any]:
    """A submitted revision, as it was submitted."""
    async with office.database.reading() as session:
        await visibility.find(session, viewer, reference)
        row = await session.get(RevisionRow, (reference, number))
        if row is None:
            raise NotFound
        content = await submitting.content_of(session, reference, number)
    return {
        "reference": reference,
        "revision": number,
        "sha256": row.sha256,
        "submitted_at": instant(row.submitted_at),
        "policy_version": row.policy_version,
        "content": content.model_dump(mode="json"),
    }


async def receipt(office: Office, viewer: Viewer, reference: str) -> dict[str, Any]:
    """The signed receipt of the last submission."""
    async with office.database.reading() as session:
        row = await visibility.find(session, viewer, reference)
        revision_row = await session.get(RevisionRow, (reference, row.revision))
    if revision_row is None:
        raise NotFound
    return views.receipt_view(office, revision_row.receipt, viewer.language)


async def waiting(office: Office, viewer: Viewer, reference: str) -> dict[str, Any]:
    """Why the proposal waits: on whom, since when, what happens next, and what one may do."""
    return await waiting_for.waiting(office, viewer, reference)


async def task_waiting(office: Office, viewer: Viewer, task_id: str) -> dict[str, Any]:
    """Why a task waits; nothing where it is over."""
    return await waiting_for.of_task(office, viewer, task_id)


# ---- history


async def history(
    office: Office, viewer: Viewer, reference: str, *, limit: int, cursor: str | None
) -> dict[str, Any]:
    """What happened, oldest first; a partner's history has ids of its own and no gaps."""
    async with office.database.reading() as session:
        row = await visibility.find(session, viewer, reference)
        partner = visibility.sees_partner_view(viewer, row)
        after = paging.read_position(cursor)
        if partner:
            shown = await _partner_history(office, session, row, viewer)
        else:
            shown = await _staff_history(office, session, row, viewer)
        page = shown[after : after + limit]
    more = len(shown) > after + limit
    return {"items": page, "next": str(after + limit) if more else None}


async def _staff_history(
    office: Office, session: AsyncSession, row: ProposalRow, viewer: Viewer
) -> list[dict[str, Any]]:
    events = await chain.events_of(session, row.reference)
    tasks = {
        task.id: task
        for task in await session.exec(select(TaskRow).where(TaskRow.reference == row.reference))
    }
    evidence = access.may_see_evidence(viewer, row.reference)
    hidden = {task.id for task in tasks.values() if not views.shows_task(viewer, task)}
    closed = questions.closed_among(viewer, tasks.values())
    unsent = await visible_documents.unsent(session, row, events)
    shown = []
    for event in events:
        if event.position in unsent:
            continue
        if not evidence and _tells_of_screening(event):
            continue
        if event.data.get("task") in hidden:
            continue
        shown.append(_until_answered(event) if event.data.get("task") in closed else event)
    reasons: dict[str, Any] = {}
    if access.may_see_answers(viewer):
        reasons = await texts.read(
            session, [e.texts["reason"].id for e in shown if "reason" in e.texts]
        )
    names = await people.names_of(
        session, {p for event in shown for p in (event.actor.id, event.actor.on_behalf_of)}
    )
    gone = await disposals.of_texts(
        session, [ref.id for event in shown for ref in event.texts.values()], viewer.language
    )
    records = decision_records.drawn(office.catalogue, events)
    return [
        _item(event, viewer, reasons, names, hidden, gone)
        | ({"record": records[event.id]} if _tells_record(event, records, closed) else {})
        for event in shown
    ]


def _tells_record(
    event: Recorded, records: dict[str, dict[str, Any]], closed: frozenset[str]
) -> bool:
    return event.id in records and event.data.get("task") not in closed


def _until_answered(event: Recorded) -> Recorded:
    """The event without what was said, while others are asked the same (`store.questions`)."""
    if event.type not in _SAID:
        return event
    facts = {name: event.data[name] for name in ("task", "kind") if name in event.data}
    return event.model_copy(update={"data": facts, "texts": {}})


def _tells_of_screening(event: Recorded) -> bool:
    if event.type in _OF_HOLDS:
        return not holds.RULES[HoldKind(event.data["kind"])].staff_know_it
    return event.type in _OF_SCREENING


def _item(
    event: Recorded,
    viewer: Viewer,
    reasons: dict[str, Any],
    names: dict[str, str],
    hidden: set[str],
    gone: dict[str, dict[str, Any]],
) -> dict[str, Any]:
    actor = None
    if event.actor.id != "system":
        actor = {"name": names.get(event.actor.id, event.actor.id), "role": event.actor.role}
    reason = event.texts.get("reason")
    return {
        "id": event.id,
        "at": instant(event.occurred_at),
        "recorded_at": instant(event.recorded_at),
        "type": event.type,
        "title": title(event.type).in_language(viewer.language),
        "actor": actor,
        "on_behalf_of": names.get(event.actor.on_behalf_of or "", event.actor.on_behalf_of),
        "delegation": event.actor.delegation,
        "reason": reasons.get(reason.id) if reason else None,
        "disposed": {name: gone[ref.id] for name, ref in event.texts.items() if ref.id in gone},
        "data": views.with_money(_without(hidden, event.data)),
        "policy_version": event.policy_version,
        "hash": event.hash,
    }


def _without(hidden: set[str], data: Any) -> Any:
    """The facts of an event, without the tasks that the reader may not know of."""
    if isinstance(data, dict):
        return {name: _without(hidden, each) for name, each in data.items() if name not in hidden}
    if isinstance(data, list):
        return [
            _without(hidden, each)
            for each in data
            if not (isinstance(each, str) and each in hidden)
        ]
    return None if isinstance(data, str) and data in hidden else data


async def _partner_history(
    office: Office, session: AsyncSession, row: ProposalRow, viewer: Viewer
) -> list[dict[str, Any]]:
    rows = await session.exec(
        select(EventRow)
        .where(
            EventRow.subject == row.reference,
            col(EventRow.type).in_([t.value for t in (*PARTNER_EVENTS, _TAKEN_BACK)]),
        )
        .order_by(col(EventRow.position))
    )
    now = instant(office.now())
    shown: list[dict[str, Any]] = []
    events = [chain.event_of(each) for each in rows]
    back = [(event.position, instant(event.occurred_at)) for event in events if _is_back(event)]
    for event in events:
        told_at = str(event.data.get("told_at") or "")
        if told_at > now or _is_back(event):
            continue  # written, and not told yet
        if any(event.position < position and told_at > at for position, at in back):
            continue  # taken back before it was told
        number = len(shown) + 1
        shown.append(
            {
                "id": digest([row.reference, "partner", number])[:24],
                "at": instant(event.occurred_at),
                "type": event.type,
                "title": title(event.type).in_language(viewer.language),
                "actor": await _partner_actor(session, event, row.organization, viewer),
                "on_behalf_of": None,
                "reason": await _own_reason(session, event, row.organization),
                "data": _partner_data(event),
            }
        )
    return shown


_TAKEN_BACK = EventType.LETTER_TAKEN_BACK


def _is_back(event: Recorded) -> bool:
    return event.type is _TAKEN_BACK


_PARTNER_DATA = (
    *("revision", "sha256", "sections", "due_at", "changed", "letter", "question"),
    *("document", "kind", "language", "marking", "media_type", "size"),
)


def _partner_data(event: Recorded) -> dict[str, Any]:
    told = {name: event.data[name] for name in _PARTNER_DATA if name in event.data}
    if "condition" in event.data:
        told["condition"] = condition_words.partners_id(event.subject, event.data["condition"])
        told |= {"state": event.data["state"]} if "state" in event.data else {}
    return told


async def _partner_actor(
    session: AsyncSession, event: Recorded, organization: str, viewer: Viewer
) -> dict[str, Any] | None:
    if event.actor.id == "system":
        return None
    if event.actor.organization == organization:
        named = await views.person(session, event.actor.id)
        return {"name": named["name"], "role": event.actor.role}
    return {"name": views.OFFICE[viewer.language == "fr"], "role": None}


async def _own_reason(session: AsyncSession, event: Recorded, organization: str) -> Any:
    reason = event.texts.get("reason")
    if reason is None or event.actor.organization != organization:
        return None
    return (await texts.read(session, [reason.id])).get(reason.id)


# ---- tasks


async def tasks(
    office: Office,
    viewer: Viewer,
    *,
    view: str,
    asked: TaskFilter = inboxes.EVERYTHING,
    sort: str = "due_at",
    limit: int = 50,
    cursor: str | None = None,
) -> dict[str, Any]:
    """One page of an inbox; of every partner it is empty."""
    async with office.database.reading() as session:
        rows, following = await inboxes.tasks(
            session,
            viewer,
            view=view,
            now=office.now(),
            soon=_soon(office),
            asked=asked,
            sort=sort,
            limit=limit,
            cursor=cursor,
        )
        items = await views.task_items(session, viewer, rows)
    return {"items": items, "next": following}


async def tasks_of(office: Office, viewer: Viewer, reference: str) -> dict[str, Any]:
    """Every task of a proposal that this person may know of, oldest first."""
    async with office.database.reading() as session:
        row = await visibility.find(session, viewer, reference)
        if visibility.sees_partner_view(viewer, row):
            return {"items": [], "next": None}
        rows = await session.exec(select(TaskRow).where(TaskRow.reference == reference))
        known = [task for task in rows if views.shows_task(viewer, task)]
        items = await views.task_items(session, viewer, sorted(known, key=lambda task: task.number))
    return {"items": items, "next": None}


async def task(
    office: Office, viewer: Viewer, task_id: str, language: str
) -> tuple[dict[str, Any], int]:
    """One task with its form in *language*."""
    return await views.task_view(office, viewer.model_copy(update={"language": language}), task_id)


async def task_counts(
    office: Office, viewer: Viewer, *, view: str = "all", asked: TaskFilter = inboxes.EVERYTHING
) -> dict[str, Any]:
    """How many tasks each view of the inbox holds, and how many of *view* are late or nearly so.

    Each is the length of the list under the same filters.
    """
    late = asked.model_copy(update={"overdue": True}) if asked.overdue is not False else None
    near = asked.model_copy(update={"due_soon": True}) if asked.due_soon is not False else None
    wanted = {
        "mine": ("mine", asked),
        "group": ("group", asked),
        "all": ("all", asked),
        "overdue": (view, late),
        "due_soon": (view, near),
    }
    now, soon = office.now(), _soon(office)
    async with office.database.reading() as session:
        found = await inbox_counts.counts(
            session,
            viewer,
            {name: (of, under) for name, (of, under) in wanted.items() if under is not None},
            now=now,
            soon=soon,
        )
    return {name: found.get(name, 0) for name in wanted}


def _soon(office: Office) -> datetime:
    """Until when a task is due soon: so many business days from today."""
    holidays = office.catalogue.in_force(office.today()).calendar.holidays
    return clocks.due_at(office.now(), SOON_DAYS, holidays)
