"""Pages by key: cursors, and the two ways of reading a page.

A page is read in the order of an index, and its filters are asked of each row: quick where
many rows pass. Where a filter leaves few, these few are found first instead; which of the two,
is asked of the index each time, so that a page costs the same among a million proposals.
"""

import base64
import binascii
import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, literal, or_
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import SelectOfScalar as Select

from schemas.errors import Gap, Malformed

COUNTED = 10_000
FEW = 2_000
"""So many rows are sorted sooner than as many are found by walking along an index."""

MOST_DIGITS = 9
"""Nothing that is counted is longer."""


def told(number: int) -> int | str:
    """A count as it is told: exact up to 10,000, then `10000+`."""
    return number if number <= COUNTED else f"{COUNTED}+"


def cursor_after(value: Any, key: str) -> str:
    """The cursor behind the row with this sort value and key."""
    plain = value.isoformat() if isinstance(value, datetime) else value
    return base64.urlsafe_b64encode(json.dumps([plain, key]).encode()).decode().rstrip("=")


def read_cursor(cursor: str, *, instant: bool) -> tuple[Any, str]:
    """The sort value and key in a cursor; Malformed when it is none of ours."""
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        value, key = json.loads(base64.urlsafe_b64decode(padded.encode()))
        if not isinstance(value, str) or not isinstance(key, str) or "\0" in value + key:
            raise TypeError(cursor)
        (value + key).encode()
        if not instant:
            return value, key
        moment = datetime.fromisoformat(value)
        if moment.tzinfo is None:
            raise ValueError(cursor)
        return moment.astimezone(UTC), key
    except (
        ValueError,
        TypeError,
        OverflowError,
        RecursionError,
        binascii.Error,
        UnicodeError,
    ) as error:
        raise Malformed(Gap(pointer="", code="unknown_cursor")) from error


def read_position(cursor: str | None) -> int:
    """The place in a list that is counted, 0 without a cursor; Malformed when it is none."""
    if cursor is None:
        return 0
    if not (cursor.isascii() and cursor.isdecimal()) or len(cursor) > MOST_DIGITS:
        raise Malformed(Gap(pointer="", code="unknown_cursor"))
    return int(cursor)


async def only_few(session: AsyncSession, *narrow: Select[str] | None) -> Sequence[str] | None:
    """The keys that the first filter leaves that leaves few; None where none does."""
    for each in narrow:
        if each is not None:
            found = (await session.exec(each.limit(FEW + 1))).all()
            if len(found) <= FEW:
                return found
    return None


async def page(
    session: AsyncSession,
    query: Any,
    key: Any,
    by: Any,
    conditions: Sequence[ColumnElement[bool]],
    few: ColumnElement[bool] | None,
    *,
    descending: bool,
    limit: int,
) -> Sequence[Any]:
    """Rows in the order of an index, with the conditions asked of each; or the few, sorted.

    The few are found by their keys and in no other way: a database that thought it knew of a
    quicker one could walk through everything to find them.
    """
    if few is None:
        query = query.where(*conditions)
        order = (by.desc(), key.desc()) if descending else (by, key)
        return list(await session.exec(query.order_by(*order).limit(limit)))
    by = func.coalesce(by, by)
    order = (by.desc(), key.desc()) if descending else (by, key)
    sorted_keys = (
        query.with_only_columns(key)
        .where(few, func.coalesce(and_(*conditions), literal(value=False)))
        .order_by(*order)
        .limit(limit)
    )
    keys = list(await session.exec(sorted_keys))
    rows = {getattr(row, key.key): row for row in await session.exec(query.where(key.in_(keys)))}
    return [rows[each] for each in keys]


def behind(
    by: Any, key: Any, value: Any, last: str, *, descending: bool
) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """Behind the row (value, last); the first condition alone lets the index be entered there."""
    bound = literal(value, type_=by.type)
    if descending:
        return by <= bound, or_(by < bound, key < last)
    return by >= bound, or_(by > bound, key > last)
