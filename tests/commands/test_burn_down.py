"""How a year's money goes down by the ledger, month by month in Toronto."""

from datetime import UTC, datetime

from commands import burn_down, funds
from store.tables import FundMoveRow
from tests.commands.test_fund_corrections import BEN, FUND, NEXT, office, waits

__all__ = ["office"]


async def line(office, move, cents, at, fund=FUND):
    async with office.database.writing() as session:
        session.add(
            FundMoveRow(reservation="r:1", fund=fund, move=move, cents=cents, recorded_at=at)
        )


async def shown(office):
    found = await burn_down.burn_down(office, await funds.funds(office, BEN, {"vote": FUND[6:-8]}))
    return {each["month"]: [each[n]["value"] for n in ("firm", "paid", "left")] for each in found}


async def test_each_month_says_what_was_firm_and_paid_by_its_end(office):
    await line(office, "reserve:0", 90, datetime(2026, 4, 2, tzinfo=UTC))
    await line(office, "commit", 90, datetime(2026, 5, 2, tzinfo=UTC))
    await line(office, "certify:a", 50, datetime(2026, 6, 2, tzinfo=UTC))
    await line(office, "pay:a", 50, datetime(2026, 7, 2, tzinfo=UTC))
    await line(office, "recover:b", 20, datetime(2026, 8, 2, tzinfo=UTC))
    await line(office, "decommit:c", 40, datetime(2026, 9, 2, tzinfo=UTC))
    await line(office, "commit", 7, datetime(2026, 5, 2, tzinfo=UTC), fund=NEXT)

    found = await shown(office)

    assert list(found) == [f"2026-{month:02d}" for month in range(4, 12)]
    assert found["2026-04"] == ["0.00", "0.00", "1.00"]
    assert found["2026-05"] == ["0.90", "0.00", "1.00"]
    assert found["2026-07"] == ["0.90", "0.50", "0.50"]
    assert found["2026-08"] == ["0.90", "0.30", "0.70"]
    assert found["2026-11"] == ["0.50", "0.30", "0.70"]


async def test_a_month_ends_at_midnight_in_toronto(office):
    await line(office, "pay:a", 50, datetime(2026, 8, 1, 3, 59, tzinfo=UTC))
    await line(office, "pay:b", 10, datetime(2026, 8, 1, 4, 0, tzinfo=UTC))

    found = await shown(office)

    assert (found["2026-07"][1], found["2026-08"][1]) == ("0.50", "0.60")


async def test_the_order_names_only_what_one_sees(office):
    await waits(office, "taken", 100)
    await waits(office, "first", 60)

    found = burn_down.waiting(await funds.funds(office, BEN, {}))

    assert [(each["fund"], each["position"], each["reference"]) for each in found] == [
        (FUND, 1, None)
    ]
