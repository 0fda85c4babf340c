"""Holds: what pauses a proposal, and what is said to it beside its tasks."""

from __future__ import annotations

from enum import StrEnum


class HoldKind(StrEnum):
    """The kinds of hold; `policy.rules.holds` says who may set, see and end each."""

    HOLD = "hold"
    RETURN = "return"
    QUESTION = "question"
    SEAL = "seal"
    SUSPENSION = "suspension"


class QuestionState(StrEnum):
    OPEN = "open"
    ANSWERED = "answered"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    """Its date passed without an answer: the clock goes on, nothing is decided by it."""
    CLOSED = "closed"
    """The proposal ended before it was answered."""
