"""Asks a ClamAV daemon whether a file does harm (clamd's INSTREAM, over TCP or a local socket).

The file is sent in parts over a connection of its own; nothing of it is kept there.
"""

import asyncio
import struct
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import BinaryIO

import structlog

from schemas.errors import Unavailable

log = structlog.get_logger()

CONNECT_SECONDS = 5.0
ANSWER_SECONDS = 60.0
PING_SECONDS = 2.0
_CHUNK = 256 * 1024
_MOST_ANSWER = 4096
_END = b"\0"


class ClamdScanner:
    """The daemon at *address*: `host:port`, or the path of a local socket."""

    def __init__(self, address: str) -> None:
        self._address = address

    async def scan(self, file: BinaryIO) -> str | None:
        """The name of what the daemon found in *file*; None where it found nothing.

        Raises Unavailable where it cannot say: a file that was not looked at is not taken.
        """
        try:
            async with asyncio.timeout(ANSWER_SECONDS), self._connected() as (reader, writer):
                writer.write(b"zINSTREAM" + _END)
                file.seek(0)
                while chunk := await asyncio.to_thread(file.read, _CHUNK):
                    writer.write(struct.pack("!I", len(chunk)) + chunk)
                    await writer.drain()
                writer.write(struct.pack("!I", 0))
                await writer.drain()
                said = await _answer(reader)
        except (OSError, TimeoutError, ValueError) as failed:
            log.warning("scanner_away", failure=type(failed).__name__)
            raise Unavailable("scanner_unavailable", retry_after=30) from failed
        found = said.removeprefix("stream: ")
        if found == "OK":
            return None
        if found.endswith(" FOUND"):
            return found.removesuffix(" FOUND")
        log.warning("scanner_cannot_say", answer=said[:200])
        raise Unavailable("scanner_unavailable", retry_after=30)

    async def answers(self) -> bool:
        """Whether the daemon is there."""
        try:
            async with asyncio.timeout(PING_SECONDS), self._connected() as (reader, writer):
                writer.write(b"zPING" + _END)
                await writer.drain()
                return await _answer(reader) == "PONG"
        except (OSError, TimeoutError, ValueError):
            return False

    @asynccontextmanager
    async def _connected(
        self,
    ) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
        host, colon, port = self._address.rpartition(":")
        async with asyncio.timeout(CONNECT_SECONDS):
            if self._address.startswith("/"):
                streams = await asyncio.open_unix_connection(self._address)
            elif colon:
                streams = await asyncio.open_connection(host.strip("[]"), int(port))
            else:
                raise ValueError(self._address)
        try:
            yield streams
        finally:
            streams[1].close()
            with suppress(OSError):
                await streams[1].wait_closed()


async def _answer(reader: asyncio.StreamReader) -> str:
    """The one line that the daemon answers, which ends with a NUL."""
    said = await reader.read(_MOST_ANSWER)
    while said and not said.endswith(_END) and len(said) < _MOST_ANSWER:
        more = await reader.read(_MOST_ANSWER)
        if not more:
            break
        said += more
    if not said:
        raise ConnectionResetError
    return said.rstrip(_END).decode("utf-8", "replace").strip()
