"""Who stands in for whom, who is out of office, and who lost sight of what.

What a delegation is worth on a day depends on its giver's own grants: see `store.people`.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, or_
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from store.tables import AbsenceRow, ActingAppointmentRow, DelegationRow, PersonRow, RecusalRow


def holds_on(row: DelegationRow, day: date) -> bool:
    """Whether the delegation is in force on *day*; one that is ended early is so at once."""
    return row.ended_at is None and row.starts_on <= day <= row.ends_on


def stands_in(person: Any) -> ColumnElement[bool]:
    """Whether anybody has a delegation with *person*, a column of ids, that is not ended early."""
    row = DelegationRow
    return exists().where(and_(col(row.receiver) == person, col(row.ended_at).is_(None)))


async def in_force(
    session: AsyncSession, day: date, *, receiver: str | None = None
) -> list[tuple[DelegationRow, PersonRow]]:
    """The delegations of *day* with their givers, the oldest first."""
    row = DelegationRow
    query = (
        select(row, PersonRow)
        .join(PersonRow, col(PersonRow.id) == col(row.giver))
        .where(
            col(row.ended_at).is_(None),
            row.starts_on <= day,
            row.ends_on >= day,
            col(PersonRow.active).is_(True),
        )
        .order_by(col(row.made_at), col(row.id))
    )
    if receiver is not None:
        query = query.where(row.receiver == receiver)
    return list((await session.exec(query)).all())


async def of_person(session: AsyncSession, person: str) -> Sequence[DelegationRow]:
    """All that *person* has given or received, the newest first."""
    row = DelegationRow
    found = await session.exec(
        select(row)
        .where(or_(col(row.giver) == person, col(row.receiver) == person))
        .order_by(col(row.made_at).desc(), col(row.id))
    )
    return found.all()


async def every(session: AsyncSession) -> Sequence[DelegationRow]:
    """All that were ever made, the newest first."""
    row = DelegationRow
    found = await session.exec(select(row).order_by(col(row.made_at).desc(), col(row.id)))
    return found.all()


async def acting_among(session: AsyncSession, delegations: Sequence[str]) -> frozenset[str]:
    """Those of *delegations* that are acting appointments, made by two people."""
    if not delegations:
        return frozenset()
    row = ActingAppointmentRow
    return frozenset(await session.exec(select(row.id).where(col(row.id).in_(delegations))))


async def recusals_of(session: AsyncSession, person: str) -> frozenset[str]:
    """The proposals that *person* lost sight of."""
    found = await session.exec(select(RecusalRow.reference).where(RecusalRow.person == person))
    return frozenset(found)


def is_away(row: AbsenceRow | None, day: date) -> bool:
    """Whether the absence covers *day*; without a last day it lasts until it is taken back."""
    return (
        row is not None
        and row.starts_on is not None
        and row.starts_on <= day
        and (row.ends_on is None or day <= row.ends_on)
    )


def away_on(day: date) -> ColumnElement[bool]:
    """`is_away` in SQL, on `AbsenceRow`."""
    row = AbsenceRow
    ends_on = col(row.ends_on)
    return and_(col(row.starts_on) <= day, or_(ends_on.is_(None), ends_on >= day))


async def away(session: AsyncSession, day: date) -> frozenset[str]:
    """Everybody who is out of office on *day*."""
    return frozenset(await session.exec(select(AbsenceRow.person).where(away_on(day))))
