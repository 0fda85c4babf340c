"""The processes that are measured: starting them, their memory, and what this machine is.

Memory is the proportional set size, which counts shared pages once; only Linux tells it.
"""

import asyncio
import os
import platform
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

_PATIENCE_SECONDS = 60.0


@dataclass
class Part:
    """A started process, and how long it took until it was ready."""

    name: str
    process: subprocess.Popen[bytes]
    log: Path
    start_seconds: float
    daemon: int | None = None
    """The process that does the work, where it was left to itself by the one that was started."""

    @property
    def pss_mb(self) -> float:
        return sum(_pss_kb(pid) for pid in _tree(self.daemon or self.process.pid)) / 1024

    @property
    def processor_ms(self) -> float:
        return sum(processor_ms(pid) for pid in _tree(self.daemon or self.process.pid))

    def end(self) -> None:
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(15)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


async def start(
    name: str,
    command: Sequence[str],
    folder: Path,
    ready: Callable[[], Awaitable[bool]] | str,
    environment: Mapping[str, str] | None = None,
) -> Part:
    """Start *command*; *ready* asks whether it is, or is what its log says once it is."""
    log = folder / f"{name}.log"
    began = time.perf_counter()
    with log.open("wb") as output:
        process = subprocess.Popen(  # noqa: ASYNC220, S603 - our own commands
            command,
            stdin=subprocess.PIPE,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=dict(environment) if environment is not None else None,
        )
    while True:
        if isinstance(ready, str):
            is_ready = ready in log.read_text(errors="replace")
        else:
            is_ready = await ready()
        seconds = time.perf_counter() - began
        if is_ready:
            return Part(name, process, log, seconds)
        if process.poll() is not None or seconds > _PATIENCE_SECONDS:
            process.kill()
            sys.exit(f"{name} did not start:\n{log.read_text(errors='replace')[-3000:]}")
        await asyncio.sleep(0.01)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def size() -> str:
    """What the figures must be read with: cores, memory, system and Python."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return (
        f"{os.cpu_count()} cores, {memory:.0f} GB, {platform.system()}, "
        f"Python {platform.python_version()}, load {os.getloadavg()[0]:.1f}"
    )


def processor_ms(pid: int) -> float:
    """Processor time that a process has used; that it waited for a processor does not count."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    # Its own, and that of its children that have ended.
    return sum(map(int, fields[11:15])) * 1000 / os.sysconf("SC_CLK_TCK")


def _tree(pid: int) -> list[int]:
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:
        return [pid]
    return [pid, *(each for child in children for each in _tree(int(child)))]


def _pss_kb(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)
