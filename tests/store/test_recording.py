"""The saga: a batch is recorded whole, and a second time nothing moves."""

from datetime import timedelta

import pytest
from sqlmodel import select

from schemas.events import EventType
from schemas.messages import Batch, Entry, MoneyAnswer, MoneyMove, MoneyRequest, Slice
from store import chain, recording
from store.tables import EventRow, FundMoveRow, FundRow, MessageRow, ReservationRow
from tests.store.others import NOW, an_event

ONE, TWO = "CTCBP-2026-000001", "CTCBP-2026-000002"


async def record(database, *entries, later=0):
    async with database.writing() as session:
        return await recording.record(
            session,
            Batch(reference=entries[0].event.subject, entries=entries),
            now=NOW + timedelta(seconds=later),
        )


def a_move(subject, number, kind, cents=0):
    slices = (Slice(fund="f", cents=cents),) if cents else ()
    return Entry(
        event=an_event(subject=subject, source="workflow", source_seq=number),
        money=MoneyRequest(reservation=f"{subject}:1", move=kind, slices=slices),
    )


async def begin(database):
    async with database.writing() as session:
        session.add(FundRow(id="f", programme="CTCBP", vote="v", fiscal_year="2026-27", budget=100))
    for subject in (ONE, TWO):
        created = an_event(
            subject=subject,
            source="draft",
            type=EventType.CREATED,
            data={"organization": "org", "programme": "CTCBP"},
        )
        await record(database, Entry(event=created))


async def kept(database, table):
    async with database.reading() as session:
        return sorted(row.model_dump_json() for row in await session.exec(select(table)))


async def everything(database):
    return [
        await kept(database, table)
        for table in (EventRow, FundRow, FundMoveRow, ReservationRow, MessageRow)
    ]


async def test_a_batch_that_is_recorded_again_later_moves_nothing(database):
    await begin(database)
    moves = [
        a_move(ONE, 1, MoneyMove.RESERVE, 80),
        a_move(TWO, 1, MoneyMove.RESERVE, 80),
        a_move(ONE, 2, MoneyMove.RELEASE),
        a_move(TWO, 2, MoneyMove.PASS_OVER),
        a_move(TWO, 3, MoneyMove.RELEASE),
    ]
    for move in moves:
        answers = []
        answers.append(await record(database, move))
        before = await everything(database)

        for earlier in moves[: moves.index(move) + 1]:
            again = await record(database, earlier, later=60)
            if earlier is move:
                answers.append(again)

        assert await everything(database) == before
        assert answers[0] == answers[1]


async def test_money_that_came_free_is_offered_once_to_the_first_who_waits(database):
    await begin(database)
    await record(database, a_move(ONE, 1, MoneyMove.RESERVE, 80))
    queued = await record(database, a_move(TWO, 1, MoneyMove.RESERVE, 80))

    await record(database, a_move(ONE, 2, MoneyMove.RELEASE))

    assert queued.money == {f"{TWO}:1": MoneyAnswer.QUEUED}
    async with database.reading() as session:
        [message] = (await session.exec(select(MessageRow))).all()
        events = await chain.events_of(session, TWO)
        view = await recording.load(session, TWO)
    assert (message.reference, message.payload) == (TWO, {"reservation": f"{TWO}:1"})
    assert [event.type for event in events][-1] is EventType.OFFERED
    assert view.row.state["money"]["state"] == "offered"


@pytest.mark.parametrize("kind", [MoneyMove.COMMIT, MoneyMove.PASS_OVER])
async def test_nothing_of_a_batch_is_recorded_whose_money_is_not_reserved(database, kind):
    await begin(database)
    before = await everything(database)

    with pytest.raises(chain.EventConflict, match="money_conflict"):
        await record(
            database,
            Entry(event=an_event(subject=ONE, source="workflow", source_seq=1)),
            a_move(ONE, 2, kind),
        )

    assert await everything(database) == before
