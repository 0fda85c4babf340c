"""What a client is told when something is refused."""

import ast
import json
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy.exc import OperationalError

from api.edge import Edge
from api.errors import add_error_handlers
from api.limits import Limits, TooManyRequests
from api.sentences import SENTENCES
from schemas.errors import (
    Forbidden,
    Gap,
    Malformed,
    NotFound,
    NotSignedIn,
    Refused,
    Stale,
    Unavailable,
)

ROOT = Path(__file__).parents[2]
RAISING = {"Refused", "Forbidden", "NotFound", "NotSignedIn", "Stale", "Unavailable"}
RAISING |= {
    "Unreadable",
    "WrongMediaType",
    "TooLarge",
    "TooSlow",
    "TooManyRequests",
    "VersionNeeded",
}
OWN_RAISERS = {
    "policy/list_files.py": "refused",
    "policy/lists/simple_csv.py": "refused",
    "policy/lists/xml_tree.py": "refused",
    "policy/lists/canadian.py": "refused",
    "policy/lists/entries.py": "refused",
}
MADE_OF_PARTS = {"answer_"}  # `answer_` and a keyword of JSON Schema
NAMED_ELSEWHERE = {"unexpected", "refused", "malformed", "too_many_attempts", "forbidden"}


def client_of(error: Exception) -> httpx.AsyncClient:
    app = FastAPI()

    @app.get("/")
    async def fail() -> None:
        raise error

    add_error_handlers(app)
    app.add_middleware(Edge)
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://accord")


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (NotSignedIn(), 401, "not_signed_in"),
        (Forbidden("staff_only"), 403, "staff_only"),
        (NotFound(), 404, "not_found"),
        (Refused("own_organization"), 409, "own_organization"),
        (Stale(version=4), 412, "stale_version"),
        (Unavailable(), 503, "unavailable"),
        (OperationalError("", {}, Exception()), 503, "unavailable"),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else str(value),
)
async def test_an_expected_error_is_a_problem_with_a_stable_code(error, status, code):
    async with client_of(error) as client:
        answer = await client.get("/")

    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["code"] == code
    assert answer.json()["type"] == f"urn:accord:problem:{code}"
    assert answer.json()["status"] == status


async def test_facts_stand_beside_the_sentence():
    since = "2026-01-02T10:00:00Z"
    async with client_of(Refused("held", by={"id": "p-1", "name": "Ada"}, since=since)) as client:
        problem = (await client.get("/")).json()

    assert (problem["by"]["id"], problem["since"]) == ("p-1", since)
    assert problem["detail"] == "Ada has held this task since 2026-01-02 10:00 UTC."


async def test_facts_never_replace_the_members_of_a_problem():
    async with client_of(Refused("held", status="open", code_="x", detail="mine")) as client:
        problem = (await client.get("/")).json()

    assert (problem["status"], problem["code"]) == (409, "held")
    assert problem["detail"] != "mine"


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("fr", "fr"),
        ("fr-CA,fr;q=0.9,en;q=0.8", "fr"),
        ("en;q=0.9,fr;q=0.2", "en"),
        ("de", "en"),
        ("fr;q=0", "en"),
        ("fr;q=nonsense", "en"),
    ],
)
async def test_the_sentence_is_in_the_language_that_is_asked_for(accepted, language):
    async with client_of(NotFound()) as client:
        answer = await client.get("/", headers={"Accept-Language": accepted})

    assert answer.headers["content-language"] == language
    assert answer.json()["detail"] == SENTENCES["not_found"].in_language(language)


async def test_every_gap_has_its_place_its_code_and_its_sentence():
    gaps = [
        Gap(pointer="/title", code="required"),
        Gap(pointer="/budget/0", code="too_long", facts={"most": 5}),
    ]
    async with client_of(Malformed(*gaps)) as client:
        problem = (await client.get("/")).json()

    assert problem["code"] == "malformed"
    assert [(e["pointer"], e["code"]) for e in problem["errors"]] == [
        ("/title", "required"),
        ("/budget/0", "too_long"),
    ]
    assert "5" in problem["errors"][1]["detail"]


async def test_a_bug_tells_nothing():
    async with client_of(RuntimeError("secret")) as client:
        answer = await client.get("/")

    assert (answer.status_code, answer.json()["code"]) == (500, "unexpected")
    assert "secret" not in answer.text


async def test_who_may_try_again_is_told_when():
    async with client_of(Unavailable("request_under_way", retry_after=3)) as client:
        answer = await client.get("/")

    assert answer.headers["retry-after"] == "3"


def test_one_person_may_make_so_many_requests_and_then_waits():
    now = [0.0]
    limits = Limits(rate=1, burst=2, clock=lambda: now[0])
    limits.take("ada")
    limits.take("ada")

    with pytest.raises(TooManyRequests, match="too_many_requests"):
        limits.take("ada")
    limits.take("ben")
    now[0] = 1.0
    limits.take("ada")


def test_every_code_that_is_raised_has_a_sentence():
    missing = {code: where for code, where in _codes() if code not in SENTENCES}
    for part in MADE_OF_PARTS:
        missing.pop(part, None)

    assert not missing, "write a sentence in api/sentences for each"


def test_sentences_are_set_as_french_writes_them():
    for code, text in SENTENCES.items():
        french = text.fr.replace("2027-04-01T12:00:00Z", "")
        assert " :" not in french, code
        assert "« " not in french, code
        assert " »" not in french, code
        assert json.dumps(text.en), code


def _codes():
    """Each code with the file that raises it, as far as it is written where it is raised."""
    for folder in ("api", "commands", "policy", "store", "workflows", "activities"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            name = path.relative_to(ROOT).as_posix()
            own = OWN_RAISERS.get(name)
            for node in ast.walk(ast.parse(path.read_text())):
                if not isinstance(node, ast.Call):
                    continue
                called = getattr(node.func, "id", getattr(node.func, "attr", ""))
                given = [k.value for k in node.keywords if k.arg == "code"]
                if called in ("Gap", "Malformed"):
                    yield from ((code, name) for value in given for code in _literals(value))
                elif called in RAISING or called == own:
                    first = node.args[:1]
                    yield from ((code, name) for value in first for code in _literals(value))
    yield from ((code, "by name") for code in NAMED_ELSEWHERE)


def _literals(node):
    return [
        each.value
        for each in ast.walk(node)
        if isinstance(each, ast.Constant) and isinstance(each.value, str)
    ]
