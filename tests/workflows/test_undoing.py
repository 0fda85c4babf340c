"""A decision taken back in its undo window: as if it had not been taken, but for the file."""

from datetime import timedelta

import pytest

from schemas.errors import Refused
from schemas.people import Level
from schemas.proposal import Stage
from tests.workflows.cases import Life, agreed

WINDOW = {"undo_minutes": 60}
NO_AGREEMENT = (Stage.ELIGIBILITY, Stage.COMPLIANCE, Stage.DESK, Stage.FUNDING)


def ineligible() -> Life:
    life = Life(**WINDOW)
    life.decide("eligibility.confirm", "ineligible")
    return life


def refused() -> Life:
    life = Life(**WINDOW).to(Stage.COMPLIANCE)
    life.decide("compliance.norms", "recommend_refusal")
    life.decide("arbitrate", "refuse", by="director-general-1")
    return life


def barred() -> Life:
    life = Life(**WINDOW).to(Stage.COMPLIANCE)
    life.decide("compliance.norms", "barred")
    life.decide("legal.disposition", "refuse")
    return life


def a_match() -> Life:
    life = Life(hits={"one": ("hit-a",)}, **WINDOW)
    life.decide("screening.adjudicate", "match")
    life.decide("legal.disposition", "refuse")
    return life


def declined() -> Life:
    life = Life(**WINDOW).to_task("funding.approve")
    life.decide("funding.approve", "decline")
    return life


def approved() -> Life:
    life = Life(**WINDOW).to_task("funding.approve")
    life.decide("funding.approve", "approve")
    return life


def approved_without_an_agreement() -> Life:
    life = Life(stages=NO_AGREEMENT, **WINDOW).to_task("funding.approve")
    life.decide("funding.approve", "approve")
    return life


def on_paper(outcome: str) -> Life:
    life = Life(**WINDOW).to_task("funding.recommend")
    life.decide("funding.recommend", rung=Level.MINISTER)
    life.decide("funding.record_decision", outcome)
    life.decide("confirm", "agree")
    return life


def approved_on_paper() -> Life:
    return on_paper("approved")


DECISIONS = [
    pytest.param(ineligible, "eligibility", "eligibility.confirm", id="ineligible"),
    pytest.param(refused, "compliance", "arbitrate", id="refused by arbitration"),
    pytest.param(barred, "compliance", "legal.disposition", id="refused by legal"),
    pytest.param(a_match, "eligibility", "legal.disposition", id="refused for a match"),
    pytest.param(declined, "funding", "funding.approve", id="declined"),
    pytest.param(approved, "funding", "funding.approve", id="approved"),
    pytest.param(
        approved_without_an_agreement, "funding", "funding.approve", id="approved, firm at once"
    ),
    pytest.param(approved_on_paper, "funding", "funding.record_decision", id="approved on paper"),
]
AGAIN = [pytest.param(each.values[0], each.values[2], id=each.id) for each in DECISIONS]


def decision_of(life, kind):
    return [t for t in life.case.tasks.values() if t.kind == kind and t.decided_by][-1]


def undo(life, task, by=None):
    life.staff_act("undo", by=by or task.decided_by.id, task=task.id)


def to_active(life):
    if Stage.AGREEMENT in life.case.rules.stages:
        life.to("agreement")
        life.pass_days(1)  # the partner signs what it was told of
    life.to("active")


def refusal(act):
    with pytest.raises(Refused) as refused:
        act()
    return refused.value.code


@pytest.mark.parametrize(("decided", "stage", "kind"), DECISIONS)
def test_it_stands_where_it_was_and_the_same_question_is_asked_anew(decided, stage, kind):
    life = decided()
    task = decision_of(life, kind)
    stood = {t.id for t in life.case.tasks.values() if t.stands and t.decided_by} - {task.id}

    undo(life, task)

    assert (life.stage, life.outcome, life.case.closed_at) == (stage, None, None)
    [asked] = [t for t in life.case.open_tasks() if t.kind == kind]
    assert (asked.previous, task.stands) == (task.id, False)
    assert {t for t in stood if not life.case.tasks[t].stands} <= {
        t.id for t in life.case.tasks.values() if t.confirms == task.id
    }
    assert life.view.letters == {}
    agreed(life)


@pytest.mark.parametrize(("decided", "kind"), AGAIN)
def test_who_decided_decides_again_and_the_letter_has_the_number_of_the_first(decided, kind):
    life = decided()
    task, letters, purse = decision_of(life, kind), dict(life.view.letters), life.purse
    held = (sum(purse.held.values()), sum(purse.committed.values()))
    undo(life, task)

    life.decide(kind, task.outcome, by=task.decided_by.id)
    if kind == "funding.record_decision":
        life.decide("confirm", "agree")

    assert life.view.letters.keys() == letters.keys()
    assert (sum(purse.held.values()), sum(purse.committed.values())) == held
    agreed(life)


@pytest.mark.parametrize(("decided", "kind"), AGAIN)
def test_it_ends_well_after_that(decided, kind):
    life = decided()
    undo(life, decision_of(life, kind))
    if kind == "eligibility.confirm":
        life.decide(kind)

    to_active(life)

    assert life.outcome == "approved"
    assert sum(life.purse.committed.values()) == life.case.submission.amount_cents
    agreed(life)


@pytest.mark.parametrize(("decided", "kind"), AGAIN)
def test_the_clock_to_a_decision_is_the_one_before(decided, kind):
    before = Life(**WINDOW).case.clock
    life = decided()
    life.now += timedelta(minutes=50)

    undo(life, decision_of(life, kind))

    assert life.case.clock == before
    assert life.view.row.state["clock"]["due_at"] is not None


def test_nobody_else_takes_it_back():
    life = declined()
    task = decision_of(life, "funding.approve")

    for other in ("finance-officer-1", "director-general-3", "programme-officer-2"):
        assert refusal(lambda by=other: undo(life, task, by)) == "not_your_decision"

    assert life.outcome == "declined"


def test_who_confirmed_a_decision_on_paper_takes_it_back():
    life = approved_on_paper()
    recorded = decision_of(life, "funding.record_decision")
    [confirm] = [t for t in life.case.tasks.values() if t.confirms == recorded.id]

    undo(life, confirm)

    assert life.open == ["funding.record_decision"]
    assert refusal(lambda: undo(life, recorded)) == "already_undone"
    agreed(life)


@pytest.mark.parametrize(("decided", "kind"), AGAIN)
def test_it_is_taken_back_once(decided, kind):
    life = decided()
    task = decision_of(life, kind)
    undo(life, task)
    emitted = life.case.emitted

    assert refusal(lambda: undo(life, task)) == "already_undone"
    assert life.case.emitted == emitted


@pytest.mark.parametrize(("decided", "kind"), AGAIN)
def test_once_it_is_told_it_stands(decided, kind):
    life = decided()
    told_at = life.case.told_at
    life.now = told_at

    with pytest.raises(Refused) as refused:
        undo(life, decision_of(life, kind))

    assert refused.value.code == "undo_window_over"
    assert refused.value.facts == {"at": told_at.strftime("%Y-%m-%dT%H:%M:%S.%fZ")}


def test_what_has_no_letter_is_not_taken_back():
    life = Life(**WINDOW).to(Stage.COMPLIANCE)

    task = decision_of(life, "eligibility.confirm")

    assert refusal(lambda: undo(life, task)) == "no_letter_to_undo"


def test_the_act_goes_on_counting_as_the_same_duty():
    life = declined()
    task = decision_of(life, "funding.approve")
    undo(life, task)

    life.decide("funding.approve", "approve", by="director-general-2")

    assert life.outcome == "approved"
    acts = [t for t in life.case.tasks.values() if t.kind == "funding.approve"]
    assert len({t.decided_by.id for t in acts}) == 2


def test_the_clock_stays_stopped_where_a_hold_was_set_meanwhile():
    life = approved()
    task = decision_of(life, "funding.approve")
    life.staff_act("hold")

    undo(life, task)

    assert life.case.clock.due_at is None
    assert refusal(lambda: life.decide("funding.approve")) == "on_hold"
    life.staff_act("resume")
    to_active(life)
    agreed(life)


def test_firm_money_goes_back_where_the_partner_withdraws_from_what_it_was_not_told():
    life = approved_without_an_agreement()
    assert sum(life.purse.committed.values()) == life.case.submission.amount_cents

    life.act("withdraw")

    assert (life.outcome, life.purse.held, life.purse.committed) == ("withdrawn", {}, {})
    assert not life.case.may_be_taken_back
    agreed(life)


def test_an_approval_without_an_agreement_stays_open_until_it_is_told():
    life = approved_without_an_agreement()
    assert life.case.may_be_taken_back
    assert life.case.next_deadline() == life.case.told_at

    life.pass_days(1)

    assert not life.case.may_be_taken_back
    assert life.outcome == "approved"


def test_money_is_nobody_elses_while_the_decision_against_it_may_be_taken_back():
    life = declined()
    held = dict(life.purse.held)
    assert held

    undo(life, decision_of(life, "funding.approve"))

    assert life.purse.held == held
    assert "money_released" not in life.types()
    assert life.case.reservation.state == "reserved"
    life.decide("funding.approve", "approve")
    to_active(life)
    assert life.purse.committed == held
    agreed(life)


def test_money_comes_free_the_moment_the_partner_is_told():
    life = declined()
    assert life.case.next_deadline() == life.case.ended.told_at

    life.pass_days(1)

    assert (life.purse.held, life.case.reservation) == ({}, None)
    released = [e for e in life.events if e.type == "money_released"]
    assert [e.occurred_at for e in released] == [life.case.ended.told_at]
    agreed(life)


def test_a_partner_who_withdraws_while_it_is_not_told_lets_the_money_go_at_once():
    life = declined()

    life.act("withdraw")

    assert (life.purse.held, life.case.reservation) == ({}, None)
    agreed(life)


def test_without_a_window_money_goes_with_the_decision():
    life = Life(undo_minutes=0).to_task("funding.approve")

    life.decide("funding.approve", "decline")

    assert life.purse.held == {}
    agreed(life)


def test_a_hold_that_stood_when_legal_refused_stands_again():
    life = Life(hits={"one": ("hit-a",)}, **WINDOW)
    life.decide("screening.adjudicate", "match")
    life.staff_act("hold")
    [before] = [hold for hold in life.view.row.state["holds"] if hold["kind"] == "hold"]
    life.decide("legal.disposition", "refuse")
    assert not any(hold["kind"] == "hold" for hold in life.view.row.state["holds"])

    undo(life, decision_of(life, "legal.disposition"))
    life.decide("legal.disposition", "not_applicable")

    assert life.view.row.state["holds"] == [before]
    assert refusal(lambda: life.decide("eligibility.confirm")) == "on_hold"
    assert life.case.clock.due_at is None
    life.staff_act("resume")
    to_active(life)
    agreed(life)
