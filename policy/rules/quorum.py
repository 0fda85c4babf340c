"""Several people answer one question: when their answers amount to one, and when they differ."""

from __future__ import annotations

from collections.abc import Sequence

from schemas.messages import Facts
from schemas.tasks import OUTCOMES, Effect, TaskKind, finding_kind
from schemas.terms import ProcessRules

ONE_PERSON = {
    TaskKind.ARBITRATE: "one person arbitrates for a proposal",
    TaskKind.CLEAR_NOTICE: "the head of the lead desk clears a notice",
    TaskKind.DETERMINE: "one reviewer determines what the notice and its comments lead to",
    TaskKind.CONDITION: "a second confirms that a condition is waived",
    TaskKind.REPORT: "what it holds up, two others certify and requisition",
    TaskKind.CERTIFY: "one person certifies, another requisitions",
    TaskKind.REQUISITION: "one person certifies, another requisitions",
    TaskKind.CLOSE: "one states what was eligible, a second confirms it",
    TaskKind.RECORD_DECISION: "one officer records what was decided on paper, a second confirms it",
    TaskKind.RECORD_RECONSIDERATION: (
        "one officer records what was decided on paper, a second confirms it"
    ),
}
"""The kinds that no terms can ask of several people, and why (product.md, sections 2 and 3)."""

_UNDISPUTED = frozenset(
    {TaskKind.APPROVE, TaskKind.SIGN_AGREEMENT, TaskKind.LEGAL, TaskKind.RECONSIDER}
)
"""Nobody stands above these: all advance together, and the first who does not counts alone."""

_AT_ONCE = frozenset(
    {
        (TaskKind.CONFIRM, "disagree"),
        (TaskKind.ADJUDICATE, "match"),
        (TaskKind.ADJUDICATE, "unsure"),
        (TaskKind.RELEASE, "give_back"),
        (TaskKind.CONSULT, "object"),
        (TaskKind.SIGN_OFF, "object"),
    }
)
"""Answers that somebody else looks at anyway: another answer could take nothing from them."""


def counts_at_once(kind: TaskKind, outcome: str) -> bool:
    """Whether the answer counts before the others are in, and instead of them.

    A bar and a possible match are legal's, an objection of a desk is arbitrated anyway, what is
    given back is asked anew, and who disagrees has said all that another could.
    """
    if kind in _UNDISPUTED:
        return OUTCOMES[kind][outcome] is not Effect.ADVANCE
    return (kind, outcome) in _AT_ONCE or (kind.is_finding and outcome == "barred")


def people_needed(rules: ProcessRules) -> dict[TaskKind, int]:
    """How many people of one discipline *rules* take, where several answer one question.

    A rated finding may be confirmed, by its level or by the sample, and nobody confirms who made
    one that stands: who confirms comes on top of who answers.
    """
    rated = {finding_kind(rule.code) for rule in rules.findings if rule.rated}
    confirming = rules.quorum.get(TaskKind.CONFIRM, 1)
    return {
        kind: people + (confirming if kind in rated else 0) for kind, people in rules.quorum.items()
    }


def differ(kind: TaskKind, answers: Sequence[tuple[str, Facts]]) -> bool:
    """Whether *answers* (outcome and facts of each) are not one answer: they are arbitrated.

    Answers that only word their assent otherwise (concur, with comments or without; a seal that
    does not apply, or that an instrument lifts) are one; another level, rating or code is another
    answer, and so is money of another fund, in other years or at another place in the order.
    """
    said = {
        (
            OUTCOMES[kind][outcome],
            outcome if OUTCOMES[kind][outcome] is not Effect.ADVANCE else None,
            facts.inherent,
            facts.residual,
            facts.rating,
            facts.gender_code,
            facts.instrument,
            facts.slices,
            facts.priority,
        )
        for outcome, facts in answers
    }
    return len(said) > 1
