"""How a fund's money came to be used: the balance at the end of each month, from the ledger."""

from calendar import monthrange
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from sqlmodel import col, select

from commands.funds import check_is_staff
from commands.office import Office
from policy.rules import clocks
from schemas.errors import NotFound
from schemas.people import Viewer
from schemas.values import Money
from store import ledger
from store.tables import FundCorrectionLineRow, FundMoveRow, FundRow

LAST_MONTH = 12


async def of_fund(office: Office, viewer: Viewer, fund_id: str) -> list[dict[str, Any]]:
    """Each month of the fund, oldest first: its budget, and where the money stood at its end.

    From April of its fiscal year, or from its first move where that was earlier, to March, or to
    now; the month that is running stands as it is. Months are those of Toronto. Of a fund whose
    budget was corrected, each month has the budget that it had at its end.
    """
    check_is_staff(viewer)
    async with office.database.reading() as session:
        fund = await session.get(FundRow, fund_id)
        if fund is None:
            raise NotFound
        moves = await session.exec(
            select(FundMoveRow.move, FundMoveRow.cents, FundMoveRow.recorded_at)
            .where(FundMoveRow.fund == fund_id)
            .order_by(col(FundMoveRow.recorded_at))
        )
        lines = [(move, cents, _day(at)) for move, cents, at in moves]
        corrected = await session.exec(
            select(FundCorrectionLineRow)
            .where(FundCorrectionLineRow.fund == fund_id)
            .order_by(col(FundCorrectionLineRow.number))
        )
        budgets = [(_day(row.recorded_at), row.budget_before) for row in corrected]
    first = min([clocks.fiscal_year_start(fund.fiscal_year), *(day for _, _, day in lines)])
    last = min(clocks.fiscal_year_end(fund.fiscal_year), office.today())
    return [
        {
            "month": f"{end:%Y-%m}",
            **{name: Money.of_cents(cents).model_dump() for name, cents in balance.items()},
        }
        for end, balance in balances(_ends(first, max(first, last)), lines, budgets, fund.budget)
    ]


def balances(
    ends: Iterable[date],
    lines: Sequence[tuple[str, int, date]],
    budgets: Sequence[tuple[date, int]],
    budget_now: int,
) -> list[tuple[date, dict[str, int]]]:
    """The balance in cents at the end of each of the days *ends*.

    *lines*: move, cents and day of every line of the fund's ledger, oldest first. *budgets*: of
    every correction its day and the budget before it, oldest first. What a cut has taken below
    what is held is `deficit`, as in the fund itself, and `available` is never below nothing.
    """
    held, taken, found = dict.fromkeys(ledger.HELD, 0), 0, []
    for end in ends:
        while taken < len(lines) and lines[taken][2] <= end:
            move, cents, _ = lines[taken]
            source, target = ledger.flow(move)
            if source:
                held[source] -= cents
            if target:
                held[target] += cents
            taken += 1
        budget = next((before for day, before in budgets if day > end), budget_now)
        left = budget - sum(held.values())
        found.append(
            (end, {"budget": budget, **held, "available": max(left, 0), "deficit": max(-left, 0)})
        )
    return found


def _ends(first: date, last: date) -> list[date]:
    """The last days of the months from that of *first* to that of *last*."""
    found, year, month = [], first.year, first.month
    while (year, month) <= (last.year, last.month):
        found.append(date(year, month, monthrange(year, month)[1]))
        year, month = (year + 1, 1) if month == LAST_MONTH else (year, month + 1)
    return found


def _day(at: datetime) -> date:
    return clocks.toronto_day(at)
