"""Many empty stores: for tests of many examples, made by copying one file."""

import asyncio
import itertools
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from store import schema
from store.database import Database


def empty_stores(folder: Path) -> Callable[[], AbstractContextManager[Database]]:
    """Gives a new store with this version's tables, each time it is called."""
    with asyncio.Runner() as runner:
        empty = runner.run(_an_empty_file(folder))
    numbers = itertools.count()

    @contextmanager
    def a_store() -> Iterator[Database]:
        path = folder / f"{next(numbers)}.db"
        path.write_bytes(empty)
        try:
            yield Database(f"sqlite+aiosqlite:///{path}")
        finally:
            for each in folder.glob(f"{path.name}*"):
                each.unlink()

    return a_store


async def _an_empty_file(folder: Path) -> bytes:
    database = Database(f"sqlite+aiosqlite:///{folder / 'empty.db'}")
    await schema.migrate(database)
    await database.close()  # the last connection brings the log into the file
    return (folder / "empty.db").read_bytes()
