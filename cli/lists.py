"""`accord lists import FILE...`: the operator brings lists into the store at the machine itself."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from commands.screening import OPERATOR, take_list
from schemas.errors import Malformed
from store.database import Database

_COUNTS = ("added", "changed", "metadata_only", "removed")


class HasDatabase(Protocol):
    """Settings, as far as they are needed here."""

    @property
    def database_url(self) -> str: ...


async def import_files(settings: HasDatabase, files: Sequence[Path]) -> bool:
    """Import each file under its own name as the list id; prints what changed.

    Returns whether all of them could be read; one that could not changes nothing.
    """
    database, fine = Database(settings.database_url), True
    try:
        for file in files:
            fine = await _import(database, file) and fine
    finally:
        await database.close()
    return fine


async def _import(database: Database, file: Path) -> bool:
    list_id = file.name.split(".")[0].lower().replace("-", "_")
    try:
        data = await asyncio.to_thread(file.read_bytes)
        answer = await take_list(database, OPERATOR, list_id, None, data, now=datetime.now(UTC))
    except OSError as error:
        print(f"{file}: {error.strerror}")  # noqa: T201 - told to the operator
        return False
    except Malformed as error:
        for gap in error.gaps:
            facts = ", ".join(f"{name} {value}" for name, value in gap.facts.items())
            print(f"{file}: {gap.code} ({facts})")  # noqa: T201 - told to the operator
        return False
    counts = ", ".join(f"{answer[key]} {key.replace('_', ' ')}" for key in _COUNTS)
    print(  # noqa: T201 - told to the operator
        f"{list_id}: {answer['entries']} entries; {counts};"
        f" {answer['rescreening']} proposals to screen again"
    )
    return True
