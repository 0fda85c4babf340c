"""Which level of approver is needed: the highest of what kind, amount and risk ask for.

Of an amendment the amount is the total value of the agreement as amended, of a termination the
value of the agreement that ends: a large agreement is not changed or ended by a small authority.
"""

from __future__ import annotations

from schemas.in_force import ApprovalKind, Delegation
from schemas.people import LEVELS, Level
from schemas.tasks import RiskLevel
from schemas.terms import ProcessRules


def rung_for_amount(
    cents: int, delegation: Delegation, kind: ApprovalKind = ApprovalKind.NEW
) -> Level:
    """The lowest rung that covers *cents* of that kind, bounds inclusive; never below its least."""
    least, rungs = delegation.of_kind(kind)
    by_amount = next(
        (r.level for r in rungs if r.up_to_cents is None or cents <= r.up_to_cents), LEVELS[-1]
    )
    return max(least, by_amount, key=LEVELS.index)


def required_rung(
    by_amount: Level,
    residual: RiskLevel | None,
    gender_code: int | None,
    rules: ProcessRules,
) -> Level:
    """The rung that must approve (product.md, section 3, Compliance).

    A residual level approves nothing, it raises the approver: low as the amount says, medium
    at least a director general, high the minister. GE-0 adds one level to the higher of both.
    """
    by_risk = by_amount if residual is None else rules.residual_levels.get(residual, by_amount)
    rank = max(LEVELS.index(by_amount), LEVELS.index(by_risk))
    if gender_code == 0 and rules.gender_zero_raises:
        rank += 1
    return LEVELS[min(rank, len(LEVELS) - 1)]


def levels_from(level: Level) -> tuple[Level, ...]:
    """*level* and all above it: who may take a task of that level."""
    return LEVELS[LEVELS.index(level) :]
