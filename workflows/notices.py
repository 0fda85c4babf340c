"""The notice of works outside Canada, and the determination that may follow it no sooner.

The environmental finding says on what the works rest; where that is a notice, the lead desk clears
it, the reviewer posts it, and 30 calendar days later at the earliest determines whether significant
effects are likely (Impact Assessment Act, s. 83 to 86). The stages go on meanwhile; the signature
of the department waits.
"""

from datetime import datetime
from typing import Any

from policy.rules import clocks
from schemas.errors import Refused
from schemas.events import EventType
from schemas.messages import StaffAct
from schemas.proposal import Stage
from schemas.tasks import TaskKind
from workflows.docket import told
from workflows.dossier import Dossier
from workflows.tasks import Task

NOTICE = "notice"
KINDS = (TaskKind.CLEAR_NOTICE, TaskKind.DETERMINE)


def is_needed(finding: Task) -> bool:
    """Whether the environmental *finding* rests on a notice."""
    return (
        finding.kind is TaskKind.ENVIRONMENT
        and finding.outcome == "no_objection"
        and finding.facts.rests_on.get("environment") == NOTICE
    )


def ask_for_clearance(case: Dossier, finding: Task) -> None:
    case.open(
        TaskKind.CLEAR_NOTICE,
        subject=finding.id,
        desk=case.submission.lead,
        detail={"about": finding.id, "desk": case.submission.lead},
    )


def follow_clearance(case: Dossier, task: Task) -> None:
    """Cleared: whoever reviewed it posts it. Otherwise the finding is made anew."""
    task.settled = True
    if task.outcome == "change":
        case.reopen(case.tasks[str(task.detail["about"])])


def check_post(case: Dossier, act: StaffAct, now: datetime) -> None:
    """Refuse to post what nobody has cleared, what is posted, and a day that is not there yet."""
    if case.stage in (Stage.CLOSED, Stage.ACTIVE):
        raise Refused("proposal_closed" if case.stage is Stage.CLOSED else "no_notice_to_post")
    cleared = _cleared(case)
    if cleared is None:
        raise Refused("no_notice_to_post")
    if case.standing(TaskKind.DETERMINE, cleared.subject) is not None:
        raise Refused("notice_posted_already")
    if act.not_before is None or act.posted_on is None:
        raise Refused("no_notice_to_post")
    decided = cleared.decided_at
    if decided is not None and act.posted_on < clocks.toronto_day(decided).isoformat():
        raise Refused("notice_posted_too_early", cleared=told(decided))
    if act.posted_on > clocks.toronto_day(now).isoformat():
        raise Refused("date_not_reached")


def post(case: Dossier, act: StaffAct) -> None:
    """The notice stands from that day on; the determination waits for its end."""
    cleared = _cleared(case)
    assert cleared is not None  # noqa: S101 - the validator has looked
    detail: dict[str, Any] = {
        "about": cleared.subject,
        "posted_on": act.posted_on,
        "not_before": told(act.not_before),
    }
    case.emit(
        EventType.NOTICE_POSTED,
        act.actor,
        request_id=act.request_id,
        texts=act.texts,
        data={**detail, "task": cleared.id},
    )
    case.open(TaskKind.DETERMINE, subject=cleared.subject, detail=detail)


def check_decide(task: Task, now: datetime) -> None:
    """Refuse a determination while the notice has not stood for as long as the Act asks."""
    until = datetime.fromisoformat(str(task.detail["not_before"]))
    if now < until:
        raise Refused("notice_still_stands", until=told(until), posted_on=task.detail["posted_on"])


def follow_determination(case: Dossier, task: Task) -> None:
    """Significant effects bar the works, but for what legal finds to justify them (s. 90)."""
    if task.outcome == "significant_effects":
        case.open(TaskKind.LEGAL, subject=task.id, detail={"about": task.id})
    else:
        task.settled = True


def check_may_sign(case: Dossier) -> None:
    """Refuse the signature before the determination, naming what is still to come."""
    for finding in case.tasks.values():
        if not (finding.stands and is_needed(finding)):
            continue
        determined = case.standing(TaskKind.DETERMINE, finding.id)
        if determined is None or not determined.settled:
            waits = determined or case.standing(TaskKind.CLEAR_NOTICE, finding.id)
            raise Refused(
                "determination_open",
                task=waits.id if waits else None,
                until=determined.detail["not_before"] if determined else None,
            )


def _cleared(case: Dossier) -> Task | None:
    """The clearance that stands, of a finding that stands."""
    for task in case.tasks.values():
        if task.kind is TaskKind.CLEAR_NOTICE and task.stands and task.outcome == "clear":
            return task
    return None
