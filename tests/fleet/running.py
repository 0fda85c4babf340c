"""Processes as they stand on many machines: one PostgreSQL, one Temporal, and any number of ours.

Each has a data folder of its own, as on a machine of its own; the key is the one thing they share.
"""

import asyncio
import contextlib
import os
import signal
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx

from cli.demo import Account
from cli.settings import REPOSITORY, Settings
from commands import demonstration
from commands.office import Office
from commands.signing_in import password_hasher
from policy.catalogue import Catalogue
from schemas.people import Role
from store.database import Database
from store.keys import KeyRing, SecretWrappingKey
from store.signing import Signer
from tests.installation import SECRET, temporal_binary

PASSWORD = "a-password-of-the-demonstration"
NAMESPACE = "accord"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Process:
    """One `accord serve` or `accord work`."""

    def __init__(self, popen: subprocess.Popen[bytes], output: Path, port: int | None) -> None:
        self._popen = popen
        self.output = output
        self.url = f"http://127.0.0.1:{port}"

    def kill(self) -> None:
        """End it as a machine's failure does."""
        self._popen.kill()
        self._popen.wait()

    def end(self) -> int:
        """End it in good order; the exit code."""
        self._popen.send_signal(signal.SIGTERM)
        return self._popen.wait()

    @property
    def is_running(self) -> bool:
        return self._popen.poll() is None

    def said(self, what: str) -> bool:
        return what in self.output.read_text()

    async def until_it_says(self, what: str) -> None:
        while not self.said(what):
            assert self.is_running, self.output.read_text()[-4000:]
            await asyncio.sleep(0.05)

    async def until_ready(self) -> None:
        async with httpx.AsyncClient(base_url=self.url) as client:
            while True:
                assert self.is_running, self.output.read_text()[-4000:]
                with contextlib.suppress(httpx.TransportError):
                    answer = await client.get("/api/v1/health/ready")
                    if answer.status_code == httpx.codes.OK:
                        return
                await asyncio.sleep(0.05)


class Fleet:
    """Whatever runs on one database and one engine."""

    def __init__(self, folder: Path, database_url: str, engine_address: str) -> None:
        self._folder = folder
        self._processes: list[Process] = []
        self.environment = {
            **Settings.environment_of_tools(),
            "ACCORD_DATABASE_URL": database_url,
            "ACCORD_KEY_FILE": str(folder / "shared.key"),
            "ACCORD_LOG_FORMAT": "json",
            "TEMPORAL_ADDRESS": engine_address,
            "TEMPORAL_NAMESPACE": NAMESPACE,
        }

    def run(self, *words: str, tree: Path = REPOSITORY) -> subprocess.CompletedProcess[str]:
        """A command of an operator's, to its end."""
        return subprocess.run(
            _command(tree, *words),
            env=self._environment(self._folder / "operator"),
            cwd=tree,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )

    def serve(self, tree: Path = REPOSITORY) -> Process:
        port = free_port()
        return self._start("serve", tree, port)

    def work(self, tree: Path = REPOSITORY) -> Process:
        return self._start("work", tree, None)

    def _start(self, name: str, tree: Path, port: int | None) -> Process:
        data = self._folder / f"{name}-{len(self._processes)}"
        environment = self._environment(data)
        if port is not None:
            environment["ACCORD_PORT"] = str(port)
        output = data.with_suffix(".out")
        with output.open("wb") as out:
            popen = subprocess.Popen(
                _command(tree, name),
                env=environment,
                cwd=tree,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
            )
        process = Process(popen, output, port)
        self._processes.append(process)
        return process

    def _environment(self, data: Path) -> dict[str, str]:
        return {**self.environment, "ACCORD_DATA_DIR": str(data)}

    def end(self) -> None:
        for each in self._processes:
            if each.is_running:
                each.kill()

    async def seed(self) -> list[Account]:
        """People and funds, as a department has them; returns who can sign in."""
        database = Database(self.environment["ACCORD_DATABASE_URL"])
        office = Office(
            database=database,
            catalogue=Catalogue.load(),
            gateway=_NoGateway(),
            keys=KeyRing(database, SecretWrappingKey(SECRET)),
            signer=Signer(SECRET),
            hasher=password_hasher(cheap=True),
            demonstration=True,
            demonstration_password=PASSWORD,
        )
        try:
            await demonstration.seed_accounts(office, PASSWORD)
            await demonstration.seed_funds(office)
            await demonstration.seed_list(office)
            return [
                Account(
                    email=each["email"],
                    password=each["password"],
                    name=each["name"],
                    grants=tuple((str(Role(g["role"])), g["scope"]) for g in each["grants"]),
                )
                for each in await demonstration.accounts(office, PASSWORD)
            ]
        finally:
            await database.close()


class _NoGateway:
    """Seeding accounts and funds asks nothing of the engine."""

    def __getattr__(self, name: str) -> object:
        raise AssertionError(name)


def _command(tree: Path, *words: str) -> list[str]:
    """The environment's own path names this tree first, and another version shall be found."""
    found = f"import sys; sys.path.insert(0, {str(tree)!r}); from cli.main import main; main()"
    return [sys.executable, "-P", "-c", found, *words]


@contextlib.contextmanager
def an_outside_engine(folder: Path) -> Iterator[str]:
    """A Temporal that somebody else runs, without anything of ours in it; its address."""
    port = free_port()
    output = folder / "temporal.out"
    with output.open("wb") as out:
        server = subprocess.Popen(
            [
                temporal_binary(),
                *["server", "start-dev", "--headless", "--ip", "127.0.0.1", "--log-level", "error"],
                *("--port", str(port), "--disable-config-file"),
            ],
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            env={k: v for k, v in os.environ.items() if not k.startswith("TEMPORAL_")},
        )
    try:
        yield f"127.0.0.1:{port}"
    finally:
        server.kill()
        server.wait()


@asynccontextmanager
async def a_fleet(folder: Path, database_url: str) -> AsyncIterator[Fleet]:
    with an_outside_engine(folder) as address:
        fleet = Fleet(folder, database_url, address)
        try:
            yield fleet
        finally:
            fleet.end()
