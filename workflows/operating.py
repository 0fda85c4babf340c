"""What operators ask of the engine, beside the acts of people."""

import asyncio

from temporalio.client import Client, WorkflowExecutionStatus
from temporalio.service import RPCError, RPCStatusCode

from schemas.errors import Unavailable
from workflows.encryption import WORKFLOW_PREFIX
from workflows.gateway import PATIENCE


class Operations:
    """Asks about workflows; changes nothing."""

    def __init__(self, client: Client) -> None:
        self._client = client

    async def is_running(self, reference: str) -> bool:
        """Whether the proposal's workflow is open; not when the engine no longer knows it."""
        handle = self._client.get_workflow_handle(f"{WORKFLOW_PREFIX}{reference}")
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
