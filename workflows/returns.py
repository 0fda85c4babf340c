"""One return for all that reviewers ask, and what the partner's new revision re-opens."""

from collections.abc import Iterable

from schemas.errors import Refused
from schemas.events import EventType
from schemas.holds import HoldKind
from schemas.messages import Submission
from schemas.proposal import Section, Stage
from schemas.tasks import TaskKind
from schemas.values import instant
from workflows import funding, quorum, screening, sealing, stages, timekeeping
from workflows.docket import Hold
from workflows.dossier import Dossier, Returned, revision_facts
from workflows.tasks import Task

RETURN = "return"
"""The id of the hold: a proposal is returned once at a time."""
_OF_NOTICES = (TaskKind.CLEAR_NOTICE, TaskKind.DETERMINE)
"""What follows from an environmental finding and goes on while the stages do."""


def ask_for_release(case: Dossier) -> None:
    """One return for all that was asked, when the parallel findings are in (Return)."""
    if not case.asks or case.stage not in case.rules.stages:
        return
    release = case.standing(TaskKind.RELEASE)
    if release is not None and release.is_open:
        if release.detail["asked_by"] == case.asks:
            return
        quorum.ask_no_more(case, release)  # asked for more meanwhile: still one return for all
    if not any(_holds_up_release(case, task) for task in case.open_tasks()):
        detail = {"asked_by": list(case.asks), "sections": asked_sections(case)}
        case.open(TaskKind.RELEASE, detail=detail)


def follow_release(case: Dossier, task: Task) -> None:
    if task.outcome == "release":
        send_back(case, task, task.sections)
        return
    asking, case.asks = case.asks, []
    for asked in asking:
        again = case.reopen(case.tasks[asked])
        if again.is_sealing:
            sealing.seal(case, again.id, everywhere=bool(again.detail.get("everywhere")))


def send_back(case: Dossier, task: Task, sections: Iterable[Section]) -> None:
    due_at = case.due(case.rules.return_days, case.now)
    timekeeping.pause(case, Hold(RETURN, HoldKind.RETURN))
    case.returned = Returned(tuple(sections), due_at)
    case.stage = Stage.RETURNED
    case.emit(
        EventType.RETURNED,
        task.decider,
        data={
            "task": task.id,
            "sections": list(case.returned.sections),
            "due_at": due_at,
            "days_left": case.clock.days_left,
            "asked_by": list(case.asks),
            **_stage_days_left(case),
        },
    )
    case.letter("returned", case.now, task)


def _stage_days_left(case: Dossier) -> dict[str, int]:
    left = case.stage_clock.days_left
    return {} if left is None else {"stage_days_left": left}


def check_resubmit(case: Dossier, submission: Submission) -> None:
    if case.stage is not Stage.RETURNED:
        raise Refused("not_returned")
    if submission.revision != case.submission.revision + 1:
        raise Refused("revision_out_of_order", revision=submission.revision)
    if submission.policy_version not in (None, case.policy_version):
        raise Refused("terms_moved", version=case.policy_version)


def resubmit(case: Dossier, submission: Submission) -> None:
    """Take a new revision: what depends on a change opens anew, the rest stands."""
    amount_changed = (
        Section.BUDGET in submission.changed
        or submission.amount_cents != case.submission.amount_cents
    )
    case.submission = submission
    case.triggers = case.triggers | frozenset(submission.triggers)
    kinds = {kind for s in submission.changed for kind in case.rules.reopens.get(s, ())}
    if amount_changed:
        kinds |= {TaskKind.RECOMMEND, TaskKind.APPROVE}
    if TaskKind.APPROVE in kinds:
        kinds.add(TaskKind.RECORD_DECISION)  # the same question, answered on paper
    asked = set(case.asks)
    reopened = _supersede(case, kinds, asked)
    case.asks, case.returned = [], None
    if TaskKind.ADJUDICATE in kinds or any(case.tasks[t].is_sealing for t in asked):
        case.screening.wanted += 1
    disputed = [
        t for t in case.tasks.values() if t.id in reopened and screening.is_disputed(case, t)
    ]
    timekeeping.go_on(case, RETURN)
    still_stopped = case.clock.days_left
    case.emit(
        EventType.RESUBMITTED,
        submission.actor,
        occurred_at=submission.submitted_at,
        request_id=submission.request_id,
        texts={"content": submission.content},
        data={
            **revision_facts(submission),
            "changed": list(submission.changed),
            "superseded": sorted(reopened),
            "due_at": case.clock.due_at,
            **({} if still_stopped is None else {"days_left": still_stopped}),
            "task_due": {t.id: instant(t.due_at) for t in case.tasks.values() if t.is_open},
        },
    )
    if amount_changed:
        funding.release_money(case, "budget_changed")
    stage = next((s for s in case.rules.stages if not stages.is_settled(case, s)), case.stage)
    case.enter(stage)
    for task in disputed:
        # Its hits are judged in the store already: screening again would not ask again.
        case.reopen(task)


def default_sections(case: Dossier, task: Task) -> tuple[Section, ...]:
    asked = task.detail.get("sections")
    if asked:
        return tuple(Section(s) for s in asked)
    kind = task.kind
    if task.kind is TaskKind.ARBITRATE:
        kind = case.tasks[task.arbitrates or ""].kind
    elif task.kind is TaskKind.LEGAL:
        kind = case.tasks[str(task.detail["about"])].kind
    return case.rules.return_sections.get(kind) or tuple(Section)


def asked_sections(case: Dossier) -> list[Section]:
    asked = {section for t in case.asks for section in case.tasks[t].sections}
    return [section for section in Section if section in asked]


def _supersede(case: Dossier, kinds: set[TaskKind], asked: set[str]) -> set[str]:
    """Let answers of *kinds*, and those that asked for the return, no longer stand."""
    gone: set[str] = set()
    for task_id in asked:
        task = case.tasks[task_id]
        gone.add(task_id)
        about = task.arbitrates or task.detail.get("about")
        if about:
            gone.add(str(about))
    gone |= {t.id for t in case.tasks.values() if t.kind in kinds and t.stands}
    desks = {share.desk for share in case.submission.desks}
    gone |= {
        t.id
        for t in case.tasks.values()
        if t.stands
        and (
            (t.kind is TaskKind.CONSULT and t.subject not in desks)
            or (t.kind is TaskKind.CONSULT and t.subject == case.submission.lead)
            or (t.kind is TaskKind.SIGN_OFF and t.subject != case.submission.lead)
        )
    }
    gone -= {
        t
        for t in gone
        if case.tasks[t].kind is TaskKind.ADJUDICATE and t not in asked and case.tasks[t].is_open
    }
    gone = with_what_follows(case, gone)
    let_go(case, gone)
    return gone


def with_what_follows(case: Dossier, gone: set[str]) -> set[str]:
    """The tasks *gone*, what confirms or settles them, and all seats of either."""
    gone = gone | {
        t.id
        for t in case.tasks.values()
        if t.stands and (t.confirms in gone or t.arbitrates in gone)
    }
    gone |= {t.id for t in case.tasks.values() if t.kind in _OF_NOTICES and t.subject in gone}
    gone |= {
        t.id
        for t in case.tasks.values()
        if t.kind is TaskKind.LEGAL and not t.is_sealing and t.detail.get("about") in gone
    }
    return gone | {seat.id for t in gone for seat in case.seats(case.tasks[t])}


def let_go(case: Dossier, gone: set[str]) -> None:
    """Answers of these no longer stand; nobody is asked for one any more."""
    for task_id in sorted(gone):
        task = case.tasks[task_id]
        if task.is_open:
            case.cancel(task)
        task.stands = False


def _holds_up_release(case: Dossier, task: Task) -> bool:
    """Whether the one return waits for *task*: not for hits, nor for what waits itself."""
    beside = task.kind is TaskKind.ADJUDICATE or task.kind in _OF_NOTICES
    if beside or task.is_sealing or task.is_repair:
        return False
    order = case.rules.stages
    return task.stage in order[: order.index(case.stage) + 1]
