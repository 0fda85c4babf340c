"""Incidents and country events: what happened, and how it ends (product.md, section 3)."""

from __future__ import annotations

from enum import IntEnum, StrEnum


class IncidentKind(StrEnum):
    FRAUD = "fraud"
    ABUSE = "abuse"
    """Sexual exploitation or abuse, harassment, or another abuse of power."""
    VIOLATION = "violation"
    """Of human rights or international humanitarian law, by whom the assistance reaches."""
    DIVERSION = "diversion"
    """Money, equipment or knowledge went to others than was agreed."""
    COUNTRY_EVENT = "country_event"
    """What changes a country: a coup, a conflict, a measure; reported by staff alone."""


class IncidentState(StrEnum):
    OPEN = "open"
    ASSESSED = "assessed"
    """Somebody has assessed it; a second person has not answered yet."""
    CLOSED = "closed"


class Reminder(IntEnum):
    """Who was told that an assessment is overdue."""

    REMINDED = 1
    """Those who are to assess it, or to confirm."""
    ESCALATED = 2
    """Those above them."""


class IncidentOutcome(StrEnum):
    UNFOUNDED = "unfounded"
    """Nothing of it was so: what was paused goes on as it was."""
    SUBSTANTIATED = "substantiated"
    """It was so: what was paused is found on anew, and nothing is decided before that."""
