"""Compliance: parallel findings, their levels, and who else has to look."""

import pytest

from schemas.tasks import ConditionFact, Gate
from tests.policy.proposals import a_proposal
from tests.workflows.cases import HIGH, LOW, MEDIUM, Life, agreed, refusal


def in_compliance(**rules) -> Life:
    return Life(**{"low_sample_percent": 0, **rules}).to("compliance")


def test_the_findings_are_asked_for_in_parallel():
    life = in_compliance()

    assert life.open == [
        "compliance.export_control",
        "compliance.gender",
        "compliance.human_rights",
        "compliance.merit",
        "compliance.norms",
    ]


def test_without_a_trigger_four_findings_are_asked_for():
    life = Life(a_proposal(equipment=[], assistance=["training"])).to("compliance")

    assert len(life.open) == 4


@pytest.mark.parametrize(
    ("inherent", "residual", "asked"),
    [
        pytest.param(LOW, LOW, False, id="low is not confirmed"),
        pytest.param(MEDIUM, LOW, True, id="an inherent medium is, though mitigated to low"),
        pytest.param(MEDIUM, MEDIUM, True, id="medium is"),
        pytest.param(HIGH, LOW, True, id="an inherent high is"),
        pytest.param(HIGH, HIGH, True, id="high is"),
    ],
)
def test_a_second_person_confirms_a_rated_finding_above_low(inherent, residual, asked):
    life = in_compliance()

    finding = life.decide("compliance.norms", inherent=inherent, residual=residual)

    assert [t.confirms for t in life.of_kind("confirm")] == ([finding.id] if asked else [])


def test_every_low_finding_is_confirmed_where_the_sample_is_all():
    life = in_compliance(low_sample_percent=100)

    finding = life.decide("compliance.norms")

    assert life.task("confirm").confirms == finding.id


def test_the_sample_is_drawn_from_the_task_and_not_by_chance():
    sampled = [
        bool(life.of_kind("confirm"))
        for number in range(1, 41)
        for life in [Life(number=number, low_sample_percent=30).to("compliance")]
        if life.decide("compliance.norms")
    ]
    again = [
        bool(life.of_kind("confirm"))
        for number in range(1, 41)
        for life in [Life(number=number, low_sample_percent=30).to("compliance")]
        if life.decide("compliance.norms")
    ]

    assert sampled == again
    assert 4 <= sum(sampled) <= 20


@pytest.mark.parametrize("kind", ["compliance.merit", "compliance.gender"])
def test_merit_and_gender_carry_no_level_and_need_no_confirmation(kind):
    life = in_compliance(low_sample_percent=100)

    life.decide(kind)

    assert "confirm" not in life.open
    assert life.case.residual() is None


def test_compliance_ends_when_every_finding_is_in_and_confirmed():
    life = in_compliance()
    for kind in list(life.open):
        life.decide(kind)

    assert (life.stage, life.open) == ("compliance", ["confirm"])

    life.decide("confirm", "agree")
    assert life.stage == "desk"


def test_the_level_is_the_highest_and_never_an_average():
    life = in_compliance()

    life.decide("compliance.norms", inherent=MEDIUM, residual=MEDIUM)
    life.decide("compliance.human_rights", inherent=HIGH, residual=LOW)

    assert life.case.residual() is MEDIUM
    agreed(life)


def test_a_disagreement_is_arbitrated_and_proceed_names_the_level_that_stands():
    life = in_compliance()
    finding = life.decide("compliance.norms", inherent=HIGH, residual=HIGH)

    life.decide("confirm", "disagree")
    assert life.task("arbitrate").arbitrates == finding.id
    life.decide("arbitrate", "proceed", level=MEDIUM)

    assert life.case.residual() is MEDIUM
    assert "confirm" not in life.open
    agreed(life)


def test_a_recommended_refusal_is_arbitrated_and_may_be_refused():
    life = in_compliance()
    life.decide("compliance.norms", "recommend_refusal", inherent=HIGH, residual=HIGH)

    life.decide("arbitrate", "refuse")

    assert (life.stage, life.outcome, life.open) == ("closed", "declined", [])
    agreed(life)


def test_an_arbitration_can_return_the_proposal():
    life = in_compliance()
    finding = life.decide("compliance.norms", "recommend_refusal", inherent=HIGH, residual=HIGH)
    arbitration = life.decide("arbitrate", "return")
    life.to_task("return.release").decide("return.release")

    life.resubmit()

    assert life.task("compliance.norms").previous == finding.id
    assert not arbitration.stands
    assert life.case.residual() is LOW
    agreed(life)


def test_a_return_that_names_a_level_leaves_the_level_of_the_finding():
    life = in_compliance()
    life.decide("compliance.norms", "recommend_refusal", inherent=HIGH, residual=HIGH)

    life.decide("arbitrate", "return", level=LOW)

    assert life.case.residual() is HIGH
    agreed(life)


def test_a_bar_goes_to_legal_and_no_one_else_can_lift_it():
    life = in_compliance()

    life.decide("compliance.human_rights", "barred", inherent=HIGH, residual=HIGH)

    assert life.open.count("legal.disposition") == 1
    assert "confirm" not in life.open
    bar = life.task("legal.disposition")
    assert [c.code for c in life.case.offered(bar)] == ["authorized", "change", "refuse"]
    assert refusal(lambda: life.decide("legal.disposition", "not_applicable")) == (
        "outcome_not_offered"
    )


def test_a_bar_is_lifted_by_the_instrument_and_its_rating_is_still_confirmed():
    life = in_compliance()
    finding = life.decide("compliance.norms", "barred", inherent=HIGH, residual=HIGH)

    life.decide("legal.disposition", "authorized", authorization=True)

    assert life.task("confirm").confirms == finding.id
    life.decide("confirm", "agree")
    life.to("desk")
    assert life.case.residual() is HIGH


def test_a_bar_without_a_rating_is_lifted_by_the_instrument():
    life = in_compliance()
    life.decide("compliance.norms", "barred", inherent=None, residual=None)

    life.decide("legal.disposition", "authorized", authorization=True)

    assert "confirm" not in life.open
    life.to("desk")


def test_a_bar_can_be_refused():
    life = in_compliance()
    life.decide("compliance.norms", "barred")

    life.decide("legal.disposition", "refuse")

    assert (life.stage, life.outcome) == ("closed", "declined")


def test_a_barred_proposal_can_change():
    life = in_compliance()
    finding = life.decide("compliance.norms", "barred")
    life.decide("legal.disposition", "change")
    life.to_task("return.release").decide("return.release")

    life.resubmit()

    assert life.task("compliance.norms").previous == finding.id
    life.to("active")


def test_conditions_of_standing_answers_reach_the_approval():
    life = in_compliance()
    condition = ConditionFact(id="c-1", gates=Gate.FIRST_PAYMENT)
    life.decide("compliance.norms", conditions=(condition,))
    agreed(life)

    life.to("agreement")

    approved = next(e for e in life.events if e.type == "proposal_approved")
    assert "c-1" in [c["id"] for c in approved.data["conditions"]]
