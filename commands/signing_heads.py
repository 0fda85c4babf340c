"""Signing the heads of chains that have changed, so that a rewritten database is noticed."""

import asyncio
from datetime import datetime, timedelta

from sqlmodel import col, select

from commands.office import Office
from store.heads import Head
from store.tables import ChainHeadRow, EventRow

EVERY = timedelta(seconds=10)
"""What was recorded since the last signing is not protected yet."""
_OVERLAP = timedelta(minutes=5)
"""Transactions end after the instant they record; clocks of machines differ a little."""


async def sign_changed(office: Office) -> int:
    """Sign the heads that have changed since the last time; returns how many.

    Led by the holder of the housekeeping lease; a second signing of the same head is harmless.
    """
    if office.heads is None:
        return 0
    now = office.now()
    last = await asyncio.to_thread(office.heads.last)
    heads = await _changed(office, _since(last, now))
    known: dict[str, int] = office.memory.get("signed_heads", {})
    new = [head for head in heads if known.get(head.subject) != head.position]
    await asyncio.to_thread(office.heads.add_heads, office.signer, new, now)
    office.memory["heads_signed"] = office.memory.get("heads_signed", 0) + len(new)
    office.memory["signed_heads"] = {head.subject: head.position for head in heads}
    return len(new)


def _since(last: dict[str, object] | None, now: datetime) -> datetime | None:
    if last is None or last["more"]:
        return None  # nothing, or not all of it, was signed
    return min(datetime.fromisoformat(str(last["at"])), now) - _OVERLAP


async def _changed(office: Office, since: datetime | None) -> list[Head]:
    found = select(ChainHeadRow.subject, ChainHeadRow.position, ChainHeadRow.hash).order_by(
        col(ChainHeadRow.subject)
    )
    if since is not None:
        recent = select(EventRow.subject).where(col(EventRow.recorded_at) >= since)
        found = found.where(col(ChainHeadRow.subject).in_(recent))
    async with office.database.reading() as session:
        return [Head(*row) for row in await session.exec(found)]
