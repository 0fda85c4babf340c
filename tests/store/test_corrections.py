"""Corrections of funds: deficits, transfers and states, and who is filled by them."""

import pytest

from store import fund_corrections, money
from store.tables import FundCorrectionLineRow, FundRow
from tests.store.others import NOW
from tests.store.test_money import a_fund, kept, open_funds, reserve, states


async def correct(database, name, fund, **changes):
    async with database.writing() as session:
        filled = await fund_corrections.correct(session, name, fund, NOW, **changes)
        return [row.id for row in filled]


async def test_a_cut_below_what_is_taken_opens_a_deficit_and_a_raise_ends_it(database):
    await open_funds(database, a_fund("f0", 100))
    await reserve(database, "a", f0=80)

    assert await correct(database, "cut", "f0", budget=50) == []
    [fund] = await kept(database, FundRow)
    assert (fund.budget, fund.reserved, fund.deficit) == (50, 80, 30)
    await reserve(database, "waiting", f0=20)

    assert await correct(database, "raise", "f0", budget=100) == ["waiting"]
    [fund] = await kept(database, FundRow)
    assert (fund.budget, fund.reserved, fund.deficit) == (100, 100, 0)
    lines = await kept(database, FundCorrectionLineRow)
    assert {(x.correction, x.budget_before, x.budget_after) for x in lines} == {
        ("cut", 100, 50),
        ("raise", 50, 100),
    }


async def test_a_frozen_fund_gives_again_once_it_is_voted(database):
    await open_funds(database, a_fund("f0", 100))
    await correct(database, "freeze", "f0", state="frozen")
    await reserve(database, "a", f0=10)
    assert await states(database) == {"a": "queued"}

    assert await correct(database, "thaw", "f0", state="voted") == ["a"]


async def test_a_transfer_moves_what_nobody_has_taken_and_no_more(database):
    await open_funds(database, a_fund("f0", 100), a_fund("f1", 0))
    await reserve(database, "a", f0=60)
    await reserve(database, "b", f1=40)

    with pytest.raises(money.MoneyConflict):
        async with database.writing() as session:
            await fund_corrections.transfer(session, "much", "f0", "f1", 41, NOW)
    async with database.writing() as session:
        filled = await fund_corrections.transfer(session, "fits", "f0", "f1", 40, NOW)
        assert [row.id for row in filled] == ["b"]

    funds = {f.id: (f.budget, f.reserved) for f in await kept(database, FundRow)}
    assert funds == {"f0": (60, 60), "f1": (40, 40)}


@pytest.mark.parametrize(
    ("source", "target", "cents"), [("f0", "f0", 1), ("f0", "f1", 0), ("f0", "nowhere", 1)]
)
async def test_a_transfer_goes_from_one_fund_to_another_that_there_is(
    database, source, target, cents
):
    await open_funds(database, a_fund("f0", 100), a_fund("f1", 0))

    with pytest.raises(money.MoneyConflict):
        async with database.writing() as session:
            await fund_corrections.transfer(session, "none", source, target, cents, NOW)
