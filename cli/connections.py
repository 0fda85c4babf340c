"""Connections of clients that are slow, half gone, unreadable or many: what uvicorn leaves open.

A body that trickles is the business of `api.edge`, which knows what is being read.
"""

import asyncio
import resource
import sys
from typing import Any

import h11
from starlette.requests import Request
from uvicorn.protocols.http.h11_impl import H11Protocol

from api.edge import HEADERS
from api.errors import problem

KEEP_ALIVE_SECONDS = 75
HEAD_SECONDS = 20
"""Longer than any honest client needs for one packet; a proxy in front sends heads whole."""
_files, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
MOST_CONNECTIONS = 500 if _files == resource.RLIM_INFINITY else min(500, _files // 2)
"""At most half of the files that this process may open: the database needs some too."""


class Connection(H11Protocol):
    """One connection, which answers a client that has shut down its own side.

    It is closed when the head of a request takes longer than `head_seconds`. Beyond
    `most_connections` the one that has waited longest for a request gives way to a new one; when
    all are being answered, the new one is told to come back.
    """

    head_seconds: float = HEAD_SECONDS
    most_connections: int = MOST_CONNECTIONS

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._head_due: asyncio.TimerHandle | None = None
        self._waits_since = self.loop.time()
        self._client_has_ended = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        if len(self.connections) > self.most_connections and not self._make_room():
            self._refuse(503, "unavailable")
            return
        self._expect_head()

    def connection_lost(self, exc: Exception | None) -> None:
        self._expect_nothing()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self.transport.is_closing():
            return
        super().data_received(data)
        if self._is_waiting:
            self._expect_head()

    def handle_events(self) -> None:
        super().handle_events()
        if not self._is_waiting:
            self._expect_nothing()

    def eof_received(self) -> bool | None:  # type: ignore[override]
        """Keep the connection for the answer where the whole request has come."""
        self._client_has_ended = True
        return self._is_answering and not self.cycle.more_body

    def on_response_complete(self) -> None:
        super().on_response_complete()
        self._waits_since = self.loop.time()
        if self._client_has_ended and not self._is_answering and not self.transport.is_closing():
            self._unset_keepalive_if_required()
            self.transport.close()

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002 - ours is a problem
        """What h11 refuses to read: 431 for a head without end, else 400."""
        hint = getattr(sys.exc_info()[1], "error_status_hint", 400)
        if hint == 431:  # noqa: PLR2004
            self._refuse(431, "head_too_large")
        else:
            self._refuse(400, "unreadable_request")

    @property
    def _is_waiting(self) -> bool:
        """Whether a request is yet to come, or its head yet to end."""
        return self.conn.their_state is h11.IDLE and not self._is_answering

    @property
    def _is_answering(self) -> bool:
        return self.cycle is not None and not self.cycle.response_complete

    def _expect_head(self) -> None:
        if self._head_due is None:
            self._head_due = self.loop.call_later(self.head_seconds, self._give_up)

    def _expect_nothing(self) -> None:
        if self._head_due is not None:
            self._head_due.cancel()
            self._head_due = None

    def _give_up(self) -> None:
        has_begun = bool(self.conn.trailing_data[0])
        if has_begun:
            self._refuse(408, "request_too_slow")
        else:
            self.transport.close()

    def _make_room(self) -> bool:
        """Close the connection that has waited longest; False where none waits."""
        others = [
            each
            for each in self.connections
            if isinstance(each, Connection)
            and each is not self
            and each._is_waiting  # noqa: SLF001 - another of the same kind
            and not each.transport.is_closing()
        ]
        if not others:
            return False
        min(others, key=lambda each: each._waits_since).transport.close()  # noqa: SLF001
        return True

    def _refuse(self, status: int, code: str) -> None:
        """Answer for the application, as far as an answer has not begun, and close."""
        self._expect_nothing()
        if self.transport.is_closing():
            return
        if self._is_answering:
            self.cycle.disconnected = True
        if self.conn.our_state in (h11.IDLE, h11.SEND_RESPONSE):
            answer = problem(Request({"type": "http", "headers": []}), status, code)
            headers = [
                *answer.raw_headers,
                *((name.lower().encode(), value.encode()) for name, value in HEADERS.items()),
                (b"connection", b"close"),
            ]
            for event in (
                h11.Response(status_code=status, headers=headers),
                h11.Data(data=bytes(answer.body)),
                h11.EndOfMessage(),
            ):
                self.transport.write(self.conn.send(event) or b"")
        self.transport.close()
