"""How far each person has read: kept to say what changed since, and for nothing else.

No look is an event, none decides anything, and all go with the first texts of a proposal that are
disposed of.
"""

from datetime import datetime, timedelta

from sqlmodel import col, delete, select
from sqlmodel.ext.asyncio.session import AsyncSession

from store.documents import ERASED
from store.tables import LookRow, TextRow

A_VISIT = timedelta(minutes=30)
"""So long after something new was read it is shown again: the page may be loaded many times."""


async def last(session: AsyncSession, person: str, reference: str) -> LookRow | None:
    """The last look of *person* at a proposal, if there was one."""
    return await session.get(LookRow, (reference, person))


def read_until(look: LookRow, now: datetime) -> int:
    """Up to which position *look* had read before the visit of *now*."""
    return look.before if now - look.at < A_VISIT else look.seen


async def keep(
    session: AsyncSession, person: str, reference: str, seen: int, now: datetime
) -> None:
    """Remember that *person* has read up to *seen*; less than what they have read is nothing new.

    Nothing is kept of a proposal any more once something of it was disposed of.
    """
    look = await last(session, person, reference)
    if look is None:
        if not await _is_disposed_of(session, reference):
            session.add(LookRow(reference=reference, person=person, seen=seen, before=seen, at=now))
        return
    if seen <= look.seen:
        return
    look.before, look.seen, look.at = read_until(look, now), seen, now
    session.add(look)


async def forget(session: AsyncSession, reference: str) -> None:
    """Forget who looked at a proposal."""
    await session.exec(delete(LookRow).where(col(LookRow.reference) == reference))


async def _is_disposed_of(session: AsyncSession, reference: str) -> bool:
    gone = select(TextRow.id).where(
        TextRow.subject == reference,
        col(TextRow.disposed_at).is_not(None),
        col(TextRow.disposed_under) != ERASED,
    )
    return (await session.exec(gone.limit(1))).first() is not None
