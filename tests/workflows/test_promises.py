"""What was promised stands: neither other days off nor other terms move it."""

import shutil
from datetime import timedelta
from importlib.resources import files
from pathlib import Path

import pytest

from commands import reading
from policy.catalogue import Catalogue
from tests.installation import AN_AUDITOR, Installation
from tests.policy.proposals import a_proposal
from tests.workflows.test_durability import events

JORDAN = a_proposal().model_dump(mode="json")
TERMS = Path("programmes/CTCBP/2026-04-01.yaml")
CALENDAR = Path("in_force/calendar/2026-04-01.yaml")


def other_policy(folder: Path, file: Path, old: str, new: str) -> Catalogue:
    """The policy with one thing written differently in *file*."""
    shutil.copytree(str(files("policy")), folder / "policy")
    written = (folder / "policy" / file).read_text()
    assert old in written
    (folder / "policy" / file).write_text(written.replace(old, new))
    return Catalogue.load(folder / "policy")


async def promises(accord: Installation, reference: str):
    view = await accord.view(reference)
    waiting = await reading.waiting(accord.office, AN_AUDITOR, reference)
    return (
        view["clock"]["due_at"],
        view["standards"],
        [task["due_at"] for task in await accord.open_tasks(reference)],
        [(item["due_at"], item["next"]) for item in waiting["items"]],
    )


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        pytest.param(CALENDAR, "  - easter_monday\n", "", id="a holiday less"),
        pytest.param(TERMS, "decision_days: 150", "decision_days: 140", id="a shorter decision"),
        pytest.param(TERMS, "eligibility: 15", "eligibility: 12", id="a shorter stage"),
    ],
)
async def test_what_was_promised_stays_when_days_off_or_terms_change(
    accord: Installation, tmp_path, file, old, new
):
    reference = await accord.submit(JORDAN)
    await accord.screened(reference)
    promised, told = await promises(accord, reference), await events(accord, reference)

    accord.office.catalogue = other_policy(tmp_path, file, old, new)

    assert await promises(accord, reference) == promised
    assert await events(accord, reference) == told
    later = await accord.submit(JORDAN)
    await accord.screened(later)
    entered = [e.data.get("due_at") for e in await events(accord, later)]
    assert entered != [e.data.get("due_at") for e in told]  # who submits now is promised otherwise

    await accord.pass_time(reference, timedelta(days=45))
    while not (missed := await missed_of(accord, reference)):
        await accord.settle()
    stage = next(e.data["due_at"] for e in told if e.type == "stage_entered")
    assert missed == [("eligibility", stage)]
    assert (await accord.view(reference))["clock"]["due_at"] == promised[0]


async def missed_of(accord: Installation, reference: str):
    return [
        (e.data["standard"], e.data["due_at"])
        for e in await events(accord, reference)
        if e.type == "standard_missed"
    ]
