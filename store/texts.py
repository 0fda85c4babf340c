"""Free text and personal data beside the chain: salted, so that a digest tells nothing."""

import hashlib
import json
import secrets
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import delete
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from schemas.events import TextRef
from schemas.values import canonical
from store.tables import TextRow


def salted_digest(salt: str, body: str) -> str:
    return hashlib.sha256(bytes.fromhex(salt) + body.encode()).hexdigest()


async def put(
    session: AsyncSession, subject: str, text_id: str, body: Any, *, now: datetime
) -> TextRef:
    """Keep *body* (any JSON value) under *text_id*; a second time changes nothing."""
    return (await put_all(session, subject, {text_id: body}, now=now))[text_id]


async def put_all(
    session: AsyncSession, subject: str, bodies: Mapping[str, Any], *, now: datetime
) -> dict[str, TextRef]:
    """Keep each of *bodies* under its id, all at once; what is kept already stays as it is."""
    if not bodies:
        return {}
    known = await session.exec(select(TextRow).where(col(TextRow.id).in_(list(bodies))))
    rows = {row.id: row for row in known}
    for text_id, body in bodies.items():
        if text_id in rows:
            continue
        salt, written = secrets.token_hex(16), canonical(body).decode()
        rows[text_id] = TextRow(
            id=text_id,
            subject=subject,
            salt=salt,
            digest=salted_digest(salt, written),
            body=written,
            stored_at=now,
        )
        session.add(rows[text_id])
    await session.flush()
    return {text_id: TextRef(id=text_id, digest=row.digest) for text_id, row in rows.items()}


async def read(session: AsyncSession, ids: Iterable[str]) -> dict[str, Any]:
    """The bodies of the texts *ids*; one that was disposed of is missing."""
    wanted = list(ids)
    if not wanted:
        return {}
    rows = await session.exec(select(TextRow).where(col(TextRow.id).in_(wanted)))
    return {row.id: json.loads(row.body) for row in rows if row.body is not None}


async def read_one(session: AsyncSession, text_id: str) -> Any | None:
    """The body of one text, which a reading session asks for once; None if it was disposed of."""
    row = await session.get(TextRow, text_id)
    return None if row is None or row.body is None else json.loads(row.body)


async def ref(session: AsyncSession, text_id: str) -> TextRef:
    """How an event names a text that is kept."""
    row = await session.get_one(TextRow, text_id)
    return TextRef(id=row.id, digest=row.digest)


async def drop_unused(session: AsyncSession, ids: Iterable[str]) -> None:
    """Forget texts of an act that was refused; the caller knows that no event names them."""
    await session.exec(delete(TextRow).where(col(TextRow.id).in_(list(ids))))
