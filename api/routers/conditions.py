"""Conditions of an approved proposal: evidence, and asking for a judgement."""

from typing import Annotated

from fastapi import APIRouter, Depends, Response

from api.answers import answered
from api.bodies import JsonBody
from api.dependencies import Id, OfficeDep, OnceDep, PageDep, ReasonDep, ViewerDep
from commands import conditions as following
from schemas.requests import EvidenceRequest

router = APIRouter(prefix="/proposals/{reference}/conditions", tags=["proposals"])


@router.get("")
async def conditions(
    office: OfficeDep, viewer: ViewerDep, reference: Id, page: PageDep
) -> Response:
    """The conditions that stand, with what was given for each, what it gates, and who judges it."""
    return answered(page.of(await following.of_proposal(office, viewer, reference)))


@router.post("/{condition_id}/evidence")
async def give_evidence(
    office: OfficeDep,
    viewer: ViewerDep,
    once: OnceDep,
    reference: Id,
    condition_id: Id,
    body: Annotated[EvidenceRequest, Depends(JsonBody(EvidenceRequest))],
) -> Response:
    """Give evidence that a condition is met, for whoever owes it; it opens a `condition.judge`."""

    async def act(request_id: str) -> Response:
        return answered(
            await following.give_evidence(office, viewer, reference, condition_id, body, request_id)
        )

    return await once(act)


@router.post("/{condition_id}/judgement")
async def ask_for_judgement(
    office: OfficeDep,
    viewer: ViewerDep,
    once: OnceDep,
    reference: Id,
    condition_id: Id,
    body: ReasonDep,
) -> Response:
    """Ask that a condition be judged without evidence, to waive it above all."""

    async def act(request_id: str) -> Response:
        return answered(
            await following.ask_for_judgement(
                office, viewer, reference, condition_id, body.reason, request_id
            )
        )

    return await once(act)
