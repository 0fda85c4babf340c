"""What pauses a proposal - an officer's hold, questions to the partner - and second looks."""

from typing import Annotated

from fastapi import APIRouter, Depends, Response

from api.answers import answered
from api.bodies import JsonBody
from api.dependencies import Id, OfficeDep, OnceDep, PageDep, ReasonDep, ViewerDep
from commands import holding, partner_acts, reprofiling
from commands import questions as asking
from schemas.requests import AnswerRequest, QuestionRequest, ReprofileRequest

router = APIRouter(prefix="/proposals/{reference}", tags=["proposals"])


@router.post("/hold")
async def hold(
    office: OfficeDep, viewer: ViewerDep, once: OnceDep, reference: Id, body: ReasonDep
) -> Response:
    """Pause the proposal: nothing is decided on it, and its clocks keep their whole days left."""

    async def act(request_id: str) -> Response:
        return answered(await holding.hold(office, viewer, reference, body.reason, request_id))

    return await once(act)


@router.post("/resume")
async def resume(
    office: OfficeDep, viewer: ViewerDep, once: OnceDep, reference: Id, body: ReasonDep
) -> Response:
    """End an officer's hold; the clocks go on, unless something else pauses them too."""

    async def act(request_id: str) -> Response:
        return answered(await holding.resume(office, viewer, reference, body.reason, request_id))

    return await once(act)


@router.post("/reprofile")
async def reprofile(
    office: OfficeDep,
    viewer: ViewerDep,
    once: OnceDep,
    reference: Id,
    body: Annotated[ReprofileRequest, Depends(JsonBody(ReprofileRequest))],
) -> Response:
    """Move what is reserved of one fiscal year to a later one, or let it go, before both have
    signed (finance officer of the program); the agreement is drawn up anew for it."""

    async def act(request_id: str) -> Response:
        return answered(await reprofiling.reprofile(office, viewer, reference, body, request_id))

    return await once(act)


@router.post("/reconsider")
async def reconsider(
    office: OfficeDep, viewer: ViewerDep, once: OnceDep, reference: Id, body: ReasonDep
) -> Response:
    """Ask others to look again at a decision against one; the reason holds new facts."""

    async def act(request_id: str) -> Response:
        return answered(
            await partner_acts.reconsider(office, viewer, reference, body.reason, request_id)
        )

    return await once(act)


@router.get("/questions")
async def questions(office: OfficeDep, viewer: ViewerDep, reference: Id, page: PageDep) -> Response:
    """What the partner was asked, with its answers, oldest first."""
    return answered(page.of(await asking.of_proposal(office, viewer, reference)))


@router.post("/questions", status_code=201)
async def ask(
    office: OfficeDep,
    viewer: ViewerDep,
    once: OnceDep,
    reference: Id,
    body: Annotated[QuestionRequest, Depends(JsonBody(QuestionRequest))],
) -> Response:
    """Ask the partner, inside a task that one may take; nothing changes, the clocks stand still."""

    async def act(request_id: str) -> Response:
        asked = await asking.ask(office, viewer, reference, body, request_id)
        return answered(asked, status=201)

    return await once(act)


@router.post("/questions/{question_id}/answer")
async def answer(
    office: OfficeDep,
    viewer: ViewerDep,
    once: OnceDep,
    reference: Id,
    question_id: Id,
    body: Annotated[AnswerRequest, Depends(JsonBody(AnswerRequest))],
) -> Response:
    """Answer in place, for the partner."""

    async def act(request_id: str) -> Response:
        return answered(
            await asking.answer(office, viewer, reference, question_id, body, request_id)
        )

    return await once(act)


@router.post("/questions/{question_id}/withdraw")
async def withdraw_question(
    office: OfficeDep,
    viewer: ViewerDep,
    once: OnceDep,
    reference: Id,
    question_id: Id,
    body: ReasonDep,
) -> Response:
    """Take a question back: whoever asked it, or an officer of the program."""

    async def act(request_id: str) -> Response:
        return answered(
            await asking.withdraw(office, viewer, reference, question_id, body.reason, request_id)
        )

    return await once(act)
