"""What the store tells a workflow: rows written with their cause, delivered until acknowledged."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, delete, exists, or_
from sqlalchemy.orm import aliased
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from store.tables import MessageRow

SUBMIT = "submit"
RESUBMIT = "resubmit"
LONGEST_PAUSE = timedelta(minutes=5)
KEPT_FOR = timedelta(days=30)
"""Longer than any idempotency key, so that a repeated submission finds its message."""


async def leave(
    session: AsyncSession,
    *,
    message_id: str,
    reference: str,
    kind: str,
    payload: dict[str, Any],
    now: datetime,
    held_for: timedelta = timedelta(0),
) -> None:
    """Leave a message; a second time under the same id changes nothing.

    *held_for* gives the request that caused it time to deliver it itself first.
    """
    if await session.get(MessageRow, message_id) is None:
        session.add(
            MessageRow(
                id=message_id,
                reference=reference,
                kind=kind,
                payload=payload,
                created_at=now,
                next_at=now + held_for,
            )
        )
        await session.flush()


async def due(session: AsyncSession, now: datetime, *, limit: int = 50) -> Sequence[MessageRow]:
    """Undelivered messages whose time has come; only the oldest of each proposal."""
    earlier = aliased(MessageRow)
    waits = exists().where(
        and_(
            col(earlier.reference) == col(MessageRow.reference),
            col(earlier.delivered_at).is_(None),
            or_(
                col(earlier.created_at) < col(MessageRow.created_at),
                and_(
                    col(earlier.created_at) == col(MessageRow.created_at),
                    col(earlier.id) < col(MessageRow.id),
                ),
            ),
        )
    )
    rows = await session.exec(
        select(MessageRow)
        .where(col(MessageRow.delivered_at).is_(None), col(MessageRow.next_at) <= now, ~waits)
        .order_by(col(MessageRow.next_at), col(MessageRow.id))
        .limit(limit)
    )
    return rows.all()


async def delivered(session: AsyncSession, message_id: str, now: datetime) -> None:
    row = await session.get(MessageRow, message_id)
    if row is not None and row.delivered_at is None:
        row.delivered_at, row.failure = now, None
        session.add(row)


async def failed(session: AsyncSession, message_id: str, code: str, now: datetime) -> None:
    """Try again later, with longer pauses, and say what failed."""
    row = await session.get(MessageRow, message_id)
    if row is not None and row.delivered_at is None:
        row.tries += 1
        row.failure = code
        row.next_at = now + min(timedelta(seconds=2 ** min(row.tries, 10) / 2), LONGEST_PAUSE)
        session.add(row)


async def refused(session: AsyncSession, message_id: str, code: str, now: datetime) -> None:
    """The rules will not take it, now or later: it is done with, and keeps saying why."""
    row = await session.get(MessageRow, message_id)
    if row is not None and row.delivered_at is None:
        row.tries += 1
        row.delivered_at, row.failure = now, code
        session.add(row)


async def forget_old(session: AsyncSession, now: datetime) -> None:
    """Drop what was taken long ago; what was refused stays until somebody has looked."""
    await session.exec(
        delete(MessageRow).where(
            col(MessageRow.delivered_at) <= now - KEPT_FOR, col(MessageRow.failure).is_(None)
        )
    )
