"""A record that an agreement rests on no longer holds: its payments wait for a new assessment.

What was approved stands, and goes on otherwise; nothing is certified or requisitioned before the
findings that relied on the record are made anew (product.md, Compliance and Active).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from policy.rules import sampling
from schemas.agreements import ClosedGate
from schemas.events import EventType
from schemas.messages import Notice
from schemas.people import SYSTEM
from schemas.tasks import OUTCOMES, Effect, RiskLevel, TaskKind
from workflows import conditions
from workflows.agreement_start import Lapsed
from workflows.tasks import Task, candidates_for

if TYPE_CHECKING:
    from workflows.life import Life


def end_reliance(life: Life, notice: Notice) -> None:
    """Close the gate, and ask the disciplines that relied; a second notice changes nothing."""
    record = str(notice.data.get("record"))
    kinds = _relying(life, {str(task) for task in notice.data.get("tasks", ())})
    if record in life.lapsed or not kinds:
        return
    why = str(notice.data.get("why"))
    life.lapsed[record] = Lapsed(record=record, why=why, kinds=kinds)
    life.emit(
        EventType.ASSESSMENT_LAPSED,
        SYSTEM,
        data={"record": record, "why": why, "kinds": list(kinds)},
    )
    for kind in kinds:
        _ask(life, kind)


def _relying(life: Life, tasks: set[str]) -> tuple[TaskKind, ...]:
    """The kinds whose last finding is among *tasks*: one that was made anew since rests on it no
    more."""
    last = {act.kind: act.task for act in life.acts if act.kind.is_finding}
    last |= life.reassessed
    return tuple(kind for kind, task in last.items() if task in tasks)


def _ask(life: Life, kind: TaskKind) -> None:
    about = {kind, TaskKind.CONFIRM}
    for task in life.open_tasks():
        of = life.tasks.get(task.confirms or "", task)
        if task.kind in about and of.kind is kind:
            return  # asked already, or waiting for a second person
    life.open(kind, candidates=candidates_for(kind, life.rules.programme))


def follow(life: Life, task: Task) -> None:
    """No objection opens the gate, once a second person agrees where one is asked for."""
    if OUTCOMES[task.kind][task.outcome or ""] is not Effect.ADVANCE:
        return  # what is objected to or barred is not paid: the gate stays closed
    if _is_confirmed(life, task):
        life.open(TaskKind.CONFIRM, confirms=task.id)
    else:
        _settle(life, task)


def follow_confirmation(life: Life, task: Task, finding: Task) -> None:
    """Where two people differ, it is asked for anew."""
    if task.outcome == "agree":
        finding.settled = True
        _settle(life, finding)
    else:
        _ask(life, finding.kind)


def closed_gates(life: Life) -> list[ClosedGate]:
    """What every payment waits for here, and who can open it."""
    return [
        ClosedGate(
            gate="assessment",
            what=each.record,
            state=each.why,
            candidates=tuple(
                candidate
                for kind in each.kinds
                for candidate in candidates_for(kind, life.rules.programme)
            ),
        )
        for each in life.lapsed.values()
    ]


def _settle(life: Life, task: Task) -> None:
    """The finding holds: what it sets binds, and every gate that waited for it alone opens."""
    life.reassessed[task.kind] = task.id
    judges = candidates_for(task.kind, life.rules.programme)
    for condition in task.facts.conditions:
        life.obligations[condition.id] = conditions.binding(condition, judges, life.rules, life.now)
    opened = []
    for record, each in list(life.lapsed.items()):
        kinds = tuple(kind for kind in each.kinds if kind is not task.kind)
        if kinds:
            life.lapsed[record] = Lapsed(record=record, why=each.why, kinds=kinds)
        else:
            del life.lapsed[record]
            opened.append(record)
    life.emit(
        EventType.ASSESSMENT_RENEWED,
        SYSTEM,
        data={
            "kind": task.kind,
            "task": task.id,
            "records": opened,
            "conditions": [conditions.as_told(each) for each in task.facts.conditions],
        },
    )


def _is_confirmed(life: Life, task: Task) -> bool:
    """As for a proposal: every rated finding above low, and a sample of the low."""
    facts = task.facts
    if facts.inherent is None:
        return False
    if facts.inherent != RiskLevel.LOW or facts.residual != RiskLevel.LOW:
        return True
    return sampling.sampled(task.id, life.rules.low_sample_percent)
