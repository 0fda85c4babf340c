"""The command line answers in sentences, and its exit codes can be relied on."""

import os
import subprocess
import sys

import pytest
from typer.testing import CliRunner

from cli.main import app
from cli.settings import EXIT_UNUSABLE, REPOSITORY


def accord(*arguments, **environment):
    return subprocess.run(
        [sys.executable, "-P", "-m", "cli.main", *arguments],
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(REPOSITORY), **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_commands_are_listed():
    result = CliRunner().invoke(app, ["--help"])

    for command in ("up", "serve", "work", "migrate", "verify", "policy", "demo", "lists"):
        assert command in result.stdout


def test_config_shows_each_setting_and_no_secret(monkeypatch):
    monkeypatch.setenv("ACCORD_PORT", "9000")
    monkeypatch.setenv("ACCORD_DEMO_PASSWORD", "hunter2")

    result = CliRunner().invoke(app, ["config"])

    assert "ACCORD_PORT=9000  [from the environment; default: 8000]" in result.stdout
    assert "hunter2" not in result.stdout


@pytest.mark.parametrize("command", ["up", "serve", "work", "migrate", "verify"])
def test_a_demonstration_on_an_outside_engine_is_refused_in_one_sentence(command, tmp_path):
    ended = accord(
        command,
        ACCORD_DEMO="1",
        TEMPORAL_ADDRESS="elsewhere:7233",
        ACCORD_DATA_DIR=str(tmp_path),
    )

    assert ended.returncode == EXIT_UNUSABLE
    assert ended.stderr.startswith("Demonstration mode uses the embedded Temporal only")
    assert ended.stderr.count("\n") == 1
    assert not list(tmp_path.iterdir())


def test_a_broken_installation_is_said_in_one_sentence(tmp_path):
    (tmp_path / "structlog.py").write_text("import a_part_that_is_missing\n")

    ended = accord(
        "migrate",
        ACCORD_DATA_DIR=str(tmp_path / "data"),
        PYTHONPATH=os.pathsep.join([str(tmp_path), str(REPOSITORY)]),
    )

    assert ended.returncode == EXIT_UNUSABLE
    assert "Accord cannot be loaded (No module named 'a_part_that_is_missing')" in ended.stderr
    assert "Traceback" not in ended.stderr


LOGGER = """
import logging, structlog
from cli.logging import configure
from cli.settings import load
configure(load())
with structlog.contextvars.bound_contextvars(proposal_id="P-1"):
    structlog.get_logger("accord").info("proposal_recorded", seq=3)
logging.getLogger("uvicorn.error").warning("a library's %s", "warning")
"""


def logged(**environment):
    return subprocess.run(
        [sys.executable, "-P", "-c", LOGGER],
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(REPOSITORY), **environment},
        capture_output=True,
        text=True,
        check=True,
    ).stderr


def test_events_are_json_where_nobody_watches():
    first, second = logged().splitlines()

    assert '"event": "proposal_recorded"' in first
    assert '"proposal_id": "P-1"' in first
    assert '"event": "a library\'s warning"' in second
    assert '"level": "warning"' in second


def test_events_are_for_people_when_asked_for():
    text = logged(ACCORD_LOG_FORMAT="console")

    assert "proposal_recorded" in text
    assert "proposal_id=P-1" in text
    assert "{" not in text


def test_events_below_the_level_are_left_out():
    assert "proposal_recorded" not in logged(ACCORD_LOG_LEVEL="warning")


ENDING = """
import asyncio, os, signal
from cli.main import _until_ended
async def ends_itself():
    os.kill(os.getpid(), signal.SIGTERM)
    os.kill(os.getpid(), signal.SIGTERM)
    await asyncio.sleep(0.05)
    print("closed")
async def is_cancelled():
    try:
        os.kill(os.getpid(), signal.SIGTERM)
        await asyncio.sleep(600)
    finally:
        await asyncio.sleep(0.05)
        print("closed")
"""


@pytest.mark.parametrize(
    "run", ["_until_ended(ends_itself(), grace=600)", "_until_ended(is_cancelled())"]
)
def test_a_process_that_is_asked_to_end_closes_what_it_opened(run):
    program = f"{ENDING}\nimport typer\ntry:\n    {run}\nexcept typer.Exit:\n    print('well')\n"

    ended = subprocess.run(
        [sys.executable, "-P", "-c", program],
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(REPOSITORY)},
        capture_output=True,
        text=True,
        check=True,
    )

    assert ended.stdout.startswith("closed\n")
