"""What is recorded of proposals, for the gateway; implements `schemas.engine.Trail`."""

from collections.abc import Callable
from datetime import datetime

import structlog
from sqlmodel import col, select

from schemas.engine import Then
from schemas.events import Recorded
from schemas.messages import Batch, BatchResult
from store import alarms, chain, messages
from store.database import Database
from store.recording import NEW, record, subjects
from store.tables import ProposalRow

log = structlog.get_logger()


async def commit(
    database: Database,
    batch: Batch,
    now: datetime,
    *,
    act: str | None = None,
    then: Then | None = None,
) -> BatchResult:
    """Record *batch* in a transaction of its own; with it *act* is no longer under way.

    *then* is done in the same transaction, when all else is written.

    Raises chain.EventConflict, having raised its alarm.
    """
    try:
        named = subjects(batch)
        if named and then is not None:
            named = (*named, then.subject)
        async with database.writing(*named) as session:
            result = await record(session, batch, now=now)
            if act is not None:
                await messages.end(session, act)
            if then is not None:
                await then(session)
            new: list[Recorded] = session.info.get(NEW, [])
    except chain.EventConflict as conflict:
        await alarms.raise_for(database, conflict, now)
        raise
    for event in new:
        log.info(
            "event_recorded",
            proposal=event.subject,
            event_type=event.type.value,
            position=event.position,
        )
    return result


class StoreTrail:
    """Asks the chain, which forgets nothing, and adds to it; *now* stamps `recorded_at`."""

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        self._database = database
        self._now = now

    async def length(self, reference: str, source: str) -> int:
        async with self._database.reading() as session:
            return await chain.last_of(session, reference, source)

    async def standing(self, reference: str) -> tuple[str, int]:
        async with self._database.reading() as session:
            return await chain.standing(session, reference)

    async def record(self, batch: Batch, request_id: str | None, then: Then | None = None) -> None:
        await commit(self._database, batch, self._now(), act=request_id, then=then)

    async def is_recorded(self, reference: str, request_id: str) -> bool:
        async with self._database.reading() as session:
            return await chain.recorded_request(session, reference, request_id)

    async def is_known(self, reference: str) -> bool:
        async with self._database.reading() as session:
            found = await session.exec(
                select(ProposalRow.reference).where(
                    ProposalRow.reference == reference,
                    col(ProposalRow.submitted_at).is_not(None),
                )
            )
            return found.first() is not None
