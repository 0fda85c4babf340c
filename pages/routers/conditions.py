"""Conditions of an approved proposal: what is owed, what was given, and giving evidence."""

from typing import Any

from fastapi import APIRouter, Response
from pydantic import ValidationError

from api.pointers import gaps_of
from commands import conditions, reading
from pages.asking import AskedByPerson, PersonDep
from pages.failing import Fault, faults_of
from pages.uploading import attached
from schemas.errors import Malformed
from schemas.people import Role
from schemas.requests import EvidenceRequest

router = APIRouter()


@router.get("/proposals/{reference}/conditions")
async def listed(asked: PersonDep, reference: str) -> Response:
    return await _page(asked, reference)


@router.post("/proposals/{reference}/conditions/{condition}/evidence")
async def give(asked: PersonDep, reference: str, condition: str) -> Response:
    """Give evidence in words, and with a document where the form brings one."""
    form = await asked.form()
    words = form.get("words")
    request_id = asked.request_id(form)
    try:
        request = EvidenceRequest.model_validate({"words": words})
        given = await attached(asked, reference, form)
        request = EvidenceRequest(words=request.words, documents=given)
        await conditions.give_evidence(
            asked.office, asked.viewer, reference, condition, request, request_id
        )
    except ValidationError as failed:
        return await _page(
            asked, reference, condition, words, faults_of(gaps_of(failed), asked.language)
        )
    except Malformed as refused:
        return await _page(
            asked, reference, condition, words, faults_of(refused.gaps, asked.language)
        )
    return asked.see(f"/proposals/{reference}/conditions")


async def _page(
    asked: AskedByPerson,
    reference: str,
    condition: str = "",
    words: str = "",
    faults: list[Fault] | None = None,
) -> Response:
    view, _ = await reading.proposal(asked.office, asked.viewer, reference)
    found: list[dict[str, Any]] = await conditions.of_proposal(
        asked.office, asked.viewer, reference
    )
    own = asked.viewer.is_partner and "requests" in view
    return await asked.page(
        "conditions.html", 422 if faults else 200, view=view, conditions=found,
        condition=condition, words=words, faults=faults or [], own=own,
        may_give=asked.viewer.holds(Role.SIGNATORY, view["organization"])
        if own
        else asked.viewer.holds(Role.PROGRAMME_OFFICER, view["programme"]),
    )  # fmt: skip
