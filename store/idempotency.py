"""The first answers to people's idempotency keys.

A row without a status is a request under way. Its process touches it while it works, so that
what a dead process left is told from what still runs.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlmodel import col, delete, update
from sqlmodel.ext.asyncio.session import AsyncSession

from schemas.errors import Refused
from store.tables import IdempotencyRow

KEPT_FOR = timedelta(days=7)
TOUCHED_EVERY = timedelta(seconds=1)
ABANDONED_AFTER = timedelta(seconds=3)


class Standing(StrEnum):
    MINE = "mine"
    """The caller answers this request now."""
    UNDER_WAY = "under_way"
    """Another process is answering it."""


@dataclass(frozen=True)
class Asked:
    """One request under a person's key; `request` is the digest of method, path and body."""

    person: str
    key: str
    request: str


@dataclass(frozen=True)
class Kept:
    """An answer as it was first given."""

    status: int
    headers: dict[str, str]
    body: str


async def take(session: AsyncSession, asked: Asked, now: datetime) -> Kept | Standing:
    """The kept answer, or whose turn it is to make one.

    What a dead process left is taken over: the acts themselves are repeatable by request id.
    """
    row = await session.get(IdempotencyRow, (asked.person, asked.key), with_for_update=True)
    if row is None or row.created_at + KEPT_FOR <= now:
        if row is not None:
            await session.delete(row)
            await session.flush()
        session.add(
            IdempotencyRow(
                person=asked.person, key=asked.key, request=asked.request, created_at=now
            )
        )
        return Standing.MINE
    if row.request != asked.request:
        raise Refused("idempotency_key_reused")
    if row.status is not None:
        return Kept(row.status, row.headers or {}, row.body or "")
    if row.created_at + ABANDONED_AFTER > now:
        return Standing.UNDER_WAY
    row.created_at = now
    session.add(row)
    return Standing.MINE


async def touch(session: AsyncSession, asked: Asked, now: datetime) -> None:
    """Say that the request is still worked on."""
    await session.exec(
        update(IdempotencyRow)
        .where(
            col(IdempotencyRow.person) == asked.person,
            col(IdempotencyRow.key) == asked.key,
            col(IdempotencyRow.request) == asked.request,
            col(IdempotencyRow.status).is_(None),
        )
        .values(created_at=now)
    )


async def keep(session: AsyncSession, asked: Asked, answer: Kept, now: datetime) -> None:
    """Keep the first answer; the same answer may be kept twice."""
    values: dict[str, Any] = {
        "request": asked.request,
        "status": answer.status,
        "headers": answer.headers,
        "body": answer.body,
        "created_at": now,
    }
    kept = await session.exec(
        update(IdempotencyRow)
        .where(
            col(IdempotencyRow.person) == asked.person,
            col(IdempotencyRow.key) == asked.key,
        )
        .values(**values)
    )
    if kept.rowcount == 0:
        session.add(IdempotencyRow(person=asked.person, key=asked.key, **values))


async def let_go(session: AsyncSession, asked: Asked) -> None:
    """Forget a request that was refused or failed: its key is free again."""
    await session.exec(
        delete(IdempotencyRow).where(
            col(IdempotencyRow.person) == asked.person,
            col(IdempotencyRow.key) == asked.key,
            col(IdempotencyRow.request) == asked.request,
            col(IdempotencyRow.status).is_(None),
        )
    )


async def forget_old(session: AsyncSession, now: datetime) -> None:
    """Drop the answers whose time is over."""
    await session.exec(
        delete(IdempotencyRow).where(col(IdempotencyRow.created_at) <= now - KEPT_FOR)
    )
