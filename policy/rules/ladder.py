"""What silence on a task leads to: reminders, overdue, escalation to the next level.

Silence never decides: at each step somebody more is told, or may take the task too.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import NamedTuple

from policy.rules import clocks
from schemas.people import LEVELS, Candidate, Level, Role
from schemas.tasks import TaskKind
from schemas.terms import ClockRule, Escalation, Standards

NEVER_ESCALATED = frozenset(
    {
        TaskKind.LEGAL,
        TaskKind.RECOMMEND,
        TaskKind.RECORD_DECISION,
        TaskKind.SIGN_AGREEMENT,
        TaskKind.CERTIFY,
        TaskKind.REQUISITION,
        TaskKind.CLOSE,
        TaskKind.RECONSIDER,
        TaskKind.RECORD_RECONSIDERATION,
    }
)
"""Silence gives nobody the commitment of money or its payment, a signature, or what legal alone
may end."""
TELLS_OF_A_MATCH = frozenset({TaskKind.ADJUDICATE, TaskKind.CONFIRM, TaskKind.ARBITRATE})
"""Kinds that may be about a hit: only who may see its evidence may be asked in turn."""


DECISION = "decision"
"""The standard for the whole: a decision within `decision_days` of a complete application."""


class Step(StrEnum):
    REMIND = "remind"
    OVERDUE = "overdue"
    ESCALATE = "escalate"


class Rung(NamedTuple):
    """One step of a ladder: when it is reached, and who may take the task from then on."""

    at: datetime
    step: Step
    days: int
    """Business days before (reminders) or after (escalations) the day it is due."""
    to: Role | Level | None = None

    @property
    def code(self) -> str:
        return f"{self.step}:{self.days}"


def rungs(rule: ClockRule, due_at: datetime, holidays: Collection[date]) -> tuple[Rung, ...]:
    """Every step for a task that is due at *due_at*, in the order in which they are reached.

    Reminders and escalations come in the morning of a business day, when somebody reads them.
    """
    due = clocks.toronto_day(due_at)
    found = [Rung(due_at, Step.OVERDUE, 0)]
    for before in rule.remind:
        day = clocks.business_day(due, -before, holidays)
        found.append(Rung(clocks.morning(day), Step.REMIND, before))
    for each in rule.escalate:
        day = clocks.business_day(due, each.after, holidays)
        found.append(Rung(clocks.morning(day), Step.ESCALATE, each.after, each.to))
    return tuple(sorted(found, key=lambda rung: rung.at))


class Above(NamedTuple):
    """One step above a missed service standard: when, of which, and which level is asked."""

    at: datetime
    standard: str
    due_at: datetime
    step: Escalation


def above(
    standards: Standards,
    *,
    decision_due: datetime | None,
    stage: str,
    stage_due: datetime | None,
    holidays: Collection[date],
) -> list[Above]:
    """Every step above the decision and the stage, in the order in which they are reached.

    A clock that stands still or has ended (None) has no steps.
    """
    promised = (
        (DECISION, decision_due, standards.decision_escalate),
        (stage, stage_due, standards.stage_escalate),
    )
    found = [
        Above(
            clocks.morning(clocks.business_day(clocks.toronto_day(due_at), step.after, holidays)),
            standard,
            due_at,
            step,
        )
        for standard, due_at, steps in promised
        if due_at is not None
        for step in steps
    ]
    return sorted(found, key=lambda each: each.at)


def asks_above(step: Above, kind: TaskKind, stage: str) -> Level | None:
    """The level that may take a task of *kind*, opened in *stage*, from that step on; or None."""
    to = step.step.to
    if step.standard not in (DECISION, stage) or not isinstance(to, Level):
        return None
    return to if may_ask(kind, to) else None


def may_ask(kind: TaskKind, to: Level) -> bool:
    """Whether silence may ask *to* for a task of *kind* too: no ladder gives what a grant gives,
    nor tells of a match who may not see its evidence."""
    if kind in NEVER_ESCALATED:
        return False
    return kind not in TELLS_OF_A_MATCH or LEVELS.index(to) >= LEVELS.index(Level.DIRECTOR_GENERAL)


def candidates_after(
    candidates: Sequence[Candidate], to: Role | Level, *, desk: str | None
) -> tuple[Candidate, ...]:
    """Who may take a task once it was escalated: the next level too, and no level above that.

    Those above stay free for the approval, which nobody takes who has decided anything else. A
    task of approvers has all above its rung already, and gains nobody below it.
    """
    if any(candidate.role is Role.APPROVER for candidate in candidates) and isinstance(to, Level):
        held = [Level(c.scope) for c in candidates if c.role is Role.APPROVER]
        if LEVELS.index(to) < min(LEVELS.index(level) for level in held):
            return tuple(candidates)
    more = (
        Candidate(role=Role.APPROVER, scope=to)
        if isinstance(to, Level)
        else Candidate(role=to, scope=desk or "")
    )
    return tuple(dict.fromkeys([*candidates, more]))
