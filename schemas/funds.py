"""Funds: where their money stands, and how they are corrected by four eyes."""

from __future__ import annotations

from enum import StrEnum


class FundState(StrEnum):
    """How far Parliament has come with a fund's money (`policy.rules.fund_states`)."""

    PLANNED = "planned"
    IN_ESTIMATES = "in_estimates"
    VOTED = "voted"
    FROZEN = "frozen"


class Vote(StrEnum):
    """What Parliament votes it for; operating money pays memoranda with other departments."""

    GRANTS = "grants"
    CONTRIBUTIONS = "contributions"
    OPERATING = "operating"


class CorrectionKind(StrEnum):
    BUDGET = "budget"
    """Another budget; a cut below what is taken leaves a deficit, which takes nothing more."""
    STATE = "state"
    """Another state, such as voted or frozen."""
    TRANSFER = "transfer"
    """Money that nobody has taken goes to another year of the same program and vote line."""


class CorrectionState(StrEnum):
    """What became of a correction; it changes the fund when it is done, and not before."""

    PROPOSED = "proposed"
    DONE = "done"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    """By who proposed it."""
    LAPSED = "lapsed"
    """Nobody confirmed it by its due date."""
