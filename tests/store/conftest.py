"""A store of its own for each test, with this version's tables."""

from collections.abc import AsyncIterator

import pytest_asyncio

from store import schema
from store.database import Database


@pytest_asyncio.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    found = Database(database_url)
    await schema.migrate(found)
    try:
        yield found
    finally:
        await found.close()
