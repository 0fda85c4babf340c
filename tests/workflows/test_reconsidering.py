"""Reconsideration: others look again, on the file as it was; what stood stands."""

from datetime import timedelta

import pytest

from schemas.errors import Refused
from schemas.proposal import Section, Stage
from tests.workflows.cases import HIGH, Life, Purse, agreed


def ineligible() -> Life:
    life = Life()
    life.decide("eligibility.confirm", "ineligible")
    return life


def refused_by_arbitration() -> Life:
    life = Life().to(Stage.COMPLIANCE)
    life.decide("compliance.norms", "recommend_refusal")
    life.decide("arbitrate", "refuse", by="director-general-1")
    return life


def declined() -> Life:
    life = Life().to_task("funding.approve")
    life.decide("funding.approve", "decline", by="director-general-1")
    return life


def unfunded() -> Life:
    life = Life(purse=Purse(cents=0)).to_task("funding.recommend")
    life.decide("funding.recommend")
    while life.outcome is None:
        life.pass_days(5)
    return life


DECISIONS = [
    pytest.param(ineligible, Stage.ELIGIBILITY, "eligibility.confirm", id="ineligible"),
    pytest.param(refused_by_arbitration, Stage.COMPLIANCE, "arbitrate", id="refused"),
    pytest.param(declined, Stage.FUNDING, "funding.recommend", id="declined"),
    pytest.param(unfunded, Stage.FUNDING, "funding.recommend", id="unfunded"),
]


@pytest.mark.parametrize(("decided", "stage", "asked"), DECISIONS)
def test_it_is_reopened_where_it_was_decided_and_what_stood_stands(decided, stage, asked):
    life = decided()
    stood = {
        t.id
        for t in life.case.tasks.values()
        if t.stands and t.decided_by and t.stage != stage and t.kind != asked
    }
    life.act("reconsider")
    assert life.open == ["reconsider"]

    life.decide("reconsider", "reopen")

    assert (life.stage, life.outcome, life.case.closed_at) == (stage, None, None)
    assert asked in life.open
    assert all(life.case.tasks[t].stands for t in stood)
    assert life.purse.held == {}, "no money is held for it"
    row = life.view.row
    assert (row.stage, row.outcome, row.decided_at, row.told_at) == (stage, None, None, None)
    agreed(life)
    life.free(100_000_000_00)
    assert life.to(Stage.ACTIVE).outcome == "approved"
    agreed(life)


@pytest.mark.parametrize("decided", [ineligible, refused_by_arbitration, declined, unfunded])
def test_it_is_upheld_and_closes_after_the_window(decided):
    life = decided()
    outcome, events = life.outcome, len(life.events)
    life.act("reconsider")
    life.decide("reconsider", "uphold")

    assert (life.stage, life.outcome) == (Stage.CLOSED, outcome)
    assert [e.type.value for e in life.events[events:]] == [
        "reconsideration_asked", "task_opened", "task_decided", "decision_upheld",
        "letter_written",
    ]  # fmt: skip
    assert life.events[-1].data["kind"] == "upheld"
    assert life.view.row.state["reconsideration"]["state"] == "upheld"
    with pytest.raises(Refused, match="already_reconsidered"):
        life.act("reconsider")
    life.pass_days(60)
    assert not life.case.is_under_way


def test_others_than_those_who_decided_anything_reconsider():
    life = declined()
    life.act("reconsider")

    task = life.task("reconsider")
    takers = life.takers(task)

    assert "director-general-1" not in takers
    assert takers
    assert not any(each.startswith("director-1") for each in takers), "below the level of the terms"
    with pytest.raises(Refused, match="separation_of_duties"):
        life.decide("reconsider", "reopen", by="director-general-1")
    life.decide("reconsider", "reopen", by="director-general-2")
    life.to_task("funding.approve")
    assert "director-general-2" not in life.takers(life.task("funding.approve"))


def test_it_goes_no_lower_than_the_level_that_decided():
    life = Life().to(Stage.COMPLIANCE)
    life.decide("compliance.norms", inherent=HIGH, residual=HIGH)
    life.to_task("funding.record_decision")
    life.decide("funding.record_decision", "declined", by="programme-officer-1")
    life.decide("confirm", "agree")
    assert life.outcome == "declined"

    life.act("reconsider")

    record = life.task("reconsider.record_decision")
    assert record.detail["rung"] == "minister"
    life.decide_task(record, "reopened", by="programme-officer-1")
    assert (life.stage, life.outcome) == (Stage.CLOSED, "declined"), "it is confirmed first"
    with pytest.raises(Refused, match="separation_of_duties"):
        life.decide("confirm", "agree", by="programme-officer-1")
    life.decide("confirm", "agree", by="programme-officer-2")
    assert (life.stage, life.outcome) == (Stage.FUNDING, None)
    agreed(life)
    assert life.to(Stage.ACTIVE).outcome == "approved"


def test_what_two_disagree_on_is_recorded_anew():
    life = Life().to(Stage.COMPLIANCE)
    life.decide("compliance.norms", inherent=HIGH, residual=HIGH)
    life.to_task("funding.record_decision")
    life.decide("funding.record_decision", "declined", by="programme-officer-1")
    life.decide("confirm", "agree")
    life.act("reconsider")
    life.decide("reconsider.record_decision", "reopened", by="programme-officer-1")

    life.decide("confirm", "disagree", by="programme-officer-2")

    assert life.open == ["reconsider.record_decision"]
    life.decide("reconsider.record_decision", "upheld", by="programme-officer-2")
    life.decide("confirm", "agree", by="programme-officer-1")
    assert (life.stage, life.outcome, life.open) == (Stage.CLOSED, "declined", [])
    agreed(life)


def test_a_refusal_by_legal_that_is_reconsidered_is_asked_of_legal_and_sealed_again():
    life = Life(hits={"one": ("hit-a",)}, owners=frozenset({"one"})).to(Stage.COMPLIANCE)
    life.decide("screening.adjudicate", "match")
    life.decide("legal.disposition", "refuse")
    assert life.outcome == "declined"
    life.act("reconsider")
    life.decide("reconsider", "reopen")

    assert life.case.seals == {life.task("legal.disposition").id}
    with pytest.raises(Refused, match="on_hold"):
        life.decide("compliance.norms")
    life.decide("legal.disposition", "not_applicable")
    assert life.to(Stage.ACTIVE).outcome == "approved"
    agreed(life)


def test_what_was_open_when_it_was_decided_is_asked_again():
    life = Life().to(Stage.COMPLIANCE)
    rights = life.decide("compliance.human_rights")
    assert life.task("confirm", rights.id)
    life.decide("compliance.norms", "recommend_refusal")
    life.decide("arbitrate", "refuse")
    life.act("reconsider")
    life.decide("reconsider", "reopen")

    assert life.task("confirm", rights.id)
    assert "compliance.gender" in life.open
    assert life.to(Stage.ACTIVE).outcome == "approved"


def test_what_lists_said_meanwhile_is_screened():
    life = declined()
    life.import_list(one=("hit-a",))
    assert "screening.adjudicate" not in life.open
    life.act("reconsider")
    life.decide("reconsider", "reopen")

    assert "screening.adjudicate" in life.open


def test_the_clock_to_a_decision_goes_on_with_the_days_it_had_left():
    life = declined()
    left = life.case.ended.days_left
    assert left
    life.pass_days(10)
    life.act("reconsider")
    life.pass_days(10)
    life.decide("reconsider", "reopen")

    assert life.case.days_left(life.case.clock.due_at) == left
    assert life.view.row.state["stage_clock"]["due_at"] is not None


def test_months_of_silence_remind_those_who_reconsider_and_decide_nothing():
    life = declined()
    life.act("reconsider")
    life.pass_days(400)

    assert life.types()[-3:] == ["task_reminded", "task_reminded", "task_overdue"]
    assert (life.stage, life.outcome, life.open) == (Stage.CLOSED, "declined", ["reconsider"])
    life.decide("reconsider", "reopen")
    assert life.stage is Stage.FUNDING


def test_a_decision_taken_anew_is_reconsidered_by_itself():
    life = ineligible()
    life.act("reconsider")
    life.decide("reconsider", "reopen")
    life.decide("eligibility.confirm", "ineligible")

    life.act("reconsider")

    assert life.open == ["reconsider"]
    life.decide("reconsider", "uphold")
    agreed(life)


def too_late() -> Life:
    life = declined()
    life.pass_days(60)
    return life


def lapsed() -> Life:
    life = Life()
    life.decide("eligibility.confirm", "return", sections=(Section.SUMMARY,))
    life.pass_days(200)
    return life


def withdrawn() -> Life:
    life = Life()
    life.act("withdraw")
    return life


@pytest.mark.parametrize(
    ("life", "code"),
    [
        pytest.param(Life, "no_decision_yet", id="in review"),
        pytest.param(lambda: Life().to(Stage.AGREEMENT), "no_decision_yet", id="approved"),
        pytest.param(too_late, "reconsideration_over", id="after the window"),
        pytest.param(lapsed, "not_reconsidered", id="lapsed"),
        pytest.param(withdrawn, "not_reconsidered", id="withdrawn"),
    ],
)
def test_what_is_not_reconsidered(life, code):
    life = life()
    before = life.case.digest()

    with pytest.raises(Refused, match=code):
        life.act("reconsider")

    assert life.case.digest() == before


def test_nobody_asks_before_the_decision_is_told():
    life = Life(undo_minutes=60)
    life.decide("eligibility.confirm", "ineligible")

    with pytest.raises(Refused, match="no_decision_yet"):
        life.act("reconsider")

    life.now += timedelta(minutes=61)
    life.act("reconsider")
    assert life.open == ["reconsider"]


def test_under_terms_that_name_no_decision_nothing_is_reconsidered():
    life = Life(reconsideration={})
    life.decide("eligibility.confirm", "ineligible")

    with pytest.raises(Refused, match="not_reconsidered"):
        life.act("reconsider")
