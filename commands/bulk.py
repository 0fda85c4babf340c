"""One act on many tasks: previewed, ordered, watched, stopped.

What is ordered is kept, and the worker goes through it (`commands.bulk_running`), each item under
the rights that the person has then. Claims, releases and reassignments may be ordered, and
decisions of the kinds that the terms mark administrative; nothing else is ever decided so.
"""

from collections.abc import Mapping
from typing import Any

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from commands import deciding, reassigning, taking
from commands.office import Office
from schemas.errors import AccordError, Forbidden, Gap, Malformed, NotFound, Refused
from schemas.events import EventType
from schemas.people import Actor, Role, Viewer
from schemas.requests import BulkAct, BulkRequest
from schemas.values import instant
from store import bulk, chain, inboxes, paging, visibility
from store.tables import BulkItemRow, BulkJobRow, ClaimRow, ProposalRow, TaskRow

_IN_A_ROLE = (BulkAct.CLAIM, BulkAct.DECIDE)
ITEM_STATES = (bulk.LEFT, bulk.DONE, bulk.FAILED)


async def preview(office: Office, viewer: Viewer, request: BulkRequest) -> dict[str, Any]:
    """What would happen to each task now; the engine, which decides in the end, is not asked."""
    _check(viewer, request)
    items = []
    async with office.database.reading() as session:
        for task_id in _each_once(request):
            error = await refusal(office, session, viewer, request, task_id)
            told = await _told(session, viewer, [task_id])
            task = told.get(task_id)
            items.append(
                {
                    "task": task_id,
                    "kind": task.kind if task else None,
                    "reference": task.reference if task else None,
                    "would": request.act if error is None else None,
                    "on_behalf_of": await _principal(session, viewer, task)
                    if task is not None and error is None and request.act in _IN_A_ROLE
                    else None,
                    "refused": _refused(error),
                }
            )
    would = sum(item["refused"] is None for item in items)
    return {"act": request.act, "would": would, "refused": len(items) - would, "items": items}


async def order(
    office: Office, viewer: Viewer, request: BulkRequest, request_id: str
) -> dict[str, Any]:
    """Keep the job; the same request orders it once."""
    _check(viewer, request)
    job_id, now = f"bulk-{request_id[:24]}", office.now()
    async with office.database.writing() as session:
        if await session.get(BulkJobRow, job_id) is None:
            words = request.model_dump(mode="json", include={"decision", "reason"})
            job = BulkJobRow(
                id=job_id,
                person=viewer.id,
                act=request.act,
                receiver=request.person,
                decision=words,
                state=bulk.RUNNING,
                created_at=now,
            )
            tasks = _each_once(request)
            await bulk.order(session, job, tasks, now=now)
            data = {"job": job_id, "act": request.act, "items": len(tasks)}
            event = chain.installation_event(
                EventType.BULK_ORDERED, Actor(id=viewer.id), f"order:{job_id}", now, data=data
            )
            await chain.append(session, event, now=now)
    return await one(office, viewer, job_id)


async def jobs(office: Office, viewer: Viewer, *, limit: int, cursor: str | None) -> dict[str, Any]:
    """One's own jobs, the newest first; administrators and auditors see everybody's."""
    by, key = col(BulkJobRow.created_at), col(BulkJobRow.id)
    query = select(BulkJobRow)
    if not _oversees(viewer):
        query = query.where(BulkJobRow.person == viewer.id)
    if cursor is not None:
        moment, last = paging.read_cursor(cursor, instant=True)
        query = query.where(*paging.behind(by, key, moment, last, descending=True))
    async with office.database.reading() as session:
        rows = (await session.exec(query.order_by(by.desc(), key.desc()).limit(limit + 1))).all()
        items = [await _shown(session, row) for row in rows[:limit]]
    following = None
    if len(rows) > limit:
        following = paging.cursor_after(rows[limit - 1].created_at, rows[limit - 1].id)
    return {"items": items, "next": following}


async def one(office: Office, viewer: Viewer, job_id: str) -> dict[str, Any]:
    """A job, with how many of its items are done, failed and left at this moment."""
    async with office.database.reading() as session:
        return await _shown(session, await _find(session, viewer, job_id))


async def items(
    office: Office,
    viewer: Viewer,
    job_id: str,
    *,
    state: str | None,
    limit: int,
    cursor: str | None,
) -> dict[str, Any]:
    """The items of one's own job, in their order; an auditor reads everybody's.

    A task of which one may no longer know is not named any more.
    """
    after = paging.read_position(cursor)
    async with office.database.reading() as session:
        job = await _find(session, viewer, job_id)
        if job.person != viewer.id and not viewer.holds(Role.AUDITOR):
            raise Forbidden("items_not_for_role")
        query = select(BulkItemRow).where(
            BulkItemRow.job == job_id, col(BulkItemRow.position) >= after
        )
        if state is not None:
            query = query.where(BulkItemRow.state == state)
        rows = (
            await session.exec(query.order_by(col(BulkItemRow.position)).limit(limit + 1))
        ).all()
        named = [row.task for row in rows]
        told = await (_moved if job.act == bulk.MOVE else _told)(session, viewer, named)
    return {
        "items": [
            {
                "position": row.position,
                "task": row.task if row.task in told else None,
                "state": row.state,
                # What a refusal says of a task goes with the sight of it.
                "refused": {"code": row.code, "facts": row.facts if row.task in told else {}}
                if row.code
                else None,
                "tries": row.tries,
                "ended_at": instant(row.ended_at) if row.ended_at else None,
            }
            for row in rows[:limit]
        ],
        "next": str(rows[limit].position) if len(rows) > limit else None,
    }


async def stop(office: Office, viewer: Viewer, job_id: str) -> dict[str, Any]:
    """Leave what is left; what is under way at this moment still ends.

    One's own job, or, as an administrator, anybody's.
    """
    now = office.now()
    async with office.database.writing() as session:
        job = await _find(session, viewer, job_id)
        if job.person != viewer.id and not viewer.holds(Role.ADMINISTRATOR):
            raise Forbidden("forbidden")
        if job.state == bulk.DONE:
            raise Refused("bulk_ended", at=instant(job.ended_at) if job.ended_at else None)
        if await bulk.end(session, job_id, bulk.STOPPED, now):
            await record_end(session, job_id, bulk.STOPPED, Actor(id=viewer.id), office)
    return await one(office, viewer, job_id)


async def record_end(
    session: AsyncSession, job_id: str, state: str, actor: Actor, office: Office
) -> None:
    """Record that a job ended, with how many of its items were done."""
    now = office.now()
    data = {"job": job_id, "state": state, **await bulk.counts(session, job_id)}
    event = chain.installation_event(EventType.BULK_ENDED, actor, f"end:{job_id}", now, data=data)
    await chain.append(session, event, now=now)


async def refusal(
    office: Office, session: AsyncSession, viewer: Viewer, request: BulkRequest, task_id: str
) -> AccordError | None:
    """What keeps the act from being done to the task now; None when nothing does."""
    try:
        held = await session.get(ClaimRow, task_id) or ClaimRow(task=task_id)
        if request.act is BulkAct.CLAIM:
            await deciding.check_may_claim(session, viewer, held)
        elif request.act is BulkAct.RELEASE:
            await deciding.check_may_release(session, viewer, held)
        elif request.act is BulkAct.REASSIGN:
            _, task = await taking.find_task(session, viewer, task_id)
            await reassigning.givable(office, session, viewer, task, str(request.person))
        elif request.decision is not None:
            row, task = await taking.find_task(session, viewer, task_id)
            check_administrative(office, row, task)
            await deciding.check_decision(office, session, viewer, task_id, request.decision)
            if not await inboxes.may_take(session, viewer, task_id):
                return Refused("separation_of_duties")
            if row.state.get("holds"):
                return Refused("on_hold")
    except AccordError as error:
        return error
    return None


def check_administrative(office: Office, row: ProposalRow, task: TaskRow) -> None:
    """Refuses what the proposal's own terms do not let be decided many at a time."""
    terms = office.catalogue.terms(row.policy_version or "")
    if task.kind not in terms.administrative:
        raise Refused("not_administrative", kind=task.kind)


def _check(viewer: Viewer, request: BulkRequest) -> None:
    if not viewer.is_staff:
        raise Forbidden("staff_only")
    needed = {BulkAct.REASSIGN: "person", BulkAct.DECIDE: "decision"}.get(request.act)
    gaps = [
        Gap(pointer=f"/{name}", code="required" if given is None else "not_for_this_act")
        for name, given in (("person", request.person), ("decision", request.decision))
        if (given is None) is (name == needed)
    ]
    if request.reason is not None and request.act is not BulkAct.REASSIGN:
        gaps.append(Gap(pointer="/reason", code="not_for_this_act"))
    if gaps:
        raise Malformed(*gaps)


def _each_once(request: BulkRequest) -> list[str]:
    return list(dict.fromkeys(request.tasks))


def _oversees(viewer: Viewer) -> bool:
    return viewer.holds(Role.ADMINISTRATOR) or viewer.holds(Role.AUDITOR)


async def _find(session: AsyncSession, viewer: Viewer, job_id: str) -> BulkJobRow:
    job = await session.get(BulkJobRow, job_id)
    if job is None or not (job.person == viewer.id or _oversees(viewer)):
        raise NotFound
    return job


async def _principal(
    session: AsyncSession, viewer: Viewer, task: TaskRow
) -> dict[str, str | None] | None:
    """On whose behalf *viewer* would act now; None: in their own right."""
    row = await session.get_one(ProposalRow, task.reference)
    way = await taking.candidacy(session, viewer, row, task, taking.candidacies(viewer, task))
    return await deciding.named(session, way.on_behalf_of) if way.on_behalf_of else None


async def _told(session: AsyncSession, viewer: Viewer, ids: list[str]) -> Mapping[str, TaskRow]:
    return {task.id: task for task in await inboxes.among(session, viewer, ids)}


async def _moved(
    session: AsyncSession, viewer: Viewer, references: list[str]
) -> Mapping[str, ProposalRow]:
    rows = await session.exec(
        select(ProposalRow).where(
            col(ProposalRow.reference).in_(references), visibility.visible(viewer)
        )
    )
    return {row.reference: row for row in rows}


async def _shown(session: AsyncSession, job: BulkJobRow) -> dict[str, Any]:
    return {
        "id": job.id,
        "person": job.person,
        "act": job.act,
        "receiver": job.receiver,
        "state": job.state,
        "created_at": instant(job.created_at),
        "ended_at": instant(job.ended_at) if job.ended_at else None,
        **await bulk.counts(session, job.id),
    }


def _refused(error: AccordError | None) -> dict[str, Any] | None:
    return None if error is None else {"code": error.code, "facts": facts_of(error)}


def facts_of(error: AccordError) -> dict[str, Any]:
    """The facts of a refusal; what is missing or wrong with a request is one of them."""
    if isinstance(error, Malformed):
        return {"gaps": [{"pointer": gap.pointer, "code": gap.code} for gap in error.gaps]}
    return error.facts
