"""Lists and names: importing a list, seeing which there are, checking one name.

What an import means for a proposal under way is worked out by its workflow, which is told here;
who a hit really is, a reviewer says (`commands.deciding`).
"""

from __future__ import annotations

import asyncio
import hashlib
import re
import secrets
from datetime import date, datetime
from typing import Any

from sqlmodel import col, select

from commands.office import Office
from policy import match_sentences
from policy.list_files import read_list
from policy.rules.clocks import toronto_day
from schemas.errors import Forbidden, Gap, Malformed, NotFound
from schemas.events import INSTALLATION, EventType
from schemas.people import Actor, Discipline, Role, Viewer
from schemas.values import instant
from store import lists as store
from store import people, rescreening, texts
from store.chain import append, installation_event
from store.database import Database
from store.tables import EventRow, RescreeningRow, SnapshotRow

OPERATOR = Actor(id="operator", role="operator")
"""Who acts at the command line of the machine itself."""
MOST_NAME_CHARACTERS = 400
MOST_WHY_CHARACTERS = 2000
_LIST_ID = re.compile(r"^[a-z][a-z0-9_]{0,63}$")
_TOLD = 100
"""Ids named per kind of change in the answer; the counts are always whole."""


async def import_list(
    office: Office,
    who: Viewer | Actor,
    list_id: str,
    name: str | tuple[str, str] | None,
    data: bytes,
    request_id: str | None = None,
) -> dict[str, Any]:
    """Make the file *data* the list's new snapshot, and have everything alive screened again.

    Only a new or changed identity asks for rescreening: a corrected listing date does not, and
    a delisting releases nothing by itself. The file that is the snapshot already changes nothing.
    """
    return await take_list(
        office.database, _importing(who), list_id, name, data,
        now=office.now(), request_id=request_id,
    )  # fmt: skip


async def take_list(
    database: Database,
    actor: Actor,
    list_id: str,
    name: str | tuple[str, str] | None,
    data: bytes,
    *,
    now: datetime,
    request_id: str | None = None,
) -> dict[str, Any]:
    """The same, for whoever may: the operator at the machine, or an import that was let in."""
    if not _LIST_ID.match(list_id):
        raise Malformed(Gap(pointer="/id", code="list_id_malformed"))
    names = (name, name) if isinstance(name, str) else name
    names = store.KNOWN.get(list_id) or names or (list_id, list_id)
    listed = await asyncio.to_thread(read_list, data)
    sha256 = hashlib.sha256(data).hexdigest()
    async with database.writing() as session:
        standing = await store.current(session, list_id)
        if standing is not None and standing.sha256 == sha256:
            return _changes(list_id, standing, store.Changes((), (), (), (), first=False), 0)
        snapshot, changes = await store.take(
            session, list_id, names, listed, sha256=sha256, imported_by=actor.id, now=now
        )
        asked = 0
        if changes.rescreening_needed:
            asked = await rescreening.begin(
                session, snapshot.id, {"list": list_id, "snapshot": snapshot.id}, now=now
            )
        answer = _changes(list_id, snapshot, changes, asked)
        event = installation_event(
            EventType.LIST_IMPORTED,
            actor,
            f"list:{snapshot.id}",
            now,
            data={key: value for key, value in answer.items() if key != "ids"},
            request_id=request_id,
        )
        await append(session, event, now=now)
    return answer


async def lists(office: Office, viewer: Viewer) -> list[dict[str, Any]]:
    """Every list, imported or not; all staff."""
    if not viewer.is_staff:
        raise Forbidden("staff_only")
    async with office.database.reading() as session:
        known = await store.known(session)
        current = [snapshot.id for _, snapshot, _ in known if snapshot is not None]
        asking = await rescreening.progress(session, current)
        return [
            {
                "id": row.id,
                "name": {"en": row.name_en, "fr": row.name_fr},
                "imported": snapshot is not None,
                "snapshot": snapshot.id if snapshot else None,
                "imported_at": instant(snapshot.imported_at) if snapshot else None,
                "imported_by": snapshot.imported_by if snapshot else None,
                "sha256": snapshot.sha256 if snapshot else None,
                "entries": snapshot.entries if snapshot else 0,
                "snapshots": count,
                "rescreening": _progress(asking.get(snapshot.id) if snapshot else None),
            }
            for row, snapshot, count in known
        ]


async def snapshots(office: Office, viewer: Viewer, list_id: str) -> list[dict[str, Any]]:
    """Every import of one list that changed it, the newest first, with what it changed."""
    if not viewer.is_staff:
        raise Forbidden("staff_only")
    async with office.database.reading() as session:
        known = {row.id for row, _, _ in await store.known(session)}
        if list_id not in known:
            raise NotFound
        rows = await session.exec(
            select(SnapshotRow)
            .where(SnapshotRow.list_id == list_id)
            .order_by(col(SnapshotRow.imported_at).desc())
        )
        kept = rows.all()
        told = await session.exec(
            select(EventRow).where(
                EventRow.subject == INSTALLATION,
                EventRow.type == EventType.LIST_IMPORTED,
                col(EventRow.source).in_([f"list:{row.id}" for row in kept]),
            )
        )
        changed = {row.data["snapshot"]: row.data for row in told}
        names = await people.names_of(session, {row.imported_by for row in kept})
    return [
        {
            "id": row.id,
            "imported_at": instant(row.imported_at),
            "imported_by": {"id": row.imported_by, "name": names.get(row.imported_by)},
            "sha256": row.sha256,
            "entries": row.entries,
            **{
                name: changed.get(row.id, {}).get(name)
                for name in ("added", "changed", "metadata_only", "removed")
            },
        }
        for row in kept
    ]


async def check_name(
    office: Office,
    viewer: Viewer,
    name: str,
    kind: str,
    birth_date: date | None,
    country: str | None,
    why: str,
) -> list[dict[str, Any]]:
    """Entries that *name* may be, at or above policy's threshold; who asked and why is kept."""
    if not viewer.holds(Role.REVIEWER, Discipline.SCREENING):
        raise Forbidden("screening_reviewers_only")
    gaps = [
        *_gaps("/name", name, MOST_NAME_CHARACTERS),
        *_gaps("/why", why, MOST_WHY_CHARACTERS),
    ]
    if kind not in ("person", "organization"):
        gaps.append(Gap(pointer="/kind", code="unknown_kind"))
    if gaps:
        raise Malformed(*gaps)
    now = office.now()
    threshold = float(office.catalogue.in_force(toronto_day(now)).screening.threshold)
    snapshots, matcher = await store.matcher_of(office.database)
    found = await asyncio.to_thread(matcher.candidates, name, kind, birth_date, country, threshold)
    key = f"name-check:{secrets.token_hex(12)}"
    async with office.database.writing() as session:
        asked = {
            "name": name,
            "kind": kind,
            "birth_date": birth_date.isoformat() if birth_date else None,
            "country": country,
        }
        said = {
            "asked": await texts.put(session, "installation", f"{key}:asked", asked, now=now),
            "why": await texts.put(session, "installation", f"{key}:why", why, now=now),
        }
        event = installation_event(
            EventType.NAME_CHECKED,
            Actor(id=viewer.id, role=Role.REVIEWER),
            key,
            now,
            data={"snapshots": list(snapshots), "candidates": len(found), "threshold": threshold},
            texts=said,
        )
        await append(session, event, now=now)
    return [
        {
            "list": scored.entry.list_id,
            "entry": scored.entry.entry,
            "name": scored.name,
            "kind": scored.entry.kind,
            "birth_dates": list(scored.entry.birth_dates),
            "countries": list(scored.entry.countries),
            "score": scored.score,
            "threshold": threshold,
            "features": scored.features,
            "explained": match_sentences.in_both(scored.features),
        }
        for scored in found
    ]


def _progress(row: RescreeningRow | None) -> dict[str, Any] | None:
    """How far the current snapshot has come in asking what is alive; None where it asked nobody."""
    if row is None:
        return None
    ended_at = instant(row.ended_at) if row.ended_at else None
    return {"asked": row.asked, "of": row.total, "ended_at": ended_at}


def _importing(who: Viewer | Actor) -> Actor:
    if isinstance(who, Actor):
        return who
    if who.holds(Role.ADMINISTRATOR):
        return Actor(id=who.id, role=Role.ADMINISTRATOR)
    if who.holds(Role.REVIEWER, Discipline.SCREENING):
        return Actor(id=who.id, role=Role.REVIEWER)
    raise Forbidden("may_not_import_lists")


def _changes(
    list_id: str, snapshot: SnapshotRow, changes: store.Changes, asked: int
) -> dict[str, Any]:
    return {
        "list": list_id,
        "snapshot": snapshot.id,
        "sha256": snapshot.sha256,
        "imported_at": instant(snapshot.imported_at),
        "entries": snapshot.entries,
        "added": len(changes.added),
        "changed": len(changes.changed),
        "metadata_only": len(changes.metadata_only),
        "removed": len(changes.removed),
        "ids": {
            "added": list(changes.added[:_TOLD]),
            "changed": list(changes.changed[:_TOLD]),
            "metadata_only": list(changes.metadata_only[:_TOLD]),
            "removed": list(changes.removed[:_TOLD]),
        },
        "rescreening": asked,
    }


def _gaps(pointer: str, value: str, most: int) -> list[Gap]:
    if not value.strip():
        return [Gap(pointer=pointer, code="missing")]
    if len(value) > most:
        return [Gap(pointer=pointer, code="too_long", facts={"most": most})]
    return []
