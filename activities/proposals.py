"""What proposals ask of the world, on the store of this installation."""

import uuid
from collections.abc import Callable
from datetime import datetime

import structlog
from temporalio import activity
from temporalio.exceptions import ApplicationError

from activities.screening import Screening
from schemas.messages import Batch, BatchResult, ScreeningRequest, ScreeningResult
from store.chain import EventConflict
from store.database import Database
from store.recording import record, subjects
from store.tables import AlarmRow
from workflows.ports import ProposalActivities

log = structlog.get_logger()


class StoreActivities(ProposalActivities):
    """Implements the port; *now* is the clock that stamps `recorded_at`.

    *local* is the store with a short patience: a busy database must not hold up a workflow task.
    """

    def __init__(
        self,
        database: Database,
        local: Database,
        screening: Screening,
        now: Callable[[], datetime],
    ) -> None:
        self._database = database
        self._local = local
        self._screening = screening
        self._now = now

    @activity.defn
    async def record(self, batch: Batch) -> BatchResult:
        """One transaction. Harmless twice: events are unique by key, money by reservation."""
        reference = batch.reference
        database = self._local if activity.info().is_local else self._database
        try:
            async with database.writing(*subjects(batch)) as session:
                result = await record(session, batch, now=self._now())
        except EventConflict as conflict:
            await self._raise_alarm(conflict)
            raise ApplicationError(
                conflict.code, type=conflict.code, non_retryable=True
            ) from conflict
        for entry in batch.entries:
            log.info(
                "event_recorded",
                proposal=reference,
                event_type=entry.event.type.value,
                seq=entry.event.source_seq,
            )
        return result

    @activity.defn
    async def screen(self, request: ScreeningRequest) -> ScreeningResult:
        """Harmless twice: hits are unique by party, entry and identity."""
        result = await self._screening.screen(request)
        log.info("parties_screened", proposal=request.reference, hits=len(result.parties))
        return result

    async def _raise_alarm(self, conflict: EventConflict) -> None:
        log.error("event_conflict", proposal=conflict.event.subject)
        async with self._database.writing() as session:
            session.add(
                AlarmRow(
                    id=uuid.uuid4().hex,
                    code=conflict.code,
                    subject=conflict.event.subject,
                    facts={
                        "source": conflict.event.source,
                        "source_seq": conflict.event.source_seq,
                    },
                    raised_at=self._now(),
                )
            )
