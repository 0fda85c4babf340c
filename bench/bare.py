"""The yardstick: a workflow of the raw SDK that takes the same number of updates and ends.

Default JSON converter, no codec, no store. Run as a program it is the worker.
"""

import asyncio
import sys
import time
import uuid
from dataclasses import dataclass

from temporalio import workflow
from temporalio.client import Client, WithStartWorkflowOperation
from temporalio.common import WorkflowIDConflictPolicy
from temporalio.worker import Worker

from bench.sample import Sample

QUEUE = "bare"
READY = "bare worker ready"


@dataclass
class Said:
    """About what a decision says."""

    task: str
    outcome: str
    actor: str
    request_id: str


@workflow.defn(name="Bare")
class BareWorkflow:
    """Counts what it is told, and ends with the last of it."""

    @workflow.init
    def __init__(self, updates: int) -> None:
        self._updates = updates
        self._said: list[str] = []

    @workflow.run
    async def run(self, updates: int) -> str:
        await workflow.wait_condition(lambda: len(self._said) >= updates)
        await workflow.wait_condition(workflow.all_handlers_finished)
        return self._said[-1]

    @workflow.update
    async def say(self, said: Said) -> int:
        self._said.append(said.outcome)
        return len(self._said)


async def drive(client: Client, proposals: int, at_a_time: int, updates: int) -> Sample:
    """Take *proposals* workflows to their end, so many at a time."""
    lanes = asyncio.Semaphore(at_a_time)
    latencies: list[float] = []

    async def one() -> str:
        async with lanes:
            return await _one(client, updates, latencies)

    began = time.perf_counter()
    ids = await asyncio.gather(*(one() for _ in range(proposals)))
    seconds = time.perf_counter() - began
    for each in ids:
        await client.get_workflow_handle(each).result()
    return Sample(proposals, at_a_time, seconds, latencies)


async def one_id(client: Client, updates: int) -> str:
    """The workflow id of one that has ended, for a look at its history."""
    workflow_id = await _one(client, updates, [])
    await client.get_workflow_handle(workflow_id).result()
    return workflow_id


async def _one(client: Client, updates: int, latencies: list[float]) -> str:
    workflow_id = f"bare:{uuid.uuid4().hex}"
    start = WithStartWorkflowOperation(
        BareWorkflow.run,
        updates,
        id=workflow_id,
        task_queue=QUEUE,
        id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
    )
    await client.execute_update_with_start_workflow(
        BareWorkflow.say, _said("submit"), start_workflow_operation=start
    )
    handle = client.get_workflow_handle_for(BareWorkflow.run, workflow_id)
    for number in range(1, updates):
        said = _said(f"task-{number:02d}")
        began = time.perf_counter()
        await handle.execute_update(BareWorkflow.say, said, id=said.request_id)
        latencies.append((time.perf_counter() - began) * 1000)
    return workflow_id


def _said(task: str) -> Said:
    return Said(task, "proceed", "demo-programme-officer-1", uuid.uuid4().hex)


async def _work(address: str) -> None:
    client = await Client.connect(address)
    async with Worker(client, task_queue=QUEUE, workflows=[BareWorkflow]):
        print(READY, flush=True)
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(_work(sys.argv[1]))
