"""The annual register of assessments."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from api.answers import answered
from api.dependencies import Id, OfficeDep, PageDep, ViewerDep
from commands import referrals, register
from schemas.errors import Gap, Malformed
from schemas.people import Discipline

router = APIRouter(tags=["register"])


@router.get("/referrals")
async def all_referrals(
    office: OfficeDep,
    viewer: ViewerDep,
    page: PageDep,
    year: Annotated[
        str | None, Query(max_length=4, description="The calendar year of the referral.")
    ] = None,
    reference: Id | None = None,
) -> Response:
    """What could not be told of a risk of mistreatment, and what was determined of it."""
    if year is not None and year not in referrals.years(office.today()):
        raise Malformed(Gap(pointer="/year", code="unknown_value", facts={"in": "query"}))
    found = await referrals.referrals(office, viewer, year=year, reference=reference)
    return answered(page.of(found))


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
