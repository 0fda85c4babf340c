"""A decision taken back by who took it, while its letter is not told (the undo window).

As one update: letter, outcome, agreement and money are as they were, work stands where it was
decided, and the same question is asked anew. What was answered stays in the file; for separation
of duties it goes on counting. The partner reads nothing of either.
"""

from datetime import datetime
from typing import Any

from policy.rules import clocks, holds
from schemas.errors import Refused
from schemas.events import EventType
from schemas.messages import MoneyRequest, StaffAct
from schemas.proposal import Stage
from schemas.tasks import TaskKind, TaskState
from workflows import funding, reconsidering
from workflows.docket import Hold, told
from workflows.dossier import Clock, Dossier, Ended
from workflows.tasks import Task


def check(case: Dossier, act: StaffAct, now: datetime) -> None:
    """Refuse what has no letter, is told, is taken back already, or is another's decision."""
    if (undone := case.undone.get(act.task or "")) is not None:
        by, at = undone
        raise Refused("already_undone", by=by, at=told(at))
    decided = _decided(case)
    acts = _acts(case, decided) if decided else []
    if act.task not in {task.id for task in acts} or case.told_at is None:
        raise Refused("no_letter_to_undo")
    if not case.is_untold(now):
        raise Refused("undo_window_over", at=told(case.told_at))
    owners = {person for task in acts for person in (task.decider.id, task.decider.on_behalf_of)}
    if act.actor.id not in owners:
        raise Refused("not_your_decision")


def take(case: Dossier, act: StaffAct) -> None:
    decided = _decided(case)
    assert decided is not None  # noqa: S101 - the validator has looked
    acts = _acts(case, decided)
    has_left = case.stage in (Stage.CLOSED, Stage.ACTIVE)
    gone, again = reconsidering.superseded(case, decided, _passed_on(case))
    outcome, case.stage = case.outcome, decided.stage
    case.take_letter_back()
    for each in gone:
        case.tasks[each].stands = False
    for task in acts:
        case.undone[task.id] = (act.actor.id, case.now)
    case.outcome, case.closed_at, case.ended = None, None, None
    case.approved, case.agreement = None, None
    case.obligations = {}
    case.holds |= {hold.id: hold for hold in decided.holds}
    case.clock = _clock(case, decided.clock)
    if has_left and not case.call_is_open:
        case.screening.wanted += 1  # lists may have changed while nobody asked
    case.emit(
        EventType.DECISION_UNDONE,
        act.actor,
        request_id=act.request_id,
        texts=act.texts,
        data={
            "task": act.task,
            "tasks": [task.id for task in acts],
            "outcome": outcome,
            "superseded": sorted(gone),
            "decision_due": case.clock.due_at,
            "days_left": case.clock.days_left,
            **({"holds": [_told(hold) for hold in decided.holds]} if decided.holds else {}),
        },
        money=_money(case),
    )
    case.enter(case.stage)
    reconsidering.ask_again(case, again)


def _decided(case: Dossier) -> Ended | None:
    return case.ended if case.closed_at is not None else case.approved


def _acts(case: Dossier, decided: Ended) -> list[Task]:
    """The task that decided with all its seats, and the confirmation that let it take effect."""
    deciding = case.tasks.get(decided.task or "")
    if deciding is None:
        return []
    confirms = [
        task
        for task in case.tasks.values()
        if task.confirms == deciding.id and task.state is TaskState.DONE and task.stands
    ]
    seats = [seat for seat in case.seats(deciding) if seat.state is TaskState.DONE]
    return [*seats, *confirms]


def _told(hold: Hold) -> dict[str, Any]:
    return {
        "kind": hold.kind,
        "hold": hold.id,
        "since": told(hold.since),
        "reason": hold.reason,
    }


def _clock(case: Dossier, kept: Clock) -> Clock:
    """As it was: no day is added for the time in which it was decided."""
    stopped = holds.stop_decision(case.hold_kinds)
    if stopped and kept.due_at is not None:
        return Clock(None, case.days_left(kept.due_at))
    if not stopped and kept.days_left is not None:
        return Clock(clocks.resume(case.now, kept.days_left, case.holidays))
    return kept


def _passed_on(case: Dossier) -> set[str]:
    """A recommendation that passed its money on is asked for anew: its place was given up."""
    recommended = case.standing(TaskKind.RECOMMEND)
    passed = recommended is not None and recommended.outcome == "pass_over"
    return {recommended.id} if recommended and passed else set()


def _money(case: Dossier) -> MoneyRequest | None:
    """What an end has let go is asked for anew: a place in the order, or older proposals' money."""
    recommended = case.standing(TaskKind.RECOMMEND)
    if case.reservation is None and recommended is not None and recommended.outcome == "recommend":
        return funding.reserve(case, recommended)
    return None
