"""Alarms: what a person must look at, raised once for each cause."""

from datetime import datetime

import structlog

from store.chain import EventConflict
from store.database import Database
from store.tables import AlarmRow

log = structlog.get_logger()


async def raise_for(database: Database, conflict: EventConflict, now: datetime) -> None:
    """Raise the alarm of *conflict*; the same conflict met again raises no second one."""
    event = conflict.event
    log.error("event_conflict", proposal=event.subject, code=conflict.code)
    alarm = f"{conflict.code}:{event.subject}:{event.source}:{event.source_seq}"
    async with database.writing() as session:
        if await session.get(AlarmRow, alarm) is None:
            session.add(
                AlarmRow(
                    id=alarm,
                    code=conflict.code,
                    subject=event.subject,
                    facts={"source": event.source, "source_seq": event.source_seq},
                    raised_at=now,
                )
            )
