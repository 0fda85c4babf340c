"""One log line per answered request, and what it may hold."""

import asyncio
import json
import logging

import httpx
import pytest
import structlog
from fastapi import FastAPI

from api.edge import Edge


@pytest.fixture
async def client():
    app = FastAPI()

    @app.get("/health/ready")
    @app.get("/proposals/{reference}")
    @app.get("/tasks/{task_id}")
    async def answer() -> str:
        return "yes"

    app.add_middleware(Edge)
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app), base_url="http://accord"
    ) as client:
        yield client


async def logged(client, path):
    with structlog.testing.capture_logs() as lines:
        await client.get(path)
    return [line for line in lines if line["event"] == "request_answered"]


@pytest.mark.parametrize(
    ("path", "proposal"),
    [
        pytest.param("/proposals/CTCBP-2026-000123", "CTCBP-2026-000123", id="a proposal"),
        pytest.param("/proposals/ACCBP-HSE-2026-000001", "ACCBP-HSE-2026-000001", id="a hyphen"),
        pytest.param("/tasks/CTCBP-2026-000123-TK5ZQ2WEA", "CTCBP-2026-000123", id="its task"),
        pytest.param("/tasks/CTCBP-2026-000123-T07", "CTCBP-2026-000123", id="an old task"),
        pytest.param("/proposals/Words%20of%20a%20person", None, id="anything else"),
    ],
)
async def test_a_request_is_logged_with_the_reference_it_names(client, path, proposal):
    (line,) = await logged(client, path)

    assert line["proposal"] == proposal
    assert line["log_level"] == logging.getLevelName(logging.INFO).lower()


async def test_asking_for_health_does_not_fill_the_log(client):
    (line,) = await logged(client, "/health/ready")

    assert line["log_level"] == "debug"


async def test_what_an_ending_service_cuts_off_may_be_asked_again():
    waits, told = asyncio.Event(), []
    app = FastAPI()

    @app.get("/tasks")
    async def answer() -> str:
        waits.set()
        await asyncio.Event().wait()
        return "never"

    app.add_middleware(Edge)
    scope = {
        "type": "http", "method": "GET", "path": "/tasks", "headers": [], "query_string": b"",
        "http_version": "1.1", "scheme": "http", "server": ("accord", 80),
    }  # fmt: skip

    async def send(message):
        told.append(message)

    request = asyncio.create_task(app(scope, asyncio.Event().wait, send))
    await waits.wait()
    request.cancel()
    await request

    head, body = told
    assert head["status"] == 503
    assert (b"retry-after", b"2") in head["headers"]
    assert json.loads(body["body"])["code"] == "unavailable"
