"""Inherent, then residual: the order of a rating, and that no credit is taken before it."""

from __future__ import annotations

import pytest
from jsonschema import Draft202012Validator

from policy.rules.facts import draw
from policy.rules.forms import form
from schemas.errors import Malformed
from schemas.reusable_records import RecordKind, RecordLine
from schemas.tasks import RiskLevel, TaskKind
from tests.policy.form_contexts import a_context

KIND = TaskKind.HUMAN_RIGHTS
LOW, HIGH = ("unlikely", "minor"), ("likely", "grave")


def a_finding(inherent, residual, *, conditions=True, **changes):
    """The context of a finding on one country, and answers that rate one risk."""
    context = a_context(KIND, places=("JO",), units=(), **changes)
    answers = form(context, "en")["examples"][0]
    likelihood, severity = inherent
    risk = {"type": "torture", "likelihood": likelihood, "severity": severity}
    if residual is not None:
        risk["residual_likelihood"], risk["residual_severity"] = residual
    answers["ratings"] = [{"subject": "JO", "risks": [risk]}]
    if not conditions:
        answers["conditions"] = []
    return context, answers


def codes(context, answers):
    with pytest.raises(Malformed) as raised:
        draw(context, "no_objection", answers)
    return [gap.code for gap in raised.value.gaps]


@pytest.mark.parametrize("missing", ["likelihood", "severity"])
def test_a_residual_level_without_its_inherent_level_is_no_rating(missing):
    context, answers = a_finding(HIGH, LOW)
    del answers["ratings"][0]["risks"][0][missing]

    assert not Draft202012Validator(form(context, "en")).is_valid(answers)


def test_nobody_types_a_level():
    context, answers = a_finding(HIGH, LOW)
    answers["ratings"][0]["risks"][0]["inherent"] = "low"

    assert not Draft202012Validator(form(context, "en")).is_valid(answers)


def test_the_table_of_the_terms_gives_both_levels():
    context, answers = a_finding(HIGH, LOW)

    facts = draw(context, "no_objection", answers)

    assert (facts.inherent, facts.residual) == (RiskLevel.HIGH, RiskLevel.LOW)


def test_a_residual_level_below_the_inherent_needs_a_condition_that_names_the_risk():
    context, answers = a_finding(HIGH, LOW, conditions=False)
    assert codes(context, answers) == ["residual_without_condition"]

    context, answers = a_finding(HIGH, LOW)
    answers["conditions"][0]["risks"] = ["unfair_trial"]
    assert codes(context, answers) == ["residual_without_condition"]


def test_a_residual_level_is_never_above_the_inherent():
    context, answers = a_finding(LOW, HIGH)

    assert codes(context, answers) == ["residual_above_inherent"]


def test_a_mitigation_is_not_counted_inside_the_inherent_level():
    """The inherent level begins at the country's baseline, whatever the conditions promise."""
    baseline = RecordLine(
        id="baseline-jo",
        kind=RecordKind.COUNTRY_BASELINE,
        subject="JO",
        levels={"torture": RiskLevel.HIGH},
        valid_until="2027-03-31",
    )
    context, answers = a_finding(LOW, LOW, records=(baseline,))
    answers["relies_on"] = ["baseline-jo"]

    assert codes(context, answers) == ["inherent_below_baseline"]
