"""The clocks of a proposal: what is due when, how they stop and go on, what silence leads to.

Clocks run in business days and keep their whole days left while they stand still (product.md 4).
Nothing that was promised moves later without an event: days off are those of the pinned terms.
"""

from datetime import datetime

from policy.rules import clocks, ladder
from policy.rules.ladder import Rung, Step
from schemas.events import EventType
from schemas.people import SYSTEM
from schemas.proposal import Outcome, Stage
from schemas.tasks import TaskKind
from schemas.values import instant
from workflows.dossier import Clock, Dossier
from workflows.tasks import Task

RECONSIDERED = frozenset({Outcome.INELIGIBLE, Outcome.DECLINED, Outcome.UNFUNDED})
DECISION = "decision"
"""The standard for the whole: a decision within `decision_days` of a complete application."""


def next_deadline(case: Dossier) -> datetime | None:
    """The next moment at which time alone changes something."""
    moments = [end_of_wait(case), *(task.rungs[0].at for task in _climbing(case))]
    moments += [due_at for _, due_at in _standards(case)]
    return min((moment for moment in moments if moment is not None), default=None)


def end_of_wait(case: Dossier) -> datetime | None:
    """When the proposal itself ends, if nobody acts: silence lapses, money short ends."""
    if case.closed_at is not None:
        ends = reconsideration_ends(case)
        return ends if ends > case.now else None
    if case.stage is Stage.RETURNED and case.returned:
        return case.returned.due_at
    if case.stage is Stage.AGREEMENT and case.agreement and not case.agreement.partner_signed:
        return case.agreement.due_at
    held = case.reservation
    if case.stage is Stage.FUNDING and held and held.queued_since and held.state == "queued":
        return case.due(case.rules.funding_wait_days, held.queued_since)
    return None


def ring(case: Dossier, until: datetime) -> None:
    """Tell everything that has fallen due by *until*, in the order in which it did."""
    while climbing := _climbing(case):
        task = min(climbing, key=lambda task: (task.rungs[0].at, task.id))
        rung, *rest = task.rungs
        if rung.at > until:
            break
        task.rungs = tuple(rest)
        task.reached.add(rung.code)
        _tell(case, task, rung)
    for standard, due_at in _standards(case):
        if due_at <= until:
            case.missed.add(standard)
            data = {"standard": standard, "due_at": due_at}
            case.emit(EventType.STANDARD_MISSED, SYSTEM, data=data)


def stop(case: Dossier) -> None:
    if case.clock.due_at is not None:
        case.clock = Clock(None, case.days_left(case.clock.due_at))
    case.stop_stage_clock()
    stop_tasks(case)


def stop_tasks(case: Dossier) -> None:
    """Keep the whole days left of every task that waits; of two holds the first counts."""
    for task in case.open_tasks():
        if task.days_left is None and not task.is_sealing:
            task.days_left = case.days_left(task.due_at)
            task.rungs = ()


def resume(case: Dossier) -> None:
    if case.clock.days_left is not None:
        due_at = clocks.resume(case.now, case.clock.days_left, case.holidays)
        case.clock = Clock(due_at)
    if not case.seals:
        resume_tasks(case)


def resume_tasks(case: Dossier) -> dict[str, str | None]:
    for task in case.open_tasks():
        if task.days_left is not None:
            task.due_at = clocks.resume(case.now, task.days_left, case.holidays)
            task.days_left = None
            case.start_ladder(task)
    return {t.id: instant(t.due_at) for t in case.open_tasks()}


def reconsideration_ends(case: Dossier) -> datetime:
    if case.closed_at is None or case.outcome not in RECONSIDERED:
        return case.now
    return case.due(case.rules.reconsideration_days, case.closed_at)


def _climbing(case: Dossier) -> list[Task]:
    return [task for task in case.open_tasks() if task.rungs]


def _standards(case: Dossier) -> list[tuple[str, datetime]]:
    """What is promised and neither kept nor missed yet: the decision, and the stage it is in."""
    if case.rules.standards is None or case.closed_at is not None:
        return []
    promised = ((DECISION, case.clock.due_at), (case.stage.value, case.stage_clock.due_at))
    return [(name, due) for name, due in promised if due is not None and name not in case.missed]


def _tell(case: Dossier, task: Task, rung: Rung) -> None:
    data = {"task": task.id, "kind": task.kind, "due_at": task.due_at}
    match rung.step:
        case Step.REMIND:
            case.emit(EventType.TASK_REMINDED, SYSTEM, data={**data, "days": rung.days})
        case Step.OVERDUE:
            case.emit(EventType.TASK_OVERDUE, SYSTEM, data=data)
        case Step.ESCALATE if rung.to is not None:
            of_a_desk = task.kind in (TaskKind.CONSULT, TaskKind.SIGN_OFF)
            desk = task.subject if of_a_desk else None
            task.candidates = ladder.candidates_after(task.candidates, rung.to, desk=desk)
            data |= {"days": rung.days, "to": rung.to}
            data["candidates"] = [c.model_dump(mode="json") for c in task.candidates]
            case.emit(EventType.TASK_ESCALATED, SYSTEM, data=data)
