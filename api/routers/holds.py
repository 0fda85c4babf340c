"""What pauses a proposal: an officer's hold, and its end."""

from typing import Annotated

from fastapi import APIRouter, Depends, Response

from api.answers import answered
from api.bodies import JsonBody
from api.dependencies import Id, OfficeDep, OnceDep, ViewerDep
from commands import holding
from schemas.requests import ReasonRequest

router = APIRouter(prefix="/proposals/{reference}", tags=["proposals"])

Reason = Annotated[ReasonRequest, Depends(JsonBody(ReasonRequest))]


@router.post("/hold")
async def hold(
    office: OfficeDep, viewer: ViewerDep, once: OnceDep, reference: Id, body: Reason
) -> Response:
    """Pause the proposal: nothing is decided on it, and its clocks keep their whole days left."""

    async def act(request_id: str) -> Response:
        return answered(await holding.hold(office, viewer, reference, body.reason, request_id))

    return await once(act)


@router.post("/resume")
async def resume(
    office: OfficeDep, viewer: ViewerDep, once: OnceDep, reference: Id, body: Reason
) -> Response:
    """End an officer's hold; the clocks go on, unless something else pauses them too."""

    async def act(request_id: str) -> Response:
        return answered(await holding.resume(office, viewer, reference, body.reason, request_id))

    return await once(act)
