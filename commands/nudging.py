"""Nudging: who holds a task, or may take it, is told once more that it waits.

A courtesy between people, once a day: the engine hears nothing of it, and no clock moves.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Any

import structlog
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from commands import taking
from commands.deciding import check_open, named
from commands.office import Office
from policy.rules import access, clocks, holds, on_behalf
from schemas.errors import Forbidden, Refused
from schemas.events import Event, EventType
from schemas.holds import HoldKind
from schemas.people import Candidacy, Candidate, Viewer
from schemas.values import instant
from store import chain, recording
from store.tables import ClaimRow, EventRow, ProposalRow, TaskRow

log = structlog.get_logger()


async def nudge(office: Office, viewer: Viewer, task_id: str, request_id: str) -> dict[str, Any]:
    """Let those be told again on whom the task waits; of many on one day (Toronto) one does."""
    now = office.now()
    async with office.database.reading() as session:
        _, task = await taking.find_task(session, viewer, task_id)
    async with office.database.writing(task.reference) as session:
        row, task = await taking.find_task(session, viewer, task_id)
        if not await chain.recorded_request(session, row.reference, request_id):
            await _check_may_nudge(office, session, viewer, row, task)
            event = Event(
                subject=row.reference,
                source=f"nudge:{task.id}",
                source_seq=clocks.toronto_day(now).toordinal(),
                type=EventType.TASK_NUDGED,
                occurred_at=now,
                actor=viewer.acting_as(_way(viewer, task)),
                request_id=request_id,
                policy_version=row.policy_version,
                data={"task": task.id, "due_at": instant(task.due_at)},
            )
            await recording.record_event(session, event, now=now)
            log.info("task_nudged", proposal=row.reference, task=task.id)
        last = (await last_nudges(session, row.reference, [task.id]))[task.id]
    return {"task": task_id, "nudged_at": instant(last.occurred_at)}


async def _check_may_nudge(
    office: Office, session: AsyncSession, viewer: Viewer, row: ProposalRow, task: TaskRow
) -> None:
    if not access.may_nudge(viewer):
        raise Forbidden("nudges_not_for_role")
    await check_open(session, task)
    if task.paused:
        raise Refused("on_hold", hold=_hold(viewer, row))
    claim = await session.get(ClaimRow, task.id)
    if claim is not None and claim.person == viewer.id:
        raise Refused("nudging_oneself")
    last = (await last_nudges(session, row.reference, [task.id])).get(task.id)
    if last is not None and is_of_today(office, last.occurred_at):
        raise Refused(
            "nudged_today", by=await named(session, last.actor), at=instant(last.occurred_at)
        )


def is_of_today(office: Office, moment: datetime) -> bool:
    return clocks.toronto_day(moment) == office.today()


async def last_nudges(
    session: AsyncSession, reference: str, tasks: Collection[str]
) -> dict[str, EventRow]:
    """The last nudge of each of the tasks that was ever nudged."""
    rows = await session.exec(
        select(EventRow)
        .where(
            EventRow.subject == reference,
            col(EventRow.source).in_(sorted(f"nudge:{task}" for task in tasks)),
        )
        .order_by(col(EventRow.position))
    )
    return {row.data["task"]: row for row in rows}


def _hold(viewer: Viewer, row: ProposalRow) -> HoldKind:
    """What pauses the proposal, as far as *viewer* may know of it."""
    kinds = {HoldKind(hold["kind"]) for hold in row.state.get("holds", ())}
    first = next((kind for kind in holds.RULES if kind in kinds), HoldKind.RETURN)
    return holds.shown_as(first, evidence=access.may_see_evidence(viewer, row.reference))


def _way(viewer: Viewer, task: TaskRow) -> Candidacy | Candidate:
    """As whom somebody nudges: as a candidate of the task where they are one."""
    ways = on_behalf.candidacies(viewer, taking.candidates_of(task), task.reference)
    return ways[0] if ways else viewer.grants[0]
