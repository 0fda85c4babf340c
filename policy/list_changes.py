"""What a new snapshot of a list changes, entry by entry: only identity is a cause for rework."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from policy.lists.entries import ListedEntry


@dataclass(frozen=True)
class Standing:
    """What is kept of an entry from the snapshot before."""

    identity: str
    legal: str
    removed: bool = False


@dataclass
class Comparison:
    """The entries under the ids they are kept by, and the ids by what became of them."""

    entries: dict[str, ListedEntry] = field(default_factory=dict)
    added: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    """The identity is another: judgements about them no longer hold."""
    metadata_only: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)


def compare(before: Mapping[str, Standing], listed: Iterable[ListedEntry]) -> Comparison:
    """Pair the entries *listed* with those that stand.

    Where a list gives no ids, items may be renumbered (domain.md 3.1): an entry whose identity
    stood at another place that is free now has moved, and keeps the id it had.
    """
    found = Comparison()
    standing = {key: old for key, old in before.items() if not old.removed}
    left: list[ListedEntry] = []
    for entry in listed:
        old = standing.get(entry.entry)
        if old is not None and old.identity == entry.identity:
            _keep(found, entry.entry, entry, old)
        else:
            left.append(entry)
    by_identity: dict[str, list[str]] = defaultdict(list)
    for key in sorted(standing.keys() - found.entries.keys(), reverse=True):
        by_identity[standing[key].identity].append(key)
    unmoved: list[ListedEntry] = []
    for entry in left:
        if entry.by_place and (places := by_identity[entry.identity]):
            key = places.pop()
            _keep(found, key, entry, standing[key])
        else:
            unmoved.append(entry)
    for entry in unmoved:
        if entry.entry in standing and entry.entry not in found.entries:
            found.changed.append(entry.entry)
            found.entries[entry.entry] = entry
        else:
            taken = entry.entry in found.entries
            key = f"{entry.entry}--{entry.identity[:8]}" if taken else entry.entry
            found.added.append(key)
            found.entries[key] = entry
    found.removed = sorted(standing.keys() - found.entries.keys())
    return found


def _keep(found: Comparison, key: str, entry: ListedEntry, old: Standing) -> None:
    found.entries[key] = entry
    if old.legal != entry.legal:
        found.metadata_only.append(key)
