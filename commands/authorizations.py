"""Authorizations that a finding rests on: warned of before their last day, asked anew after it.

A permit, certificate or ministerial authorization is dated. One that ends while the proposal is
alive is no longer on file (product.md, section 3, Country measures): the finding is asked anew, and
nothing that rests on it is decided or signed meanwhile.
"""

from __future__ import annotations

import structlog
from sqlmodel.ext.asyncio.session import AsyncSession

from commands.office import Office
from policy.rules.reusable_records import WARNED_BEFORE
from schemas.events import EventType
from schemas.people import SYSTEM
from store import authorizations as store
from store import notifications
from store.chain import installation_event

log = structlog.get_logger()


async def end_due(office: Office) -> int:
    """End what was good until yesterday, and warn of what ends soon; a part of housekeeping."""
    today = office.today()
    soon = today + WARNED_BEFORE
    async with office.database.reading() as session:
        if not await store.over_by(session, today) and not await store.ending_by(session, soon):
            return 0
    async with office.database.writing() as session:
        over = await store.over_by(session, today)
        for found in over:
            await store.ask_anew(session, found[0], office.now())
            await _record(session, office, EventType.AUTHORIZATION_ENDED, found)
        for found in await store.ending_by(session, soon):
            found[0].warned = True
            session.add(found[0])
            if not found[0].ended:
                await _record(session, office, EventType.AUTHORIZATION_ENDING, found)
    if over:
        log.info("authorizations_ended", count=len(over))
    return len(over)


async def _record(
    session: AsyncSession, office: Office, event_type: EventType, found: store.Found
) -> None:
    row, proposal = found
    event = installation_event(
        event_type,
        SYSTEM,
        f"authorization:{row.task}:{row.measure}:{event_type.value}",
        office.now(),
        data={
            "reference": row.reference,
            "programme": proposal.programme,
            "task": row.task,
            "measure": row.measure,
            "valid_until": row.valid_until.isoformat(),
        },
    )
    await notifications.record(session, event, now=office.now())
