"""The chain of events: it only grows, has no gaps, and tells of every link that was touched."""

import json
import sqlite3
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlmodel import select

from schemas.events import EventType, TextRef
from schemas.people import Actor
from store import chain
from store.tables import ChainHeadRow, EventRow
from tests.store.others import NOW, SUBJECT, an_event, in_processes


@pytest.fixture
def file(database, tmp_path) -> Path:
    """The store's own file, for what is done behind its back."""
    if not database.is_sqlite:
        pytest.skip("on a file of SQLite")
    return tmp_path / "accord.db"


async def append(database, *events):
    async with database.writing() as session:
        return [await chain.append(session, event, now=NOW) for event in events]


async def events_of(database, subject=SUBJECT):
    async with database.reading() as session:
        return await chain.events_of(session, subject)


async def run(database, *statements):
    async with database.writing() as session:
        connection = await session.connection()
        for statement in statements:
            await connection.execute(text(statement))


async def a_chain(database, length=5):
    await append(
        database,
        *(
            an_event(
                source_seq=number,
                request_id=f"request-{number}",
                texts={"reason": TextRef(id=f"text-{number}", digest="d")},
            )
            for number in range(1, length + 1)
        ),
    )


async def test_an_event_gets_the_next_place_and_the_hash_before_it(database):
    first, second = await append(database, an_event(source_seq=1), an_event(source_seq=2))

    assert (first.position, second.position) == (1, 2)
    assert (first.previous_hash, second.previous_hash) == (chain.GENESIS, first.hash)
    assert await events_of(database) == [first, second]
    assert chain.broken_links(await events_of(database)) == []


async def test_the_same_event_a_second_time_changes_nothing(database):
    (first,) = await append(database, an_event())

    assert await append(database, an_event()) == [None]
    assert await events_of(database) == [first]


@pytest.mark.parametrize(
    "change",
    [
        {"data": {"stage": "desk"}},
        {"occurred_at": NOW + timedelta(microseconds=1)},
        {"actor": Actor(id="ben")},
        {"type": EventType.CLOSED},
        {"request_id": "another"},
        {"policy_version": None},
        {"texts": {"reason": TextRef(id="t", digest="d")}},
    ],
    ids=lambda change: next(iter(change)),
)
async def test_another_content_under_the_same_key_is_a_conflict(database, change):
    await append(database, an_event())

    with pytest.raises(chain.EventConflict, match="event_conflict"):
        await append(database, an_event(**change))

    assert len(await events_of(database)) == 1


async def test_chains_of_different_subjects_do_not_meet(database):
    await append(database, an_event(), an_event(subject="installation"), an_event(source_seq=2))

    assert [e.position for e in await events_of(database)] == [1, 2]
    assert [e.position for e in await events_of(database, "installation")] == [1]


async def test_many_processes_leave_no_gap(database, database_url):
    names = [f"process-{number}" for number in range(4)]

    await in_processes(database_url, "append", names, 15)

    events = await events_of(database)
    assert [event.position for event in events] == list(range(1, 61))
    assert chain.broken_links(events) == []
    assert all(
        [e.source_seq for e in events if e.source == name] == list(range(1, 16)) for name in names
    )


# ---- the database itself


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE events SET actor = 'somebody'",
        "UPDATE OR REPLACE events SET position = 1",
        "DELETE FROM events",
        "DELETE FROM events WHERE position = 1",
        "INSERT OR REPLACE INTO events SELECT * FROM events WHERE position = 1",
        (
            "REPLACE INTO events SELECT 'another-id', subject, position, 'other', 9, type, "
            "occurred_at, recorded_at, actor, on_behalf_of, role, delegation, actor_organization, "
            "NULL, policy_version, data, texts, previous_hash, hash FROM events WHERE position = 2"
        ),
    ],
)
async def test_recorded_events_are_refused_to_change_by_the_file_itself(database, file, statement):
    await a_chain(database)
    before = await events_of(database)

    with (
        sqlite3.connect(file) as connection,
        pytest.raises(sqlite3.IntegrityError, match="append-only"),
    ):
        connection.execute(statement)
    connection.close()

    assert await events_of(database) == before


@pytest.mark.on_both_databases
@pytest.mark.parametrize("table", ["events", "fund_moves"])
@pytest.mark.parametrize(
    "act", ["UPDATE {} SET {} = {}", "DELETE FROM {}"], ids=["update", "delete"]
)
async def test_what_is_append_only_refuses_every_writer(database, table, act):
    await a_chain(database, 1)
    await run(
        database,
        "INSERT INTO funds (id, programme, vote, fiscal_year, state, budget, reserved, "
        "committed, paid, deficit) "
        "VALUES ('f', 'CTCBP', 'grants', '2026-27', 'voted', 9, 0, 0, 0, 0)",
        "INSERT INTO fund_moves (reservation, fund, move, cents, recorded_at) "
        "VALUES ('r', 'f', 'commit', 5, '2026-11-24 15:00:00')",
    )
    column = {"events": "actor", "fund_moves": "move"}[table]

    with pytest.raises(DBAPIError, match="append-only"):
        await run(database, act.format(table, column, column))


# ---- what was touched behind its back


def without_triggers(path: Path) -> sqlite3.Connection:
    """What somebody does who has the file: nothing refuses a change any more."""
    connection = sqlite3.connect(path, isolation_level=None)
    for (name,) in connection.execute(
        "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'events'"
    ).fetchall():
        connection.execute(f"DROP TRIGGER {name}")
    return connection


CHANGES = {
    "id": "forged",
    "source": "forged",
    "source_seq": 99,
    "type": "proposal_closed",
    "occurred_at": "2026-11-24 15:00:00.000001",
    "recorded_at": "2026-11-24 15:00:00.000001",
    "actor": "forged",
    "on_behalf_of": "forged",
    "role": "forged",
    "delegation": "forged",
    "actor_organization": "forged",
    "request_id": "forged",
    "policy_version": "forged",
    "data": json.dumps({"stage": "closed"}),
    "texts": json.dumps({}),
    "previous_hash": "forged",
}


def test_every_column_is_tried():
    assert {"subject", "position", "hash", *CHANGES} == set(EventRow.model_fields)


@pytest.mark.on_sqlite
@pytest.mark.parametrize("column", CHANGES)
async def test_a_changed_column_is_named(database, file, column):
    await a_chain(database)

    with without_triggers(file) as connection:
        connection.execute(f"UPDATE events SET {column} = ? WHERE position = 3", [CHANGES[column]])  # noqa: S608
    connection.close()

    assert chain.broken_links(await events_of(database)) == [3]


@pytest.mark.on_sqlite
async def test_a_changed_hash_breaks_the_link_behind_it_too(database, file):
    await a_chain(database)

    with without_triggers(file) as connection:
        connection.execute("UPDATE events SET hash = 'forged' WHERE position = 3")
    connection.close()

    assert chain.broken_links(await events_of(database)) == [3, 4]


@pytest.mark.on_sqlite
async def test_events_in_another_order_are_named(database, file):
    await a_chain(database)

    with without_triggers(file) as connection:
        for position, new in ((2, 99), (3, 2), (99, 3)):
            connection.execute("UPDATE events SET position = ? WHERE position = ?", [new, position])
    connection.close()

    assert {2, 3} <= set(chain.broken_links(await events_of(database)))


@pytest.mark.on_sqlite
@pytest.mark.parametrize("position", [1, 3])
async def test_a_missing_event_is_named(database, file, position):
    await a_chain(database)

    with without_triggers(file) as connection:
        connection.execute("DELETE FROM events WHERE position = ?", [position])
    connection.close()

    assert chain.broken_links(await events_of(database)) == [position, position + 1]


@pytest.mark.on_sqlite
async def test_an_event_of_another_chain_is_named(database, file):
    await a_chain(database)
    await append(database, an_event(subject="CTCBP-2026-000002"))

    with without_triggers(file) as connection:
        connection.execute("UPDATE events SET position = 6 WHERE subject = 'CTCBP-2026-000002'")
        connection.execute(
            "UPDATE events SET source = 'x', subject = ? WHERE position = 6", [SUBJECT]
        )
    connection.close()

    assert chain.broken_links(await events_of(database)) == [6]


@pytest.mark.on_sqlite
async def test_a_missing_last_event_shows_in_the_head(database, file):
    await a_chain(database)

    with without_triggers(file) as connection:
        connection.execute("DELETE FROM events WHERE position = 5")
    connection.close()

    events = await events_of(database)
    assert chain.broken_links(events) == []
    async with database.reading() as session:
        head = (await session.exec(select(ChainHeadRow))).one()
    assert (head.position, head.hash) != (events[-1].position, events[-1].hash)
