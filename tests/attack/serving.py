"""The API behind the server that `accord serve` runs, and clients that write bytes of their own."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from fastapi import FastAPI

from cli.connections import Connection
from cli.serving import server


@asynccontextmanager
async def served(app: FastAPI, **limits: Any) -> AsyncIterator[int]:
    """The port on which *app* is served; *limits* are attributes of a `Connection`."""
    kind = type("Limited", (Connection,), limits)
    serving = server(app, "127.0.0.1", 0, kind)
    # asyncio sends at once (TCP_NODELAY) only where the protocol is named.
    with socket.socket(proto=socket.IPPROTO_TCP) as listening:
        listening.bind(("127.0.0.1", 0))
        task = asyncio.create_task(serving.serve(sockets=[listening]))
        while not serving.started:  # noqa: ASYNC110 - uvicorn has no event for it
            await asyncio.sleep(0.005)
        try:
            yield int(listening.getsockname()[1])
        finally:
            serving.should_exit = True
            await task


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def code(self) -> str:
        return str(json.loads(self.body)["code"])


@dataclass
class Raw:
    """A connection on which everything may be said."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    async def send(self, said: bytes | str) -> None:
        self.writer.write(said.encode() if isinstance(said, str) else said)
        await self.writer.drain()

    def shut_down(self) -> None:
        """Nothing more will be sent; answers can still be read."""
        self.writer.write_eof()

    async def answer(self) -> Answer | None:
        """The next answer; None where the server has closed instead."""
        try:
            head = await self.reader.readuntil(b"\r\n\r\n")
        except (asyncio.IncompleteReadError, ConnectionError):
            return None
        first, *lines = head.decode().strip().split("\r\n")
        pairs = (line.partition(":") for line in lines)
        headers = {name.lower(): value.strip() for name, _, value in pairs}
        body = await self.reader.readexactly(int(headers.get("content-length", 0)))
        return Answer(int(first.split()[1]), headers, body)

    async def answers(self) -> AsyncIterator[Answer]:
        """Every answer until the server closes."""
        while (answer := await self.answer()) is not None:
            yield answer

    async def is_closed(self) -> bool:
        """Wait for the server to close; False where it says something instead."""
        try:
            return await self.reader.read(1) == b""
        except ConnectionError:
            return True


@asynccontextmanager
async def connected(port: int) -> AsyncIterator[Raw]:
    raw = Raw(*await asyncio.open_connection("127.0.0.1", port))
    try:
        yield raw
    finally:
        raw.writer.close()


def head(
    method: str, path: str, token: str | None = None, *lines: str, version: str = "1.1"
) -> str:
    """The head of a request, with its empty line."""
    said = [f"{method} /api/v1{path} HTTP/{version}", "Host: accord", *lines]
    if token is not None:
        said.append(f"Authorization: Bearer {token}")
    return "\r\n".join(said) + "\r\n\r\n"
