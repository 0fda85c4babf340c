"""Moves of firm money are refused with a reason, recorded with their cents, and verified."""

from datetime import date

import pytest

from commands import spending, verifying_money
from schemas.errors import Refused
from schemas.events import EventType
from schemas.messages import Batch, Entry, MoneyMove, MoneyRequest, Slice
from store import chain, money, recording
from store.tables import FundMoveRow, FundRow
from tests.commands.test_fund_corrections import (
    FUND,
    NEXT,
    NOW,
    Found,
    differences,
    office,
    rows,
    waits,
)
from tests.store.others import an_event

__all__ = ["office"]


async def a_commitment(office):
    await waits(office, "ref", 40, funds=(FUND, NEXT))
    await record(office, MoneyMove.COMMIT, None)


async def record(office, move, key, **slices):
    asked = request(move, key, **slices)
    count = len(await events(office))
    event = an_event(subject="ref", source_seq=count + 1, data={"stage": "active", "why": key})
    async with office.database.writing() as session:
        batch = Batch(reference="ref", entries=(Entry(event=event, money=asked),))
        await recording.record(session, batch, now=NOW)


def request(move, key, **slices):
    named = {"this": FUND, "next": NEXT}
    return MoneyRequest(
        reservation="ref:1",
        move=move,
        key=key,
        slices=tuple(Slice(fund=named[year], cents=cents) for year, cents in slices.items()),
    )


async def events(office):
    async with office.database.reading() as session:
        return await chain.events_of(session, "ref")


async def spent_differs(office):
    found, spent = Found(), verifying_money.Spent()
    for event in await events(office):
        spent.take(event)
    async with office.database.reading() as session:
        await spent.check(session, ["ref:1"], "ref", found)
    return found.differences


async def set_state(office, fund, state):
    async with office.database.writing() as session:
        row = await session.get_one(FundRow, fund)
        row.state = state
        session.add(row)


async def test_each_move_is_an_event_with_what_it_took(office):
    await a_commitment(office)
    await record(office, MoneyMove.CERTIFY, "claim-1", this=30, next=5)
    await record(office, MoneyMove.PAY, "claim-1", this=30, next=5)
    await record(office, MoneyMove.DECOMMIT, "closing")

    told = [
        (e.type, e.data.get("key"), e.data["slices"])
        for e in await events(office)
        if "slices" in e.data
    ]
    both = [{"fund": FUND, "cents": 30}, {"fund": NEXT, "cents": 5}]
    assert told == [
        (
            EventType.COMMITTED,
            None,
            [{"fund": FUND, "cents": 40}, {"fund": NEXT, "cents": 40}],
        ),
        (EventType.CERTIFIED, "claim-1", both),
        (EventType.PAID, "claim-1", both),
        (
            EventType.DECOMMITTED,
            "closing",
            [{"fund": FUND, "cents": 10}, {"fund": NEXT, "cents": 35}],
        ),
    ]
    assert await differences(office) == []
    assert await spent_differs(office) == []


async def test_a_line_that_no_event_tells_of_is_named(office):
    await a_commitment(office)
    await record(office, MoneyMove.CERTIFY, "claim-1", this=30)
    async with office.database.writing() as session:
        await money.apply(session, request(MoneyMove.PAY, "claim-1", this=30), "ref", NOW)

    [found] = await spent_differs(office)

    assert (found["what"], found["move"], found["kept"], found["recorded"]) == (
        "commitment", "pay:claim-1", 30, None,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("move", "slices", "code"),
    [
        (MoneyMove.CERTIFY, {"this": 41}, "commitment_has_not_as_much"),
        (MoneyMove.PAY, {"this": 1}, "commitment_has_not_as_much"),
        (MoneyMove.RECOVER, {"next": 1}, "commitment_has_not_as_much"),
    ],
)
async def test_more_than_there_is_is_refused_with_what_there_is(office, move, slices, code):
    await a_commitment(office)
    async with office.database.reading() as session:
        with pytest.raises(Refused, match=code):
            await spending.check_may_spend(session, request(move, "claim-1", **slices))


async def test_a_move_that_was_made_passes_when_it_is_asked_for_again(office):
    await a_commitment(office)
    await record(office, MoneyMove.CERTIFY, "claim-1", this=40)
    before = len(await rows(office, FundMoveRow))

    async with office.database.reading() as session:
        asked = request(MoneyMove.CERTIFY, "claim-1", this=40)
        await spending.check_may_spend(session, asked)
    await record(office, MoneyMove.CERTIFY, "claim-1", this=40)

    assert len(await rows(office, FundMoveRow)) == before


async def test_nothing_is_paid_before_it_is_voted(office):
    await a_commitment(office)
    await set_state(office, NEXT, "in_estimates")

    async with office.database.reading() as session:
        for move in (MoneyMove.CERTIFY, MoneyMove.PAY):
            with pytest.raises(Refused, match="fund_not_voted"):
                await spending.check_may_spend(session, request(move, "claim-1", next=5))
        await spending.check_may_spend(session, request(MoneyMove.CERTIFY, "claim-1", this=5))


@pytest.mark.parametrize("state", ["planned", "in_estimates", "frozen"])
async def test_the_year_of_the_signature_must_be_voted_and_later_ones_need_not(office, state):
    await waits(office, "ref", 40, funds=(FUND, NEXT))
    await set_state(office, NEXT, state)

    async with office.database.reading() as session:
        await spending.check_may_commit(session, "ref", date(2027, 3, 31))
        with pytest.raises(Refused, match="fund_takes_no_commitment"):
            await spending.check_may_commit(session, "ref", date(2027, 4, 1))


async def test_what_is_not_committed_is_not_paid(office):
    await waits(office, "ref", 40)

    async with office.database.reading() as session:
        with pytest.raises(Refused, match="no_commitment"):
            await spending.check_may_spend(session, request(MoneyMove.CERTIFY, "c", this=1))


async def test_the_commitment_names_who_certified_it_and_which_years_parliament_has_yet_to_vote(
    office,
):
    await waits(office, "ref", 40, funds=(FUND, NEXT))
    event = an_event(subject="ref", source_seq=9, data={"stage": "active"})
    asked = MoneyRequest(reservation="ref:1", move=MoneyMove.COMMIT, certified_by="fin-1")

    async with office.database.writing() as session:
        batch = Batch(reference="ref", entries=(Entry(event=event, money=asked),))
        await recording.record(session, batch, now=NOW)

    committed = (await events(office))[-1]
    assert committed.type == EventType.COMMITTED
    assert committed.data["certified_by"] == "fin-1"
    assert committed.data["certified_year"] == "2026-27"
    assert committed.data["subject_to_appropriation"] == ["2027-28"]
