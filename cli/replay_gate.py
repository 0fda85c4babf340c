"""The gate before a new version of the workflow code: what is under way must replay with it.

Replay notices changed commands (a timer, an activity, a handler that is gone). Changed rules are
noticed by the corpus of `tests/histories`, which also compares the state after every decision.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass

import structlog
from temporalio.client import Client, WorkflowHistory
from temporalio.service import RPCError
from temporalio.worker import Replayer

from workflows.agreement import AgreementWorkflow
from workflows.proposal import ProposalWorkflow

log = structlog.get_logger()
SAMPLE = 25


@dataclass(frozen=True)
class Replayed:
    """How many open workflows were replayed, and which of them this code cannot go on with."""

    looked_at: int
    failed: tuple[str, ...]


async def replay_open(client: Client, *, sample: int = SAMPLE) -> Replayed:
    """Replay the histories of up to *sample* open proposals, the longest open first, and of as
    many agreements."""
    replayer = Replayer(
        workflows=[ProposalWorkflow, AgreementWorkflow],
        data_converter=client.data_converter,
        namespace=client.namespace,
    )
    looked_at, failed = 0, []
    for kind in ("Proposal", "Agreement"):
        async for history in _open_histories(client, kind, sample):
            looked_at += 1
            result = await replayer.replay_workflow(history, raise_on_replay_failure=False)
            if result.replay_failure is not None:
                failed.append(history.workflow_id)
                log.error("replay_failed", workflow=history.workflow_id)
    return Replayed(looked_at, tuple(failed))


async def _open_histories(client: Client, kind: str, sample: int) -> AsyncIterator[WorkflowHistory]:
    # The service lists the newest first; the oldest are the likelier to have met other code,
    # so half of the sample is taken from either end of what one page holds.
    found = [
        execution
        async for execution in client.list_workflows(
            f"WorkflowType = '{kind}' AND ExecutionStatus = 'Running'", limit=1000
        )
    ]
    half = sample // 2
    chosen = found if len(found) <= sample else [*found[: sample - half], *found[-half:]]
    for execution in reversed(chosen):
        try:
            handle = client.get_workflow_handle(execution.id, run_id=execution.run_id)
            yield await handle.fetch_history()
        except RPCError:
            continue  # it ended and was forgotten meanwhile
