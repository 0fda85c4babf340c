"""An approval asked for anew before the department signs (product.md, Compliance and Funding).

The activity is approved with the risk and the conditions that its document held. Where findings
were made anew since, and now ask for a higher approver or set other conditions, that approval does
not carry the signature: whoever the risk asks for approves the activity as it stands, or declines.
Money stays reserved; the partner is told only if what it agreed to is another thing.
"""

from schemas.errors import Refused
from schemas.events import EventType
from schemas.people import LEVELS, ON_PAPER, SYSTEM, Level
from schemas.proposal import Outcome, Stage
from schemas.tasks import TaskKind
from workflows import conditions, endings, findings, funding, returns, stages
from workflows.dossier import Agreement, Dossier
from workflows.tasks import Task


def ask(case: Dossier) -> None:
    """Ask for the approval anew where it no longer covers what would be signed."""
    if not (case.renews_approvals and case.outcome is Outcome.APPROVED and case.agreement):
        return
    if case.agreement.department_signed or case.is_untold(case.now):
        return
    recommended, decision = case.standing(TaskKind.RECOMMEND), _decision(case)
    if recommended is None or decision is None or not stages.is_settled(case, Stage.COMPLIANCE):
        return
    needed, given = funding.rung_for(case, recommended), Level(decision.detail["rung"])
    is_below = LEVELS.index(needed) > LEVELS.index(given)
    if not is_below and (_is_pending(decision) or not _sets_other_conditions(case)):
        return
    rung = needed if is_below else given
    gone = returns.with_what_follows(case, {decision.id})
    case.emit(
        EventType.APPROVAL_ASKED_ANEW,
        SYSTEM,
        data={
            "rung": rung,
            "given": given,
            "level": findings.residual(case),
            "superseded": sorted(gone),
        },
    )
    returns.let_go(case, gone)
    kind = TaskKind.RECORD_DECISION if rung in ON_PAPER else TaskKind.APPROVE
    case.open(kind, rung=rung, detail={"rung": rung, "again": True})


def is_one(task: Task) -> bool:
    """Whether *task* approves anew what was approved before."""
    return bool(task.detail.get("again"))


def check_may_sign(case: Dossier) -> None:
    """Refuse a signature while the approval is asked for anew, naming who gives it."""
    decision = _decision(case)
    if decision is None or not is_one(decision):
        return
    if _is_pending(decision):
        raise Refused("approval_asked_anew", needed=decision.detail["rung"], task=decision.id)


def follow(case: Dossier, task: Task, *, approved: bool) -> None:
    """It stands under the new approval, with its conditions; or it is declined after all."""
    if not approved:
        endings.close(case, Outcome.DECLINED, task=task)
        return
    changed = _sets_other_conditions(case)
    told = [conditions.as_told(each) for each in findings.conditions(case)]
    case.emit(
        EventType.APPROVAL_RENEWED,
        task.decider,
        data={
            "document": task.facts.document,
            "rung": task.detail.get("rung"),
            "conditions": told,
        },
    )
    if changed:
        conditions.bind_anew(case)
        _generate(case, task, told)


def _generate(case: Dossier, task: Task, told: list[dict[str, object]]) -> None:
    """The agreement with other conditions, which the partner accepts and signs anew."""
    returns.let_go(case, {each.id for each in case.tasks.values() if _signs(each)})
    due_at = case.due(case.rules.agreement_days, case.now)
    case.agreement = Agreement(told_at=case.now, due_at=due_at)
    case.emit(
        EventType.AGREEMENT_GENERATED,
        SYSTEM,
        texts={"agreement": task.texts["agreement"]} if "agreement" in task.texts else None,
        data={
            "template": "agreement/1",
            "conditions": told,
            "due_at": due_at,
            "told_at": case.now,
        },
    )


def _signs(task: Task) -> bool:
    return task.kind is TaskKind.SIGN_AGREEMENT and task.is_open


def _sets_other_conditions(case: Dossier) -> bool:
    return {each.id for each in findings.conditions(case)} != set(case.obligations)


def _is_pending(decision: Task) -> bool:
    """Not taken yet, or recorded from paper and not confirmed."""
    on_paper = decision.kind is TaskKind.RECORD_DECISION
    return decision.is_open or (on_paper and not decision.settled)


def _decision(case: Dossier) -> Task | None:
    return case.standing(TaskKind.APPROVE) or case.standing(TaskKind.RECORD_DECISION)
