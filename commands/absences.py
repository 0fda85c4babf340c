"""Out of office: what a person says of themselves, and what follows for the tasks they hold.

Whoever is away keeps every right, and may still act; they are not drawn as a substitute, and
what they held before they left goes to who stands in for them, else back to the group.
"""

from __future__ import annotations

from typing import Any

from commands import rerouting
from commands.office import Office
from schemas.errors import Forbidden, Gap, Malformed, Stale
from schemas.events import EventType
from schemas.people import Actor, Viewer
from schemas.requests import AbsenceRequest
from store import delegations
from store.chain import append, installation_event
from store.tables import AbsenceRow


async def absence(office: Office, viewer: Viewer) -> dict[str, Any]:
    """When one is out of office; both days are null where one is not."""
    async with office.database.reading() as session:
        return _shown(office, await session.get(AbsenceRow, viewer.id))


async def put(
    office: Office, viewer: Viewer, asked: AbsenceRequest, version: int
) -> dict[str, Any]:
    """Say when one is out of office, in place of what was said before."""
    if not viewer.is_staff:
        raise Forbidden("staff_only")
    if asked.ends_on is not None and asked.ends_on < asked.starts_on:
        raise Malformed(Gap(pointer="/ends_on", code="ends_before_start"))
    if asked.ends_on is not None and asked.ends_on < office.today():
        raise Malformed(Gap(pointer="/ends_on", code="ends_in_the_past"))
    return await _write(office, viewer, asked, version)


async def take_back(office: Office, viewer: Viewer) -> None:
    """One is back; nothing to take back is no error."""
    await _write(office, viewer, None, None)


async def _write(
    office: Office, viewer: Viewer, asked: AbsenceRequest | None, version: int | None
) -> dict[str, Any]:
    now = office.now()
    async with office.database.writing() as session:
        row = await session.get(AbsenceRow, viewer.id)
        if version is not None and version != (row.version if row else 0):
            raise Stale("stale_version", version=row.version if row else 0)
        if asked is None and (row is None or row.starts_on is None):
            return _shown(office, row)
        row = row or AbsenceRow(person=viewer.id, version=0, set_at=now)
        row.starts_on = asked.starts_on if asked else None
        row.ends_on = asked.ends_on if asked else None
        row.set_at, row.version = now, row.version + 1
        session.add(row)
        await session.flush()
        data = {"person": viewer.id}
        if asked is not None:
            data["starts_on"] = asked.starts_on.isoformat()
            data |= {"ends_on": asked.ends_on.isoformat()} if asked.ends_on else {}
        event = installation_event(
            EventType.ABSENCE_SET if asked else EventType.ABSENCE_ENDED,
            Actor(id=viewer.id),
            f"absence:{viewer.id}:{row.version}",
            now,
            data=data,
        )
        await append(session, event, now=now)
        await rerouting.reroute_in(session, office)
        return _shown(office, row)


def _shown(office: Office, row: AbsenceRow | None) -> dict[str, Any]:
    starts_on = row.starts_on if row else None
    ends_on = row.ends_on if row else None
    return {
        "starts_on": starts_on.isoformat() if starts_on else None,
        "ends_on": ends_on.isoformat() if ends_on else None,
        "away": delegations.is_away(row, office.today()),
        "version": row.version if row else 0,
    }
