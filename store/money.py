"""Money: funds, reservations and the ledger; the only writer of all three.

Budgets and states of funds are corrected in `store.fund_corrections`.

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

from schemas.funds import FundState
from schemas.messages import MoneyAnswer, MoneyMove, MoneyRequest, Slice
from store import ledger, reprofiling, spending
from store.tables import FundMoveRow, FundRow, ReservationFundRow, ReservationRow


class MoneyConflict(Exception):
    """A proposal commits, or passes on, what is not reserved for it: nothing may follow from it."""


async def apply(
    session: AsyncSession, request: MoneyRequest, reference: str, now: datetime
) -> tuple[MoneyAnswer, Sequence[ReservationRow]]:
    """Move money as asked; raises MoneyConflict when what is asked for is not reserved.

    A reservation asked for a second time gets its first answer and moves nothing; the caller
    makes every other move once. Also returns the reservations of other proposals that the freed
    money now fills, in order.
    """
    if request.move is MoneyMove.RESERVE:
        return await _reserve(session, request, reference, now), ()
    row = await session.get(ReservationRow, request.reservation)
    if request.move in spending.SPENDING:
        return await _spend(session, request, row, now)
    match request.move:
        case MoneyMove.COMMIT:
            if row is None or row.state != "reserved":
                raise MoneyConflict
            await _commit(session, row, now)
            return MoneyAnswer.DONE, ()
        case MoneyMove.UNCOMMIT:
            if row is None or row.state != "committed":
                raise MoneyConflict
            await _uncommit(session, row, now)
            return MoneyAnswer.DONE, ()
        case MoneyMove.LAPSE:
            if row is None or row.state not in ("reserved", "queued"):
                return MoneyAnswer.DONE, ()
            await reprofiling.lapse(session, row, request.slices, now)
            return MoneyAnswer.DONE, await promote(session, now)
        case MoneyMove.REDUCE:
            if row is None or row.state != "reserved":
                raise MoneyConflict
            if not await reprofiling.reduce(session, row, request.slices, now):
                raise MoneyConflict
            return MoneyAnswer.DONE, await promote(session, now)
        case MoneyMove.REPROFILE:
            if row is None or row.state != "reserved":
                raise MoneyConflict
            if not await reprofiling.reprofile(session, row, request.slices, now):
                return MoneyAnswer.QUEUED, ()
            return MoneyAnswer.DONE, await promote(session, now)
        case MoneyMove.RELEASE:
            if row is None or row.state not in ("reserved", "queued"):
                return MoneyAnswer.DONE, ()
            if row.state == "reserved":
                await _give_back(session, row, now)
            row.state = "released"
            session.add(row)
            await session.flush()
            return MoneyAnswer.DONE, await promote(session, now)
        case _:
            if row is None or row.state != "reserved":
                raise MoneyConflict
            await _give_back(session, row, now)
            row.state, row.passed = "queued", True
            session.add(row)
            await session.flush()
            return MoneyAnswer.DONE, await promote(session, now, passed_on=True)


async def _spend(
    session: AsyncSession, request: MoneyRequest, row: ReservationRow | None, now: datetime
) -> tuple[MoneyAnswer, Sequence[ReservationRow]]:
    if row is None or row.state != "committed":
        raise MoneyConflict
    try:
        moved = await spending.spend(session, row, request, now)
    except spending.NotThatMuch as wrong:
        raise MoneyConflict from wrong
    freed = bool(moved) and request.move is MoneyMove.DECOMMIT
    return MoneyAnswer.DONE, await promote(session, now) if freed else ()


async def first_answer(session: AsyncSession, request: MoneyRequest) -> MoneyAnswer:
    """What was answered when the move was made; nothing moves."""
    if request.move is MoneyMove.REPROFILE:
        row = await session.get_one(ReservationRow, request.reservation)
        moved = row.slices == [part.model_dump() for part in request.slices]
        return MoneyAnswer.DONE if moved else MoneyAnswer.QUEUED
    if request.move is not MoneyMove.RESERVE:
        return MoneyAnswer.DONE
    return MoneyAnswer((await session.get_one(ReservationRow, request.reservation)).answer)


async def _reserve(
    session: AsyncSession, request: MoneyRequest, reference: str, now: datetime
) -> MoneyAnswer:
    known = await session.get(ReservationRow, request.reservation)
    if known is not None:
        return MoneyAnswer(known.answer)
    last = (await session.exec(select(func.max(ReservationRow.asked_seq)))).one()
    slices = _by_fund(request.slices)
    row = ReservationRow(
        id=request.reservation,
        reference=reference,
        state="queued",
        answer=MoneyAnswer.QUEUED,
        priority=request.priority,
        asked_seq=(last or 0) + 1,
        slices=[s.model_dump() for s in slices],
    )
    session.add(row)
    await session.flush()
    for fund in sorted({s.fund for s in slices}):
        session.add(ReservationFundRow(fund=fund, reservation=row.id))
    await session.flush()
    if not await _is_first(session, row) or not await _take(session, row, now):
        return MoneyAnswer.QUEUED
    row.answer = MoneyAnswer.RESERVED
    return MoneyAnswer.RESERVED


def _by_fund(slices: Sequence[Slice]) -> list[Slice]:
    cents: dict[str, int] = {}
    for part in slices:
        cents[part.fund] = cents.get(part.fund, 0) + part.cents
    return [Slice(fund=fund, cents=amount) for fund, amount in sorted(cents.items())]


async def _is_first(session: AsyncSession, row: ReservationRow) -> bool:
    """Whether nobody of the same or a higher priority waits for one of its funds.

    One that has passed money on lets others by until money comes free again.
    """
    mine = select(ReservationFundRow.fund).where(ReservationFundRow.reservation == row.id)
    ahead = await session.exec(
        select(ReservationRow.id)
        .join(ReservationFundRow, col(ReservationFundRow.reservation) == col(ReservationRow.id))
        .where(
            ReservationRow.state == "queued",
            ReservationRow.id != row.id,
            col(ReservationRow.passed).is_(False),
            col(ReservationRow.priority) >= row.priority,
            col(ReservationFundRow.fund).in_(mine),
        )
        .limit(1)
    )
    return ahead.first() is None


async def _queue(session: AsyncSession) -> Sequence[ReservationRow]:
    rows = await session.exec(
        select(ReservationRow)
        .where(ReservationRow.state == "queued")
        .order_by(col(ReservationRow.priority).desc(), col(ReservationRow.asked_seq))
    )
    return rows.all()


async def _take(session: AsyncSession, row: ReservationRow, now: datetime, offer: int = 0) -> bool:
    """Reserve every slice, in order of fiscal year, or none."""
    slices = [Slice.model_validate(s) for s in row.slices]
    years = await _years(session, slices)
    if len(years) != len(slices) or any(s.cents < 0 for s in slices):
        return False  # a fund that does not exist has no money
    savepoint = await session.begin_nested()
    for part in sorted(slices, key=lambda s: (years[s.fund], s.fund)):
        taken: CursorResult[Any] = await session.exec(
            update(FundRow)
            .where(
                col(FundRow.id) == part.fund,
                col(FundRow.state) != FundState.FROZEN,
                col(FundRow.deficit) == 0,
                col(FundRow.budget) - ledger.taken() >= part.cents,
            )
            .values(reserved=col(FundRow.reserved) + part.cents)
        )
        if taken.rowcount != 1:
            await savepoint.rollback()
            return False
    await savepoint.commit()
    row.state, row.offers = "reserved", offer
    session.add(row)
    await _note(session, row, f"reserve:{offer}", now)
    return True


async def _years(session: AsyncSession, slices: Sequence[Slice]) -> dict[str, str]:
    wanted = [s.fund for s in slices]
    rows = await session.exec(
        select(FundRow.id, FundRow.fiscal_year).where(col(FundRow.id).in_(wanted))
    )
    return dict(rows.all())


async def _give_back(session: AsyncSession, row: ReservationRow, now: datetime) -> None:
    """Freed money covers a deficit first."""
    for part in row.slices:
        await session.exec(
            update(FundRow)
            .where(col(FundRow.id) == part["fund"])
            .values(
                reserved=col(FundRow.reserved) - part["cents"],
                deficit=spending.deficit_without(part["cents"]),
            )
        )
    await _note(session, row, f"release:{row.offers}", now)


async def _commit(session: AsyncSession, row: ReservationRow, now: datetime) -> None:
    await _make(session, row, MoneyMove.COMMIT, firm=True, now=now)


async def _uncommit(session: AsyncSession, row: ReservationRow, now: datetime) -> None:
    """Firm money is reserved again: the approval that made it firm was taken back untold."""
    await _make(session, row, MoneyMove.UNCOMMIT, firm=False, now=now)


async def _make(
    session: AsyncSession, row: ReservationRow, move: MoneyMove, *, firm: bool, now: datetime
) -> None:
    """Reserved money firm, or firm money reserved: what is available stays as it is."""
    for part in row.slices:
        cents = part["cents"] if firm else -part["cents"]
        await session.exec(
            update(FundRow)
            .where(col(FundRow.id) == part["fund"])
            .values(
                reserved=col(FundRow.reserved) - cents, committed=col(FundRow.committed) + cents
            )
        )
    row.state = "committed" if firm else "reserved"
    session.add(row)
    await _note(session, row, await _numbered(session, row, move), now)


async def _numbered(session: AsyncSession, row: ReservationRow, move: MoneyMove) -> str:
    """The move as the ledger names it: a second time it has a number of its own."""
    moves = await session.exec(
        select(FundMoveRow.move).where(FundMoveRow.reservation == row.id).distinct()
    )
    earlier = sum(1 for made in moves if made.partition(":")[0] == move)
    return f"{move}:{earlier + 1}" if earlier else move.value


async def _note(session: AsyncSession, row: ReservationRow, move: str, now: datetime) -> None:
    await ledger.note(session, row.id, move, row.slices, now)


async def promote(
    session: AsyncSession, now: datetime, *, passed_on: bool = False
) -> Sequence[ReservationRow]:
    """Reserve freed money for the first in the order; one that must wait keeps its place.

    Money that somebody has passed on is not offered again to those who have passed money on.
    """
    filled: list[ReservationRow] = []
    blocked: set[str] = set()
    for row in await _queue(session):
        if passed_on and row.passed:
            continue
        row.passed = False
        session.add(row)
        funds = {part["fund"] for part in row.slices}
        if not funds & blocked and await _take(session, row, now, row.offers + 1):
            filled.append(row)
        else:
            blocked |= funds
    return filled


def available(fund: FundRow) -> int:
    """What can still be reserved in *fund*, in cents."""
    if fund.state == FundState.FROZEN or fund.deficit:
        return 0
    return fund.budget - ledger.taken_of(fund)
