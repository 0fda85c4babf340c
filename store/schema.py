"""Bringing the database to this version, and asking which version it has."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from store.database import Database

_SCRIPTS = Path(__file__).parent / "migrations"
_ADDED_TO_ONLY = ("events", "fund_moves", "fund_correction_lines")
"""What nobody changes: the tables' own triggers refuse it, and the running role may not try."""


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


async def grant(database: Database, role: str) -> None:
    """Let *role* run Accord on PostgreSQL: it owns nothing, and may not change the tables."""
    async with database.writing() as session:
        connection = await session.connection()
        name = connection.dialect.identifier_preparer.quote(role)
        kept = ", ".join(_ADDED_TO_ONLY)
        for statement in (
            f"REVOKE CREATE ON SCHEMA public FROM {name}",
            f"GRANT USAGE ON SCHEMA public TO {name}",
            f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {name}",
            f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {name}",
            f"REVOKE UPDATE, DELETE ON {kept} FROM {name}",
            f"REVOKE INSERT, UPDATE, DELETE ON alembic_version FROM {name}",
        ):
            await connection.execute(text(statement.replace(":", r"\:")))


async def is_current(database: Database) -> bool:
    """Whether the database has this version's tables."""

    def current(connection: Connection) -> bool:
        heads = set(ScriptDirectory.from_config(_config()).get_heads())
        return set(MigrationContext.configure(connection).get_current_heads()) == heads

    async with database.reading() as session:
        return await (await session.connection()).run_sync(current)
