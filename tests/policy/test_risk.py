"""Levels of risk, and the sample of the low."""

from __future__ import annotations

from itertools import pairwise

import pytest

from policy.rules.risk import at_least, highest, level_of
from policy.rules.sampling import sampled
from schemas.tasks import RiskLevel
from tests.policy.proposals import terms_of

MATRIX = terms_of("CTCBP").matrix
LOW, MEDIUM, HIGH = RiskLevel


@pytest.mark.parametrize(
    ("likelihood", "severity", "level"),
    [
        ("unlikely", "minor", LOW),
        ("unlikely", "grave", MEDIUM),
        ("possible", "serious", MEDIUM),
        ("likely", "serious", HIGH),
        ("very_likely", "grave", HIGH),
    ],
)
def test_likelihood_and_severity_give_the_level(likelihood, severity, level):
    assert level_of(likelihood, severity, MATRIX) == level


def test_a_higher_likelihood_or_severity_never_gives_a_lower_level():
    table = [
        [level_of(likelihood.code, severity.code, MATRIX) for severity in MATRIX.severities]
        for likelihood in MATRIX.likelihoods
    ]

    for row in [*table, *zip(*table, strict=True)]:
        assert all(at_least(worse, level) for level, worse in pairwise(row))


def test_the_highest_counts_never_an_average():
    assert highest([LOW, HIGH, LOW, MEDIUM]) == HIGH
    assert highest([]) is None


@pytest.mark.parametrize(
    ("level", "other", "expected"),
    [(LOW, LOW, True), (LOW, MEDIUM, False), (HIGH, MEDIUM, True)],
)
def test_levels_are_ordered(level, other, expected):
    assert at_least(level, other) is expected


def test_the_sample_draws_the_same_for_the_same_task():
    assert sampled("task-1", 50) is sampled("task-1", 50)


@pytest.mark.parametrize(("percent", "count"), [(0, 0), (100, 1000)])
def test_a_sample_of_none_or_all_has_none_or_all(percent, count):
    assert sum(sampled(f"task-{n}", percent) for n in range(1000)) == count


def test_a_sample_is_about_as_large_as_policy_asks():
    assert 70 <= sum(sampled(f"task-{n}", 10) for n in range(1000)) <= 130
