"""What is told of events: which of them staff and partners read, and how each is told.

A partner's history has ids of its own, no gaps, and an office where staff have names.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from commands import (
    condition_words,
    decision_records,
    disposals,
    task_views,
    views,
    visible_documents,
)
from policy.catalogue import Catalogue
from policy.event_titles import title
from policy.rules import access, holds
from schemas.events import PARTNER_EVENTS, EventType, Recorded
from schemas.holds import HoldKind
from schemas.people import Viewer
from schemas.values import digest, instant
from store import chain, delegations, people, questions, texts
from store.tables import ProposalRow, TaskRow

_SAID = frozenset(
    {EventType.TASK_DECIDED, EventType.TASK_DOCUMENT_ADDED, EventType.TASK_DOCUMENT_REMOVED}
)
_OF_SCREENING = frozenset({EventType.SCREENED, EventType.SCREENING_MISSING})
_OF_HOLDS = frozenset({EventType.HOLD_SET, EventType.HOLD_ENDED})


async def staffs(session: AsyncSession, row: ProposalRow) -> list[Recorded]:
    """All events that staff may read of the proposal, each as far as their rights go."""
    events = await chain.events_of(session, row.reference)
    unsent = await visible_documents.unsent(session, row, events)
    return [event for event in events if event.position not in unsent]


async def to_staff(
    catalogue: Catalogue,
    session: AsyncSession,
    row: ProposalRow,
    viewer: Viewer,
    events: Sequence[Recorded],
) -> dict[str, dict[str, Any]]:
    """What *viewer* reads of *events*, by their ids; what they may not know of is left out."""
    tasks = {
        task.id: task
        for task in await session.exec(select(TaskRow).where(TaskRow.reference == row.reference))
    }
    evidence = access.may_see_evidence(viewer, row.reference)
    hidden = {task.id for task in tasks.values() if not task_views.shows_task(viewer, task)}
    closed = questions.closed_among(viewer, tasks.values())
    shown = []
    for event in events:
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
    acting = await delegations.acting_among(
        session, list({e.actor.delegation for e in shown if e.actor.delegation})
    )
    records: dict[str, dict[str, Any]] = {}
    if any(event.type is EventType.TASK_DECIDED for event in shown):
        whole = await chain.events_of(session, row.reference)
        records = decision_records.drawn(catalogue, whole)
    return {
        event.id: _item(event, viewer, reasons, names, hidden, gone)
        | {"acting": event.actor.delegation in acting}
        | ({"record": records[event.id]} if _tells_record(event, records, closed) else {})
        for event in shown
    }


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


async def partners(session: AsyncSession, reference: str, now: datetime) -> list[Recorded]:
    """All events that the partner has been told of by *now*."""
    events = await chain.events_of_types(session, reference, (*PARTNER_EVENTS, _TAKEN_BACK))
    back = [(event.position, event.occurred_at) for event in events if _is_back(event)]
    shown = []
    for event in events:
        told_at = told(event)
        if _is_back(event) or (told_at and told_at > now):
            continue  # written, and not told yet
        if told_at and any(event.position < position and told_at > at for position, at in back):
            continue  # taken back before it was told
        shown.append(event)
    return shown


def told(event: Recorded) -> datetime | None:
    """When the partner is told of what has an undo window; None of all else: at once."""
    written = event.data.get("told_at")
    return datetime.fromisoformat(written) if written else None


async def to_partner(
    session: AsyncSession, row: ProposalRow, viewer: Viewer, events: Sequence[Recorded]
) -> dict[str, dict[str, Any]]:
    """What the partner reads of *events*, by the ids that it never reads."""
    return {
        event.id: {
            "id": digest([row.reference, "partner", event.id])[:24],
            "at": instant(event.occurred_at),
            "type": event.type,
            "title": title(event.type).in_language(viewer.language),
            "actor": await _partner_actor(session, event, row.organization, viewer),
            "on_behalf_of": None,
            "reason": await _own_reason(session, event, row.organization),
            "data": _partner_data(event),
        }
        for event in events
    }


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
        named = await task_views.person(session, event.actor.id)
        return {"name": named["name"], "role": event.actor.role}
    return {"name": views.OFFICE[viewer.language == "fr"], "role": None}


async def _own_reason(session: AsyncSession, event: Recorded, organization: str) -> Any:
    reason = event.texts.get("reason")
    if reason is None or event.actor.organization != organization:
        return None
    return (await texts.read(session, [reason.id])).get(reason.id)
