"""Calls for proposals: announced by an officer of the program, open to the second."""

from datetime import date, datetime, time
from typing import Any

from fastapi import APIRouter, Response
from pydantic import ValidationError

from commands import calls
from pages import schema_forms
from pages.asking import AskedByPerson, PersonDep
from pages.failing import Fault, faults_of, words_of
from pages.languages import N_
from policy.wording import TORONTO
from schemas.errors import Malformed, Refused
from schemas.people import Role
from schemas.requests import CallRequest

router = APIRouter()
STATES = {
    "announced": N_("Announced"),
    "open": N_("Open"),
    "closing": N_("Closing"),
    "closed": N_("Closed"),
}
FIELDS = (
    "programme", "title_en", "title_fr", "description_en", "description_fr",
    "opens_day", "opens_time", "closes_day", "closes_time", "least", "most",
)  # fmt: skip


@router.get("/calls")
async def all_calls(asked: PersonDep) -> Response:
    """Every call, the latest to close first."""
    found = await calls.calls(asked.office)
    return await asked.page(
        "calls.html", calls=found, states=STATES, may_announce=bool(_programmes(asked))
    )


@router.get("/calls/new")
async def new(asked: PersonDep) -> Response:
    return await _form(asked, dict.fromkeys(FIELDS, ""))


@router.post("/calls/new")
async def announce(asked: PersonDep) -> Response:
    """Announce a call in both official languages; until it opens it can be changed."""
    form = await asked.form()
    typed = {name: form.get(name) for name in FIELDS}
    faults = [
        Fault(name, asked.gettext("Write the day as 2026-11-24, and the time as 14:30."))
        for name in ("opens", "closes")
        if _moment(typed[f"{name}_day"], typed[f"{name}_time"]) is None
    ]
    faults = [Fault(f"{each.field}_day", each.text) for each in faults]
    faults += [
        Fault(name, asked.gettext("Write this in both official languages."))
        for name in ("title_en", "title_fr", "description_en", "description_fr")
        if not typed[name]
    ]
    if faults:
        return await _form(asked, typed, faults, 422)
    try:
        request = CallRequest.model_validate(_sent(typed, asked.language))
        await calls.announce(asked.office, asked.viewer, request, asked.request_id(form))
    except ValidationError:
        told = [Fault("least", asked.gettext("Write an amount, such as 250000."))]
        return await _form(asked, typed, told, 422)
    except Malformed as refused:
        return await _form(asked, typed, _placed(refused, asked.language), 422)
    except Refused as refused:
        told = [Fault("programme", words_of(refused, asked.language))]
        return await _form(asked, typed, told, refused.status)
    return asked.see("/calls")


def _placed(refused: Malformed, language: str) -> list[Fault]:
    fields = {"opens_at": "opens_day", "closes_at": "closes_day", "limits.most": "most"}
    return [
        Fault(fields.get(each.field, each.field), each.text)
        for each in faults_of(refused.gaps, language)
    ]


async def _form(
    asked: AskedByPerson,
    typed: dict[str, str],
    faults: list[Fault] | None = None,
    status: int = 200,
) -> Response:
    return await asked.page(
        "call.html", status, typed=typed, faults=faults or [], programmes=_programmes(asked)
    )


def _programmes(asked: AskedByPerson) -> list[str]:
    """The programs whose calls the reader may announce."""
    return [
        terms.code
        for terms in asked.office.catalogue.programmes(asked.office.today())
        if asked.viewer.holds(Role.PROGRAMME_OFFICER, terms.code) and not terms.organizations
    ]


def _moment(day: str, at: str) -> datetime | None:
    try:
        return datetime.combine(date.fromisoformat(day), time.fromisoformat(at), tzinfo=TORONTO)
    except ValueError:
        return None


def _sent(typed: dict[str, str], language: str) -> dict[str, Any]:
    limits = {
        name: {"currency": "CAD", "value": schema_forms.amount(typed[name], language)}
        for name in ("least", "most")
        if typed[name]
    }
    return {
        "programme": typed["programme"],
        "title": {"en": typed["title_en"], "fr": typed["title_fr"]},
        "description": {"en": typed["description_en"], "fr": typed["description_fr"]},
        "opens_at": _moment(typed["opens_day"], typed["opens_time"]),
        "closes_at": _moment(typed["closes_day"], typed["closes_time"]),
        "limits": limits,
    }
