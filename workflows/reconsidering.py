"""Reconsideration: others look again at a decision against the partner, on the file as it was.

Asked for within the window of the terms, with new facts; at the level that decided or above, by
somebody who decided nothing on the proposal. It upholds the decision, or reopens the proposal where
it was decided: what stood stands, no money is held, separation of duties goes on counting.
"""

from datetime import datetime, timedelta

from policy.rules import clocks
from schemas.errors import Refused
from schemas.events import EventType
from schemas.messages import PartnerAct
from schemas.people import LEVELS, ON_PAPER, Level
from schemas.tasks import TaskKind, TaskState
from workflows import sealing, timekeeping
from workflows.docket import told
from workflows.dossier import Clock, Dossier, Ended
from workflows.tasks import Task

KINDS = frozenset({TaskKind.RECONSIDER, TaskKind.RECORD_RECONSIDERATION})
_OF_MONEY = (TaskKind.RECOMMEND, TaskKind.APPROVE, TaskKind.RECORD_DECISION)
_FOLLOWING = (TaskKind.CONFIRM, TaskKind.ARBITRATE, TaskKind.LEGAL)
"""What an answer leads to, and no stage asks for by itself."""


def check(case: Dossier, now: datetime) -> None:
    """Refuse what is not told yet, not reconsidered, reconsidered already, or too late."""
    ended, outcome = case.ended, case.outcome
    if case.closed_at is None or ended is None or ended.told_at is None or now < ended.told_at:
        raise Refused("no_decision_yet")
    if outcome is None or outcome not in case.rules.reconsideration:
        raise Refused("not_reconsidered", outcome=outcome)
    if ended.is_reconsidered:
        raise Refused("already_reconsidered")
    until = timekeeping.reconsideration_ends(case)
    if now > until:
        raise Refused("reconsideration_over", until=told(until))


def ask(case: Dossier, act: PartnerAct) -> None:
    assert case.ended is not None  # noqa: S101 - the validator has looked
    case.ended.is_reconsidered = True
    rung = _rung(case, case.ended)
    case.emit(
        EventType.RECONSIDERATION_ASKED,
        act.actor,
        request_id=act.request_id,
        texts=act.texts,
        data={"outcome": case.outcome, "rung": rung},
    )
    kind = TaskKind.RECORD_RECONSIDERATION if rung in ON_PAPER else TaskKind.RECONSIDER
    case.open(kind, rung=rung, detail={"rung": rung, "decision": case.ended.task})


def follow(case: Dossier, task: Task) -> None:
    """What a decision on a closed proposal leads to: of a seal its end, else what is anew."""
    if task.is_sealing:
        sealing.end_seal(case, task)
    elif task.kind is TaskKind.RECORD_RECONSIDERATION:
        case.open(TaskKind.CONFIRM, confirms=task.id)
    elif task.kind is TaskKind.RECONSIDER:
        _decide(case, task, reopens=task.outcome == "reopen")
    elif task.kind is TaskKind.CONFIRM:
        recorded = case.tasks[task.confirms or ""]
        if task.outcome == "agree":
            recorded.settled = True
            _decide(case, recorded, reopens=recorded.outcome == "reopened")
        else:
            case.reopen(recorded)


def _rung(case: Dossier, ended: Ended) -> Level:
    """The level of the terms, or that of who decided, whichever is higher."""
    task = case.tasks.get(ended.task or "")
    levels = [case.rules.reconsideration[case.outcome]] if case.outcome else []
    if task is not None:
        decided_as = (task.decider.role or "").partition(":")[2]
        levels += [Level(each) for each in (task.detail.get("rung"), decided_as) if each in LEVELS]
    return max(levels, key=LEVELS.index)


def _decide(case: Dossier, task: Task, *, reopens: bool) -> None:
    if reopens:
        _reopen(case, task)
        return
    case.emit(EventType.UPHELD, task.decider, data={"task": task.id, "outcome": case.outcome})
    case.letter("upheld", case.now + timedelta(minutes=case.rules.undo_minutes), task)


def _reopen(case: Dossier, task: Task) -> None:
    """Back to where it was decided; the question that ended it is asked again."""
    ended, outcome = case.ended, case.outcome
    assert ended is not None  # noqa: S101 - only what has ended is reconsidered
    # The money was released: it is recommended, and approved, anew.
    money = {t.id for t in case.tasks.values() if t.stands and t.kind in _OF_MONEY}
    gone, again = superseded(case, ended, money)
    for each in gone:
        case.tasks[each].stands = False
    case.outcome, case.closed_at, case.ended = None, None, None
    case.stage = ended.stage
    if ended.days_left is not None:
        case.clock = Clock(clocks.resume(case.now, ended.days_left, case.holidays))
    if not case.call_is_open:
        case.screening.wanted += 1  # lists may have changed while nobody asked
    case.emit(
        EventType.REOPENED,
        task.decider,
        data={
            "task": task.id,
            "outcome": outcome,
            "superseded": sorted(gone),
            "decision_due": case.clock.due_at,
        },
    )
    case.letter("reopened", case.now, task)
    case.enter(case.stage)
    ask_again(case, again)


def ask_again(case: Dossier, questions: list[str]) -> None:
    """Ask what no stage asks by itself; with what was sealed, the seal comes back."""
    for each in questions:
        asked = case.reopen(case.tasks[each])
        if asked.is_sealing:
            sealing.seal(case, asked.id, everywhere=bool(asked.detail.get("everywhere")))


def superseded(case: Dossier, ended: Ended, gone: set[str]) -> tuple[set[str], list[str]]:
    """The answers that fall beside *gone*, and what to ask again that no stage asks by itself."""
    deciding = case.tasks.get(ended.task or "")
    again: list[str] = []
    if deciding is not None:
        gone |= {seat.id for seat in case.seats(deciding)}
        if deciding.kind in (TaskKind.ARBITRATE, TaskKind.LEGAL):
            again.append(deciding.id)
    gone |= {t.id for t in case.tasks.values() if t.stands and t.confirms in gone}
    for task_id in ended.cut_off:
        task = case.tasks[task_id]
        about = task.confirms or task.arbitrates or task.detail.get("about")
        if task.kind not in _FOLLOWING or not about or about in gone:
            continue  # asked by its stage, of a repair, or of what falls
        if case.tasks[str(about)].stands:
            again.append(task_id)
    return {t for t in gone if case.tasks[t].state is TaskState.DONE}, again
