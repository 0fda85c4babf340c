"""The approval: whose it is, on paper or signed in, and what changes with it."""

import pytest

from schemas.people import LEVELS, Level
from tests.policy.proposals import a_proposal, dollars
from tests.workflows.cases import HIGH, LOW, MEDIUM, Life, agreed


def an_amount(value: str) -> dict:
    budget = [{"fiscal_year": "2027-28", "category": "training", "amount": dollars(value)}]
    return {"amount": dollars(value), "budget": budget}


def at_funding(value: str = "3400000.00", residual=LOW, gender_code: int = 2) -> Life:
    life = Life(a_proposal(**an_amount(value))).to("compliance")
    life.decide("compliance.norms", inherent=residual, residual=residual)
    life.decide("compliance.gender", gender_code=gender_code)
    return life.to_task("funding.recommend")


@pytest.mark.parametrize(
    ("value", "residual", "gender_code", "level"),
    [
        pytest.param("200000.00", LOW, 2, "director", id="low: as the amount says"),
        pytest.param("250000.01", LOW, 2, "director_general", id="a cent above a rung"),
        pytest.param("200000.00", MEDIUM, 2, "director_general", id="medium: at least a DG"),
        pytest.param("3400000.00", MEDIUM, 2, "assistant_deputy_minister", id="amount is higher"),
        pytest.param("200000.00", HIGH, 2, "minister", id="high: the minister"),
        pytest.param("200000.00", LOW, 0, "director_general", id="GE-0: one level up"),
        pytest.param("200000.00", MEDIUM, 0, "assistant_deputy_minister", id="GE-0 and medium"),
        pytest.param("9000000.00", LOW, 0, "minister", id="GE-0 above the highest who signs in"),
        pytest.param("200000.00", HIGH, 0, "treasury_board", id="GE-0 and high"),
    ],
)
def test_the_rung_is_the_higher_of_amount_and_risk(value, residual, gender_code, level):
    life = at_funding(value, residual, gender_code)

    life.decide("funding.recommend")

    kind = "funding.record_decision" if level in ("minister", "treasury_board") else None
    task = life.task(kind or "funding.approve")
    assert task.detail["rung"] == level
    if kind is None:
        levels = [c.scope for c in task.candidates]
        assert levels == list(LEVELS[LEVELS.index(Level(level)) :])


def test_the_level_that_arbitration_named_decides_the_rung():
    life = Life(a_proposal(**an_amount("200000.00"))).to("compliance")
    life.decide("compliance.norms", inherent=HIGH, residual=HIGH)
    life.decide("confirm", "disagree")
    life.decide("arbitrate", "proceed", level=MEDIUM)

    task = life.to_task("funding.approve").task("funding.approve")

    assert task.detail["rung"] == "director_general"


def test_decision_letter_and_agreement_are_recorded_together():
    life = Life().to_task("funding.approve")
    before = life.case.emitted

    life.decide("funding.approve")

    types = [e.type.value for e in life.events if e.source == "workflow" and e.source_seq > before]
    assert types == [
        "task_decided",
        "proposal_approved",
        "letter_written",
        "stage_entered",
        "agreement_generated",
    ]
    agreed(life)


def test_the_approver_may_decline():
    life = Life().to_task("funding.approve")

    life.decide("funding.approve", "decline")

    assert (life.stage, life.outcome) == ("closed", "declined")


def test_the_approver_may_return():
    life = Life().to_task("funding.approve")
    life.decide("funding.approve", "return")

    life.decide("return.release")
    life.resubmit()

    assert life.open == ["funding.approve"]
    life.to("active")


# ---- on paper


def on_paper() -> Life:
    life = at_funding("200000.00", HIGH)
    life.decide("funding.recommend")
    return life


def test_a_paper_decision_takes_effect_when_another_confirms_it():
    life = on_paper()
    life.decide("funding.record_decision", "approved", by="programme-officer-1")

    assert (life.stage, life.outcome) == ("funding", None)
    assert life.takers(life.task("confirm")) == ["programme-officer-2"]
    life.decide("confirm", "agree")

    assert (life.stage, life.outcome) == ("agreement", "approved")
    agreed(life)


def test_a_declined_paper_decision_takes_effect_when_another_confirms_it():
    life = on_paper()
    life.decide("funding.record_decision", "declined")
    assert life.outcome is None

    life.decide("confirm", "agree")

    assert (life.stage, life.outcome) == ("closed", "declined")


def test_a_paper_decision_that_is_doubted_is_recorded_anew():
    life = on_paper()
    first = life.decide("funding.record_decision", "approved", by="programme-officer-1")

    life.decide("confirm", "disagree")

    again = life.task("funding.record_decision")
    assert (again.previous, again.detail, life.open) == (
        first.id,
        first.detail,
        ["funding.record_decision"],
    )
    assert life.outcome is None
    agreed(life)
    life.decide("funding.record_decision", "approved", by="programme-officer-2")
    life.decide("confirm", "agree", by="programme-officer-1")
    assert life.outcome == "approved"


# ---- without an agreement stage


def an_annual_contribution(**rules) -> Life:
    stages = ("eligibility", "compliance", "funding", "active")
    return Life(stages=stages, **rules)


def test_without_an_agreement_the_approval_commits_the_money_and_activates():
    life = an_annual_contribution().to_task("funding.approve")

    life.decide("funding.approve")

    assert (life.stage, life.outcome, life.open) == ("active", "approved", [])
    assert list(life.purse.committed) == [f"{life.reference}:1"]
    assert "agreement_generated" not in life.types()
    assert not life.case.is_under_way
    agreed(life)


def test_without_an_agreement_a_confirmed_paper_decision_does_the_same():
    life = an_annual_contribution(residual_levels={"low": "minister"})
    life.to_task("funding.record_decision").decide("funding.record_decision", "approved")
    assert life.purse.committed == {}

    life.decide("confirm", "agree")

    assert (life.stage, list(life.purse.committed)) == ("active", [f"{life.reference}:1"])
