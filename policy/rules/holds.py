"""The one table of holds: who may set, see and end each kind, and which clocks it stops.

One *hold* pauses a proposal. While it stands nothing is decided but on the task that ends it, and
clocks keep the whole days that they have left (product.md, sections 3 and 4).
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from schemas.holds import HoldKind
from schemas.people import Role
from schemas.proposal import Stage
from schemas.tasks import TaskKind

_REVIEWS = frozenset({Stage.ELIGIBILITY, Stage.COMPLIANCE, Stage.DESK, Stage.FUNDING})


@dataclass(frozen=True)
class HoldRule:
    """What holds of one kind are.

    `set_by`, `ended_by`: roles that do it with an act of their own. `set_with`, `ended_with`:
    tasks whose decision does it. `inside_a_task`: whoever may take one of the proposal's tasks
    may set it too, and end what they set. `stages`: where work must stand for it to be set.
    `staff_know_it`: all staff who see the proposal see what kind it is; else those alone who may
    see screening evidence, and all others "paused, ask legal". No partner sees any.
    `stops_decision`: it stops the clock to a decision, which the partner reads, and that of the
    stage, beside the clocks of the tasks. `stops_silence`: it stops what ends by silence too (an
    answer to a return, a signature, a wait for money).
    """

    stages: frozenset[Stage]
    set_by: frozenset[Role] = frozenset()
    set_with: frozenset[TaskKind] = frozenset()
    inside_a_task: bool = False
    ended_by: frozenset[Role] = frozenset()
    ended_with: frozenset[TaskKind] = frozenset()
    staff_know_it: bool = True
    stops_decision: bool = True
    stops_silence: bool = True


RULES: dict[HoldKind, HoldRule] = {
    HoldKind.SEAL: HoldRule(
        stages=frozenset({*_REVIEWS, Stage.RETURNED, Stage.AGREEMENT, Stage.ACTIVE}),
        set_with=frozenset({TaskKind.ADJUDICATE}),
        ended_with=frozenset({TaskKind.LEGAL}),
        staff_know_it=False,
        # Nothing that the partner can count or time tells of a hit (product.md, section 5).
        stops_decision=False,
        stops_silence=False,
    ),
    HoldKind.RETURN: HoldRule(
        stages=_REVIEWS,
        set_with=frozenset({TaskKind.ELIGIBILITY, TaskKind.RELEASE}),
        ended_by=frozenset({Role.SIGNATORY}),
        stops_silence=False,
    ),
    HoldKind.HOLD: HoldRule(
        stages=frozenset({*_REVIEWS, Stage.RETURNED, Stage.AGREEMENT}),
        set_by=frozenset({Role.PROGRAMME_OFFICER}),
        ended_by=frozenset({Role.PROGRAMME_OFFICER}),
    ),
    HoldKind.QUESTION: HoldRule(
        stages=_REVIEWS,
        set_by=frozenset({Role.PROGRAMME_OFFICER}),
        inside_a_task=True,
        ended_by=frozenset({Role.SIGNATORY, Role.PROGRAMME_OFFICER}),
    ),
    # An incident or country event sets it for everything that it touches, and its assessment by
    # two people ends it (policy.rules.incidents).
    HoldKind.SUSPENSION: HoldRule(
        stages=frozenset({*_REVIEWS, Stage.RETURNED, Stage.AGREEMENT, Stage.ACTIVE}),
        set_by=frozenset(
            {
                Role.SIGNATORY,
                Role.CONTRIBUTOR,
                Role.PROGRAMME_OFFICER,
                Role.REVIEWER,
                Role.DESK_OFFICER,
                Role.HEAD_OF_DESK,
                Role.FINANCE_OFFICER,
                Role.CERTIFIER,
                Role.PAYMENT_AUTHORITY,
                Role.APPROVER,
                Role.SIGNING_AUTHORITY,
                Role.LEGAL,
            }
        ),
        ended_by=frozenset({Role.APPROVER}),
    ),
}
"""In the order in which a refusal names them, where several stand."""

BESIDE_QUESTIONS = frozenset({HoldKind.HOLD, HoldKind.QUESTION})
"""What may stand while a question is asked; of a return its sections are asked already."""


def may_set(kind: HoldKind, role: Role) -> bool:
    """Whether *role* sets a hold of *kind* with an act of its own."""
    return role in RULES[kind].set_by


def may_end(kind: HoldKind, role: Role) -> bool:
    """Whether *role* ends a hold of *kind* with an act of its own, whoever set it."""
    return role in RULES[kind].ended_by


def first(kinds: Collection[HoldKind]) -> HoldKind | None:
    """The hold that a refusal names; None where none stands."""
    return next((kind for kind in RULES if kind in kinds), None)


def is_paused(kinds: Collection[HoldKind], task: TaskKind, *, ends_a_seal: bool) -> bool:
    """Whether a task waits while holds of these *kinds* stand: all do, but the one that ends one.

    The disposition that ends a seal goes on whatever else pauses: it may stand for everything
    of a partner. `legal.disposition` of a bar ends none, and waits like any other.
    """
    if not kinds:
        return False
    ending = {kind for rule in RULES.values() for kind in rule.ended_with}
    return not (ends_a_seal and task in ending)


def stop_decision(kinds: Collection[HoldKind]) -> bool:
    """Whether the clock to a decision stands still: a seal alone lets it run."""
    return any(RULES[kind].stops_decision for kind in kinds)


def stop_silence(kinds: Collection[HoldKind]) -> bool:
    """Whether nothing ends by silence: while a return stands the partner's time to answer runs."""
    return any(RULES[kind].stops_silence for kind in kinds)


def shown_as(kind: HoldKind, *, evidence: bool) -> HoldKind:
    """What a member of staff is told of a hold; *evidence*: they may see screening evidence."""
    return kind if RULES[kind].staff_know_it or evidence else HoldKind.HOLD
