"""The OpenSanctions simple CSV (domain.md 3.4)."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence

from policy.lists import entries
from policy.lists.entries import ListedEntry, clean, refused
from schemas.values import digest

NEEDED = ("id", "schema", "name")
PERSON = frozenset({"Person"})
ORGANIZATION = frozenset({"Organization", "Company", "LegalEntity", "PublicBody"})
_NOT_IDENTITY = ("sanctions", "program_ids", "dataset", "addresses", "phones", "emails")
_TOLD = ("identifiers", "addresses", "sanctions", "program_ids")


def read(text: str) -> tuple[ListedEntry, ...]:
    rows = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        header = [column.strip() for column in next(rows, [])]
        missing = [column for column in NEEDED if column not in header]
        if missing or len(set(header)) != len(header):
            raise refused("list_format_unknown", line=1, missing=missing)
        return entries.collect(_entries(rows, header))
    except csv.Error as error:
        raise refused("list_line_unreadable", line=rows.line_num) from error


def _entries(
    rows: csv._reader,  # type: ignore[name-defined]
    header: Sequence[str],
) -> Iterator[tuple[int, ListedEntry | str]]:
    seen: set[str] = set()
    for cells in rows:
        if any(cell.strip() for cell in cells):
            entry = _entry(cells, header)
            if isinstance(entry, ListedEntry):
                # Here the list gives each entry an id of its own: twice is a broken file.
                entry = "list_id_twice" if entry.entry in seen else entry
            if isinstance(entry, ListedEntry):
                seen.add(entry.entry)
            yield rows.line_num, entry


def _entry(cells: Sequence[str], header: Sequence[str]) -> ListedEntry | str:
    if len(cells) != len(header):
        return "list_line_wrong_columns"
    if max(map(len, cells)) > entries.MOST_CHARACTERS:
        return "list_value_too_long"
    row = dict(zip(header, cells, strict=True))
    entry, names = clean(row["id"]), _values(row["name"])
    if not entry:
        return "list_line_without_id"
    if not names:
        return "list_line_without_name"
    schema = clean(row["schema"])
    kind = "person" if schema in PERSON else "organization" if schema in ORGANIZATION else "thing"
    countries = _values(row.get("countries", ""))
    return entries.entry_of(
        entry,
        kind,
        names=names,
        aliases=_values(row.get("aliases", "")),
        birth_dates=[
            day for value in _values(row.get("birth_date", "")) for day in entries.dates(value)
        ],
        countries=[code.upper() for code in countries if re.fullmatch(r"[a-zA-Z]{2}", code)],
        details={column: _values(row.get(column, "")) for column in _TOLD},
        legal=digest([clean(row.get(column, "")) for column in _NOT_IDENTITY]),
    )


def _values(cell: str) -> tuple[str, ...]:
    """The values of one cell, joined by semicolons; one that holds a semicolon is quoted."""
    try:
        parts = next(csv.reader([cell.replace("\n", " ")], delimiter=";", strict=True), [])
    except csv.Error:
        parts = cell.split(";")
    return tuple(dict.fromkeys(value for part in parts if (value := clean(part))))
