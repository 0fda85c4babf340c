"""The programs that take proposals."""

from fastapi import APIRouter, Response

from api.answers import answered
from api.dependencies import OfficeDep, ViewerDep
from commands import catalogue

router = APIRouter(tags=["programmes"])


@router.get("/programmes")
async def programmes(office: OfficeDep, viewer: ViewerDep) -> Response:
    """Every program as it is in force today."""
    return answered({"items": await catalogue.programmes(office, viewer), "next": None})
