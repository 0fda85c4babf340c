"""What proposals ask of the world, on the store of this installation."""

from collections.abc import Callable
from datetime import datetime

import structlog
from temporalio import activity
from temporalio.exceptions import ApplicationError

from activities.screening import Screening
from schemas.messages import Batch, BatchResult, ScreeningRequest, ScreeningResult
from store import trail
from store.chain import EventConflict
from store.database import Database
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
        database = self._local if activity.info().is_local else self._database
        try:
            return await trail.commit(database, batch, self._now())
        except EventConflict as conflict:
            raise ApplicationError(
                conflict.code, type=conflict.code, non_retryable=True
            ) from conflict

    @activity.defn
    async def screen(self, request: ScreeningRequest) -> ScreeningResult:
        """Harmless twice: hits are unique by party, entry and identity."""
        result = await self._screening.screen(request)
        log.info("parties_screened", proposal=request.reference, hits=len(result.parties))
        return result
