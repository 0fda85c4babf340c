"""Separation of duties, where the decision is taken (product.md, section 2)."""

import itertools

import pytest

from schemas.errors import Refused
from schemas.messages import Decision
from schemas.people import Actor
from tests.policy.proposals import a_proposal
from tests.workflows.cases import AFRICA_AND_JORDAN, HIGH, PARTNER, Life, refusal

ONE = "one-person"
DUTIES = ("eligibility", "compliance", "desk", "arbitration", "recommendation", "approval")
TASKS = {
    "eligibility": "eligibility.confirm",
    "compliance": "compliance.norms",
    "desk": "desk.consult",
    "arbitration": "arbitrate",
    "recommendation": "funding.recommend",
    "approval": "funding.approve",
}
PAIRS = [pytest.param(*pair, id=f"{pair[0]} then {pair[1]}") for pair in
         itertools.combinations(DUTIES, 2)]  # fmt: skip


def before(life: Life, duty: str) -> Life:
    """The proposal with the task of *duty* open."""
    if duty == "arbitration":
        life.to("desk").decide("desk.consult", "object")
    return life.to_task(TASKS[duty])


def code_and_rule(life: Life, kind: str, by: str, outcome: str | None = None) -> tuple[str, str]:
    with pytest.raises(Refused) as refused:
        life.decide(kind, outcome, by=by)
    return refused.value.code, refused.value.facts.get("rule", "")


@pytest.mark.parametrize(("first", "second"), PAIRS)
def test_one_person_takes_at_most_one_duty(first, second):
    life = before(Life(a_proposal(**AFRICA_AND_JORDAN)), first)
    life.decide(TASKS[first], by=ONE)

    before(life, second)

    code, rule = code_and_rule(life, TASKS[second], ONE)
    approves = (first, second) == ("arbitration", "approval")
    assert (code, rule) == (
        "separation_of_duties",
        "arbitrator_approves" if approves else "one_duty",
    )


@pytest.mark.parametrize("duty", DUTIES)
def test_acting_on_behalf_counts_for_both(duty):
    life = before(Life(a_proposal(**AFRICA_AND_JORDAN)), duty)
    life.decide(TASKS[duty], by="another", on_behalf_of=ONE)
    second = "desk.sign_off" if duty != "desk" else "funding.recommend"
    if duty in ("recommendation", "approval"):
        second = "agreement.sign"

    life.to_task(second)

    if second == "agreement.sign":
        life.decide(second, by=ONE)  # signing counts as none of the six
    else:
        assert code_and_rule(life, second, ONE)[1] == "one_duty"
        assert code_and_rule(life, second, "another")[1] == "one_duty"


def test_who_confirms_a_finding_did_not_make_it_nor_any_other():
    life = Life(low_sample_percent=0).to("compliance")
    life.decide("compliance.norms", by="maker", inherent=HIGH, residual=HIGH)
    life.decide("compliance.merit", by="other-maker")

    assert code_and_rule(life, "confirm", "maker")[1] == "own_decision"
    assert code_and_rule(life, "confirm", "other-maker")[1] == "own_finding"
    life.decide("confirm", by="third")


def test_who_made_a_finding_that_no_longer_stands_may_confirm_the_new_one():
    life = Life(low_sample_percent=0).to("compliance")
    life.decide("compliance.norms", "return", by="norms-1")
    life.to_task("return.release").decide("return.release")
    life.resubmit()
    life.decide("compliance.norms", by="norms-2", inherent=HIGH, residual=HIGH)

    life.decide("confirm", by="norms-1")


def test_one_person_arbitrates_for_a_proposal():
    life = Life(a_proposal(**AFRICA_AND_JORDAN)).to("desk")
    life.decide("desk.consult", "object", subject="africa")
    life.decide("arbitrate", by="director-general-2")
    life.decide("desk.consult", "object")

    assert life.takers(life.task("arbitrate")) == ["director-general-2"]
    assert code_and_rule(life, "arbitrate", "director-general-1")[1] == "one_arbitrator"


def test_releasing_a_return_counts_as_none_of_the_duties():
    life = Life()
    life.decide("eligibility.confirm", by="programme-officer-1")
    life.to_task("compliance.norms").decide("compliance.norms", "return")

    life.to_task("return.release").decide("return.release", by="programme-officer-1")

    assert life.stage == "returned"


def test_recording_a_paper_decision_counts_as_none_and_confirming_it_needs_another():
    life = Life(residual_levels={"low": "minister"})
    life.decide("eligibility.confirm", by="programme-officer-1")
    life.to_task("funding.record_decision")

    life.decide("funding.record_decision", by="programme-officer-1")

    assert code_and_rule(life, "confirm", "programme-officer-1")[1] == "own_decision"
    life.decide("confirm", by="programme-officer-2")


def test_nobody_decides_on_their_own_organizations_proposal():
    life = Life()
    task = life.task("eligibility.confirm")
    decision = Decision(
        task=task.id,
        outcome="eligible",
        actor=Actor(id="insider", organization=PARTNER),
        request_id="request",
    )

    assert refusal(lambda: life.case.check_decide(decision)) == "own_organization"


def test_who_submitted_does_not_confirm_the_eligibility():
    assert code_and_rule(Life(), "eligibility.confirm", "demo-signatory-1")[1] == "own_submission"


def test_a_superseded_act_still_counts():
    life = Life()
    life.decide("eligibility.confirm", "return", by=ONE)
    life.resubmit()
    life.to("compliance")

    assert code_and_rule(life, "compliance.norms", ONE)[1] == "one_duty"


# ---- which decision counts


def test_the_loser_is_told_who_decided_and_when():
    life = Life()
    task = life.decide("eligibility.confirm", by="programme-officer-1")

    with pytest.raises(Refused) as refused:
        life.decide_task(task, "eligible", by="programme-officer-2")

    assert refused.value.code == "already_decided"
    assert refused.value.facts["by"] == "programme-officer-1"
    assert refused.value.facts["at"].startswith("2026-11-23T15:00:00")


def test_a_task_that_was_closed_is_not_decided():
    life = Life()
    task = life.task("eligibility.confirm")
    life.act("withdraw")

    assert refusal(lambda: life.decide_task(task, "eligible")) == "task_cancelled"


def test_a_task_that_does_not_exist_is_not_decided():
    decision = Decision(
        task="nothing", outcome="eligible", actor=Actor(id=ONE), request_id="request"
    )

    assert refusal(lambda: Life().case.check_decide(decision)) == "task_unknown"


def test_only_an_outcome_on_offer_is_taken():
    assert refusal(lambda: Life().decide("eligibility.confirm", "approve")) == (
        "outcome_not_offered"
    )


def test_a_refusal_changes_nothing():
    life = Life()
    digest, types = life.case.digest(), life.types()

    refusal(lambda: life.decide("eligibility.confirm", "approve"))

    assert (life.case.digest(), life.types()) == (digest, types)
