"""`accord up`: starts Temporal, the worker and the API, keeps them running, and ends them.

One loop in one thread decides everything; other threads only read what the parts print and ask
whether Accord is ready. What a process is, and how it dies with this one, is in `processes`.
"""

import contextlib
import fcntl
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from logging import LogRecord, makeLogRecord
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import IO

from pydantic import SecretStr

from cli import processes, secrets
from cli.settings import EXIT_UNUSABLE, Settings, Unusable, find_temporal, make_private_folder

_ME = "accord"
READY_PATH = "/api/v1/health/ready"

_FIRST_DELAY, _LONGEST_DELAY = 0.5, 30.0
_STEADY_SECONDS = 20.0
"""Who has run this long before it ended starts from the shortest delay again."""
_RETENTION = "90d"
_SEARCH_ATTRIBUTES = ("AccordReference=Keyword", "AccordProgramme=Keyword")
_LOG_BYTES, _LOG_FILES = 10_000_000, 5
_LONGEST_LINE = 100_000
_TICK = 0.05
_ENGINE_SECONDS = 60.0
_ANNOUNCE_WAITING_SECONDS = 20.0
_SECOND_SIGNAL_SECONDS = 1.0
"""`make` passes on a signal that the terminal has sent already; that is not a second wish."""


def delay_before_restart(failures: int) -> float:
    """Return the pause before the next start, after so many failures in a row (from 1)."""
    return float(min(_LONGEST_DELAY, _FIRST_DELAY * 2 ** min(failures - 1, 16)))


def how_it_ended(returncode: int) -> str:
    """Say in words what a return code says."""
    if returncode < 0:
        with contextlib.suppress(ValueError):
            return f"killed by {signal.Signals(-returncode).name}"
    return f"exit code {returncode}"


class Log(RotatingFileHandler):
    """A file of lines that is cut into pieces of a bounded size; a full disk ends nothing."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            path, maxBytes=_LOG_BYTES, backupCount=_LOG_FILES, encoding="utf-8", delay=True
        )

    def write(self, line: str) -> None:
        self.handle(makeLogRecord({"msg": line}))

    def handleError(self, record: LogRecord) -> None:  # noqa: N802 - the library's name
        """Go on: whoever does not read a part's output stops the part."""


class Terminal:
    """Where everything is printed, a line at a time; a terminal that has gone is no trouble."""

    def __init__(self, stream: IO[str] | None = None) -> None:
        self._stream = stream
        self._lock = threading.Lock()

    def print(self, who: str, line: str) -> None:
        stream = self._stream or sys.stdout
        with self._lock, contextlib.suppress(OSError, ValueError, AttributeError):
            stream.write(f"{who:<8} | {line}\n")
            stream.flush()


@dataclass
class Part:
    """One process that shall run, and what has become of it."""

    name: str
    command: Sequence[str]
    environment: dict[str, str]
    folder: Path
    terminal: Terminal
    say: Callable[[str], None]
    patience: float
    """How many seconds it has to end in good order."""
    is_silenced_at_end: bool = False

    process: subprocess.Popen[bytes] | None = None
    failures: int = 0
    is_ending: bool = False
    last_line: str = ""
    _started_at: float = 0.0
    _start_again_at: float = 0.0
    _reader: threading.Thread | None = field(default=None, repr=False)

    @property
    def pid_file(self) -> Path:
        return self.folder / "run" / f"{self.name}.pid"

    @property
    def log_file(self) -> Path:
        return self.folder / "log" / f"{self.name}.log"

    def start(self, now: float) -> None:
        self.last_line = ""
        self._started_at = now
        self.process = subprocess.Popen(  # noqa: S603 - our own commands
            processes.leashed(self.command, self.pid_file),
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            process_group=0,
        )
        self._reader = threading.Thread(
            target=self._read, args=(self.process.stdout,), name=f"read-{self.name}", daemon=True
        )
        self._reader.start()

    def tend(self, now: float) -> int | None:
        """Start it again when that is due; return its exit code once, when it has just ended."""
        if self.process is None:
            if now >= self._start_again_at:
                try:
                    self.start(now)
                except OSError as error:
                    self._back_off(now, error.strerror or str(error))
            return None
        code = self.process.poll()
        if code is None:
            return None
        self._collect()
        if now - self._started_at >= _STEADY_SECONDS:
            self.failures = 0
        self._back_off(now, how_it_ended(code))
        return code

    def _back_off(self, now: float, reason: str) -> None:
        self.failures += 1
        delay = delay_before_restart(self.failures)
        self._start_again_at = now + delay
        said = f"; it last said: {self.last_line[:200]}" if self.last_line else ""
        self.say(f"The {self.name} ended ({reason}) and is started again in {delay:g} s{said}")

    def wait(self, should_go_on: Callable[[], bool]) -> int:
        """Wait for one that ends by itself; ended early when it should not go on."""
        code: int | None = -signal.SIGTERM
        while self.process is not None and (code := self.process.poll()) is None:
            if not should_go_on():
                self.end()
                return -signal.SIGTERM
            time.sleep(_TICK)
        self._collect()
        return code or 0

    def end(self, is_urgent: Callable[[], bool] = lambda: False) -> None:
        """End it: in good order if it does so within its patience, and else at once."""
        if self.process is None:
            return
        self.is_ending = True
        deadline = time.monotonic() + self.patience
        with contextlib.suppress(ProcessLookupError):
            self.process.send_signal(signal.SIGTERM)
        while self.process.poll() is None and time.monotonic() < deadline and not is_urgent():
            time.sleep(_TICK)
        if self.process.poll() is None:
            self.say(f"The {self.name} did not end by itself and is killed.")
            self.process.kill()
            self.process.wait()
        self._collect()

    def _collect(self) -> None:
        """Clear away what an ended process left: children of its own, its pid file, its output."""
        if self.process is None:
            return
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)
        processes.forget(self.pid_file)
        if self._reader is not None:
            self._reader.join(timeout=1)
        self.process = None

    def _read(self, output: IO[bytes]) -> None:
        with contextlib.closing(Log(self.log_file)) as log, output:
            for line in _lines(output):
                if line:
                    self.last_line = line
                log.write(line)
                if not (self.is_ending and self.is_silenced_at_end):
                    self.terminal.print(self.name, line)


class Readiness:
    """Asks the API, in a thread of its own, until it has once said that everything is ready."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._ask_until_ready, daemon=True)
        self.is_reached = False
        self.reason = "nothing has answered yet"

    def begin(self) -> None:
        self._thread.start()

    def end(self) -> None:
        self._stop.set()

    def _ask_until_ready(self) -> None:
        while not self._stop.wait(0.2):
            try:
                status, self.reason = _ask(self._settings.host, self._settings.port)
            except (OSError, http.client.HTTPException, ValueError) as error:
                status, self.reason = None, f"the API does not answer ({error})"
            if status == http.HTTPStatus.OK:
                self.is_reached = True
                return


class Supervisor:
    """One `accord up`."""

    def __init__(self, settings: Settings, terminal: Terminal | None = None) -> None:
        self._settings = settings
        self._folder = settings.data_dir
        self._terminal = terminal or Terminal()
        self._log = Log(self._folder / "log" / "accord.log")
        self._parts: list[Part] = []
        self._asked_to_end_at: float | None = None
        self._is_urgent = False

    def run(self) -> int:
        """Run until asked to end; return 0, or raise `Unusable` when it cannot run at all."""
        temporal = None if self._settings.has_outside_engine else str(find_temporal())
        self._prepare_folder()
        with self._locked(), self._signals(), contextlib.closing(self._log):
            for leftover in processes.end_leftovers(self._folder / "run"):
                self._say(f"Ended what an earlier start had left running: {leftover}.")
            check_ports_are_free(self._settings)
            secrets.wrapping_key(self._settings)
            settings = self._with_what_was_made()
            watch = processes.start_watch(self._folder / "run")
            try:
                self._run_parts(settings, temporal)
            finally:
                self._end_parts()
                if watch.stdin is not None:
                    watch.stdin.close()
                watch.wait()
        return 0

    def _run_parts(self, settings: Settings, temporal: str | None) -> None:
        self._migrate(settings)
        worker = self._part("worker", accord_command("work"), _children(settings), 7)
        api = self._part("api", accord_command("serve"), _children(settings), 6)
        readiness = Readiness(settings)
        if self._goes_on and temporal is not None:
            self._start_engine(settings, temporal)
        if self._goes_on:
            for part in (worker, api):
                self._parts.append(part)
                part.start(time.monotonic())
            readiness.begin()
        self._tend_until_asked(settings, readiness)
        readiness.end()

    def _start_engine(self, settings: Settings, temporal: str) -> None:
        engine = self._part(
            "temporal", temporal_command(settings, temporal), settings.environment_of_tools(), 5
        )
        # What it complains of while it shuts down is of no use to anybody.
        engine.is_silenced_at_end = True
        self._parts.append(engine)
        engine.start(time.monotonic())
        self._await_engine(settings, temporal)

    def _migrate(self, settings: Settings) -> None:
        self._say("Bringing the database to this version.")
        part = self._part("migrate", accord_command("migrate"), _children(settings), 5)
        part.start(time.monotonic())
        code = part.wait(lambda: self._goes_on)
        if code != 0 and self._goes_on:
            raise Unusable(
                f"The database could not be brought to this version ({how_it_ended(code)}): "
                f"{part.last_line or 'nothing was said'}"
            )

    def _await_engine(self, settings: Settings, temporal: str) -> None:
        """Wait for Temporal; keep closed workflows for 90 days instead of its 24 hours."""
        deadline = time.monotonic() + _ENGINE_SECONDS
        keep = ["--namespace", settings.engine_namespace, "--retention", _RETENTION]
        while self._goes_on:
            self._tend()
            if self._ask_engine(settings, temporal, "namespace", "update", *keep):
                return
            if time.monotonic() > deadline:
                raise Unusable(
                    f"Temporal does not answer after {_ENGINE_SECONDS:g} s; "
                    f"its log is {self._folder / 'log' / 'temporal.log'}."
                )
            time.sleep(0.1)

    def _ask_engine(self, settings: Settings, temporal: str, *what: str) -> bool:
        try:
            return (
                subprocess.run(  # noqa: S603 - our own command
                    [
                        temporal,
                        "operator",
                        *what,
                        "--address",
                        settings.engine_address,
                        "--disable-config-file",
                        "--command-timeout",
                        "5s",
                    ],
                    env=settings.environment_of_tools(),
                    stdin=subprocess.DEVNULL,
                    capture_output=True,
                    timeout=10,
                    check=False,
                    process_group=0,
                ).returncode
                == 0
            )
        except subprocess.TimeoutExpired:
            return False

    def _tend_until_asked(self, settings: Settings, readiness: Readiness) -> None:
        is_announced = False
        speak_at = time.monotonic() + _ANNOUNCE_WAITING_SECONDS
        while self._goes_on:
            for part, code in self._tend():
                # Before it was ever ready, such an answer will be the same the next time.
                if code == EXIT_UNUSABLE and not is_announced:
                    raise Unusable(part.last_line or f"The {part.name} cannot start.")
            if readiness.is_reached and not is_announced:
                is_announced = True
                self._announce(settings)
            if not is_announced and time.monotonic() >= speak_at:
                speak_at += _ANNOUNCE_WAITING_SECONDS
                self._say(f"Not ready yet: {readiness.reason}.")
            time.sleep(_TICK)

    def _tend(self) -> list[tuple[Part, int]]:
        now = time.monotonic()
        ended = [(part, part.tend(now)) for part in self._parts]
        return [(part, code) for part, code in ended if code is not None]

    def _announce(self, settings: Settings) -> None:
        self._say(f"Accord is ready at {settings.url}; Ctrl-C ends it.")
        self._say(f"The API is described at {settings.url}/api/v1/openapi.json.")
        if settings.temporal_ui_port is not None and not settings.has_outside_engine:
            self._say(f"Temporal's pages are at http://127.0.0.1:{settings.temporal_ui_port}.")
        if settings.demo and settings.demo_password is not None:
            self._terminal.print(
                _ME,
                "Every demonstration account has the password "
                f"{settings.demo_password.get_secret_value()}; "
                f"the accounts are listed at {settings.url}/api/v1/demo/accounts.",
            )

    def _end_parts(self) -> None:
        """End the parts in the reverse of the order they need each other in: the API first."""
        if self._parts:
            self._say("Ending.")
        for part in reversed(self._parts):
            part.end(lambda: self._is_urgent)

    def _part(
        self, name: str, command: Sequence[str], environment: dict[str, str], patience: float
    ) -> Part:
        return Part(name, command, environment, self._folder, self._terminal, self._say, patience)

    def _with_what_was_made(self) -> Settings:
        """Return the settings of the children: they log for whom this process prints."""
        made: dict[str, object] = {}
        if self._settings.log_format is None:
            made["log_format"] = "console" if _is_terminal(sys.stdout) else "json"
        if self._settings.demo:
            made["demo_password"] = SecretStr(secrets.demo_password(self._settings))
        return self._settings.model_copy(update=made)

    def _prepare_folder(self) -> None:
        try:
            for name in ("run", "log"):
                make_private_folder(self._folder / name)
            (self._folder / "run" / "lock").touch(mode=0o600)
        except OSError as error:
            raise Unusable(
                f"The data folder {self._folder} cannot be used ({error.strerror}); "
                "set ACCORD_DATA_DIR to one that can be written."
            ) from None

    @contextlib.contextmanager
    def _locked(self) -> Iterator[None]:
        """Hold the data folder; the lock goes with this process, however it ends."""
        with (self._folder / "run" / "lock").open("r+") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                holder = file.read().strip() or "unknown"
                raise Unusable(
                    f"Another `accord up` (process {holder}) already runs on {self._folder}; "
                    "end it, or set ACCORD_DATA_DIR to another folder."
                ) from None
            file.truncate(0)
            file.write(f"{os.getpid()}\n")
            file.flush()
            yield

    @contextlib.contextmanager
    def _signals(self) -> Iterator[None]:
        numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
        before = {number: signal.signal(number, self._ask_to_end) for number in numbers}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def _ask_to_end(self, _number: int, _frame: object) -> None:
        now = time.monotonic()
        if self._asked_to_end_at is None:
            self._asked_to_end_at = now
        elif now - self._asked_to_end_at > _SECOND_SIGNAL_SECONDS:
            self._is_urgent = True

    @property
    def _goes_on(self) -> bool:
        return self._asked_to_end_at is None

    def _say(self, sentence: str) -> None:
        self._terminal.print(_ME, sentence)
        at = f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}"
        if self._settings.log_format == "json":  # as the parts write theirs
            told = {"event": sentence, "logger": __name__, "level": "info", "timestamp": at}
            self._log.write(json.dumps(told, ensure_ascii=False))
        else:
            self._log.write(f"{at} {sentence}")


def check_ports_are_free(settings: Settings) -> None:
    """Refuse, with `Unusable`, to start where something else listens already."""
    wanted = [("ACCORD_PORT", settings.host, settings.port)]
    if not settings.has_outside_engine:
        wanted.append(("ACCORD_TEMPORAL_PORT", "127.0.0.1", settings.temporal_port))
    if settings.temporal_ui_port is not None and not settings.has_outside_engine:
        wanted.append(("ACCORD_TEMPORAL_UI_PORT", "127.0.0.1", settings.temporal_ui_port))
    for name, host, port in wanted:
        try:
            family, kind, protocol, _, address = socket.getaddrinfo(
                host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
            )[0]
            with socket.socket(family, kind, protocol) as probe:
                # As the servers themselves do: a port whose last connections linger is free.
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                probe.bind(address)
                probe.listen(1)
        except OSError as error:
            raise Unusable(
                f"{host} port {port} cannot be listened on ({error.strerror}); "
                f"end what uses it, or set {name} to another port."
            ) from None


def temporal_command(settings: Settings, program: str) -> list[str]:
    """Return the command of the embedded server: durable, on loopback, without its pages."""
    pages = (
        ["--headless"]
        if settings.temporal_ui_port is None
        else ["--ui-port", str(settings.temporal_ui_port), "--ui-disable-news-fetch"]
    )
    attributes = [part for each in _SEARCH_ATTRIBUTES for part in ("--search-attribute", each)]
    return [
        program,
        "server",
        "start-dev",
        "--ip",
        "127.0.0.1",
        "--port",
        str(settings.temporal_port),
        "--namespace",
        settings.engine_namespace,
        "--db-filename",
        str(settings.data_dir / "temporal.db"),
        "--sqlite-pragma",
        "journal_mode=WAL",
        "--sqlite-pragma",
        "synchronous=FULL",
        "--log-level",
        "warn",
        "--disable-config-file",
        *attributes,
        *pages,
    ]


def accord_command(name: str) -> list[str]:
    """Return the command of one of Accord's own processes, with this process's Python."""
    return [sys.executable, "-P", "-m", "cli.main", name]


def _children(settings: Settings) -> dict[str, str]:
    return settings.environment_of_children()


def _ask(host: str, port: int) -> tuple[int, str]:
    """Return the status of the readiness check, and what is not ready."""
    connection = http.client.HTTPConnection(host, port, timeout=5)
    with contextlib.closing(connection):
        connection.request("GET", READY_PATH)
        answer = connection.getresponse()
        body = json.loads(answer.read() or b"{}")
    parts = body.items() if isinstance(body, dict) else ()
    waiting = [f"{k}: {v}" for k, v in parts if k in ("engine", "worker", "store") and v != "ok"]
    return answer.status, ", ".join(waiting) or f"the API answers {answer.status}"


def _lines(output: IO[bytes]) -> Iterator[str]:
    """Yield what is printed, line by line; a line without end is cut."""
    while line := output.readline(_LONGEST_LINE):
        yield line.decode(errors="replace").rstrip("\r\n")


def _is_terminal(stream: IO[str] | None) -> bool:
    return stream is not None and not stream.closed and stream.isatty()
