"""One proposal's way to an active agreement, worked out beforehand.

The workflow's own `Case` is run here, in memory, to know which tasks will open under which ids
and who may take them, so that what is measured is the taking of acts and not the search for them.
"""

import itertools
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from schemas.errors import Refused
from schemas.messages import (
    Decision,
    Facts,
    MoneyAnswer,
    MoneyMove,
    PartnerAct,
    ProposalStart,
    ScreeningResult,
)
from schemas.people import Actor, Role, Viewer
from schemas.proposal import Stage
from schemas.tasks import TaskKind
from workflows.case import Case
from workflows.tasks import Task
from workflows.unattended import ask

ORGANIZATION = "unodc"
_MOST_STEPS = 80


@dataclass(frozen=True)
class Answer:
    """How tasks of one kind are decided."""

    facts: Facts
    answers: Any


@dataclass(frozen=True)
class Step:
    """One act: a decision on a task, or (without one) an act of the partner."""

    person: Viewer
    role: str
    kind: str
    outcome: str
    task: str | None = None
    facts: Facts = field(default_factory=Facts)
    answers: Any = None

    @property
    def actor(self) -> Actor:
        return Actor(id=self.person.id, role=self.role, organization=self.person.organization)


Asking = Callable[[Task, Viewer, str], Awaitable[Answer]]


async def steps(
    start: ProposalStart, people: Sequence[Viewer], asking: Asking
) -> AsyncIterator[Step]:
    """Each act in turn until the agreement is active; *asking* says how a task is decided."""
    now = datetime.now(UTC)
    case = Case(start, now)
    case.take_screening(ScreeningResult(lists=("bench",), parties=()), 1, now)
    signatory = next(p for p in people if p.holds(Role.SIGNATORY, ORGANIZATION))
    for number in range(_MOST_STEPS):
        now += timedelta(minutes=1)
        _settle(case)
        if case.stage is Stage.ACTIVE:
            return
        step = _partner_step(case, signatory) or await _staff_step(case, people, asking)
        yield step
        if step.task is None:
            act = PartnerAct.model_validate(
                {"act": step.outcome, "actor": step.actor, "request_id": f"r{number}"}
            )
            case.take_partner_act(act, now)
        else:
            case.decide(_decision(step, f"r{number}"), now)
    raise RuntimeError(f"no end in {_MOST_STEPS} steps; stands at {case.stage}")


def _settle(case: Case) -> None:
    """What the workflow's `run` does between two acts, with money always there."""
    while True:
        ask(case)
        entries = list(case.outbox)
        case.outbox.clear()
        for entry in entries:
            if entry.money is not None and entry.money.move is MoneyMove.RESERVE:
                case.take_money(entry.money.reservation, MoneyAnswer.RESERVED)
        if not entries:
            return


def _partner_step(case: Case, signatory: Viewer) -> Step | None:
    if case.stage is not Stage.AGREEMENT or case.agreement is None:
        return None
    if case.agreement.partner_signed:
        return None
    act = "sign" if case.agreement.conditions_accepted else "accept_conditions"
    return Step(signatory, f"signatory:{ORGANIZATION}", act, act)


async def _staff_step(case: Case, people: Sequence[Viewer], asking: Asking) -> Step:
    for task in case.tasks.values():
        if not task.is_open:
            continue
        outcome = case.offered(task)[0].code  # the first advances
        for person, candidate in itertools.product(people, task.candidates):
            if not person.covers(candidate):
                continue
            role = f"{candidate.role}:{candidate.scope}"
            step = Step(person, role, task.kind, outcome, task.id)
            try:
                case.check_decide(_decision(step, "asked"))
            except Refused:
                continue
            given = await asking(task, person, outcome)
            return replace(step, facts=given.facts, answers=given.answers)
    raise RuntimeError(f"nobody can act at {case.stage}")


def _decision(step: Step, request_id: str) -> Decision:
    return Decision(
        task=step.task or "",
        outcome=step.outcome,
        actor=step.actor,
        request_id=request_id,
        facts=step.facts,
    )


class Known:
    """How each kind of task is decided; a confirmation needs no answers."""

    def __init__(self) -> None:
        self.answers: dict[str, Answer] = {TaskKind.CONFIRM: Answer(Facts(), {})}

    async def __call__(self, task: Task, _person: Viewer, _outcome: str) -> Answer:
        return self.answers[task.kind]
