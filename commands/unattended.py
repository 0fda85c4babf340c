"""Tasks that nobody may take: found before the clock runs out, and shown to administrators.

Grants end, people recuse themselves, separation of duties bars the rest: what is left over is
looked for in the background and at every recusal.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import and_
from sqlmodel import col, delete, select
from sqlmodel.ext.asyncio.session import AsyncSession

from commands import taking, task_views
from commands.office import Office
from schemas.errors import Forbidden
from schemas.events import Event, EventType
from schemas.notifications import NotificationKind
from schemas.people import SYSTEM, Role, Viewer
from schemas.values import instant
from store import attendance, duties, notifications, recording, visibility
from store.tables import NotificationRow, ProposalRow, TaskRow, UnattendedRow

NOBODY = "nobody_may_take"
AWAY = "everybody_away"
AT_A_TIME = 200
_MOST = 2_000
"""So many are looked at: where a role has nobody left, all its tasks are the same news."""


async def look(office: Office) -> int:
    """Look for open tasks that nobody may take; returns on how many proposals, as far as looked."""
    day, now = office.today(), office.now()
    async with office.database.reading() as session:
        tasks = await attendance.nobody_may_take(session, day, most=_MOST)
        without = set(
            await session.exec(
                select(TaskRow.reference).where(col(TaskRow.id).in_(tasks)).limit(AT_A_TIME)
            )
        )
        known = set(await session.exec(select(UnattendedRow.reference)))
    for reference in sorted(without | known)[:AT_A_TIME]:
        async with office.database.writing(reference) as session:
            row = await session.get(ProposalRow, reference)
            if row is not None:
                await look_at(session, office, row, now)
    return len(without)


async def look_at(session: AsyncSession, office: Office, row: ProposalRow, now: datetime) -> None:
    """Note which open tasks of the proposal nobody may take, and forget those somebody may."""
    found = {task.id: task for task in await without_takers(session, row, office)}
    kept = select(UnattendedRow).where(UnattendedRow.reference == row.reference)
    known = {each.task for each in await session.exec(kept)}
    for task_id in sorted(found.keys() - known):
        session.add(UnattendedRow(task=task_id, reference=row.reference, since=now))
        event = Event(
            subject=row.reference,
            source=f"unattended:{task_id}:{instant(now)}",
            source_seq=1,
            type=EventType.NOBODY_LEFT,
            occurred_at=now,
            actor=SYSTEM,
            data={"task": task_id, "evidence": found[task_id].evidence},
        )
        await recording.record_event(session, event, now=now)
    if over := sorted(known - found.keys()):
        told = and_(
            col(NotificationRow.task).in_(over),
            col(NotificationRow.kind) == NotificationKind.NOBODY_LEFT.value,
        )
        await notifications.withdraw(session, told, now=now)
        await session.exec(delete(UnattendedRow).where(col(UnattendedRow.task).in_(over)))


async def without_takers(session: AsyncSession, row: ProposalRow, office: Office) -> list[TaskRow]:
    """The open tasks of the proposal that nobody at all may take, away or not."""
    rows = await session.exec(
        select(TaskRow)
        .join(ProposalRow, col(ProposalRow.reference) == col(TaskRow.reference))
        .where(
            TaskRow.reference == row.reference,
            TaskRow.state == "open",
            duties.nobody_may_take(office.today()),
        )
    )
    return sorted(rows, key=lambda task: task.number)


async def known(session: AsyncSession, row: ProposalRow, office: Office) -> frozenset[str]:
    """The tasks of the proposal that nobody may take, of those that were found so before.

    Costs a look at an index where there are none, as nearly always.
    """
    found = await session.exec(
        select(UnattendedRow.task).where(UnattendedRow.reference == row.reference).limit(1)
    )
    if found.first() is None:
        return frozenset()
    return frozenset(task.id for task in await without_takers(session, row, office))


async def listed(office: Office, viewer: Viewer) -> list[dict[str, Any]]:
    """The tasks that nobody may take, or all of whose candidates are away, the first due first.

    For administrators and auditors. Where the task would tell of screening evidence that they do
    not see, only who could take it is told: an administrator can grant the role, and learns of no
    proposal.
    """
    if not (viewer.holds(Role.ADMINISTRATOR) or viewer.holds(Role.AUDITOR)):
        raise Forbidden("administrators_only")
    day = office.today()
    items = []
    async with office.database.reading() as session:
        tasks = await attendance.nobody_may_take(session, day, present=True, most=_MOST)
        rows = await session.exec(
            select(TaskRow, ProposalRow)
            .join(ProposalRow, col(ProposalRow.reference) == col(TaskRow.reference))
            .where(col(TaskRow.id).in_(tasks), visibility.visible(viewer))
            .order_by(col(TaskRow.due_at), col(TaskRow.id))
            .limit(AT_A_TIME)
        )
        for task, row in rows.all():
            who = await taking.takers(session, row, task, day)
            if any(not each.away for each in who):
                continue  # somebody who is here stands in
            shown = task_views.shows_task(viewer, task)
            items.append(
                {
                    "id": task.id if shown else None,
                    "reference": task.reference if shown else None,
                    "kind": task.kind if shown else None,
                    "candidates": task.candidates,
                    "due_at": instant(task.due_at) if shown else None,
                    "why": AWAY if who else NOBODY,
                    "away": [
                        await task_views.person(session, each.person)
                        for each in sorted(who, key=lambda t: t.person)
                    ],
                }
            )
    return sorted(items, key=lambda item: item["due_at"] is None)
