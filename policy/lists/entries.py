"""What every list says in its own way: one entry, its values cleaned, its identity hashed.

Dirt that changes nothing is cleaned here (spaces of all kinds, odd dates); what could hide an
entry is refused by the reader that meets it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from schemas.errors import Gap, Malformed
from schemas.values import Value, digest

MOST_BYTES = 64 * 1024 * 1024
MOST_ENTRIES = 500_000
MOST_CHARACTERS = 20_000
"""In one value; the longest real ones (all addresses of a ministry) stay below."""
MOST_GAPS = 20
_LONGEST_SPAN = 20
"""Years: a wider span of birth years tells nothing that could contradict a date."""
_SERIAL_DAY_ZERO = date(1899, 12, 30)
_SERIAL = re.compile(r"^[1-5]\d{4}$", re.ASCII)
_DAY = re.compile(r"(?<!\d)(\d{4})-(\d{2})(?:-(\d{2}))?(?!\d)", re.ASCII)
_DAY_FIRST = re.compile(r"(?<!\d)(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})(?!\d)", re.ASCII)
_YEAR = re.compile(r"(?<!\d)(1[89]\d\d|20\d\d)(?!\d)", re.ASCII)
_SPAN = re.compile(
    r"(?<!\d)(1[89]\d\d|20\d\d)\s*(?:-|\u2013|to|and)\s*(1[89]\d\d|20\d\d)(?!\d)", re.ASCII
)


class ListedEntry(Value):
    """One entry: `identity` hashes what tells who it is, `legal` the rest."""

    entry: str
    kind: str
    """`person`, `organization`, `thing` (a ship), or `entity`: the list does not say."""
    names: tuple[str, ...]
    aliases: tuple[str, ...]
    weak_aliases: tuple[str, ...] = ()
    """What the list itself calls a weak alias, or a short form that it gives in brackets."""
    birth_dates: tuple[str, ...]
    countries: tuple[str, ...]
    details: dict[str, tuple[str, ...]] = {}
    """What else the list says, by the names of `IDENTIFYING` and others; told to reviewers."""
    identity: str
    legal: str
    by_place: bool = False
    """The list gives no ids: `entry` is where it stands, and may move (`policy.list_changes`)."""


IDENTIFYING = ("identifiers", "birth_places", "genders")
"""Details that tell who it is; titles, addresses and dates of listing do not (domain.md 3.6)."""


def entry_of(
    entry: str,
    kind: str,
    *,
    names: Iterable[str],
    aliases: Iterable[str] = (),
    weak_aliases: Iterable[str] = (),
    birth_dates: Iterable[str] = (),
    countries: Iterable[str] = (),
    details: Mapping[str, Iterable[str]] | None = None,
    legal: str | None = None,
    by_place: bool = False,
) -> ListedEntry:
    """The entry with what it says once each; `legal` is drawn from the details where not given."""
    once = _told_once(names)
    others = tuple(name for name in _told_once(aliases) if name not in once)
    weak = tuple(name for name in _told_once(weak_aliases) if name not in {*once, *others})
    born, places = sorted(set(birth_dates)), sorted(set(countries))
    kept = {key: _told_once(values) for key, values in (details or {}).items()}
    kept = {key: values for key, values in kept.items() if values}
    said = {key: sorted(kept[key]) for key in IDENTIFYING if key in kept}
    identity: list[object] = [kind, sorted(once), sorted(others), born, places]
    identity.append(said.pop("identifiers", []))
    if weak or said:
        identity += [sorted(weak), said]
    rest = {key: values for key, values in kept.items() if key not in IDENTIFYING}
    return ListedEntry(
        entry=entry,
        kind=kind,
        names=once,
        aliases=others,
        weak_aliases=weak,
        birth_dates=tuple(born),
        countries=tuple(places),
        details=kept,
        identity=digest(identity),
        legal=(legal or digest(rest))[:16],
        by_place=by_place,
    )


def clean(value: str) -> str:
    """*value* without control characters, with single plain spaces."""
    plain = unicodedata.normalize("NFC", value)
    kept = (" " if unicodedata.category(c) in ("Cc", "Zs") else c for c in plain)
    return " ".join("".join(kept).split())


def slug(value: str, most: int = 60) -> str:
    """*value* as an id that needs no escaping in a path."""
    plain = unicodedata.normalize("NFKD", value).casefold()
    found = "-".join(re.findall(r"[a-z0-9]+", plain))
    return found if len(found) <= most else f"{found[:most]}-{digest(value)[:8]}"


def dates(value: str) -> tuple[str, ...]:
    """The days or years meant by *value*: ISO, day first, spreadsheet serials, spans of years."""
    if _SERIAL.match(value):
        return ((_SERIAL_DAY_ZERO + timedelta(days=int(value))).isoformat(),)
    if found := [_valid(year, month, day) for year, month, day in _DAY.findall(value)]:
        return tuple(dict.fromkeys(day for days in found for day in days))
    if found := [_valid(y, m.zfill(2), d.zfill(2)) for d, m, y in _DAY_FIRST.findall(value)]:
        return tuple(dict.fromkeys(day for days in found for day in days))
    if span := _SPAN.search(value):
        return years(span[1], span[2])
    return tuple(dict.fromkeys(_YEAR.findall(value)))


def years(first: str, last: str) -> tuple[str, ...]:
    """Every year of a span; of a span too wide to tell anything, its ends."""
    if not (_YEAR.fullmatch(first) and _YEAR.fullmatch(last)):
        return tuple(year for year in (first, last) if _YEAR.fullmatch(year))
    start, end = sorted((int(first), int(last)))
    told = range(start, end + 1) if end - start <= _LONGEST_SPAN else (start, end)
    return tuple(dict.fromkeys(str(year) for year in told))


def refused(code: str, **facts: object) -> Malformed:
    return Malformed(Gap(pointer="/file", code=code, facts=dict(facts)))


def collect(entries: Iterable[tuple[int, ListedEntry | str]]) -> tuple[ListedEntry, ...]:
    """Entries by line, or the code of what is wrong there; the first gaps refuse the file.

    An id that comes twice with the same identity is one entry; the reader makes others differ.
    """
    found: dict[str, ListedEntry] = {}
    gaps: list[Gap] = []
    for line, entry in entries:
        code = entry if isinstance(entry, str) else None
        if not isinstance(entry, str):
            known = found.get(entry.entry)
            if known is not None and known.identity != entry.identity:
                code = "list_id_twice"
            elif len(found) >= MOST_ENTRIES:
                raise refused("list_too_large", most=MOST_ENTRIES)
            elif known is None:
                found[entry.entry] = entry
        if code is not None:
            gaps.append(Gap(pointer="/file", code=code, facts={"line": line}))
            if len(gaps) >= MOST_GAPS:
                break
    if gaps:
        raise Malformed(*gaps)
    if not found:
        # An empty file is more likely a failed download than the end of all sanctions.
        raise refused("list_is_empty", line=1)
    return tuple(found.values())


def _told_once(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(said for value in values if (said := clean(value))))


def _valid(year: str, month: str, day: str) -> tuple[str, ...]:
    try:
        date(int(year), int(month), int(day or 1))
    except ValueError:
        return (year,) if _YEAR.fullmatch(year) else ()
    return ("-".join(part for part in (year, month, day) if part),)
