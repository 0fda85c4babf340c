"""Reading a list in the OpenSanctions simple CSV (domain.md 3.4), as dirty as real lists are.

Dirt that changes nothing is cleaned (spaces, odd dates, unknown columns); what could hide an
entry (a broken line, a missing name, an id that comes twice) refuses the whole file, naming the
line. What the entries mean for a proposal is told by `policy.matching` and by people.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Sequence
from datetime import date, timedelta

from schemas.errors import Gap, Malformed
from schemas.values import Value, digest

MOST_BYTES = 64 * 1024 * 1024
MOST_ENTRIES = 500_000
MOST_CHARACTERS = 20_000
"""In one cell; the longest real ones (all addresses of a ministry) stay below."""
MOST_GAPS = 20
NEEDED = ("id", "schema", "name")
PERSON = frozenset({"Person"})
ORGANIZATION = frozenset({"Organization", "Company", "LegalEntity", "PublicBody"})
_NOT_IDENTITY = ("sanctions", "program_ids", "dataset", "addresses", "phones", "emails")
_SERIAL_DAY_ZERO = date(1899, 12, 30)
_SERIAL = re.compile(r"^[1-5]\d{4}$")
_ISO = re.compile(r"^(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?(?!\d)")
_DAY_FIRST = re.compile(r"^(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})$")
_YEAR = re.compile(r"(?<!\d)(1[89]\d\d|20\d\d)(?!\d)")


class ListedEntry(Value):
    """One entry: `identity` hashes what tells who it is, `legal` the rest."""

    entry: str
    kind: str
    names: tuple[str, ...]
    aliases: tuple[str, ...]
    birth_dates: tuple[str, ...]
    countries: tuple[str, ...]
    identity: str
    legal: str


def read_list(data: bytes) -> tuple[ListedEntry, ...]:
    """All entries of the file *data*; Malformed names each line that cannot be read."""
    if len(data) > MOST_BYTES:
        raise _refused("list_too_large", most=MOST_BYTES)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise _refused("list_not_utf8", line=line) from error
    if text.lstrip()[:1] in ("<", "{", "[") or "\x00" in text:
        raise _refused("list_format_unknown", line=1)
    rows = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        header = [column.strip() for column in next(rows, [])]
        missing = [column for column in NEEDED if column not in header]
        if missing or len(set(header)) != len(header):
            raise _refused("list_format_unknown", line=1, missing=missing)
        return _entries(rows, header)
    except csv.Error as error:
        raise _refused("list_line_unreadable", line=rows.line_num) from error


def _entries(rows: csv._reader, header: Sequence[str]) -> tuple[ListedEntry, ...]:  # type: ignore[name-defined]
    found: dict[str, ListedEntry] = {}
    gaps: list[Gap] = []
    for cells in rows:
        if not any(cell.strip() for cell in cells):
            continue
        code = None
        if len(cells) != len(header):
            code = "list_line_wrong_columns"
        elif max(map(len, cells)) > MOST_CHARACTERS:
            code = "list_value_too_long"
        else:
            entry = _entry(dict(zip(header, cells, strict=True)))
            if not entry.entry:
                code = "list_line_without_id"
            elif not entry.names:
                code = "list_line_without_name"
            elif entry.entry in found:
                code = "list_id_twice"
            elif len(found) >= MOST_ENTRIES:
                raise _refused("list_too_large", most=MOST_ENTRIES)
            else:
                found[entry.entry] = entry
        if code is not None:
            gaps.append(Gap(pointer="/file", code=code, facts={"line": rows.line_num}))
            if len(gaps) >= MOST_GAPS:
                break
    if gaps:
        raise Malformed(*gaps)
    if not found:
        # An empty file is more likely a failed download than the end of all sanctions.
        raise _refused("list_is_empty", line=1)
    return tuple(found.values())


def _entry(row: dict[str, str]) -> ListedEntry:
    schema = _clean(row["schema"])
    kind = "person" if schema in PERSON else "organization" if schema in ORGANIZATION else "thing"
    names, aliases = _values(row["name"]), _values(row.get("aliases", ""))
    born = sorted({day for value in _values(row.get("birth_date", "")) for day in _dates(value)})
    countries = sorted(
        {
            code.upper()
            for code in _values(row.get("countries", ""))
            if re.fullmatch(r"[a-zA-Z]{2}", code)
        }
    )
    identifiers = sorted(_values(row.get("identifiers", "")))
    return ListedEntry(
        entry=_clean(row["id"]),
        kind=kind,
        names=names,
        aliases=tuple(alias for alias in aliases if alias not in names),
        birth_dates=tuple(born),
        countries=tuple(countries),
        identity=digest([kind, sorted(names), sorted(aliases), born, countries, identifiers]),
        legal=digest([_clean(row.get(column, "")) for column in _NOT_IDENTITY])[:16],
    )


def _values(cell: str) -> tuple[str, ...]:
    """The values of one cell, joined by semicolons; one that holds a semicolon is quoted."""
    try:
        parts = next(csv.reader([cell.replace("\n", " ")], delimiter=";", strict=True), [])
    except csv.Error:
        parts = cell.split(";")
    return tuple(dict.fromkeys(value for part in parts if (value := _clean(part))))


def _clean(value: str) -> str:
    plain = unicodedata.normalize("NFC", value).replace("\u00a0", " ")
    kept = (" " if unicodedata.category(c) == "Cc" else c for c in plain)
    return " ".join("".join(kept).split())


def _dates(value: str) -> tuple[str, ...]:
    """The days or years meant by *value*: ISO, day first, spreadsheet serials, spans of years."""
    if _SERIAL.match(value):
        return ((_SERIAL_DAY_ZERO + timedelta(days=int(value))).isoformat(),)
    if found := _DAY_FIRST.match(value):
        return _valid(found[3], found[2].zfill(2), found[1].zfill(2))
    years = tuple(dict.fromkeys(_YEAR.findall(value)))
    if (found := _ISO.match(value)) and (found[2] or len(years) <= 1):
        return _valid(found[1], found[2], found[3])
    return years


def _valid(year: str, month: str | None, day: str | None) -> tuple[str, ...]:
    try:
        date(int(year), int(month or 1), int(day or 1))
    except ValueError:
        return (year,) if _YEAR.fullmatch(year) else ()
    return ("-".join(part for part in (year, month, day) if part),)


def _refused(code: str, **facts: object) -> Malformed:
    return Malformed(Gap(pointer="/file", code=code, facts=dict(facts)))
