"""Reservations per second against one fund, from many processes at once, and the peers' way beside.

Accord takes money by a conditional update, in the recorded order; the peers' way locks the fund's
row, reads what was taken of it, and writes. Both in whole transactions, on the same store.
"""

import asyncio
import statistics
import sys
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path

from rich.table import Table
from sqlmodel import func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bench.report import console
from schemas.messages import MoneyAnswer, MoneyMove, MoneyRequest, Slice
from store import money, schema
from store.database import Database
from store.tables import FundMoveRow, FundRow

FUND, LOCKED = "BENCH-contributions-2027-28", "BENCH-grants-2027-28"
PROCESSES = 4
_BUDGET = 10**12
_CENTS = 7
_NOW = datetime(2026, 11, 24, 15, tzinfo=UTC)


async def _conditional(session: AsyncSession, name: str) -> None:
    asked = MoneyRequest(
        reservation=name, move=MoneyMove.RESERVE, slices=(Slice(fund=FUND, cents=_CENTS),)
    )
    answer, _ = await money.apply(session, asked, name, _NOW)
    if answer is not MoneyAnswer.RESERVED:
        raise RuntimeError(f"{name} was not reserved")


async def _lock_a_row(session: AsyncSession, name: str) -> None:
    fund = (await session.exec(select(FundRow).where(FundRow.id == LOCKED).with_for_update())).one()
    taken = await session.exec(
        select(func.coalesce(func.sum(FundMoveRow.cents), 0)).where(FundMoveRow.fund == LOCKED)
    )
    if fund.budget - int(taken.one()) < _CENTS:
        raise RuntimeError(f"{name} was not reserved")
    session.add(
        FundMoveRow(reservation=name, fund=LOCKED, move="reserve:0", cents=_CENTS, recorded_at=_NOW)
    )
    fund.reserved += _CENTS
    session.add(fund)


WAYS: dict[str, Callable[[AsyncSession, str], Awaitable[None]]] = {
    "conditional update (Accord)": _conditional,
    "lock a row (peers)": _lock_a_row,
}


async def measure(url: str, count: int, rounds: int) -> dict[str, list[float]]:
    """Reservations per second of each way, round by round, the order turned every second time."""
    database = Database(url, busy_ms=60_000)
    await schema.migrate(database)
    async with database.writing() as session:
        for fund, vote in ((FUND, "contributions"), (LOCKED, "grants")):
            if await session.get(FundRow, fund) is None:
                session.add(
                    FundRow(
                        id=fund, programme="BENCH", vote=vote, fiscal_year="2027-28",
                        budget=_BUDGET,
                    )
                )  # fmt: skip
    await database.close()
    taken: dict[str, list[float]] = {way: [] for way in WAYS}
    for number in range(rounds):
        for way in WAYS if number % 2 == 0 else reversed(WAYS):
            running = [
                await asyncio.create_subprocess_exec(
                    sys.executable, "-m", __name__, url, way, f"{number}-{n}", str(count),
                    stdout=asyncio.subprocess.PIPE,
                )
                for n in range(PROCESSES)
            ]  # fmt: skip
            said = [(await each.communicate())[0].split() for each in running]
            if any(each.returncode for each in running):
                raise RuntimeError(f"{way} did not end well")
            # From when the first began to when the last ended: starting Python is not measured.
            seconds = max(float(end) for _, end in said) - min(float(begin) for begin, _ in said)
            taken[way].append(PROCESSES * count / seconds)
    return taken


def show(taken: dict[str, list[float]], count: int) -> None:
    table = Table(title=f"Reservations against one fund: {PROCESSES} processes, {count} each")
    for heading in ("", "per second", "least", "most"):
        table.add_column(heading, justify="right" if heading else "left")
    for way, values in taken.items():
        row = (statistics.median(values), min(values), max(values))
        table.add_row(way, *(f"{value:,.0f}" for value in row))
    console.print(table)


async def _take(url: str, way: str, name: str, count: int) -> None:
    database = Database(url, busy_ms=60_000)
    try:
        begun = time.time()
        for number in range(count):
            async with database.writing() as session:
                await WAYS[way](session, f"{way}-{name}:{number}")
        print(begun, time.time())
    finally:
        await database.close()


def store_in(folder: Path) -> str:
    """A store of its own, as a SQLite file."""
    return f"sqlite+aiosqlite:///{folder / 'reservations.db'}"


if __name__ == "__main__":
    asyncio.run(_take(sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4])))
