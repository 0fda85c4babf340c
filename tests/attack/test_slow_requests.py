"""Requests that come slowly, in part, or in shapes that no reader agrees on.

Nothing here waits for a time: what is slow is still under way when something else is answered.
"""

import asyncio
import json
from contextlib import AsyncExitStack

import pytest
import pytest_asyncio
from structlog.testing import capture_logs

from api.app import create_app
from cli.connections import MOST_CONNECTIONS
from tests.attack.serving import connected, head, served
from tests.journeys.client import CONTENT, a_key

SOON = 0.05
"""So little that what is slow is given up at once; nothing is asserted of it."""


@pytest_asyncio.fixture(scope="module")
async def port(client):
    async with served(create_app(client.installation.office)) as port:
        yield port


@pytest_asyncio.fixture
async def raw(port):
    async with connected(port) as raw:
        yield raw


@pytest.fixture
def token(client):
    return client.signatory.token


def draft(token, *lines):
    """The head and the body of a request that makes a draft; the head tells no length."""
    asked = ("Content-Type: application/json", f"Idempotency-Key: {a_key()}", *lines)
    return head("POST", "/proposals", token, *asked), json.dumps(CONTENT).encode()


async def an_ordinary_request_is_answered(port, token):
    async with connected(port) as raw:
        await raw.send(head("GET", "/me", token))
        answer = await raw.answer()
    assert answer is not None
    assert answer.status == 200


async def drafts(client):
    return len((await client.signatory.read("/proposals", params={"limit": "200"}))["items"])


# ---- slow


async def test_a_head_may_come_letter_by_letter(port, raw, token):
    for letter in head("GET", "/me", token):
        await raw.send(letter)
    await an_ordinary_request_is_answered(port, token)

    assert (await raw.answer()).status == 200


async def test_what_is_slow_or_silent_holds_nobody_up(port, token):
    third = MOST_CONNECTIONS // 6  # both ends of a connection are files of this process
    async with AsyncExitStack() as many:
        slow = [await many.enter_async_context(connected(port)) for _ in range(3 * third)]
        heads, bodies, silent = slow[:third], slow[third : 2 * third], slow[2 * third :]
        for each in heads:
            await each.send("GET /api/v1/me HTTP/1.1\r\nHost: acc")
        said, body = draft(token, f"Content-Length: {len(json.dumps(CONTENT))}")
        for each in bodies:
            await each.send(said.encode() + body[:40])

        await an_ordinary_request_is_answered(port, token)

        # None of them was given up meanwhile: those that go on are answered.
        await heads[0].send(f"ord\r\nAuthorization: Bearer {token}\r\n\r\n")
        assert (await heads[0].answer()).status == 200
        await bodies[0].send(body[40:])
        assert (await bodies[0].answer()).status == 201
        await silent[0].send(head("GET", "/me", token))
        assert (await silent[0].answer()).status == 200


async def test_a_head_that_never_ends_is_given_up(client):
    app = create_app(client.installation.office)
    async with served(app, head_seconds=SOON) as port, connected(port) as raw:
        await raw.send("GET /api/v1/me HTTP/1.1\r\nHost: accord\r\n")
        answer = await raw.answer()

        assert (answer.status, answer.code) == (408, "request_too_slow")
        assert answer.headers["content-type"] == "application/problem+json"
        assert await raw.is_closed()
        async with connected(port) as silent:
            assert await silent.is_closed()


@pytest.mark.parametrize("trickles", [False, True], ids=["stops", "trickles"])
async def test_a_body_that_never_ends_is_given_up(client, token, trickles):
    before = await drafts(client)
    app = create_app(client.installation.office, body_seconds=SOON)
    async with served(app) as port, connected(port) as raw:
        said, body = draft(token, "Content-Length: 100000")
        await raw.send(said.encode() + body[:40])

        async def trickle():
            while trickles:
                await raw.send(b" ")
                await asyncio.sleep(SOON / 10)  # far below the least rate

        trickling = asyncio.create_task(trickle())
        answer = await raw.answer()
        trickling.cancel()
        await asyncio.gather(trickling, return_exceptions=True)

    assert (answer.status, answer.code) == (408, "request_too_slow")
    assert answer.headers["connection"] == "close"
    assert await drafts(client) == before


async def test_the_key_of_a_body_that_never_came_is_free(client, token):
    """Whoever was too slow repeats the same request."""
    app = create_app(client.installation.office, body_seconds=SOON)
    said, body = draft(token, f"Content-Length: {len(json.dumps(CONTENT))}")
    async with served(app) as port:
        async with connected(port) as raw:
            await raw.send(said.encode() + body[:40])
            assert (await raw.answer()).status == 408
        async with connected(port) as raw:
            await raw.send(said.encode() + body)
            assert (await raw.answer()).status == 201


# ---- half gone


async def test_a_client_that_has_shut_down_its_side_is_answered(raw, token):
    await raw.send(head("GET", "/me", token))
    raw.shut_down()

    assert (await raw.answer()).status == 200
    assert await raw.is_closed()


async def test_so_is_one_whose_act_takes_its_time(client, raw, token):
    before = await drafts(client)
    said, body = draft(token, f"Content-Length: {len(json.dumps(CONTENT))}")
    await raw.send(said.encode() + body)
    raw.shut_down()

    assert (await raw.answer()).status == 201
    assert await drafts(client) == before + 1


async def test_so_are_requests_that_were_sent_ahead(raw, token):
    await raw.send(head("GET", "/me", token) + head("GET", "/programmes", token) + "GET ")
    raw.shut_down()

    assert [(await raw.answer()).status for _ in range(2)] == [200, 200]
    assert await raw.is_closed()


async def test_a_body_that_was_cut_short_does_nothing(client, port, token):
    before = await drafts(client)
    with capture_logs() as lines:
        async with connected(port) as raw:
            said, body = draft(token, "Content-Length: 100000")
            await raw.send(said.encode() + body)
            raw.shut_down()
            assert await raw.is_closed()
        while not [line for line in lines if line.get("status") == 499]:
            await an_ordinary_request_is_answered(port, token)

    assert await drafts(client) == before
    assert "error" not in {line["log_level"] for line in lines}


# ---- many


async def test_a_new_client_takes_the_place_of_the_one_that_waited_longest(client, token):
    app = create_app(client.installation.office)
    async with served(app, most_connections=3) as port, AsyncExitStack() as many:
        waiting = [await many.enter_async_context(connected(port)) for _ in range(3)]
        for each in waiting:
            await each.send(head("GET", "/me", token))
            assert (await each.answer()).status == 200

        await an_ordinary_request_is_answered(port, token)

        assert await waiting[0].is_closed()
        await waiting[2].send(head("GET", "/me", token))
        assert (await waiting[2].answer()).status == 200


async def test_when_all_are_being_answered_a_new_client_is_told_to_come_back(client, token):
    app = create_app(client.installation.office)
    length = f"Content-Length: {len(json.dumps(CONTENT))}"
    async with served(app, most_connections=2) as port, AsyncExitStack() as many:
        busy = [await many.enter_async_context(connected(port)) for _ in range(2)]
        for each in busy:
            said, body = draft(token, length, "Expect: 100-continue")
            await each.send(said)
            assert (await each.answer()).status == 100  # it is being read

        async with connected(port) as late:
            answer = await late.answer()

        assert (answer.status, answer.code) == (503, "unavailable")
        assert answer.headers["retry-after"] == "2"
        for each in busy:
            await each.send(body)
            assert (await each.answer()).status == 201


# ---- unreadable


@pytest.mark.parametrize(
    "said",
    [
        pytest.param("nonsense\r\n\r\n", id="no request"),
        pytest.param(b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", id="TLS"),
        pytest.param("GET /api/v1/me HTTP/1.1\r\n\r\n", id="no host"),
        pytest.param("GET /api/v1/me HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", id="two hosts"),
        pytest.param("GET /a b HTTP/1.1\r\nHost: a\r\n\r\n", id="a space in the address"),
        pytest.param("GET /a\x00b HTTP/1.1\r\nHost: a\r\n\r\n", id="NUL in the address"),
        pytest.param("GET /api/v1/me HTTP/1.1\r\nHost: a\r\nX: a\x00b\r\n\r\n", id="NUL"),
        pytest.param("GET /api/v1/me HTTP/1.1\r\nHost: a\r\nX : a\r\n\r\n", id="space in a name"),
        pytest.param("GET /api/v1/me HTTP/1.1\r\nHost: a\r\nno colon\r\n\r\n", id="no colon"),
    ],
)
async def test_what_is_no_request_is_refused(port, raw, token, said):
    await raw.send(said)
    answer = await raw.answer()

    assert (answer.status, answer.code) == (400, "unreadable_request")
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert await raw.is_closed()
    await an_ordinary_request_is_answered(port, token)


@pytest.mark.parametrize(
    "said",
    [
        pytest.param(head("GET", "/me?" + "x" * 100_000), id="address"),
        pytest.param(head("GET", "/me", None, "X-Long: " + "x" * 100_000), id="one header"),
        pytest.param(head("GET", "/me", None, *(f"X-{n}: y" for n in range(20_000))), id="many"),
    ],
)
async def test_a_head_without_end_is_refused(raw, said):
    sending = asyncio.create_task(raw.send(said))
    answer = await raw.answer()
    await asyncio.gather(sending, return_exceptions=True)

    assert answer is None or (answer.status, answer.code) == (431, "head_too_large")


async def test_garbage_behind_a_request_spoils_nothing_before_it(raw, token):
    await raw.send(head("GET", "/me", token) + "nonsense\r\n\r\n" + head("GET", "/me", token))

    first, second = await raw.answer(), await raw.answer()

    assert (first.status, second.status) == (200, 400)
    assert await raw.is_closed()


@pytest.mark.parametrize(
    ("lines", "rest"),
    [
        pytest.param(["Content-Length: 5", "Content-Length: 6"], b"", id="two lengths"),
        pytest.param(["Content-Length: 5, 6"], b"", id="two lengths in one"),
        pytest.param(["Content-Length: +5"], b"", id="a signed length"),
        pytest.param(["Content-Length: 0x5"], b"", id="a hexadecimal length"),
        pytest.param(["Content-Length: -1"], b"", id="a negative length"),
        pytest.param(["Content-Length: " + "9" * 30], b"", id="an endless length"),
        pytest.param(["Content-Length: 6", "Transfer-Encoding: chunked"], b"0\r\n\r\nG", id="both"),
        pytest.param(
            ["Transfer-Encoding: chunked", "Content-Length: 6"], b"0\r\n\r\nG", id="both, turned"
        ),
        pytest.param(
            ["Transfer-Encoding: chunked", "Transfer-Encoding: identity"], b"0\r\n\r\n", id="two"
        ),
        pytest.param(["Transfer-Encoding: xchunked"], b"0\r\n\r\n", id="an unknown encoding"),
        pytest.param(["Transfer-Encoding: chunked, gzip"], b"0\r\n\r\n", id="another one last"),
        pytest.param(["Transfer-Encoding : chunked"], b"0\r\n\r\n", id="a space before the colon"),
        pytest.param([" Transfer-Encoding: chunked"], b"0\r\n\r\n", id="a folded line"),
        pytest.param(["Transfer-Encoding: chunked"], b"xyz\r\n{}\r\n0\r\n\r\n", id="no size"),
        pytest.param(["Transfer-Encoding: chunked"], b"-2\r\n{}\r\n0\r\n\r\n", id="a signed size"),
        pytest.param(["Transfer-Encoding: chunked"], b"2\r\n{}xx0\r\n\r\n", id="a chunk too long"),
        pytest.param(
            ["Transfer-Encoding: chunked"], b"f" * 30 + b"\r\n{}\r\n0\r\n\r\n", id="a huge size"
        ),
    ],
)
async def test_a_body_whose_end_readers_could_see_elsewhere_is_refused(
    client, port, raw, token, lines, rest
):
    """What follows it is never taken for a request of its own (RFC 9112, section 11.2)."""
    before = await drafts(client)
    said, _ = draft(token, *lines)
    smuggled, body = draft(token, f"Content-Length: {len(json.dumps(CONTENT))}")

    with capture_logs() as logged:
        await raw.send(said.encode() + rest + smuggled.encode() + body)
        answers = [answer async for answer in raw.answers()]
        await an_ordinary_request_is_answered(port, token)

    assert {answer.status for answer in answers} <= {400}
    assert await drafts(client) == before
    assert "error" not in {line["log_level"] for line in logged}


async def test_chunks_are_read_as_one_body(raw, token):
    said, body = draft(token, "Transfer-Encoding: chunked")
    chunks = b"".join(
        b"%x\r\n%s\r\n" % (len(part), part) for part in (body[:100], body[100:101], body[101:])
    )
    await raw.send(said.encode() + chunks + b"0\r\n\r\n")

    assert (await raw.answer()).status == 201


async def test_an_announced_body_that_is_awaited_is_asked_for(raw, token):
    said, body = draft(token, f"Content-Length: {len(json.dumps(CONTENT))}", "Expect: 100-continue")
    await raw.send(said)
    assert (await raw.answer()).status == 100
    await raw.send(body)

    assert (await raw.answer()).status == 201
