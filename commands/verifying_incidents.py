"""Incidents as they are kept against the events that tell of them."""

from typing import Any

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from commands.verifying_records import Findings
from schemas.events import INSTALLATION, EventType
from schemas.incidents import IncidentState
from store.tables import EventRow, IncidentRow

_LEADS_TO = {
    EventType.INCIDENT_REPORTED: IncidentState.OPEN,
    EventType.INCIDENT_ASSESSED: IncidentState.ASSESSED,
    EventType.INCIDENT_REFUSED: IncidentState.OPEN,
    EventType.INCIDENT_CLOSED: IncidentState.CLOSED,
}


async def check(session: AsyncSession, report: Findings) -> None:
    """Each incident stands as its last event left it, and says what its report said."""
    told: dict[str, dict[str, Any]] = {}
    events = await session.exec(
        select(EventRow)
        .where(
            EventRow.subject == INSTALLATION,
            col(EventRow.type).in_([each.value for each in _LEADS_TO]),
        )
        .order_by(col(EventRow.position))
    )
    for event in events:
        state = _LEADS_TO[EventType(event.type)].value
        told.setdefault(event.data["incident"], {}).update(
            state=state,
            kind=event.data["kind"],
            organization=event.data["organization"],
            countries=event.data["countries"],
            references=event.data["references"],
            outcome=None if state == IncidentState.OPEN else event.data.get("outcome"),
        )
    kept = {row.id: row for row in await session.exec(select(IncidentRow))}
    for incident in sorted(told.keys() | kept.keys()):
        row, said = kept.get(incident), told.get(incident)
        if row is None or said is None:
            what = "incident_missing" if row is None else "incident_not_recorded"
            report.differs(what, INSTALLATION, incident=incident)
            continue
        wrong = sorted(name for name, value in said.items() if getattr(row, name) != value)
        if wrong:
            report.differs("incident_differs", INSTALLATION, incident=incident, fields=wrong)
