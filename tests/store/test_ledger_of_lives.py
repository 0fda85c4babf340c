"""What every event says of money folds to the balances that the store keeps, to the cent.

Many moves of many proposals at random, with transactions that die before their end: the
events are folded by a reader that knows nothing but them.
"""

import asyncio
import random
from collections import Counter, defaultdict

import pytest
from sqlmodel import col, select

from schemas.events import EventType
from schemas.messages import Batch, Entry, MoneyMove, MoneyRequest, Slice
from store import chain, ledger, money, recording
from store.chain import event_of
from store.tables import EventRow, FundMoveRow, FundRow, ProposalRow, ReservationRow
from tests.store.others import NOW, an_event
from tests.store.stores import empty_stores
from tests.store.test_money import a_fund

FUNDS = tuple(f"CTCBP-v{n}-{year}" for n in (1, 2) for year in ("2026-27", "2027-28", "2028-29"))
PROPOSALS = tuple(f"CTCBP-2026-{n:06d}" for n in range(1, 41))
MOVES = 500


class Killed(Exception):
    """The process died before its transaction ended."""


def fold(events):
    """Per fund and state, the cents that *events* leave; in the order in which they happened."""
    held = defaultdict(Counter)
    reserved: dict[str, list[dict]] = {}
    for event in events:
        data, kind = event.data, event.type
        match kind:
            case EventType.RESERVED | EventType.OFFERED:
                if kind is EventType.OFFERED or data["reservation"] not in reserved:
                    reserved[data["reservation"]] = data["slices"]
                    _move(held, data["slices"], None, "reserved")
            case EventType.RELEASED | EventType.QUEUED:
                _move(held, reserved.pop(data["reservation"], []), "reserved", None)
            case EventType.COMMITTED:
                _move(held, reserved.pop(data["reservation"]), "reserved", "committed")
            case EventType.CERTIFIED:
                _move(held, data["slices"], "committed", "certified")
            case EventType.UNCERTIFIED:
                _move(held, data["slices"], "certified", "committed")
            case EventType.PAID:
                _move(held, data["slices"], "certified", "paid")
            case EventType.RECOVERED:
                _move(held, data["slices"], "paid", "committed")
            case EventType.DECOMMITTED:
                _move(held, data["slices"], "committed", None)
    return {fund: {state: of[state] for state in ledger.HELD} for fund, of in held.items()}


def _move(held, slices, source, target):
    for part in slices:
        if source:
            held[part["fund"]][source] -= part["cents"]
        if target:
            held[part["fund"]][target] += part["cents"]


@pytest.fixture(scope="module")
def stores(tmp_path_factory):
    return empty_stores(tmp_path_factory.mktemp("stores"))


@pytest.mark.parametrize("seed", [1, 2])
def test_events_fold_to_the_balances_after_many_moves_and_kills(stores, seed):
    with stores() as database, asyncio.Runner() as runner:
        runner.run(_live(database, random.Random(seed)))  # noqa: S311 - a drawn life, not a secret


async def _live(database, draw):
    try:
        async with database.writing() as session:
            session.add_all(a_fund(fund, 50_000, fiscal_year=fund[-7:]) for fund in FUNDS)
        sequence: Counter[str] = Counter()
        for reference in PROPOSALS:
            async with database.writing() as session:
                created = an_event(
                    subject=reference, source="draft", type=EventType.CREATED,
                    data={"organization": "org", "programme": "CTCBP"},
                )  # fmt: skip
                await recording.record_event(session, created, now=NOW)
        killed = refused = 0
        for number in range(MOVES):
            reference = draw.choice(PROPOSALS)
            asked, type_ = await _drawn(database, draw, reference, number)
            event = an_event(
                subject=reference, source="workflow", source_seq=sequence[reference] + 1,
                type=type_, data={"stage": "funding", "reservation": asked.reservation},
            )  # fmt: skip
            dies = draw.random() < 0.1
            try:
                async with database.writing() as session:
                    batch = Batch(reference=reference, entries=(Entry(event=event, money=asked),))
                    await recording.record(session, batch, now=NOW)
                    if dies:
                        raise Killed
                sequence[reference] += 1
            except Killed:
                killed += 1
            except chain.EventConflict:
                refused += 1
        await _check(database)
        assert killed > MOVES // 20
        assert refused > 0
    finally:
        await database.close()


async def _drawn(database, draw, reference, number):
    """A move that may be made of what the proposal has; sometimes of more than it has."""
    async with database.reading() as session:
        found = await session.exec(
            select(ReservationRow)
            .where(ReservationRow.reference == reference, ReservationRow.state != "released")
            .order_by(col(ReservationRow.asked_seq).desc())
        )
        row = found.first()
        lines = (await ledger.lines_of(session, [row.id])).get(row.id, []) if row else []
    if row is None:
        slices = tuple(
            Slice(fund=fund, cents=draw.randrange(1, 9_000))
            for fund in sorted(draw.sample(FUNDS, draw.randrange(1, 4)))
        )
        asked = MoneyRequest(
            reservation=f"{reference}:{number}", move=MoneyMove.RESERVE, slices=slices,
            priority=draw.randrange(3),
        )  # fmt: skip
        return asked, EventType.STAGE_ENTERED
    if row.state == "queued" or (row.state == "reserved" and draw.random() < 0.3):
        return MoneyRequest(reservation=row.id, move=MoneyMove.RELEASE), EventType.RELEASED
    if row.state == "reserved":
        kind = draw.choice([MoneyMove.COMMIT, MoneyMove.COMMIT, MoneyMove.PASS_OVER])
        return MoneyRequest(reservation=row.id, move=kind), EventType.STAGE_ENTERED
    kind = draw.choice([
        MoneyMove.CERTIFY, MoneyMove.CERTIFY, MoneyMove.PAY, MoneyMove.UNCERTIFY,
        MoneyMove.RECOVER, MoneyMove.DECOMMIT,
    ])  # fmt: skip
    fund = draw.choice(row.slices)["fund"]
    there = ledger.left(lines)[fund][ledger.flow(kind)[0]]
    cents = draw.randrange(1, max(2, there + there // 20 + 1))
    asked = MoneyRequest(
        reservation=row.id, move=kind, key=str(number), slices=(Slice(fund=fund, cents=cents),)
    )
    return asked, EventType.STAGE_ENTERED


async def _check(database):
    async with database.reading() as session:
        rows = await session.exec(select(EventRow).order_by(col(EventRow.recorded_at)))
        events = sorted((event_of(row) for row in rows), key=lambda e: (e.subject, e.position))
        funds = list(await session.exec(select(FundRow)))
        lines = list(await session.exec(select(FundMoveRow)))
        proposals = list(await session.exec(select(ProposalRow)))
    kept = {f.id: {state: getattr(f, state) for state in ledger.HELD} for f in funds}
    nothing = dict.fromkeys(ledger.HELD, 0)
    folded = fold(events)
    assert {fund: folded.get(fund, nothing) for fund in kept} == kept
    by_lines = ledger.left(lines)
    assert {fund: by_lines.get(fund, nothing) for fund in kept} == kept
    assert all(0 <= money.available(fund) <= fund.budget for fund in funds)
    assert len(proposals) == len(PROPOSALS)
