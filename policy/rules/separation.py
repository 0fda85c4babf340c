"""Separation of duties: who may no longer decide what on a proposal.

Grants (who may take a task at all) are not judged here. Used by the workflow, which alone
decides, and by the store, to leave out of an inbox what a person could not decide anyway.
"""

from __future__ import annotations

from collections.abc import Sequence

from schemas.acts import Act, Duty
from schemas.errors import Refused
from schemas.tasks import TaskKind

_DUTIES: dict[TaskKind, Duty] = {
    TaskKind.ELIGIBILITY: Duty.ELIGIBILITY,
    TaskKind.ADJUDICATE: Duty.COMPLIANCE,
    **{kind: Duty.COMPLIANCE for kind in TaskKind if kind.is_finding},
    TaskKind.CONSULT: Duty.DESK,
    TaskKind.SIGN_OFF: Duty.DESK,
    TaskKind.CLEAR_NOTICE: Duty.DESK,
    TaskKind.DETERMINE: Duty.COMPLIANCE,
    TaskKind.ARBITRATE: Duty.ARBITRATION,
    TaskKind.RECOMMEND: Duty.RECOMMENDATION,
    TaskKind.APPROVE: Duty.APPROVAL,
    TaskKind.RECONSIDER: Duty.RECONSIDERATION,
}


NEVER_BOTH = frozenset(
    frozenset(pair)
    for pair in (
        (TaskKind.SIGN_AGREEMENT, TaskKind.CERTIFY),
        (TaskKind.CERTIFY, TaskKind.REQUISITION),
        (TaskKind.RECOMMEND, TaskKind.REQUISITION),
        (TaskKind.CERTIFY, TaskKind.CLOSE),
    )
)
"""Authorities that one person does not use both of on one agreement (product.md, section 2): who
signs does not certify, who certifies (s.32 or s.34) does not requisition (s.33), nor state or
confirm what the whole comes to when it closes."""


def duty(kind: TaskKind, confirms_kind: TaskKind | None = None) -> Duty | None:
    """The duty that deciding a task of *kind* takes; None: it counts as none of them.

    A confirmation takes the duty of what it confirms, unless that is a paper decision or a repair.
    """
    if kind is TaskKind.CONFIRM:
        return _DUTIES.get(confirms_kind) if confirms_kind else None
    return _DUTIES.get(kind)


def check_may_decide(
    *,
    kind: TaskKind,
    person: str,
    organization: str,
    acts: Sequence[Act],
    confirms: Act | None = None,
    confirms_kind: TaskKind | None = None,
    arbitrates_kind: TaskKind | None = None,
    on_behalf_of: str | None = None,
    person_organization: str | None = None,
    principal_organization: str | None = None,
    submitted_by: str | None = None,
) -> None:
    """Refuses a decision that would put two duties, or both sides of one check, in one hand.

    *acts* are all decisions taken on the proposal so far; *confirms* is the decision that a
    `confirm` is about. Acting on behalf counts for both persons (*principal_organization* is
    that of the person acted for). *submitted_by* does not confirm the eligibility of what they
    submitted (the officer of an annual contribution). Raises `Refused` with code
    `own_organization`, or `separation_of_duties` with the facts `rule`, `duty`, `held` and, where
    an earlier act stands in the way, `earlier`: its task, kind and outcome, and whose act it was.
    """
    if organization in (person_organization, principal_organization):
        raise Refused("own_organization")
    deciding = frozenset({person} | ({on_behalf_of} if on_behalf_of else set()))
    taken = duty(kind, confirms_kind)
    if kind is TaskKind.ELIGIBILITY and submitted_by in deciding:
        raise _refused("own_submission", taken, None)
    if kind is TaskKind.CONFIRM:
        _check_confirms_others_work(deciding, confirms, acts, taken)
    if kind is TaskKind.ARBITRATE:
        _check_is_the_arbitrator(deciding, acts, arbitrates_kind)
    judged = confirms_kind if confirms_kind is TaskKind.CLOSE else kind
    for act in acts:
        if frozenset((judged, act.kind)) in NEVER_BOTH and deciding & act.persons:
            raise _refused("two_authorities", taken, None, act)
    if taken is not None:
        _check_holds_no_other_duty(deciding, acts, taken)


def may_decide(
    *,
    kind: TaskKind,
    person: str,
    organization: str,
    acts: Sequence[Act],
    confirms: Act | None = None,
    confirms_kind: TaskKind | None = None,
    arbitrates_kind: TaskKind | None = None,
    on_behalf_of: str | None = None,
    person_organization: str | None = None,
    principal_organization: str | None = None,
    submitted_by: str | None = None,
) -> bool:
    """Whether `check_may_decide` would let the decision pass."""
    try:
        check_may_decide(
            kind=kind,
            person=person,
            organization=organization,
            acts=acts,
            confirms=confirms,
            confirms_kind=confirms_kind,
            arbitrates_kind=arbitrates_kind,
            on_behalf_of=on_behalf_of,
            person_organization=person_organization,
            principal_organization=principal_organization,
            submitted_by=submitted_by,
        )
    except Refused:
        return False
    return True


def _check_confirms_others_work(
    deciding: frozenset[str], confirms: Act | None, acts: Sequence[Act], taken: Duty | None
) -> None:
    if confirms is not None and deciding & confirms.persons:
        raise _refused("own_decision", taken, duty(confirms.kind), confirms)
    # A judgement of hits is per party and no finding on the whole: two reviewers who share the
    # parties must be able to confirm each other.
    for act in acts:
        if act.kind.is_finding and act.stands and deciding & act.persons:
            raise _refused("own_finding", taken, Duty.COMPLIANCE, act)


def _check_is_the_arbitrator(
    deciding: frozenset[str], acts: Sequence[Act], arbitrates_kind: TaskKind | None
) -> None:
    for act in acts:
        if act.kind is TaskKind.ARBITRATE and not deciding <= act.persons:
            raise _refused(
                "one_arbitrator",
                Duty.ARBITRATION,
                Duty.ARBITRATION,
                act,
                arbitrates=arbitrates_kind.value if arbitrates_kind else None,
            )


def _check_holds_no_other_duty(deciding: frozenset[str], acts: Sequence[Act], taken: Duty) -> None:
    # A superseded act still counts: the person has taken that duty on this proposal.
    for act in acts:
        held = duty(act.kind, act.confirms_kind)
        if held is None or held is taken or not deciding & act.persons:
            continue
        arbitrator_approves = held is Duty.ARBITRATION and taken is Duty.APPROVAL
        rule = "arbitrator_approves" if arbitrator_approves else "one_duty"
        raise _refused(rule, taken, held, act)


def _refused(
    rule: str,
    taken: Duty | None,
    held: Duty | None,
    earlier: Act | None = None,
    **facts: str | None,
) -> Refused:
    stands_in_the_way = earlier and {
        "task": earlier.task,
        "kind": earlier.kind.value,
        "outcome": earlier.outcome,
        "person": earlier.person,
        "on_behalf_of": earlier.on_behalf_of,
    }
    return Refused(
        "separation_of_duties",
        rule=rule,
        duty=taken.value if taken else None,
        held=held.value if held else None,
        earlier=stands_in_the_way,
        **facts,
    )
