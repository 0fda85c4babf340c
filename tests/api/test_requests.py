"""What a body may hold, and how it is refused."""

import asyncio
import json
import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Annotated

import httpx
import pytest
import pytest_asyncio
from fastapi import Depends, FastAPI
from sqlmodel import SQLModel

from api.bodies import JsonBody, Nothing, Upload, form_fields, upload
from api.edge import BodySize, Edge
from api.errors import add_error_handlers
from api.languages import preferred
from schemas.proposal import Content
from schemas.requests import DecisionRequest, DraftRequest, ReasonRequest
from store.database import Database

JSON = {"Content-Type": "application/json"}


@pytest_asyncio.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    app = FastAPI()
    add_error_handlers(app)
    app.add_middleware(BodySize, most=4096, most_upload=8192)
    app.add_middleware(Edge)

    @app.post("/content")
    async def content(body: Annotated[Content, Depends(JsonBody(Content))]) -> Content:
        return body

    @app.post("/decision")
    async def decision(
        body: Annotated[DecisionRequest, Depends(JsonBody(DecisionRequest))],
    ) -> DecisionRequest:
        return body

    @app.post("/reason")
    async def reason(
        body: Annotated[ReasonRequest, Depends(JsonBody(ReasonRequest, optional=True))],
    ) -> ReasonRequest:
        return body

    @app.post("/nothing")
    async def nothing(_: Annotated[Nothing, Depends(JsonBody(Nothing, optional=True))]) -> str:
        return "done"

    @app.post("/unread")
    async def unread() -> str:
        return "done"

    @app.post("/upload")
    async def take(file: Annotated[Upload, Depends(upload)]) -> dict[str, object]:
        return {"name": file.name, "size": len(file.data), "fields": file.fields}

    @app.post("/form")
    async def form(fields: Annotated[dict[str, str], Depends(form_fields)]) -> dict[str, str]:
        return fields

    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://accord") as client:
        yield client


async def send(client, raw: bytes, path="/content", headers=JSON):
    answer = await client.post(path, content=raw, headers=headers)
    return answer.status_code, answer.json()


@pytest.mark.parametrize(
    "raw",
    [
        b"{",
        b"",
        b"nonsense",
        b'{"programme": NaN}',
        b'{"programme": Infinity}',
        b'{"programme": 1e999}',
        b'{"programme": "\xff"}',
        b"[" * 3000,
        b"9" * 4000 + b"9" * 90,
        b"[" * 100 + b"]" * 100,
    ],
    ids=["cut", "empty", "words", "nan", "infinity", "huge", "bytes", "deep", "long", "nested"],
)
async def test_unreadable_json_is_400(client, raw):
    status, problem = await send(client, raw)

    assert status in (400, 422)
    assert status == 400 or raw.startswith(b"9")
    assert problem["code"] in ("unreadable_json", "json_too_deep", "malformed")


@pytest.mark.parametrize(
    "text", ["\\u0000", "\\ud800", "\\udc00\\ud800"], ids=["nul", "half", "halves"]
)
async def test_characters_that_cannot_be_kept_are_refused(client, text):
    status, problem = await send(client, f'{{"programme":"CTCBP","title":"{text}"}}'.encode())

    assert status == 422
    assert problem["errors"][0]["pointer"] == "/title"
    assert problem["errors"][0]["code"] == "forbidden_character"


async def test_such_characters_in_names_of_fields_are_refused(client):
    status, _ = await send(client, b'{"outcome":"x","answers":{"\\ud800":1}}', "/decision")

    assert status == 422


@pytest.mark.parametrize(
    ("part", "pointer", "code"),
    [
        ({"physical_works": "yes"}, "/physical_works", "not_a_boolean"),
        ({"physical_works": 1}, "/physical_works", "not_a_boolean"),
        ({"gender_equality_code": "2"}, "/gender_equality_code", "not_a_whole_number"),
        ({"gender_equality_code": 9}, "/gender_equality_code", "number_too_large"),
        ({"title": 7}, "/title", "not_a_text"),
        ({"title": "x" * 401}, "/title", "too_long"),
        ({"start_date": "2027-13-01"}, "/start_date", "not_a_date"),
        ({"start_date": 20270101}, "/start_date", "not_a_date"),
        ({"amount": {"value": "1,0"}}, "/amount/value", "not_an_amount"),
        ({"amount": {"value": 10}}, "/amount/value", "not_a_text"),
        ({"amount": {"currency": "USD", "value": "1.00"}}, "/amount/currency", "unknown_value"),
        ({"countries": [{"code": "jo"}]}, "/countries/0/code", "wrong_format"),
        ({"countries": [{"code": "JO", "share": 33.333}]}, "/countries/0/share",
         "too_many_decimals"),
        ({"countries": {}}, "/countries", "not_a_list"),
        ({"assistance": ["money"]}, "/assistance/0", "unknown_value"),
        ({"smuggling": []}, "/smuggling", "not_an_object"),
        ({"colour": 1}, "/colour", "unknown_field"),
        ({"a/b~c": 1}, "/a~1b~0c", "unknown_field"),
        ({"beneficiaries": [{"kind": "security_unit"}]}, "/beneficiaries/0/name", "required"),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)  # fmt: skip
async def test_a_wrong_value_is_told_with_its_place(client, part, pointer, code):
    status, problem = await send(client, json.dumps({"programme": "CTCBP", **part}).encode())

    assert status == 422
    assert [(e["pointer"], e["code"]) for e in problem["errors"]] == [(pointer, code)]
    assert problem["errors"][0]["detail"]


async def test_what_was_sent_is_never_repeated(client):
    raw = json.dumps({"programme": "CTCBP", "language": "klingon"}).encode()
    answer = await client.post("/content", content=raw, headers=JSON)

    assert answer.status_code == 422
    assert "klingon" not in answer.text


async def test_a_body_of_another_kind_is_415(client):
    status, problem = await send(client, b"a=b", headers={"Content-Type": "text/plain"})

    assert (status, problem["code"]) == (415, "wrong_media_type")
    assert (await send(client, b"{}", "/upload"))[0] == 415
    assert (await send(client, b"{}", "/form"))[0] == 415


async def test_an_act_without_words_needs_no_body(client):
    assert (await send(client, b"", "/nothing", {}))[0] == 200
    assert (await send(client, b"{}", "/nothing"))[0] == 200
    assert (await send(client, b'{"x":1}', "/nothing"))[0] == 422


@pytest.mark.parametrize(
    "raw", [b"", b"{}", b'{"reason":""}', b'{"reason":"  "}', b'{"reason":null}']
)
async def test_a_missing_reason_is_told_at_its_place(client, raw):
    status, problem = await send(client, raw, "/reason")

    assert status == 422
    assert problem["errors"][0]["pointer"] == "/reason"


async def test_a_body_that_is_too_large_is_413(client):
    status, problem = await send(client, b'"' + b"x" * 5000 + b'"')

    assert (status, problem["code"]) == (413, "too_large")


async def test_a_body_sent_in_pieces_is_measured_too(client):
    async def pieces():
        for _ in range(20):
            yield b" " * 1000

    answer = await client.post("/content", content=pieces(), headers=JSON)

    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")


async def test_a_body_that_nobody_reads_does_not_break_the_answer(client):
    answer = await client.post("/unread", content=b"x" * 100_000)

    assert answer.status_code == 200


async def test_an_upload_has_its_own_limit(client):
    small = await client.post("/upload", files={"file": ("a.csv", b"x" * 5000)}, data={"name": "A"})
    large = await client.post("/upload", files={"file": ("a.csv", b"x" * 9000)})
    other = await client.post("/upload", files={"other": ("a.csv", b"x")})

    assert small.json() == {"name": "a.csv", "size": 5000, "fields": {"name": "A"}}
    assert large.status_code == 413
    assert other.json()["errors"][0]["pointer"] == "/file"


async def test_an_upload_that_is_cut_is_unreadable(client):
    headers = {"Content-Type": "multipart/form-data; boundary=x"}
    status, problem = await send(client, b"--x\r\nnonsense", "/upload", headers)

    assert status in (400, 422)
    assert problem["code"] in ("unreadable_form", "malformed")


async def test_every_answer_has_its_headers(client):
    answer = await client.post("/nothing")

    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] == "no-store"


@pytest_asyncio.fixture
async def accord(tmp_path) -> AsyncIterator[httpx.AsyncClient]:
    """The whole API over an empty store; whoever asks has no valid token."""
    from api.app import create_app  # noqa: PLC0415 - the other tests need no commands

    database = Database(f"sqlite+aiosqlite:///{tmp_path / 'accord.sqlite'}")
    async with database.engine.begin() as connection:
        await connection.run_sync(SQLModel.metadata.create_all)
    office = SimpleNamespace(database=database, now=lambda: datetime.now(UTC), demonstration=False)
    transport = httpx.ASGITransport(create_app(office))
    async with httpx.AsyncClient(transport=transport, base_url="http://accord/api/v1") as client:
        yield client
    await database.close()


async def test_every_route_but_the_open_ones_asks_who_it_is(accord):
    document = (await accord.get("/openapi.json")).json()
    is_open = {"/token", "/people/passwords", "/demo/accounts", "/health/live", "/health/ready"}

    for path, operations in document["paths"].items():
        inner = path.removeprefix("/api/v1")
        for method in operations if inner not in is_open else ():
            answer = await accord.request(method, inner, headers={"Authorization": "Bearer no"})
            assert answer.status_code == 401, (method, path)
            assert answer.headers["www-authenticate"].startswith("Bearer")


async def test_the_openapi_refers_to_nothing_that_is_missing(accord):
    document = (await accord.get("/openapi.json")).json()
    referred = set(re.findall(r'"#/components/schemas/([^"]+)"', json.dumps(document)))

    assert referred <= set(document["components"]["schemas"])
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            changes = method in ("post", "put") and not path.endswith("/token")
            assert changes == ("requestBody" in operation) or path.endswith("/token"), path
            assert operation["responses"]["404"]["content"].keys() == {"application/problem+json"}


async def test_an_unknown_address_is_a_problem_too(accord):
    answer = await accord.get("/nowhere")

    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


async def test_a_method_that_is_not_taken_is_told_those_that_are(accord):
    answer = await accord.patch("/proposals/CTCBP-2026-000001")

    assert (answer.status_code, answer.headers["allow"]) == (405, "DELETE, GET, PUT")


async def test_without_a_demonstration_there_are_no_accounts(accord):
    assert (await accord.get("/demo/accounts")).status_code == 404


def test_a_draft_is_its_content_and_an_organization():
    draft = DraftRequest(programme="ACCBP-AVC", organization="oas", title="A")

    assert draft.content == Content(programme="ACCBP-AVC", title="A")


def test_of_two_equal_languages_the_first_is_taken():
    assert preferred("fr,en") == "fr"
    assert preferred("en,fr") == "en"
    assert preferred(None, "fr") == "fr"


async def test_many_requests_at_once_are_read_one_by_one(client):
    answers = await asyncio.gather(*(client.post("/nothing") for _ in range(20)))

    assert {answer.status_code for answer in answers} == {200}


async def test_what_is_allowed_at_an_address_is_not_what_is_allowed_at_its_likeness(accord):
    """`/people/{person_id}` looks like `/people/invitations`, and is another."""
    answer = await accord.get("/people/invitations/")

    assert answer.status_code == 404
    assert (await accord.patch("/people/invitations")).headers["allow"] == "POST"
