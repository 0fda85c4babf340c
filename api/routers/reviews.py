"""Conditional reviews: why each is asked for, and opening one that nobody has declared."""

from typing import Annotated

from fastapi import APIRouter, Depends, Response

from api.answers import answered
from api.bodies import JsonBody
from api.dependencies import Id, OfficeDep, OnceDep, PageDep, ViewerDep
from commands import notices, reviews
from schemas.requests import NoticeRequest, ReviewRequest

router = APIRouter(prefix="/proposals/{reference}", tags=["proposals"])


@router.get("/reviews")
async def conditional(
    office: OfficeDep, viewer: ViewerDep, reference: Id, page: PageDep
) -> Response:
    """The conditional reviews of the proposal, each with the sentence that says why."""
    return answered(page.of(await reviews.of_proposal(office, viewer, reference), "review"))


@router.post("/reviews", status_code=201)
async def open_review(
    office: OfficeDep,
    viewer: ViewerDep,
    once: OnceDep,
    reference: Id,
    body: Annotated[ReviewRequest, Depends(JsonBody(ReviewRequest))],
) -> Response:
    """Open a review by a sentence; the approval rests on it from then on."""

    async def act(request_id: str) -> Response:
        found = await reviews.open_one(office, viewer, reference, body, request_id)
        return answered(found, status=201)

    return await once(act)


@router.get("/notice")
async def notice(office: OfficeDep, viewer: ViewerDep, reference: Id) -> Response:
    """The environmental notice: what is to come, where it is posted, and until when it stands."""
    return answered(await notices.of_proposal(office, viewer, reference))


@router.post("/notice")
async def post_notice(
    office: OfficeDep,
    viewer: ViewerDep,
    once: OnceDep,
    reference: Id,
    body: Annotated[NoticeRequest, Depends(JsonBody(NoticeRequest))],
) -> Response:
    """Say that a notice which the lead desk has cleared was posted; it stands for its days."""

    async def act(request_id: str) -> Response:
        return answered(await notices.post(office, viewer, reference, body, request_id))

    return await once(act)
