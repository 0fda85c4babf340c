"""Money: never more than there is, nobody overtaken, all or none; against a plain model."""

import asyncio
from dataclasses import dataclass, field

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlmodel import col, select

from schemas.messages import MoneyAnswer, MoneyMove, MoneyRequest, Slice
from store import fund_corrections, money
from store.tables import FundMoveRow, FundRow, ReservationRow
from tests.store.others import FUNDS, NOW, in_processes
from tests.store.stores import empty_stores

YEARS = ("2026-27", "2027-28", "2028-29")


def a_fund(fund, budget=100, **facts):
    year = YEARS[int(fund[-1]) % 3] if fund[-1].isdigit() else "2026-27"
    return FundRow(
        **{"id": fund, "programme": "CTCBP", "vote": fund, "fiscal_year": year, "budget": budget}
        | facts
    )


async def open_funds(database, *funds):
    async with database.writing() as session:
        session.add_all(funds)


async def move(database, kind, reservation, slices=None, priority=0):
    asked = MoneyRequest(
        reservation=reservation,
        move=kind,
        slices=tuple(Slice(fund=f, cents=c) for f, c in (slices or {}).items()),
        priority=priority,
    )
    async with database.writing() as session:
        answer, filled = await money.apply(session, asked, f"of-{reservation}", NOW)
        return answer, [row.id for row in filled]


async def reserve(database, reservation, priority=0, **slices):
    return (await move(database, MoneyMove.RESERVE, reservation, slices, priority))[0]


async def kept(database, table):
    async with database.reading() as session:
        return list(await session.exec(select(table)))


async def balances(database):
    return {f.id: (f.reserved, f.committed) for f in await kept(database, FundRow)}


async def states(database):
    return {r.id: r.state for r in await kept(database, ReservationRow)}


# ---- one rule at a time


async def test_all_years_are_reserved_or_none(database):
    await open_funds(database, a_fund("f0", 100), a_fund("f1", 10))

    assert await reserve(database, "a", f0=50, f1=11) is MoneyAnswer.QUEUED

    assert await balances(database) == {"f0": (0, 0), "f1": (0, 0)}
    assert await kept(database, FundMoveRow) == []


async def test_the_first_answer_is_the_answer_however_often_it_is_asked(database):
    await open_funds(database, a_fund("f0", 100))
    assert await reserve(database, "a", f0=100) is MoneyAnswer.RESERVED
    assert await reserve(database, "b", f0=10) is MoneyAnswer.QUEUED

    assert await move(database, MoneyMove.RELEASE, "a") == (MoneyAnswer.DONE, ["b"])

    assert await reserve(database, "a", f0=100) is MoneyAnswer.RESERVED
    assert await reserve(database, "b", f0=10) is MoneyAnswer.QUEUED
    assert await balances(database) == {"f0": (10, 0)}


async def test_nobody_overtakes_an_earlier_request_for_the_same_fund(database):
    await open_funds(database, a_fund("f0", 100), a_fund("f1", 100), a_fund("f2", 100))
    await reserve(database, "first", f0=90)

    assert await reserve(database, "big", f0=50, f1=1) is MoneyAnswer.QUEUED
    assert await reserve(database, "small", f0=5) is MoneyAnswer.QUEUED
    assert await reserve(database, "behind", f1=5, f2=5) is MoneyAnswer.QUEUED
    assert await reserve(database, "apart", f2=5) is MoneyAnswer.QUEUED

    assert await reserve(database, "urgent", priority=1, f0=5) is MoneyAnswer.RESERVED
    assert await balances(database) == {"f0": (95, 0), "f1": (0, 0), "f2": (0, 0)}


async def test_one_that_passes_money_on_keeps_its_place_and_lets_others_by(database):
    await open_funds(database, a_fund("f0", 100))
    await reserve(database, "holder", f0=100)
    await reserve(database, "first", f0=80)
    assert (await move(database, MoneyMove.RELEASE, "holder"))[1] == ["first"]

    assert (await move(database, MoneyMove.PASS_OVER, "first"))[1] == []
    assert await reserve(database, "later", f0=60) is MoneyAnswer.RESERVED

    assert (await move(database, MoneyMove.RELEASE, "later"))[1] == ["first"]


async def test_a_fund_that_is_frozen_missing_or_in_deficit_gives_nothing(database):
    await open_funds(
        database, a_fund("f0", state="frozen"), a_fund("f1", 50, reserved=60, deficit=10)
    )

    assert await reserve(database, "a", f0=1) is MoneyAnswer.QUEUED
    assert await reserve(database, "b", f1=0) is MoneyAnswer.QUEUED
    assert await reserve(database, "c", nowhere=1) is MoneyAnswer.QUEUED


async def test_freed_money_covers_a_deficit_before_it_goes_to_others(database):
    await open_funds(database, a_fund("f0", 100))
    await reserve(database, "a", f0=60)
    await reserve(database, "b", f0=40)
    async with database.writing() as session:  # a recorded cut
        fund = await session.get_one(FundRow, "f0")
        fund.budget, fund.deficit = 50, 50
        session.add(fund)
    await reserve(database, "waiting", f0=10)

    assert (await move(database, MoneyMove.RELEASE, "b"))[1] == []
    fund = (await kept(database, FundRow))[0]
    assert (fund.reserved, fund.deficit) == (60, 10)

    assert (await move(database, MoneyMove.RELEASE, "a"))[1] == ["waiting"]
    fund = (await kept(database, FundRow))[0]
    assert (fund.reserved, fund.deficit) == (10, 0)


async def test_two_slices_of_one_fund_count_together(database):
    await open_funds(database, a_fund("f0", 100))
    asked = MoneyRequest(
        reservation="a",
        move=MoneyMove.RESERVE,
        slices=(Slice(fund="f0", cents=60), Slice(fund="f0", cents=60)),
    )

    async with database.writing() as session:
        assert (await money.apply(session, asked, "a", NOW))[0] is MoneyAnswer.QUEUED

    assert await balances(database) == {"f0": (0, 0)}


@pytest.mark.parametrize("kind", [MoneyMove.COMMIT, MoneyMove.PASS_OVER])
async def test_what_is_not_reserved_is_neither_committed_nor_passed_on(database, kind):
    await open_funds(database, a_fund("f0", 1))
    await reserve(database, "queued", f0=2)

    for reservation in ("queued", "unknown"):
        with pytest.raises(money.MoneyConflict):
            await move(database, kind, reservation)


@pytest.mark.on_both_databases
@pytest.mark.parametrize(
    "change",
    [
        "reserved = 101",
        "reserved = 60, committed = 41",
        "budget = 10, reserved = 11",
        "reserved = -1",
        "committed = -1, reserved = 1",
        "budget = -1",
        "deficit = -1",
        "paid = 101",
        "certified = 101",
        "certified = -1",
        "certified = 60, paid = 41",
    ],
)
async def test_the_database_itself_refuses_more_than_there_is(database, change):
    await open_funds(database, a_fund("f0", 100))

    with pytest.raises(IntegrityError):
        async with database.writing() as session:
            await (await session.connection()).execute(text(f"UPDATE funds SET {change}"))  # noqa: S608


@pytest.mark.on_both_databases
async def test_many_processes_take_no_more_than_there_is(database, database_url):
    await open_funds(database, *(a_fund(fund, 200, vote=f"v{n}") for n, fund in enumerate(FUNDS)))
    names = [f"process-{number}" for number in range(4)]

    await in_processes(database_url, "reserve", names, 30)

    rows = await kept(database, ReservationRow)
    held = [row for row in rows if row.state == "reserved"]
    assert len({row.asked_seq for row in rows}) == len(rows) == 120
    assert len(held) == 200 // 7
    assert await balances(database) == dict.fromkeys(FUNDS, (7 * len(held), 0))
    queue = [row.asked_seq for row in rows if row.state == "queued"]
    assert min(queue) > max(row.asked_seq for row in held)
    assert await ledger(database) == {fund: 7 * len(held) for fund in FUNDS}


async def ledger(database):
    left: dict[str, int] = {}
    signs = {"reserve": 1, "release": -1, "commit": 0}
    for line in await kept(database, FundMoveRow):
        left.setdefault(line.fund, 0)
        left[line.fund] += signs[line.move.partition(":")[0]] * line.cents
    return left


# ---- any history of moves, against a model


@dataclass
class Asked:
    name: str
    slices: dict[str, int]
    priority: int
    place: int
    state: str = "queued"
    answer: str = "queued"
    passed: bool = False


@dataclass
class Model:
    """The same rules in memory, as plainly as they can be said."""

    budgets: dict[str, int]
    frozen: set[str] = field(default_factory=set)
    asked: dict[str, Asked] = field(default_factory=dict)

    def held(self, fund: str) -> int:
        return sum(
            a.slices.get(fund, 0)
            for a in self.asked.values()
            if a.state in ("reserved", "committed")
        )

    def free(self, fund: str) -> int:
        """What can be taken; below zero nothing can, not even nothing."""
        if fund in self.frozen:
            return -1
        return self.budgets.get(fund, -1) - self.held(fund)

    def fits(self, asked: Asked) -> bool:
        return all(
            fund in self.budgets and cents <= self.free(fund)
            for fund, cents in asked.slices.items()
        )

    def queue(self) -> list[Asked]:
        waiting = [a for a in self.asked.values() if a.state == "queued"]
        return sorted(waiting, key=lambda a: (-a.priority, a.place))

    def reserve(self, name: str, slices: dict[str, int], priority: int) -> str:
        if name in self.asked:
            return self.asked[name].answer
        asked = Asked(name, slices, priority, len(self.asked))
        overtaken = any(
            q.priority >= priority and not q.passed and q.slices.keys() & slices.keys()
            for q in self.queue()
        )
        self.asked[name] = asked
        if not overtaken and self.fits(asked):
            asked.state = asked.answer = "reserved"
        return asked.answer

    def free_up(self, name: str, *, passing: bool) -> list[str]:
        asked = self.asked[name]
        asked.state, asked.passed = ("queued", True) if passing else ("released", asked.passed)
        return self.promote(passing=passing)

    def promote(self, *, passing: bool = False) -> list[str]:
        filled, blocked = [], set()
        for waiting in self.queue():
            if passing and waiting.passed:
                continue
            waiting.passed = False
            if not waiting.slices.keys() & blocked and self.fits(waiting):
                waiting.state = "reserved"
                filled.append(waiting.name)
            else:
                blocked |= waiting.slices.keys()
        return filled


FUND_NAMES = ("f0", "f1", "f2")
NAMES = tuple("abcdef")
SLICES = st.dictionaries(
    st.sampled_from([*FUND_NAMES, "nowhere"]), st.integers(0, 60), min_size=1, max_size=3
)
RESERVATIONS = st.tuples(
    st.sampled_from(["reserve", "reserve", "reserve", "release", "commit", "pass_over"]),
    st.sampled_from(NAMES),
    SLICES,
    st.integers(0, 2),
)
CORRECTIONS = st.tuples(
    st.sampled_from(["budget", "transfer", "frozen", "voted"]),
    st.sampled_from(FUND_NAMES),
    st.sampled_from(FUND_NAMES),
    st.integers(0, 120),
)
MOVES = st.lists(st.one_of(RESERVATIONS, RESERVATIONS, CORRECTIONS), max_size=25)


@pytest.fixture(scope="module")
def stores(tmp_path_factory):
    return empty_stores(tmp_path_factory.mktemp("stores"))


@given(moves=MOVES, budgets=st.tuples(*[st.integers(0, 100)] * 3))
@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_any_history_of_moves_is_what_the_model_says(stores, moves, budgets):
    with stores() as database, asyncio.Runner() as runner:
        runner.run(_follow(database, moves, dict(zip(FUND_NAMES, budgets, strict=True))))


async def _follow(database, moves, budgets):
    try:
        await open_funds(database, *(a_fund(name, budgets[name]) for name in FUND_NAMES))
        model = Model(budgets)
        for number, (kind, *what) in enumerate(moves):
            if kind in ("budget", "transfer", "frozen", "voted"):
                await _correct_both(database, model, f"correction-{number}", kind, *what)
            else:
                await _move_both(database, model, kind, *what)
            assert await states(database) == {a.name: a.state for a in model.asked.values()}
        await _balances_are_right(database, model)
    finally:
        await database.close()


async def _move_both(database, model, kind, name, slices, priority):
    if kind == "reserve":
        answer = await reserve(database, name, priority, **slices)
        assert answer == model.reserve(name, slices, priority)
        return
    asked = model.asked.get(name)
    state = asked.state if asked else None
    move_kind = MoneyMove(kind)
    if kind != "release" and state != "reserved":
        with pytest.raises(money.MoneyConflict):
            await move(database, move_kind, name)
        return
    _, filled = await move(database, move_kind, name)
    if kind == "commit":
        asked.state = "committed"
    elif state in ("reserved", "queued"):
        assert filled == model.free_up(name, passing=kind == "pass_over")
    else:
        assert filled == []


async def _correct_both(database, model, name, kind, fund, other, cents):
    async def correct():
        async with database.writing() as session:
            if kind == "transfer":
                filled = await fund_corrections.transfer(session, name, fund, other, cents, NOW)
            else:
                change = {"budget": cents} if kind == "budget" else {"state": kind}
                filled = await fund_corrections.correct(session, name, fund, NOW, **change)
            return [row.id for row in filled]

    if kind == "transfer" and (fund == other or not 0 < cents <= model.free(fund)):
        with pytest.raises(money.MoneyConflict):
            await correct()
        return
    if kind == "transfer":
        model.budgets[fund] -= cents
        model.budgets[other] += cents
    elif kind == "budget":
        model.budgets[fund] = cents
    elif kind == "frozen":
        model.frozen.add(fund)
    else:
        model.frozen.discard(fund)
    assert await correct() == model.promote()


async def _balances_are_right(database, model):
    left = await ledger(database)
    for fund in await kept(database, FundRow):
        held = {"reserved": 0, "committed": 0}
        for asked in model.asked.values():
            if asked.state in held:
                held[asked.state] += asked.slices.get(fund.id, 0)
        assert (fund.reserved, fund.committed) == (held["reserved"], held["committed"])
        assert fund.budget == model.budgets[fund.id]
        assert fund.deficit == max(0, fund.reserved + fund.committed - fund.budget)
        assert left.get(fund.id, 0) == fund.reserved + fund.committed


async def test_the_order_of_the_queue_is_priority_then_the_time_of_asking(database):
    await open_funds(database, a_fund("f0", 0))
    for name, priority in (("a", 0), ("b", 2), ("c", 0), ("d", 2)):
        await reserve(database, name, priority, f0=1)

    async with database.reading() as session:
        queue = await session.exec(
            select(ReservationRow.id).order_by(
                col(ReservationRow.priority).desc(), col(ReservationRow.asked_seq)
            )
        )
        assert list(queue) == ["b", "d", "a", "c"]
