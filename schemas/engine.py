"""Between the store and the engine: what the gateway asks of the store, and what it says fails."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol

from schemas.messages import Batch
from schemas.values import Value


class Work(StrEnum):
    """What the engine does for a proposal, and tries again until it is done."""

    RECORD = "record"
    SCREEN = "screen"
    READ_AGREEMENT = "particulars"
    NEXT_STEP = "next_step"
    """The proposal's own next step, which no worker takes or every worker fails at."""


class Trouble(Value):
    """Something that the engine is trying again; `cause` is the class of an error, never a text."""

    work: Work
    code: str
    cause: str | None = None
    tries: int
    since: datetime | None = None
    next_at: datetime | None = None


class Then(Protocol):
    """What is done at the end of the transaction that records an act, and only if it is."""

    @property
    def subject(self) -> str:
        """What else it writes about, beside the proposal."""
        ...

    async def __call__(self, session: Any) -> None: ...


class Trail(Protocol):
    """What is recorded of proposals, and the way to record more; implemented by `store`."""

    async def length(self, reference: str, source: str) -> int:
        """The number of the last event of *source* that the store has; 0 for none."""
        ...

    async def standing(self, reference: str) -> tuple[str, int]:
        """Which of its workflows is spoken to, by the source of its events, and its length.

        That is the agreement's, once it has begun.
        """
        ...

    async def record(self, batch: Batch, request_id: str | None, then: Then | None = None) -> None:
        """Record what a workflow has said; with it the act *request_id* is no longer under way.

        *then* is done in the same transaction.

        Harmless twice. Raises `event_conflict`, and an alarm with it, where other content
        stands under an event's key.
        """
        ...

    async def is_recorded(self, reference: str, request_id: str) -> bool:
        """Whether the act with this request id is in the proposal's chain."""
        ...

    async def is_known(self, reference: str) -> bool:
        """Whether the proposal was ever submitted."""
        ...
