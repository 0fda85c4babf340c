"""The port between the store and the engine: what the gateway asks of the store."""

from __future__ import annotations

from typing import Protocol

from schemas.messages import Batch


class Trail(Protocol):
    """What is recorded of proposals, and the way to record more; implemented by `store`."""

    async def length(self, reference: str) -> int:
        """The number of the last event of its workflow that the store has; 0 for none."""
        ...

    async def record(self, batch: Batch, request_id: str | None) -> None:
        """Record what a workflow has said; with it the act *request_id* is no longer under way.

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
