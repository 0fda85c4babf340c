"""What surrounds every request: its size, its headers, its log line, and the last resort."""

import asyncio
import re
import time
from collections.abc import Callable, Mapping
from contextlib import suppress

import structlog
from opentelemetry import trace
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.answers import PREFIX
from api.bodies import TooSlow, Unreadable
from api.errors import problem, refusal, unavailable, unexpected
from schemas.errors import TooLarge

MOST_HEAD_BYTES = 16 * 1024
MOST_JSON_BYTES = 1024 * 1024
MOST_UPLOAD_BYTES = 26 * 1024 * 1024
MOST_DRAINED_BYTES = 64 * 1024 * 1024
DRAIN_SECONDS = 10.0
BODY_SECONDS = 30.0
LEAST_BYTES_A_SECOND = 1000
"""Of a body that takes longer than BODY_SECONDS: a poor line uploads, a trickle does not."""
CLIENT_LEFT = 499
"""What log and metrics are told of a request whose sender left before its end; nobody is answered.
"""

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Vary": "Accept-Language, Authorization",
}

log = structlog.get_logger()


Watch = Callable[[str, str, int, float], None]
"""What is told of every answered request: method, route template, status, seconds."""

# A reference, or the id of one of its tasks.
_REFERENCE = re.compile(
    r"^([A-Z][A-Z-]{1,20}-[0-9]{4}-[0-9]{6,12})(-T(?:[0-9]{2,6}|[A-Z2-7]{8}))?$", re.ASCII
)
_tracer = trace.get_tracer("accord.api")


class Edge:
    """Headers and one log line per request; a bug answers 500 and tells nothing.

    What a service that ends cuts off is answered 503: who asks again gets the answer.
    """

    def __init__(
        self,
        app: ASGIApp,
        watch: Watch | None = None,
        *,
        headers: Mapping[str, str] = HEADERS,
        prefix: str = PREFIX,
        bug: Callable[[Request, Exception], Response] = unexpected,
        away: Callable[[Request], Response] = unavailable,
    ) -> None:
        self._app = app
        self._watch = watch
        self._headers = headers
        self._prefix = prefix
        self._bug = bug
        self._away = away

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        with _tracer.start_as_current_span("request", kind=trace.SpanKind.SERVER) as span:
            await self._answer(scope, receive, send, span)

    async def _answer(self, scope: Scope, receive: Receive, send: Send, span: trace.Span) -> None:
        started = time.perf_counter()
        scope.setdefault("state", {})
        status = 0
        is_stream = False

        async def send_with_headers(message: Message) -> None:
            nonlocal status, is_stream
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers.setdefault(name, value)
                is_stream = headers.get("content-type", "").startswith("text/event-stream")
            await send(message)

        try:
            await self._app(scope, receive, send_with_headers)
        except ClientDisconnect:
            status = status or CLIENT_LEFT
        except asyncio.CancelledError:
            # The service ends, and waits no longer: what became of an act is not known yet.
            if status:
                raise
            await self._away(Request(scope))(scope, receive, send_with_headers)
        except Exception as error:  # noqa: BLE001 - the last resort: whatever it is, it is a bug
            answer = self._bug(Request(scope), error)
            if not status:
                await answer(scope, receive, send_with_headers)
        path = getattr(scope.get("route"), "path", None)
        route = f"{self._prefix}{path}" if path else None
        took = time.perf_counter() - started
        span.update_name(f"{scope['method']} {route or 'unknown'}")
        span.set_attribute("http.response.status_code", status)
        # Whoever watches over a service asks for its health every second.
        tell = log.debug if (path or "").startswith("/health/") else log.info
        tell(
            "request_answered",
            method=scope["method"],
            route=route,
            proposal=_proposal(scope),
            status=status,
            duration_ms=round(took * 1000, 1),
            person=scope["state"].get("person"),
        )
        # How long somebody listened says nothing of how long one waits for an answer.
        if self._watch is not None and not is_stream:
            self._watch(scope["method"], route or "unknown", status, took)


def _proposal(scope: Scope) -> str | None:
    """The reference that the path names; anything else in its place is not for the log."""
    named = scope.get("path_params") or {}
    found = _REFERENCE.match(str(named.get("reference") or named.get("task_id") or ""))
    return found[1] if found else None


class BodySize:
    """Refuses bodies above the limit of their kind while they are read, however they are sent.

    One that trickles is refused too, and one whose length is told twice: who stands in front may
    have believed the other (RFC 9112, section 6.1).

    What an answer did not wait for is read and thrown away first, within bounds: a client that
    is still sending would otherwise lose the answer to a broken connection.
    """

    def __init__(
        self,
        app: ASGIApp,
        most: int = MOST_JSON_BYTES,
        most_upload: int = MOST_UPLOAD_BYTES,
        seconds: float = BODY_SECONDS,
    ) -> None:
        self._app = app
        self._most = most
        self._most_upload = most_upload
        self._seconds = seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        is_upload = headers.get("content-type", "").lower().startswith("multipart/")
        most = self._most_upload if is_upload else self._most
        declared = headers.get("content-length", "")
        size = int(declared) if declared.isascii() and declared.isdigit() else 0
        if declared and "transfer-encoding" in headers:
            answer = refusal(Request(scope), Unreadable("unreadable_request"))
            answer.headers["Connection"] = "close"
            await answer(scope, receive, send)
            return
        if _head_size(scope) > MOST_HEAD_BYTES:
            answer = problem(Request(scope), 431, "head_too_large")
            answer.headers["Connection"] = "close"
            await answer(scope, receive, send)
            return
        has_body = size > 0 or "transfer-encoding" in headers
        began = asyncio.get_running_loop().time()
        seen = 0
        ended = not has_body
        is_slow = False

        async def receive_counted() -> Message:
            nonlocal seen, ended, is_slow
            if size > most:
                raise TooLarge("too_large", most=most)
            try:
                async with asyncio.timeout_at(
                    None if ended else began + self._seconds + seen / LEAST_BYTES_A_SECOND
                ):
                    message = await receive()
            except TimeoutError:
                is_slow = True
                raise TooSlow("request_too_slow") from None
            if message["type"] == "http.request":
                seen += len(message.get("body", b""))
                ended = not message.get("more_body", False)
                if seen > most:
                    raise TooLarge("too_large", most=most)
            else:
                ended = True
            return message

        async def send_after_body(message: Message) -> None:
            nonlocal ended
            if message["type"] == "http.response.start" and not ended:
                ended = True
                if is_slow or size > MOST_DRAINED_BYTES or not await _drain(receive):
                    MutableHeaders(scope=message)["Connection"] = "close"
            await send(message)

        await self._app(scope, receive_counted, send_after_body)


def _head_size(scope: Scope) -> int:
    address = len(scope.get("raw_path") or b"") + len(scope["query_string"])
    return address + sum(len(name) + len(value) for name, value in scope["headers"])


async def _drain(receive: Receive) -> bool:
    """Whether the body came to its end within bounds."""
    drained = 0
    with suppress(TimeoutError):
        async with asyncio.timeout(DRAIN_SECONDS):
            while drained <= MOST_DRAINED_BYTES:
                message = await receive()
                if message["type"] != "http.request" or not message.get("more_body", False):
                    return True
                drained += len(message.get("body", b""))
    return False
