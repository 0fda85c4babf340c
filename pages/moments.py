"""Instants as people type them: a day and a time, in the time of Toronto."""

from datetime import date, datetime, time

from policy.wording import TORONTO


def moment_of(day: str, at: str) -> datetime | None:
    """The instant that is meant, or None where it cannot be read."""
    try:
        return datetime.combine(date.fromisoformat(day), time.fromisoformat(at), tzinfo=TORONTO)
    except ValueError:
        return None
