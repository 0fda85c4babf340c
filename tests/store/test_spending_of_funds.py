"""Firm money: certified before it is paid, never more than was committed, each move once."""

import asyncio
from collections import Counter

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import select

from schemas.messages import MoneyAnswer, MoneyMove, MoneyRequest, Slice
from store import fund_corrections, ledger, money
from store.tables import FundMoveRow, FundRow
from tests.store.others import FUNDS, NOW, in_processes
from tests.store.stores import empty_stores
from tests.store.test_money import a_fund, kept, move, open_funds, reserve


async def spend(database, kind, key, reservation="a", **slices):
    asked = MoneyRequest(
        reservation=reservation,
        move=kind,
        key=key,
        slices=tuple(Slice(fund=fund, cents=cents) for fund, cents in slices.items()),
    )
    async with database.writing() as session:
        answer, filled = await money.apply(session, asked, f"of-{reservation}", NOW)
        assert answer is MoneyAnswer.DONE
        return [row.id for row in filled]


async def held(database, fund="f0"):
    async with database.reading() as session:
        row = await session.get_one(FundRow, fund)
    return {state: cents for state in ledger.HELD if (cents := getattr(row, state))}


async def a_commitment(database, **slices):
    await open_funds(database, *(a_fund(fund, 100) for fund in ("f0", "f1", "f2")))
    await reserve(database, "a", **slices)
    await move(database, MoneyMove.COMMIT, "a")


async def test_money_is_certified_and_then_paid_year_by_year(database):
    await a_commitment(database, f0=60, f1=40)

    await spend(database, MoneyMove.CERTIFY, "claim-1", f0=50)
    assert await held(database) == {"committed": 10, "certified": 50}
    await spend(database, MoneyMove.PAY, "claim-1", f0=50)

    assert await held(database) == {"committed": 10, "paid": 50}
    assert await held(database, "f1") == {"committed": 40}


async def test_a_move_asked_for_again_moves_nothing(database):
    await a_commitment(database, f0=60)

    for _ in range(3):
        await spend(database, MoneyMove.CERTIFY, "claim-1", f0=20)

    assert await held(database) == {"committed": 40, "certified": 20}


@pytest.mark.parametrize(
    ("kind", "cents"),
    [
        pytest.param(MoneyMove.CERTIFY, 61, id="more than is committed"),
        pytest.param(MoneyMove.PAY, 1, id="paid without certification"),
        pytest.param(MoneyMove.UNCERTIFY, 1, id="not certified"),
        pytest.param(MoneyMove.RECOVER, 1, id="not paid"),
        pytest.param(MoneyMove.DECOMMIT, 61, id="let go more than there is"),
        pytest.param(MoneyMove.CERTIFY, 0, id="nothing"),
        pytest.param(MoneyMove.CERTIFY, -5, id="less than nothing"),
    ],
)
async def test_no_move_takes_more_than_the_commitment_has(database, kind, cents):
    await a_commitment(database, f0=60)
    await reserve(database, "other", f0=40)
    await move(database, MoneyMove.COMMIT, "other")

    with pytest.raises(money.MoneyConflict):
        await spend(database, kind, "claim-1", f0=cents)

    assert await held(database) == {"committed": 100}


async def test_one_year_is_not_paid_from_another(database):
    await a_commitment(database, f0=60, f1=10)

    with pytest.raises(money.MoneyConflict):
        await spend(database, MoneyMove.CERTIFY, "claim-1", f0=50, f1=11)

    assert await held(database) == {"committed": 60}


async def test_what_is_let_go_is_offered_to_the_first_who_waits(database):
    await a_commitment(database, f0=100)
    await spend(database, MoneyMove.CERTIFY, "claim-1", f0=30)
    await reserve(database, "waiting", f0=70)

    assert await spend(database, MoneyMove.DECOMMIT, "termination") == ["waiting"]

    assert await held(database) == {"certified": 30, "reserved": 70}


async def test_what_was_overpaid_comes_back_and_can_be_let_go(database):
    await a_commitment(database, f0=60)
    await spend(database, MoneyMove.CERTIFY, "claim-1", f0=60)
    await spend(database, MoneyMove.PAY, "claim-1", f0=60)

    await spend(database, MoneyMove.RECOVER, "overpaid-1", f0=15)
    await spend(database, MoneyMove.DECOMMIT, "closing")

    assert await held(database) == {"paid": 45}


async def test_what_is_let_go_covers_a_deficit_first(database):
    await a_commitment(database, f0=100)
    async with database.writing() as session:
        await fund_corrections.correct(session, "cut", "f0", NOW, budget=70)

    await spend(database, MoneyMove.DECOMMIT, "smaller", f0=20)

    async with database.reading() as session:
        fund = await session.get_one(FundRow, "f0")
    assert (fund.committed, fund.deficit, money.available(fund)) == (80, 10, 0)


@pytest.mark.on_both_databases
async def test_many_processes_certify_and_pay_no_more_than_was_committed(database, database_url):
    cents = 7 * 40
    await open_funds(database, *(a_fund(fund, cents, vote=f"v{n}") for n, fund in enumerate(FUNDS)))
    await reserve(database, "shared", **dict.fromkeys(FUNDS, cents))
    await move(database, MoneyMove.COMMIT, "shared")

    await in_processes(database_url, "spend", [f"process-{n}" for n in range(4)], 15)

    lines = Counter(
        line.move.partition(":")[0]
        for line in await kept(database, FundMoveRow)
        if line.fund == FUNDS[0]
    )
    assert lines == {"reserve": 1, "commit": 1, "certify": 40, "pay": 40}
    assert [await held(database, fund) for fund in FUNDS] == [{"paid": cents}] * 2


MOVES = st.lists(
    st.tuples(
        st.sampled_from(["certify", "certify", "pay", "uncertify", "recover", "decommit"]),
        st.integers(0, 6),
        st.dictionaries(st.sampled_from(["f0", "f1"]), st.integers(1, 40), max_size=2),
    ),
    max_size=25,
)


@pytest.fixture(scope="module")
def stores(tmp_path_factory):
    return empty_stores(tmp_path_factory.mktemp("stores"))


@given(moves=MOVES)
@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_any_history_of_payments_is_what_a_plain_count_says(stores, moves):
    with stores() as database, asyncio.Runner() as runner:
        runner.run(_follow(database, moves))


async def _follow(database, moves):
    count = {"f0": Counter(committed=60), "f1": Counter(committed=40)}
    done = set()
    try:
        await a_commitment(database, f0=60, f1=40)
        for kind, key, slices in moves:
            source, target = ledger.flow(kind)
            if (kind, key) in done:
                await spend(database, MoneyMove(kind), str(key), **slices)
                continue
            if kind == "decommit" and not slices:
                taken = {fund: of["committed"] for fund, of in count.items() if of["committed"]}
            else:
                taken = slices
            if any(count[fund][source] < cents for fund, cents in taken.items()):
                with pytest.raises(money.MoneyConflict):
                    await spend(database, MoneyMove(kind), str(key), **slices)
                continue
            await spend(database, MoneyMove(kind), str(key), **slices)
            if taken:
                done.add((kind, key))
            for fund, cents in taken.items():
                count[fund][source] -= cents
                if target:
                    count[fund][target] += cents
        for fund, of in count.items():
            assert await held(database, fund) == {s: of[s] for s in ledger.HELD if of[s]}
        async with database.reading() as session:
            lines = list(await session.exec(select(FundMoveRow)))
        assert ledger.left(lines) == {
            fund: {state: of[state] for state in ledger.HELD} for fund, of in count.items()
        }
    finally:
        await database.close()
