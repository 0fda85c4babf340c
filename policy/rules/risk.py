"""Levels of risk: given by policy's table, never typed; the highest counts, never an average."""

from __future__ import annotations

from collections.abc import Iterable

from schemas.tasks import RISK_LEVELS, RiskLevel
from schemas.terms import RiskMatrix


def level_of(likelihood: str, severity: str, matrix: RiskMatrix) -> RiskLevel:
    """The level of a likelihood and a severity; `KeyError` for a code that the table lacks."""
    return matrix.levels[likelihood][severity]


def highest(levels: Iterable[RiskLevel]) -> RiskLevel | None:
    """The highest of *levels*; None of none."""
    return max(levels, key=RISK_LEVELS.index, default=None)


def at_least(level: RiskLevel, other: RiskLevel) -> bool:
    """Whether *level* is *other* or higher."""
    return RISK_LEVELS.index(level) >= RISK_LEVELS.index(other)
