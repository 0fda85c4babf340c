"""Writes the corpus: one kept history per way that a proposal can go.

    .venv/bin/python -m tests.histories.make [LIFE]

Run it when a way is added, and only after the old histories have replayed with the new code: a
kept history stands for the proposals that are under way in a department.
"""

import asyncio
import json
import os
import re
import sys
import tempfile
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from temporalio.client import WorkflowHistory

from commands import (
    drafting,
    holding,
    moving,
    notices,
    questions,
    reading,
    repairs,
    reviews,
    submitting,
    undoing,
)
from commands.partner_acts import reconsider, withdraw
from schemas.people import Discipline
from schemas.proposal import Content, Stage
from schemas.repairs import RepairKind
from schemas.requests import (
    MoveRequest,
    NoticeRequest,
    QuestionRequest,
    RepairRequest,
    ReviewRequest,
)
from tests.installation import Installation, a_request, an_engine, an_installation
from tests.policy import newer_terms
from tests.policy.proposals import a_proposal
from workflows.gateway import workflow_id

HERE = Path(__file__).parent
JORDAN = a_proposal().model_dump(mode="json")
ALL_TERRITORY = newer_terms.always("territory")


async def approved(accord: Installation) -> str:
    reference = await accord.submit(JORDAN)
    await accord.advance_to(reference, "active")
    return reference


async def returned_and_approved(accord: Installation) -> str:
    reference = await accord.submit(JORDAN)
    await accord.advance_to(reference, "compliance")
    await accord.decide(reference, "compliance.norms", "return", sections=("results", "dates"))
    for _ in range(12):
        if not await accord.step(reference):
            break
        if "return.release" in await accord.open_kinds(reference):
            break
    await accord.decide(reference, "return.release", "release", sections=("results",))
    _, version = await drafting.save(
        accord.office,
        accord.signatory,
        reference,
        Content.model_validate({**JORDAN, "expected_results": "Officers find forged documents."}),
        1,
    )
    await submitting.submit(accord.office, accord.signatory, reference, a_request(), version)
    await accord.advance_to(reference, "active")
    return reference


async def declined(accord: Installation) -> str:
    reference = await accord.submit(JORDAN)
    await accord.advance_to(reference, "funding")
    await accord.decide(reference, "funding.recommend")
    await accord.decide(reference, "funding.approve", "decline")
    return reference


async def withdrawn(accord: Installation) -> str:
    reference = await accord.submit(JORDAN)
    await accord.advance_to(reference, "desk")
    await withdraw(accord.office, accord.signatory, reference, "Plans changed.", a_request())
    return reference


async def lapsed(accord: Installation) -> str:
    reference = await accord.submit(JORDAN)
    await accord.decide(reference, "eligibility.confirm", "return", sections=("summary",))
    await accord.pass_time(reference, timedelta(days=200))
    await accord.until(reference, stage="closed")
    return reference


async def moved_to_newer_terms(accord: Installation) -> str:
    """In desk sign-off it moves to terms that ask one finding more, and others anew."""
    reference = await accord.submit(JORDAN)
    await accord.advance_to(reference, "desk")
    with tempfile.TemporaryDirectory() as folder:
        accord.office.catalogue = newer_terms.catalogue_with(
            Path(folder), newer_terms.together(newer_terms.a_harsher_matrix, ALL_TERRITORY)
        )
    officer = await accord.viewer("programme-officer-2")
    found = await moving.previews(
        accord.office, officer, "CTCBP", newer_terms.CTCBP, limit=200, cursor=None
    )
    [seen] = [item["seen"] for item in found["items"] if item["reference"] == reference]
    request = MoveRequest(to=newer_terms.CTCBP, seen=seen, reason="Territory is asked of all.")
    await moving.move(accord.office, officer, reference, request, a_request())
    await accord.advance_to(reference, "active")
    return reference


async def repaired(accord: Installation) -> str:
    """A letter is sent again while the partner answers; then work goes back, and is unstuck."""
    reference = await accord.submit(JORDAN)
    await accord.screened(reference)
    await accord.decide(reference, "eligibility.confirm", "return", sections=("results",))
    await _repair(accord, reference, kind=RepairKind.RESEND, letter=f"{reference}-L01")
    changed = Content.model_validate({**JORDAN, "expected_results": "Officers find forgeries."})
    _, version = await drafting.save(accord.office, accord.signatory, reference, changed, 1)
    await submitting.submit(accord.office, accord.signatory, reference, a_request(), version)
    await accord.advance_to(reference, "funding")
    await accord.decide(reference, "funding.recommend")
    await _repair(accord, reference, kind=RepairKind.REWIND, stage=Stage.COMPLIANCE)
    await _repair(accord, reference, kind=RepairKind.UNSTICK)
    await accord.advance_to(reference, "active")
    return reference


async def held_asked_and_reconsidered(accord: Installation) -> str:
    reference = await accord.submit(JORDAN)
    await accord.advance_to(reference, "compliance")
    officer = await accord.viewer("programme-officer-1")
    for act in (holding.hold, holding.resume):
        await act(accord.office, officer, reference, "The auditors were here.", a_request())
    day = accord.office.today() + timedelta(days=14)
    asked = QuestionRequest(question="How many were trained?", due_date=day)
    first = await questions.ask(accord.office, officer, reference, asked, a_request())
    await questions.answer(
        accord.office, accord.signatory, reference, first["id"], "Twelve.", a_request()
    )
    await questions.ask(accord.office, officer, reference, asked, a_request())
    await accord.pass_time(reference, timedelta(days=20))
    await accord.until(reference, holds=[])
    await accord.decide(reference, "compliance.norms", "recommend_refusal")
    await accord.decide(reference, "arbitrate", "refuse")
    await reconsider(accord.office, accord.signatory, reference, "It was moved.", a_request())
    await accord.decide(reference, "reconsider", "reopen")
    await accord.advance_to(reference, "active")
    return reference


async def taken_back(accord: Installation) -> str:
    """Who found it ineligible takes that back, and so does who declined and who approved it."""
    with tempfile.TemporaryDirectory() as folder:
        accord.office.catalogue = newer_terms.catalogue_with(Path(folder), newer_terms.an_hour)
    reference = await accord.submit(JORDAN)
    await accord.screened(reference)
    await _take_back(accord, reference, "eligibility.confirm", "ineligible")
    await accord.advance_to(reference, "funding")
    await accord.decide(reference, "funding.recommend")
    await _take_back(accord, reference, "funding.approve", "decline")
    await _take_back(accord, reference, "funding.approve", "approve")
    await accord.decide(reference, "funding.approve", "approve")
    await accord.pass_time(reference, timedelta(hours=2))
    await accord.advance_to(reference, "active")
    return reference


async def asked_of_several(accord: Installation) -> str:
    """Two recommend otherwise, which is arbitrated; a decline keeps its money and is taken back;
    then another one is told, and the money comes free."""
    with tempfile.TemporaryDirectory() as folder:
        accord.office.catalogue = newer_terms.catalogue_with(
            Path(folder), newer_terms.together(newer_terms.an_hour, newer_terms.two_recommend)
        )
    reference = await accord.submit(JORDAN)
    await accord.screened(reference)
    await accord.advance_to(reference, "funding")
    for priority in (0, 1):
        task = await accord.task(reference, "funding.recommend")
        person = (await accord.takers(task))[0]
        detail, _ = await reading.task(accord.office, person, task["id"], "en")
        answers = {**detail["form"]["examples"][0], "priority": priority}
        await accord.decide_task(task, "recommend", by=person, answers=answers)
    await accord.decide(reference, "arbitrate")
    await _take_back(accord, reference, "funding.approve", "decline")
    await accord.decide(reference, "funding.approve", "decline")
    await accord.pass_time(reference, timedelta(hours=2))
    while (await accord.view(reference))["money"]["state"] != "released":
        await accord.settle()
    return reference


async def approved_anew(accord: Installation) -> str:
    """Works are noticed once the partner has signed: their review finds a high risk and rests on a
    notice, the minister approves anew, and the proposal waits for the days of the notice."""
    reference = await accord.submit(JORDAN)
    await accord.advance_to(reference, "agreement")
    while "agreement.sign" not in await accord.open_kinds(reference):
        await accord.step(reference)
    reviewer, kind = await accord.viewer("norms-reviewer-1"), "compliance.environment"
    request = ReviewRequest(review=Discipline.ENVIRONMENT, reason="The annex shows a road.")
    await reviews.open_one(accord.office, reviewer, reference, request, a_request())
    task = await accord.task(reference, kind)
    person = (await accord.takers(task))[0]
    detail, _ = await reading.task(accord.office, person, task["id"], "en")
    answers = detail["form"]["examples"][0]
    for name in ("likelihood", "residual_likelihood"):
        for rating in answers["ratings"]:
            rating["risks"][0][name] = "very_likely"
    for name in ("severity", "residual_severity"):
        for rating in answers["ratings"]:
            rating["risks"][0][name] = "grave"
    answers["environment"] = {"basis": "notice", "reference": "Draft", "reason": "A road."}
    await accord.decide_task(task, "no_objection", by=person, answers=answers)
    await accord.decide(reference, "confirm", "agree")
    await accord.decide(reference, "notice.clear", "clear")
    posted = NoticeRequest(posted_on=accord.office.today(), where="The registry.")
    await notices.post(accord.office, person, reference, posted, a_request())
    await accord.decide(reference, "funding.record_decision", "approved")
    await accord.decide(reference, "confirm", "agree")
    return reference


async def _take_back(accord: Installation, reference: str, kind: str, outcome: str) -> None:
    decided = await accord.decide(reference, kind, outcome)
    person = await accord.viewer(decided["task"]["decided_by"]["id"].removeprefix("demo-"))
    task = decided["task"]["id"]
    await undoing.undo(accord.office, person, task, "The wrong file.", a_request())
    for _ in range(100):
        if kind in await accord.open_kinds(reference):
            break
        await accord.settle()


async def _repair(accord: Installation, reference: str, **plan: Any) -> None:
    administrator = await accord.viewer("administrator-1")
    request = RepairRequest(reason="For the record.", **plan)
    await repairs.propose(accord.office, administrator, reference, request, a_request())
    await accord.decide(reference, "confirm", "agree")


LIVES: tuple[Callable[[Installation], Awaitable[str]], ...] = (
    approved,
    returned_and_approved,
    declined,
    withdrawn,
    lapsed,
    moved_to_newer_terms,
    repaired,
    held_asked_and_reconsidered,
    taken_back,
    asked_of_several,
    approved_anew,
)


def keep(accord: Installation, history: WorkflowHistory, file: Path) -> None:
    """Write *history*, without what tells where it was made."""
    kept = json.loads(history.to_json())
    text = json.dumps(kept, indent=1, sort_keys=True).replace(accord.queue, "test")
    text = re.sub(r'"identity": "[^"]*"', '"identity": "test"', text)
    file.write_text(text + "\n")
    print(file.stem, len(kept["events"]), "events")  # noqa: T201


async def main() -> None:
    async with an_engine() as engine:
        with tempfile.TemporaryDirectory() as folder:
            async with an_installation(engine, Path(folder), encrypted=False) as accord:
                for life in LIVES if len(sys.argv) == 1 else [globals()[sys.argv[1]]]:
                    reference = await life(accord)
                    handle = accord.client.get_workflow_handle(workflow_id(reference))
                    keep(accord, await handle.fetch_history(), HERE / f"{life.__name__}.json")
    await asyncio.sleep(1)


if __name__ == "__main__":
    asyncio.run(main())
    os._exit(0)
