"""Corrections of a fund by four eyes: what was proposed and became of it, and proposing another."""

from typing import Any

from fastapi import APIRouter, Response
from pydantic import ValidationError

from commands import fund_corrections, funds
from pages import schema_forms
from pages.asking import AskedByPerson, PersonDep
from pages.failing import Fault, told_of, words_of
from pages.languages import N_
from pages.routers.money_and_lists import FUND_STATES, VOTES
from schemas.errors import Malformed, Refused
from schemas.funds import CorrectionKind
from schemas.people import Role
from schemas.requests import FundCorrectionRequest

router = APIRouter()
KINDS = {
    CorrectionKind.BUDGET: N_("Another budget"),
    CorrectionKind.STATE: N_("Another state"),
    CorrectionKind.TRANSFER: N_("Move money to another year"),
}
STATES = {
    "proposed": N_("Waits for the second person"),
    "done": N_("Done"),
    "refused": N_("Refused"),
    "withdrawn": N_("Taken back"),
    "lapsed": N_("Nobody answered in time"),
}
SAYS = {
    "kind": N_("Choose one of these."),
    "budget": N_("Write an amount, such as 250000."),
    "amount": N_("Write an amount, such as 250000."),
    "reason": N_("Say why, in a few words."),
}


@router.get("/funds/{fund_id}/corrections")
async def all_corrections(asked: PersonDep, fund_id: str) -> Response:
    """Every correction that touches the fund, and the form of another."""
    return await _page(asked, fund_id)


@router.post("/funds/{fund_id}/corrections")
async def propose(asked: PersonDep, fund_id: str) -> Response:
    """Propose one; the fund changes once another finance officer has confirmed it."""
    form = await asked.form()
    typed = {
        name: form.get(name) for name in ("kind", "budget", "fund_state", "to", "amount", "reason")
    }
    sent: dict[str, Any] = {name: value for name, value in typed.items() if value}
    for name in ("budget", "amount"):
        if name in sent:
            value = schema_forms.amount(sent[name], asked.language)
            sent[name] = {"currency": "CAD", "value": value}
    try:
        request = FundCorrectionRequest.model_validate(sent)
        await fund_corrections.propose(
            asked.office, asked.viewer, fund_id, request, asked.request_id(form)
        )
    except (ValidationError, Malformed, Refused) as wrong:
        told, status = told_of(asked, wrong, SAYS)
        return await _page(asked, fund_id, told, typed, status)
    return asked.see(f"/funds/{fund_id}/corrections")


@router.post("/funds/{fund_id}/corrections/{correction_id}/confirm")
async def confirm(asked: PersonDep, fund_id: str, correction_id: str) -> Response:
    """The second finance officer's yes."""
    form = await asked.form()
    try:
        await fund_corrections.confirm(
            asked.office, asked.viewer, fund_id, correction_id, asked.request_id(form)
        )
    except Refused as refused:
        told = [Fault("", words_of(refused, asked.language))]
        return await _page(asked, fund_id, told, status=refused.status)
    return asked.see(f"/funds/{fund_id}/corrections")


@router.post("/funds/{fund_id}/corrections/{correction_id}/refuse")
async def refuse(asked: PersonDep, fund_id: str, correction_id: str) -> Response:
    """Refuse it, or take one's own back."""
    form = await asked.form()
    field = f"answer-{correction_id}"
    if not form.get(field):
        told = [Fault(field, asked.gettext("Say why, in a few words."))]
        return await _page(asked, fund_id, told, status=422)
    await fund_corrections.refuse(
        asked.office, asked.viewer, fund_id, correction_id, form.get(field),
        asked.request_id(form),
    )  # fmt: skip
    return asked.see(f"/funds/{fund_id}/corrections")


async def _page(
    asked: AskedByPerson,
    fund_id: str,
    faults: list[Fault] | None = None,
    typed: dict[str, str] | None = None,
    status: int = 200,
) -> Response:
    found = await fund_corrections.corrections(asked.office, asked.viewer, fund_id)
    known = {each["id"]: each for each in await funds.funds(asked.office, asked.viewer, {})}
    fund = known[fund_id]
    others = [
        each
        for each in known.values()
        if each["id"] != fund_id
        and (each["programme"], each["vote"]) == (fund["programme"], fund["vote"])
    ]
    return await asked.page(
        "fund_corrections.html", status, fund=fund, others=others, known=known, corrections=found,
        kinds=KINDS, names=STATES, states=FUND_STATES, votes=VOTES, faults=faults or [],
        typed=typed or {},
        may_correct=asked.viewer.holds(Role.FINANCE_OFFICER, fund["programme"]),
    )  # fmt: skip
