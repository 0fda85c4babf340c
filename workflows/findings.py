"""What the findings that stand amount to: whether they are settled, levels, conditions."""

from policy.rules import sampling
from schemas.proposal import Trigger
from schemas.tasks import (
    OUTCOMES,
    RISK_LEVELS,
    ConditionFact,
    Effect,
    RiskLevel,
    TaskKind,
    TaskState,
    finding_kind,
)
from schemas.terms import FindingRule, ProcessRules
from workflows.dossier import Dossier
from workflows.tasks import Task


def needed(case: Dossier) -> tuple[FindingRule, ...]:
    """What the terms ask, and what earlier terms asked and was answered while that stands."""
    asked = asked_by(case.rules, case.triggers)
    codes = {rule.code for rule in asked}
    carried = (
        rule
        for rule in case.carried
        if rule.code not in codes and case.standing(finding_kind(rule.code)) is not None
    )
    return (*asked, *carried)


def asked_by(rules: ProcessRules, triggers: frozenset[Trigger]) -> tuple[FindingRule, ...]:
    """The findings that *rules* ask for when these triggers are there."""
    return tuple(rule for rule in rules.findings if rule.when is None or rule.when in triggers)


def is_answered(case: Dossier, kind: TaskKind, subject: str | None = None) -> bool:
    task = case.standing(kind, subject)
    if task is None or task.is_open:
        return False
    effect = OUTCOMES[kind][task.outcome or ""]
    if effect is Effect.ADVANCE and not task.disputed:
        return task.settled or not needs_confirmation(case, task)
    return task.settled


def needs_confirmation(case: Dossier, task: Task) -> bool:
    """A second person for every rated finding above low, and a sample of the low.

    Where several people have judged hits alike, each is the others' second.
    """
    if task.kind is TaskKind.ADJUDICATE:
        return task.facts.confirm_needed and task.group is None
    if not task.kind.is_finding or task.facts.inherent is None:
        return False
    if task.facts.inherent != RiskLevel.LOW or task.facts.residual != RiskLevel.LOW:
        return True
    return sampling.sampled(task.id, case.rules.low_sample_percent)


def residual(case: Dossier) -> RiskLevel | None:
    """The highest level that stands: a finding's residual, or what arbitration named."""
    levels: list[RiskLevel] = []
    for rule in needed(case):
        task = case.standing(finding_kind(rule.code))
        if task is None or task.is_open:
            continue
        named = _arbitrated_level(case, task)
        found = [named] if named else [seat.facts.residual for seat in case.seats(task)]
        levels += [level for level in found if level is not None]
    return max(levels, key=RISK_LEVELS.index, default=None)


def gender_code(case: Dossier) -> int | None:
    """The code that counts; where several people gave another, the least of them."""
    task = case.standing(TaskKind.GENDER)
    if task is None or task.is_open:
        return None
    codes = [seat.facts.gender_code for seat in case.seats(task)]
    return min((code for code in codes if code is not None), default=None)


def what_is_open(case: Dossier) -> str:
    """Why nobody commits yet, though the decision is asked for: a hit, or a finding asked anew."""
    answered = all(is_answered(case, finding_kind(rule.code)) for rule in needed(case))
    return "screening_open" if answered else "findings_open"


def conditions(case: Dossier) -> tuple[ConditionFact, ...]:
    """Every condition that a standing answer sets, once all have answered who are asked."""
    return tuple(condition for _, condition in conditions_by_task(case))


def conditions_by_task(case: Dossier) -> tuple[tuple[Task, ConditionFact], ...]:
    """The same, each with the task that set it."""
    done = (t for t in case.tasks.values() if t.state is TaskState.DONE and t.stands)
    return tuple(
        (task, condition)
        for task in done
        if not any(seat.is_open for seat in case.seats(task))
        for condition in task.facts.conditions
    )


def _arbitrated_level(case: Dossier, finding: Task) -> RiskLevel | None:
    for task in reversed(case.tasks.values()):
        if task.arbitrates == finding.id and task.outcome == "proceed" and task.stands:
            return task.facts.level
    return None
