"""From the approval to an active agreement: what is told, signed by both, and then runs."""

from datetime import datetime, timedelta

from schemas.events import EventType
from schemas.people import SYSTEM
from schemas.proposal import Outcome, Stage
from schemas.tasks import IN_PART, TaskKind
from workflows import conditions as binding
from workflows import endings, findings, funding, renewing, repairs_ending
from workflows.dossier import Agreement, Clock, Dossier, Ended
from workflows.tasks import Task


def ask_for_signatures(case: Dossier) -> None:
    """Once the partner has signed, the department signs (Agreement)."""
    renewing.ask(case)
    agreement = case.agreement
    signed = agreement is not None and agreement.partner_signed
    if agreement is None or not signed:
        return
    if case.standing(TaskKind.SIGN_AGREEMENT) is None or agreement.signs_anew:
        agreement.signs_anew = False
        case.open(TaskKind.SIGN_AGREEMENT)


def follow_approval(case: Dossier, task: Task, *, approved: bool) -> None:
    if renewing.is_one(task):
        renewing.follow(case, task, approved=approved)
        return
    if not approved:
        endings.close(case, Outcome.DECLINED, task=task)
        return
    case.outcome = Outcome.APPROVED
    case.approved = Ended(case.stage, task.id, None, clock=case.clock)
    told_at = case.now + timedelta(minutes=case.rules.undo_minutes)
    in_part = task.outcome in IN_PART
    if in_part:
        funding.approve_in_part(case, task.facts.slices)
    recommended = case.standing(TaskKind.RECOMMEND)
    conditions = [binding.as_told(c) for c in findings.conditions(case)]
    case.emit(
        EventType.APPROVED,
        task.decider,
        data={
            "document": task.facts.document,
            "rung": task.detail.get("rung"),
            "instrument": recommended.facts.instrument if recommended else None,
            "slices": [s.model_dump(mode="json") for s in funding.slices(case)],
            "conditions": conditions,
            "reservation": case.reservation.id if case.reservation else None,
            **({"in_part": True} if in_part else {}),
        },
    )
    binding.begin(case, told_at)
    case.letter("approved", told_at, task, "approved_in_part/1" if in_part else None)
    due_at = case.due(case.rules.agreement_days, told_at)
    case.clock = Clock(None)
    if Stage.AGREEMENT not in case.rules.stages:
        _activate(case, told_at)
    else:
        case.agreement = Agreement(told_at=told_at, due_at=due_at)
        case.enter(Stage.AGREEMENT)
        case.emit(
            EventType.AGREEMENT_GENERATED,
            SYSTEM,
            texts={"agreement": task.texts["agreement"]} if "agreement" in task.texts else None,
            data={
                "template": "agreement/1",
                "conditions": conditions,
                "due_at": due_at,
                "told_at": told_at,
            },
        )


def become_active(case: Dossier, task: Task) -> None:
    if case.agreement is not None:
        case.agreement.department_signed = True
    case.emit(EventType.DEPARTMENT_SIGNED, task.decider)
    _activate(case)


def _activate(case: Dossier, told_at: datetime | None = None) -> None:
    case.enter(Stage.ACTIVE)
    untold = told_at is not None and told_at > case.now
    case.emit(EventType.ACTIVATED, SYSTEM, data={"told_at": told_at} if untold else None)
    for other in case.open_tasks():
        if other.kind is not TaskKind.LEGAL and not binding.is_about(case, other):
            case.cancel(other)
    repairs_ending.end_if_over(case)
