"""The ledger of money: its lines, what they leave of a reservation, and what a fund has given.

A line says that cents of a reservation moved in a fund; nobody changes one. What they add up to
is what the columns of the funds say, to the cent.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from schemas.messages import MoneyMove
from store.tables import FundMoveRow, FundRow

HELD = ("reserved", "committed", "certified", "paid")
"""How far money that a fund has given has come; what is none of these is available."""
_FLOWS: dict[str, tuple[str | None, str | None]] = {
    MoneyMove.RESERVE: (None, "reserved"),
    MoneyMove.RELEASE: ("reserved", None),
    MoneyMove.LAPSE: ("reserved", None),
    MoneyMove.REDUCE: ("reserved", None),
    "reprofile_out": ("reserved", None),
    "reprofile_in": (None, "reserved"),
    MoneyMove.COMMIT: ("reserved", "committed"),
    MoneyMove.UNCOMMIT: ("committed", "reserved"),
    MoneyMove.CERTIFY: ("committed", "certified"),
    MoneyMove.UNCERTIFY: ("certified", "committed"),
    MoneyMove.PAY: ("certified", "paid"),
    MoneyMove.RECOVER: ("paid", "committed"),
    MoneyMove.DECOMMIT: ("committed", None),
}


def flow(move: str) -> tuple[str | None, str | None]:
    """From where to where a line's *move* takes its cents; None stands for what is available."""
    return _FLOWS[move.partition(":")[0]]


def taken() -> ColumnElement[int]:
    """What a fund has given, in whatever state: never available again until it comes back."""
    return col(FundRow.reserved) + FundRow.committed + FundRow.certified + FundRow.paid


def taken_of(fund: FundRow) -> int:
    """The same of a row at hand."""
    return fund.reserved + fund.committed + fund.certified + fund.paid


def left(lines: Iterable[FundMoveRow]) -> dict[str, dict[str, int]]:
    """Per fund, the cents that *lines* of one reservation leave in each state."""
    found: defaultdict[str, dict[str, int]] = defaultdict(lambda: dict.fromkeys(HELD, 0))
    for line in lines:
        source, target = flow(line.move)
        held = found[line.fund]
        if source:
            held[source] -= line.cents
        if target:
            held[target] += line.cents
    return dict(found)


def let_go(lines: Iterable[FundMoveRow]) -> dict[str, int]:
    """Per fund, the cents that were committed and will not be paid."""
    found: defaultdict[str, int] = defaultdict(int)
    for line in lines:
        if flow(line.move) == ("committed", None):
            found[line.fund] += line.cents
    return dict(found)


async def lines_of(
    session: AsyncSession, reservations: Sequence[str]
) -> dict[str, list[FundMoveRow]]:
    """The lines of each reservation that has any."""
    if not reservations:
        return {}
    rows = await session.exec(
        select(FundMoveRow).where(col(FundMoveRow.reservation).in_(reservations))
    )
    found: defaultdict[str, list[FundMoveRow]] = defaultdict(list)
    for row in rows:
        found[row.reservation].append(row)
    return dict(found)


async def moved(session: AsyncSession, reservation: str, move: str) -> list[dict[str, Any]]:
    """What one move took, fund by fund, as a reservation keeps its slices."""
    rows = await session.exec(
        select(FundMoveRow)
        .where(FundMoveRow.reservation == reservation, FundMoveRow.move == move)
        .order_by(FundMoveRow.fund)
    )
    return [{"fund": row.fund, "cents": row.cents} for row in rows]


async def note(
    session: AsyncSession,
    reservation: str,
    move: str,
    slices: Iterable[dict[str, Any]],
    now: datetime,
) -> None:
    """Add a line for each of *slices*; the same move of a reservation is noted once."""
    for part in slices:
        session.add(
            FundMoveRow(
                reservation=reservation,
                fund=part["fund"],
                move=move,
                cents=part["cents"],
                recorded_at=now,
            )
        )
    await session.flush()
