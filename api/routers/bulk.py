"""One act on many tasks: preview, order, watch, stop."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query, Response

from api.answers import answered
from api.bodies import JsonBody
from api.dependencies import Id, NothingDep, OfficeDep, OnceDep, PageDep, ViewerDep
from api.sentences import sentence
from commands import bulk
from schemas.requests import BulkRequest

router = APIRouter(prefix="/bulk", tags=["tasks"])

BulkDep = Annotated[BulkRequest, Depends(JsonBody(BulkRequest))]


@router.post("/preview")
async def preview(office: OfficeDep, viewer: ViewerDep, body: BulkDep) -> Response:
    """What would happen to each task now; changes nothing."""
    found = await bulk.preview(office, viewer, body)
    return answered({**found, "items": _worded(found["items"], viewer.language)})


@router.post("", status_code=201)
async def order(office: OfficeDep, viewer: ViewerDep, once: OnceDep, body: BulkDep) -> Response:
    """Order an act on many tasks; the worker does it, one task after the other."""

    async def act(request_id: str) -> Response:
        job = await bulk.order(office, viewer, body, request_id)
        return answered(job, status=201, location=f"/bulk/{job['id']}")

    return await once(act)


@router.get("")
async def jobs(office: OfficeDep, viewer: ViewerDep, page: PageDep) -> Response:
    """One's own jobs, the newest first (administrator, auditor: everybody's)."""
    return answered(await bulk.jobs(office, viewer, limit=page.limit, cursor=page.cursor))


@router.get("/{job_id}")
async def job(office: OfficeDep, viewer: ViewerDep, job_id: Id) -> Response:
    """How many of its items are done, failed and left at this moment."""
    return answered(await bulk.one(office, viewer, job_id))


@router.get("/{job_id}/items")
async def items(
    *,
    office: OfficeDep,
    viewer: ViewerDep,
    page: PageDep,
    job_id: Id,
    state: Annotated[Literal["left", "done", "failed"] | None, Query()] = None,
) -> Response:
    """What became of each task, in the order in which they were named."""
    found = await bulk.items(
        office, viewer, job_id, state=state, limit=page.limit, cursor=page.cursor
    )
    return answered({**found, "items": _worded(found["items"], viewer.language)})


@router.post("/{job_id}/stop")
async def stop(
    office: OfficeDep, viewer: ViewerDep, once: OnceDep, job_id: Id, _: NothingDep
) -> Response:
    """Leave what is left (one's own job; administrator: anybody's)."""

    async def act(_: str) -> Response:
        return answered(await bulk.stop(office, viewer, job_id))

    return await once(act)


def _worded(items: list[dict[str, Any]], language: str) -> list[dict[str, Any]]:
    """The items with a sentence for each refusal."""
    return [
        {**item, "refused": {**why, "detail": sentence(why["code"], why["facts"], language)}}
        if (why := item["refused"])
        else item
        for item in items
    ]
