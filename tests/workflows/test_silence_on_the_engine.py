"""Months of silence on a real engine: every step is told once, nothing is decided."""

from datetime import datetime, timedelta

import pytest

from commands import reading
from commands.verifying import verify
from policy.rules import clocks
from schemas.values import instant
from tests.installation import AN_AUDITOR, Installation
from tests.policy.proposals import a_proposal
from tests.workflows.test_durability import events, replayed

JORDAN = a_proposal().model_dump(mode="json")
LADDER = ("task_reminded", "task_overdue", "task_escalated", "standard_missed")


@pytest.mark.on_both_databases
async def test_months_of_silence_climb_every_step_and_decide_nothing(accord: Installation):
    reference = await accord.submit(JORDAN)
    await accord.screened(reference)
    director = await accord.viewer("director-1")
    assert await accord.inbox(director, reference) == []

    await accord.pass_time(reference, timedelta(days=45))
    while len([e for e in await events(accord, reference) if e.type in LADDER]) < 6:
        await accord.settle()

    told = [
        (str(e.type), e.data.get("days"))
        for e in await events(accord, reference)
        if e.type in LADDER
    ]
    assert sorted(told, key=str) == sorted(
        [
            ("task_reminded", 3),
            ("task_reminded", 1),
            ("task_overdue", None),
            ("task_escalated", 3),
            ("standard_missed", None),
            ("task_escalated", 10),
        ],
        key=str,
    )
    task = await accord.task(reference, "eligibility.confirm")
    assert [c["scope"] for c in task["candidates"]] == ["CTCBP", "director", "director_general"]
    assert await accord.inbox(director, reference) == [task["id"]]
    view = await accord.view(reference)
    assert (view["stage"], view["outcome"]) == ("eligibility", None)
    report = await verify(accord.office, None)
    assert report.differences == []
    await replayed(accord, reference)


async def test_waiting_says_what_silence_leads_to_next(accord: Installation):
    reference = await accord.submit(JORDAN)
    await accord.screened(reference)

    async def next_step() -> tuple[str, str | None]:
        found = await reading.waiting(accord.office, AN_AUDITOR, reference)
        [item] = [i for i in found["items"] if i["task"]]
        return item["next"]["what"], item["next"]["to"]

    assert await next_step() == ("remind", None)

    await accord.pass_time(reference, timedelta(days=16))
    assert await next_step() in [("escalate", "director"), ("escalate", "director_general")]


async def test_waiting_names_the_level_above_a_late_decision_once_the_tasks_own_steps_are_taken(
    accord: Installation,
):
    reference = await accord.submit(JORDAN)
    await accord.screened(reference)
    await accord.pass_time(reference, timedelta(days=45))
    while len([e for e in await events(accord, reference) if e.type in LADDER]) < 6:
        await accord.settle()

    found = await reading.waiting(accord.office, AN_AUDITOR, reference)
    [item] = [i for i in found["items"] if i["task"]]

    due = datetime.fromisoformat((await accord.view(reference))["clock"]["due_at"])
    rules = accord.office.catalogue.terms_in_force("CTCBP", accord.office.today()).rules
    day = clocks.business_day(clocks.toronto_day(due), 20, rules.holidays)
    assert item["next"] == {
        "at": instant(clocks.morning(day)), "what": "escalate", "to": "assistant_deputy_minister",
    }  # fmt: skip


async def test_a_proposal_that_is_decided_in_time_rings_no_timer(accord: Installation):
    reference = await accord.submit(JORDAN)
    await accord.advance_to(reference, "desk")

    handle = accord.client.get_workflow_handle(f"proposal:{reference}")
    history = await handle.fetch_history()

    started = [e for e in history.events if e.HasField("timer_started_event_attributes")]
    fired = [e for e in history.events if e.HasField("timer_fired_event_attributes")]
    assert fired == []
    assert len(started) <= 3  # armed anew only where a task is due earlier than all before it
