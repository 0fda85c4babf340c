"""Funds that are proposed, by four eyes: what became of each, and proposing another."""

from typing import Any

from fastapi import APIRouter, Response
from pydantic import ValidationError

from commands import fund_openings
from pages import schema_forms
from pages.asking import AskedByPerson, PersonDep
from pages.failing import Fault, done_or_told, told_of
from pages.languages import N_
from pages.routers.fund_corrections import STATES
from pages.routers.money_and_lists import FUND_STATES, VOTES
from policy.rules import clocks
from schemas.errors import Malformed, Refused
from schemas.people import Role
from schemas.requests import FundOpeningRequest

router = APIRouter()
_YEARS_AHEAD = 6
SAYS = {
    "programme": N_("Choose one of these."),
    "vote": N_("Choose one of these."),
    "fiscal_year": N_("Choose one of these."),
    "fund_state": N_("Choose one of these."),
    "budget": N_("Write an amount, such as 250000."),
    "reason": N_("Say why, in a few words."),
}
_FIELDS = ("programme", "vote", "fiscal_year", "budget", "fund_state", "reason")


@router.get("/fund-openings")
async def all_openings(asked: PersonDep) -> Response:
    """Every fund that was proposed, and the form of another."""
    return await _page(asked)


@router.post("/fund-openings")
async def propose(asked: PersonDep) -> Response:
    """Propose one; it is there once another finance officer has confirmed it."""
    form = await asked.form()
    typed = {name: form.get(name) for name in _FIELDS}
    sent: dict[str, Any] = {name: value for name, value in typed.items() if value}
    if "budget" in sent:
        value = schema_forms.amount(sent["budget"], asked.language)
        sent["budget"] = {"currency": "CAD", "value": value}
    try:
        request = FundOpeningRequest.model_validate(sent)
        await fund_openings.propose(asked.office, asked.viewer, request, asked.request_id(form))
    except (ValidationError, Malformed, Refused) as wrong:
        told, status = told_of(asked, wrong, SAYS)
        return await _page(asked, told, typed, status)
    return asked.see("/fund-openings")


@router.post("/fund-openings/{opening_id}/confirm")
async def confirm(asked: PersonDep, opening_id: str) -> Response:
    """The second finance officer's yes."""
    form = await asked.form()
    act = fund_openings.confirm(asked.office, asked.viewer, opening_id, asked.request_id(form))
    return await done_or_told(asked, act, _page, "/fund-openings")


@router.post("/fund-openings/{opening_id}/refuse")
async def refuse(asked: PersonDep, opening_id: str) -> Response:
    """Refuse it, or take one's own back."""
    form = await asked.form()
    field = f"answer-{opening_id}"
    if not form.get(field):
        return await _page(asked, [Fault(field, asked.gettext(SAYS["reason"]))], status=422)
    act = fund_openings.refuse(
        asked.office, asked.viewer, opening_id, form.get(field), asked.request_id(form)
    )
    return await done_or_told(asked, act, _page, "/fund-openings")


async def _page(
    asked: AskedByPerson,
    faults: list[Fault] | None = None,
    typed: dict[str, str] | None = None,
    status: int = 200,
) -> Response:
    today = clocks.toronto_day(asked.office.now())
    codes = [terms.code for terms in asked.office.catalogue.programmes(today)]
    own = [code for code in codes if asked.viewer.holds(Role.FINANCE_OFFICER, code)]
    last = clocks.fiscal_year_start(clocks.fiscal_year(today))
    years = clocks.fiscal_years(today, last.replace(year=last.year + _YEARS_AHEAD))
    return await asked.page(
        "fund_openings.html", status, openings=await fund_openings.openings(
            asked.office, asked.viewer),
        own=own, years=years, names=STATES, states=FUND_STATES, votes=VOTES,
        faults=faults or [], typed=typed or {},
    )  # fmt: skip
