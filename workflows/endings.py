"""The end of a proposal that is not approved: outcome, tasks, money and letter in one go."""

from datetime import timedelta

from schemas.events import EventType, TextRef
from schemas.holds import HoldKind
from schemas.people import SYSTEM, Actor
from schemas.proposal import RECONSIDERED, Outcome, Stage
from workflows import funding, questions, repairs_ending, sealing
from workflows.dossier import Clock, Dossier, Ended
from workflows.tasks import Task

ENDINGS = {
    Outcome.INELIGIBLE: EventType.INELIGIBLE,
    Outcome.DECLINED: EventType.DECLINED,
    Outcome.UNFUNDED: EventType.UNFUNDED,
    Outcome.LAPSED: EventType.LAPSED,
    Outcome.WITHDRAWN: EventType.WITHDRAWN,
}


def close(
    case: Dossier,
    outcome: Outcome,
    actor: Actor = SYSTEM,
    *,
    task: Task | None = None,
    request_id: str | None = None,
    texts: dict[str, TextRef] | None = None,
) -> None:
    """End the proposal: outcome, tasks, money and letter in one go."""
    stage, actor = case.stage, task.decider if task else actor
    if case.is_untold(case.now):
        case.take_letter_back()
    questions.close(case)
    case.obligations = {}
    left = case.clock.days_left
    if left is None and case.clock.due_at is not None:
        left = case.days_left(case.clock.due_at)
    case.stop_stage_clock()
    paused = tuple(h for h in case.holds.values() if h.kind is HoldKind.HOLD)
    case.ended = Ended(stage, task.id if task else None, left, clock=case.clock, holds=paused)
    case.holds = {hold.id: hold for hold in case.holds.values() if hold.kind is HoldKind.SEAL}
    case.outcome, case.closed_at = outcome, case.now
    case.stage, case.returned = Stage.CLOSED, None
    case.clock = Clock(None)
    case.emit(
        ENDINGS[outcome],
        actor,
        request_id=request_id,
        texts=texts,
        data={"stage": stage, "outcome": outcome},
    )
    for other in case.open_tasks():
        if not other.is_sealing:
            case.cancel(other)
            case.ended.cut_off.append(other.id)
    repairs_ending.end_if_over(case)
    told_at = case.now
    if outcome in RECONSIDERED:
        told_at = case.now + timedelta(minutes=case.rules.undo_minutes)
    case.ended.told_at = told_at
    if not funding.waits_to_be_told(case):
        funding.release_money(case, outcome)
    for seal in sorted(case.seals - {t.question for t in case.open_tasks()}):
        sealing.unseal(case, seal)  # set elsewhere; nobody will tell a closed proposal of its end
    if outcome is not Outcome.WITHDRAWN:
        case.letter(outcome, told_at, task)
    case.emit(EventType.CLOSED, SYSTEM, data={"outcome": outcome, "told_at": told_at})
