"""The SQL filter that shows a person only what they may see.

It says in SQL what `policy.rules.access.may_see` says as a predicate; a property test holds the
two equal. Lists, counts, search, history and errors all go through it.
"""

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, exists, false, or_, true
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import SelectOfScalar as Select

from policy.rules import access
from schemas.acts import Audience
from schemas.errors import NotFound
from schemas.people import ALL, PARTNER_ROLES, Candidate, Delegated, Role, Viewer
from schemas.proposal import Stage
from store.tables import AudienceRow, CallRow, JourneyRow, ProposalRow, RecusalRow

_VIEWERS = 512
"""For so many people at a time the question for one proposal is kept."""
_EVERYTHING = (Role.ADMINISTRATOR, Role.AUDITOR)
Seen = type[ProposalRow] | type[JourneyRow]
"""Tables with what the law asks of a proposal: its own, and the narrow one of figures."""


def visible(viewer: Viewer, row: Seen = ProposalRow) -> ColumnElement[bool]:
    """The condition on *row* under which *viewer* sees a proposal."""
    return and_(_shown(viewer, row), not_recused(viewer.id, row.reference))


def visible_as_staff(viewer: Viewer, row: Seen = ProposalRow) -> ColumnElement[bool]:
    """Seen, and not as its own organization sees it: that view knows no tasks and no money."""
    return and_(visible(viewer, row), ~of_own_organization(viewer, row))


def not_recused(person: Any, reference: Any = ProposalRow.reference) -> ColumnElement[bool]:
    """The condition that *person* (an id, or a column of ids) did not lose sight of a proposal."""
    lost = and_(col(RecusalRow.reference) == reference, col(RecusalRow.person) == person)
    return ~exists(col(RecusalRow.person)).where(lost).correlate_except(RecusalRow)


def _shown(viewer: Viewer, row: Seen) -> ColumnElement[bool]:
    own = _own(viewer, row)
    submitted = and_(col(row.submitted_at).is_not(None), _of_no_open_call(row))
    put_before = _put_before(viewer)
    if any(viewer.holds(role) for role in _EVERYTHING):
        return or_(own, submitted, _drafted_by_officer(viewer, row))
    if put_before is None:
        return own
    shown = (
        exists(col(AudienceRow.reference))
        .where(and_(col(AudienceRow.reference) == col(row.reference), put_before))
        .correlate_except(AudienceRow, RecusalRow)
    )
    # Only an officer's draft has entries before it is submitted.
    put = and_(shown, _of_no_open_call(row))
    return or_(own, put) if viewer.is_partner else put


def _own(viewer: Viewer, row: Seen) -> ColumnElement[bool]:
    """What the viewer's own organization sees: not the draft that an officer opened for it."""
    own = of_own_organization(viewer, row)
    if row is not ProposalRow:
        return own  # whoever has a journey was submitted
    return and_(own, or_(col(row.submitted_at).is_not(None), col(row.by_officer).is_(False)))


def _drafted_by_officer(viewer: Viewer, row: Seen) -> ColumnElement[bool]:
    """An officer's draft, of a program of the viewer's."""
    put_before = _put_before(viewer)
    if row is not ProposalRow or put_before is None:
        return false()
    shown = (
        exists()
        .where(and_(col(AudienceRow.reference) == col(row.reference), put_before))
        .correlate_except(AudienceRow, RecusalRow)
    )
    return and_(col(row.by_officer), col(row.submitted_at).is_(None), shown)


def _of_no_open_call(row: Seen) -> ColumnElement[bool]:
    """A call's submissions are read by no staff before it has closed: all of them at once."""
    call = col(row.call)
    closed = exists().where(and_(col(CallRow.id) == call, col(CallRow.closed_at).is_not(None)))
    return or_(call.is_(None), closed)


def of_own_organization(viewer: Viewer, row: Seen = ProposalRow) -> ColumnElement[bool]:
    """The condition under which *viewer* has the partner's view of a proposal, and no other."""
    own = [g.scope for g in viewer.grants if g.role in PARTNER_ROLES]
    if not own:
        return false()
    return true() if ALL in own else col(row.organization).in_(own)


def staff_sees(viewer: Viewer, reference: Any) -> list[ColumnElement[bool]]:
    """`visible`, of what was submitted and for who is of no partner, by its *reference* alone.

    What is hidden from them is found once for a whole list, not looked for with every row of it.
    """
    if any(viewer.holds(role) for role in _EVERYTHING):
        return hidden_from_few(viewer.id, reference)
    put_before = _put_before(viewer)
    if put_before is None:
        return [false()]
    # One entry, not whether any exists: a database that turned this around to look up all that
    # one sees would do so for a list of ten.
    entry = select(AudienceRow.role).where(AudienceRow.reference == reference, put_before).limit(1)
    shown = entry.correlate_except(AudienceRow, RecusalRow).scalar_subquery()
    return [*hidden_from_few(viewer.id, reference), shown.is_not(None)]


def hidden_from_few(person: str, reference: Any) -> list[ColumnElement[bool]]:
    """Neither lost sight of by *person*, nor submitted to a call that has not closed."""
    lost = select(RecusalRow.reference).where(RecusalRow.person == person)
    is_open = select(CallRow.id).where(col(CallRow.closed_at).is_(None))
    kept_shut = select(ProposalRow.reference).where(col(ProposalRow.call).in_(is_open))
    return [
        reference.not_in(lost.correlate_except(RecusalRow)),
        reference.not_in(kept_shut.correlate_except(ProposalRow)),
    ]


def put_before_staff(viewer: Viewer) -> Select[str] | None:
    """The references of what *viewer* sees as staff, each once.

    None for those who see nearly everything: then `staff_sees` alone is the better filter.
    """
    entries: tuple[Candidate | Delegated, ...] = (*viewer.grants, *viewer.delegated)
    if any(viewer.holds(role) for role in _EVERYTHING) or any(e.scope == ALL for e in entries):
        return None
    reference = col(AudienceRow.reference)
    put_before = _put_before(viewer)
    shown = false() if put_before is None else put_before
    found = select(reference).where(shown, *hidden_from_few(viewer.id, reference))
    return found if sole_entry(viewer) else found.distinct()


def seen_singly(viewer: Viewer) -> list[Select[str]]:
    """For each grant by which *viewer* sees proposals as staff, the references of some, each once.

    Submitted ones alone. Of a grant for every scope they are those of which the role is put before
    its program, since others can stand there under several scopes.
    """
    if viewer.is_partner:
        return []
    row = AudienceRow
    reference = col(row.reference)
    submitted = col(row.stage) != Stage.DRAFT.value
    return [
        select(reference).where(
            col(row.role) == grant.role.value,
            col(row.scope) == (col(row.programme) if grant.scope == ALL else grant.scope),
            submitted,
            *hidden_from_few(viewer.id, reference),
        )
        for grant in viewer.grants
        if grant.role not in (*PARTNER_ROLES, *_EVERYTHING)
    ]


def shown_to(viewer: Viewer) -> Select[str] | None:
    """The references of all that *viewer* can see, and of no drafts but their own.

    None for those who see nearly everything: then `visible` alone is the better filter.
    """
    if any(viewer.holds(role) for role in _EVERYTHING):
        return None
    put_before = _put_before(viewer)
    if viewer.is_partner:
        own = select(ProposalRow.reference).where(of_own_organization(viewer))
        return own if put_before is None else None
    if put_before is None:
        return None
    shown = select(AudienceRow.reference).where(put_before)
    return shown if sole_entry(viewer) else shown.distinct()


def sole_entry(viewer: Viewer) -> Candidate | None:
    """The one (role, scope) by which *viewer* sees proposals, if there is no other way."""
    if viewer.is_partner or viewer.delegated or len(viewer.grants) != 1:
        return None
    [grant] = viewer.grants
    if grant.scope == ALL or grant.role in _EVERYTHING:
        return None
    return Candidate(role=grant.role, scope=grant.scope)


def _put_before(viewer: Viewer) -> ColumnElement[bool] | None:
    entries = [_entry(g) for g in viewer.grants if g.role not in PARTNER_ROLES]
    entries += [
        and_(_entry(d), not_recused(d.giver, AudienceRow.reference)) for d in viewer.delegated
    ]
    return or_(*entries) if entries else None


def _entry(grant: Candidate | Delegated) -> ColumnElement[bool]:
    of_role = col(AudienceRow.role) == grant.role.value
    return (
        of_role if grant.scope == ALL else and_(of_role, col(AudienceRow.scope).in_([grant.scope]))
    )


def acts_on(grants: Iterable[Candidate | Delegated], role: Any, scope: Any) -> ColumnElement[bool]:
    """The condition that one of *grants* covers the candidate (role, scope)."""
    covering = [
        role == g.role.value if g.scope == ALL else and_(role == g.role.value, scope == g.scope)
        for g in grants
    ]
    return or_(*covering) if covering else false()


def without_hidden(viewer: Viewer, evidence: Any, reference: Any) -> list[ColumnElement[bool]]:
    """The conditions under which *viewer* may know of a task: `access.may_see_evidence` in SQL."""
    if any(viewer.holds(role, scope) for role, scope in access.EVIDENCE):
        return []
    except_on = [
        each.recused
        for each in viewer.delegated
        for role, scope in access.EVIDENCE
        if each.role == role and (scope is None or each.scope in (scope, ALL))
    ]
    if any(not each for each in except_on):
        return []
    return [or_(evidence.is_(False), *(reference.not_in(sorted(each)) for each in except_on))]


async def audience_of(session: AsyncSession, row: ProposalRow) -> Audience:
    """What the predicate needs to know of a proposal."""
    rows = await session.exec(select(AudienceRow).where(AudienceRow.reference == row.reference))
    recused = await session.exec(
        select(RecusalRow.person).where(RecusalRow.reference == row.reference)
    )
    return Audience(
        organization=row.organization,
        programme=row.programme,
        draft=row.submitted_at is None,
        by_officer=row.by_officer,
        call_open=await _call_is_open(session, row),
        entries=frozenset(Candidate(role=Role(r.role), scope=r.scope) for r in rows),
        recused=frozenset(recused),
    )


async def _call_is_open(session: AsyncSession, row: ProposalRow) -> bool:
    call = await session.get(CallRow, row.call) if row.call else None
    return row.call is not None and (call is None or call.closed_at is None)


async def find(session: AsyncSession, viewer: Viewer, reference: str) -> ProposalRow:
    """The proposal, if *viewer* may see it; NotFound whether unknown or not visible."""
    found = await session.exec(_seen_by(viewer), params={"reference": reference})
    row = found.first()
    if row is None:
        raise NotFound
    return row


@lru_cache(_VIEWERS)
def _seen_by(viewer: Viewer) -> Select[ProposalRow]:
    """The question for one proposal that *viewer* sees: for each it is put together once."""
    return select(ProposalRow).where(
        ProposalRow.reference == bindparam("reference"), visible(viewer)
    )


def sees_partner_view(viewer: Viewer, row: ProposalRow) -> bool:
    """Whether *viewer* sees the proposal as its own organization does."""
    audience = Audience(organization=row.organization, programme=row.programme)
    return access.sees_partner_view(viewer, audience)
