"""Sanctions and terrorist lists: which are known, their dated snapshots, their entries now.

What in a file is an entry is told by `policy.list_files`; whom it may be by `policy.matching`.
"""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from weakref import WeakKeyDictionary

from sqlalchemy import func
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from policy.list_changes import Standing, compare
from policy.list_files import ListedEntry
from policy.matching import Entry, Matcher
from store import texts
from store.database import Database
from store.tables import ListEntryRow, ListRow, SnapshotRow

KNOWN = {
    "ca_sema": (
        "Consolidated Canadian Autonomous Sanctions List",
        "Liste consolidée des sanctions autonomes canadiennes",
    ),
    "ca_terrorist": ("Listed Terrorist Entities", "Entités terroristes inscrites"),
    "un_sc": (
        "United Nations Security Council Consolidated List",
        "Liste récapitulative du Conseil de sécurité des Nations Unies",
    ),
}
"""Lists that a department must have: shown before their first import, so that a gap is seen."""


@dataclass(frozen=True)
class Changes:
    """What an import changed, by entry id."""

    added: tuple[str, ...]
    changed: tuple[str, ...]
    """The identity is another: judgements about them no longer hold."""
    metadata_only: tuple[str, ...]
    removed: tuple[str, ...]
    first: bool

    @property
    def rescreening_needed(self) -> bool:
        return self.first or bool(self.added or self.changed)


async def snapshot_ids(session: AsyncSession) -> tuple[str, ...]:
    """The current snapshot of every imported list."""
    found = await session.exec(
        select(ListRow.snapshot).where(col(ListRow.snapshot).is_not(None)).order_by(ListRow.id)
    )
    return tuple(snapshot for snapshot in found if snapshot is not None)


async def entries(session: AsyncSession) -> list[Entry]:
    """Every entry that stands on an imported list now."""
    found = await session.exec(
        select(ListEntryRow)
        .where(col(ListEntryRow.removed).is_(False))
        .order_by(ListEntryRow.list_id, ListEntryRow.entry)
    )
    return [
        Entry(
            list_id=row.list_id,
            entry=row.entry,
            kind=row.kind,
            names=tuple(row.names),
            aliases=tuple(row.aliases),
            weak_aliases=tuple(row.weak_aliases),
            birth_dates=tuple(row.birth_dates),
            countries=tuple(row.countries),
            identity=row.identity,
        )
        for row in found
    ]


async def matcher_of(database: Database) -> tuple[tuple[str, ...], Matcher]:
    """The current snapshots and the index over their entries, built once per set of them."""
    async with database.reading() as session:
        snapshots = await snapshot_ids(session)
        kept = _MATCHERS.get(database)
        if kept is not None and kept[0] == snapshots:
            return kept
        standing = await entries(session)
    built = snapshots, await asyncio.to_thread(Matcher, standing)
    _MATCHERS[database] = built
    return built


_MATCHERS: WeakKeyDictionary[Database, tuple[tuple[str, ...], Matcher]] = WeakKeyDictionary()
"""Memory of this process alone: what it says is told by the snapshots it was built from."""


async def known(session: AsyncSession) -> Sequence[tuple[ListRow, SnapshotRow | None, int]]:
    """Every list, its current snapshot, and how many snapshots it has had."""
    rows = {row.id: row for row in await session.exec(select(ListRow))}
    for list_id, (name_en, name_fr) in KNOWN.items():
        rows.setdefault(list_id, ListRow(id=list_id, name_en=name_en, name_fr=name_fr))
    snapshots = {row.id: row for row in await session.exec(select(SnapshotRow))}
    counts = dict(
        (
            await session.exec(
                select(SnapshotRow.list_id, func.count()).group_by(SnapshotRow.list_id)
            )
        ).all()
    )
    ordered = [*KNOWN, *sorted(set(rows) - set(KNOWN))]
    return [
        (rows[list_id], snapshots.get(rows[list_id].snapshot or ""), counts.get(list_id, 0))
        for list_id in ordered
    ]


async def current(session: AsyncSession, list_id: str) -> SnapshotRow | None:
    row = await session.get(ListRow, list_id)
    if row is None or row.snapshot is None:
        return None
    return await session.get(SnapshotRow, row.snapshot)


async def take(
    session: AsyncSession,
    list_id: str,
    name: tuple[str, str],
    listed: Iterable[ListedEntry],
    *,
    sha256: str,
    imported_by: str,
    now: datetime,
) -> tuple[SnapshotRow, Changes]:
    """Make *listed* the current snapshot of the list; entries that are gone stay, as removed."""
    row = await session.get(ListRow, list_id)
    if row is None:
        row = ListRow(id=list_id, name_en=name[0], name_fr=name[1])
        session.add(row)
        await session.flush()
    first = row.snapshot is None
    before = {
        entry.entry: entry
        for entry in await session.exec(select(ListEntryRow).where(ListEntryRow.list_id == list_id))
    }
    legal = await _legal(session, row.snapshot)
    standing = {
        key: Standing(old.identity, legal.get(key, ""), old.removed) for key, old in before.items()
    }
    found = await asyncio.to_thread(compare, standing, tuple(listed))
    for key in (*found.added, *found.changed, *found.metadata_only):
        old = before.get(key) or ListEntryRow(list_id=list_id, entry=key, identity="")
        _write(session, old, found.entries[key])
    for key in found.removed:
        before[key].removed = True
        session.add(before[key])
    snapshot = SnapshotRow(
        id=f"{list_id}-{now:%Y%m%dT%H%M%S%f}-{sha256[:8]}",
        list_id=list_id,
        sha256=sha256,
        imported_at=now,
        imported_by=imported_by,
        entries=len(found.entries),
    )
    session.add(snapshot)
    said = {key: entry.legal for key, entry in found.entries.items()}
    await texts.put(session, f"list:{list_id}", _legal_text(snapshot.id), said, now=now)
    row.snapshot = snapshot.id
    session.add(row)
    await session.flush()
    return snapshot, Changes(
        tuple(found.added),
        tuple(found.changed),
        tuple(found.metadata_only),
        tuple(found.removed),
        first,
    )


def _write(session: AsyncSession, row: ListEntryRow, entry: ListedEntry) -> None:
    row.kind = entry.kind
    row.names, row.aliases = list(entry.names), list(entry.aliases)
    row.weak_aliases = list(entry.weak_aliases)
    row.birth_dates, row.countries = list(entry.birth_dates), list(entry.countries)
    row.details = {key: list(values) for key, values in entry.details.items()}
    row.identity, row.removed = entry.identity, False
    session.add(row)


def _legal_text(snapshot: str) -> str:
    """Digests of what is not identity, beside the entries: needed only at the next import."""
    return f"{snapshot}-legal"


async def _legal(session: AsyncSession, snapshot: str | None) -> dict[str, str]:
    if snapshot is None:
        return {}
    text_id = _legal_text(snapshot)
    found: dict[str, str] = (await texts.read(session, [text_id])).get(text_id, {})
    return found
