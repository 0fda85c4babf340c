"""Eligibility, compliance and the desks: what reviewers are asked, and what their answers lead to.

What is asked opens what is missing, and no more; asking twice opens nothing.
"""

from schemas.people import Level
from schemas.proposal import Outcome
from schemas.tasks import Effect, TaskKind, finding_kind
from workflows import conditions, endings, findings, funding, notices, returns, sealing, signatures
from workflows.dossier import Dossier
from workflows.tasks import Task


def ask_for_eligibility(case: Dossier) -> None:
    """A programme officer confirms every automatic check (product.md 3, Eligibility).

    Of what was submitted to a call, nobody is asked anything before the call has closed.
    """
    if case.call_is_open:
        return
    if case.standing(TaskKind.ELIGIBILITY) is None:
        case.open(TaskKind.ELIGIBILITY)


def ask_for_findings(case: Dossier) -> None:
    """Every finding that the program or a trigger calls for, in parallel (Compliance)."""
    for rule in findings.needed(case):
        kind = finding_kind(rule.code)
        if case.standing(kind) is None:
            case.open(kind)


def ask_the_desks(case: Dossier) -> None:
    """The consulted desks answer once each; then the head of the lead desk signs (Desk)."""
    consulted = [share.desk for share in case.consulted]
    for desk in consulted:
        if case.standing(TaskKind.CONSULT, desk) is None:
            case.open(TaskKind.CONSULT, subject=desk, desk=desk)
    if all(findings.is_answered(case, TaskKind.CONSULT, desk) for desk in consulted):
        lead = case.submission.lead
        if case.standing(TaskKind.SIGN_OFF, lead) is None:
            case.open(TaskKind.SIGN_OFF, subject=lead, desk=lead)


def follow_eligibility(case: Dossier, task: Task, effect: Effect) -> None:
    if effect is Effect.RETURN:
        case.asks.append(task.id)
        returns.send_back(case, task, returns.asked_sections(case))
    elif effect is Effect.STOP:
        endings.close(case, Outcome.INELIGIBLE, task=task)


def follow_finding(case: Dossier, task: Task) -> None:
    if task.outcome == "recommend_refusal":
        case.open(TaskKind.ARBITRATE, arbitrates=task.id)
    elif task.outcome == "refer":
        # Who cannot tell whether the risk is mitigated refers it (domain.md, 2.5: ACMFEA).
        case.open(TaskKind.ARBITRATE, arbitrates=task.id, rung=Level.DEPUTY_MINISTER)
    elif task.outcome == "barred":
        case.open(TaskKind.LEGAL, subject=task.id, detail={"about": task.id})
    elif findings.needs_confirmation(case, task):
        case.open(TaskKind.CONFIRM, confirms=task.id)
    if notices.is_needed(task):
        notices.ask_for_clearance(case, task)


def follow_adjudication(case: Dossier, task: Task) -> None:
    if task.outcome == "no_match":
        if findings.needs_confirmation(case, task):
            case.open(TaskKind.CONFIRM, confirms=task.id)
        return
    everywhere = task.outcome == "match" and bool(task.detail.get("owner"))
    legal = case.open(
        TaskKind.LEGAL,
        subject=task.id,
        detail={"about": task.id, "seal": True, "everywhere": everywhere},
    )
    sealing.seal(case, legal.id, everywhere=everywhere)


def follow_confirmation(case: Dossier, task: Task) -> None:
    target = case.tasks[task.confirms or ""]
    if target.kind is TaskKind.RECORD_DECISION:
        if task.outcome == "agree":
            target.settled = True
            signatures.follow_approval(case, target, approved=target.outcome != "declined")
        else:
            case.reopen(target)
    elif target.kind is TaskKind.CONDITION:
        conditions.follow_confirmation(case, task, target)
    elif task.outcome == "agree":
        target.settled = True
    else:
        case.open(TaskKind.ARBITRATE, arbitrates=target.id)


def follow_arbitration(case: Dossier, task: Task, picked: Task | None) -> None:
    """*picked*: of several recommendations the one that counts from now on."""
    target = case.tasks[task.arbitrates or ""]
    if task.outcome == "refuse":
        endings.close(case, Outcome.DECLINED, task=task)
        return
    target.settled = True
    if picked is not None:
        picked.settled = True
        funding.follow_recommendation(case, picked)


def follow_legal(case: Dossier, task: Task) -> None:
    if task.outcome == "refuse":
        if task.is_sealing:
            sealing.end_seal(case, task)
        endings.close(case, Outcome.DECLINED, task=task)
        return
    about = case.tasks[str(task.detail["about"])]
    if task.is_sealing:
        about.settled = True
        sealing.end_seal(case, task)
    elif findings.needs_confirmation(case, about):
        case.open(TaskKind.CONFIRM, confirms=about.id)  # the bar is lifted, the rating stays
    else:
        about.settled = True
