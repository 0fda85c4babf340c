"""Reserved money that moves to a later fiscal year, or is let go with the one that ends."""

from typing import Any

from fastapi import APIRouter, Response
from pydantic import ValidationError

from commands import reprofiling, views
from pages.asking import AskedByPerson, PersonDep
from pages.failing import Fault, told_of
from pages.languages import N_
from policy.rules import clocks
from schemas.errors import Malformed, Refused
from schemas.people import Role
from schemas.requests import ReprofileRequest

router = APIRouter()
_YEARS_AHEAD = 6
SAYS = {
    "from_year": N_("Choose one of these."),
    "to_year": N_("Choose one of these."),
    "reason": N_("Say why, in a few words."),
}


@router.get("/proposals/{reference}/reprofile")
async def form(asked: PersonDep, reference: str) -> Response:
    """What is reserved, year by year, and the form that moves it."""
    return await _page(asked, reference)


@router.post("/proposals/{reference}/reprofile")
async def reprofile(asked: PersonDep, reference: str) -> Response:
    """Move a year's money, or let it go."""
    form = await asked.form()
    typed = {name: form.get(name) for name in SAYS}
    sent: dict[str, Any] = {name: value for name, value in typed.items() if value}
    try:
        request = ReprofileRequest.model_validate(sent)
        await reprofiling.reprofile(
            asked.office, asked.viewer, reference, request, asked.request_id(form)
        )
    except (ValidationError, Malformed, Refused) as wrong:
        told, status = told_of(asked, wrong, SAYS)
        return await _page(asked, reference, told, typed, status)
    return asked.see(f"/proposals/{reference}/reprofile")


async def _page(
    asked: AskedByPerson,
    reference: str,
    faults: list[Fault] | None = None,
    typed: dict[str, str] | None = None,
    status: int = 200,
) -> Response:
    found, _ = await views.proposal_view(asked.office, asked.viewer, reference)
    held = found.get("commitments") or []
    today = clocks.toronto_day(asked.office.now())
    first = clocks.fiscal_year_start(clocks.fiscal_year(today))
    years = clocks.fiscal_years(today, first.replace(year=first.year + _YEARS_AHEAD))
    return await asked.page(
        "reprofile.html", status, reference=reference, held=held, years=years[1:],
        ends=clocks.fiscal_year_end(clocks.fiscal_year(today)), faults=faults or [],
        typed=typed or {},
        may_move=asked.viewer.holds(Role.FINANCE_OFFICER, found["programme"]),
    )  # fmt: skip
