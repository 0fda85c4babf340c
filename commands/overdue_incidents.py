"""Assessments that are overdue: whoever is to act is reminded, then those above are told.

Each is told once, and nothing goes on by it: what an incident paused stays paused until two people
have ended it.
"""

from commands import incidents
from commands.office import Office
from policy.rules import clocks
from schemas.events import EventType
from schemas.incidents import Reminder
from schemas.people import SYSTEM
from schemas.values import instant
from store import incidents as store

_TELLS = {
    Reminder.REMINDED: EventType.INCIDENT_OVERDUE,
    Reminder.ESCALATED: EventType.INCIDENT_ESCALATED,
}


async def remind(office: Office) -> int:
    """Tell of what is overdue now; a part of housekeeping. Returns how many were told of."""
    now, today = office.now(), office.today()
    async with office.database.reading() as session:
        if not await store.overdue(session, now):
            return 0
    in_force, told = office.catalogue.in_force(today), 0
    async with office.database.writing() as session:
        for row in await store.overdue(session, now):
            step = Reminder(row.reminders + 1)
            above = clocks.due_at(
                row.assess_by, in_force.incidents.escalate_after_days, in_force.calendar.holidays
            )
            if step is Reminder.ESCALATED and now <= above:
                continue
            row.reminders = step
            session.add(row)
            await incidents.record(
                session, office, _TELLS[step], SYSTEM, row, None,
                data={"assess_by": instant(row.assess_by), "state": row.state},
            )  # fmt: skip
            told += 1
    return told
