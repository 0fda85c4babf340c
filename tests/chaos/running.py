"""A real `accord up` in a folder of its own, whose processes can be killed by name."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx

from cli import processes
from cli.settings import REPOSITORY, Settings

PARTS = ("api", "worker", "temporal")
PASSWORD = "a-password-of-the-demonstration"
_TICK = 0.05


def free_ports(number: int) -> list[int]:
    probes = [socket.socket() for _ in range(number)]
    try:
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return [probe.getsockname()[1] for probe in probes]
    finally:
        for probe in probes:
            probe.close()


def until(condition: Callable[[], bool]) -> None:
    """Wait for something that other processes do; how long it takes is not the subject."""
    while not condition():
        time.sleep(_TICK)


class Running:
    """One installation, as an operator sees it: it is started, ended, killed and asked."""

    def __init__(self, folder: Path, database_url: str | None = None) -> None:
        self.folder = folder
        self._database_url = database_url
        self.port, self.temporal_port = free_ports(2)
        self.url = f"http://127.0.0.1:{self.port}"
        self.output = folder.with_name(f"{folder.name}.out")
        self.supervisor: subprocess.Popen[bytes] | None = None

    def environment(self, **other: str) -> dict[str, str]:
        own = {k: v for k, v in os.environ.items() if not k.startswith(("ACCORD_", "TEMPORAL_"))}
        return own | {
            "ACCORD_DATA_DIR": str(self.folder),
            "ACCORD_DEMO": "1",
            "ACCORD_DEMO_PASSWORD": PASSWORD,
            "ACCORD_PORT": str(self.port),
            "ACCORD_TEMPORAL_PORT": str(self.temporal_port),
            **({"ACCORD_DATABASE_URL": self._database_url} if self._database_url else {}),
            **other,
        }

    @property
    def settings(self) -> Settings:
        """The same, for an office in this process."""
        chosen: dict[str, Any] = {"database_url": self._database_url} if self._database_url else {}
        return Settings(
            data_dir=self.folder,
            demo=True,
            demo_password=PASSWORD,
            port=self.port,
            temporal_port=self.temporal_port,
            **chosen,
        )

    def start(self) -> None:
        with self.output.open("ab") as output:
            self.supervisor = subprocess.Popen(
                _command("up"),
                cwd=REPOSITORY,
                env=self.environment(),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
            )

    def until_ready(self) -> None:
        until(self._is_ready_or_ended)
        assert self.is_running, f"it ended before it was ready:\n{self.said()[-3000:]}"

    def run(self, *words: str, **other: str) -> subprocess.CompletedProcess[str]:
        """Another command on the same installation."""
        return subprocess.run(
            _command(*words),
            cwd=REPOSITORY,
            env=self.environment(**other),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )

    def interrupt(self) -> int:
        """End it as Ctrl-C does; the exit code."""
        assert self.supervisor is not None
        self.supervisor.send_signal(signal.SIGINT)
        return self.supervisor.wait()

    def end(self) -> None:
        """End it in whatever state it is."""
        if self.is_running:
            self.interrupt()

    def kill(self) -> None:
        """Kill the supervisor itself, which takes its parts with it."""
        assert self.supervisor is not None
        pids = [pid for pid in map(self.pid, PARTS) if pid]
        self.supervisor.kill()
        self.supervisor.wait()
        until(lambda: all(processes.start_of(pid) is None for pid in pids))

    def kill_part(self, name: str) -> int:
        """Kill a part at once, or as soon as it runs again; its process id."""
        while True:
            pid = self.pid(name)
            if pid and processes.start_of(pid) is not None:
                os.kill(pid, signal.SIGKILL)
                return pid
            time.sleep(_TICK)

    def pid(self, name: str) -> int | None:
        try:
            return int((self.folder / "run" / f"{name}.pid").read_text())
        except (OSError, ValueError):
            return None

    @property
    def has_all_parts(self) -> bool:
        """Whether this supervisor's own parts run; an earlier one may have left pid files."""
        held = (self.folder / "run" / "lock").read_text().strip()
        pids = [self.pid(name) for name in PARTS]
        return (
            self.supervisor is not None
            and held == str(self.supervisor.pid)
            and all(pid and processes.start_of(pid) is not None for pid in pids)
        )

    @property
    def is_running(self) -> bool:
        return self.supervisor is not None and self.supervisor.poll() is None

    @property
    def is_ready(self) -> bool:
        try:
            return httpx.get(f"{self.url}/api/v1/health/ready", timeout=30).status_code == 200
        except httpx.HTTPError:
            return False

    def said(self) -> str:
        return self.output.read_text(errors="replace")

    def logs(self) -> dict[str, str]:
        """Everything that any process has written for operators, by file."""
        files = [self.output, *sorted((self.folder / "log").iterdir())]
        return {file.name: file.read_text(errors="replace") for file in files}

    def _is_ready_or_ended(self) -> bool:
        return not self.is_running or self.is_ready


def _command(*words: str) -> list[str]:
    return [sys.executable, "-P", "-m", "cli.main", *words]
