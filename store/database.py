"""The connection to the store: how a transaction begins, and the one lock on writers.

On SQLite every writing transaction starts with BEGIN IMMEDIATE (the driver's own default
loses updates without an error), the file is in WAL mode with synchronous=FULL, and a process
writes through one connection at a time.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlmodel.ext.asyncio.session import AsyncSession


class Database:
    """The store's engine, with the two ways into it: `reading` and `writing`."""

    def __init__(self, url: str, *, busy_ms: int = 5000) -> None:
        self.url = make_url(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self._writer = asyncio.Lock()
        self._local_lock = self.is_sqlite
        options: dict[str, Any] = {}
        if self.is_sqlite:
            options["connect_args"] = {"timeout": busy_ms / 1000}
        self.engine: AsyncEngine = create_async_engine(url, **options)
        if self.is_sqlite:
            _tune_sqlite(self.engine, busy_ms)

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncSession]:
        """A consistent view; what is changed in it is thrown away."""
        async with AsyncSession(self.engine, expire_on_commit=False) as session:
            try:
                yield session
            finally:
                # Rows stay readable afterwards: a rollback would expire what is attached.
                session.expunge_all()
                await session.rollback()

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[AsyncSession]:
        """One transaction: committed at the end, or nothing of it happened.

        Await nothing but the database inside: on SQLite other writers wait meanwhile.
        """
        if self._local_lock:
            async with self._writer, self._transaction() as session:
                yield session
        else:
            async with self._transaction() as session:
                yield session

    @asynccontextmanager
    async def _transaction(self) -> AsyncIterator[AsyncSession]:
        async with AsyncSession(self.engine, expire_on_commit=False, autoflush=False) as session:
            if self.is_sqlite:
                connection = await session.connection(execution_options={"accord_writes": True})
                await connection.exec_driver_sql("BEGIN IMMEDIATE")
            yield session
            await session.commit()

    async def close(self) -> None:
        await self.engine.dispose()


def _tune_sqlite(engine: AsyncEngine, busy_ms: int) -> None:
    @event.listens_for(engine.sync_engine, "connect")
    def _connect(connection: Any, _: Any) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute("PRAGMA synchronous=FULL")
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.execute(f"PRAGMA busy_timeout={busy_ms}")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def _begin(connection: Any) -> None:
        if not connection.get_execution_options().get("accord_writes"):
            connection.exec_driver_sql("BEGIN")
