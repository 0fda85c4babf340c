"""Whether a name may be that of a listed person or entity: how alike, and why.

Not whether it *is* that person: a reviewer judges. Never replayed, so it may use rapidfuzz.

The way (domain.md 3.5): write both names as plain words (`policy.name_words`), take the entries
that share a word or one close to it (`policy.name_index`), compare word by word
(`policy.likeness`), then weigh birth date, country and kind. Every part of the sum is kept with
the score.
"""

# ruff: noqa: PLR2004 - weights that are read in their sum

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from policy.likeness import compare
from policy.name_index import NameIndex
from policy.name_words import spellings

VERSION = "1"
"""Stands in each hit's features: a later way of scoring does not silently explain an old score."""

# ---- what an extra costs (domain.md 3.5, after logic-v2, softened where a partner's own
# statement is the only source)

WEAK_ALIAS = 0.8
OTHER_BIRTH_YEAR = -0.25
OTHER_BIRTH_DAY = -0.1
SAME_BIRTH_DAY = 0.05
SAME_BIRTH_YEAR = 0.02
OTHER_COUNTRY = -0.1
SAME_COUNTRY = 0.02
OTHER_KIND = -0.15


@dataclass(frozen=True)
class Entry:
    """What matching needs of a list entry."""

    list_id: str
    entry: str
    kind: str
    names: tuple[str, ...]
    aliases: tuple[str, ...] = ()
    weak_aliases: tuple[str, ...] = ()
    birth_dates: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    identity: str = ""


@dataclass(frozen=True)
class Scored:
    """An entry, the name of it that came closest, the score from 0 to 1 and what it is made of."""

    entry: Entry
    name: str
    score: float
    features: dict[str, Any]

    @property
    def list_id(self) -> str:
        return self.entry.list_id


@dataclass(frozen=True)
class _Name:
    """One way of writing an entry's name."""

    written: str
    words: tuple[str, ...]
    position: int
    alias: bool
    weak: bool


class Matcher:
    """All entries of some lists. Built once per set of snapshots."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self.entries = tuple(entries)
        self._names = [
            name
            for position, entry in enumerate(self.entries)
            for name in _names_of(entry, position)
        ]
        self._index = NameIndex([name.words for name in self._names])

    def candidates(
        self,
        name: str,
        kind: str | None = None,
        birth_date: date | str | None = None,
        country: str | None = None,
        threshold: float = 0.7,
    ) -> list[Scored]:
        """Entries at or above *threshold*, best first; each once, by its closest name."""
        best: dict[int, Scored] = {}
        for words in spellings(name, kind):
            for number in self._index.near(words):
                found = self._names[number]
                entry = self.entries[found.position]
                scored = _score(words, found, entry, kind, birth_date, country)
                known = best.get(found.position)
                if known is None or scored.score > known.score:
                    best[found.position] = scored
        kept = [scored for scored in best.values() if scored.score >= threshold]
        return sorted(kept, key=lambda s: (-s.score, s.entry.list_id, s.entry.entry))


def _names_of(entry: Entry, position: int) -> Iterable[_Name]:
    seen: set[tuple[str, ...]] = set()
    told = [(False, False, name) for name in entry.names]
    told += [(True, False, name) for name in entry.aliases]
    told += [(True, True, name) for name in entry.weak_aliases]
    for alias, called_weak, written in told:
        for words in spellings(written, entry.kind):
            if words in seen:
                continue
            seen.add(words)
            weak = called_weak or ((alias or len(seen) > 1) and is_weak(words))
            yield _Name(written, words, position, alias, weak)


def is_weak(words: Sequence[str]) -> bool:
    """A nickname or an acronym: one short word says little by itself."""
    return len(words) == 1 and len(words[0]) <= 6


def _score(
    words: tuple[str, ...],
    found: _Name,
    entry: Entry,
    kind: str | None,
    birth_date: date | str | None,
    country: str | None,
) -> Scored:
    likeness = compare(words, found.words, kind or entry.kind)
    name_score = likeness.score
    features: dict[str, Any] = {
        "version": VERSION,
        "name": name_score,
        "pairs": [list(pair) for pair in likeness.pairs],
        "missing": list(likeness.missing),
        "extra": list(likeness.extra),
        "alias": found.alias,
        "weak_alias": found.weak,
    }
    if likeness.joined:
        features["joined"] = True
    score = name_score
    if found.weak:
        # A short alias has to be the same word, and even then says little.
        score = score * WEAK_ALIAS if words == found.words else 0.0
    for feature, outcome, weight in (
        ("birth_date", *weigh_birth_date(birth_date, entry.birth_dates)),
        ("country", *_weigh_country(country, entry.countries)),
        ("kind", *_weigh_kind(kind, entry.kind)),
    ):
        if outcome is not None:
            features[feature] = {"result": outcome, "weight": weight}
            score += weight
    score = round(min(max(score, 0.0), 1.0), 3)
    return Scored(entry, found.written, score, features)


def weigh_birth_date(given: date | str | None, listed: Sequence[str]) -> tuple[str | None, float]:
    """`same`, `same_year`, `near` (a year apart: listed dates are often guesses) or `differs`."""
    if given is None or not listed:
        return None, 0.0
    wanted = given.isoformat() if isinstance(given, date) else given
    if wanted in listed and len(wanted) == 10:
        return "same", SAME_BIRTH_DAY
    year = int(wanted[:4])
    apart = [(abs(int(value[:4]) - year), len(value) == 10) for value in listed]
    nearest = min(years for years, _ in apart)
    if nearest == 0:
        exact = all(precise for years, precise in apart if years == 0) and len(wanted) == 10
        return ("other_day", OTHER_BIRTH_DAY) if exact else ("same_year", SAME_BIRTH_YEAR)
    return ("near", 0.0) if nearest == 1 else ("differs", OTHER_BIRTH_YEAR)


def _weigh_country(given: str | None, listed: Sequence[str]) -> tuple[str | None, float]:
    if given is None or not listed:
        return None, 0.0
    return ("same", SAME_COUNTRY) if given in listed else ("differs", OTHER_COUNTRY)


def _weigh_kind(given: str | None, listed: str) -> tuple[str | None, float]:
    if given not in ("person", "organization") or listed not in ("person", "organization"):
        return None, 0.0
    return ("same", 0.0) if given == listed else ("differs", OTHER_KIND)
