"""Bringing the database to this version, and asking which version it has.

What migrates is imported when something is: a process that serves would keep it in memory for
nothing.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, inspect, text

from store.database import Database

if TYPE_CHECKING:
    from alembic.config import Config

_SCRIPTS = Path(__file__).parent / "migrations"
_ADDED_TO_ONLY = ("events", "fund_moves", "fund_correction_lines")
"""What nobody changes: the tables' own triggers refuse it, and the running role may not try."""
_STEP = re.compile(r'^(revision|down_revision)\b[^=\n]*= *"(\w+)"', re.MULTILINE)


def _config(connection: Connection | None = None) -> Config:
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(_SCRIPTS))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


async def migrate(database: Database, revision: str = "head") -> None:
    """Run every step that is missing, in one transaction; nothing to do is no error."""

    from alembic import command  # noqa: PLC0415

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
        if not inspect(connection).has_table("alembic_version"):
            return False
        kept = connection.execute(text("SELECT version_num FROM alembic_version"))
        return set(kept.scalars()) == newest()

    async with database.reading() as session:
        return await (await session.connection()).run_sync(current)


def newest() -> set[str]:
    """The steps that no other one follows, as their files say."""
    named: dict[str, set[str]] = {"revision": set(), "down_revision": set()}
    for file in (_SCRIPTS / "versions").glob("*.py"):
        for name, step in _STEP.findall(file.read_text("utf-8")):
            named[name].add(step)
    return named["revision"] - named["down_revision"]
