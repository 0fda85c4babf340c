"""The migrations make what the models say, on either database."""

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlmodel import SQLModel

import store.tables  # noqa: F401 - registers the tables
from store import schema

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


async def test_migrating_twice_changes_nothing(database):
    await schema.migrate(database)

    assert await schema.is_current(database)
