"""Business days, deadlines and fiscal years, in the department's time (America/Toronto).

The day something starts does not count; due is 23:59:59 of the last business day, given in
UTC. A clock that stops keeps its whole days and goes on the next business day (product.md,
section 4).
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

TORONTO = ZoneInfo("America/Toronto")

_END_OF_DAY = time(23, 59, 59)
_MORNING = time(8)
_SATURDAY = 5
_FISCAL_YEAR_STARTS = 4
"""April (Financial Administration Act, section 2: the fiscal year ends on 31 March)."""


def toronto_day(instant: datetime) -> date:
    """The department's date at *instant*, which must know its zone."""
    if instant.tzinfo is None:
        raise ValueError("an instant without a zone has no date")
    return instant.astimezone(TORONTO).date()


def is_business_day(day: date, holidays: Collection[date]) -> bool:
    return day.weekday() < _SATURDAY and day not in holidays


def end_of_day(day: date) -> datetime:
    """23:59:59 in Toronto on *day*, in UTC."""
    return datetime.combine(day, _END_OF_DAY, tzinfo=TORONTO).astimezone(UTC)


def morning(day: date) -> datetime:
    """08:00 in Toronto on *day*, in UTC: when people are told what waits for them."""
    return datetime.combine(day, _MORNING, tzinfo=TORONTO).astimezone(UTC)


def business_day(day: date, days: int, holidays: Collection[date]) -> date:
    """The business day so many *days* after *day*, or before it where they are negative."""
    step = timedelta(days=1 if days > 0 else -1)
    for _ in range(abs(days)):
        day += step
        while not is_business_day(day, holidays):
            day += step
    return day


def due_at(start: datetime, business_days: int, holidays: Collection[date]) -> datetime:
    """When something that starts at *start* and may take *business_days* is due.

    With no days to go, it is due at the end of the day it starts, or of the first business
    day after that.
    """
    day = business_day(toronto_day(start), business_days, holidays)
    if not is_business_day(day, holidays):
        day = business_day(day, 1, holidays)
    return end_of_day(day)


def days_left(now: datetime, due: datetime, holidays: Collection[date]) -> int:
    """Whole business days after today up to the due day; never negative."""
    today, last = toronto_day(now), toronto_day(due)
    if last <= today:
        return 0
    weeks, rest = divmod((last - today).days, 7)
    odd = sum((today.weekday() + day) % 7 < _SATURDAY for day in range(1, rest + 1))
    off = sum(today < day <= last and day.weekday() < _SATURDAY for day in set(holidays))
    return weeks * _SATURDAY + odd - off


def resume(now: datetime, left: int, holidays: Collection[date]) -> datetime:
    """When a clock that stopped with *left* days is due: it goes on the next business day."""
    return due_at(now, left, holidays)


def fiscal_year(day: date) -> str:
    """The fiscal year of *day*, such as `2027-28` (1 April to 31 March)."""
    first = day.year if day.month >= _FISCAL_YEAR_STARTS else day.year - 1
    return _named(first)


def fiscal_years(start: date, end: date) -> tuple[str, ...]:
    """Every fiscal year that the days from *start* to *end* touch, in order."""
    first, last = _first_year(fiscal_year(start)), _first_year(fiscal_year(end))
    return tuple(_named(year) for year in range(first, last + 1))


def fiscal_year_start(name: str) -> date:
    return date(_first_year(name), _FISCAL_YEAR_STARTS, 1)


def fiscal_year_end(name: str) -> date:
    """31 March of the fiscal year *name*, after which its unsigned money lapses."""
    return date(_first_year(name) + 1, 3, 31)


def _named(first: int) -> str:
    return f"{first:04d}-{(first + 1) % 100:02d}"


def _first_year(name: str) -> int:
    return int(name[:4])
