"""Written assurances where the death penalty may follow: held, promised, or the risk is high."""

from __future__ import annotations

import pytest

from policy.rules.facts import draw
from policy.rules.forms import form
from schemas.errors import Malformed
from schemas.people import Discipline
from schemas.tasks import RiskLevel, TaskKind
from tests.policy.form_contexts import a_context, a_matrix
from tests.policy.proposals import TODAY, the_catalogue

RISK = "death_penalty"
HELD = {"answer": "yes", "evidence": {"reference": "Note verbale of 3 June 2026"}}
PROMISED = {
    "id": "assurances",
    "text": "Written assurances of the ministry of justice.",
    "owner": "Department",
    "due_date": "2027-03-31",
    "evidence": "The note itself.",
    "gates": "agreement",
    "kept_by": "department",
    "risks": [RISK],
}


@pytest.fixture
def context():
    """A human rights finding on one country, under the checklist of the program."""
    terms = the_catalogue().terms_in_force("CTCBP", TODAY)
    return a_context(
        TaskKind.HUMAN_RIGHTS,
        places=("JO",),
        units=(),
        matrix=a_matrix(),
        checklist=terms.checklists[Discipline.HUMAN_RIGHTS],
    )


def answers(context, *, inherent, residual, assurance=None, conditions=(), follows="yes"):
    """A finding that rates the risk with these likelihoods of something grave."""
    answers = form(context, "en")["examples"][0]
    checklist = {**answers["checklist"], "death_penalty_may_follow": {"answer": follows}}
    if assurance is not None:
        checklist["death_penalty_assurance"] = assurance
    risk = {
        "type": RISK,
        "likelihood": inherent,
        "severity": "grave",
        "residual_likelihood": residual,
        "residual_severity": "grave",
    }
    ratings = [{"subject": "JO", "risks": [risk]}]
    return {
        **answers,
        "checklist": checklist,
        "ratings": ratings,
        "conditions": list(conditions),
    }


def refused(context, given, outcome="no_objection"):
    try:
        draw(context, outcome, given)
    except Malformed as refused:
        return [(gap.pointer, gap.code) for gap in refused.gaps]
    return []


def test_without_an_assurance_the_risk_of_the_death_penalty_stays_high(context):
    given = answers(context, inherent="unlikely", residual="unlikely", assurance={"answer": "no"})
    assert refused(context, given) == [("/answers/ratings/0/risks/0", "assurance_missing")]

    high = answers(context, inherent="likely", residual="likely", assurance={"answer": "no"})
    facts = draw(context, "no_objection", high)
    assert facts.residual is RiskLevel.HIGH


def test_an_assurance_that_is_held_is_cited_before_the_finding_is_taken(context):
    uncited = {"answer": "yes"}
    given = answers(context, inherent="unlikely", residual="unlikely", assurance=uncited)
    assert (
        "/answers/checklist/death_penalty_assurance/evidence",
        "checklist_evidence_missing",
    ) in refused(context, given)

    cited = answers(context, inherent="unlikely", residual="unlikely", assurance=HELD)
    assert refused(context, cited) == []


@pytest.mark.parametrize(
    ("gates", "expected"),
    [("agreement", []), ("payment", [("/answers/ratings/0/risks/0", "assurance_missing")])],
)
def test_an_assurance_that_is_still_to_come_is_a_condition_that_the_signature_waits_for(
    context, gates, expected
):
    condition = {**PROMISED, "gates": gates}
    given = answers(
        context,
        inherent="likely",
        residual="unlikely",
        assurance={"answer": "no"},
        conditions=[condition],
    )

    assert refused(context, given) == expected


def test_whoever_says_that_the_death_penalty_may_follow_rates_it(context):
    given = answers(context, inherent="likely", residual="likely", assurance={"answer": "no"})
    given["ratings"] = form(context, "en")["examples"][0]["ratings"]
    given["conditions"] = form(context, "en")["examples"][0]["conditions"]

    assert refused(context, given) == [("/answers/ratings", "assured_risk_not_rated")]


def test_whoever_rates_the_death_penalty_above_low_says_that_it_may_follow(context):
    given = answers(context, inherent="likely", residual="likely", follows="no")

    assert refused(context, given) == [
        ("/answers/checklist/death_penalty_may_follow", "checklist_disagrees")
    ]


def test_whoever_recommends_refusal_owes_no_assurance(context):
    given = answers(context, inherent="unlikely", residual="unlikely", assurance={"answer": "no"})

    assert refused(context, given, "recommend_refusal") == []
