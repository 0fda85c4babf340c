"""Questions to the partner: asked, answered in place, withdrawn, or left without an answer.

A question changes nothing in the proposal. While it stands the partner holds the ball, so that the
clocks stand still; silence past its date lets them go on and decides nothing (product.md 3).
"""

from datetime import datetime

from policy.rules import holds, ladder
from policy.rules.ladder import Step
from schemas.errors import Refused
from schemas.events import EventType
from schemas.holds import HoldKind, QuestionState
from schemas.messages import PartnerAct, StaffAct
from schemas.people import SYSTEM, Actor
from schemas.proposal import Stage
from schemas.tasks import TaskKind, TaskState
from schemas.terms import ClockRule
from workflows import timekeeping
from workflows.docket import Hold, told
from workflows.dossier import Dossier, Question
from workflows.tasks import Task


def check_ask(case: Dossier, act: StaffAct, now: datetime) -> None:
    """Refuse a question where nothing is reviewed, or that would tell of a possible match."""
    if case.stage is Stage.CLOSED:
        raise Refused("proposal_closed")
    if standing := holds.first(case.hold_kinds - holds.BESIDE_QUESTIONS):
        raise Refused("on_hold", hold=standing)
    if case.stage not in holds.RULES[HoldKind.QUESTION].stages:
        raise Refused("not_in_review")
    if act.due_at is None or act.due_at <= now:
        raise Refused("date_has_passed")
    if act.task is None:
        return
    task = case.tasks.get(act.task)
    if task is None:
        raise Refused("task_unknown", task=act.task)
    if task.state is TaskState.CANCELLED:
        raise Refused("task_cancelled", at=told(task.decided_at))
    if task.state is TaskState.DONE:
        raise Refused("already_decided", by=task.decider.id, at=told(task.decided_at))
    if _tells_of_a_match(case, task):
        raise Refused("no_question_here")


def ask(case: Dossier, act: StaffAct) -> None:
    assert act.due_at is not None  # noqa: S101 - the validator has looked
    question_id = f"{case.submission.reference}-Q{len(case.questions) + 1:02d}"
    stopped = timekeeping.pause(case, Hold(question_id, HoldKind.QUESTION))
    rule = ClockRule(remind=case.rules.questions.remind)
    rungs = ladder.rungs(rule, act.due_at, case.holidays)
    case.questions[question_id] = Question(
        id=question_id,
        asker=act.actor,
        due_at=act.due_at,
        rungs=tuple(rung for rung in rungs if rung.at > case.now),
    )
    case.emit(
        EventType.QUESTION_ASKED,
        act.actor,
        request_id=act.request_id,
        texts=act.texts,
        data={"question": question_id, "task": act.task, "due_at": act.due_at, **stopped},
    )


def check_over(case: Dossier, question_id: str | None) -> None:
    """Refuse to answer or withdraw what is not asked any more."""
    question = case.questions.get(question_id or "")
    if question is None:
        raise Refused("question_unknown", question=question_id)
    if not question.is_open:
        raise Refused("question_over", state=question.state)


def answer(case: Dossier, act: PartnerAct) -> None:
    _end(case, act.question, QuestionState.ANSWERED, act.actor, act)


def withdraw(case: Dossier, act: StaffAct) -> None:
    _end(case, act.question, QuestionState.WITHDRAWN, act.actor, act)


def close(case: Dossier) -> None:
    """The proposal has ended: nobody waits for an answer any more."""
    for question in case.questions.values():
        if question.is_open:
            question.state, question.rungs = QuestionState.CLOSED, ()


def ring(case: Dossier, until: datetime) -> None:
    """Remind the partner of what falls due; let the clock go on where nobody has answered."""
    while waiting := [q for q in case.questions.values() if q.rungs and q.rungs[0].at <= until]:
        question = min(waiting, key=lambda q: (q.rungs[0].at, q.id))
        rung, *rest = question.rungs
        question.rungs = tuple(rest)
        if rung.step is Step.REMIND:
            case.emit(
                EventType.QUESTION_REMINDED,
                SYSTEM,
                data={
                    "question": question.id,
                    "due_at": question.due_at,
                    "days": rung.days,
                },
            )
        else:
            _end(case, question.id, QuestionState.EXPIRED, SYSTEM)


_ENDED = {
    QuestionState.ANSWERED: EventType.QUESTION_ANSWERED,
    QuestionState.WITHDRAWN: EventType.QUESTION_WITHDRAWN,
    QuestionState.EXPIRED: EventType.QUESTION_EXPIRED,
}


def _end(
    case: Dossier,
    question_id: str | None,
    state: QuestionState,
    actor: Actor,
    act: StaffAct | PartnerAct | None = None,
) -> None:
    question = case.questions[question_id or ""]
    question.state, question.rungs = state, ()
    due = timekeeping.go_on(case, question.id)
    documents = act.documents if isinstance(act, PartnerAct) else ()
    given = {"documents": [each.model_dump() for each in documents]} if documents else {}
    case.emit(
        _ENDED[state],
        actor,
        request_id=act.request_id if act else None,
        texts=act.texts if act else None,
        data={"question": question.id, "asked_by": question.asker.id, **given, **due},
    )


def _tells_of_a_match(case: Dossier, task: Task) -> bool:
    """A judgement of hits, and what follows from one: the partner could tell from a question."""
    about = case.tasks.get(task.confirms or task.arbitrates or str(task.detail.get("about")))
    return TaskKind.ADJUDICATE in (task.kind, about and about.kind)
