"""A SQLite connection for asyncio: few changes of thread, nothing left behind when cancelled.

It stands where SQLAlchemy's `aiosqlite` dialect expects that library's connection, and differs:

- What may take long (waiting for the right to write, committing to disk, many rows at once, a
  list) runs in the connection's own thread, a statement with its rows in one go. What takes less
  than a change of thread runs where it is: statements of a writing transaction, those that
  were quick the last time, and the right to write where nobody else has it.
- A task that is cancelled meanwhile waits until its statement has ended. Otherwise a transaction
  that began after its task had gone would keep every other writer out.
"""

import asyncio
import sqlite3
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from typing import Any, Self, TypeVar

T = TypeVar("T")

BEGIN_WRITING = "BEGIN IMMEDIATE"
_READS = ("SELECT", "BEGIN DEFERRED")
_QUICK_SECONDS = 0.001
_MOST_REMEMBERED = 2_000
_FEW_ROWS = 100


async def connect(file: str, *, busy_ms: int) -> "Connection":
    """Open *file* in a thread of its own."""
    thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="sqlite")

    def opened() -> sqlite3.Connection:
        uri = file.startswith("file:")
        return sqlite3.connect(file, timeout=busy_ms / 1000, check_same_thread=False, uri=uri)

    return Connection(await _finished(thread, opened), thread, busy_ms)


class _Pace:
    """How long each statement took the last time, as far as it is remembered."""

    def __init__(self) -> None:
        self._quick: dict[str, bool] = {}

    def is_quick(self, statement: str) -> bool:
        return self._quick.get(statement, False)

    def timed(self, statement: str, work: Callable[[], T]) -> T:
        began = time.perf_counter()
        result = work()
        if len(self._quick) >= _MOST_REMEMBERED:
            self._quick.clear()
        # Only reading: what writes may have to wait for others, however quick it was once.
        is_quick = time.perf_counter() - began < _QUICK_SECONDS
        self._quick[statement] = is_quick and statement.startswith(_READS)
        return result


_PACE = _Pace()


class Connection:
    """What the dialect asks of a connection; used by one task at a time."""

    def __init__(
        self, connection: sqlite3.Connection, thread: ThreadPoolExecutor, busy_ms: int
    ) -> None:
        self._connection: sqlite3.Connection | None = connection
        self._thread = thread
        self._busy_ms = busy_ms
        self._tx = self
        self._writing = False

    @property
    def _conn(self) -> sqlite3.Connection:
        if self._connection is None:
            raise ValueError("no active connection")
        return self._connection

    @property
    def isolation_level(self) -> str | None:
        return self._conn.isolation_level

    def put_nowait(self, work: tuple[asyncio.Future[Any], Callable[[], Any]]) -> None:
        """Do at once what the dialect would have queued (it sets the isolation level so)."""
        future, function = work
        try:
            future.set_result(function())
        except sqlite3.Error as error:
            future.set_exception(error)

    async def create_function(self, *arguments: Any, **options: Any) -> None:
        self._conn.create_function(*arguments, **options)

    def cursor(self) -> "Cursor":
        return Cursor(self, self._conn.cursor())

    async def run(self, statement: str, work: Callable[[], T], *, long: bool = False) -> T:
        """Run a statement here or in the thread, whichever is right for it."""
        if statement == BEGIN_WRITING:
            return await self._begin_writing(work)
        timed = partial(_PACE.timed, statement, work)
        if not long and (self._writing or _PACE.is_quick(statement)):
            return timed()
        return await _finished(self._thread, timed)

    async def _begin_writing(self, work: Callable[[], T]) -> T:
        """Take the right to write here where it is free, and wait for it in the thread if not."""
        self._conn.execute("PRAGMA busy_timeout=0")
        try:
            result = work()
        except sqlite3.OperationalError as error:
            self._be_patient()
            if error.sqlite_errorcode & 0xFF not in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
                raise
            result = await _finished(self._thread, work)
        else:
            self._be_patient()
        self._writing = True
        return result

    def _be_patient(self) -> None:
        self._conn.execute(f"PRAGMA busy_timeout={self._busy_ms}")

    async def commit(self) -> None:
        await self._end(self._conn.commit)

    async def rollback(self) -> None:
        await self._end(self._conn.rollback)

    async def close(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            try:
                await _finished(self._thread, partial(_end_and_close, connection))
            finally:
                self._thread.shutdown(wait=False)

    def stop(self) -> None:
        """Close without waiting, where nobody can wait any more."""
        connection, self._connection = self._connection, None
        if connection is not None:
            self._thread.submit(_end_and_close, connection)
            self._thread.shutdown(wait=False)

    async def _end(self, work: Callable[[], None]) -> None:
        if not self._writing:
            work()  # what only read has nothing to bring to disk
            return
        try:
            await _finished(self._thread, work)
        finally:
            self._writing = self._connection is not None and self._connection.in_transaction


class Cursor:
    """What the dialect asks of a cursor; the rows are fetched together with the statement."""

    def __init__(self, connection: Connection, cursor: sqlite3.Cursor) -> None:
        self._connection = connection
        self._cursor = cursor
        self._rows: Sequence[Any] = ()
        self.arraysize = 1

    async def __aenter__(self) -> Self:
        return self

    @property
    def description(self) -> Any:
        return self._cursor.description

    @property
    def rowcount(self) -> int:
        return self._cursor.rowcount

    @property
    def lastrowid(self) -> int | None:
        return self._cursor.lastrowid

    async def execute(self, statement: str, parameters: Sequence[Any] = ()) -> "Cursor":
        def work() -> Sequence[Any]:
            self._cursor.execute(statement, parameters)
            return self._cursor.fetchall() if self._cursor.description else ()

        self._rows = await self._connection.run(statement, work)
        return self

    async def executemany(self, statement: str, many: Iterable[Sequence[Any]]) -> "Cursor":
        rows = list(many)

        def work() -> None:
            self._cursor.executemany(statement, rows)

        await self._connection.run(statement, work, long=len(rows) > _FEW_ROWS)
        return self

    async def fetchall(self) -> Sequence[Any]:
        rows, self._rows = self._rows, ()
        return rows

    async def close(self) -> None:
        self._cursor.close()


def _end_and_close(connection: sqlite3.Connection) -> None:
    """Close alone would leave the transaction open for as long as any cursor is remembered."""
    if connection.in_transaction:
        connection.rollback()
    connection.close()


async def _finished(thread: ThreadPoolExecutor, work: Callable[[], T]) -> T:
    """The result of *work* in *thread*; a cancellation is passed on once the work has ended."""
    running = asyncio.get_running_loop().run_in_executor(thread, work)
    try:
        return await asyncio.shield(running)
    except asyncio.CancelledError:
        while not running.done():
            with suppress(asyncio.CancelledError):
                await asyncio.wait([running])
        with suppress(BaseException):
            running.result()
        raise
