"""Which outcomes a task offers, and what each must come with; the forms' answers are not here."""

from __future__ import annotations

from schemas.tasks import IN_PART, OUTCOMES, Effect, OutcomeChoice, TaskKind

# Judgements that advance and still stand in the file with their reason.
_ADVANCES_WITH_REASON = frozenset(
    {
        (TaskKind.ADJUDICATE, "no_match"),
        (TaskKind.ARBITRATE, "proceed"),
        (TaskKind.LEGAL, "not_applicable"),
        (TaskKind.LEGAL, "authorized"),
        (TaskKind.CONSULT, "concur_with_comments"),
        (TaskKind.CONDITION, "waived"),
        (TaskKind.APPROVE, "approve_in_part"),
        (TaskKind.RECORD_DECISION, "approved_in_part"),
        (TaskKind.RECONSIDER, "reopen"),
        (TaskKind.RECORD_RECONSIDERATION, "reopened"),
    }
)
# The returns that reach the partner as they are; all others go through `return.release`,
# whose message is the one the partner reads.
_RETURNS_TO_PARTNER = frozenset(
    {TaskKind.ELIGIBILITY, TaskKind.RELEASE, TaskKind.REPORT, TaskKind.CERTIFY}
)
_OF_AN_AGREEMENT = frozenset({TaskKind.REPORT, TaskKind.CERTIFY})
"""What the partner hands in once both have signed; it goes back without the proposal."""


def offered(
    kind: TaskKind,
    *,
    sealing: bool = False,
    offer: bool = False,
    in_part: bool = False,
    confirms: TaskKind | None = None,  # noqa: ARG001 - every confirmation offers the same so far
    signed: bool = False,
) -> tuple[OutcomeChoice, ...]:
    """The outcomes of a task, in the order of `OUTCOMES`; the first is the one that advances.

    `not_applicable` is offered only where screening opened the legal task (*sealing*),
    `pass_over` only where money is offered (*offer*), an approval *in_part* only where the partner
    accepts an agreement with what is approved. What both have *signed* is neither returned
    nor declined; its reports and claims are. What legal disposes of a match needs no message: its
    letter is neutral (product.md, section 5).
    """
    return tuple(
        OutcomeChoice(
            code=code,
            effect=effect,
            needs_reason=effect is not Effect.ADVANCE or (kind, code) in _ADVANCES_WITH_REASON,
            needs_message=(_needs_message(kind, effect) or code in IN_PART) and not sealing,
        )
        for code, effect in OUTCOMES[kind].items()
        if (sealing or code != "not_applicable")
        and (offer or code != "pass_over")
        and (in_part or code not in IN_PART)
        and not (signed and effect in (Effect.RETURN, Effect.STOP) and kind not in _OF_AN_AGREEMENT)
    )


def choice(
    kind: TaskKind,
    outcome: str,
    *,
    sealing: bool = False,
    offer: bool = False,
    in_part: bool = False,
) -> OutcomeChoice | None:
    """The offered outcome of that code, or None when the task does not offer it."""
    choices = offered(kind, sealing=sealing, offer=offer, in_part=in_part)
    return next((choice for choice in choices if choice.code == outcome), None)


def _needs_message(kind: TaskKind, effect: Effect) -> bool:
    if effect is Effect.RETURN:
        return kind in _RETURNS_TO_PARTNER
    return effect is Effect.STOP
