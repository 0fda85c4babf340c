"""Processes are kept running, end when they must, and never outlive who started them."""

import contextlib
import fcntl
import io
import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from cli import processes, supervisor
from cli.settings import REPOSITORY, Settings, Unusable
from cli.supervisor import Part, Supervisor, Terminal

PATIENCE = 20.0
SLEEPER = [sys.executable, "-c", "import time; print('here', flush=True); time.sleep(600)"]

STUBBORN = """
import signal, subprocess, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
print(subprocess.Popen(["sleep", "600"]).pid)
time.sleep(600)
"""


def until(condition):
    """Wait for something that other processes do; how long it takes is not the test's subject."""
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, "it never came true"
        time.sleep(0.01)


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "run").mkdir()
    (tmp_path / "log").mkdir()
    return tmp_path


@pytest.fixture
def said():
    return []


@pytest.fixture
def a_part(folder, said):
    """Build parts, and end them whatever the test does."""
    parts = []

    def build(command, name="worker"):
        part = Part(
            name, command, dict(os.environ), folder, Terminal(io.StringIO()), said.append, 0.2
        )
        parts.append(part)
        return part

    yield build
    for part in parts:
        part.end(lambda: True)


def test_the_pause_before_a_restart_grows_from_half_a_second_to_thirty():
    delays = [supervisor.delay_before_restart(failures) for failures in range(1, 10)]

    assert delays == [0.5, 1, 2, 4, 8, 16, 30, 30, 30]
    assert supervisor.delay_before_restart(10_000) == 30


@pytest.mark.parametrize(
    ("code", "words"),
    [(1, "exit code 1"), (-signal.SIGKILL, "killed by SIGKILL"), (-99, "exit code -99")],
)
def test_the_end_of_a_process_is_put_into_words(code, words):
    assert supervisor.how_it_ended(code) == words


def test_the_pid_file_names_the_command_itself(a_part, folder):
    part = a_part([sys.executable, "-c", "import os, time; print(os.getpid()); time.sleep(600)"])
    part.command = [sys.executable, "-u", *part.command[1:]]

    part.start(now=0)

    until(lambda: part.last_line)
    assert (folder / "run" / "worker.pid").read_text() == f"{part.last_line}\n"


def test_a_part_that_is_killed_is_started_again_and_the_reason_said(a_part, said):
    part = a_part(SLEEPER)
    part.start(now=0)
    until(lambda: part.last_line == "here")
    first = part.process
    first.kill()

    until(lambda: part.tend(now=1) is not None)
    assert part.tend(now=1.4) is None
    assert part.process is None
    part.tend(now=1.5)

    assert part.process is not None
    assert part.process.pid != first.pid
    assert said == [
        "The worker ended (killed by SIGKILL) and is started again in 0.5 s; it last said: here"
    ]


def test_a_part_starts_though_the_folder_of_the_pid_files_was_cleared_away(a_part, folder):
    (folder / "run").rmdir()
    part = a_part(SLEEPER)

    part.start(now=0)

    until(lambda: part.last_line == "here")
    assert part.pid_file.exists()


def test_one_that_ran_long_starts_from_the_shortest_pause_again(a_part, said):
    part = a_part(SLEEPER)
    part.failures = 5
    part.start(now=0)
    part.process.kill()

    until(lambda: part.tend(now=61) is not None)

    assert part.failures == 1
    assert "started again in 0.5 s" in said[0]


def test_one_that_cannot_be_found_says_so(a_part, said):
    part = a_part(["/nowhere/temporal"])
    part.start(now=0)

    until(lambda: part.tend(now=0) is not None)

    assert "/nowhere/temporal cannot be started: No such file or directory." in said[0]


def test_one_that_does_not_end_by_itself_is_killed_with_its_own_children(a_part, said):
    part = a_part([sys.executable, "-uc", STUBBORN])
    part.start(now=0)
    until(lambda: part.last_line)
    of_its_own = int(part.last_line)

    part.end()

    until(lambda: processes.start_of(of_its_own) is None)
    assert said == ["The worker did not end by itself and is killed."]
    assert not part.pid_file.exists()


def test_what_a_part_prints_stands_on_the_terminal_and_in_its_log(a_part, folder):
    part = a_part([sys.executable, "-c", "print('one'); print('two')"])
    part.terminal = Terminal(screen := io.StringIO())
    part.start(now=0)

    part.wait(lambda: True)

    assert screen.getvalue() == "worker   | one\nworker   | two\n"
    assert (folder / "log" / "worker.log").read_text() == "one\ntwo\n"


def test_a_terminal_that_has_gone_ends_nothing():
    gone = io.StringIO()
    gone.close()

    Terminal(gone).print("accord", "nobody reads this")


# ---- leftovers


def test_leftovers_are_ended_and_strangers_are_not(folder):
    run = folder / "run"
    leftover = subprocess.Popen(SLEEPER, stdout=subprocess.DEVNULL, start_new_session=True)
    stranger = subprocess.Popen(SLEEPER, stdout=subprocess.DEVNULL, start_new_session=True)
    with contextlib.ExitStack() as afterwards:
        for process in (leftover, stranger):
            afterwards.callback(process.wait)
            afterwards.callback(process.kill)
        processes.note(run / "worker.pid", leftover.pid, "somebody")
        # The number was given to another process since.
        processes.note(run / "api.pid", stranger.pid, "somebody")
        (run / "api.start").write_text("another time\nsomebody\n")
        (run / "temporal.pid").write_text("nonsense\n")

        ended = processes.end_leftovers(run)

        assert ended == [f"worker (process {leftover.pid})"]
        assert leftover.wait(PATIENCE) == -signal.SIGTERM
        assert stranger.poll() is None
        assert not list(run.glob("*.pid"))


PARENT = """
import sys, time
from pathlib import Path
from cli import processes
from cli.supervisor import Part, Terminal
folder = Path(sys.argv[1])
if "watched" in sys.argv:
    import subprocess
    watch = processes.start_watch(folder / "run")
    child = subprocess.Popen(["sleep", "600"], process_group=0)
    processes.note(folder / "run" / "worker.pid", child.pid, processes._me())
else:
    import os
    Part("worker", ["/bin/sleep", "600"], dict(os.environ), folder, Terminal(), print, 1).start(0)
time.sleep(600)
"""


@pytest.mark.parametrize(
    "how",
    [
        pytest.param(
            "leashed",
            marks=pytest.mark.skipif(sys.platform != "linux", reason="asks Linux's kernel"),
        ),
        "watched",
    ],
)
def test_a_child_dies_with_a_supervisor_that_is_killed(folder, how):
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT, str(folder), how],
        env={**os.environ, "PYTHONPATH": str(REPOSITORY)},
    )
    pid_file = folder / "run" / "worker.pid"
    until(pid_file.exists)
    child = int(pid_file.read_text())
    assert processes.start_of(child) is not None

    parent.kill()
    parent.wait()

    until(lambda: processes.start_of(child) is None)


def test_a_command_does_not_start_when_its_parent_has_gone_already(folder):
    pid_file = folder / "run" / "worker.pid"
    command = processes.leashed(["/bin/echo", "started"], pid_file)
    command[command.index(processes._me())] = "1@another-time"

    ended = subprocess.run(command, capture_output=True, check=False)

    assert (ended.returncode, ended.stdout) == (1, b"")
    assert not pid_file.exists()


# ---- `accord up` before anything is started


@pytest.fixture
def taken():
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        yield listening.getsockname()[1]


@pytest.mark.parametrize("setting", ["port", "temporal_port", "temporal_ui_port"])
def test_a_port_that_is_taken_is_named_with_its_setting(taken, setting):
    free = {"port": 0, "temporal_port": 0}
    settings = Settings().model_copy(update=free | {setting: taken})

    sentence = rf"127.0.0.1 port {taken} cannot be listened on .* set ACCORD_{setting.upper()} "
    with pytest.raises(Unusable, match=sentence):
        supervisor.check_ports_are_free(settings)


@pytest.mark.parametrize("form", ["json", "console"])
def test_what_the_supervisor_says_stands_in_its_log_as_the_parts_write_theirs(folder, taken, form):
    with contextlib.ExitStack() as afterwards:
        leftover = subprocess.Popen(SLEEPER, stdout=subprocess.DEVNULL, start_new_session=True)
        afterwards.callback(leftover.wait)
        afterwards.callback(leftover.kill)
        processes.note(folder / "run" / "worker.pid", leftover.pid, "somebody")
        settings = Settings(data_dir=folder, log_format=form, port=taken)

        with pytest.raises(Unusable, match="cannot be listened on"):
            Supervisor(settings).run()

    said = f"Ended what an earlier start had left running: worker (process {leftover.pid})."
    [line] = (folder / "log" / "accord.log").read_text().splitlines()
    if form == "json":
        written = json.loads(line)
        assert written.pop("timestamp")
        assert written == {"event": said, "logger": "cli.supervisor", "level": "info"}
    else:
        assert line.endswith(f"Z {said}")


def test_a_second_start_on_the_same_folder_is_refused(folder):
    with (folder / "run" / "lock").open("w") as held:
        held.write("4711\n")
        held.flush()
        fcntl.flock(held, fcntl.LOCK_EX)

        with pytest.raises(Unusable, match=r"Another `accord up` \(process 4711\) already runs on"):
            Supervisor(Settings(data_dir=folder)).run()


def test_a_data_folder_that_cannot_be_made_is_named(tmp_path):
    (tmp_path / "file").touch()

    with pytest.raises(Unusable, match="set ACCORD_DATA_DIR to one that can be written"):
        Supervisor(Settings(data_dir=tmp_path / "file" / "data")).run()


def test_a_missing_temporal_is_said_in_one_sentence(tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(Unusable, match="The `temporal` program is neither in"):
        Supervisor(Settings(data_dir=tmp_path)).run()


def test_the_embedded_server_is_durable_on_loopback_and_without_pages():
    command = supervisor.temporal_command(Settings(data_dir=Path("/data")), "temporal")

    words = " ".join(command)
    assert "--ip 127.0.0.1" in words
    assert "--sqlite-pragma journal_mode=WAL --sqlite-pragma synchronous=FULL" in words
    assert "--db-filename /data/temporal.db" in words
    assert "--headless" in command
    shown = supervisor.temporal_command(Settings(temporal_ui_port=8080), "temporal")
    assert "--headless" not in shown
