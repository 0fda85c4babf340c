"""Reserved money between years: moved to later ones, or given up with a year that has ended."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import CursorResult, delete, update
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from schemas.funds import FundState
from schemas.messages import Slice
from store import ledger, spending
from store.tables import FundRow, ReservationFundRow, ReservationRow


async def lapse(
    session: AsyncSession, row: ReservationRow, gone: Sequence[Slice], now: datetime
) -> None:
    """Give up the slices of a year that has ended; those of other years stay where they are."""
    lost = [part.model_dump() for part in gone]
    if row.state == "reserved":
        for part in gone:
            await _give(session, part.fund, part.cents)
        await ledger.note(session, row.id, f"lapse:{row.offers}", lost, now)
    left = [part for part in row.slices if part not in lost]
    await _keep(session, row, left)


async def reduce(
    session: AsyncSession, row: ReservationRow, kept: Sequence[Slice], now: datetime
) -> bool:
    """Keep *kept* of what is reserved and give up the rest; False where that is more than there is.

    Asked for again there is no rest, and nothing moves.
    """
    left = {part.fund: part.cents for part in kept}
    before = {part["fund"]: part["cents"] for part in row.slices}
    rest = {fund: cents - left.get(fund, 0) for fund, cents in sorted(before.items())}
    if left.keys() - before.keys() or any(cents < 0 for cents in rest.values()):
        return False
    free = {fund: cents for fund, cents in rest.items() if cents}
    for fund, cents in free.items():
        await _give(session, fund, cents)
    lines = (await ledger.lines_of(session, [row.id])).get(row.id, [])
    number = 1 + len({line.move for line in lines if line.move.startswith("reduce")})
    await ledger.note(session, row.id, f"reduce:{number}", _lines(free), now)
    await _keep(session, row, [part.model_dump() for part in kept if part.cents])
    return True


async def reprofile(
    session: AsyncSession, row: ReservationRow, wanted: Sequence[Slice], now: datetime
) -> bool:
    """Reserve *wanted* in place of what is reserved, all of it or none; False where a year has not
    as much, or where somebody of the same or a higher priority waits for it already."""
    before = {part["fund"]: part["cents"] for part in row.slices}
    after = {part.fund: part.cents for part in wanted}
    changes = {fund: after.get(fund, 0) - before.get(fund, 0) for fund in before | after}
    more = {fund: cents for fund, cents in sorted(changes.items()) if cents > 0}
    less = {fund: -cents for fund, cents in sorted(changes.items()) if cents < 0}
    if more and await _is_waited_for(session, row, list(more)):
        return False
    savepoint = await session.begin_nested()
    for fund, cents in more.items():
        if not await _take(session, fund, cents):
            await savepoint.rollback()
            await session.refresh(row)
            return False
    for fund, cents in less.items():
        await _give(session, fund, cents)
    await savepoint.commit()
    number = 1 + sum(
        line.move.startswith("reprofile")
        for line in (await ledger.lines_of(session, [row.id])).get(row.id, [])
    )
    await ledger.note(session, row.id, f"reprofile_out:{number}", _lines(less), now)
    await ledger.note(session, row.id, f"reprofile_in:{number}", _lines(more), now)
    await _keep(session, row, [part.model_dump() for part in wanted if part.cents])
    return True


async def _is_waited_for(session: AsyncSession, row: ReservationRow, funds: Sequence[str]) -> bool:
    ahead = await session.exec(
        select(ReservationRow.id)
        .join(ReservationFundRow, col(ReservationFundRow.reservation) == col(ReservationRow.id))
        .where(
            ReservationRow.state == "queued",
            col(ReservationRow.passed).is_(False),
            col(ReservationRow.priority) >= row.priority,
            col(ReservationFundRow.fund).in_(funds),
        )
        .limit(1)
    )
    return ahead.first() is not None


async def _take(session: AsyncSession, fund: str, cents: int) -> bool:
    taken: CursorResult[Any] = await session.exec(
        update(FundRow)
        .where(
            col(FundRow.id) == fund,
            col(FundRow.state) != FundState.FROZEN,
            col(FundRow.deficit) == 0,
            col(FundRow.budget) - ledger.taken() >= cents,
        )
        .values(reserved=col(FundRow.reserved) + cents)
    )
    return taken.rowcount == 1


async def _give(session: AsyncSession, fund: str, cents: int) -> None:
    await session.exec(
        update(FundRow)
        .where(col(FundRow.id) == fund)
        .values(reserved=col(FundRow.reserved) - cents, deficit=spending.deficit_without(cents))
    )


async def _keep(session: AsyncSession, row: ReservationRow, slices: list[dict[str, Any]]) -> None:
    row.slices = slices
    session.add(row)
    await session.exec(
        delete(ReservationFundRow).where(col(ReservationFundRow.reservation) == row.id)
    )
    for fund in sorted({part["fund"] for part in slices}):
        session.add(ReservationFundRow(fund=fund, reservation=row.id))
    await session.flush()


def _lines(cents: dict[str, int]) -> list[dict[str, Any]]:
    return [{"fund": fund, "cents": amount} for fund, amount in cents.items()]
