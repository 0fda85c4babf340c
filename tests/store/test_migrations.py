"""The migrations make what the models say, on either database."""

from contextlib import asynccontextmanager
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import MetaData, Table, func
from sqlmodel import SQLModel, select

import store.tables  # noqa: F401 - registers the tables
from store import schema
from store.database import Database
from tests import postgres

pytestmark = pytest.mark.on_both_databases


async def test_autogenerate_finds_no_difference(database):
    def differences(connection):
        options = {
            "compare_type": True,
            "include_name": lambda name, kind, _: kind != "table" or not name.startswith("words"),
        }
        context = MigrationContext.configure(connection, opts=options)
        return compare_metadata(context, SQLModel.metadata)

    async with database.reading() as session:
        assert await (await session.connection()).run_sync(differences) == []


async def test_the_newest_step_is_the_one_that_alembic_finds(database):
    assert schema.newest() == set(ScriptDirectory.from_config(schema._config()).get_heads())
    assert await schema.is_current(database)


async def test_migrating_twice_changes_nothing(database):
    await schema.migrate(database)

    assert await schema.is_current(database)


def revisions() -> list[str]:
    """Every revision there is, the oldest first."""
    script = ScriptDirectory(str(Path(schema.__file__).parent / "migrations"))
    return [each.revision for each in reversed(list(script.walk_revisions()))]


async def rows_of(database) -> dict[str, int]:
    """How many rows each table of today's holds, where it holds any."""
    found = {}
    async with database.reading() as session:
        connection = await session.connection()
        for table in SQLModel.metadata.sorted_tables:
            count = await connection.scalar(select(func.count()).select_from(table))
            if count:
                found[table.name] = count
    return found


async def fill(connection) -> None:
    """A row in each table as the revision knows it, with whatever its columns take."""
    kept = await connection.run_sync(_reflected)
    for table in kept.sorted_tables:
        if table.name.startswith(("alembic", "words", "feed_waiting")):
            continue  # the last two are written by triggers
        await connection.execute(table.insert().values(_a_row(table)))


def _reflected(connection) -> MetaData:
    kept = MetaData()
    kept.reflect(connection)
    return kept


def _a_row(table: Table) -> dict:
    values = {
        bool: True,
        int: 1,
        float: 0.5,
        str: "x",
        bytes: b"x",
        object: {},
        dict: {},
        datetime: datetime(2026, 11, 24, tzinfo=UTC),
        date: date(2026, 11, 24),
    }
    # No money moves: every amount is the same, and a budget has to cover three of them.
    row = {
        column.name: values[column.type.python_type]
        for column in table.columns
        if not column.nullable
    }
    return row | ({"budget": 3} if table.name == "funds" else {})


@pytest.fixture
def empty(database_kind, tmp_path):
    @asynccontextmanager
    async def made():
        if database_kind == "sqlite":
            yield f"sqlite+aiosqlite:///{tmp_path / 'old.db'}"
            return
        async with postgres.a_database(empty=True) as url:
            yield url

    return made


@pytest.mark.parametrize("revision", revisions())
async def test_what_was_kept_at_any_revision_comes_through(empty, revision):
    async with empty() as url:
        database = Database(url)
        await schema.migrate(database, revision)
        async with database.writing() as session:
            await fill(await session.connection())
            await session.flush()

        await schema.migrate(database)

        assert await schema.is_current(database)
        assert {"events": 1, "proposals": 1, "funds": 1}.items() <= (
            await rows_of(database)
        ).items()
        await database.close()
