"""Answers about reusable records."""

from api.described.base import Answer, Day, Instant, Named
from schemas.reusable_records import RecordKind, RecordResult, RecordState
from schemas.tasks import RiskLevel


class ReusableRecord(Answer):
    id: str
    kind: RecordKind
    country: str | None
    organization: str | None
    name: str | None
    """Of a unit or person."""
    levels: dict[str, RiskLevel]
    """Of a baseline: by risk type, before anything is done about it."""
    result: RecordResult | None
    findings: str | None
    sources: list[str]
    state: RecordState
    made_by: Named
    made_at: Instant
    confirmed_by: Named | None
    confirmed_on: Day | None
    valid_until: Day | None
    """The last day on which it may be relied on."""
    ended_at: Instant | None
    end_reason: str | None
    successor: str | None
    used_by: int
    """How many proposals rely on it."""
    may_confirm: bool
    """Whether the reader may be the second person."""
