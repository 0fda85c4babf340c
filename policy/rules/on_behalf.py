"""Acting on behalf of another: what may be delegated, to whom, and what it is worth.

Who already acted on a proposal is judged by `policy.rules.separation`, where acting on behalf
counts for both persons.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from policy.rules import grants
from schemas.errors import Refused
from schemas.people import ALL, PARTNER_ROLES, Candidacy, Candidate, Role, Viewer

NEVER_DELEGATED = PARTNER_ROLES | {Role.ADMINISTRATOR, Role.AUDITOR}
"""A partner's people are invited by their organization; an administrator decides nothing and an
auditor changes nothing, so that there is nothing for another to do in their place."""


def check_may_delegate(giver: Viewer, asked: Iterable[Candidate]) -> None:
    """Refuses what is nobody's to delegate, and what is not the giver's own.

    Raises `Refused` with `role_not_delegable`, `delegation_of_a_delegation` or
    `not_yours_to_delegate`.
    """
    for each in asked:
        facts = {"role": each.role.value, "scope": each.scope}
        if each.role in NEVER_DELEGATED:
            raise Refused("role_not_delegable", **facts)
        if giver.covers(each):
            continue
        if any(d.role == each.role and d.scope in (each.scope, ALL) for d in giver.delegated):
            raise Refused("delegation_of_a_delegation", **facts)
        raise Refused("not_yours_to_delegate", **facts)


def check_may_receive(receiver: Viewer | None, asked: Sequence[Candidate]) -> None:
    """Refuses a receiver who is no working member of staff, or who would hold two authorities.

    Raises `Refused` with `receiver_not_eligible`, or `authorities_apart` with the facts `role`
    and `held`.
    """
    if receiver is None or not receiver.is_staff or receiver.is_partner:
        raise Refused("receiver_not_eligible")
    if receiver.holds(Role.ADMINISTRATOR) or receiver.holds(Role.AUDITOR):
        raise Refused("receiver_not_eligible")
    held = [Candidate(role=each.role, scope=each.scope) for each in receiver.delegated]
    check_kept_apart([*receiver.grants, *held], asked)


def check_kept_apart(held: Iterable[Candidate], added: Sequence[Candidate]) -> None:
    """Refuses authorities that may not meet in one hand for one program (`authorities_apart`)."""
    together = [*held, *added]
    for new in added:
        for old in together:
            if grants.are_apart(old.role, new.role) and _meet(old.scope, new.scope):
                raise Refused("authorities_apart", role=new.role.value, held=old.role.value)


def _meet(one: str, other: str) -> bool:
    return one == other or ALL in (one, other)


def candidacies(
    viewer: Viewer, candidates: Iterable[Candidate], reference: str
) -> tuple[Candidacy, ...]:
    """As what *viewer* may take a task of the proposal: in their own right first."""
    wanted = tuple(candidates)
    own = [Candidacy(candidate=each) for each in wanted if viewer.covers(each)]
    for given in viewer.delegated:
        if reference in given.recused:
            continue
        own += [
            Candidacy(
                candidate=each,
                on_behalf_of=given.giver,
                principal_organization=given.giver_organization,
                delegation=given.delegation,
            )
            for each in wanted
            if each.role == given.role and given.scope in (each.scope, ALL)
        ]
    return tuple(own)
