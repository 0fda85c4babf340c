"""Answers about reusable records."""

from api.described.base import Answer, Day, Instant, Named
from schemas.reusable_records import RecordKind, RecordResult, RecordState
from schemas.tasks import RiskLevel


class ReusableRecord(Answer):
    id: str
    kind: RecordKind
    country: str | None
    organization: str | None
    organization_name: str | None
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
    ends_soon: bool
    """Whether it is in force and those who may renew it have been, or are about to be, warned."""
    ended_at: Instant | None
    ended_by: Named | None
    """Null where it ended by itself, on its last day."""
    end_reason: str | None
    successor: str | None
    used_by: int
    """How many proposals rely on it."""
    may_confirm: bool
    """Whether the reader may be the second person."""
    may_refuse: bool
    may_withdraw: bool
    may_follow: bool
    """Whether the reader may propose another of the same subject."""


class RecordUse(Answer):
    """A proposal that relies on a record."""

    reference: str
    title: str | None
    organization: str
    stage: str
