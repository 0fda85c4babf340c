"""The connection to the store: how a transaction begins, and who may write beside whom.

A writing transaction sees everything that was written before it, on either database: whoever
checks and then writes needs no lock of its own.

- On SQLite it starts with BEGIN IMMEDIATE (the driver's own default loses updates without an
  error), the file is in WAL mode with synchronous=FULL, and a process writes through one
  connection at a time.
- On PostgreSQL it starts at a gate of advisory locks and reads what is committed (READ
  COMMITTED). Who names the subjects it writes about passes beside others, and only waits for
  those of the same subjects; who names none is alone. All take the locks in one order and
  before anything else, so that they cannot deadlock. Of one process one alone waits at the
  database for a subject, the others before they have a connection: else many acts on one
  proposal would hold all there are, and nobody could as much as read.
"""

import asyncio
import zlib
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from typing import Any
from weakref import WeakValueDictionary

from sqlalchemy import event, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlmodel.ext.asyncio.session import AsyncSession

from store import sqlite
from store.reading import ReadingSession
from store.writing import WritingSession

_GATE, _SUBJECTS = 0x41CC0, 0x41CC1
"""Where Accord's advisory locks stand, apart from those of others."""
_ALONE = text(f"SELECT pg_advisory_xact_lock({_GATE}, 0)")
_BESIDE_OTHERS = f"SELECT pg_advisory_xact_lock_shared({_GATE}, 0)"
_OF_ALL = 2**31
"""No subject's number: the turn of who names none."""
_CONNECTIONS, _MORE_CONNECTIONS = 10, 10
_STATEMENT_SECONDS = 30
_AWAY = ("08", "40", "53", "57", "55P03", "25P03", "XX000")
"""Classes and codes of SQLSTATE that say: not now (connections, conflicts, resources, operators,
locks that were not given, a transaction that was cut off)."""


class Database:
    """The store's engine, with the two ways into it: `reading` and `writing`.

    Whatever says that the database cannot do it now is raised as SQLAlchemy's OperationalError,
    whichever driver said it.
    """

    def __init__(self, url: str, *, busy_ms: int = 5000) -> None:
        self.url = make_url(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self._writer = asyncio.Lock()
        self._lanes: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()
        if self.is_sqlite:
            file = self.url.database or ":memory:"
            self.engine: AsyncEngine = create_async_engine(
                url, async_creator=partial(sqlite.connect, file, busy_ms=busy_ms)
            )
            _tune_sqlite(self.engine, busy_ms)
        else:
            self.engine = create_async_engine(url, **_postgresql_options(busy_ms))

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncSession]:
        """A consistent view; what is changed in it is thrown away.

        A row that was read stays in the session, so that `get` asks for it once.
        """
        async with (
            self._away_as_operational(),
            ReadingSession(self.engine, expire_on_commit=False) as session,
        ):
            if not self.is_sqlite:
                await session.connection(
                    execution_options={
                        "isolation_level": "REPEATABLE READ",
                        "postgresql_readonly": True,
                    }
                )
            try:
                yield session
            finally:
                # Rows stay readable afterwards: a rollback would expire what is attached.
                session.expunge_all()
                await session.rollback()

    async def read_within(self, session: AsyncSession) -> ReadingSession:
        """Reads what the transaction of *session* has written so far, and ends with it."""
        connection = await session.connection()
        within = ReadingSession(connection, asks=connection, expire_on_commit=False)
        if isinstance(session, WritingSession):
            within.know(session.kept())
        return within

    @asynccontextmanager
    async def writing(self, *subjects: str) -> AsyncIterator[AsyncSession]:
        """One transaction: committed at the end, or nothing of it happened.

        *subjects*: all that it writes about and all that its checks rest on, such as one
        proposal; who cannot name them, names none. Await nothing but the database inside:
        others wait meanwhile.
        """
        if self.is_sqlite:
            async with self._writer, self._transaction(subjects) as session:
                yield session
        else:
            async with (
                self._away_as_operational(),
                self._in_turn(subjects),
                self._transaction(subjects) as session,
            ):
                yield session

    @asynccontextmanager
    async def _in_turn(self, subjects: tuple[str, ...]) -> AsyncIterator[None]:
        """Behind those of this process that write about the same, in the order of the gate."""
        async with AsyncExitStack() as turns:
            for number in _numbers(subjects) or [_OF_ALL]:
                lane = self._lanes.setdefault(number, asyncio.Lock())
                await turns.enter_async_context(lane)
            yield

    @asynccontextmanager
    async def _transaction(self, subjects: tuple[str, ...]) -> AsyncIterator[AsyncSession]:
        async with self.engine.connect() as connection:
            if self.is_sqlite:
                await connection.execution_options(accord_writes=True)
                await connection.exec_driver_sql(sqlite.BEGIN_WRITING)
            else:
                await connection.execute(_gate(subjects))
            session = WritingSession(connection)
            yield session
            await session.flush()
            await connection.commit()

    @asynccontextmanager
    async def _away_as_operational(self) -> AsyncIterator[None]:
        try:
            yield
        except OperationalError:
            raise
        except DBAPIError as error:
            state = str(getattr(error.orig, "sqlstate", None) or "")
            if error.connection_invalidated or state.startswith(_AWAY):
                raise OperationalError(error.statement, None, error.orig or error) from error
            raise
        except OSError as error:  # the driver hands on what the network says
            if self.is_sqlite:
                raise
            raise OperationalError(None, None, error) from error

    async def close(self) -> None:
        await self.engine.dispose()


def _gate(subjects: tuple[str, ...]) -> Any:
    if not subjects:
        return _ALONE
    locks = "".join(
        f", pg_advisory_xact_lock({_SUBJECTS}, {number})" for number in _numbers(subjects)
    )
    return text(_BESIDE_OTHERS + locks)


def _numbers(subjects: tuple[str, ...]) -> list[int]:
    return sorted({zlib.crc32(subject.encode()) - 2**31 for subject in subjects})


def _postgresql_options(busy_ms: int) -> dict[str, Any]:
    """Nobody waits for ever: neither for a lock, nor for a statement, nor for a dead client."""
    return {
        "pool_size": _CONNECTIONS,
        "max_overflow": _MORE_CONNECTIONS,
        "pool_timeout": busy_ms / 1000,
        "pool_pre_ping": True,
        "connect_args": {
            "timeout": max(1.0, busy_ms / 1000),
            "command_timeout": _STATEMENT_SECONDS + 5,
            "server_settings": {
                "application_name": "accord",
                "lock_timeout": str(busy_ms),
                "statement_timeout": str(_STATEMENT_SECONDS * 1000),
                "idle_in_transaction_session_timeout": str(_STATEMENT_SECONDS * 1000),
                "timezone": "UTC",
            },
        },
    }


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
            connection.exec_driver_sql("BEGIN DEFERRED")
