"""Several people answer one question: when their answers amount to one, and when they differ."""

from __future__ import annotations

from collections.abc import Sequence

from schemas.messages import Facts
from schemas.tasks import OUTCOMES, Effect, TaskKind

ONE_PERSON = {
    TaskKind.ADJUDICATE: "a judgement above policy's level is confirmed by a second",
    TaskKind.LEGAL: "a seal has one end",
    TaskKind.ARBITRATE: "one person arbitrates for a proposal",
    TaskKind.RELEASE: "the partner gets one return",
    TaskKind.RECOMMEND: "money is reserved once",
    TaskKind.RECORD_DECISION: "a second confirms what is recorded from paper",
    TaskKind.RECONSIDER: "one person reconsiders a decision",
    TaskKind.RECORD_RECONSIDERATION: "a second confirms what is recorded from paper",
}
"""The kinds that no terms can ask of several people, and why."""

_AT_ONCE = frozenset({(TaskKind.CONFIRM, "disagree")})
_NOT_ARBITRATED = frozenset({TaskKind.APPROVE, TaskKind.SIGN_AGREEMENT})
"""Nobody stands above these: all advance together, and the first who does not counts alone."""


def counts_at_once(kind: TaskKind, outcome: str) -> bool:
    """Whether the answer counts before the others are in, and instead of them.

    A bar is legal's, an objection of a desk is arbitrated anyway, and who disagrees has said all
    that another could.
    """
    effect = OUTCOMES[kind][outcome]
    if kind in _NOT_ARBITRATED:
        return effect is not Effect.ADVANCE
    if kind in (TaskKind.CONSULT, TaskKind.SIGN_OFF):
        return effect is Effect.ESCALATE
    return (kind, outcome) in _AT_ONCE or (kind.is_finding and outcome == "barred")


def differ(kind: TaskKind, answers: Sequence[tuple[str, Facts]]) -> bool:
    """Whether *answers* (outcome and facts of each) are not one answer: they are arbitrated.

    Answers that only word their assent otherwise (concur, with comments or without) are one;
    another level, rating or code is another answer.
    """
    said = {
        (
            OUTCOMES[kind][outcome],
            outcome if OUTCOMES[kind][outcome] is not Effect.ADVANCE else None,
            facts.inherent,
            facts.residual,
            facts.rating,
            facts.gender_code,
        )
        for outcome, facts in answers
    }
    return len(said) > 1
