"""Comparing one name with the lists."""

from typing import Annotated

from fastapi import APIRouter, Depends, Response

from api.answers import answered
from api.bodies import JsonBody
from api.dependencies import OfficeDep, ViewerDep
from commands import screening
from schemas.requests import NameRequest

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
