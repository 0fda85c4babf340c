"""Requests that may be repeated."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Annotated

import httpx
import pytest
import pytest_asyncio
from fastapi import Depends, FastAPI, Header, Request, Response
from sqlmodel import SQLModel

from api.answers import answered
from api.bodies import JsonBody
from api.errors import add_error_handlers
from api.idempotency import Once, Turns
from schemas.errors import Refused, Unavailable
from schemas.requests import ReasonRequest
from store import idempotency
from store.database import Database
from store.idempotency import Asked, Standing


@dataclass
class Acts:
    """A world that remembers how often it was asked, and by which request."""

    request_ids: list[str] = field(default_factory=list)
    failures: list[Exception] = field(default_factory=list)
    gate: asyncio.Event | None = None


class Keeper:
    def __init__(self, database: Database) -> None:
        self.database = database
        self.time = datetime(2026, 1, 1, tzinfo=UTC)

    def now(self) -> datetime:
        return self.time


@pytest_asyncio.fixture
async def keeper(tmp_path) -> AsyncIterator[Keeper]:
    database = Database(f"sqlite+aiosqlite:///{tmp_path / 'accord.sqlite'}")
    async with database.engine.begin() as connection:
        await connection.run_sync(SQLModel.metadata.create_all)
    yield Keeper(database)
    await database.close()


@pytest.fixture
def acts() -> Acts:
    return Acts()


@pytest_asyncio.fixture
async def client(keeper, acts) -> AsyncIterator[httpx.AsyncClient]:
    app = FastAPI()
    add_error_handlers(app)
    turns = Turns(patience=0.3)

    def once(
        request: Request,
        x_person: Annotated[str, Header()] = "ada",
        idempotency_key: Annotated[str | None, Header()] = None,
    ) -> Once:
        return Once(keeper, turns, request, x_person, idempotency_key)

    @app.post("/acts/{name}")
    async def act(
        name: str,
        once: Annotated[Once, Depends(once)],
        body: Annotated[ReasonRequest, Depends(JsonBody(ReasonRequest))],
    ) -> Response:
        async def work(request_id: str) -> Response:
            acts.request_ids.append(request_id)
            if acts.gate is not None:
                await acts.gate.wait()
            if acts.failures:
                raise acts.failures.pop()
            made = {"name": name, "reason": body.reason, "n": len(acts.request_ids)}
            return answered(made, status=201, version=3, location=f"/acts/{name}")

        return await once(work)

    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://accord") as client:
        yield client


async def ask(client, key="k-1", *, path="/acts/one", reason="because", person="ada"):
    headers = {"Idempotency-Key": key, "X-Person": person}
    return await client.post(path, json={"reason": reason}, headers=headers)


async def test_a_repeat_gets_the_first_answer_and_does_nothing(client, acts):
    first = await ask(client)
    second = await ask(client)

    assert len(acts.request_ids) == 1
    assert (second.status_code, second.content) == (first.status_code, first.content)
    assert second.headers["etag"] == first.headers["etag"] == '"3"'
    assert second.headers["location"] == "/api/v1/acts/one"


async def test_the_same_json_written_otherwise_is_the_same_request(client, acts):
    await ask(client)
    headers = {"Idempotency-Key": "k-1", "Content-Type": "application/json"}
    second = await client.post("/acts/one", content=b'{ "reason" : "because" }', headers=headers)

    assert second.status_code == 201
    assert len(acts.request_ids) == 1


@pytest.mark.parametrize(
    "other", [{"path": "/acts/two"}, {"reason": "another"}], ids=["path", "body"]
)
async def test_a_key_serves_one_request_only(client, acts, other):
    await ask(client)
    second = await ask(client, **other)

    assert (second.status_code, second.json()["code"]) == (409, "idempotency_key_reused")
    assert len(acts.request_ids) == 1


async def test_a_key_belongs_to_its_person(client, acts):
    await ask(client, person="ada")
    await ask(client, person="ben", reason="another")

    assert len(set(acts.request_ids)) == 2


@pytest.mark.parametrize(
    "failure", [Refused("held"), Unavailable("engine_unavailable"), None], ids=str
)
async def test_refusals_and_failures_are_not_kept(client, acts, failure):
    acts.failures = [failure] if failure else []
    first = await ask(client) if failure else None
    second = await ask(client, reason="another" if failure else "because")

    assert first is None or first.status_code in (409, 503)
    assert second.status_code == 201


async def test_a_repeat_has_the_request_id_of_the_first(client, acts):
    acts.failures = [Unavailable("engine_unavailable")]
    await ask(client)
    await ask(client)

    assert len(acts.request_ids) == 2
    assert len(set(acts.request_ids)) == 1


async def test_the_second_waits_for_the_first(client, acts):
    acts.gate = asyncio.Event()
    first = asyncio.create_task(ask(client))
    second = asyncio.create_task(ask(client))
    await asyncio.sleep(0.1)
    acts.gate.set()

    assert (await first).content == (await second).content
    assert len(acts.request_ids) == 1


async def test_who_waits_too_long_is_told_to_come_back(client, acts):
    acts.gate = asyncio.Event()
    first = asyncio.create_task(ask(client))
    await asyncio.sleep(0.05)
    second = await ask(client)
    acts.gate.set()
    await first

    assert (second.status_code, second.json()["code"]) == (503, "request_under_way")
    assert int(second.headers["retry-after"]) > 0


@pytest.mark.parametrize("key", ["", "x" * 65, "clé".encode("latin-1"), "a\tb"], ids=repr)
async def test_a_key_is_needed_and_is_printable_ascii(client, acts, key):
    answer = await ask(client, key)

    assert answer.status_code == 422
    assert answer.json()["code"].startswith("idempotency_key_")
    assert not acts.request_ids


async def test_without_a_key_nothing_is_done(client, acts):
    answer = await client.post("/acts/one", json={"reason": "because"})

    assert (answer.status_code, answer.json()["code"]) == (422, "idempotency_key_required")
    assert not acts.request_ids


async def test_what_a_dead_process_left_is_done_again(client, keeper, acts):
    answer = await ask(client)
    async with keeper.database.writing() as session:
        row = await session.get(idempotency.IdempotencyRow, ("ada", "k-1"))
        row.status, row.body, row.headers = None, None, None
        session.add(row)

    early = await ask(client)
    keeper.time += timedelta(seconds=10)
    late = await ask(client)

    assert early.status_code == 503  # it may still run in another process
    assert late.status_code == answer.status_code
    assert acts.request_ids[0] == acts.request_ids[1]


async def test_answers_are_kept_for_seven_days(client, keeper, acts):
    await ask(client)
    keeper.time += timedelta(days=6, hours=23)
    within = await ask(client)
    keeper.time += timedelta(hours=2)
    after = await ask(client, reason="another")

    assert (within.status_code, after.status_code) == (201, 201)
    assert len(acts.request_ids) == 2


async def test_only_one_process_takes_a_request(keeper):
    asked = Asked("ada", "k-1", "digest")
    async with keeper.database.writing() as session:
        first = await idempotency.take(session, asked, keeper.now())
    async with keeper.database.writing() as session:
        second = await idempotency.take(session, asked, keeper.now())

    assert (first, second) == (Standing.MINE, Standing.UNDER_WAY)


async def test_old_answers_are_forgotten(client, keeper):
    await ask(client)
    async with keeper.database.writing() as session:
        await idempotency.forget_old(session, keeper.now() + timedelta(days=8))
    async with keeper.database.reading() as session:
        row = await session.get(idempotency.IdempotencyRow, ("ada", "k-1"))

    assert row is None
