"""Repairs: who confirms one, when one is possible, and when what it was proposed for is gone.

A repair goes back or sideways only: it opens questions anew, moves a courtesy lock, closes or
tells again. It answers no question (product.md, section 2).
"""

from __future__ import annotations

from collections.abc import Sequence

from schemas.errors import Refused
from schemas.people import Candidate, Role
from schemas.proposal import Stage
from schemas.repairs import RepairKind, RepairPlan
from schemas.values import Value

OWNERS: dict[Stage, Role] = {
    Stage.ELIGIBILITY: Role.PROGRAMME_OFFICER,
    Stage.COMPLIANCE: Role.PROGRAMME_OFFICER,
    Stage.DESK: Role.HEAD_OF_DESK,
    Stage.FUNDING: Role.FINANCE_OFFICER,
    Stage.AGREEMENT: Role.SIGNING_AUTHORITY,
    Stage.ACTIVE: Role.PROGRAMME_OFFICER,
    Stage.CLOSED: Role.PROGRAMME_OFFICER,
    Stage.RETURNED: Role.PROGRAMME_OFFICER,
}
"""Which role owns which stage. Findings are of many disciplines, and nobody confirms whose own
finding stands: compliance is owned by the officer who also releases its returns."""

_CHANGE_THE_COURSE = frozenset({RepairKind.REWIND, RepairKind.CANCEL_DUPLICATE})
_ON_CLOSED = frozenset({RepairKind.RESEND})


class Ground(Value):
    """What a repair was proposed for: where the proposal stood, and how much was decided."""

    stage: Stage
    revision: int
    terms: str
    """The version of the program's terms that it is under."""
    decided: bool
    """The proposal has an outcome."""
    answers: int
    """Decisions on tasks that were taken, those on repairs left out."""
    task_open: bool = True
    """The task that a repair reassigns is still to be decided."""


def owners(stage: Stage, programme: str, desk: str) -> tuple[Candidate, ...]:
    """Who may confirm a repair that concerns *stage*; *desk* leads the proposal."""
    role = OWNERS[stage]
    return (Candidate(role=role, scope=desk if role is Role.HEAD_OF_DESK else programme),)


def concerned(plan: RepairPlan, stage: Stage, task_stage: Stage | None = None) -> Stage:
    """The stage whose owner confirms: the one gone back to, that of the task, or where it stands.

    Who owns the stage that is gone back to knows whether it has to be gone through again.
    """
    if plan.kind is RepairKind.REWIND and plan.stage is not None:
        return plan.stage
    return task_stage or stage


def check_possible(
    plan: RepairPlan, ground: Ground, order: Sequence[Stage], *, hold: str | None = None
) -> None:
    """Refuses a repair that would go forward, undo a decision, or interfere with a pause."""
    if ground.stage is Stage.CLOSED and plan.kind not in _ON_CLOSED:
        raise Refused("proposal_closed")
    if plan.kind in _CHANGE_THE_COURSE:
        if ground.decided:
            raise Refused("repair_after_decision")
        if hold is not None:
            raise Refused("on_hold", hold=hold)
    if plan.kind is RepairKind.REWIND and (
        plan.stage not in order
        or ground.stage not in order
        or order.index(plan.stage) > order.index(ground.stage)
    ):
        raise Refused("repair_not_back", stage=plan.stage, now=ground.stage)
    if plan.kind is RepairKind.REASSIGN and not ground.task_open:
        raise Refused("repair_task_over", task=plan.task)


def changed(plan: RepairPlan, proposed: Ground, now: Ground) -> tuple[str, ...]:
    """What has moved on since a repair was proposed, as far as it matters to it."""
    if plan.kind is RepairKind.REASSIGN:
        return () if now.task_open else ("task",)
    if plan.kind not in _CHANGE_THE_COURSE:
        return ()
    names = ("stage", "revision", "terms", "decided", "answers")
    return tuple(name for name in names if getattr(proposed, name) != getattr(now, name))
