"""Reserved money moves between years all or none; a year that ends unsigned gives up its own."""

import pytest

from schemas.messages import MoneyAnswer, MoneyMove, MoneyRequest, Slice
from store import fund_corrections, ledger, money
from store.tables import FundMoveRow, FundRow, ReservationFundRow, ReservationRow
from tests.store.others import NOW
from tests.store.test_money import a_fund, kept, open_funds, reserve, states


async def ask(database, kind, reservation="a", **slices):
    asked = MoneyRequest(
        reservation=reservation,
        move=kind,
        slices=tuple(Slice(fund=fund, cents=cents) for fund, cents in slices.items()),
    )
    async with database.writing() as session:
        answer, filled = await money.apply(session, asked, "ref", NOW)
        return answer, [row.id for row in filled]


async def reserved(database):
    return {fund.id: fund.reserved for fund in await kept(database, FundRow)}


async def adds_up(database):
    """The ledger says what the columns say."""
    lines = ledger.left(await kept(database, FundMoveRow))
    assert {fund: of["reserved"] for fund, of in lines.items() if of["reserved"]} == {
        fund: cents for fund, cents in (await reserved(database)).items() if cents
    }


async def test_money_moves_to_a_later_year(database):
    await open_funds(database, a_fund("f0"), a_fund("f1"), a_fund("f2"))
    await reserve(database, "a", f0=60, f1=30)

    assert (await ask(database, MoneyMove.REPROFILE, f1=70, f2=20))[0] is MoneyAnswer.DONE

    assert await reserved(database) == {"f0": 0, "f1": 70, "f2": 20}
    drawn = {row.fund for row in await kept(database, ReservationFundRow)}
    assert drawn == {"f1", "f2"}
    await adds_up(database)


@pytest.mark.parametrize(
    "change",
    [{"budget": 10}, {"state": "frozen"}],
    ids=["not as much", "frozen"],
)
async def test_all_moves_or_none(database, change):
    await open_funds(database, a_fund("f0"), a_fund("f1", **change), a_fund("f2"))
    await reserve(database, "a", f0=60)

    answer, _ = await ask(database, MoneyMove.REPROFILE, f2=20, f1=40)

    assert answer is MoneyAnswer.QUEUED
    assert await reserved(database) == {"f0": 60, "f1": 0, "f2": 0}
    assert (await kept(database, ReservationRow))[0].slices == [{"fund": "f0", "cents": 60}]
    await adds_up(database)


async def test_whoever_moves_money_overtakes_nobody_who_waits_for_that_year(database):
    await open_funds(database, a_fund("f0"), a_fund("f1", 50))
    await reserve(database, "a", f0=60)
    await reserve(database, "waiting", f1=51)

    assert (await ask(database, MoneyMove.REPROFILE, f1=10))[0] is MoneyAnswer.QUEUED


async def test_what_is_let_go_is_offered_to_those_who_wait(database):
    await open_funds(database, a_fund("f0"), a_fund("f1"))
    await reserve(database, "a", f0=60, f1=5)
    await reserve(database, "waiting", f0=50)

    assert (await ask(database, MoneyMove.REPROFILE, f1=5))[1] == ["waiting"]

    assert await reserved(database) == {"f0": 50, "f1": 5}
    await adds_up(database)


async def test_a_year_that_ended_gives_up_its_own_slice_alone(database):
    await open_funds(database, a_fund("f0"), a_fund("f1"))
    await reserve(database, "a", f0=60, f1=30)

    await ask(database, MoneyMove.LAPSE, f0=60)

    assert await reserved(database) == {"f0": 0, "f1": 30}
    assert await states(database) == {"a": "reserved"}
    await adds_up(database)


async def test_who_waited_for_the_ended_year_too_no_longer_does(database):
    await open_funds(database, a_fund("f0", 10), a_fund("f1", 50))
    await reserve(database, "a", f0=60, f1=30)
    assert await states(database) == {"a": "queued"}

    assert (await ask(database, MoneyMove.LAPSE, f0=60))[1] == ["a"]

    assert await reserved(database) == {"f0": 0, "f1": 30}
    await adds_up(database)


async def test_what_lapses_covers_a_deficit_first(database):
    await open_funds(database, a_fund("f0"), a_fund("f1"))
    await reserve(database, "a", f0=60, f1=30)
    async with database.writing() as session:
        await fund_corrections.correct(session, "cut", "f0", NOW, budget=20)

    await ask(database, MoneyMove.LAPSE, f0=60)

    assert (await kept(database, FundRow))[0].deficit == 0


async def test_what_is_not_approved_comes_free_once_and_is_offered_to_who_waits(database):
    await open_funds(database, a_fund("f0", budget=60), a_fund("f1"))
    await reserve(database, "a", f0=60, f1=30)
    await reserve(database, "b", f0=40)

    answer, filled = await ask(database, MoneyMove.REDUCE, f0=20, f1=30)
    again = await ask(database, MoneyMove.REDUCE, f0=20, f1=30)

    assert (answer, filled) == (MoneyAnswer.DONE, ["b"])
    assert again == (MoneyAnswer.DONE, [])
    assert await reserved(database) == {"f0": 60, "f1": 30}
    freed = [(m.move, m.cents) for m in await kept(database, FundMoveRow) if "reduce" in m.move]
    assert freed == [("reduce:1", 40)]
    await adds_up(database)


@pytest.mark.parametrize("kept_of_it", [{"f0": 61}, {"f1": 1}], ids=["more", "of another fund"])
async def test_nobody_keeps_more_than_is_reserved(database, kept_of_it):
    await open_funds(database, a_fund("f0"), a_fund("f1"))
    await reserve(database, "a", f0=60)

    with pytest.raises(money.MoneyConflict):
        await ask(database, MoneyMove.REDUCE, **kept_of_it)

    assert await reserved(database) == {"f0": 60, "f1": 0}
