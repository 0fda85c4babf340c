"""Organizations: who they are, who directs and owns them, and whose kind is confirmed."""

import json
from typing import Any

from fastapi import APIRouter, Response
from pydantic import ValidationError

from commands import organizations
from commands.organizations import OrganizationContent
from pages.asking import AskedByPerson, PersonDep
from pages.failing import Fault, told_of
from pages.languages import N_
from policy import content_labels, wording
from schemas.errors import Malformed, Stale
from schemas.people import Role
from schemas.proposal import PartnerKind

router = APIRouter()
SAYS = {"name": N_("Write the name."), "kind": N_("Choose what kind of organization it is.")}


@router.get("/organizations")
async def all_organizations(asked: PersonDep) -> Response:
    found = await organizations.organizations(asked.office, asked.viewer)
    return await asked.page("organizations.html", found=found, may_add=_keeps(asked))


@router.get("/organizations/new")
async def new(asked: PersonDep) -> Response:
    return await _form(asked, None, {"name": "", "kind": "", "country": "", "language": "en"})


@router.post("/organizations/new")
async def add(asked: PersonDep) -> Response:
    """Write down a new organization; its directors and owners come after."""
    form = await asked.form()
    typed = {name: form.get(name) for name in ("name", "kind", "country", "language")}
    try:
        content = OrganizationContent.model_validate(
            {k: v for k, v in typed.items() if v or k == "name"}
        )
        made = await organizations.create_organization(
            asked.office, asked.viewer, content, asked.request_id(form)
        )
    except ValidationError as wrong:
        return await _form(asked, None, typed, *told_of(asked, wrong, SAYS))
    return asked.see(f"/organizations/{made['id']}")


@router.get("/organizations/{organization_id}")
async def organization(asked: PersonDep, organization_id: str) -> Response:
    found = await organizations.organization(asked.office, asked.viewer, organization_id)
    return await _form(asked, found, found)


@router.post("/organizations/{organization_id}")
async def change(asked: PersonDep, organization_id: str) -> Response:
    """Change what is written of it; an officer's edit confirms its kind."""
    form = await asked.form()
    found = await organizations.organization(asked.office, asked.viewer, organization_id)
    typed: dict[str, Any] = {
        name: form.get(name) for name in ("name", "kind", "country", "language")
    }
    try:
        kept = {"identifiers": found["identifiers"], "people": found["people"]}
        sent = {k: v for k, v in typed.items() if v or k == "name"} | kept
        content = OrganizationContent.model_validate_json(json.dumps(sent))
        version = int(form.get("version")) if form.get("version").isdigit() else 0
        await organizations.update_organization(
            asked.office, asked.viewer, organization_id, content, version, asked.request_id(form)
        )
    except (ValidationError, Malformed, Stale) as wrong:
        return await _form(asked, found, found | typed, *told_of(asked, wrong, SAYS))
    return asked.see(f"/organizations/{organization_id}")


async def _form(
    asked: AskedByPerson,
    found: dict[str, Any] | None,
    typed: dict[str, Any],
    faults: list[Fault] | None = None,
    status: int = 200,
) -> Response:
    may = _keeps(asked) or (found is not None and asked.viewer.holds(Role.SIGNATORY, found["id"]))
    kinds = content_labels.options("partner_kind")
    return await asked.page(
        "organization.html", status, found=found, typed=typed, faults=faults or [], may_write=may,
        kinds=[(each.value, kinds[each.value].in_language(asked.language)) for each in PartnerKind],
        countries=wording.country_names(asked.language),
    )  # fmt: skip


def _keeps(asked: AskedByPerson) -> bool:
    roles = (Role.PROGRAMME_OFFICER, Role.ADMINISTRATOR)
    return any(grant.role in roles for grant in asked.viewer.grants)
