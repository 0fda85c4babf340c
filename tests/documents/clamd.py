"""A ClamAV daemon that remembers: speaks INSTREAM and PING on a real socket."""

import asyncio
import struct
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

EVIL = b"this is the harm that is looked for"
"""What this daemon takes for harm; kept harmless for the scanners of whoever has these files."""


@dataclass
class Clamd:
    """Where it listens, and what it was asked to look at."""

    address: str = ""
    scanned: list[bytes] = field(default_factory=list)
    says: bytes | None = None
    """What it answers whatever it is sent; None: what it found."""

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            command = await reader.readuntil(b"\0")
            if command == b"zPING\0":
                writer.write(b"PONG\0")
            elif command == b"zINSTREAM\0":
                data = await self._stream(reader)
                self.scanned.append(data)
                found = b"Invented.Harm FOUND" if EVIL in data else b"OK"
                writer.write(self.says if self.says is not None else b"stream: " + found + b"\0")
            await writer.drain()
        finally:
            writer.close()

    @staticmethod
    async def _stream(reader: asyncio.StreamReader) -> bytes:
        data = b""
        while True:
            (size,) = struct.unpack("!I", await reader.readexactly(4))
            if not size:
                return data
            data += await reader.readexactly(size)


@asynccontextmanager
async def a_clamd(socket: Path | None = None) -> AsyncIterator[Clamd]:
    """One that listens on loopback, or on a local *socket*."""
    clamd = Clamd()
    if socket is None:
        server = await asyncio.start_server(clamd.serve, "127.0.0.1", 0)
        clamd.address = f"127.0.0.1:{server.sockets[0].getsockname()[1]}"
    else:
        server = await asyncio.start_unix_server(clamd.serve, socket)
        clamd.address = str(socket)
    async with server:
        yield clamd
