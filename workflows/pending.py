"""What the engine is trying again for a proposal, and how it is made to try at once.

Of an error only its class is told: its text may hold what a proposal says.
"""

import asyncio
from datetime import UTC, datetime
from typing import Any

from temporalio.api.common.v1 import WorkflowExecution
from temporalio.api.workflowservice.v1 import ResetActivityRequest
from temporalio.client import Client, WorkflowExecutionStatus
from temporalio.service import RPCError, RPCStatusCode

from schemas.engine import Trouble, Work
from schemas.errors import Refused, Unavailable

PATIENCE_SECONDS = 3
"""Whoever only asks why something waits is told soon that the engine does not answer."""
_AWAY = frozenset({"OperationalError", "InterfaceError", "ConnectionRefusedError"})
"""Errors that say of the store that it cannot do it now (`store.database`)."""


async def troubles(client: Client, workflow_id: str) -> tuple[Trouble, ...]:
    """What is failing and tried again; nothing where the engine knows no such proposal.

    Raises Unavailable when the engine does not answer.
    """
    raw = await _described(client, workflow_id)
    if raw is None:
        return ()
    found = [_of_activity(each) for each in raw.pending_activities if _is_failing(each)]
    step = raw.pending_workflow_task
    if step.attempt > 1:
        since = _instant(step, "original_scheduled_time")
        found.append(
            Trouble(work=Work.NEXT_STEP, code="step_not_taken", tries=step.attempt - 1, since=since)
        )
    return tuple(found)


async def hasten(client: Client, workflow_id: str) -> tuple[Work, ...]:
    """Let every activity that waits for its next try be tried now; harmless twice.

    Raises Unavailable when the engine does not answer, Refused where it cannot do this at all.
    """
    raw = await _described(client, workflow_id)
    if raw is None:
        return ()
    waiting = [each for each in raw.pending_activities if _is_failing(each)]
    for each in waiting:
        request = ResetActivityRequest(
            namespace=client.namespace,
            execution=WorkflowExecution(workflow_id=workflow_id),
            identity=client.identity,
            id=each.activity_id,
        )
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                await client.workflow_service.reset_activity(request)
        except RPCError as failed:
            if failed.status is RPCStatusCode.NOT_FOUND:
                continue  # done meanwhile
            if failed.status is RPCStatusCode.UNIMPLEMENTED:
                raise Refused("engine_cannot_hasten") from failed
            raise Unavailable("engine_unavailable") from failed
        except TimeoutError as failed:
            raise Unavailable("engine_unavailable") from failed
    return tuple(Work(each.activity_type.name) for each in waiting)


async def _described(client: Client, workflow_id: str) -> Any:
    """What the engine says of an open workflow; None where there is none."""
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            found = await client.get_workflow_handle(workflow_id).describe()
    except RPCError as failed:
        if failed.status is RPCStatusCode.NOT_FOUND:
            return None
        raise Unavailable("engine_unavailable") from failed
    except TimeoutError as failed:
        raise Unavailable("engine_unavailable") from failed
    return found.raw_description if found.status is WorkflowExecutionStatus.RUNNING else None


def _is_failing(pending: Any) -> bool:
    return pending.HasField("last_failure") and pending.activity_type.name in set(Work)


def _of_activity(pending: Any) -> Trouble:
    failure = pending.last_failure
    if failure.HasField("server_failure_info") and failure.HasField("cause"):
        failure = failure.cause  # one that was too long is wrapped by the engine
    cause = failure.application_failure_info.type or None
    if failure.HasField("timeout_failure_info"):
        code = "took_too_long"
    else:
        code = "store_away" if cause in _AWAY else "unexpected"
    return Trouble(
        work=Work(pending.activity_type.name),
        code=code,
        cause=cause,
        tries=max(pending.attempt - 1, 1),
        since=_instant(pending, "scheduled_time"),
        next_at=_instant(pending, "next_attempt_schedule_time"),
    )


def _instant(pending: Any, name: str) -> datetime | None:
    if not pending.HasField(name):
        return None
    found: datetime = getattr(pending, name).ToDatetime(UTC)
    return found
