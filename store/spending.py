"""What becomes of money that is firm: certified (s.34), paid (s.33), let go or recovered.

Each move takes cents of one commitment from one state to another, in the years that it names, and
has a key of its own (a payment's id): asked for again, it moves nothing. No move takes more than
the commitment has in that state, so that nothing is paid that was not certified, and nothing
certified that was not committed (Financial Administration Act, sections 32 to 34).
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import CursorResult, case, update
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from schemas.messages import MoneyMove, MoneyRequest, Slice
from store import ledger
from store.tables import FundRow, ReservationRow

SPENDING = frozenset(
    {
        MoneyMove.CERTIFY,
        MoneyMove.UNCERTIFY,
        MoneyMove.PAY,
        MoneyMove.RECOVER,
        MoneyMove.DECOMMIT,
    }
)


class NotThatMuch(Exception):
    """The commitment has less than what is asked for in the state that it would leave."""


async def spend(
    session: AsyncSession, row: ReservationRow, request: MoneyRequest, now: datetime
) -> Sequence[Slice]:
    """Make the move of firm money; returns what moved, nothing the second time.

    `slices` names cents per fund; of `decommit` none means all that is neither certified nor
    paid. Raises NotThatMuch, and then nothing has moved.
    """
    if request.key is None:
        raise ValueError("a move of firm money needs a key of its own")
    move = f"{request.move}:{request.key}"
    funds = sorted({part["fund"] for part in row.slices})
    await _lock(session, funds)
    lines = (await ledger.lines_of(session, [row.id])).get(row.id, [])
    if any(line.move == move for line in lines):
        return ()
    held = ledger.left(lines)
    source, target = ledger.flow(move)
    if source is None:
        raise ValueError(f"{request.move} is no move of firm money")
    slices = _wanted(request, held)
    if not slices:
        return ()
    if any(s.cents <= 0 or held.get(s.fund, {}).get(source, 0) < s.cents for s in slices):
        raise NotThatMuch
    for part in slices:
        await _move(session, part, source, target)
    await ledger.note(session, row.id, move, [part.model_dump() for part in slices], now)
    return slices


def _wanted(request: MoneyRequest, held: dict[str, dict[str, int]]) -> list[Slice]:
    if not request.slices and request.move is MoneyMove.DECOMMIT:
        return [
            Slice(fund=fund, cents=of["committed"])
            for fund, of in sorted(held.items())
            if of["committed"]
        ]
    cents: dict[str, int] = {}
    for part in request.slices:
        cents[part.fund] = cents.get(part.fund, 0) + part.cents
    return [Slice(fund=fund, cents=amount) for fund, amount in sorted(cents.items())]


async def _lock(session: AsyncSession, funds: Sequence[str]) -> None:
    """Hold the funds, in order, so that two moves of one commitment are made one after the
    other; a change of nothing does it on both databases."""
    for fund in funds:
        await session.exec(
            update(FundRow).where(col(FundRow.id) == fund).values(paid=col(FundRow.paid))
        )


async def _move(session: AsyncSession, part: Slice, source: str, target: str | None) -> None:
    changes: dict[str, Any] = {source: getattr(FundRow, source) - part.cents}
    if target:
        changes[target] = getattr(FundRow, target) + part.cents
    else:
        changes["deficit"] = deficit_without(part.cents)
    moved: CursorResult[Any] = await session.exec(
        update(FundRow)
        .where(col(FundRow.id) == part.fund, getattr(FundRow, source) >= part.cents)
        .values(**changes)
    )
    if moved.rowcount != 1:
        raise NotThatMuch


def deficit_without(cents: int) -> Any:
    """What is left of a fund's deficit once *cents* have come back: freed money covers it first."""
    short = ledger.taken() - cents - col(FundRow.budget)
    return case(
        (short < 0, 0),
        (short < col(FundRow.deficit), short),
        else_=col(FundRow.deficit),
    )
