"""Repairs by four eyes: proposed by an administrator, confirmed as a task."""

from typing import Annotated

from fastapi import APIRouter, Depends, Response

from api.answers import answered
from api.bodies import JsonBody
from api.dependencies import Id, OfficeDep, OnceDep, PageDep, ViewerDep
from commands import repairs
from schemas.requests import RepairRequest

router = APIRouter(prefix="/proposals/{reference}/repairs", tags=["proposals"])


@router.post("", status_code=201)
async def propose(
    office: OfficeDep,
    viewer: ViewerDep,
    once: OnceDep,
    reference: Id,
    body: Annotated[RepairRequest, Depends(JsonBody(RepairRequest))],
) -> Response:
    """Propose a repair; nothing is done before who owns the stage has confirmed it.

    `stage` to rewind, `task` and `person` to reassign, `duplicate_of` to cancel a duplicate,
    `letter` to resend.
    """

    async def act(request_id: str) -> Response:
        proposed = await repairs.propose(office, viewer, reference, body, request_id)
        where = f"/proposals/{reference}/repairs/{proposed['id']}"
        return answered(proposed, status=201, location=where)

    return await once(act)


@router.get("")
async def all_repairs(
    office: OfficeDep, viewer: ViewerDep, reference: Id, page: PageDep
) -> Response:
    """Every repair of the proposal, oldest first (administrator, auditor)."""
    return answered(page.of(await repairs.repairs(office, viewer, reference)))


@router.get("/{repair_id}")
async def repair(office: OfficeDep, viewer: ViewerDep, reference: Id, repair_id: Id) -> Response:
    """What is proposed, by whom and why, and what became of it; also for who may confirm it."""
    return answered(await repairs.repair(office, viewer, reference, repair_id))
