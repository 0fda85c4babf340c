"""What silence leads to: reminders, overdue, escalation; and that it decides nothing."""

from datetime import date, datetime, timedelta

import pytest

from policy.rules import clocks
from schemas.messages import NoticeKind
from schemas.proposal import Section
from tests.policy.proposals import a_proposal
from tests.workflows.cases import AFRICA_AND_JORDAN, Life, agreed

STEPS = {"task_reminded": "remind", "task_overdue": "overdue", "task_escalated": "escalate"}


def told_of(life: Life, kind: str) -> list[tuple[str, int, str]]:
    """The steps that tasks of *kind* came to: which, how many days, on which day in Toronto."""
    return [
        (
            STEPS[event.type.value],
            event.data.get("days", 0),
            clocks.toronto_day(event.occurred_at).isoformat(),
        )
        for event in life.events
        if event.type.value in STEPS and event.data["kind"] == kind
    ]


def test_months_of_silence_climb_every_step_and_decide_nothing():
    life = Life()

    life.pass_days(200)

    assert told_of(life, "eligibility.confirm") == [
        ("remind", 3, "2026-12-02"),
        ("remind", 1, "2026-12-04"),
        ("overdue", 0, "2026-12-07"),
        ("escalate", 3, "2026-12-10"),
        ("escalate", 10, "2026-12-21"),
    ]
    assert (life.stage, life.outcome, life.open) == ("eligibility", None, ["eligibility.confirm"])
    agreed(life)


def test_each_escalation_lets_the_next_level_take_the_task():
    life = Life()
    task = life.task("eligibility.confirm")
    assert "director-1" not in life.takers(task)

    life.pass_days(18)
    assert {"programme-officer-1", "director-1"} <= set(life.takers(task))
    assert "director-general-1" not in life.takers(task)

    life.decide("eligibility.confirm", by="director-1")
    assert life.stage == "compliance"


def test_the_silence_of_a_desk_reaches_its_head():
    life = Life(a_proposal(**AFRICA_AND_JORDAN)).to("desk")
    life.pass_days(40)

    to = [
        (e.data["to"], e.data["candidates"][-1]["scope"])
        for e in life.events
        if e.type == "task_escalated" and e.data["kind"] == "desk.consult"
    ]

    assert to[:2] == [("head_of_desk", "africa"), ("head_of_desk", "asia_pacific")]
    assert life.stage == "desk"
    assert life.outcome is None


def test_a_decision_in_time_is_told_to_nobody():
    life = Life().to("compliance")

    life.pass_days(4)

    assert told_of(life, "eligibility.confirm") == []


def test_a_task_that_waits_behind_a_return_climbs_nothing_and_goes_on_after_it():
    life = Life().to("compliance")
    life.decide("compliance.norms", "return", sections=(Section.RESULTS,))
    life.to_task("return.release")
    for kind in [k for k in life.open if k != "return.release"]:
        life.decide(kind)
    life.decide("return.release", "release", sections=(Section.RESULTS,))
    before = len(life.events)

    life.pass_days(15)
    assert len(life.events) == before

    life.resubmit(Section.RESULTS)
    life.pass_days(60)
    assert [step for step, _, _ in told_of(life, "compliance.norms")] == [
        "remind", "remind", "overdue", "escalate",
    ]  # fmt: skip


def test_a_task_that_was_sealed_goes_on_with_the_days_it_has_left():
    life = Life()
    life.pass_days(8)
    life.notify(NoticeKind.SEAL, seal="other-T01")
    assert told_of(life, "eligibility.confirm") == []

    life.pass_days(60)
    assert told_of(life, "eligibility.confirm") == []

    life.notify(NoticeKind.UNSEAL, seal="other-T01")
    due = life.task("eligibility.confirm").due_at
    life.pass_days(30)
    first = told_of(life, "eligibility.confirm")[0]
    assert first == ("remind", 3, clocks.business_day(
        clocks.toronto_day(due), -3, life.case.holidays).isoformat())  # fmt: skip


def test_a_step_that_was_taken_is_not_taken_again_after_a_pause():
    life = Life()
    life.pass_days(10)
    assert told_of(life, "eligibility.confirm") == [("remind", 3, "2026-12-02")]

    life.notify(NoticeKind.SEAL, seal="other-T01")
    life.pass_days(20)
    life.notify(NoticeKind.UNSEAL, seal="other-T01")
    life.pass_days(60)

    assert [step for step in told_of(life, "eligibility.confirm") if step[0] == "remind"] == [
        ("remind", 3, "2026-12-02"),
        ("remind", 1, "2026-12-24"),
    ]


def test_a_legal_task_reminds_and_gives_nobody_else_the_power_to_end_a_seal():
    life = Life(hits={"party": ("hit-1",)})
    life.decide("screening.adjudicate", "match")
    before = life.task("legal.disposition").candidates

    life.pass_days(120)

    assert [step for step, _, _ in told_of(life, "legal.disposition")] == [
        "remind", "remind", "overdue",
    ]  # fmt: skip
    assert life.task("legal.disposition").candidates == before


def test_the_stage_and_the_whole_are_told_once_when_their_standard_is_missed():
    life = Life()

    life.pass_days(400)

    missed = [
        (e.data["standard"], clocks.toronto_day(datetime.fromisoformat(e.data["due_at"])))
        for e in life.events
        if e.type == "standard_missed"
    ]
    assert missed == [("eligibility", date(2026, 12, 14)), ("decision", date(2027, 6, 29))]


def test_of_the_stage_and_the_whole_somebody_is_reminded_once_before_they_are_due():
    life = Life()

    life.pass_days(400)

    near = [
        (e.data["standard"], e.data["days"], clocks.toronto_day(e.occurred_at))
        for e in life.events
        if e.type == "standard_nearing"
    ]
    assert near == [("eligibility", 5, date(2026, 12, 7)), ("decision", 5, date(2027, 6, 22))]


def above(life) -> list[tuple[str, int, str]]:
    return [
        (e.data["standard"], e.data["days"], e.data["to"])
        for e in life.events
        if e.type == "standard_escalated"
    ]


def test_above_a_missed_standard_each_level_is_asked_in_turn_and_once():
    life = Life(clocks={})

    life.pass_days(500)

    assert above(life) == [
        ("eligibility", 5, "director"),
        ("eligibility", 15, "director_general"),
        ("decision", 5, "director_general"),
        ("decision", 20, "assistant_deputy_minister"),
    ]
    assert [c.scope for c in life.task("eligibility.confirm").candidates] == [
        "CTCBP", "director", "director_general", "assistant_deputy_minister",
    ]  # fmt: skip
    assert life.outcome is None
    agreed(life)


def test_whoever_is_asked_for_a_late_stage_may_take_its_tasks():
    life = Life(clocks={})
    life.pass_days(40)

    life.decide("eligibility.confirm", by="director-1")

    assert life.stage == "compliance"
    agreed(life)


def test_a_late_stage_gives_nobody_a_recommendation_a_signature_or_what_tells_of_a_match():
    life = Life(hits={"party": ("hit-1",)}, clocks={}).to("compliance")
    stage = life.case.rules.standards.stage_days["compliance"]

    life.pass_days(2 * stage)
    assert ("compliance", 5, "director") in above(life)
    asked = [c.scope for c in life.task("screening.adjudicate").candidates]
    assert asked == ["screening", "director_general"]  # who may see its evidence
    assert "director" in [c.scope for c in life.task("compliance.norms").candidates]

    life.to_task("funding.recommend")
    before = life.task("funding.recommend").candidates
    life.pass_days(200)
    assert ("funding", 15, "director_general") in above(life)
    assert life.task("funding.recommend").candidates == before


def test_what_stands_still_is_asked_of_nobody_above():
    life = Life(clocks={})
    life.pass_days(20)
    life.staff_act("hold")

    life.pass_days(300)
    assert above(life) == []

    life.staff_act("resume")
    life.pass_days(30)
    assert ("eligibility", 5, "director") in above(life)
    agreed(life)


def test_a_stage_that_is_done_in_time_reminds_nobody_of_its_standard():
    life = Life().to("compliance")

    life.pass_days(30)

    assert "standard_nearing" not in life.types()


def test_a_standard_that_is_missed_when_its_timer_rings_late_is_not_called_near():
    life = Life()

    life.case.take_time(life.case.stage_clock.due_at)
    life.drain()

    assert [t for t in life.types() if t.startswith("standard_")] == ["standard_missed"]


def test_a_stage_goes_on_with_the_days_it_has_left_when_work_comes_back_to_it():
    life = Life()
    life.pass_days(7)
    left = life.case.days_left(life.case.stage_clock.due_at)
    life.decide("eligibility.confirm", "return", sections=(Section.SUMMARY,))

    life.pass_days(10)
    life.resubmit(Section.SUMMARY, summary="Officers learn to find forged documents at a border.")

    assert life.case.stage_clock.due_at == life.case.due(left, life.now)


def test_older_terms_remind_nobody():
    life = Life(clocks={}, standards=None)

    life.pass_days(400)

    assert not {
        "task_reminded", "task_overdue", "task_escalated", "standard_missed", "standard_nearing",
        "standard_escalated",
    } & set(life.types())  # fmt: skip
    assert life.case.next_deadline() is None


@pytest.mark.parametrize("late", [timedelta(0), timedelta(days=30)], ids=["in time", "late"])
def test_a_timer_that_rings_late_tells_everything_in_its_order(late):
    life = Life()
    due = life.task("eligibility.confirm").due_at

    life.case.take_time(due + late)
    life.drain()

    steps = [step for step, _, _ in told_of(life, "eligibility.confirm")]
    assert steps == ["remind", "remind", "overdue", "escalate", "escalate"][: 3 if not late else 5]
