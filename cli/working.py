"""`accord work`: the worker that moves proposals on, and the housekeeping loop beside it."""

import asyncio
import socket
import uuid
from datetime import timedelta

import structlog
from temporalio.client import Client
from temporalio.service import RPCError
from temporalio.worker import Worker

from activities.agreements import StoreAgreements
from activities.proposals import StoreActivities
from activities.screening import Screening
from cli import engine, observing, replay_gate
from cli.building import build_office
from cli.settings import Settings, Unusable
from commands.housekeeping import keep_house
from commands.office import Office
from store.database import Database
from workflows.agreement import AgreementWorkflow
from workflows.gateway import TASK_QUEUE
from workflows.proposal import ProposalWorkflow

log = structlog.get_logger()
LOCAL_BUSY_MS = 400
GRACE = timedelta(seconds=3)
STICKY = timedelta(seconds=3)
"""How long the engine offers a proposal's next step to the worker that knows it; one that was
killed cannot take it, and nobody else may until then. A gateway's patience is eight seconds."""
SUPERSEDED_LOOKS_SECONDS = 2.0
BUSY_LOOKS_SECONDS = 1.0


async def work(settings: Settings) -> None:
    """Work until cancelled; waits for the engine, and is current before it keeps house."""
    observing.trace(settings, "worker")
    observing.sdk_metrics(settings)
    local = Database(settings.database_url, busy_ms=LOCAL_BUSY_MS)
    stop = asyncio.Event()
    try:
        async with build_office(settings) as office:
            client = await _connected(settings, office)
            await _check_replay(client)
            async with (
                observing.store_metrics(settings, office),
                build_worker(office, client, local),
            ):
                await _await_current(client, is_alone=not settings.has_outside_engine)
                holder = f"{socket.gethostname()}-{uuid.uuid4().hex[:8]}"
                log.info("worker_ready", build=engine.build_id(), holder=holder)
                try:
                    await keep_house(office, holder, stop)
                finally:
                    stop.set()
    finally:
        await local.close()


def build_worker(
    office: Office,
    client: Client,
    local: Database,
    *,
    task_queue: str = TASK_QUEUE,
    versioned: bool = True,
    hurried: bool = True,
) -> Worker:
    """A worker on this office's store; an unversioned one takes every task of its queue.

    Unless it is *hurried*, a turn of a workflow may take longer than the SDK's two seconds.
    """
    screening = Screening(office.database, office.catalogue, office.now)
    activities = StoreActivities(office.database, local, screening, office.now)
    agreements = StoreAgreements(office.database)
    return Worker(
        client,
        task_queue=task_queue,
        workflows=[ProposalWorkflow, AgreementWorkflow],
        activities=[activities.record, activities.screen, agreements.particulars],
        deployment_config=engine.deployment() if versioned else None,
        graceful_shutdown_timeout=GRACE,
        sticky_queue_schedule_to_start_timeout=STICKY,
        debug_mode=not hurried,
    )


async def _connected(settings: Settings, office: Office) -> Client:
    """A worker needs a client that is connected: wait for the engine."""
    while True:
        try:
            return await engine.connect(settings, office.keys, lazy=False)
        except (RPCError, RuntimeError):
            log.info("engine_awaited")
            await asyncio.sleep(0.5)


async def _check_replay(client: Client) -> None:
    """Refuse to take over proposals that this version of the code cannot go on with."""
    replayed = await replay_gate.replay_open(client)
    if replayed.failed:
        raise Unusable(
            f"This version cannot go on with {len(replayed.failed)} of {replayed.looked_at} open "
            f"proposals that were tried (first: {replayed.failed[0]}); start the version before, "
            "and see docs/how-to/change-a-running-workflow.md."
        )
    log.info("open_proposals_replayed", count=replayed.looked_at)


async def _await_current(client: Client, *, is_alone: bool) -> None:
    """Take over from other versions; an old worker that is started again leaves the newer one be.

    Under `accord up` there is no other worker, and an earlier version is somebody's wish.
    """
    has_told = False
    while True:
        pause = 0.2
        try:
            stands = None if is_alone else await engine.standing(client)
            if stands is engine.Version.CURRENT:
                return
            if stands is not engine.Version.SUPERSEDED:
                if await engine.make_current(client):
                    return
            else:
                if not has_told:
                    log.warning("worker_superseded", build=engine.build_id())
                    has_told = True
                pause = SUPERSEDED_LOOKS_SECONDS
        except RPCError as error:
            if error.status not in engine.NOT_NOW:
                raise
            pause = BUSY_LOOKS_SECONDS
        await asyncio.sleep(pause)


async def take_over(settings: Settings) -> None:
    """Make this version current although another one has followed it; its workers must run."""
    async with build_office(settings) as office:
        client = await _connected(settings, office)
        await _check_replay(client)
        if not await engine.make_current(client):
            raise Unusable("No worker of this version has reported yet; start one first.")
    log.info("version_taken_over", build=engine.build_id())
