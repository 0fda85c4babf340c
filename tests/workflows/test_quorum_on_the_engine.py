"""Two people answer one question, pressing at the same time: each counts once."""

import asyncio
import shutil
from pathlib import Path

import policy
from commands import reading, unattended, waiting_for
from commands.verifying import verify
from policy.catalogue import Catalogue
from schemas.errors import Refused
from tests.installation import Installation
from tests.policy.proposals import a_proposal
from tests.workflows.test_lives_on_the_engine import replays, tells_the_same

JORDAN = a_proposal().model_dump(mode="json")


def asking_two(kind: str, folder: Path) -> Catalogue:
    """The department's policy files, but that two people answer tasks of *kind*."""
    for each in ("programmes", "checklists", "in_force"):
        shutil.copytree(Path(policy.__file__).parent / each, folder / each)
    [terms] = (folder / "programmes/CTCBP").glob("*.yaml")
    text = terms.read_text(encoding="utf-8")
    terms.write_text(text.replace(f"  {kind}: 1\n", f"  {kind}: 2\n", 1), "utf-8")
    return Catalogue.load(folder)


async def test_of_thirty_answers_of_two_people_two_count(accord: Installation, tmp_path):
    accord.office.catalogue = asking_two("compliance.norms", tmp_path / "policy")
    reference = await accord.submit(JORDAN)
    await accord.advance_to(reference, "compliance")
    seats = [t for t in await accord.open_tasks(reference) if t["kind"] == "compliance.norms"]
    people = [await accord.viewer(f"norms-reviewer-{number}") for number in (1, 2)]

    async def one(number: int) -> str:
        try:
            await accord.decide_task(seats[number // 2 % 2], by=people[number % 2])
        except Refused as refused:
            return refused.code
        return "taken"

    answers = await asyncio.gather(*(one(number) for number in range(30)))

    assert answers.count("taken") == 2
    assert set(answers) <= {"taken", "already_decided", "separation_of_duties"}
    decided = [t for t in await accord.tasks_of(reference) if t["kind"] == "compliance.norms"]
    assert {t["decided_by"]["id"] for t in decided} == {person.id for person in people}
    await tells_the_same(accord, reference)
    await replays(accord, reference)


async def test_thirty_presses_of_two_who_recommend_otherwise_move_no_money_before_it_is_arbitrated(
    accord: Installation, tmp_path
):
    accord.office.catalogue = asking_two("funding.recommend", tmp_path / "policy")
    reference = await accord.submit(JORDAN)
    await accord.advance_to(reference, "funding")
    seats = await accord.open_tasks(reference)
    people = [await accord.viewer(f"finance-officer-{number}") for number in (1, 2)]
    detail, _ = await reading.task(accord.office, people[0], seats[0]["id"], "en")
    example = detail["form"]["examples"][0]

    async def one(number: int) -> str:
        person = number % 2
        answers = {**example, "priority": person}
        try:
            await accord.decide_task(
                seats[number // 2 % 2], "recommend", by=people[person], answers=answers
            )
        except Refused as refused:
            return refused.code
        return "taken"

    answers = await asyncio.gather(*(one(number) for number in range(30)))

    assert answers.count("taken") == 2
    assert (await accord.open_kinds(reference)) == ["arbitrate"]
    assert (await accord.view(reference))["commitments"] == []
    await tells_the_same(accord, reference)

    [arbitration] = await accord.open_tasks(reference)
    by = (await accord.takers(arbitration))[0]
    form, _ = await reading.task(accord.office, by, arbitration["id"], "en")
    offered = [each["const"] for each in form["form"]["properties"]["picked"]["oneOf"]]
    assert set(offered) == {seat["id"] for seat in seats}
    await accord.decide_task(arbitration, "proceed", by=by, answers={
        **form["form"]["examples"][0], "picked": offered[1],
    })  # fmt: skip
    await accord.advance_to(reference, "active")
    assert (await verify(accord.office, None)).differences == []
    await replays(accord, reference)


async def test_thirty_presses_of_two_of_legal_lift_a_bar_once(accord: Installation, tmp_path):
    accord.office.catalogue = asking_two("legal.disposition", tmp_path / "policy")
    reference = await accord.submit(JORDAN)
    await accord.advance_to(reference, "compliance")
    await accord.decide(reference, "compliance.norms", "barred")
    seats = [t for t in await accord.open_tasks(reference) if t["kind"] == "legal.disposition"]
    people = [await accord.viewer(f"legal-{number}") for number in (1, 2)]

    async def one(number: int) -> str:
        try:
            await accord.decide_task(seats[number // 2 % 2], "authorized", by=people[number % 2])
        except Refused as refused:
            return refused.code
        return "taken"

    answers = await asyncio.gather(*(one(number) for number in range(30)))

    assert answers.count("taken") == 2
    assert set(answers) <= {"taken", "already_decided", "separation_of_duties"}
    await accord.advance_to(reference, "active")
    assert (await verify(accord.office, None)).differences == []
    await replays(accord, reference)


async def test_who_has_answered_is_not_asked_for_the_second_answer(accord: Installation, tmp_path):
    accord.office.catalogue = asking_two("compliance.norms", tmp_path / "policy")
    reference = await accord.submit(JORDAN)
    await accord.advance_to(reference, "compliance")
    first, second = [await accord.viewer(f"norms-reviewer-{number}") for number in (1, 2)]
    assert len(await accord.inbox(first, reference)) == 2

    await accord.decide(reference, "compliance.norms", by=first)

    assert await accord.inbox(first, reference) == []
    assert len(await accord.inbox(second, reference)) == 1


async def test_an_administrator_sees_at_once_that_of_two_who_found_nobody_is_left_to_confirm(
    accord: Installation, tmp_path
):
    accord.office.catalogue = asking_two("compliance.human_rights", tmp_path / "policy")
    reference = await accord.submit(JORDAN)
    await accord.advance_to(reference, "compliance")
    for number in (1, 2):  # inherent medium: both are confirmed
        person = await accord.viewer(f"human-rights-reviewer-{number}")
        await accord.decide(reference, "compliance.human_rights", by=person)

    assert await unattended.look(accord.office) == 1
    listed = await unattended.listed(accord.office, await accord.viewer("administrator-1"))

    [confirm] = [t for t in await accord.open_tasks(reference) if t["kind"] == "confirm"]
    assert [(each["id"], each["why"]) for each in listed] == [(confirm["id"], "nobody_may_take")]
    assert listed[0]["due_at"] > accord.office.now().isoformat()
    waiting = await waiting_for.waiting(accord.office, await accord.viewer("auditor-1"), reference)
    told = {item["task"]: item["on"]["who"] for item in waiting["items"]}
    assert told[confirm["id"]] == "nobody_may_take"
