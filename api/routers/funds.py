"""Funds and what is committed in them."""

from fastapi import APIRouter, Response

from api.answers import answered
from api.dependencies import Filter, Id, OfficeDep, PageDep, ViewerDep
from commands import funds

router = APIRouter(prefix="/funds", tags=["funds"])


@router.get("")
async def all_funds(
    office: OfficeDep,
    viewer: ViewerDep,
    page: PageDep,
    programme: Filter = None,
    vote: Filter = None,
    fiscal_year: Filter = None,
) -> Response:
    """Every fund with its balance, and the order of those who wait for its money."""
    asked = {"programme": programme, "vote": vote, "fiscal_year": fiscal_year}
    wanted = {name: value for name, value in asked.items() if value is not None}
    return answered(page.of(await funds.funds(office, viewer, wanted)))


@router.get("/{fund_id}/commitments")
async def commitments(office: OfficeDep, viewer: ViewerDep, fund_id: Id, page: PageDep) -> Response:
    """What is reserved, committed or waiting on the fund, of the proposals that one sees."""
    return answered(page.of(await funds.commitments(office, viewer, fund_id)))
