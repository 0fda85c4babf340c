"""Sessions: where a person is signed in, and signing out there; an administrator may for anybody.

The browser is what it said of itself, kept with the session and gone with it.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from commands.office import Office
from schemas.errors import Forbidden, NotFound
from schemas.events import EventType
from schemas.people import Actor, Role, Viewer
from schemas.values import instant, some_instant
from store import sessions
from store.chain import append, installation_event
from store.tables import PersonRow, TokenRow


async def mine(office: Office, viewer: Viewer, token: str) -> list[dict[str, Any]]:
    """One's own sessions, the newest first; `current` is that of *token*."""
    async with office.database.reading() as session:
        rows = await sessions.of_person(session, viewer.id, office.now())
    return [_shown(row, token) for row in rows]


async def end(office: Office, viewer: Viewer, session_id: str) -> None:
    """End one of one's own sessions; NotFound where there is none of this id any more."""
    async with office.database.writing() as session:
        rows = await sessions.of_person(session, viewer.id, office.now())
        found = [row for row in rows if sessions.id_of(row) == session_id]
        if not found:
            raise NotFound
        await _end(session, office, viewer.id, found, by=viewer)


async def end_others(office: Office, viewer: Viewer, token: str) -> int:
    """End every session of one's own but that of *token*; returns how many."""
    async with office.database.writing() as session:
        rows = await sessions.of_person(session, viewer.id, office.now())
        others = [row for row in rows if not sessions.is_of(row, token)]
        await _end(session, office, viewer.id, others, by=viewer)
    return len(others)


async def end_all_of(office: Office, viewer: Viewer, person_id: str) -> int:
    """End every session of a person (administrator); they may sign in again. Returns how many."""
    if not viewer.holds(Role.ADMINISTRATOR):
        raise Forbidden("administrators_only")
    async with office.database.writing() as session:
        if await session.get(PersonRow, person_id) is None:
            raise NotFound
        rows = await sessions.of_person(session, person_id, office.now())
        await _end(session, office, person_id, rows, by=viewer)
    return len(rows)


async def _end(
    session: AsyncSession, office: Office, person: str, rows: Sequence[TokenRow], *, by: Viewer
) -> None:
    if not rows:
        return
    now = office.now()
    await sessions.end(session, rows)
    event = installation_event(
        EventType.SESSIONS_ENDED,
        Actor(id=by.id, organization=by.organization),
        f"sessions-ended:{secrets.token_hex(12)}",
        now,
        data={"person": person, "count": len(rows)},
    )
    await append(session, event, now=now)


def _shown(row: TokenRow, token: str) -> dict[str, Any]:
    return {
        "id": sessions.id_of(row),
        "since": some_instant(row.since),
        "used_at": some_instant(row.used_at),
        "expires_at": instant(row.expires_at),
        "agent": row.agent,
        "current": sessions.is_of(row, token),
    }
