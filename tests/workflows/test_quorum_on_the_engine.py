"""Two people answer one question, pressing at the same time: each counts once."""

import asyncio
import shutil
from pathlib import Path

import policy
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


async def test_who_has_answered_is_not_asked_for_the_second_answer(accord: Installation, tmp_path):
    accord.office.catalogue = asking_two("compliance.norms", tmp_path / "policy")
    reference = await accord.submit(JORDAN)
    await accord.advance_to(reference, "compliance")
    first, second = [await accord.viewer(f"norms-reviewer-{number}") for number in (1, 2)]
    assert len(await accord.inbox(first, reference)) == 2

    await accord.decide(reference, "compliance.norms", by=first)

    assert await accord.inbox(first, reference) == []
    assert len(await accord.inbox(second, reference)) == 1
