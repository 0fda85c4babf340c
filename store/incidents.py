"""Incidents in the store: what each touches, gone through in parts, and what is still open.

As with rescreening, the row says how far it has come: whoever reports goes through a first part in
the same transaction, housekeeping through the rest, and dying in between asks nobody twice.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, false, func, or_, true
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from schemas.incidents import IncidentState, Reminder
from schemas.messages import NoticeKind
from schemas.proposal import Content, Stage
from schemas.values import digest
from store import messages, texts
from store.tables import IncidentRow, IncidentTouchRow, PlaceRow, ProposalRow, RevisionRow
from store.words import folded

AT_A_TIME = 100
"""Proposals gone through in one transaction: of each the content may have to be read."""
OVERLAP = timedelta(minutes=1)
"""What is submitted is looked at again for so long: it may be seen later than it was sent."""
Party = tuple[str, str | None]
"""A name and, where it is known, a country."""


@dataclass(frozen=True)
class Scope:
    """Where to look: named proposals, and everything that fits all the rest that is given."""

    references: Sequence[str] = ()
    organization: str | None = None
    places: Collection[str] = ()
    """Countries, and the regions that stand for them."""
    parties: Sequence[Party] = ()

    @property
    def is_wide(self) -> bool:
        """Whether anything is looked for beyond the proposals that are named."""
        return bool(self.organization or self.places or self.parties)


def alive() -> ColumnElement[bool]:
    return and_(col(ProposalRow.submitted_at).is_not(None), col(ProposalRow.stage) != Stage.CLOSED)


def _in_scope(scope: Scope) -> ColumnElement[bool]:
    """What may be touched: names are compared one by one, once the rest fits."""
    fits = []
    if scope.organization:
        fits.append(col(ProposalRow.organization) == scope.organization)
    if scope.places:
        fits.append(
            exists()
            .where(
                col(PlaceRow.reference) == col(ProposalRow.reference),
                col(PlaceRow.revision) == col(ProposalRow.revision),
                col(PlaceRow.place).in_(sorted(scope.places)),
            )
            .correlate(ProposalRow)
        )
    named = col(ProposalRow.reference).in_(list(scope.references))
    return and_(alive(), or_(named, and_(true(), *fits) if scope.is_wide else false()))


async def count(session: AsyncSession, scope: Scope) -> int:
    """How many are to be gone through."""
    found = await session.exec(
        select(func.count()).select_from(ProposalRow).where(_in_scope(scope))
    )
    return found.one()


async def programmes(session: AsyncSession, scope: Scope) -> Sequence[str]:
    """The programs of what may be touched."""
    found = await session.exec(
        select(ProposalRow.programme)
        .where(_in_scope(scope))
        .distinct()
        .order_by(ProposalRow.programme)
    )
    return found.all()


async def touch_next(
    session: AsyncSession, row: IncidentRow, scope: Scope, now: datetime
) -> Sequence[str]:
    """Find the next that it touches, and pause those; the references that were found."""
    found = await session.exec(
        select(ProposalRow)
        .where(_in_scope(scope), col(ProposalRow.reference) > row.after)
        .order_by(ProposalRow.reference)
        .limit(AT_A_TIME)
    )
    looked_at = found.all()
    touched = [each for each in looked_at if await _is_touched(session, each, scope)]
    for each in touched:
        if await session.get(IncidentTouchRow, (row.id, each.reference)) is None:
            session.add(
                IncidentTouchRow(incident=row.id, reference=each.reference, stage=each.stage)
            )
        await _tell(session, row, each.reference, NoticeKind.SUSPEND, {}, now)
    _mark(session, row, [each.reference for each in looked_at], now)
    await session.flush()
    return [each.reference for each in touched]


async def touch_newer(
    session: AsyncSession, row: IncidentRow, scope: Scope, now: datetime
) -> Sequence[str]:
    """Find what it touches among what was submitted since it was looked for, and pause that."""
    since = (row.newer_until or row.reported_at) - OVERLAP
    touch = exists().where(
        col(IncidentTouchRow.incident) == row.id,
        col(IncidentTouchRow.reference) == col(ProposalRow.reference),
    )
    found = await session.exec(
        select(ProposalRow)
        .join(
            RevisionRow,
            and_(
                col(RevisionRow.reference) == col(ProposalRow.reference),
                col(RevisionRow.number) == col(ProposalRow.revision),
            ),
        )
        .where(_in_scope(scope), col(RevisionRow.submitted_at) >= since, ~touch)
        .order_by(ProposalRow.reference)
    )
    touched = [each for each in found.all() if await _is_touched(session, each, scope)]
    for each in touched:
        session.add(IncidentTouchRow(incident=row.id, reference=each.reference, stage=each.stage))
        await _tell(session, row, each.reference, NoticeKind.SUSPEND, {}, now)
    row.newer_until = now
    session.add(row)
    await session.flush()
    return [each.reference for each in touched]


async def lift_next(
    session: AsyncSession, row: IncidentRow, anew: Sequence[str], now: datetime
) -> Sequence[str]:
    """Let the next that it paused go on, with what is asked for anew."""
    found = await session.exec(
        select(IncidentTouchRow.reference)
        .where(IncidentTouchRow.incident == row.id, col(IncidentTouchRow.reference) > row.after)
        .order_by(IncidentTouchRow.reference)
        .limit(AT_A_TIME)
    )
    references = found.all()
    for reference in references:
        await _tell(session, row, reference, NoticeKind.RESUME, {"anew": list(anew)}, now)
    _mark(session, row, references, now)
    await session.flush()
    return references


def begin(row: IncidentRow, total: int) -> None:
    """Go through what it touches from the start."""
    row.after, row.looked, row.total, row.gone_through_at = "", 0, total, None


def _mark(
    session: AsyncSession, row: IncidentRow, references: Sequence[str], now: datetime
) -> None:
    row.looked += len(references)
    if references:
        row.after = references[-1]
    if len(references) < AT_A_TIME:
        row.gone_through_at = now
    session.add(row)


async def _tell(
    session: AsyncSession,
    row: IncidentRow,
    reference: str,
    kind: NoticeKind,
    data: dict[str, Any],
    now: datetime,
) -> None:
    await messages.leave(
        session,
        message_id=f"{kind}:{digest([row.id, reference])[:32]}",
        reference=reference,
        kind=kind,
        payload={"incident": row.id, **data},
        now=now,
    )


async def _is_touched(session: AsyncSession, row: ProposalRow, scope: Scope) -> bool:
    if not scope.parties or row.reference in scope.references:
        return True
    revision = await session.get(RevisionRow, (row.reference, row.revision))
    body = await texts.read_one(session, revision.content_text) if revision else None
    if body is None:
        return False  # disposed of: what it named is not known any more
    named = _named(Content.model_validate(body))
    return any(
        name == folded(party) and (country is None or where in (None, country))
        for party, country in scope.parties
        for name, where in named
    )


def _named(content: Content) -> set[Party]:
    """Every unit, organization and person that a proposal names, as it is compared."""
    found: set[Party] = set()
    for each in content.beneficiaries:
        for name in (each.name, each.parent, each.commander):
            if name:
                found.add((folded(name), each.country))
    found |= {(folded(each.name), each.country) for each in content.named_parties}
    return found | {(folded(each.name), each.country) for each in content.sub_partners}


async def under_way(session: AsyncSession) -> Sequence[str]:
    """The incidents that have not gone through everything they touch, the oldest first."""
    found = await session.exec(
        select(IncidentRow.id)
        .where(col(IncidentRow.gone_through_at).is_(None))
        .order_by(col(IncidentRow.reported_at), IncidentRow.id)
    )
    return found.all()


async def still_open(session: AsyncSession) -> Sequence[str]:
    """The incidents that pause what they touch and have gone through what there was."""
    found = await session.exec(
        select(IncidentRow.id)
        .where(
            IncidentRow.state != IncidentState.CLOSED.value,
            col(IncidentRow.gone_through_at).is_not(None),
        )
        .order_by(col(IncidentRow.reported_at), IncidentRow.id)
    )
    return found.all()


async def has_newer(session: AsyncSession, incident: str) -> bool:
    """Whether anything was submitted since the incident was last looked for in what is newer."""
    row = await session.get(IncidentRow, incident)
    if row is None:
        return False
    since = (row.newer_until or row.reported_at) - OVERLAP
    found = await session.exec(
        select(RevisionRow.reference).where(col(RevisionRow.submitted_at) >= since).limit(1)
    )
    return found.first() is not None


async def overdue(session: AsyncSession, now: datetime) -> Sequence[IncidentRow]:
    """The incidents whose assessment, or its confirmation, is late, and above whom nobody knows."""
    found = await session.exec(
        select(IncidentRow)
        .where(
            IncidentRow.state != IncidentState.CLOSED.value,
            col(IncidentRow.assess_by) < now,
            col(IncidentRow.reminders) < len(Reminder),
        )
        .order_by(col(IncidentRow.reported_at), IncidentRow.id)
    )
    return found.all()


async def touched_by(session: AsyncSession, incident: str) -> int:
    """How many proposals and agreements it was found to touch so far."""
    found = await session.exec(
        select(func.count())
        .select_from(IncidentTouchRow)
        .where(IncidentTouchRow.incident == incident)
    )
    return found.one()


async def open_of(session: AsyncSession, reference: str) -> Sequence[IncidentRow]:
    """The incidents that touch a proposal or its agreement and are not closed: nothing of it is
    signed or paid while there is one."""
    found = await session.exec(
        select(IncidentRow)
        .join(IncidentTouchRow, col(IncidentTouchRow.incident) == col(IncidentRow.id))
        .where(
            IncidentTouchRow.reference == reference, IncidentRow.state != IncidentState.CLOSED.value
        )
        .order_by(col(IncidentRow.reported_at), IncidentRow.id)
    )
    return found.all()
