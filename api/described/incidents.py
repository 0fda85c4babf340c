"""Answers about incidents and country events."""

from pydantic import Field

from api.described.base import Answer, Instant, Named
from schemas.incidents import IncidentKind, IncidentOutcome, IncidentState
from schemas.proposal import Stage


class PartyOfIncident(Answer):
    name: str
    country: str | None


class Progress(Answer):
    looked: int
    of: int
    done: bool = Field(description="Whether everything that it touches was found.")


class Incident(Answer):
    """What only staff reads is absent for a partner: `state` and all after it."""

    id: str
    kind: IncidentKind
    organization: str | None
    organization_name: str | None
    countries: list[str]
    references: list[str]
    parties: list[PartyOfIncident]
    what: str | None = Field(description="None once the words are disposed of.")
    occurred_at: Instant
    learned_at: Instant
    reported_at: Instant
    reported_by: Named
    due_at: Instant = Field(description="Until when policy wanted it reported.")
    late: bool
    state: IncidentState | None = None
    by_partner: bool | None = None
    assess_by: Instant | None = None
    overdue: bool | None = None
    anew: list[str] | None = Field(
        default=None, description="The disciplines that find anew where it was so."
    )
    outcome: IncidentOutcome | None = None
    findings: str | None = None
    assessed_by: Named | None = None
    assessed_at: Instant | None = None
    refusal: str | None = None
    closed_by: Named | None = None
    closed_at: Instant | None = None
    progress: Progress | None = None
    touched: int | None = None
    may_assess: bool | None = None
    may_confirm: bool | None = None


class TouchedByIncident(Answer):
    reference: str
    title: str
    organization: str
    stage: Stage
    stage_when_found: Stage
    paused: bool
    signed: bool = Field(description="Both had signed: what is unpaid waits, not the proposal.")
