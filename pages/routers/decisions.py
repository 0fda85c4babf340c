"""What each decision on a case rested on: who was consulted, which versions, what evidence."""

from typing import Any

from fastapi import APIRouter, Response

from commands import approval_papers, decision_records, reading, record_views
from pages.asking import AskedByPerson, PersonDep
from pages.languages import N_
from pages.routers.overseeing import staff_view
from policy import labels
from schemas.errors import NotFound
from schemas.tasks import TaskKind

router = APIRouter()
EVIDENCE = {
    "revision": N_("The proposal as it was submitted"),
    "answers": N_("The answers of the form"),
    "reason": N_("The reason"),
    "message": N_("The message to the partner"),
    "message_to_partner": N_("The message to the partner"),
    "attachment": N_("Attached document"),
    "approval_document": N_("The approval document"),
    "reusable_record": N_("Baseline, vetting or due diligence"),
    "list": N_("Snapshot of a list"),
}


@router.get("/proposals/{reference}/decisions")
async def decisions(asked: PersonDep, reference: str) -> Response:
    """Every decision that the reader may know of, oldest first."""
    view = await staff_view(asked, reference)
    if view is None:
        return asked.see(f"/proposals/{reference}")
    found = await decision_records.of_proposal(asked.office, asked.viewer, reference)
    return await asked.page(
        "decisions.html", view=view, records=found, outcomes=_outcomes(asked, found),
        titles=await _titles(asked, reference),
    )  # fmt: skip


@router.get("/proposals/{reference}/decisions/{task}")
async def decision(asked: PersonDep, reference: str, task: str) -> Response:
    """One decision, with everything that it rested on and its hash."""
    view = await staff_view(asked, reference)
    if view is None:
        return asked.see(f"/proposals/{reference}")
    every = await decision_records.of_proposal(asked.office, asked.viewer, reference)
    found = next((each for each in every if each["task"] == task), None)
    if found is None:
        raise NotFound
    return await asked.page(
        "decision.html", view=view, record=found, outcomes=_outcomes(asked, [found]),
        titles=await _titles(asked, reference), kinds=EVIDENCE,
        known=await record_views.known_among(asked.office, asked.viewer, found["records"]),
        desk_answers={
            each["task"]: _outcome(asked, TaskKind.CONSULT, each["answer"])
            for each in found["desks"]
        },
        has_approval=approval_papers.is_offered(asked.viewer, found["kind"], "done"),
    )  # fmt: skip


async def _titles(asked: AskedByPerson, reference: str) -> dict[str, str]:
    tasks = await reading.tasks_of(asked.office, asked.viewer, reference)
    return {each["id"]: each["title"] for each in tasks["items"]}


def _outcomes(asked: AskedByPerson, records: list[dict[str, Any]]) -> dict[str, str]:
    return {
        each["task"]: _outcome(asked, TaskKind(each["kind"]), each["outcome"]) for each in records
    }


def _outcome(asked: AskedByPerson, kind: TaskKind, outcome: str) -> str:
    return labels.label(kind, outcome).in_language(asked.language)
