"""What the store tells a workflow: rows written with their cause, delivered until acknowledged.

Beside them stand *acts under way*: written with an act's words before the engine hears of it,
and gone with the recording of what it did. One that stays behind says that whoever asked died
in between, and that somebody else must look.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, bindparam, delete, exists, or_, update
from sqlalchemy.orm import aliased
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from store.tables import MessageRow

SUBMIT = "submit"
RESUBMIT = "resubmit"
ACT = "act"
BEGIN = "begin"
"""The agreement of a proposal that both have signed is to begin (decision 0019)."""
APART = (ACT, BEGIN)
"""What neither waits for another message nor keeps one waiting."""
LONGEST_PAUSE = timedelta(minutes=5)
KEPT_FOR = timedelta(days=30)
"""Longer than any idempotency key, so that a repeated submission finds its message."""
_END = delete(MessageRow).where(col(MessageRow.id) == bindparam("act"), col(MessageRow.kind) == ACT)
_ACT_IS_ITS_ASKERS = timedelta(seconds=20)
"""Longer than a gateway waits for the engine, and the store for its lock after it."""
_LOOKS = 4
"""An engine that was away may take late what it was told: so often somebody looks again."""


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


async def begin(session: AsyncSession, act_id: str, reference: str, now: datetime) -> None:
    """An act is about to be told to the engine under this request id."""
    await leave(
        session,
        message_id=act_id,
        reference=reference,
        kind=ACT,
        payload={},
        now=now,
        held_for=_ACT_IS_ITS_ASKERS,
    )


async def end(session: AsyncSession, act_id: str) -> None:
    """What the act did is in the store, or the rules refused it."""
    await session.exec(_END, params={"act": act_id})


async def begins(session: AsyncSession, reference: str, at: datetime, now: datetime) -> None:
    """The agreement of *reference* may begin, at *at* or soon after: then somebody looks."""
    known = await session.get(MessageRow, f"{BEGIN}-{reference}")
    if known is None:
        await leave(
            session,
            message_id=f"{BEGIN}-{reference}",
            reference=reference,
            kind=BEGIN,
            payload={},
            now=now,
            held_for=max(at - now, timedelta(0)),
        )
        return
    known.payload, known.failure, known.delivered_at = {}, None, None
    known.next_at = max(at, now)
    session.add(known)


async def look_again(session: AsyncSession, row: MessageRow, now: datetime) -> None:
    """Nothing was to be begun yet: look again, after longer and longer, unless hastened since."""
    looks = row.payload.get("looks", 0) + 1
    pause = min(timedelta(seconds=2 ** min(looks, 10) / 4), LONGEST_PAUSE)
    await session.exec(
        update(MessageRow)
        .where(
            col(MessageRow.id) == row.id,
            col(MessageRow.delivered_at).is_(None),
            col(MessageRow.next_at) == row.next_at,
        )
        .values(payload={"looks": looks}, next_at=now + pause)
        .execution_options(synchronize_session=False)
    )


async def looked(session: AsyncSession, act_id: str, now: datetime) -> None:
    """What the engine had of the act's proposal is recorded: look again, a few times."""
    row = await session.get(MessageRow, act_id)
    if row is None:
        return
    looks = row.payload.get("looks", 0) + 1
    if looks >= _LOOKS:
        await session.delete(row)
        return
    row.payload, row.failure = {"looks": looks}, None
    row.next_at = now + _ACT_IS_ITS_ASKERS
    session.add(row)


async def due(session: AsyncSession, now: datetime, *, limit: int = 50) -> Sequence[MessageRow]:
    """What is to be delivered now; of a proposal's messages only the oldest.

    An act under way, and an agreement that is to begin, neither wait for a message nor keep one
    waiting.
    """
    earlier = aliased(MessageRow)
    waits = exists().where(
        and_(
            col(earlier.reference) == col(MessageRow.reference),
            col(earlier.delivered_at).is_(None),
            col(earlier.kind).not_in(APART),
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
        .where(
            col(MessageRow.delivered_at).is_(None),
            col(MessageRow.next_at) <= now,
            or_(col(MessageRow.kind).in_(APART), ~waits),
        )
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


async def hasten(session: AsyncSession, reference: str, now: datetime) -> None:
    """What waits for its next try is due now; an act under way stays its asker's."""
    await session.exec(
        update(MessageRow)
        .where(
            col(MessageRow.reference) == reference,
            col(MessageRow.delivered_at).is_(None),
            col(MessageRow.kind) != ACT,
            col(MessageRow.next_at) > now,
        )
        .values(next_at=now)
        .execution_options(synchronize_session=False)
    )


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
