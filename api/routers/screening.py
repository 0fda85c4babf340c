"""Comparing one name with the lists, and the duty to tell the police of a true match."""

from typing import Annotated

from fastapi import APIRouter, Depends, Response

from api.answers import answered
from api.bodies import JsonBody
from api.dependencies import Id, OfficeDep, OnceDep, PageDep, ViewerDep
from commands import screening, telling_police
from schemas.requests import NameRequest, PoliceToldRequest

router = APIRouter(prefix="/screening", tags=["screening"])


@router.post("/check")
async def check_name(
    office: OfficeDep,
    viewer: ViewerDep,
    asked: Annotated[NameRequest, Depends(JsonBody(NameRequest))],
) -> Response:
    """Compare a name (reviewer screening); who asked and why is kept."""
    candidates = await screening.check_name(
        office,
        viewer,
        name=asked.name,
        kind=asked.kind,
        birth_date=asked.birth_date,
        country=asked.country,
        why=asked.why,
    )
    return answered({"candidates": candidates})


@router.get("/police-duties")
async def police_duties(office: OfficeDep, viewer: ViewerDep, page: PageDep) -> Response:
    """True matches that the police are to be told of, told or not (legal, screening, auditor)."""
    return answered(page.of(await telling_police.duties(office, viewer), "task"))


@router.post("/police-duties/{task_id}/told", status_code=201)
async def police_told(
    office: OfficeDep,
    viewer: ViewerDep,
    once: OnceDep,
    task_id: Id,
    told: Annotated[PoliceToldRequest, Depends(JsonBody(PoliceToldRequest))],
) -> Response:
    """Record that the police were told of the match that this legal task disposes of (legal)."""

    async def act(request_id: str) -> Response:
        duty = await telling_police.tell(office, viewer, task_id, told, request_id)
        return answered(duty, status=201)

    return await once(act)
