"""The connection to a SQLite file: what a cancelled task leaves behind, and what readers see."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path

import pytest
import pytest_asyncio
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError, OperationalError

from store.database import Database


@pytest_asyncio.fixture
async def url(tmp_path: Path) -> str:
    url = f"sqlite+aiosqlite:///{tmp_path / 'some.db'}"
    database = Database(url)
    async with database.writing() as session:
        await (await session.connection()).execute(text("CREATE TABLE rows (x INTEGER UNIQUE)"))
    await database.close()
    return url


@pytest_asyncio.fixture
async def database(url: str) -> AsyncIterator[Database]:
    database = Database(url, busy_ms=400)
    yield database
    await database.close()


@pytest_asyncio.fixture
async def other(url: str) -> AsyncIterator[Database]:
    """Another process, as far as the file can tell."""
    database = Database(url, busy_ms=400)
    yield database
    await database.close()


async def _write(database: Database, *numbers: int) -> None:
    async with database.writing() as session:
        connection = await session.connection()
        for number in numbers:
            await connection.execute(text("INSERT INTO rows VALUES (:x)"), {"x": number})


async def _read(database: Database) -> list[int]:
    async with database.reading() as session:
        connection = await session.connection()
        return sorted(row[0] for row in await connection.execute(text("SELECT x FROM rows")))


@pytest.mark.parametrize("after_ms", [0, 0.2, 0.5, 1, 2, 4, 8, 16])
async def test_a_cancelled_writer_leaves_nothing_and_keeps_nobody_out(
    database: Database, other: Database, after_ms: float
):
    remembered = []
    for round_ in range(10):
        writing = asyncio.create_task(_write(database, *range(1000, 1100)))
        await asyncio.sleep(after_ms / 1000)
        finished = not writing.cancel()
        try:
            await writing
        except asyncio.CancelledError as cancelled:
            remembered.append(cancelled)  # with its frames, as whoever logs it remembers it

        await _write(other, round_)

        rows = await _read(other)
        assert round_ in rows
        assert len([x for x in rows if x >= 1000]) in (0, 100)
        if finished or 1000 in rows:
            return


async def test_a_writer_cancelled_while_another_writes_keeps_nobody_out(
    database: Database, other: Database
):
    for round_ in range(5):
        async with other.writing():
            waiting = asyncio.create_task(_write(database, 1))
            await asyncio.sleep(0.02)
            waiting.cancel()
        with suppress(asyncio.CancelledError):
            await waiting

        await _write(other, 100 + round_)

    assert 1 not in await _read(other)


async def test_a_writer_that_waits_too_long_is_told_so(database: Database, other: Database):
    async with other.writing():
        with pytest.raises(OperationalError, match="locked"):
            await _write(database, 1)

    await _write(database, 1)

    assert await _read(other) == [1]


async def test_a_failed_statement_takes_back_the_whole_transaction(database: Database):
    await _write(database, 7)

    with pytest.raises(IntegrityError):
        await _write(database, 1, 2, 7)

    assert await _read(database) == [7]


async def test_a_reader_sees_one_moment_while_others_write(database: Database, other: Database):
    await _write(database, 1)
    async with database.reading() as session:
        connection = await session.connection()
        before = (await connection.execute(text("SELECT count(*) FROM rows"))).scalar_one()

        await _write(other, 2)

        again = (await connection.execute(text("SELECT count(*) FROM rows"))).scalar_one()
    assert (before, again) == (1, 1)
    assert await _read(database) == [1, 2]
