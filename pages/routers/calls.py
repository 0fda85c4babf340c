"""Calls for proposals: announced by an officer of the program, open to the second."""

from datetime import datetime
from typing import Any

from fastapi import APIRouter, Response
from pydantic import ValidationError

from commands import calls
from pages import schema_forms
from pages.asking import AskedByPerson, PersonDep
from pages.failing import Fault, faults_of, words_of
from pages.languages import N_
from pages.moments import moment_of
from policy import wording
from policy.rules.calls import CallState
from policy.wording import TORONTO
from schemas.errors import Malformed, Refused, Stale
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
    return await asked.page("calls.html", calls=found, states=STATES, own=_programmes(asked))


@router.get("/calls/new")
async def new(asked: PersonDep) -> Response:
    return await _form(asked, dict.fromkeys(FIELDS, ""))


@router.post("/calls/new")
async def announce(asked: PersonDep) -> Response:
    """Announce a call in both official languages; until it opens it can be changed."""
    return await _write(asked, None)


@router.get("/calls/{call_id}")
async def call(asked: PersonDep, call_id: str) -> Response:
    """A call that has not opened yet, to be changed by an officer of its program."""
    found = await calls.call(asked.office, call_id)
    if found["state"] != CallState.ANNOUNCED or found["programme"] not in _programmes(asked):
        return asked.see("/calls")
    return await _form(asked, _typed(found, asked.language), found=found)


@router.post("/calls/{call_id}")
async def change(asked: PersonDep, call_id: str) -> Response:
    """Replace what is written of it, as long as it has not opened."""
    return await _write(asked, await calls.call(asked.office, call_id))


async def _write(asked: AskedByPerson, found: dict[str, Any] | None) -> Response:
    form = await asked.form()
    typed = {name: form.get(name) for name in FIELDS}
    faults = [
        Fault(f"{name}_day", asked.gettext("Write the day as 2026-11-24, and the time as 14:30."))
        for name in ("opens", "closes")
        if moment_of(typed[f"{name}_day"], typed[f"{name}_time"]) is None
    ]
    faults += [
        Fault(name, asked.gettext("Write this in both official languages."))
        for name in ("title_en", "title_fr", "description_en", "description_fr")
        if not typed[name]
    ]
    if faults:
        return await _form(asked, typed, faults, 422, found)
    try:
        request = CallRequest.model_validate(_sent(typed, asked.language))
        if found is None:
            await calls.announce(asked.office, asked.viewer, request, asked.request_id(form))
        else:
            version = int(form.get("version")) if form.get("version").isdigit() else 0
            await calls.change(
                asked.office, asked.viewer, found["id"], request, version, asked.request_id(form)
            )
    except ValidationError:
        told = [Fault("least", asked.gettext("Write an amount, such as 250000."))]
        return await _form(asked, typed, told, 422, found)
    except Malformed as refused:
        return await _form(asked, typed, _placed(refused, asked.language), 422, found)
    except (Refused, Stale) as refused:
        told = [Fault("programme", words_of(refused, asked.language))]
        return await _form(asked, typed, told, refused.status, found)
    return asked.see("/calls")


def _typed(found: dict[str, Any], language: str) -> dict[str, str]:
    """The fields of the form, from the call as it stands."""
    typed = {"programme": found["programme"]}
    for code in ("en", "fr"):
        typed |= {f"{name}_{code}": found[name][code] for name in ("title", "description")}
    for name, at in (("opens", found["opens_at"]), ("closes", found["closes_at"])):
        local = datetime.fromisoformat(at).astimezone(TORONTO)
        clock = f"{local:%H:%M:%S}" if local.second else f"{local:%H:%M}"
        typed |= {f"{name}_day": local.date().isoformat(), f"{name}_time": clock}
    limits = found["limits"]
    return typed | {
        name: wording.amount_typed(limits[name]["value"], language) if limits[name] else ""
        for name in ("least", "most")
    }


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
    found: dict[str, Any] | None = None,
) -> Response:
    return await asked.page(
        "call.html", status, typed=typed, faults=faults or [], programmes=_programmes(asked),
        found=found,
    )  # fmt: skip


def _programmes(asked: AskedByPerson) -> list[str]:
    """The programs whose calls the reader may announce."""
    return [
        terms.code
        for terms in asked.office.catalogue.programmes(asked.office.today())
        if asked.viewer.holds(Role.PROGRAMME_OFFICER, terms.code) and not terms.organizations
    ]


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
        "opens_at": moment_of(typed["opens_day"], typed["opens_time"]),
        "closes_at": moment_of(typed["closes_day"], typed["closes_time"]),
        "limits": limits,
    }
