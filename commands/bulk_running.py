"""Going through what was ordered for many tasks: a part of the worker's housekeeping.

Each item is done under the rights that the person has at that moment, by the same command as a
single act, and its request id is made of job and item: after a crash it is done again, and
nothing happens twice. What the engine cannot take now is left and tried again.
"""

import asyncio
from typing import Any

import structlog
from sqlmodel.ext.asyncio.session import AsyncSession

from commands import attempts, bulk, deciding, moving, reassigning, taking
from commands.office import Office
from schemas.errors import AccordError, Forbidden, Unavailable
from schemas.people import SYSTEM, Viewer
from schemas.requests import BulkAct, DecisionRequest, MoveRequest, ReassignRequest
from schemas.values import digest
from store import bulk as store
from store import people
from store.tables import BulkItemRow, BulkJobRow, PersonRow

log = structlog.get_logger()
AT_A_TIME = 8
SECONDS = 1.5
"""A round of the housekeeping is as long as its longest item, or this."""


async def go_on(office: Office) -> int:
    """Do what is due of every job, for as long as a round may take; returns how many items ended.

    Jobs take turns: a long one does not keep the others waiting.
    """
    loop = asyncio.get_running_loop()
    until, ended = loop.time() + SECONDS, 0
    while True:
        async with office.database.reading() as session:
            running = await store.running(session)
        before = ended
        for job in running:
            ended += await _some_of(office, job)
        if ended == before or loop.time() >= until:
            return ended


async def _some_of(office: Office, job: BulkJobRow) -> int:
    """The next items of a job; ends it when none is left."""
    now = office.now()
    async with office.database.reading() as session:
        due = await store.due(session, job.id, now, limit=AT_A_TIME)
        viewer = await _viewer(office, session, job.person)
    done = await asyncio.gather(*(_one(office, job, viewer, item) for item in due))
    async with office.database.reading() as session:
        left = (await store.counts(session, job.id))[store.LEFT]
    if not left:
        async with office.database.writing() as session:
            if await store.end(session, job.id, store.DONE, office.now()):
                await bulk.record_end(session, job.id, store.DONE, SYSTEM, office)
        log.info("bulk_job_done", job=job.id)
    return sum(done)


async def _viewer(office: Office, session: AsyncSession, person: str) -> Viewer | None:
    row = await session.get(PersonRow, person)
    if row is None:
        return None
    return await people.viewer_of_person(session, row, office.today())


async def _one(office: Office, job: BulkJobRow, viewer: Viewer | None, item: BulkItemRow) -> bool:
    """Try one item; true when it has ended, well or not."""
    async with office.database.writing(job.id) as session:
        current = await session.get(BulkJobRow, job.id)
        if current is None or current.state != store.RUNNING:
            return False  # stopped since it was looked up
        await store.begun(session, item)
    error = await _tried(office, job, viewer, item)
    async with office.database.writing(job.id) as session:
        if isinstance(error, Unavailable):
            await store.put_off(session, item, error.code, office.now())
            return False
        if error is None:
            await store.ended(session, item, office.now())
        else:
            await store.ended(session, item, office.now(), error.code, bulk.facts_of(error))
    return True


async def _tried(
    office: Office, job: BulkJobRow, viewer: Viewer | None, item: BulkItemRow
) -> AccordError | None:
    if viewer is None:
        return Forbidden("forbidden")
    try:
        await _do(office, job, viewer, item)
    except AccordError as error:
        if item.tries and error.code == "not_held" and job.act == BulkAct.RELEASE:
            return None  # it was given back before a crash kept that from being noted
        if attempts.is_attempt(error):
            where = {"act": f"bulk:{job.act}", "task": item.task}
            await attempts.record_attempt(office, viewer.id, error, **where)
        return error
    except Exception:
        log.warning("bulk_item_failed", job=job.id, position=item.position, exc_info=True)
        return Unavailable("unexpected")
    return None


async def _do(office: Office, job: BulkJobRow, viewer: Viewer, item: BulkItemRow) -> None:
    request_id = digest([job.id, item.position, item.task])
    words: dict[str, Any] = job.decision or {}
    if job.act == store.MOVE:
        moved = MoveRequest(
            to=str(job.receiver), seen=words["seen"][item.task], reason=words["reason"]
        )
        await moving.move(office, viewer, item.task, moved, request_id)
        return
    match BulkAct(job.act):
        case BulkAct.CLAIM:
            await deciding.claim(office, viewer, item.task)
        case BulkAct.RELEASE:
            await deciding.release(office, viewer, item.task)
        case BulkAct.REASSIGN:
            request = ReassignRequest(person=str(job.receiver), reason=words.get("reason"))
            await reassigning.reassign(office, viewer, item.task, request, request_id)
        case BulkAct.DECIDE:
            async with office.database.reading() as session:
                row, task = await taking.find_task(session, viewer, item.task)
                bulk.check_administrative(office, row, task)
            decision = DecisionRequest.model_validate(words["decision"])
            await deciding.decide(office, viewer, item.task, decision, request_id, None)
