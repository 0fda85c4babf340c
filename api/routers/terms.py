"""The versions of a program's terms, and moving proposals under way to newer ones."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response

from api.answers import answered
from api.bodies import JsonBody
from api.dependencies import Id, OfficeDep, OnceDep, PageDep, ViewerDep
from api.sentences import sentence
from commands import bulk, moving, programme_terms
from schemas.requests import MoveRequest, MovesRequest

router = APIRouter(tags=["programmes"])

TermsVersion = Annotated[str, Query(max_length=200, description="Such as `CTCBP/2026-04-01`.")]


@router.get("/programmes/{code}/versions")
async def versions(office: OfficeDep, viewer: ViewerDep, page: PageDep, code: Id) -> Response:
    """Every version of the program's terms, the oldest first."""
    return answered(page.of(programme_terms.versions(office, viewer, code), "version"))


@router.get("/programmes/{code}/differences")
async def differences(
    office: OfficeDep,
    viewer: ViewerDep,
    code: Id,
    from_: Annotated[TermsVersion, Query(alias="from")],
    to: TermsVersion,
) -> Response:
    """What one version says otherwise than another, part by part."""
    found = programme_terms.differences(office, viewer, code, from_, to)
    return answered({"items": found, "next": None})


@router.get("/programmes/{code}/migrations")
async def previews(
    office: OfficeDep, viewer: ViewerDep, page: PageDep, code: Id, to: TermsVersion
) -> Response:
    """What moving to the terms `to` would change for each proposal under way; changes nothing."""
    found = await moving.previews(office, viewer, code, to, limit=page.limit, cursor=page.cursor)
    items = [
        {**item, "refused": {**why, "detail": sentence(why["code"], why["facts"], viewer.language)}}
        if (why := item["refused"])
        else item
        for item in found["items"]
    ]
    return answered({**found, "items": items})


@router.post("/programmes/{code}/migrations", status_code=201)
async def order(
    office: OfficeDep,
    viewer: ViewerDep,
    once: OnceDep,
    code: Id,
    body: Annotated[MovesRequest, Depends(JsonBody(MovesRequest))],
) -> Response:
    """Order the move of many, each as it was previewed; what became of each stands in `/bulk`."""

    async def act(request_id: str) -> Response:
        job_id = await moving.order(office, viewer, code, body, request_id)
        job = await bulk.one(office, viewer, job_id)
        return answered(job, status=201, location=f"/bulk/{job_id}")

    return await once(act)


@router.post("/proposals/{reference}/terms")
async def move(
    office: OfficeDep,
    viewer: ViewerDep,
    once: OnceDep,
    reference: Id,
    body: Annotated[MoveRequest, Depends(JsonBody(MoveRequest))],
) -> Response:
    """Move one proposal to newer terms, as it was previewed."""

    async def act(request_id: str) -> Response:
        return answered(await moving.move(office, viewer, reference, body, request_id))

    return await once(act)
