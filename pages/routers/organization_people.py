"""Directors and owners of an organization: written down by its signatories, or by an officer."""

import json
from typing import Any

from fastapi import APIRouter, Response
from pydantic import ValidationError

from api.pointers import gaps_of
from commands import organizations
from commands.organizations import RELATIONS, OrganizationContent
from pages import schema_forms
from pages.asking import AskedByPerson, PersonDep
from pages.failing import Fault, faults_of, told_of
from pages.schema_forms import ABSENT
from pages.sections import Forms
from schemas.errors import Malformed, Stale
from schemas.proposal import Content

router = APIRouter()
PEOPLE = "people"
_KEPT = ("name", "kind", "country", "identifiers", "language")


@router.get("/organizations/{organization_id}/people")
async def people(asked: PersonDep, organization_id: str) -> Response:
    found = await organizations.organization(asked.office, asked.viewer, organization_id)
    return await _form(asked, found, found[PEOPLE])


@router.post("/organizations/{organization_id}/people")
async def change(asked: PersonDep, organization_id: str) -> Response:
    """Keep them all anew; rows may be added and removed without scripts too."""
    form = await asked.form()
    if form.get("remove"):
        form = schema_forms.without_row(form, form.get("remove"))
    found = await organizations.organization(asked.office, asked.viewer, organization_id)
    typed = schema_forms.read(_schema(asked), form, PEOPLE, asked.language)
    typed = [] if typed is ABSENT else typed
    if form.get("add") or form.get("remove"):
        extra = frozenset([form.get("add")] if form.get("add") else [])
        shown = found | {"version": form.get("version")}
        return await _form(asked, shown, typed, extra=extra)
    try:
        sent = {name: found[name] for name in _KEPT} | {PEOPLE: typed}
        content = OrganizationContent.model_validate_json(json.dumps(sent))
        version = int(form.get("version")) if form.get("version").isdigit() else 0
        await organizations.update_organization(
            asked.office, asked.viewer, organization_id, content, version, asked.request_id(form)
        )
    except ValidationError as wrong:
        return await _form(asked, found, typed, faults_of(gaps_of(wrong), asked.language), 422)
    except (Malformed, Stale) as wrong:
        return await _form(asked, found, typed, *told_of(asked, wrong, {}))
    return asked.see(f"/organizations/{organization_id}")


async def _form(
    asked: AskedByPerson,
    found: dict[str, Any],
    people: Any,
    faults: list[Fault] | None = None,
    status: int = 200,
    *,
    extra: frozenset[str] = frozenset(),
) -> Response:
    control = schema_forms.draw(
        _schema(asked), people, PEOPLE, asked.language, required=False, extra=extra
    )
    return await asked.page(
        "organization_people.html", status, found=found, control=control,
        faults=schema_forms.placed(faults or [], control),
    )  # fmt: skip


def _schema(asked: AskedByPerson) -> Any:
    """The rows that a proposal's own form has for the people who are named in it."""
    terms = asked.office.catalogue.programmes(asked.office.today())[0]
    forms = Forms(asked.office, terms, asked.language, Content(programme=terms.code))
    properties, _needed = forms.parties()
    rows = properties["named_parties"]
    line = rows["items"]["properties"]
    line["relation"] = forms.choice(
        line["relation"]["title"], forms.named("relation", [each.value for each in RELATIONS])
    )
    return {**rows, "title": asked.gettext("Directors and owners"), "x-hint": ""}
