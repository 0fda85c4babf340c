"""What was counted over many proposals, kept for a moment, apart for whoever sees something else.

Many readers of a large store then cost one count; nobody is answered with what was counted for
other eyes, since all that visibility rests on is part of the key.
"""

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from commands.office import Office
from schemas.people import Viewer
from store import figures

KEPT = timedelta(seconds=30)
MOST_KEPT = 200


@dataclass
class _Kept:
    made_at: datetime
    answer: "asyncio.Task[dict[str, Any]]"


async def counted(
    office: Office,
    viewer: Viewer,
    wanted: Any,
    count: Callable[[datetime], Coroutine[Any, Any, dict[str, Any]]],
) -> dict[str, Any]:
    """What *count* answers for *wanted* (hashable), at most KEPT old."""
    async with office.database.reading() as session:
        lost = await figures.recused_from(session, viewer.id)
    sight = (frozenset(viewer.grants), frozenset(viewer.delegated), lost)
    key = (sight, viewer.id if lost else None, wanted, office.today())
    kept: dict[Any, _Kept] = office.memory.setdefault("figures", {})
    known = kept.get(key)
    now = office.now()
    if known is None or not timedelta(0) <= now - known.made_at < KEPT or _failed(known):
        _forget(kept, now)
        known = kept[key] = _Kept(now, asyncio.create_task(count(now)))
    return await asyncio.shield(known.answer)


def _failed(known: _Kept) -> bool:
    done = known.answer
    return done.done() and (done.cancelled() or done.exception() is not None)


def _forget(kept: dict[Any, _Kept], now: datetime) -> None:
    for key in [key for key, each in kept.items() if now - each.made_at >= KEPT]:
        del kept[key]
    while len(kept) >= MOST_KEPT:
        del kept[next(iter(kept))]
