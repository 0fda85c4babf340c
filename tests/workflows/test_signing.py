"""The agreement: the partner accepts and signs, the department signs, or it lapses."""

import pytest

from schemas.tasks import ConditionFact, Gate
from tests.workflows.cases import Life, agreed, refusal


def in_agreement(**rules) -> Life:
    return Life(**rules).to("agreement")


def test_the_partner_accepts_the_conditions_and_signs_before_the_department():
    life = in_agreement()

    assert life.open == []
    assert refusal(lambda: life.act("sign")) == "conditions_not_accepted"
    life.act("accept_conditions")
    assert life.open == []
    life.act("sign")

    assert life.open == ["agreement.sign"]


def test_the_departments_signature_makes_the_money_firm_and_the_agreement_active():
    life = in_agreement()
    life.act("accept_conditions")
    life.act("sign")

    life.decide("agreement.sign")

    assert (life.stage, life.outcome, life.open) == ("active", "approved", [])
    assert life.purse.held == {}
    assert list(life.purse.committed) == [f"{life.reference}:1"]
    assert not life.case.is_under_way
    agreed(life)


@pytest.mark.parametrize("act", ["accept_conditions", "sign"])
def test_an_act_is_not_taken_twice(act):
    life = in_agreement()
    life.act("accept_conditions")
    if act == "sign":
        life.act("sign")

    assert refusal(lambda: life.act(act)) in ("already_accepted", "already_signed")


@pytest.mark.parametrize("act", ["accept_conditions", "sign"])
def test_there_is_nothing_to_sign_before_the_approval(act):
    assert refusal(lambda: Life().act(act)) == "no_agreement_yet"


def test_there_is_nothing_to_sign_before_the_letter_is_sent():
    life = Life(undo_minutes=60).to_task("funding.approve")
    life.decide("funding.approve")

    assert refusal(lambda: life.act("accept_conditions")) == "no_agreement_yet"
    life.pass_days(1)
    life.act("accept_conditions")


def test_an_agreement_lapses_when_the_partner_stays_silent():
    life = in_agreement()
    life.act("accept_conditions")

    life.pass_days(120)

    assert (life.stage, life.outcome) == ("closed", "lapsed")
    assert (life.purse.held, life.purse.committed) == ({}, {})
    agreed(life)


def test_a_signed_agreement_does_not_lapse_while_the_department_has_it():
    life = in_agreement()
    life.act("accept_conditions")
    life.act("sign")

    life.pass_days(400)

    assert (life.stage, life.open) == ("agreement", ["agreement.sign"])


@pytest.mark.parametrize(
    "stage", ["eligibility", "compliance", "desk", "funding", "agreement", "agreement.sign"]
)
def test_the_partner_may_withdraw_before_both_have_signed(stage):
    life = Life().to_task(stage) if "." in stage else Life().to(stage)

    life.act("withdraw")

    assert (life.stage, life.outcome, life.open) == ("closed", "withdrawn", [])
    assert (life.purse.held, life.purse.committed) == ({}, {})
    assert not life.case.is_under_way
    assert refusal(lambda: life.act("withdraw")) == "proposal_closed"
    agreed(life)


def test_a_returned_proposal_may_be_withdrawn():
    life = Life()
    life.decide("eligibility.confirm", "return")

    life.act("withdraw")

    assert life.outcome == "withdrawn"
    agreed(life)


def test_the_partner_may_not_withdraw_when_both_have_signed():
    life = Life().to("active")

    assert refusal(lambda: life.act("withdraw")) == "too_late_to_withdraw"


def test_a_closed_proposal_stays_through_the_reconsideration_window():
    life = Life()
    life.decide("eligibility.confirm", "ineligible")
    assert life.case.is_under_way

    life.pass_days(60)

    assert not life.case.is_under_way
    assert (life.outcome, life.open) == ("ineligible", [])


def test_the_department_does_not_sign_while_a_condition_holds_up_the_agreement():
    life = Life().to("compliance")
    condition = ConditionFact(id="c-1", gates=Gate.AGREEMENT)
    life.decide("compliance.norms", conditions=(condition,))
    life.to("agreement")
    life.act("accept_conditions")
    life.act("sign")

    assert refusal(lambda: life.decide("agreement.sign")) == "condition_not_met"
    assert life.open == ["agreement.sign"]


@pytest.mark.parametrize(
    ("kind", "outcome"), [("funding.approve", "approve"), ("funding.approve", "decline")]
)
def test_who_withdraws_before_the_decision_is_told_never_reads_of_it(kind, outcome):
    life = Life(undo_minutes=60).to_task(kind)
    life.decide(kind, outcome)

    life.act("withdraw")

    assert (life.stage, life.outcome) == ("closed", "withdrawn")
    assert life.view.letters == {}
    assert life.view.row.state["agreement"] is None
    assert (life.purse.held, life.purse.committed) == ({}, {})
    assert not life.case.is_under_way
    agreed(life)


def test_a_decision_that_is_told_is_not_withdrawn_from():
    life = Life(undo_minutes=60).to_task("funding.approve")
    life.decide("funding.approve", "decline")
    life.pass_days(1)

    assert refusal(lambda: life.act("withdraw")) == "proposal_closed"


def test_a_refusal_that_is_not_told_yet_leaves_the_same_answers_as_a_review():
    life = Life(undo_minutes=60).to_task("funding.approve")
    life.decide("funding.approve", "decline")

    assert refusal(lambda: life.act("sign")) == "no_agreement_yet"
