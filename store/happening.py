"""What was recorded lately, for whoever watches: no order that others could rely on, no gap.

An event is found by the instant of its recording. A transaction may commit later than another
that began after it, so every look goes back over the last moments, and knows what it has seen.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from store.tables import EventRow

OVERLAP = timedelta(seconds=60)
"""Longer than any transaction lasts, and than clocks of machines differ."""
MOST = 5_000


@dataclass(frozen=True)
class Happened:
    """An event, as far as a watcher must know: of what, and which people it names."""

    id: str
    subject: str
    people: frozenset[str]


class Lately:
    """Tells of each event once; what was recorded before the first look is not told."""

    def __init__(self) -> None:
        self._known: dict[str, datetime] | None = None
        self._since: datetime | None = None

    async def look(self, session: AsyncSession, now: datetime) -> Sequence[Happened]:
        since = (self._since or now) - OVERLAP
        row = EventRow
        connection = await session.connection()
        rows = (
            await connection.execute(
                select(col(row.id), col(row.subject), col(row.recorded_at), col(row.actor),
                       col(row.data))
                .where(col(row.recorded_at) >= since)
                .order_by(col(row.recorded_at), col(row.id))
                .limit(MOST)
            )
        ).all()  # fmt: skip
        first = self._known is None
        known = self._known or {}
        found = [
            Happened(event, subject, frozenset([actor, *_named(data)]))
            for event, subject, _, actor, data in rows
            if not first and event not in known
        ]
        self._known = {event: recorded_at for event, _, recorded_at, _, _ in rows}
        # A page that is full is gone on with; else the last moments are looked at again.
        self._since = rows[-1][2] + OVERLAP if len(rows) == MOST else now
        return found


def _named(data: dict[str, Any]) -> list[str]:
    return [each for each in data.values() if isinstance(each, str)]
