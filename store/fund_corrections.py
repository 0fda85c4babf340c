"""Corrections of funds: what is proposed, and the only writer of budgets and states once opened.

Every change is a line in a ledger that is only added to, numbered for each fund.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import CursorResult, case, func, update
from sqlmodel import col, or_, select
from sqlmodel.ext.asyncio.session import AsyncSession

from schemas.funds import CorrectionKind, CorrectionState
from store import ledger, money
from store.tables import FundCorrectionLineRow, FundCorrectionRow, FundRow, ReservationRow


async def locked(session: AsyncSession, funds: Iterable[str]) -> dict[str, FundRow]:
    """The funds by their ids, as they stand, held until the transaction ends."""
    rows = await session.exec(
        select(FundRow)
        .where(col(FundRow.id).in_(sorted(funds)))
        .order_by(FundRow.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return {row.id: row for row in rows}


async def open_ones(session: AsyncSession, funds: Sequence[str]) -> list[FundCorrectionRow]:
    """The corrections that wait for a second person and touch one of *funds*."""
    rows = await session.exec(
        select(FundCorrectionRow)
        .where(
            FundCorrectionRow.state == CorrectionState.PROPOSED,
            or_(
                col(FundCorrectionRow.fund).in_(funds),
                col(FundCorrectionRow.target).in_(funds),
            ),
        )
        .order_by(FundCorrectionRow.id)
    )
    return list(rows)


async def lines_of(session: AsyncSession, correction: str) -> list[FundCorrectionLineRow]:
    """What the correction changed, fund by fund."""
    rows = await session.exec(
        select(FundCorrectionLineRow)
        .where(FundCorrectionLineRow.correction == correction)
        .order_by(FundCorrectionLineRow.fund)
    )
    return list(rows)


async def correct(
    session: AsyncSession,
    correction: str,
    fund: str,
    now: datetime,
    *,
    budget: int | None = None,
    state: str | None = None,
) -> Sequence[ReservationRow]:
    """Give a fund another budget or another state; returns whom freed money now fills, in order.

    A cut below what is taken opens a deficit, which takes nothing more. The caller makes each
    correction once.
    """
    rows = await locked(session, [fund])
    kind = CorrectionKind.BUDGET if state is None else CorrectionKind.STATE
    await _change(session, correction, rows[fund], kind, now, budget=budget, state=state)
    return await money.promote(session, now)


async def transfer(
    session: AsyncSession, correction: str, source: str, target: str, cents: int, now: datetime
) -> Sequence[ReservationRow]:
    """Move *cents* that nobody has taken from one fund to another; as `correct` otherwise.

    Raises MoneyConflict when the source has not as much to give.
    """
    rows = await locked(session, [source, target])
    between_two = source != target and rows.keys() == {source, target}
    if not between_two or cents <= 0 or money.available(rows[source]) < cents:
        raise money.MoneyConflict
    for fund, change in sorted(((source, -cents), (target, cents))):
        await _change(
            session,
            correction,
            rows[fund],
            CorrectionKind.TRANSFER,
            now,
            budget=rows[fund].budget + change,
        )
    return await money.promote(session, now)


async def _change(
    session: AsyncSession,
    correction: str,
    row: FundRow,
    kind: CorrectionKind,
    now: datetime,
    *,
    budget: int | None = None,
    state: str | None = None,
) -> None:
    last = await session.exec(
        select(func.max(FundCorrectionLineRow.number)).where(FundCorrectionLineRow.fund == row.id)
    )
    line = FundCorrectionLineRow(
        correction=correction,
        fund=row.id,
        number=(last.one() or 0) + 1,
        kind=kind,
        budget_before=row.budget,
        budget_after=row.budget if budget is None else budget,
        state_before=row.state,
        state_after=row.state if state is None else state,
        recorded_at=now,
    )
    short = ledger.taken() - line.budget_after
    changed: CursorResult[Any] = await session.exec(
        update(FundRow)
        .where(
            col(FundRow.id) == row.id,
            col(FundRow.budget) == line.budget_before,
            col(FundRow.state) == line.state_before,
        )
        .values(
            budget=line.budget_after,
            state=line.state_after,
            deficit=case((short > 0, short), else_=0),
        )
    )
    if changed.rowcount != 1:
        raise money.MoneyConflict
    session.add(line)
    await session.flush()
    await session.refresh(row)
