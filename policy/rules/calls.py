"""Calls: when one is open, which submission is late, and how downtime extends it.

A call opens and closes to the second; the instant of the submission's commit counts (product.md,
section 3, Intake).
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from enum import StrEnum

MINUTE = timedelta(minutes=1)
LAST_HOUR = timedelta(hours=1)


class CallState(StrEnum):
    """`closing`: its end has passed, and what was received is about to be opened."""

    ANNOUNCED = "announced"
    OPEN = "open"
    CLOSING = "closing"
    CLOSED = "closed"


def state(opens_at: datetime, ends_at: datetime, closed_at: datetime | None, now: datetime) -> str:
    """Where a call stands at *now*."""
    if closed_at is not None:
        return CallState.CLOSED
    if now < opens_at:
        return CallState.ANNOUNCED
    return CallState.CLOSING if is_late(now, ends_at) else CallState.OPEN


def is_late(received_at: datetime, ends_at: datetime) -> bool:
    """Whether what was received then came after the end; at the very instant it is in time."""
    return received_at > ends_at


def minutes_lost(
    opens_at: datetime, closes_at: datetime, ready: Collection[datetime], now: datetime
) -> int:
    """By how many minutes a call is extended that was announced to close at *closes_at*.

    *ready* holds the minutes, by their beginning, in which the service was ready. Each other one
    that begins in the last hour counts. Where the service was not ready at the closing itself,
    so do those until it is: an extension that passes before anybody can use it would be none.
    """
    first = _next_minute(max(opens_at, closes_at - LAST_HOUR))
    lost, minute = 0, first
    while minute < closes_at:
        lost += minute not in ready
        minute += MINUTE
    if minute > first and minute - MINUTE not in ready:
        while minute + MINUTE <= now and minute not in ready:
            lost += 1
            minute += MINUTE
    return lost


def minute_of(instant: datetime) -> datetime:
    """The beginning of the minute of *instant*."""
    return instant.replace(second=0, microsecond=0)


def _next_minute(instant: datetime) -> datetime:
    begins = minute_of(instant)
    return begins if begins == instant else begins + MINUTE
