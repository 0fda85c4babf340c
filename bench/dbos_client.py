"""Starts the peer's processes and tells its client what to run."""

import asyncio
import json
from pathlib import Path
from typing import Any

from bench import machine
from bench.machine import Part
from bench.sample import Sample

_PEER = Path(__file__).with_name("dbos_peer.py")
_READY = "dbos ready"


class Dbos:
    """PostgreSQL, a worker and a client of DBOS, each a process of its own."""

    def __init__(self, python: Path, logs: Path) -> None:
        self._python = python
        self._logs = logs
        self.parts: list[Part] = []

    async def start(self, data: Path) -> None:
        database = await self._part("postgresql", "postgres", str(data))
        process, url = _after(database.log.read_text(), _READY).split()[:2]
        database.daemon = int(process)
        url = url.replace("postgresql://", "postgresql+psycopg://")
        self.parts.append(database)
        self.parts.append(await self._part("dbos worker", "work", url))
        self.parts.append(await self._part("dbos client", "drive", url))

    async def drive(self, proposals: int, at_a_time: int, updates: int) -> Sample:
        client = self.parts[-1]
        before = len(_told(client))
        asked = {"proposals": proposals, "at_a_time": at_a_time, "updates": updates}
        assert client.process.stdin is not None  # noqa: S101 - opened as a pipe
        client.process.stdin.write(json.dumps(asked).encode() + b"\n")
        client.process.stdin.flush()
        while len(lines := _told(client)) <= before:
            if client.process.poll() is not None:
                raise RuntimeError(client.log.read_text()[-2000:])
            await asyncio.sleep(0.05)
        told: dict[str, Any] = json.loads(lines[before])
        return Sample(proposals, at_a_time, told["seconds"], told["latencies"], updates=updates)

    def end(self) -> None:
        for part in reversed(self.parts):
            if part.process.stdin is not None:
                part.process.stdin.close()
        for part in reversed(self.parts):
            part.process.wait(30)

    async def _part(self, name: str, role: str, argument: str) -> Part:
        command = [str(self._python), str(_PEER), role, argument]
        return await machine.start(name, command, self._logs, _READY)


def _told(client: Part) -> list[str]:
    """Its whole answers; between them it may warn of something."""
    lines = client.log.read_text().splitlines(keepends=True)
    return [line for line in lines if line.startswith("{") and line.endswith("\n")]


def _after(text: str, mark: str) -> str:
    return text[text.index(mark) + len(mark) :]
