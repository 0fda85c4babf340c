"""Money: funds, reservations and the ledger; the only writer of all three.

No commitment exceeds what is available in any year, under any number of simultaneous requests:
every move is a conditional update, and the table's own constraint stands behind it. Nobody
overtakes an earlier request of the same or higher priority that shares a fund.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import CursorResult, func, update
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from schemas.messages import MoneyAnswer, MoneyMove, MoneyRequest, Slice
from store.tables import FundMoveRow, FundRow, ReservationRow

FROZEN = "frozen"


async def apply(
    session: AsyncSession, request: MoneyRequest, reference: str, now: datetime
) -> tuple[MoneyAnswer, Sequence[ReservationRow]]:
    """Move money as asked; the same request a second time gets the same answer and moves nothing.

    Also returns the reservations of other proposals that the freed money now fills, in order.
    """
    if request.move is MoneyMove.RESERVE:
        return await _reserve(session, request, reference, now), ()
    row = await session.get(ReservationRow, request.reservation)
    if row is None:
        return MoneyAnswer.DONE, ()
    match request.move:
        case MoneyMove.COMMIT:
            if row.state == "reserved":
                await _commit(session, row, now)
            return MoneyAnswer.DONE, ()
        case MoneyMove.RELEASE:
            if row.state == "reserved":
                await _give_back(session, row, now)
            if row.state in ("reserved", "queued"):
                row.state = "released"
                session.add(row)
                await session.flush()
                return MoneyAnswer.DONE, await _promote(session, now)
            return MoneyAnswer.DONE, ()
        case _:
            if row.state != "reserved":
                return MoneyAnswer.DONE, ()
            await _give_back(session, row, now)
            row.state = "queued"
            session.add(row)
            await session.flush()
            return MoneyAnswer.DONE, await _promote(session, now, passing=row.id)


async def _reserve(
    session: AsyncSession, request: MoneyRequest, reference: str, now: datetime
) -> MoneyAnswer:
    known = await session.get(ReservationRow, request.reservation)
    if known is not None:
        return MoneyAnswer.QUEUED if known.state == "queued" else MoneyAnswer.RESERVED
    last = (await session.exec(select(func.max(ReservationRow.asked_seq)))).one()
    row = ReservationRow(
        id=request.reservation,
        reference=reference,
        state="queued",
        priority=request.priority,
        asked_seq=(last or 0) + 1,
        slices=[s.model_dump() for s in sorted(request.slices, key=lambda s: s.fund)],
    )
    session.add(row)
    await session.flush()
    funds = {s.fund for s in request.slices}
    waiting = await _queue(session)
    ahead = [q for q in waiting if q.id != row.id and q.priority >= row.priority]
    if any(funds & {s["fund"] for s in q.slices} for q in ahead):
        return MoneyAnswer.QUEUED
    if not await _take(session, row, now):
        return MoneyAnswer.QUEUED
    return MoneyAnswer.RESERVED


async def _queue(session: AsyncSession) -> Sequence[ReservationRow]:
    rows = await session.exec(
        select(ReservationRow)
        .where(ReservationRow.state == "queued")
        .order_by(col(ReservationRow.priority).desc(), col(ReservationRow.asked_seq))
    )
    return rows.all()


async def _take(session: AsyncSession, row: ReservationRow, now: datetime) -> bool:
    """Reserve every slice, in order of fiscal year, or none."""
    slices = [Slice.model_validate(s) for s in row.slices]
    years = await _years(session, slices)
    if len(years) != len({s.fund for s in slices}):
        return False  # a fund that does not exist has no money
    savepoint = await session.begin_nested()
    for part in sorted(slices, key=lambda s: (years[s.fund], s.fund)):
        taken: CursorResult[Any] = await session.exec(
            update(FundRow)
            .where(
                col(FundRow.id) == part.fund,
                col(FundRow.state) != FROZEN,
                col(FundRow.deficit) == 0,
                col(FundRow.budget) - FundRow.reserved - FundRow.committed - FundRow.paid
                >= part.cents,
            )
            .values(reserved=col(FundRow.reserved) + part.cents)
        )
        if taken.rowcount != 1:
            await savepoint.rollback()
            return False
    await savepoint.commit()
    row.state = "reserved"
    session.add(row)
    await _note(session, row, f"reserve:{row.offers}", now)
    return True


async def _years(session: AsyncSession, slices: Sequence[Slice]) -> dict[str, str]:
    wanted = [s.fund for s in slices]
    rows = await session.exec(
        select(FundRow.id, FundRow.fiscal_year).where(col(FundRow.id).in_(wanted))
    )
    return dict(rows.all())


async def _give_back(session: AsyncSession, row: ReservationRow, now: datetime) -> None:
    for part in row.slices:
        await session.exec(
            update(FundRow)
            .where(col(FundRow.id) == part["fund"])
            .values(reserved=col(FundRow.reserved) - part["cents"])
        )
    await _note(session, row, f"release:{row.offers}", now)


async def _commit(session: AsyncSession, row: ReservationRow, now: datetime) -> None:
    for part in row.slices:
        await session.exec(
            update(FundRow)
            .where(col(FundRow.id) == part["fund"])
            .values(
                reserved=col(FundRow.reserved) - part["cents"],
                committed=col(FundRow.committed) + part["cents"],
            )
        )
    row.state = "committed"
    session.add(row)
    await _note(session, row, "commit", now)


async def _note(session: AsyncSession, row: ReservationRow, move: str, now: datetime) -> None:
    for part in row.slices:
        session.add(
            FundMoveRow(
                reservation=row.id,
                fund=part["fund"],
                move=move,
                cents=part["cents"],
                recorded_at=now,
            )
        )
    await session.flush()


async def _promote(
    session: AsyncSession, now: datetime, *, passing: str | None = None
) -> Sequence[ReservationRow]:
    """Reserve freed money for the first in the order; one that must wait keeps its place."""
    filled: list[ReservationRow] = []
    blocked: set[str] = set()
    for row in await _queue(session):
        if row.id == passing:
            continue
        funds = {part["fund"] for part in row.slices}
        if funds & blocked:
            blocked |= funds
            continue
        row.offers += 1
        if await _take(session, row, now):
            filled.append(row)
        else:
            row.offers -= 1
            blocked |= funds
    return filled


def available(fund: FundRow) -> int:
    """What can still be reserved in *fund*, in cents."""
    if fund.state == FROZEN or fund.deficit:
        return 0
    return fund.budget - fund.reserved - fund.committed - fund.paid
