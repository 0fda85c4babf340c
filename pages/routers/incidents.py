"""Incidents and country events: reporting one, what it touches, and how it ends."""

from typing import Any

from fastapi import APIRouter, Response
from pydantic import ValidationError

from commands import incident_views, incidents
from commands.organizations import organizations
from pages.asking import AskedByPerson, PersonDep
from pages.failing import Fault, told_of, words_of
from pages.languages import N_
from pages.moments import moment_of
from policy import wording
from policy.rules import incidents as rules
from schemas.errors import Forbidden, Malformed, Refused
from schemas.incidents import IncidentKind, IncidentOutcome, IncidentState
from schemas.requests import AssessmentRequest, IncidentRequest

router = APIRouter()
KINDS = {
    IncidentKind.FRAUD: N_("Fraud"),
    IncidentKind.ABUSE: N_("Abuse"),
    IncidentKind.VIOLATION: N_("Violation of human rights"),
    IncidentKind.DIVERSION: N_("Diversion of money, equipment or knowledge"),
    IncidentKind.COUNTRY_EVENT: N_("Event in a country"),
}
STATES = {
    IncidentState.OPEN: N_("To be assessed"),
    IncidentState.ASSESSED: N_("Waits for the second person"),
    IncidentState.CLOSED: N_("Closed"),
}
OUTCOMES = {
    IncidentOutcome.UNFOUNDED: N_("It was not so"),
    IncidentOutcome.SUBSTANTIATED: N_("It was so"),
}
FIELDS = (
    "kind", "occurred_day", "occurred_time", "learned_day", "learned_time", "what",
    "organization", "party", "party_country", "references",
)  # fmt: skip
SAYS = {
    "kind": N_("Choose one of these."),
    "what": N_("Say what happened, in a few words."),
    "outcome": N_("Choose one of these."),
    "findings": N_("Say what was found."),
}
_PLACES = {
    "occurred_at": "occurred_day",
    "learned_at": "learned_day",
    "parties": "party",
}


@router.get("/incidents")
async def all_incidents(asked: PersonDep, state: str = "", reference: str = "") -> Response:
    """Those that the reader may see: of a partner, what it reported itself.

    *reference*: those that touch a proposal, as its page leads to them.
    """
    chosen = next((each for each in IncidentState if each == state), None)
    found = await incident_views.incidents(
        asked.office, asked.viewer, state=chosen, reference=reference[:200] or None
    )
    return await asked.page(
        "incidents.html", incidents=found, kinds=KINDS, states=STATES, state=chosen,
        may_report=rules.may_report(asked.viewer),
    )  # fmt: skip


@router.get("/incidents/new")
async def new(asked: PersonDep, reference: str = "") -> Response:
    """The form of a report; *reference* is filled in where one comes from a proposal."""
    if not rules.may_report(asked.viewer):
        raise Forbidden("incident_not_for_role")
    return await _form(asked, dict.fromkeys(FIELDS, "") | {"references": reference[:40]}, [])


@router.post("/incidents/new")
async def report(asked: PersonDep) -> Response:
    """Report it; what it touches and is not signed is paused at once."""
    form = await asked.form()
    typed = {name: form.get(name) for name in FIELDS}
    countries = form.all("countries")
    faults = [
        Fault(f"{name}_day", asked.gettext("Write the day as 2026-11-24, and the time as 14:30."))
        for name in ("occurred", "learned")
        if moment_of(typed[f"{name}_day"], typed[f"{name}_time"]) is None
    ]
    if faults:
        return await _form(asked, typed, countries, faults, 422)
    try:
        made = await incidents.report(
            asked.office,
            asked.viewer,
            IncidentRequest.model_validate(_sent(typed, countries)),
            asked.request_id(form),
        )
    except (ValidationError, Malformed, Forbidden) as wrong:
        told, status = told_of(asked, wrong, SAYS)
        placed = [Fault(_place(each.field), each.text) for each in told]
        return await _form(asked, typed, countries, placed, status)
    return asked.see(f"/incidents/{made['id']}")


@router.get("/incidents/{incident_id}")
async def incident(asked: PersonDep, incident_id: str) -> Response:
    return await _page(asked, incident_id)


@router.post("/incidents/{incident_id}/assess")
async def assess(asked: PersonDep, incident_id: str) -> Response:
    """Say what it was found to be; a second person confirms it."""
    form = await asked.form()
    typed = {name: form.get(name) for name in ("outcome", "findings")}
    try:
        request = AssessmentRequest.model_validate(typed)
        await incidents.assess(
            asked.office, asked.viewer, incident_id, request, asked.request_id(form)
        )
    except (ValidationError, Refused) as wrong:
        told, status = told_of(asked, wrong, SAYS)
        return await _page(asked, incident_id, told, typed, status)
    return asked.see(f"/incidents/{incident_id}")


@router.post("/incidents/{incident_id}/confirm")
async def confirm(asked: PersonDep, incident_id: str) -> Response:
    """The second person's yes."""
    form = await asked.form()
    try:
        await incidents.confirm(asked.office, asked.viewer, incident_id, asked.request_id(form))
    except Refused as refused:
        told = [Fault("", words_of(refused, asked.language))]
        return await _page(asked, incident_id, told, status=refused.status)
    return asked.see(f"/incidents/{incident_id}")


@router.post("/incidents/{incident_id}/refuse")
async def refuse(asked: PersonDep, incident_id: str) -> Response:
    """The second person's no, with the reason."""
    form = await asked.form()
    reason = form.get("reason")
    if not reason:
        told = [Fault("reason", asked.gettext("Say why, in a few words."))]
        return await _page(asked, incident_id, told, status=422)
    try:
        await incidents.refuse(
            asked.office, asked.viewer, incident_id, reason, asked.request_id(form)
        )
    except Refused as refused:
        told = [Fault("", words_of(refused, asked.language))]
        return await _page(asked, incident_id, told, {"reason": reason}, refused.status)
    return asked.see(f"/incidents/{incident_id}")


def _sent(typed: dict[str, str], countries: list[str]) -> dict[str, Any]:
    party = {"name": typed["party"], "country": typed["party_country"] or None}
    return {
        "kind": typed["kind"],
        "occurred_at": moment_of(typed["occurred_day"], typed["occurred_time"]),
        "learned_at": moment_of(typed["learned_day"], typed["learned_time"]),
        "what": typed["what"],
        "organization": typed["organization"] or None,
        "countries": countries,
        "parties": [party] if typed["party"] else [],
        "references": typed["references"].replace(",", " ").split(),
    }


def _place(field: str) -> str:
    """The control that a fault is about: `references.0` is that of the references."""
    first = field.split(".", maxsplit=1)[0]
    return _PLACES.get(first, first)


async def _form(
    asked: AskedByPerson,
    typed: dict[str, str],
    countries: list[str],
    faults: list[Fault] | None = None,
    status: int = 200,
) -> Response:
    own = rules.reports_as_partner(asked.viewer)
    kinds = {k: v for k, v in KINDS.items() if not own or k is not IncidentKind.COUNTRY_EVENT}
    policy = asked.office.catalogue.in_force(asked.office.today()).incidents
    return await asked.page(
        "report_incident.html", status, typed=typed, chosen=countries, faults=faults or [],
        kinds=kinds, own=own,
        hours={kind: policy.rule(kind).report_within_hours for kind in kinds},
        organizations=[] if own else await organizations(asked.office, asked.viewer),
        countries=sorted(wording.country_names(asked.language).items(), key=lambda each: each[1]),
    )  # fmt: skip


async def _page(
    asked: AskedByPerson,
    incident_id: str,
    faults: list[Fault] | None = None,
    typed: dict[str, str] | None = None,
    status: int = 200,
) -> Response:
    found = await incident_views.incident(asked.office, asked.viewer, incident_id)
    touched = await incident_views.touched(asked.office, asked.viewer, incident_id)
    return await asked.page(
        "incident.html", status, incident=found, touched=touched, kinds=KINDS, states=STATES,
        outcomes=OUTCOMES, faults=faults or [], typed=typed or {},
    )  # fmt: skip
