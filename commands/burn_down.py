"""How the money of the running fiscal year goes down, month by month, and who waits for money."""

from datetime import date
from typing import Any

from sqlmodel import col, select

from commands.office import Office
from policy.rules import clocks
from schemas.values import Money
from store import ledger
from store.tables import FundMoveRow

_MONTHS = 12


async def burn_down(office: Office, funds: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Per month of the running year up to now: what became firm by its end, what was paid, and
    what of today's budget was not paid yet."""
    today = office.today()
    year = clocks.fiscal_year(today)
    mine = [fund for fund in funds if fund["fiscal_year"] == year]
    budget = sum(Money.model_validate(fund["budget"]).cents for fund in mine)
    async with office.database.reading() as session:
        lines = (
            await session.exec(
                select(FundMoveRow.move, FundMoveRow.cents, FundMoveRow.recorded_at).where(
                    col(FundMoveRow.fund).in_([fund["id"] for fund in mine])
                )
            )
        ).all()
    moved = [(clocks.toronto_day(at), *ledger.flow(move), cents) for move, cents, at in lines]
    rows = []
    for month in _months(clocks.fiscal_year_start(year), today):
        firm = paid = 0
        for day, source, target, cents in moved:
            if (day.year, day.month) > (month.year, month.month):
                continue
            firm += cents * (_is_firm(target) - _is_firm(source))
            paid += cents * ((target == "paid") - (source == "paid"))
        rows.append(
            {
                "month": f"{month:%Y-%m}",
                "firm": _money(firm),
                "paid": _money(paid),
                "left": _money(budget - paid),
            }
        )
    return rows


def waiting(funds: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The order of those who wait, fund by fund; a proposal that one does not see has no name."""
    return [{"fund": fund["id"], **each} for fund in funds for each in fund["queue"]]


def _months(first: date, today: date) -> list[date]:
    found = [first]
    while len(found) < _MONTHS:
        last = found[-1]
        following = last.replace(year=last.year + last.month // 12, month=last.month % 12 + 1)
        if following > today:
            break
        found.append(following)
    return found


def _is_firm(state: str | None) -> bool:
    return state in ("committed", "certified", "paid")


def _money(cents: int) -> dict[str, Any]:
    """A sum of many may be more than one amount may be; less than nothing where it was cut."""
    sign = "-" if cents < 0 else ""
    return {"currency": "CAD", "value": f"{sign}{abs(cents) // 100}.{abs(cents) % 100:02d}"}
