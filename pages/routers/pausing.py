"""What pauses a proposal: an officer's hold, and questions of staff to the partner."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Response
from pydantic import ValidationError

from commands import holding, questions, reading
from pages.asking import AskedByPerson, PersonDep
from pages.failing import Fault, told_of
from pages.languages import N_
from pages.reasons import reason_of, why
from schemas.errors import Malformed, Refused
from schemas.requests import QuestionRequest

router = APIRouter(prefix="/proposals/{reference}")
TaskId = Annotated[str, Query(max_length=100)]
SAYS = {
    "question": N_("Write the question."),
    "due_date": N_("Write a day: year, month, day, such as 2027-04-01."),
}
HOLD = (
    N_("Put it on hold"),
    N_("Nothing is decided on it and nobody is reminded until it goes on; every clock keeps the "
       "days that it has left. The partner reads that its clock stands still, and no more."),
)  # fmt: skip
RESUME = (
    N_("Let it go on"),
    N_("The clocks go on with the days that they had left, unless something else pauses them too."),
)
WITHDRAW = (
    N_("Take the question back"),
    N_("The partner is no longer asked, and the clocks go on. The question stays in the file."),
)


@router.get("/hold")
async def hold_page(asked: PersonDep, reference: str) -> Response:
    return await why(asked, reference, HOLD)


@router.post("/hold")
async def hold(asked: PersonDep, reference: str) -> Response:
    """Pause the proposal, with a reason for the file."""
    form = await asked.form()
    if (reason := reason_of(form)) is None:
        return await why(asked, reference, HOLD, form)
    await holding.hold(asked.office, asked.viewer, reference, reason, asked.request_id(form))
    return asked.see(f"/proposals/{reference}")


@router.get("/resume")
async def resume_page(asked: PersonDep, reference: str) -> Response:
    return await why(asked, reference, RESUME)


@router.post("/resume")
async def resume(asked: PersonDep, reference: str) -> Response:
    """End an officer's hold."""
    form = await asked.form()
    if (reason := reason_of(form)) is None:
        return await why(asked, reference, RESUME, form)
    await holding.resume(asked.office, asked.viewer, reference, reason, asked.request_id(form))
    return asked.see(f"/proposals/{reference}")


@router.get("/questions")
async def asked_so_far(asked: PersonDep, reference: str, task: TaskId = "") -> Response:
    """What the partner was asked, with its answers; *task*: inside which a new one is asked."""
    return await _questions(asked, reference, {"task": task})


@router.post("/questions")
async def ask(asked: PersonDep, reference: str) -> Response:
    """Ask the partner something, due at the end of a day."""
    form = await asked.form()
    typed = {name: form.get(name) for name in ("question", "due_date", "task")}
    try:
        request = QuestionRequest.model_validate({**typed, "task": typed["task"] or None})
        await questions.ask(asked.office, asked.viewer, reference, request, asked.request_id(form))
    except (ValidationError, Malformed, Refused) as wrong:
        faults, status = told_of(asked, wrong, SAYS)
        return await _questions(asked, reference, typed, faults, status)
    return asked.see(f"/proposals/{reference}/questions")


@router.get("/questions/{question_id}/withdraw")
async def withdraw_page(asked: PersonDep, reference: str, question_id: str) -> Response:
    found = await questions.one(asked.office, asked.viewer, reference, question_id)
    return await why(asked, reference, WITHDRAW, quote=found["question"])


@router.post("/questions/{question_id}/withdraw")
async def withdraw(asked: PersonDep, reference: str, question_id: str) -> Response:
    """Take a question back, by whoever asked it or an officer of the program."""
    form = await asked.form()
    if (reason := reason_of(form)) is None:
        return await why(asked, reference, WITHDRAW, form)
    await questions.withdraw(
        asked.office, asked.viewer, reference, question_id, reason, asked.request_id(form)
    )
    return asked.see(f"/proposals/{reference}/questions")


async def _questions(
    asked: AskedByPerson,
    reference: str,
    typed: dict[str, Any],
    faults: list[Fault] | None = None,
    status: int = 200,
) -> Response:
    view, _ = await reading.proposal(asked.office, asked.viewer, reference)
    found = await questions.of_proposal(asked.office, asked.viewer, reference)
    waiting = await reading.waiting(asked.office, asked.viewer, reference)
    acts = {act for item in waiting["items"] for act in item["acts"]}
    inside = [item["task"] for item in waiting["items"] if "ask" in item["acts"]]
    is_officer = "ask" in waiting["acts"]
    tasks = await reading.tasks_of(asked.office, asked.viewer, reference)
    return await asked.page(
        "questions.html", status, view=view, questions=found, typed=typed, faults=faults or [],
        may_ask=is_officer or bool(inside), is_officer=is_officer,
        may_withdraw="withdraw_question" in acts, as_staff="requests" not in view,
        inside=[task for task in tasks["items"] if task["id"] in inside],
    )  # fmt: skip
