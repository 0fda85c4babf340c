"""`accord migrate`: brings the store's database, and an outside engine, to this version."""

import asyncio

import structlog
from temporalio.service import RPCError

from cli import engine
from cli.building import await_database
from cli.secrets import wrapping_key
from cli.settings import Settings, Unusable
from store import schema
from store.database import Database
from store.keys import KeyRing, SecretWrappingKey

log = structlog.get_logger()
TRIES = 60
PAUSE_SECONDS = 1.0


async def migrate(settings: Settings, grant_to: str | None = None) -> None:
    """Run what is missing; refuses nothing and loses nothing when there is nothing to do.

    *grant_to* is the role that shall run Accord: it owns no table.
    """
    if grant_to is not None and not settings.has_outside_database:
        raise Unusable("Roles are PostgreSQL's; ACCORD_DATABASE_URL names a SQLite file.")
    database = Database(settings.database_url)
    try:
        await await_database(database)
        await schema.migrate(database)
        if grant_to is not None:
            await schema.grant(database, grant_to)
        log.info("database_migrated")
        if settings.has_outside_engine:
            await _prepare_engine(settings, database)
    finally:
        await database.close()


async def _prepare_engine(settings: Settings, database: Database) -> None:
    """The embedded one is prepared by `accord up`; another may be starting beside this."""
    keys = KeyRing(database, SecretWrappingKey(wrapping_key(settings)))
    for tries in range(1, TRIES + 1):
        try:
            await engine.prepare(await engine.connect(settings, keys, lazy=False))
        except (RPCError, RuntimeError) as error:
            if tries == TRIES:
                raise Unusable(f"The outside Temporal server does not answer: {error}") from error
            log.info("engine_awaited")
            await asyncio.sleep(PAUSE_SECONDS)
        else:
            log.info("engine_prepared")
            return
