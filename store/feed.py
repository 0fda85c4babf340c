"""The feed of events: one order for all subjects, in which nothing ever comes in between.

Chains have positions, the store has no common number: transactions that commit later may have
begun, and been stamped, earlier. So events get their places afterwards, from one at a time, when
they are committed already and may be read. Whoever has read up to a place has missed nothing
before it.
"""

import uuid
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, and_, delete, exists, func, or_
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from schemas.errors import Gap, Malformed
from schemas.events import INSTALLATION, Recorded
from schemas.people import Viewer
from store import paging
from store.chain import event_of
from store.tables import EventRow, FeedRow, FeedWaitingRow, ProposalRow
from store.visibility import of_own_organization, shown_to, visible_as_staff

FEED = "feed"
"""The subject under which one at a time gives places."""
STAFF, PARTNER = "staff", "partner"


async def is_waited_for(session: AsyncSession, now: datetime) -> bool:
    """Whether something can be looked at now."""
    found = await session.exec(select(FeedWaitingRow.event).where(_due(now)).limit(1))
    return found.first() is not None


async def waiting(session: AsyncSession, now: datetime, limit: int) -> Sequence[FeedWaitingRow]:
    """What can be looked at now, at most *limit*, in no order."""
    return (await session.exec(select(FeedWaitingRow).where(_due(now)).limit(limit))).all()


def _due(now: datetime) -> ColumnElement[bool]:
    until = col(FeedWaitingRow.until)
    return or_(until.is_(None), until <= now)


async def unplaced(
    session: AsyncSession, subjects: Collection[str], audience: str
) -> dict[str, list[Recorded]]:
    """The events of *subjects* without a place for *audience*, by subject and in order."""
    placed = exists().where(
        and_(col(FeedRow.event) == col(EventRow.id), col(FeedRow.audience) == audience)
    )
    rows = await session.exec(
        select(EventRow)
        .where(col(EventRow.subject).in_(set(subjects) - {INSTALLATION}), ~placed)
        .order_by(col(EventRow.subject), col(EventRow.position))
    )
    found: dict[str, list[Recorded]] = {}
    for row in rows:
        found.setdefault(row.subject, []).append(event_of(row))
    return found


async def give_places(session: AsyncSession, events: Iterable[tuple[Recorded, str]]) -> int:
    """Put events, each for an audience, behind all others; returns how many.

    They go by the instant of their recording, and those of one subject by their positions,
    whatever the clocks of machines say.
    """
    latest: dict[str, datetime] = {}
    ordered = []
    for event, audience in sorted(events, key=lambda each: (each[0].subject, each[0].position)):
        instant = max(latest.get(event.subject, event.recorded_at), event.recorded_at)
        latest[event.subject] = instant
        ordered.append((instant, event.subject, event.position, audience, event.id))
    last = (await session.exec(select(func.max(FeedRow.place)))).one() or 0
    for place, (_, subject, _, audience, event_id) in enumerate(sorted(ordered), last + 1):
        session.add(
            FeedRow(
                place=place, id=uuid.uuid4().hex, event=event_id, subject=subject, audience=audience
            )
        )
    await session.flush()
    return len(ordered)


async def done(session: AsyncSession, rows: Iterable[FeedWaitingRow]) -> None:
    """These were looked at."""
    ids = [row.event for row in rows]
    await session.exec(delete(FeedWaitingRow).where(col(FeedWaitingRow.event).in_(ids)))


async def last_place(session: AsyncSession) -> int:
    """Behind which place nothing has been told yet."""
    return (await session.exec(select(func.max(FeedRow.place)))).one() or 0


async def place_of(session: AsyncSession, cursor: str) -> int:
    """The place that a cursor stands for; Malformed when it is none."""
    found = await session.exec(select(FeedRow.place).where(FeedRow.id == cursor))
    place = found.first()
    if place is None:
        raise Malformed(Gap(pointer="/after", code="unknown_cursor", facts={"in": "query"}))
    return place


async def behind(
    session: AsyncSession, viewer: Viewer, place: int, limit: int
) -> Sequence[tuple[FeedRow, EventRow]]:
    """What stands behind *place* of the proposals that *viewer* sees, at most *limit*."""
    mine = or_(
        and_(col(FeedRow.audience) == PARTNER, of_own_organization(viewer)),
        and_(col(FeedRow.audience) == STAFF, visible_as_staff(viewer)),
    )
    few = await paging.only_few(session, shown_to(viewer))
    by = col(FeedRow.place)
    query = (
        select(FeedRow, EventRow)
        .join(EventRow, col(EventRow.id) == col(FeedRow.event))
        .join(ProposalRow, col(ProposalRow.reference) == col(FeedRow.subject))
        .where(by > place, mine)
        .limit(limit)
    )
    if few is None:
        return (await session.exec(query.order_by(by))).all()
    # Found by their subjects: who sees few would otherwise walk past what all others do.
    order = func.coalesce(by, by)
    return (await session.exec(query.where(col(FeedRow.subject).in_(few)).order_by(order))).all()
