"""Findings that rely on a reusable record, once it no longer holds (product.md, Compliance)."""

from schemas.errors import Refused
from schemas.events import EventType
from schemas.messages import Notice
from schemas.people import LEVELS, SYSTEM, Level
from schemas.proposal import Outcome
from schemas.tasks import TaskKind, TaskState
from workflows import findings, funding, returns, reviews
from workflows.dossier import Dossier


def end(case: Dossier, notice: Notice) -> None:
    """Ask anew what relied on a record that expired, was withdrawn, or says something else now.

    Before the approval the decision rests on the findings, and is asked for anew with them.
    After it the approval stands, and the department does not sign before the findings are in.
    """
    relying = {
        task_id
        for task_id in map(str, notice.data.get("tasks", ()))
        if (task := case.tasks.get(task_id)) is not None
        and task.stands
        and task.kind.is_finding
        and task.state is TaskState.DONE
    }
    ask_anew(
        case,
        relying,
        {"record": str(notice.data.get("record")), "why": str(notice.data.get("why"))},
    )


def ask_anew(case: Dossier, relying: set[str], data: dict[str, str]) -> None:
    """Ask anew for the findings *relying* and for what follows from them; of none, nothing."""
    if not relying:
        return
    gone = returns.with_what_follows(case, relying)
    is_approved = case.outcome is Outcome.APPROVED
    decision = case.standing(TaskKind.APPROVE) or case.standing(TaskKind.RECORD_DECISION)
    if decision is not None and not is_approved:
        gone |= returns.with_what_follows(case, {decision.id})
    case.emit(
        EventType.RELIANCE_ENDED,
        SYSTEM,
        data={**data, "superseded": sorted(gone)},
    )
    returns.let_go(case, gone)
    if is_approved:
        reviews.ask_for_findings(case)


def check_may_sign(case: Dossier) -> None:
    """Refuse a signature under an approval that the findings, made anew, no longer allow."""
    recommended = case.standing(TaskKind.RECOMMEND)
    decision = case.standing(TaskKind.APPROVE) or case.standing(TaskKind.RECORD_DECISION)
    if recommended is None or decision is None:
        return
    needed, given = funding.rung_for(case, recommended), decision.detail.get("rung")
    if given is not None and LEVELS.index(needed) > LEVELS.index(Level(given)):
        raise Refused(
            "approval_below_risk", needed=needed, given=given, level=findings.residual(case)
        )
