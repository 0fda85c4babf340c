"""A store that cannot write: nothing that was acknowledged is lost, and what waited catches up.

The fault begins when the store has let a decision pass and the engine is about to be told of it,
and ends when somebody has been told that the store cannot write: no time is measured.
"""

import asyncio
import signal
import sqlite3
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager

import asyncpg
import pytest
from sqlalchemy import Engine, event, make_url
from sqlalchemy.exc import OperationalError
from sqlmodel import select

from commands import health, verifying
from schemas.errors import Unavailable
from store.tables import EventRow
from tests import postgres
from tests.installation import Installation, a_request, an_installation
from tests.policy.proposals import a_proposal

JORDAN = a_proposal().model_dump(mode="json")
AT_ONCE = 3

needs_postgresql = pytest.mark.skipif(
    not postgres.is_available(), reason=f"set {postgres.NAMED} to the address of a server"
)


# ---- what can be wrong with a store


@asynccontextmanager
async def a_locked_file(accord: Installation) -> AsyncIterator[None]:
    """Another program holds the file: a backup, or somebody with a shell."""
    connection = sqlite3.connect(str(accord.office.database.url.database), isolation_level=None)
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        connection.execute("ROLLBACK")
        connection.close()


@asynccontextmanager
async def a_full_disk(accord: Installation) -> AsyncIterator[None]:
    """The file may have no page more than it has; afterwards as many as it wants."""
    url, most = accord.office.database.url, {"pages": 1}

    def limit(connection):
        if connection.engine.url == url:
            connection.exec_driver_sql(f"PRAGMA max_page_count={most['pages']}")

    event.listen(Engine, "begin", limit)
    try:
        yield
    finally:
        most["pages"] = 4294967294


@asynccontextmanager
async def a_locked_table(accord: Installation) -> AsyncIterator[None]:
    """Another connection holds a table: maintenance, or somebody with a shell."""
    address = make_url(accord.office.database.url).set(drivername="postgresql")
    connection = await asyncpg.connect(address.render_as_string(hide_password=False))
    await connection.execute("BEGIN; LOCK TABLE events IN EXCLUSIVE MODE")
    try:
        yield
    finally:
        await connection.execute("ROLLBACK")
        await connection.close()


# ---- taking decisions meanwhile


class Door:
    """Stands before the gateway: the first decision that comes through lets the fault begin."""

    def __init__(self, gateway, begin) -> None:
        self._gateway = gateway
        self._begin = begin
        self._turn = asyncio.Lock()
        self.fault_is_there = asyncio.Event()

    def __getattr__(self, name):
        return getattr(self._gateway, name)

    async def decide(self, reference, decision, **more):
        async with self._turn:
            if not self.fault_is_there.is_set():
                await self._begin()
                self.fault_is_there.set()
        await self._gateway.decide(reference, decision, **more)


async def decided_through(accord: Installation, fault: AbstractAsyncContextManager[None]):
    """Decide on several proposals at once while *fault* is there; returns who said what.

    Whoever is not answered in time, or is told that the store is away, asks again with the same
    request, as a client does.
    """
    references = [await accord.submit(JORDAN) for _ in range(AT_ONCE)]
    tasks = [await accord.task(each, "eligibility.confirm") for each in references]
    officer = (await accord.takers(tasks[0]))[0]
    requests = {task["id"]: a_request() for task in tasks}
    somebody_was_told = asyncio.Event()

    async def decide(task):
        while True:
            try:
                return await accord.decide_task(task, by=officer, request=requests[task["id"]])
            except (OperationalError, Unavailable):
                somebody_was_told.set()
                await asyncio.sleep(0.05)

    async with AsyncExitStack() as stack:
        door = Door(accord.office.gateway, lambda: stack.enter_async_context(fault))
        accord.office.gateway = door
        asking = asyncio.gather(*(decide(task) for task in tasks))
        await door.fault_is_there.wait()
        await somebody_was_told.wait()
    return references, await asking


async def check_nothing_is_lost(accord: Installation, references, answers) -> None:
    assert [answer["task"]["state"] for answer in answers] == ["done"] * AT_ONCE
    for reference in references:
        async with accord.office.database.reading() as session:
            decided = (
                await session.exec(
                    select(EventRow).where(
                        EventRow.subject == reference, EventRow.type == "task_decided"
                    )
                )
            ).all()
        assert len(decided) == 1
        await accord.until(reference, stage="compliance")
    report = await verifying.verify(accord.office, accord.office.gateway)
    assert report.differences == []


@pytest.mark.parametrize(
    ("database_kind", "fault"),
    [
        pytest.param("sqlite", a_locked_file, id="a locked file"),
        pytest.param("sqlite", a_full_disk, id="a full disk"),
        pytest.param("postgresql", a_locked_table, id="a locked table"),
    ],
    indirect=["database_kind"],
)
async def test_decisions_wait_for_a_store_that_cannot_write(accord: Installation, fault):
    references, answers = await decided_through(accord, fault(accord))

    await check_nothing_is_lost(accord, references, answers)


@needs_postgresql
@pytest.mark.parametrize(
    "number",
    [
        pytest.param(signal.SIGINT, id="in good order"),
        pytest.param(signal.SIGQUIT, id="as in a crash"),
    ],
)
async def test_decisions_wait_for_a_database_that_went_away(engine, tmp_path, number):
    with postgres.a_server() as server:

        @asynccontextmanager
        async def gone() -> AsyncIterator[None]:
            await asyncio.to_thread(server.stop, number)
            try:
                is_ready, parts = await health.ready(accord.office)
                assert not is_ready
                assert parts["store"] != "ok"
                yield
            finally:
                server.start()
                await server.answers()

        url = postgres.url_of("postgres", server.url)
        async with an_installation(engine, tmp_path, url=url) as accord:
            references, answers = await decided_through(accord, gone())

            await check_nothing_is_lost(accord, references, answers)
