"""Standing in for somebody and being away: what people say of themselves, and who acts for whom."""

from typing import Any

from fastapi import APIRouter, Response
from pydantic import ValidationError

from commands import absences, delegating
from pages.asking import AskedByPerson, PersonDep
from pages.failing import Fault, told_of
from pages.languages import N_
from policy.rules.on_behalf import NEVER_DELEGATED
from schemas.errors import Malformed, Refused, Stale
from schemas.requests import AbsenceRequest, DelegationRequest

router = APIRouter()
A_DAY = N_("Write a day: year, month, day, such as 2027-04-01.")
SAYS = {
    "receiver": N_("Write the e-mail address of a colleague."),
    "grants": N_("Choose what your colleague may do for you."),
    "reason": N_("Say why, in a few words."),
    "starts_on": A_DAY,
    "ends_on": A_DAY,
}
AWAY = "away_"
"""Before the fields of an absence: those of a delegation stand on the same page."""


@router.get("/standing-in")
async def standing_in(asked: PersonDep, saved: bool = False) -> Response:
    """When one is away, and who acts on whose behalf."""
    return await _page(asked, saved=saved)


@router.post("/standing-in/absence")
async def be_away(asked: PersonDep) -> Response:
    """Say when one is out of office, or that one is back."""
    form = await asked.form()
    if form.get("act") == "back":
        await absences.take_back(asked.office, asked.viewer)
        return asked.see("/standing-in?saved=true")
    typed = {name: form.get(AWAY + name) or None for name in ("starts_on", "ends_on")}
    version = int(form.get("version")) if form.get("version").isdigit() else 0
    try:
        request = AbsenceRequest.model_validate(typed)
        await absences.put(asked.office, asked.viewer, request, version)
    except (ValidationError, Malformed, Stale) as wrong:
        told, status = told_of(asked, wrong, SAYS)
        faults = [Fault(AWAY + each.field if each.field else "", each.text) for each in told]
        shown = {AWAY + name: value or "" for name, value in typed.items()}
        return await _page(asked, status, typed=shown, faults=faults)
    return asked.see("/standing-in?saved=true")


@router.post("/standing-in/delegations")
async def delegate(asked: PersonDep) -> Response:
    """Let a colleague act on one's behalf for a time."""
    form = await asked.form()
    chosen = form.all("grants")
    typed = {name: form.get(name) for name in ("receiver", "starts_on", "ends_on", "reason")}
    named = [dict(zip(("role", "scope"), each.split(":", 1), strict=False)) for each in chosen]
    try:
        request = DelegationRequest.model_validate({**typed, "grants": named})
        await delegating.give(asked.office, asked.viewer, request, asked.request_id(form))
    except (ValidationError, Malformed, Refused) as wrong:
        faults, status = told_of(asked, wrong, SAYS)
        shown = {**typed, "grants": chosen}
        return await _page(asked, status, typed=shown, faults=faults)
    return asked.see("/standing-in?saved=true")


@router.post("/standing-in/delegations/{delegation_id}/end")
async def end(asked: PersonDep, delegation_id: str) -> Response:
    """End a delegation at once, by either of the two."""
    form = await asked.form()
    await delegating.end(asked.office, asked.viewer, delegation_id, asked.request_id(form))
    return asked.see("/standing-in?saved=true")


@router.get("/delegations")
async def delegations(asked: PersonDep) -> Response:
    """Every delegation that was ever made, for administrators and auditors."""
    found = await delegating.every(asked.office, asked.viewer)
    return await asked.page(
        "delegations.html", delegations=found, today=asked.office.today().isoformat()
    )


async def _page(
    asked: AskedByPerson,
    status: int = 200,
    *,
    typed: dict[str, Any] | None = None,
    faults: list[Fault] | None = None,
    saved: bool = False,
) -> Response:
    mine = await delegating.mine(asked.office, asked.viewer)
    own = [each for each in asked.viewer.grants if each.role not in NEVER_DELEGATED]
    return await asked.page(
        "standing_in.html", status, typed=typed or {}, faults=faults or [], saved=saved,
        absence=await absences.absence(asked.office, asked.viewer), grants=own,
        given=[each for each in mine if each["giver"]["id"] == asked.viewer.id],
        received=[each for each in mine if each["receiver"]["id"] == asked.viewer.id],
        today=asked.office.today().isoformat(),
    )  # fmt: skip
