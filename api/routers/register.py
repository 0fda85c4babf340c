"""The annual register of assessments."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from api.answers import answered
from api.dependencies import OfficeDep, ViewerDep
from commands import register
from schemas.errors import Gap, Malformed
from schemas.people import Discipline

router = APIRouter(tags=["register"])


@router.get("/register")
async def annual_register(
    office: OfficeDep,
    viewer: ViewerDep,
    fiscal_year: Annotated[
        str | None, Query(max_length=7, description="Such as `2026-27`.")
    ] = None,
    programme: Annotated[str | None, Query(max_length=40)] = None,
    discipline: Discipline | None = None,
) -> Response:
    """How many assessments were made in a fiscal year, by level and by what became of them."""
    known = register.years(office.today())
    if fiscal_year is not None and fiscal_year not in known:
        raise Malformed(Gap(pointer="/fiscal_year", code="unknown_value", facts={"in": "query"}))
    wanted = register.Wanted(fiscal_year or known[0], programme, discipline)
    return answered(await register.look(office, viewer, wanted))
