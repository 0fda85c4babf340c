"""Bringing the database to this version, and asking which version it has."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from store.database import Database

_SCRIPTS = Path(__file__).parent / "migrations"


def _config(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(_SCRIPTS))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


async def migrate(database: Database, revision: str = "head") -> None:
    """Run every step that is missing, in one transaction; nothing to do is no error."""

    def upgrade(connection: Connection) -> None:
        command.upgrade(_config(connection), revision)

    async with database.writing() as session:
        await (await session.connection()).run_sync(upgrade)


async def is_current(database: Database) -> bool:
    """Whether the database has this version's tables."""

    def current(connection: Connection) -> bool:
        heads = set(ScriptDirectory.from_config(_config()).get_heads())
        return set(MigrationContext.configure(connection).get_current_heads()) == heads

    async with database.reading() as session:
        return await (await session.connection()).run_sync(current)
