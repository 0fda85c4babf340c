"""The clocks of a proposal: what is due when, how they stop and go on, what silence leads to.

Clocks run in business days and keep their whole days left while they stand still (product.md 4).
Nothing that was promised moves later without an event: days off are those of the pinned terms.
"""

from datetime import datetime
from typing import Any

from policy.rules import clocks, holds, ladder
from policy.rules.ladder import DECISION, Above, Rung, Step
from schemas.events import EventType
from schemas.people import SYSTEM
from schemas.proposal import RECONSIDERED, Stage
from schemas.tasks import TaskKind
from schemas.values import instant
from workflows import funding
from workflows.docket import Docket, Hold
from workflows.dossier import Agreement, Clock, Dossier, Returned
from workflows.tasks import Task


def next_deadline(case: Dossier) -> datetime | None:
    """The next moment at which time alone changes something."""
    moments = [end_of_wait(case), next_rung(case)]
    moments += [due_at for _, due_at in _standards(case)]
    moments += [at for at, _, _, _ in _nearing(case)]
    moments += [each.at for each in _climbing_above(case)]
    moments += [question.rungs[0].at for question in case.questions.values() if question.rungs]
    if case.repair is not None:
        moments.append(case.tasks[case.repair.task].due_at)
    moments.append(_end_of_window(case))
    moments.append(funding.part_is_told_at(case))
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
    if case.stage is Stage.FUNDING:
        return _end_of_queue(case)
    return None


def _end_of_window(case: Dossier) -> datetime | None:
    """When an approval without an agreement is told: nothing else keeps such a proposal open.

    So it is where a decision against the partner keeps its money until then.
    """
    if case.ended is not None and case.closed_at is not None and _keeps_money(case):
        return case.ended.told_at
    open_for_it = case.stage is Stage.ACTIVE and case.is_untold(case.now)
    return case.told_at if open_for_it else None


def _keeps_money(case: Dossier) -> bool:
    held = case.reservation
    return held is not None and held.state in ("reserved", "offered")


def _end_of_queue(case: Dossier) -> datetime | None:
    """Until when money short is waited for; None while that stands still, or nothing is short."""
    held = case.reservation
    if held is None or held.state != "queued" or held.queued_since is None:
        return None
    if held.wait is not None:
        return held.wait.due_at
    return case.due(case.rules.funding_wait_days, held.queued_since)


def ring(case: Dossier, until: datetime) -> None:
    """Tell everything that has fallen due by *until*, in the order in which it did."""
    climb(case, until)
    for at, standard, due_at, days in _nearing(case):
        if at <= until:
            case.warned.add((standard, days))
            data = {"standard": standard, "due_at": due_at, "days": days}
            if due_at > until:
                case.emit(EventType.STANDARD_NEARING, SYSTEM, data=data)
    for standard, due_at in _standards(case):
        if due_at <= until:
            case.missed.add(standard)
            data = {"standard": standard, "due_at": due_at}
            case.emit(EventType.STANDARD_MISSED, SYSTEM, data=data)
    for each in _climbing_above(case):
        if each.at <= until:
            case.climbed.add((each.standard, each.step.after))
            _ask_above(case, each)


def climb(case: Docket, until: datetime) -> None:
    """Let every task that is not decided take the steps of its ladder that are due by *until*."""
    while climbing := _climbing(case):
        task = min(climbing, key=lambda task: task.rungs[0].at)  # of several, the first that opened
        rung, *rest = task.rungs
        if rung.at > until:
            break
        task.rungs = tuple(rest)
        task.reached.add(rung.code)
        _tell(case, task, rung)


def next_rung(case: Docket) -> datetime | None:
    """When the next step of any task's ladder is due."""
    return min((task.rungs[0].at for task in _climbing(case)), default=None)


def pause(case: Dossier, hold: Hold) -> dict[str, Any]:
    """Let *hold* stand, and stop what it stops; the days left that its event tells.

    Of several holds the first to stop a clock counts: it keeps the whole days that it had left.
    """
    before, stopped = case.hold_kinds, dict[str, Any]()
    case.holds[hold.id] = hold
    if not holds.stop_decision(before) and holds.stop_decision(case.hold_kinds):
        stopped |= _stop_decision(case)
    if not holds.stop_silence(before) and holds.stop_silence(case.hold_kinds):
        stopped |= _stop_silence(case)
    pause_tasks(case)
    return stopped


def go_on(case: Dossier, hold_id: str) -> dict[str, Any]:
    """End a hold, and let go on what no other stops; the new dates that its event tells."""
    before, due = case.hold_kinds, dict[str, Any]()
    del case.holds[hold_id]
    if holds.stop_decision(before) and not holds.stop_decision(case.hold_kinds):
        due |= _start_decision(case)
    if holds.stop_silence(before) and not holds.stop_silence(case.hold_kinds):
        due |= _start_silence(case)
    return {**due, "task_due": {} if case.holds else resume_tasks(case)}


def _stop_decision(case: Dossier) -> dict[str, Any]:
    """The clock to a decision, and that of the stage."""
    stopped: dict[str, Any] = {}
    if case.clock.due_at is not None:
        case.clock = Clock(None, case.days_left(case.clock.due_at))
        stopped["days_left"] = case.clock.days_left
    case.stop_stage_clock()
    if case.stage_clock.days_left is not None:
        stopped["stage_days_left"] = case.stage_clock.days_left
    return stopped


def _start_decision(case: Dossier) -> dict[str, Any]:
    due: dict[str, Any] = {}
    if case.clock.days_left is not None:
        case.clock = Clock(clocks.resume(case.now, case.clock.days_left, case.holidays))
        due["decision_due"] = case.clock.due_at
    left = case.stage_clock.days_left
    if left is not None and case.stage is not Stage.RETURNED:  # work comes back to a stage
        case.stage_clock = Clock(clocks.resume(case.now, left, case.holidays))
        due["stage_due"] = case.stage_clock.due_at
    return due


def _stop_silence(case: Dossier) -> dict[str, Any]:
    """What the partner is asked for, and a wait for money."""
    stopped: dict[str, Any] = {}
    for name, asked in _asked_of_partner(case):
        if asked.due_at is not None:
            asked.days_left, asked.due_at = case.days_left(asked.due_at), None
            stopped[f"{name}_days_left"] = asked.days_left
    ends, held = _end_of_queue(case), case.reservation
    if ends is not None and held is not None:
        held.wait = Clock(None, case.days_left(ends))
        stopped["money_days_left"] = held.wait.days_left
    return stopped


def _start_silence(case: Dossier) -> dict[str, Any]:
    due: dict[str, Any] = {}
    for name, asked in _asked_of_partner(case):
        if asked.days_left is not None:
            asked.due_at = clocks.resume(case.now, asked.days_left, case.holidays)
            asked.days_left = None
            due[f"{name}_due"] = asked.due_at
    held = case.reservation
    if held is not None and held.wait is not None and held.wait.days_left is not None:
        held.wait = Clock(clocks.resume(case.now, held.wait.days_left, case.holidays))
        due["money_due"] = held.wait.due_at
    return due


def _asked_of_partner(case: Dossier) -> list[tuple[str, Returned | Agreement]]:
    asked: list[tuple[str, Returned | Agreement]] = []
    if case.returned is not None:
        asked.append(("return", case.returned))
    if case.agreement is not None and not case.agreement.partner_signed:
        asked.append(("agreement", case.agreement))
    return asked


def pause_tasks(case: Docket) -> None:
    """Stop the clocks of what the holds pause; each keeps the whole days that it had left."""
    for task in case.open_tasks():
        if task.days_left is None and case.is_paused(task):
            task.days_left = case.days_left(task.due_at)
            task.rungs = ()


def resume_tasks(case: Docket) -> dict[str, str | None]:
    """Let every task's clock that stood still go on; the dates of all, as an event tells them."""
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


def _climbing(case: Docket) -> list[Task]:
    return [task for task in case.open_tasks() if task.rungs]


def _standards(case: Dossier) -> list[tuple[str, datetime]]:
    """What is promised and neither kept nor missed yet: the decision, and the stage it is in."""
    if case.rules.standards is None or case.closed_at is not None:
        return []
    promised = ((DECISION, case.clock.due_at), (case.stage.value, case.stage_clock.due_at))
    return [(name, due) for name, due in promised if due is not None and name not in case.missed]


def _nearing(case: Dossier) -> list[tuple[datetime, str, datetime, int]]:
    """When whoever answers for a standard is reminded of it: each once, whatever the clock does."""
    if case.rules.standards is None:
        return []
    found = [
        (
            clocks.morning(clocks.business_day(clocks.toronto_day(due_at), -days, case.holidays)),
            standard,
            due_at,
            days,
        )
        for standard, due_at in _standards(case)
        for days in case.rules.standards.remind
        if (standard, days) not in case.warned
    ]
    return sorted(found)


def _climbing_above(case: Dossier) -> list[Above]:
    """When the next level is asked for what a missed standard is waiting for; each step once."""
    if case.rules.standards is None or case.closed_at is not None:
        return []
    found = ladder.above(
        case.rules.standards,
        decision_due=case.clock.due_at,
        stage=case.stage.value,
        stage_due=case.stage_clock.due_at,
        holidays=case.holidays,
    )
    return [each for each in found if (each.standard, each.step.after) not in case.climbed]


def _ask_above(case: Dossier, above: Above) -> None:
    """The level may take what is open too: of the stage, or for the decision of any stage.

    Its officers are told whether or not anything may be escalated.
    """
    standard, step = above.standard, above.step
    data = {"standard": standard, "due_at": above.due_at, "days": step.after, "to": step.to}
    case.emit(EventType.STANDARD_ESCALATED, SYSTEM, data=data)
    for task in case.open_tasks():
        to = ladder.asks_above(above, task.kind, task.stage)
        if to is None or task.is_repair or case.is_paused(task):
            continue
        candidates = ladder.candidates_after(task.candidates, to, desk=None)
        if candidates != task.candidates:
            task.candidates = candidates
            about = {"task": task.id, "kind": task.kind, "due_at": task.due_at}
            told = [c.model_dump(mode="json") for c in candidates]
            more = {"days": step.after, "to": step.to, "standard": standard, "candidates": told}
            case.emit(EventType.TASK_ESCALATED, SYSTEM, data={**about, **more})


def _tell(case: Docket, task: Task, rung: Rung) -> None:
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
