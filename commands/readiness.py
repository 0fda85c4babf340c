"""Remembering when the service was ready: one row per minute, written by the API itself.

What answers people is what has to be there. A minute without a row is one in which no API said
that it was ready (`commands.health`), whatever the reason; `policy.rules.calls` counts these.
"""

import asyncio
from datetime import datetime, timedelta

import structlog
from sqlalchemy import delete
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from commands import health
from commands.office import Office
from policy.rules.calls import minute_of
from store.tables import ReadyMinuteRow

log = structlog.get_logger()
EVERY = timedelta(seconds=20)
"""Several times a minute, so that a slow answer loses none."""
KEPT_FOR = timedelta(days=30)


async def remember_minutes(office: Office) -> None:
    """Note each minute in which the service is ready, until cancelled."""
    while True:
        try:
            await remember(office)
        except Exception as failed:  # noqa: BLE001 - a store that is away is what is to be noted
            log.info("minute_not_noted", failure=type(failed).__name__)
        await asyncio.sleep(EVERY.total_seconds())


async def remember(office: Office) -> bool:
    """Note the present minute if the service is ready; whether it is."""
    minute = minute_of(office.now())
    is_ready, _ = await health.ready(office)
    if not is_ready:
        return False
    async with office.database.reading() as session:
        if await session.get(ReadyMinuteRow, minute) is not None:
            return True
    async with office.database.writing() as session:
        if await session.get(ReadyMinuteRow, minute) is None:
            session.add(ReadyMinuteRow(minute=minute))
    return True


async def ready_minutes(session: AsyncSession, since: datetime) -> frozenset[datetime]:
    """The minutes since then in which the service was ready."""
    found = await session.exec(
        select(ReadyMinuteRow.minute).where(col(ReadyMinuteRow.minute) >= since)
    )
    return frozenset(found)


async def forget_old(session: AsyncSession, now: datetime) -> None:
    await session.exec(delete(ReadyMinuteRow).where(col(ReadyMinuteRow.minute) < now - KEPT_FOR))
