"""The SQL filter that shows a person only what they may see.

It says in SQL what `policy.rules.access.may_see` says as a predicate; a property test holds the
two equal. Lists, counts, search, history and errors all go through it.
"""

from typing import Any

from sqlalchemy import ColumnElement, and_, exists, false, or_, true
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from policy.rules import access
from schemas.acts import Audience
from schemas.errors import NotFound
from schemas.people import ALL, PARTNER_ROLES, Candidate, Role, Viewer
from store.tables import AudienceRow, ProposalRow

_EVERYTHING = (Role.ADMINISTRATOR, Role.AUDITOR)


def visible(viewer: Viewer) -> ColumnElement[bool]:
    """The condition on `ProposalRow` under which *viewer* sees a proposal."""
    organizations = [g.scope for g in viewer.grants if g.role in PARTNER_ROLES]
    own = true() if ALL in organizations else col(ProposalRow.organization).in_(organizations)
    submitted = col(ProposalRow.submitted_at).is_not(None)
    if any(viewer.holds(role) for role in _EVERYTHING):
        return or_(own, submitted)
    put_before = [_entry(g) for g in viewer.grants if g.role not in PARTNER_ROLES]
    if not put_before:
        return own
    shown = exists().where(
        and_(col(AudienceRow.reference) == col(ProposalRow.reference), or_(*put_before))
    )
    return or_(own, and_(submitted, shown))


def _entry(grant: Candidate) -> ColumnElement[bool]:
    of_role = col(AudienceRow.role) == grant.role.value
    return (
        of_role if grant.scope == ALL else and_(of_role, col(AudienceRow.scope).in_([grant.scope]))
    )


def acts_on(viewer: Viewer, role: Any, scope: Any) -> ColumnElement[bool]:
    """The condition that one of *viewer*'s grants covers the candidate (role, scope)."""
    covering = [
        role == g.role.value if g.scope == ALL else and_(role == g.role.value, scope == g.scope)
        for g in viewer.grants
    ]
    return or_(*covering) if covering else false()


async def audience_of(session: AsyncSession, row: ProposalRow) -> Audience:
    """What the predicate needs to know of a proposal."""
    rows = await session.exec(select(AudienceRow).where(AudienceRow.reference == row.reference))
    return Audience(
        organization=row.organization,
        programme=row.programme,
        draft=row.submitted_at is None,
        entries=frozenset(Candidate(role=Role(r.role), scope=r.scope) for r in rows),
    )


async def find(session: AsyncSession, viewer: Viewer, reference: str) -> ProposalRow:
    """The proposal, if *viewer* may see it; NotFound whether unknown or not visible."""
    found = await session.exec(
        select(ProposalRow).where(ProposalRow.reference == reference, visible(viewer))
    )
    row = found.first()
    if row is None:
        raise NotFound
    return row


def sees_partner_view(viewer: Viewer, row: ProposalRow) -> bool:
    """Whether *viewer* sees the proposal as its own organization does."""
    audience = Audience(organization=row.organization, programme=row.programme)
    return access.sees_partner_view(viewer, audience)
