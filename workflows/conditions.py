"""Conditions of an approved proposal: evidence, judgement, reminders, and the steps they hold up.

They bind from the approval on. Whoever owes one gives evidence; the discipline that set it judges
in a task whether it is met. A date that passes decides nothing: those who judge are asked.
"""

from datetime import date, datetime
from typing import Any

from policy.rules import clocks, gates, ladder
from policy.rules.ladder import Rung, Step
from schemas.errors import Refused
from schemas.events import EventType
from schemas.messages import PartnerAct, StaffAct
from schemas.people import SYSTEM, Candidate, Role
from schemas.proposal import Outcome, Stage
from schemas.tasks import ConditionFact, ConditionState, Gate, KeptBy, TaskKind
from schemas.terms import ClockRule, ProcessRules
from workflows import findings
from workflows.docket import Docket, Obligation
from workflows.dossier import Dossier
from workflows.tasks import Task, candidates_for


def begin(case: Dossier, told_at: datetime) -> None:
    """Every condition that stands binds from now; nobody is reminded before it is told."""
    case.obligations = {
        condition.id: binding(condition, _judges(case, task), case.rules, told_at)
        for task, condition in findings.conditions_by_task(case)
    }


def bind_anew(case: Dossier) -> None:
    """Under a new approval: what stands binds as far as it has come, what fell away does not."""
    before = case.obligations
    case.obligations = {}
    for task, condition in findings.conditions_by_task(case):
        known = before.get(condition.id)
        case.obligations[condition.id] = known or binding(
            condition, _judges(case, task), case.rules, case.now
        )
    for task in case.open_tasks():
        about = case.tasks.get(task.confirms or "", task)
        if about.kind is TaskKind.CONDITION and about.subject not in case.obligations:
            case.cancel(task)


def binding(
    condition: ConditionFact,
    judges: tuple[Candidate, ...],
    rules: ProcessRules,
    told_at: datetime,
) -> Obligation:
    """*condition* as it is followed from now on; what is past by *told_at* is not made up for."""
    rule, due_at = rules.conditions, _end_of(condition)
    steps = ClockRule(remind=rule.remind, escalate=rule.escalate) if rule else None
    rungs = ladder.rungs(steps, due_at, rules.holidays) if steps and due_at else ()
    return Obligation(
        id=condition.id,
        gate=condition.gates,
        kept_by=condition.kept_by,
        due_at=due_at,
        candidates=judges,
        rungs=tuple(rung for rung in rungs if rung.at > told_at),
    )


def as_told(condition: ConditionFact) -> dict[str, Any]:
    """A condition as events tell it; what earlier events did not say is said only where it counts.

    A kept history tells the same events again, and whoever redrains is held to their content.
    """
    facts = condition.model_dump(mode="json")
    if condition.kept_by is KeptBy.PARTNER:
        del facts["kept_by"]
    return facts


def closed_by(case: Docket, step: Gate) -> list[Obligation]:
    """What holds *step* up, in the order in which it was set."""
    holding = gates.holding_up(step)
    return [each for each in case.obligations.values() if each.is_open and each.gate in holding]


def check_gate(case: Docket, step: Gate) -> None:
    """Refuse a step that conditions hold up, with each and who can open it."""
    if closed := closed_by(case, step):
        raise Refused(
            "condition_not_met",
            conditions=[each.id for each in closed],
            gate=step,
            owed=[
                {
                    "condition": each.id,
                    "state": each.state,
                    "kept_by": each.kept_by,
                    "judged_by": [c.model_dump(mode="json") for c in each.candidates],
                }
                for each in closed
            ],
        )


def are_followed(case: Docket) -> bool:
    """Whether something is still to come of a condition once both have signed."""
    followed = case.rules.conditions is not None and case.stage is Stage.ACTIVE
    return followed and any(each.is_open for each in case.obligations.values())


def next_step(case: Docket) -> datetime | None:
    """When somebody is reminded or asked next."""
    moments = [each.rungs[0].at for each in case.obligations.values() if each.rungs]
    return min(moments, default=None)


def check_evidence(case: Docket, act: PartnerAct | StaffAct, now: datetime) -> None:
    """Refuse evidence for what does not bind, is over, or is another's to give."""
    owner = KeptBy.PARTNER if isinstance(act, PartnerAct) else KeptBy.DEPARTMENT
    each = _binding(case, act.condition, now)
    if each.kept_by is not owner:
        raise Refused("condition_of_another", kept_by=each.kept_by)


def check_judgement(case: Docket, act: StaffAct, now: datetime) -> None:
    """Refuse to ask for what is judged already, or is being judged."""
    each = _binding(case, act.condition, now)
    if (task := _open_task(case, each)) is not None:
        raise Refused("judgement_under_way", task=task.id)


def give(case: Docket, act: PartnerAct | StaffAct) -> None:
    each = case.obligations[act.condition or ""]
    documents = act.documents if isinstance(act, PartnerAct) else ()
    each.state = ConditionState.EVIDENCE_GIVEN
    each.given_by.add(act.actor.id)
    case.emit(
        EventType.EVIDENCE_GIVEN,
        act.actor,
        request_id=act.request_id,
        texts=act.texts,
        data={
            "condition": each.id,
            "documents": [document.model_dump() for document in documents],
        },
    )
    _ask(case, each)


def ask_for_judgement(case: Docket, act: StaffAct) -> None:
    """Without evidence: what can be judged from elsewhere, or need not be met any more."""
    each = case.obligations[act.condition or ""]
    case.emit(
        EventType.JUDGEMENT_ASKED,
        act.actor,
        request_id=act.request_id,
        texts=act.texts,
        data={"condition": each.id},
    )
    _ask(case, each)


def check_decide(case: Docket, task: Task, person: str, on_behalf_of: str | None) -> None:
    """Who gave the department's evidence does not judge it, nor confirm that it is waived."""
    judged = case.tasks.get(task.confirms or "", task)
    each = case.obligations.get(judged.subject or "")
    if each is not None and each.given_by & {person, on_behalf_of}:
        raise Refused("separation_of_duties", rule="own_evidence", duty=None, held=None)


def follow_judgement(case: Docket, task: Task) -> None:
    match task.outcome:
        case "waived" if case.rules.conditions is None or case.rules.conditions.waivers_confirmed:
            case.open(TaskKind.CONFIRM, confirms=task.id)
        case "waived":
            _settle(case, task, ConditionState.WAIVED)
        case "met":
            _settle(case, task, ConditionState.MET)
        case _:
            _settle(case, task, ConditionState.NOT_MET)


def follow_confirmation(case: Docket, task: Task, judged: Task) -> None:
    """A second person agrees that the condition is waived, or it is judged anew."""
    if task.outcome == "agree":
        judged.settled = True
        _settle(case, judged, ConditionState.WAIVED)
    elif (each := case.obligations.get(judged.subject or "")) is not None:
        _ask(case, each)


def ring(case: Docket, until: datetime) -> None:
    """Remind who owes what falls due; once it is overdue, ask those who judge, then those above."""
    while waiting := [o for o in case.obligations.values() if o.rungs and o.rungs[0].at <= until]:
        each = min(waiting, key=lambda o: (o.rungs[0].at, o.id))
        rung, *rest = each.rungs
        each.rungs = tuple(rest)
        data = {"condition": each.id, "due_at": each.due_at, "kept_by": each.kept_by}
        match rung.step:
            case Step.REMIND:
                case.emit(EventType.CONDITION_REMINDED, SYSTEM, data={**data, "days": rung.days})
            case Step.OVERDUE:
                case.emit(EventType.CONDITION_OVERDUE, SYSTEM, data=data)
                _ask(case, each)
            case _:
                _escalate(case, each, rung)


def is_about(case: Docket, task: Task) -> bool:
    """Whether *task* judges a condition, or confirms that one is waived."""
    confirmed = case.tasks.get(task.confirms or "")
    return TaskKind.CONDITION in (task.kind, confirmed and confirmed.kind)


def _escalate(case: Docket, each: Obligation, rung: Rung) -> None:
    desk = next((c.scope for c in each.candidates if c.role is Role.HEAD_OF_DESK), None)
    if rung.to is not None:
        each.candidates = ladder.candidates_after(each.candidates, rung.to, desk=desk)
    case.emit(
        EventType.CONDITION_ESCALATED,
        SYSTEM,
        data={
            "condition": each.id,
            "due_at": each.due_at,
            "days": rung.days,
            "to": rung.to,
            "candidates": [c.model_dump(mode="json") for c in each.candidates],
        },
    )
    _ask(case, each)  # where a task is open already, its own ladder asks those above


def _ask(case: Docket, each: Obligation) -> None:
    if _open_task(case, each) is None:
        case.open(
            TaskKind.CONDITION,
            subject=each.id,
            detail={"condition": each.id},
            candidates=each.candidates,
        )


def _open_task(case: Docket, each: Obligation) -> Task | None:
    """The judgement that is asked for, or the confirmation that waits for a second person."""
    for task in case.open_tasks():
        judged = case.tasks.get(task.confirms or "", task)
        if judged.kind is TaskKind.CONDITION and judged.subject == each.id:
            return task
    return None


def _settle(case: Docket, task: Task, state: ConditionState) -> None:
    each = case.obligations.get(task.subject or "")
    if each is None:
        return
    each.state = state
    if state.is_over:
        each.rungs = ()
    message = task.texts.get("message_to_partner")
    case.emit(
        EventType.CONDITION_JUDGED,
        task.decider,
        data={"condition": each.id, "state": state, "task": task.id, "gate": each.gate},
        texts={"message": message} if message else None,
    )


def _binding(case: Docket, condition: str | None, now: datetime) -> Obligation:
    if case.outcome is not Outcome.APPROVED or case.is_untold(now):
        raise Refused("no_agreement_yet")
    each = case.obligations.get(condition or "")
    if each is None:
        raise Refused("condition_unknown", condition=condition)
    if not each.is_open:
        raise Refused("condition_is_over", state=each.state)
    return each


def _judges(case: Dossier, task: Task) -> tuple[Candidate, ...]:
    """Who may judge what *task* has set: its discipline or desk, or the one that policy names."""
    rule = case.rules.conditions
    named = rule.judged_by.get(task.kind) if rule else None
    if named is not None:
        return (Candidate(role=Role.REVIEWER, scope=named),)
    return candidates_for(task.kind, case.rules.programme, desk=task.subject)


def _end_of(condition: ConditionFact) -> datetime | None:
    return clocks.end_of_day(date.fromisoformat(condition.due_date)) if condition.due_date else None
