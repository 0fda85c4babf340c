"""`accord migrate`: brings the store's database to this version."""

import structlog

from cli.settings import Settings
from store import schema
from store.database import Database

log = structlog.get_logger()


async def migrate(settings: Settings) -> None:
    """Run what is missing; refuses nothing and loses nothing when there is nothing to do."""
    database = Database(settings.database_url)
    try:
        await schema.migrate(database)
    finally:
        await database.close()
    log.info("database_migrated")
