"""Which level of approver amount, risk and gender equality code ask for."""

from __future__ import annotations

import pytest

from policy.rules.delegation import levels_from, required_rung, rung_for_amount
from schemas.in_force import ApprovalKind, KindOfApproval, Rung
from schemas.people import LEVELS, ON_PAPER, Level
from schemas.tasks import RiskLevel
from tests.policy.proposals import in_force, terms_of

DELEGATION, RULES = in_force().delegation, terms_of("CTCBP").rules
LOW, MEDIUM, HIGH = RiskLevel


@pytest.mark.parametrize(
    ("cents", "level"),
    [
        (1, Level.DIRECTOR),
        (250_000_00, Level.DIRECTOR),
        (250_000_01, Level.DIRECTOR_GENERAL),
        (1_000_000_00, Level.DIRECTOR_GENERAL),
        (3_400_000_00, Level.ASSISTANT_DEPUTY_MINISTER),
        (5_000_000_01, Level.DEPUTY_MINISTER),
        (10_000_000_00, Level.DEPUTY_MINISTER),
        (10_000_000_01, Level.MINISTER),
        (50_000_000_01, Level.TREASURY_BOARD),
    ],
)
def test_the_lowest_rung_that_covers_the_amount_is_asked_for(cents, level):
    assert rung_for_amount(cents, DELEGATION) == level


@pytest.mark.parametrize("programme", ["ACCBP", "ACCBP-HSE", "ACCBP-AVC", "CTCBP"])
def test_who_approves_the_most_of_a_programme_signs_in(programme):
    most = terms_of(programme).limits.most

    assert most is not None
    assert rung_for_amount(most.cents, DELEGATION) not in ON_PAPER


@pytest.mark.parametrize(
    ("by_amount", "residual", "gender_code", "expected"),
    [
        pytest.param(Level.DIRECTOR, LOW, 2, Level.DIRECTOR, id="low: as the amount says"),
        pytest.param(Level.DIRECTOR, None, None, Level.DIRECTOR, id="no risk was rated"),
        pytest.param(Level.DIRECTOR, MEDIUM, 2, Level.DIRECTOR_GENERAL, id="medium raises"),
        pytest.param(Level.DEPUTY_MINISTER, MEDIUM, 2, Level.DEPUTY_MINISTER, id="never lowers"),
        pytest.param(Level.DIRECTOR, HIGH, 3, Level.MINISTER, id="high: the minister"),
        pytest.param(Level.TREASURY_BOARD, HIGH, 3, Level.TREASURY_BOARD, id="amount above risk"),
        pytest.param(Level.DIRECTOR, LOW, 0, Level.DIRECTOR_GENERAL, id="GE-0: one level up"),
        pytest.param(Level.DIRECTOR, MEDIUM, 0, Level.ASSISTANT_DEPUTY_MINISTER, id="both"),
        pytest.param(Level.TREASURY_BOARD, LOW, 0, Level.TREASURY_BOARD, id="nothing above"),
    ],
)
def test_the_approver_is_the_higher_of_amount_and_risk(by_amount, residual, gender_code, expected):
    assert required_rung(by_amount, residual, gender_code, RULES) == expected


@pytest.mark.parametrize(
    ("kind", "cents", "level"),
    [
        (ApprovalKind.NEW, 100_00, Level.DIRECTOR),
        (ApprovalKind.AMENDMENT, 3_400_000_00, Level.ASSISTANT_DEPUTY_MINISTER),
        pytest.param(ApprovalKind.TERMINATION, 100_00, Level.DIRECTOR_GENERAL, id="the least"),
        pytest.param(ApprovalKind.TERMINATION, 5_000_000_01, Level.DEPUTY_MINISTER, id="amount"),
    ],
)
def test_the_kind_of_approval_has_a_least_level_of_its_own(kind, cents, level):
    assert rung_for_amount(cents, DELEGATION, kind) == level


def test_a_kind_may_have_bounds_of_its_own():
    small = tuple(
        Rung(level=level, up_to_cents=None if level is LEVELS[-1] else 100 * (n + 1))
        for n, level in enumerate(LEVELS)
    )
    amended = KindOfApproval(kind=ApprovalKind.AMENDMENT, least=Level.DIRECTOR_GENERAL, rungs=small)
    table = DELEGATION.model_copy(update={"kinds": (amended,)})

    assert rung_for_amount(100, table, ApprovalKind.AMENDMENT) == Level.DIRECTOR_GENERAL
    assert rung_for_amount(250, table, ApprovalKind.AMENDMENT) == Level.ASSISTANT_DEPUTY_MINISTER
    assert rung_for_amount(250, table, ApprovalKind.TERMINATION) == Level.DIRECTOR


def test_where_the_terms_do_not_say_so_a_code_of_zero_raises_nothing():
    rules = RULES.model_copy(update={"gender_zero_raises": False})

    assert required_rung(Level.DIRECTOR, LOW, 0, rules) == Level.DIRECTOR


def test_a_task_of_a_level_may_be_taken_by_any_level_above():
    assert levels_from(Level.DEPUTY_MINISTER) == (
        Level.DEPUTY_MINISTER,
        Level.MINISTER,
        Level.TREASURY_BOARD,
    )
