"""What operators ask of the engine, beside the acts of people."""

import asyncio

from temporalio.client import Client, WorkflowExecutionStatus
from temporalio.service import RPCError, RPCStatusCode

from schemas.errors import Unavailable
from workflows.gateway import PATIENCE
from workflows.ids import PREFIXES


class Operations:
    """Asks about workflows; changes nothing."""

    def __init__(self, client: Client) -> None:
        self._client = client

    async def is_running(self, reference: str) -> bool:
        """Whether a workflow of the proposal is open: not when the engine no longer knows one."""
        for prefix in PREFIXES:
            if await self._is_open(f"{prefix}{reference}"):
                return True
        return False

    async def _is_open(self, workflow_id: str) -> bool:
        handle = self._client.get_workflow_handle(workflow_id)
        try:
            async with asyncio.timeout(PATIENCE.total_seconds()):
                described = await handle.describe()
        except RPCError as failed:
            if failed.status is RPCStatusCode.NOT_FOUND:
                return False
            raise Unavailable("engine_unavailable") from failed
        except TimeoutError as failed:
            raise Unavailable("engine_unavailable") from failed
        return described.status is WorkflowExecutionStatus.RUNNING
