"""Grants of power: which need two people, how long they hold, and when they must be attested.

What a role may do is told where it is used; who sees what, by `policy.rules.access`.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta

from schemas.people import PARTNER_ROLES, Grant, GrantState, Role

DECIDING_ROLES = frozenset(Role) - PARTNER_ROLES - {Role.ADMINISTRATOR, Role.AUDITOR}
"""Roles that decide (product.md, section 2): granted by two people, never to oneself, with an
end date, and attested once a year."""

TWO_PERSON_ROLES = DECIDING_ROLES | {Role.ADMINISTRATOR}
"""An administrator decides nothing, but grants: one alone who could make another would be two."""

ATTESTED_EVERY_MONTHS = 12
WARNED_DAYS_AHEAD = 30

_APART = {
    "signs_and_certifies": frozenset({Role.SIGNING_AUTHORITY, Role.CERTIFIER}),
    "certifies_and_requisitions": frozenset({Role.CERTIFIER, Role.PAYMENT_AUTHORITY}),
}
"""Authorities that one person uses apart: each act checks it, the grant of both only warns."""


def state_on(grant: Grant, day: date) -> GrantState:
    """Where *grant* stands on *day*; it gives something only while it is in force."""
    if grant.dropped:
        return GrantState.DROPPED
    if grant.ends_on is not None and grant.ends_on < day:
        return GrantState.ENDED
    if grant.role in TWO_PERSON_ROLES and grant.confirmed_on is None:
        return GrantState.PROPOSED
    last = attest_by(grant)
    if last is not None and last < day:
        return GrantState.LAPSED
    return GrantState.UPCOMING if day < grant.starts_on else GrantState.IN_FORCE


def holds_on(grant: Grant, day: date) -> bool:
    return state_on(grant, day) is GrantState.IN_FORCE


def may_hold_later(grant: Grant, day: date) -> bool:
    """Whether it holds on *day* or, once confirmed or begun, may hold on a later one."""
    return state_on(grant, day) in (
        GrantState.PROPOSED,
        GrantState.UPCOMING,
        GrantState.IN_FORCE,
    )


def attest_by(grant: Grant) -> date | None:
    """The last day on which it holds unless it is attested; None for what needs no attestation.

    Twelve months from the day on which two people had granted it, or from its last attestation.
    """
    if grant.role not in DECIDING_ROLES or grant.confirmed_on is None:
        return None
    return _a_year_after(grant.attested_on or grant.confirmed_on)


def is_to_be_attested(grant: Grant, day: date) -> bool:
    """Whether *grant* lapses within the next days unless somebody attests it."""
    last = attest_by(grant)
    if last is None or not may_hold_later(grant, day):
        return False
    ends_first = grant.ends_on is not None and grant.ends_on <= last
    return not ends_first and day >= last - timedelta(days=WARNED_DAYS_AHEAD)


def mixes_administration(role: Role, others: Collection[Role]) -> bool:
    """Whether *role* beside *others* would make an administrator who holds another role."""
    together = {role, *others}
    return Role.ADMINISTRATOR in together and len(together) > 1


def warnings(role: Role, others: Collection[Role]) -> tuple[str, ...]:
    """Codes of the authorities that *role* brings together with *others* in one person."""
    return tuple(code for code, pair in _APART.items() if role in pair and pair <= {role, *others})


def are_apart(role: Role, other: Role) -> bool:
    """Whether the two are authorities that no one person uses for the same thing."""
    return frozenset({role, other}) in _APART.values()


def a_year_before(day: date) -> date:
    """The first day whose attestation still holds on *day*."""
    try:
        return day.replace(year=day.year - ATTESTED_EVERY_MONTHS // 12)
    except ValueError:  # 29 February: an attestation of the 28th has lapsed by then
        return date(day.year - ATTESTED_EVERY_MONTHS // 12, 3, 1)


def _a_year_after(day: date) -> date:
    try:
        return day.replace(year=day.year + ATTESTED_EVERY_MONTHS // 12)
    except ValueError:  # 29 February
        return day.replace(year=day.year + ATTESTED_EVERY_MONTHS // 12, day=28)
