"""Tables as files for spreadsheets: headings in both languages, plain numbers, and no formula."""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from fastapi import Response

from pages.languages import translations
from policy.rules.clocks import TORONTO

MEDIA_TYPE = "text/csv; charset=utf-8"
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a cell must not begin with: spreadsheets would compute it (mechanics.md, Errors)."""


@dataclass(frozen=True)
class Column:
    """*heading* is the English; *kind* is how its cells are written.

    text, number, money, day (of an instant, in Toronto), date.
    """

    heading: str
    kind: str = "text"


@dataclass(frozen=True)
class Table:
    columns: Sequence[Column]
    rows: Sequence[Sequence[Any]]


def as_csv(table: Table) -> str:
    """The whole file."""
    return head(table.columns) + body(table.columns, table.rows)


def head(columns: Sequence[Column]) -> str:
    """How a file begins; its mark tells spreadsheets that it is UTF-8."""
    french = translations("fr").gettext
    return "\ufeff" + _written([[f"{each.heading} / {french(each.heading)}" for each in columns]])


def body(columns: Sequence[Column], rows: Iterable[Sequence[Any]]) -> str:
    """Some of a file's rows, for one that is written part by part."""
    return _written(
        [_cell(value, column.kind) for value, column in zip(row, columns, strict=True)]
        for row in rows
    )


def as_file(table: Table, name: str) -> Response:
    """The whole file to keep; *name* is ours and has no ending."""
    return Response(as_csv(table), media_type=MEDIA_TYPE, headers=attachment(f"accord-{name}.csv"))


def attachment(name: str) -> dict[str, str]:
    """Headers of a file to keep; *name* is ours and needs no quoting."""
    return {"Content-Disposition": f'attachment; filename="{name}"'}


def _written(rows: Iterable[Sequence[str]]) -> str:
    written = io.StringIO()
    csv.writer(written).writerows(rows)
    return written.getvalue()


def _cell(value: Any, kind: str) -> str:
    if value is None:
        return ""
    if kind == "money":
        return str(value["value"])
    if kind == "day":
        return datetime.fromisoformat(value).astimezone(TORONTO).date().isoformat()
    text = str(value)
    return f"'{text}" if kind == "text" and text.startswith(_FORMULA) else text
