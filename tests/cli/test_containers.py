"""The container files name only what exists: commands, settings, paths, secrets and volumes.

No container is run here: the same commands run as plain processes in tests/fleet.
"""

import json
import re
from pathlib import Path

import pytest
import typer
import yaml

from api.answers import PREFIX
from api.routers import health
from cli.main import app
from cli.settings import REPOSITORY, Settings, env_name

COMPOSE = yaml.safe_load((REPOSITORY / "docker-compose.yml").read_text())
SERVICES = COMPOSE["services"]
OURS = {name: each for name, each in SERVICES.items() if "build" in each}
COMMANDS = typer.main.get_command(app).commands
SETTINGS = {env_name(name) for name in Settings.model_fields}


def instructions(path=REPOSITORY / "Dockerfile"):
    """Each instruction of the Dockerfile and its words, continued lines joined."""
    text = re.sub(r"\\\n\s*", "", path.read_text())
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    return [tuple(line.split(maxsplit=1)) for line in lines]


def values_of(name):
    return [value for each, value in instructions() if each == name]


def paths_asked(text):
    return re.findall(r"http://127\.0\.0\.1:8000([\w/]*)", str(text))


def as_compose_says(value):
    """A value where nothing is set outside: `${NAME:-default}` is its default."""
    return re.sub(r"\$\{\w+:-([^}]*)\}", r"\1", value)


# ---- docker-compose.yml


@pytest.mark.parametrize("name", OURS)
def test_what_a_service_runs_is_a_command_with_its_options(name):
    words = OURS[name]["command"]
    command = COMMANDS[words[0]]
    known = {option for each in command.params for option in each.opts}

    assert {word for word in words if word.startswith("--")} <= known


@pytest.mark.parametrize("name", OURS)
def test_what_a_service_is_told_is_a_setting(name):
    environment = OURS[name]["environment"]

    assert set(environment) <= SETTINGS
    assert not {"ACCORD_DEMO", "ACCORD_DEMO_PASSWORD"} & set(environment)
    told = {name: as_compose_says(value) for name, value in environment.items()}
    Settings(**{k: v for k, v in told.items() if k in SETTINGS and v}).check_may_start()


@pytest.mark.parametrize("name", SERVICES)
def test_what_a_service_waits_for_can_come_to_pass(name):
    for other, how in SERVICES[name].get("depends_on", {}).items():
        if how["condition"] == "service_healthy":
            assert SERVICES[other]["healthcheck"]["test"]
        else:
            assert how["condition"] == "service_completed_successfully"
            assert SERVICES[other]["restart"].startswith("on-failure")


@pytest.mark.parametrize("name", SERVICES)
def test_an_image_is_of_one_version(name):
    if name not in OURS:
        assert re.fullmatch(r"[a-z/-]+:v?\d+\.\d+[\w.-]*", SERVICES[name]["image"])


@pytest.mark.parametrize("name", SERVICES)
def test_secrets_configs_and_volumes_are_declared_and_read_where_they_lie(name):
    service = SERVICES[name]
    secrets = set(service.get("secrets", []))
    configs = {
        each["source"] if isinstance(each, dict) else each for each in service.get("configs", [])
    }
    read = set(re.findall(r"/run/secrets/(\w+)", json.dumps(service)))
    for config in configs:
        read |= set(re.findall(r"/run/secrets/(\w+)", COMPOSE["configs"][config]["content"]))

    assert read == secrets
    assert secrets <= set(COMPOSE["secrets"])
    assert configs <= set(COMPOSE["configs"])
    named = {each.partition(":")[0] for each in service.get("volumes", [])}
    assert named <= set(COMPOSE["volumes"])


@pytest.mark.parametrize("file", ["docker-compose.yml", "Dockerfile"])
def test_no_secret_stands_in_the_files(file):
    text = (REPOSITORY / file).read_text()

    given = re.findall(r"(?im)^\s*(\w*(?:password|pwd|secret|key)\w*)\s*[:=]\s*['\"]?(\S+)$", text)
    assert [name for name, value in given if not value.startswith(("/run/secrets/", "["))] == []
    assert not re.search(r"postgresql://[^@\s]*:[^@\s]*@", text)


def test_everything_listens_on_loopback_only():
    published = [port for each in SERVICES.values() for port in each.get("ports", [])]

    assert published
    assert all(port.startswith("127.0.0.1:") for port in published)
    inside = {port.rpartition(":")[2] for port in OURS["api"]["ports"]}
    assert inside == {OURS["api"]["environment"]["ACCORD_PORT"]}


def test_only_the_owner_of_the_tables_migrates():
    roles = {
        name: each["environment"]["ACCORD_DATABASE_URL"].partition("://")[2].partition("@")[0]
        for name, each in OURS.items()
    }

    assert roles == {"migrate": "accord_owner", "worker": "accord_run", "api": "accord_run"}
    assert OURS["migrate"]["command"][-1] == "accord_run"


# ---- both


def test_what_health_is_asked_of_is_a_path_of_the_api():
    by_compose = paths_asked(SERVICES["api"]["healthcheck"]["test"])
    by_image = paths_asked(values_of("HEALTHCHECK")[0])

    assert by_compose
    assert by_image
    assert {*by_compose, *by_image} <= {PREFIX + route.path for route in health.router.routes}


# ---- Dockerfile


def test_the_image_is_pinned_and_installs_only_wheels_with_known_hashes():
    (base,) = values_of("FROM")
    installed = next(value for value in values_of("RUN") if "pip install" in value)

    assert re.fullmatch(r"python:3\.11\.\d+-slim-\w+", base)
    assert "--require-hashes" in installed
    assert "--only-binary :all:" in installed


def test_the_image_holds_all_of_accord_and_nothing_else():
    copied = [value.split()[0] for value in values_of("COPY")]
    packages = re.search(r"^PACKAGES := (.*)$", (REPOSITORY / "Makefile").read_text(), re.MULTILINE)

    assert packages
    assert set(copied) == {"requirements/runtime.txt", *packages[1].split()} - {"bench"}
    assert all((REPOSITORY / each).exists() for each in copied)
    sent = (REPOSITORY / ".dockerignore").read_text().splitlines()
    assert sent[0] == "*"
    assert {line[1:] for line in sent if line.startswith("!")} == set(copied)


def test_the_image_runs_a_command_of_accord_as_nobody_in_particular():
    order = [name for name, _ in instructions()]
    (user,), (entry,), (command,) = (values_of(n) for n in ("USER", "ENTRYPOINT", "CMD"))

    assert user not in ("root", "0")
    assert order.index("USER") < order.index("ENTRYPOINT")
    assert json.loads(entry) == ["python", "-P", "-m", "cli.main"]
    assert Path(REPOSITORY, "cli", "main.py").exists()
    assert json.loads(command)[0] in COMMANDS
