"""Going on under newer terms: what is asked anew, what is asked no more, and what stays.

Terms are pinned at submission (product.md, section 1); this is the recorded act that moves them.
Nothing decided is lost: an answer that the new terms no longer ask for stands, and counts. What
was promised stays: no date of an open task, of a stage or of the decision is moved by it. What
the new terms ask of a task (days, reminders, people) holds for those that open from now on.
"""

from schemas.errors import Refused
from schemas.events import EventType
from schemas.messages import TermsMove
from schemas.proposal import Outcome, Stage
from schemas.tasks import OUTCOMES, Effect, TaskKind, TaskState, finding_kind
from schemas.terms import FindingRule, ProcessRules
from workflows import findings, funding, returns
from workflows.dossier import Dossier
from workflows.tasks import Task

_STAGE_OF = {
    TaskKind.ELIGIBILITY: Stage.ELIGIBILITY,
    TaskKind.CONSULT: Stage.DESK,
    TaskKind.SIGN_OFF: Stage.DESK,
    TaskKind.RECOMMEND: Stage.FUNDING,
    TaskKind.APPROVE: Stage.FUNDING,
    TaskKind.RECORD_DECISION: Stage.FUNDING,
}


def check_move(case: Dossier, move: TermsMove) -> None:
    """Refuse what would change an approval, lose an objection, or was not what was previewed."""
    if case.closed_at is not None or case.stage is Stage.ACTIVE:
        raise Refused("proposal_closed")
    if case.outcome is Outcome.APPROVED:
        raise Refused("terms_fixed_by_approval", version=case.policy_version)
    if move.rules.programme != case.rules.programme:
        raise Refused("terms_of_another_programme", programme=case.rules.programme)
    if move.rules.version <= case.rules.version:
        raise Refused("terms_not_newer", version=case.policy_version)
    if move.seen != case.emitted:
        raise Refused("preview_stale", seen=move.seen, stands_at=case.emitted)
    for task in case.tasks.values():
        if task.stands and not task.joined and _is_lost_with(case, move.rules, task):
            raise Refused("decision_unsettled", task=task.id, kind=task.kind)


def move(case: Dossier, move: TermsMove) -> None:
    """Take over the new terms; `enter_next_stage` then asks whatever is not settled."""
    earlier, version = case.rules, case.policy_version
    case.carried = _carried(case, move.rules)
    case.rules, case.policy_version = move.rules, move.policy_version
    case.moves += 1
    void = _void(case, move) | _no_longer_confirmed(case)
    void |= {t.id for t in case.open_tasks() if not _is_asked(case, move.rules, t)}
    gone = returns.with_what_follows(case, void)
    gone |= _decision_that_rests_on(case, gone, earlier)
    case.emit(
        EventType.TERMS_CHANGED,
        move.actor,
        request_id=move.request_id,
        texts=move.texts,
        data={
            "from": version,
            "to": move.policy_version,
            "checks": dict(move.checks),
            "superseded": sorted(gone),
        },
    )
    returns.let_go(case, gone)
    for task in [t for t in case.tasks.values() if _is_newly_confirmed(case, t)]:
        case.open(TaskKind.CONFIRM, confirms=task.id)


def _is_asked(case: Dossier, rules: ProcessRules, task: Task) -> bool:
    """Whether *rules* ask the question of *task*; what follows from answers is always asked."""
    if task.kind.is_finding:
        asked = findings.asked_by(rules, case.triggers)
        return task.kind in {finding_kind(rule.code) for rule in asked}
    stage = _STAGE_OF.get(task.kind)
    return stage is None or stage in rules.stages


def _is_lost_with(case: Dossier, rules: ProcessRules, task: Task) -> bool:
    """An answer that leads somewhere else than on, where *rules* have no place for it any more."""
    if task.state is not TaskState.DONE or _is_asked(case, rules, task):
        return False
    return not findings.is_answered(case, task.kind, task.subject)


def _carried(case: Dossier, rules: ProcessRules) -> tuple[FindingRule, ...]:
    asked = {rule.code for rule in findings.asked_by(rules, case.triggers)}
    answered = (
        rule
        for rule in findings.needed(case)
        if rule.code not in asked and findings.is_answered(case, finding_kind(rule.code))
    )
    return tuple(answered)


def _void(case: Dossier, move: TermsMove) -> set[str]:
    """Answers of the kinds that are void, unless they lead elsewhere: that goes on first."""
    standing = [case.standing(kind) for kind in move.voids]
    return {task.id for task in standing if task and _is_decided(task) and _leads_on(task)}


def _leads_on(task: Task) -> bool:
    effect = OUTCOMES[task.kind][task.outcome or ""]
    return task.settled or (effect is Effect.ADVANCE and not task.disputed)


def _is_decided(task: Task) -> bool:
    return task.state is TaskState.DONE


def _is_newly_confirmed(case: Dossier, task: Task) -> bool:
    """The new terms draw another sample of the low: nothing that is in it goes unconfirmed."""
    if not (task.kind.is_finding and task.stands and _is_decided(task)) or task.joined:
        return False
    if task.settled or not _leads_on(task) or not findings.needs_confirmation(case, task):
        return False
    return not any(t.confirms == task.id and t.stands for t in case.tasks.values())


def _no_longer_confirmed(case: Dossier) -> set[str]:
    """Confirmations that nobody has given yet, and that the new sample does not ask for."""
    return {
        task.id
        for task in case.open_tasks()
        if task.confirms
        and (about := case.tasks[task.confirms]).kind.is_finding
        and _leads_on(about)
        and not findings.needs_confirmation(case, about)
    }


def _decision_that_rests_on(case: Dossier, gone: set[str], earlier: ProcessRules) -> set[str]:
    """The approval is of the whole, at one rung: another whole, or rung, is asked for anew."""
    decision = case.standing(TaskKind.APPROVE) or case.standing(TaskKind.RECORD_DECISION)
    if decision is None or decision.id in case.asks:
        return set()
    asked = findings.asked_by(case.rules, case.triggers)
    added = set(asked) - set(findings.asked_by(earlier, case.triggers))
    recommended = case.standing(TaskKind.RECOMMEND)
    is_other_rung = (
        recommended is not None
        and _is_decided(recommended)
        and decision.detail.get("rung") != funding.rung_for(case, recommended)
    )
    if not (gone or added or is_other_rung):
        return set()
    return returns.with_what_follows(case, {decision.id})
