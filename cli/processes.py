"""Processes that must not outlive the one that started them; plain files and signals, no settings.

Run as a program it is one of two small things, both with the standard library alone:

- `leash`: note the process id, ask the kernel for death with the parent, become the command;
- `watch`: wait until the parent is gone (its end of a pipe closes), end what it left running.
  This is what keeps the promise where the kernel has no such request (macOS), and for a
  command's own children.
"""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

_PR_SET_PDEATHSIG = 1
_LEFTOVER_PATIENCE = 5.0
_POLL = 0.02


@dataclass(frozen=True)
class Noted:
    """What a pid file says: one process, told apart from a later one of the same number."""

    pid: int
    start: str
    parent: str

    @property
    def is_running(self) -> bool:
        return start_of(self.pid) == self.start


def start_of(pid: int) -> str | None:
    """Return when a process started, as a word comparable on this machine; None if it is gone.

    A process that has ended and waits to be collected (a zombie) is gone.
    """
    if sys.platform == "linux":
        try:
            # The name stands in brackets and may hold anything; the fields begin after it.
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
        except (OSError, ValueError):
            return None
        return None if fields[0] in "ZX" else f"{boot}:{fields[19]}"
    shown = subprocess.run(  # noqa: S603 - a fixed command and a number
        ["/bin/ps", "-o", "stat=,lstart=", "-p", str(pid)],
        env={"LC_ALL": "C", "TZ": "UTC"},
        capture_output=True,
        text=True,
        check=False,
    ).stdout.split()
    return None if not shown or shown[0].startswith("Z") else "-".join(shown[1:])


def identity(pid: int) -> str:
    """Return pid and start of a process in one word."""
    return f"{pid}@{start_of(pid)}"


def note(path: Path, pid: int, parent: str) -> None:
    """Write a pid file, which holds the process id alone, and beside it what tells it apart."""
    # Somebody may have cleared the folder away; a part must start again all the same.
    path.parent.mkdir(mode=0o700, exist_ok=True)
    for file, text in (
        (path.with_suffix(".start"), f"{start_of(pid)}\n{parent}\n"),
        (path, f"{pid}\n"),
    ):
        unfinished = file.with_name(f".{file.name}.{pid}")
        unfinished.write_text(text)
        unfinished.replace(file)


def forget(path: Path) -> None:
    """Remove a pid file and what stands beside it."""
    path.unlink(missing_ok=True)
    path.with_suffix(".start").unlink(missing_ok=True)


def noted(folder: Path) -> Iterator[tuple[Path, Noted]]:
    """Yield the readable pid files of a folder; a file that is no pid file is passed over."""
    for path in sorted(folder.glob("*.pid")):
        with contextlib.suppress(OSError, ValueError):
            start, parent = path.with_suffix(".start").read_text().splitlines()
            yield path, Noted(int(path.read_text()), start, parent)


def end_leftovers(folder: Path) -> list[str]:
    """End what earlier supervisors left running, remove the pid files, and name what was ended.

    Only for the holder of the data folder's lock, before it starts anything.
    """
    ended = []
    for path, process in noted(folder):
        if process.is_running:
            end_group(process, _LEFTOVER_PATIENCE)
            ended.append(f"{path.stem} (process {process.pid})")
    for path in folder.glob("*.pid"):
        forget(path)
    return ended


def end_group(process: Noted, patience: float) -> None:
    """Ask a process group to end, and after `patience` seconds make it."""
    _signal_group(process.pid, signal.SIGTERM)
    deadline = time.monotonic() + patience
    while process.is_running and time.monotonic() < deadline:
        time.sleep(_POLL)
    if process.is_running:
        _signal_group(process.pid, signal.SIGKILL)
        while process.is_running:
            time.sleep(_POLL)


def leashed(command: Sequence[str], pid_file: Path) -> list[str]:
    """Return the command that runs `command` on a leash of this process.

    The process id stays the same throughout, so that it is the command's own.
    """
    return [sys.executable, "-I", "-S", __file__, "leash", str(pid_file), _me(), "--", *command]


def start_watch(folder: Path) -> subprocess.Popen[bytes]:
    """Start the watch over this process; whoever holds its `stdin` open holds it off."""
    return subprocess.Popen(  # noqa: S603 - our own file
        [sys.executable, "-I", "-S", __file__, "watch", str(folder), _me()],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def _me() -> str:
    return identity(os.getpid())


def _signal_group(pid: int, number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, number)


def _leash(pid_file: Path, parent: str, command: Sequence[str]) -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    # The parent may have died before the request was made.
    if identity(os.getppid()) != parent:
        sys.exit(1)
    note(pid_file, os.getpid(), parent)
    try:
        os.execv(command[0], list(command))  # noqa: S606 - this is what a leash is for
    except OSError as error:
        sys.exit(f"{command[0]} cannot be started: {error.strerror}.")


def _watch(folder: Path, parent: str) -> None:
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    sys.stdin.buffer.read()
    for _, process in noted(folder):
        # A new supervisor may have started by now; what it runs is not ours to end.
        if process.parent == parent and process.is_running:
            _signal_group(process.pid, signal.SIGKILL)


if __name__ == "__main__":
    if sys.argv[1] == "leash":
        _leash(Path(sys.argv[2]), sys.argv[3], sys.argv[5:])
    else:
        _watch(Path(sys.argv[2]), sys.argv[3])
