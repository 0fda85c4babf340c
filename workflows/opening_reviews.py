"""A conditional review that a person opens, with the sentence that says why.

The partner's words and the officer's ticks open most; what a reviewer notices later opens one too,
and closes none (product.md, section 3). One that was answered is asked for anew.
"""

from policy.rules import holds
from schemas.errors import Refused
from schemas.events import EventType
from schemas.messages import StaffAct
from schemas.proposal import Outcome, Stage, Trigger
from schemas.tasks import TaskKind, TaskState, finding_kind
from workflows import findings, returns, reviews
from workflows.dossier import Dossier
from workflows.tasks import Task

_STAGES = (Stage.ELIGIBILITY, Stage.COMPLIANCE, Stage.DESK, Stage.FUNDING, Stage.AGREEMENT)


def check(case: Dossier, act: StaffAct) -> None:
    """Refuse what is over, is paused, is open already, or is no review of the program."""
    if case.stage is Stage.CLOSED:
        raise Refused("proposal_closed")
    if case.stage is Stage.RETURNED:
        raise Refused("not_in_review")
    if case.stage not in _STAGES:
        raise Refused("too_late_for_review")
    if standing := holds.first(case.hold_kinds - holds.BESIDE_QUESTIONS):
        raise Refused("on_hold", hold=standing)  # a seal: nothing moves before legal has disposed
    if act.trigger is None or all(rule.when is not act.trigger for rule in case.rules.findings):
        raise Refused("no_such_review")
    if act.trigger in case.triggers and not _answered(case, act.trigger):
        raise Refused("review_open_already")


def take(case: Dossier, act: StaffAct) -> None:
    """The review is asked for; an approval that is asked for or waits to be signed rests on it."""
    assert act.trigger is not None  # noqa: S101 - the validator has looked
    before = {rule.code for rule in findings.needed(case)}
    case.triggers = case.triggers | {act.trigger}
    opened = [rule.code for rule in findings.needed(case) if rule.code not in before]
    is_approved = case.outcome is Outcome.APPROVED
    decision = case.standing(TaskKind.APPROVE) or case.standing(TaskKind.RECORD_DECISION)
    gone = {task.id for task in _answered(case, act.trigger)}
    if decision is not None and not is_approved:
        gone.add(decision.id)
    gone = returns.with_what_follows(case, gone)
    case.emit(
        EventType.REVIEW_OPENED,
        act.actor,
        request_id=act.request_id,
        texts=act.texts,
        data={
            "trigger": act.trigger,
            "reviews": opened,
            "task": act.task,
            "superseded": sorted(gone),
        },
    )
    returns.let_go(case, gone)
    if is_approved:
        reviews.ask_for_findings(case)


def _answered(case: Dossier, trigger: Trigger) -> list[Task]:
    """The findings that *trigger* has opened and that stand answered."""
    kinds = {finding_kind(rule.code) for rule in case.rules.findings if rule.when is trigger}
    return [
        task
        for task in case.tasks.values()
        if task.kind in kinds and task.stands and task.state is TaskState.DONE
    ]
