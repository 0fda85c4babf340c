"""What PostgreSQL is asked for beyond SQLite: who writes beside whom, and what its roles may do."""

import asyncio
from contextlib import asynccontextmanager

import asyncpg
import pytest
import pytest_asyncio
from sqlalchemy import make_url, text
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlmodel import select

from store import chain, schema
from store.database import Database
from store.tables import EventRow, LeaseRow
from tests import postgres
from tests.store.others import NOW, SUBJECT, an_event

pytestmark = pytest.mark.skipif(not postgres.is_available(), reason=f"set {postgres.NAMED}")


@pytest_asyncio.fixture
async def url():
    async with postgres.a_database() as found:
        yield found


@pytest_asyncio.fixture
async def two(url):
    """Two processes' worth of stores on one database; neither waits long."""
    stores = Database(url, busy_ms=50), Database(url, busy_ms=50)
    yield stores
    for each in stores:
        await each.close()


async def test_writers_about_different_proposals_do_not_wait_for_each_other(two):
    one, other = two

    async with one.writing("A") as session, other.writing("B") as beside:
        for writer, name in ((session, "A"), (beside, "B")):
            await chain.append(writer, an_event(subject=name), now=NOW)


async def test_those_who_wait_for_one_proposal_leave_room_for_who_only_reads(two):
    store, _ = two
    more_than_there_are_connections = 30

    async def write():
        async with store.writing("A") as session:
            await session.exec(text("SELECT 1"))

    async with asyncio.TaskGroup() as waiting, store.writing("A"):
        for _ in range(more_than_there_are_connections):
            waiting.create_task(write())
        for _ in range(5):
            async with store.reading() as session:
                assert (await session.exec(select(LeaseRow))).all() == []
        async with store.writing("B") as session:
            await session.exec(text("SELECT 1"))


@pytest.mark.parametrize(
    ("first", "second"),
    [
        pytest.param(("A",), ("A",), id="one proposal"),
        pytest.param(("A",), (), id="a writer about everything comes second"),
        pytest.param((), ("A",), id="a writer about everything comes first"),
        pytest.param(("B", "A"), ("A", "C"), id="one of several proposals"),
    ],
)
async def test_who_may_not_write_beside_another_is_told_so_in_time(two, first, second):
    one, other = two

    async with one.writing(*first):
        with pytest.raises(OperationalError):
            async with other.writing(*second):
                pytest.fail("two wrote at once")


async def test_a_writer_sees_what_was_written_while_it_waited(url):
    database = Database(url)
    entered = asyncio.Event()

    async def late():
        async with database.writing(SUBJECT) as session:
            return await chain.append(session, an_event(source="second"), now=NOW)

    async with database.writing(SUBJECT) as session:
        waiting = asyncio.create_task(late())
        asyncio.get_running_loop().call_soon(entered.set)
        await entered.wait()
        await chain.append(session, an_event(source="first"), now=NOW)
    second = await waiting

    assert second.position == 2
    await database.close()


async def test_the_names_of_subjects_in_any_order_cannot_deadlock(two):
    said = []

    async def write(database, *subjects):
        for _ in range(30):
            try:
                async with database.writing(*subjects) as session:
                    await session.exec(select(EventRow.id))
            except OperationalError as error:  # a wait that was too long for a busy machine
                said.append(str(error))

    await asyncio.gather(write(two[0], "A", "B", "C"), write(two[1], "C", "B", "A"))

    assert not [each for each in said if "deadlock" in each]


async def test_a_view_does_not_change_while_it_is_read(two):
    one, other = two

    async with one.reading() as session:
        before = len((await session.exec(select(LeaseRow))).all())
        async with other.writing("lease") as writer:
            writer.add(LeaseRow(name="lease", holder="other", until=NOW))
        after = len((await session.exec(select(LeaseRow))).all())

    assert (before, after) == (0, 0)


async def test_nothing_is_written_by_a_reader(two):
    with pytest.raises(DBAPIError, match="read-only"):
        async with two[0].reading() as session:
            await (await session.connection()).execute(
                text("INSERT INTO leases VALUES ('lease', 'me', now())")
            )


async def test_a_server_that_is_not_there_says_so_as_a_busy_one_does():
    nowhere = Database("postgresql+asyncpg://postgres@127.0.0.1:9/accord", busy_ms=50)

    for way in (nowhere.reading, nowhere.writing):
        with pytest.raises(OperationalError):
            async with way() as session:
                await session.connection()
    await nowhere.close()


@asynccontextmanager
async def as_role(url, name):
    """A connection of a role that `accord migrate --grant-to` let run Accord."""
    owner = Database(url)
    address = make_url(url).set(drivername="postgresql")
    connection = await asyncpg.connect(address.render_as_string(hide_password=False))
    await connection.execute(f'CREATE ROLE "{name}" LOGIN')
    try:
        await schema.grant(owner, name)
        await schema.grant(owner, name)
        yield Database(make_url(url).set(username=name).render_as_string(hide_password=False))
    finally:
        await connection.execute(f'DROP OWNED BY "{name}"; DROP ROLE "{name}"')
        await connection.close()
        await owner.close()


async def test_the_role_that_runs_accord_owns_nothing_and_changes_no_record(url):
    name = "accord-run-" + url[-12:]
    async with as_role(url, name) as running:
        assert await schema.is_current(running)
        async with running.writing(SUBJECT) as session:
            await chain.append(session, an_event(), now=NOW)

        for statement in (
            "UPDATE events SET actor = 'nobody'",
            "DELETE FROM events",
            "TRUNCATE events",
            "DELETE FROM fund_moves",
            "DROP TRIGGER events_append_only ON events",
            "ALTER TABLE events DISABLE TRIGGER ALL",
            "SET session_replication_role = replica",
            "DROP TABLE events",
            "CREATE TABLE mine (id int)",
            "UPDATE alembic_version SET version_num = '0'",
        ):
            with pytest.raises(DBAPIError, match=r"permission denied|must be owner"):
                async with running.writing() as session:
                    await (await session.connection()).execute(text(statement))
        await running.close()


@pytest.mark.parametrize(
    "statement", ["UPDATE events SET actor = 'x'", "DELETE FROM events", "TRUNCATE events"]
)
async def test_not_even_the_owner_changes_a_record_by_mistake(two, statement):
    async with two[0].writing(SUBJECT) as session:
        await chain.append(session, an_event(), now=NOW)

    # What no trigger is asked about: other tables lead to events.
    with pytest.raises(DBAPIError, match=r"append-only|cannot truncate a table referenced"):
        async with two[0].writing() as session:
            await (await session.connection()).execute(text(statement))
