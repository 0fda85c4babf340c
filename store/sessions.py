"""Signed-in sessions as their person may know them: since when, with what, and how to end them.

Only the digest of a token is kept, so that a session is named by a digest of that.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlmodel import col, delete, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from schemas.values import digest
from store.people import token_digest
from store.tables import TokenRow


def id_of(row: TokenRow) -> str:
    """What a session is called; nothing of its token can be told from it."""
    return digest(["session", row.digest])[:24]


def is_of(row: TokenRow, token: str) -> bool:
    """Whether *token* is what one signed in with."""
    return row.digest == token_digest(token)


async def of_person(session: AsyncSession, person: str, now: datetime) -> Sequence[TokenRow]:
    """The person's sessions that run, the newest first."""
    found = await session.exec(
        select(TokenRow)
        .where(TokenRow.person == person, TokenRow.expires_at > now)
        .order_by(col(TokenRow.expires_at).desc(), TokenRow.digest)
    )
    return found.all()


async def end(session: AsyncSession, rows: Iterable[TokenRow]) -> None:
    """End these sessions; one that has ended meanwhile stays so."""
    digests = [row.digest for row in rows]
    await session.exec(delete(TokenRow).where(col(TokenRow.digest).in_(digests)))


async def used(session: AsyncSession, token: str, now: datetime) -> None:
    """Remember that the session of *token* was used."""
    await session.exec(
        update(TokenRow).where(col(TokenRow.digest) == token_digest(token)).values(used_at=now)
    )
