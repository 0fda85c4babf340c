"""Conditional reviews of a proposal: why each is asked for, and opening one by a sentence."""

from fastapi import APIRouter, Response
from pydantic import ValidationError

from api.pointers import gaps_of
from commands import notices, reading, reviews
from pages.asking import AskedByPerson, PersonDep
from pages.failing import Fault, faults_of
from schemas.people import Discipline, Role
from schemas.requests import NoticeRequest, ReviewRequest

router = APIRouter()


@router.get("/proposals/{reference}/reviews")
async def listed(asked: PersonDep, reference: str) -> Response:
    return await _page(asked, reference)


@router.post("/proposals/{reference}/reviews")
async def open_review(asked: PersonDep, reference: str) -> Response:
    """Open one that is not asked for yet; the sentence says why."""
    form = await asked.form()
    typed = {name: form.get(name) for name in ("review", "reason")}
    try:
        request = ReviewRequest.model_validate({k: v for k, v in typed.items() if v})
    except ValidationError as failed:
        return await _page(asked, reference, typed, faults_of(gaps_of(failed), asked.language))
    await reviews.open_one(asked.office, asked.viewer, reference, request, asked.request_id(form))
    return asked.see(f"/proposals/{reference}/reviews")


@router.post("/proposals/{reference}/notice")
async def post_notice(asked: PersonDep, reference: str) -> Response:
    """Say that a notice was posted."""
    form = await asked.form()
    typed = {name: form.get(name) for name in ("posted_on", "where")}
    try:
        request = NoticeRequest.model_validate({k: v for k, v in typed.items() if v})
    except ValidationError as failed:
        return await _page(asked, reference, typed, faults_of(gaps_of(failed), asked.language))
    await notices.post(asked.office, asked.viewer, reference, request, asked.request_id(form))
    return asked.see(f"/proposals/{reference}/reviews")


async def _page(
    asked: AskedByPerson,
    reference: str,
    typed: dict[str, str] | None = None,
    faults: list[Fault] | None = None,
) -> Response:
    found = await reviews.of_proposal(asked.office, asked.viewer, reference)
    view, _ = await reading.proposal(asked.office, asked.viewer, reference)
    opens = asked.viewer.holds(Role.REVIEWER) or asked.viewer.holds(
        Role.PROGRAMME_OFFICER, view["programme"]
    )
    return await asked.page(
        "reviews.html", 422 if faults else 200, view=view, reviews=found, faults=faults or [],
        typed={"review": "", "reason": "", "posted_on": "", "where": "", **(typed or {})},
        notice=await notices.of_proposal(asked.office, asked.viewer, reference),
        may_post=asked.viewer.holds(Role.REVIEWER, Discipline.ENVIRONMENT),
        may_open=reviews.may_be_opened(asked.office, view, found) if opens else [],
    )  # fmt: skip
