"""The port between the store and the engine: what the gateway asks of the store."""

from __future__ import annotations

from typing import Protocol


class RecordedActs(Protocol):
    """Answers for acts after a workflow has closed; implemented by `store`."""

    async def is_recorded(self, reference: str, request_id: str) -> bool:
        """Whether the act with this request id is in the proposal's chain."""
        ...

    async def is_known(self, reference: str) -> bool:
        """Whether the proposal was ever submitted."""
        ...
