"""The duty to tell the police of a true match: since when, until when, and who told whom.

A record of its own with its own clock (product.md, section 5): it belongs to no stage, pauses and
ends nothing, and stands among the events of the installation, so that nothing of the proposal,
least of all what its partner can read, count or time, tells of it.
"""

from datetime import date, datetime
from typing import Any

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from commands import taking
from commands.office import Office
from policy.rules import clocks
from schemas.errors import Forbidden, Gap, Malformed, NotFound, Refused
from schemas.events import INSTALLATION, EventType
from schemas.people import SYSTEM, Actor, Discipline, Role, Viewer
from schemas.requests import PoliceToldRequest
from schemas.tasks import TaskKind
from schemas.values import instant
from store import notifications, texts
from store.chain import append, installation_event, recorded_request
from store.tables import EventRow, NotificationRow, TaskRow

WAIT = "police_disclosure"
"""The code of the clock among the statutory waits."""


async def duties(office: Office, viewer: Viewer) -> list[dict[str, Any]]:
    """Every true match that the reader may see, the latest first, told or not."""
    if not (
        viewer.holds(Role.LEGAL)
        or viewer.holds(Role.AUDITOR)
        or viewer.holds(Role.REVIEWER, Discipline.SCREENING)
    ):
        raise Forbidden("police_duties_not_for_role")
    async with office.database.reading() as session:
        found = await session.exec(
            select(TaskRow).where(TaskRow.kind == TaskKind.LEGAL).order_by(TaskRow.id)
        )
        matches = [task for task in found if await _is_of_a_match(session, task)]
        seen = [task for task in matches if await _sees(session, viewer, task)]
        shown = [await _duty(office, session, task) for task in seen]
    return sorted(shown, key=lambda duty: (duty["since"], duty["task"]), reverse=True)


async def remind(office: Office) -> int:
    """Remind legal services of each match that is not told: on its last day, and once it is late.

    Each once; what a leader that was away missed is not made up for. Returns how many.
    """
    now, reminded = office.now(), 0
    async with office.database.reading() as session:
        found = await session.exec(select(TaskRow).where(TaskRow.kind == TaskKind.LEGAL))
        matches = [task for task in found if await _is_of_a_match(session, task)]
    for task in matches:
        due_at = _due_at(office, task.opened_at)
        if now < clocks.morning(clocks.toronto_day(due_at)):
            continue
        late = now > due_at
        key = _reminder(task.id, late=late)
        async with office.database.writing() as session:
            if await _told(session, task.id) or await _recorded(session, key):
                continue
            event = installation_event(
                EventType.POLICE_REMINDED,
                SYSTEM,
                key,
                now,
                data={"task": task.id, "due_at": instant(due_at), "late": late},
            )
            await notifications.record(session, event, now=now)
            reminded += 1
    return reminded


async def tell(
    office: Office, viewer: Viewer, task_id: str, request: PoliceToldRequest, request_id: str
) -> dict[str, Any]:
    """Record that the police were told of the match that *task_id* disposes of; once."""
    if not viewer.holds(Role.LEGAL):
        raise Forbidden("legal_only")
    now = office.now()
    if request.told_on > clocks.toronto_day(now):
        raise Malformed(Gap(pointer="/told_on", code="told_in_the_future"))
    async with office.database.writing() as session:
        _, task = await taking.find_task(session, viewer, task_id)
        if not await _is_of_a_match(session, task):
            raise NotFound
        if not await recorded_request(session, INSTALLATION, request_id):
            if (told := await _told(session, task.id)) is not None:
                raise Refused("police_already_told", told_on=told.data["told_on"])
            said = {"file_number": request.file_number, "what": request.what}
            key = _key(task.id)
            event = installation_event(
                EventType.POLICE_TOLD,
                Actor(id=viewer.id, role=Role.LEGAL),
                key,
                now,
                data={
                    "task": task.id,
                    "authority": request.authority,
                    "told_on": request.told_on.isoformat(),
                },
                texts={"said": await texts.put(session, "installation", key, said, now=now)},
                request_id=request_id,
            )
            await append(session, event, now=now)
            await _remind_no_more(session, task.id, now)
        return await _duty(office, session, task)


async def _is_of_a_match(session: AsyncSession, task: TaskRow) -> bool:
    """A doubt seals too, but only a match is a reason to tell."""
    if not task.detail.get("seal") or task.detail.get("seat", 1) > 1:
        return False  # one duty, whoever else is asked to dispose of the same match
    about = await session.get(TaskRow, task.detail.get("about", ""))
    return about is not None and about.outcome == "match"


async def _sees(session: AsyncSession, viewer: Viewer, task: TaskRow) -> bool:
    try:
        await taking.find_task(session, viewer, task.id)
    except NotFound:
        return False
    return True


async def _duty(office: Office, session: AsyncSession, task: TaskRow) -> dict[str, Any]:
    told = await _told(session, task.id)
    due_at = _due_at(office, task.opened_at)
    told_on = date.fromisoformat(told.data["told_on"]) if told else None
    late = clocks.end_of_day(told_on) > due_at if told_on else office.now() > due_at
    return {
        "task": task.id,
        "reference": task.reference,
        "since": instant(task.opened_at),
        "due_at": instant(due_at),
        "late": late,
        "told": {
            "authority": told.data["authority"],
            "told_on": told.data["told_on"],
            "by": told.actor,
            "recorded_at": instant(told.recorded_at),
        }
        if told
        else None,
    }


def _due_at(office: Office, since: datetime) -> datetime:
    in_force = office.catalogue.in_force(clocks.toronto_day(since))
    return clocks.due_at(since, in_force.waits.days(WAIT), in_force.calendar.holidays)


async def _told(session: AsyncSession, task_id: str) -> EventRow | None:
    return await _recorded(session, _key(task_id))


async def _recorded(session: AsyncSession, key: str) -> EventRow | None:
    found = await session.exec(
        select(EventRow).where(
            EventRow.subject == INSTALLATION, EventRow.source == f"command:{key}"
        )
    )
    return found.first()


async def _remind_no_more(session: AsyncSession, task_id: str, now: datetime) -> None:
    """Who has not read of the duty yet does not learn of it once it is done."""
    for late in (False, True):
        if (reminder := await _recorded(session, _reminder(task_id, late=late))) is not None:
            await notifications.withdraw(
                session, col(NotificationRow.event) == reminder.id, now=now
            )


def _reminder(task_id: str, *, late: bool) -> str:
    return f"{_key(task_id)}:{'late' if late else 'due'}"


def _key(task_id: str) -> str:
    return f"police:{task_id}"
