"""Versions of the terms, how they differ, and moving proposals under way to newer ones."""

import json
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Response
from pydantic import ValidationError

from commands import bulk, moving, programme_terms
from pages.asking import AskedByPerson, PersonDep
from pages.failing import Fault, words_of
from pages.languages import N_
from policy import labels
from schemas.errors import Refused
from schemas.people import Role
from schemas.requests import MovesRequest
from schemas.tasks import TaskKind

router = APIRouter()
A_PAGE = 25
CHANGES = {"added": N_("Added"), "removed": N_("Removed"), "changed": N_("Changed")}
Version = Annotated[str, Query(max_length=200)]


@router.get("/terms")
async def all_terms(asked: PersonDep) -> Response:
    """Every program with the versions of its terms."""
    today = asked.office.today()
    found = [
        (terms.code, terms.name.in_language(asked.language),
         list(reversed(programme_terms.versions(asked.office, asked.viewer, terms.code))))
        for terms in asked.office.catalogue.programmes(today)
    ]  # fmt: skip
    return await asked.page("terms.html", programmes=found)


@router.get("/terms/{code}")
async def differences(
    asked: PersonDep, code: str, before: Version = "", after: Version = ""
) -> Response:
    """What one version says otherwise than another, part by part."""
    held = programme_terms.versions(asked.office, asked.viewer, code)
    before = before or held[max(0, len(held) - 2)]["version"]
    after = after or held[-1]["version"]
    found = programme_terms.differences(asked.office, asked.viewer, code, before, after)
    return await asked.page(
        "differences.html", code=code, versions=held, before=before, after=after,
        changes=[
            {**each, "label": each["label"][asked.language], "before": _written(each["before"]),
             "after": _written(each["after"])}
            for each in found
        ],
        names=CHANGES, may_preview=_may_preview(asked, code),
    )  # fmt: skip


@router.get("/terms/{code}/moves")
async def previews(
    *,
    asked: PersonDep,
    code: str,
    to: Version,
    cursor: Annotated[str | None, Query(max_length=1000)] = None,
) -> Response:
    """What moving to newer terms would change for each proposal under way; changes nothing."""
    return await _previews(asked, code, to, cursor)


@router.post("/terms/{code}/moves")
async def order(asked: PersonDep, code: str) -> Response:
    """Order the move of those that were ticked, each as it was previewed."""
    form = await asked.form()
    to = form.get("to")
    chosen = []
    for each in form.all("items"):
        reference, _, seen = each.partition("@")
        chosen.append({"reference": reference, "seen": int(seen) if seen.isdigit() else 0})
    try:
        request = MovesRequest.model_validate(
            {"to": to, "reason": form.get("reason"), "items": chosen}
        )
    except ValidationError as wrong:
        names = {str(each["loc"][0]) for each in wrong.errors()}
        faults = []
        if "items" in names:
            faults.append(Fault("items", asked.gettext("Choose at least one proposal.")))
        if "reason" in names:
            faults.append(Fault("reason", asked.gettext("Say why, in a few words.")))
        return await _previews(asked, code, to, None, faults, form.get("reason"))
    job_id = await moving.order(asked.office, asked.viewer, code, request, asked.request_id(form))
    job = await bulk.one(asked.office, asked.viewer, job_id)
    return asked.see(f"/operations/jobs/{job['id']}")


async def _previews(
    asked: AskedByPerson,
    code: str,
    to: str,
    cursor: str | None,
    faults: list[Fault] | None = None,
    reason: str = "",
) -> Response:
    found = await moving.previews(asked.office, asked.viewer, code, to, limit=A_PAGE, cursor=cursor)
    items = [
        {**each, "why": words_of(Refused(each["refused"]["code"], **each["refused"]["facts"]),
                                 asked.language) if each["refused"] else None}
        for each in found["items"]
    ]  # fmt: skip
    return await asked.page(
        "moves.html", 422 if faults else 200, code=code, to=to, items=items, reason=reason,
        faults=faults or [], may_move=asked.viewer.holds(Role.PROGRAMME_OFFICER, code),
        kinds={kind.value: labels.kind_title(kind).in_language(asked.language)
               for kind in TaskKind},
        following=urlencode({"to": to, "cursor": found["next"]}) if found["next"] else None,
    )  # fmt: skip


def _may_preview(asked: AskedByPerson, code: str) -> bool:
    return asked.oversees or asked.viewer.holds(Role.PROGRAMME_OFFICER, code)


def _written(value: Any) -> str | None:
    """What a part says, as it stands in its file; words as they are."""
    if value is None or isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False, indent=2, default=str)
