"""The programs that take proposals."""

from fastapi import APIRouter, Response

from api.answers import answered
from api.dependencies import OfficeDep, PageDep, ViewerDep
from commands import catalogue

router = APIRouter(tags=["programmes"])


@router.get("/programmes")
async def programmes(office: OfficeDep, viewer: ViewerDep, page: PageDep) -> Response:
    """Every program as it is in force today."""
    return answered(page.of(await catalogue.programmes(office, viewer), "code"))
