"""Conditions of an approved proposal: given, judged, waived, reminded, and what they hold up."""

from datetime import timedelta

import pytest

from policy.rules import gates
from schemas.errors import Refused
from schemas.messages import GivenDocument
from schemas.people import Level
from schemas.tasks import ConditionFact, ConditionState, Gate, KeptBy
from store.projection import fold
from tests.workflows.cases import LOW, MEDIUM, MONDAY, Life, refusal

DUE = (MONDAY + timedelta(days=120)).date().isoformat()
ONE = "c-1"


def with_condition(
    gate: Gate = Gate.AGREEMENT, kept_by: KeptBy = KeptBy.PARTNER, due: str | None = DUE, **rules
) -> Life:
    """A proposal that is approved with one condition, set by who reviews human rights."""
    life = Life(**rules).to_task("compliance.human_rights")
    condition = ConditionFact(id=ONE, gates=gate, due_date=due, kept_by=kept_by)
    life.decide("compliance.human_rights", inherent=MEDIUM, residual=LOW, conditions=(condition,))
    return life.to("agreement")


def state_of(life: Life) -> str:
    [told] = [c for c in life.view.row.state["conditions"] if c["id"] == ONE]
    assert told["state"] == life.case.obligations[ONE].state
    return told["state"]


def to_signature(life: Life) -> Life:
    life.act("accept_conditions")
    life.act("sign")
    return life


def test_a_condition_that_is_open_holds_the_signature_up_and_says_who_can_open_it():
    life = to_signature(with_condition())

    with pytest.raises(Refused, match="condition_not_met") as refused:
        life.decide("agreement.sign")

    [owed] = refused.value.facts["owed"]
    assert (owed["condition"], owed["state"], owed["kept_by"]) == (ONE, "open", "partner")
    assert owed["judged_by"] == [{"role": "reviewer", "scope": "human_rights"}]


def test_evidence_that_is_judged_to_do_opens_the_gate():
    life = to_signature(with_condition())

    life.act("give_evidence", condition=ONE, documents=(GivenDocument(id="d", sha256="0" * 64),))
    assert state_of(life) == "evidence_given"
    assert refusal(lambda: life.decide("agreement.sign")) == "condition_not_met"
    life.decide("condition.judge", "met")
    life.decide("agreement.sign")

    assert (state_of(life), life.stage) == ("met", "active")
    assert fold(life.events).row.state == life.view.row.state


def test_evidence_that_does_not_do_may_be_given_again():
    life = with_condition()
    life.act("give_evidence", condition=ONE)
    life.decide("condition.judge", "not_met")
    assert state_of(life) == "not_met"

    life.act("give_evidence", condition=ONE)
    life.decide("condition.judge", "met")

    assert state_of(life) == "met"
    assert refusal(lambda: life.act("give_evidence", condition=ONE)) == "condition_is_over"


def test_more_evidence_beside_a_judgement_that_is_asked_for_asks_for_no_second_one():
    life = with_condition()

    life.act("give_evidence", condition=ONE)
    life.act("give_evidence", condition=ONE)

    assert life.open.count("condition.judge") == 1
    assert len(life.view.row.state["obligations"][ONE]["given"]) == 2


def test_a_condition_is_waived_only_once_a_second_person_agrees():
    life = to_signature(with_condition())
    life.staff_act("judge_condition", by="human-rights-1", condition=ONE)

    judged = life.decide("condition.judge", "waived")
    assert state_of(life) == "open"
    assert refusal(lambda: life.decide("agreement.sign")) == "condition_not_met"
    assert (
        refusal(lambda: life.decide("confirm", "agree", by=judged.decided_by.id))
        == "separation_of_duties"
    )
    life.decide("confirm", "agree", subject=judged.id)
    life.decide("agreement.sign")

    assert (state_of(life), life.stage) == ("waived", "active")


def test_whoever_does_not_agree_that_it_is_waived_asks_for_another_judgement():
    life = with_condition()
    life.staff_act("judge_condition", by="human-rights-1", condition=ONE)
    life.decide("condition.judge", "waived")

    life.decide("confirm", "disagree")

    assert (state_of(life), life.open) == ("open", ["condition.judge"])


def test_where_terms_say_so_one_person_waives():
    rule = Life().terms.rules.conditions.model_copy(update={"waivers_confirmed": False})
    life = with_condition(conditions=rule)
    life.staff_act("judge_condition", by="human-rights-1", condition=ONE)

    life.decide("condition.judge", "waived")

    assert (state_of(life), life.open) == ("waived", [])


def test_only_its_owner_gives_evidence():
    partners = with_condition()
    departments = with_condition(kept_by=KeptBy.DEPARTMENT)

    assert (
        refusal(lambda: partners.staff_act("give_evidence", condition=ONE))
        == "condition_of_another"
    )
    assert (
        refusal(lambda: departments.act("give_evidence", condition=ONE)) == "condition_of_another"
    )


def test_who_gave_the_departments_evidence_does_not_judge_it():
    life = with_condition(kept_by=KeptBy.DEPARTMENT)
    life.staff_act("give_evidence", by="human-rights-1", condition=ONE)

    with pytest.raises(Refused, match="separation_of_duties") as refused:
        life.decide("condition.judge", "met", by="human-rights-1")

    assert refused.value.facts["rule"] == "own_evidence"
    life.decide("condition.judge", "met", by="human-rights-2")
    assert state_of(life) == "met"


def test_nothing_binds_before_the_approval_and_nothing_hints_at_it_before_it_is_told():
    review = Life().to("funding")
    assert refusal(lambda: review.act("give_evidence", condition=ONE)) == "no_agreement_yet"

    life = with_condition(due=(MONDAY + timedelta(days=5)).date().isoformat(), undo_minutes=1440)

    assert refusal(lambda: life.act("give_evidence", condition=ONE)) == "no_agreement_yet"
    told_at = life.case.told_at
    assert all(rung.at > told_at for rung in life.case.obligations[ONE].rungs)


def test_a_condition_that_nobody_set_is_unknown():
    life = with_condition()

    assert refusal(lambda: life.act("give_evidence", condition="c-9")) == "condition_unknown"


def test_its_owner_is_reminded_and_once_it_is_overdue_those_who_judge_are_asked():
    life = to_signature(with_condition())

    life.pass_days(125)

    steps = [each["step"] for each in life.view.row.state["obligations"][ONE]["reached"]]
    assert steps == ["remind", "remind", "remind", "overdue"]
    assert (state_of(life), "condition.judge" in life.open) == ("open", True)


def test_what_stays_not_met_is_put_to_those_above():
    life = to_signature(with_condition())
    life.pass_days(121)
    life.decide("condition.judge", "not_met")

    life.pass_days(10)

    task = life.task("condition.judge")
    assert [c.scope for c in task.candidates] == ["human_rights", Level.DIRECTOR]


def test_what_is_met_is_reminded_of_no_more():
    life = to_signature(with_condition())
    life.act("give_evidence", condition=ONE)
    life.decide("condition.judge", "met")

    life.pass_days(300)

    assert not {"condition_reminded", "condition_overdue"} & set(life.types())


def test_a_condition_on_payments_is_followed_after_both_have_signed():
    life = to_signature(with_condition(Gate.PAYMENT))
    life.decide("agreement.sign")
    assert (life.stage, life.case.is_followed) == ("active", True)

    life.pass_days(121)
    assert life.open == ["condition.judge"]
    life.decide("condition.judge", "met")

    assert not life.case.is_followed
    assert not life.case.is_under_way
    assert fold(life.events).row.state == life.view.row.state


def test_a_judgement_under_way_goes_on_though_the_department_signs():
    life = to_signature(with_condition(Gate.PAYMENT))
    life.act("give_evidence", condition=ONE)

    life.decide("agreement.sign")

    assert life.open == ["condition.judge"]


def test_nothing_is_followed_under_older_terms():
    life = to_signature(with_condition(Gate.PAYMENT, conditions=None))
    life.decide("agreement.sign")

    assert not life.case.is_followed
    assert life.case.next_deadline() is None


def test_a_withdrawal_ends_every_condition():
    life = with_condition()
    life.act("give_evidence", condition=ONE)

    life.act("withdraw")

    assert (life.open, life.case.obligations) == ([], {})
    assert life.case.next_deadline() is None


def test_a_decision_that_is_taken_back_binds_nobody():
    life = with_condition(undo_minutes=1440)
    approval = life.of_kind("funding.approve")[-1]

    life.staff_act("undo", by=approval.decided_by.id, task=approval.id)

    assert life.case.obligations == {}
    assert life.view.row.state["obligations"] == {}


def test_a_desk_judges_what_its_head_has_set():
    life = Life().to_task("desk.sign_off")
    condition = ConditionFact(id=ONE, gates=Gate.AGREEMENT, due_date=DUE)
    signed = life.decide("desk.sign_off", "sign", conditions=(condition,))
    life.to("agreement")

    life.act("give_evidence", condition=ONE)

    assert life.task("condition.judge").candidates == signed.candidates


@pytest.mark.parametrize(
    ("step", "gate", "holds"),
    [
        (Gate.AGREEMENT, Gate.AGREEMENT, True),
        (Gate.AGREEMENT, Gate.FIRST_PAYMENT, False),
        (Gate.FIRST_PAYMENT, Gate.FIRST_PAYMENT, True),
        (Gate.FIRST_PAYMENT, Gate.PAYMENT, True),
        (Gate.PAYMENT, Gate.AGREEMENT, True),
        (Gate.PAYMENT, Gate.CLOSING, False),
        (Gate.CLOSING, Gate.PAYMENT, True),
        (Gate.CLOSING, Gate.CLOSING, True),
    ],
)
def test_which_gate_holds_which_step_up(step, gate, holds):
    assert (gate in gates.holding_up(step)) is holds


def test_an_open_state_is_every_one_but_met_and_waived():
    over = {state for state in ConditionState if state.is_over}

    assert over == {ConditionState.MET, ConditionState.WAIVED}
