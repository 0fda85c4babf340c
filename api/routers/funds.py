"""Funds and what is committed in them."""

from fastapi import APIRouter, Response

from api.answers import answered
from api.dependencies import Id, OfficeDep, ViewerDep
from commands import funds

router = APIRouter(prefix="/funds", tags=["funds"])


@router.get("")
async def all_funds(office: OfficeDep, viewer: ViewerDep) -> Response:
    return answered(await funds.funds(office, viewer))


@router.get("/{fund_id}/commitments")
async def commitments(office: OfficeDep, viewer: ViewerDep, fund_id: Id) -> Response:
    return answered(await funds.commitments(office, viewer, fund_id))
