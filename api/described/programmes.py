"""Answers about programs, their terms, calls, and moving proposals to newer terms."""

from typing import Any, Literal

from pydantic import Field

from api.described.base import Answer, CodeNamed, Instant
from policy.rules.calls import CallState
from schemas.proposal import (
    Stage,
)
from schemas.tasks import RiskLevel, TaskKind
from schemas.values import Bilingual, Money


class Limits(Answer):
    least: Money | None
    most: Money | None


class Call(Answer):
    id: str
    programme: str
    title: Bilingual
    description: Bilingual
    limits: Limits
    opens_at: Instant
    closes_at: Instant = Field(description="What counts: later than announced when extended.")
    announced_closing: Instant
    extended_minutes: int = Field(description="For minutes in which the service was not ready.")
    closed_at: Instant | None = Field(description="From when staff read its submissions.")
    state: CallState
    version: int


class Programme(Answer):
    code: str
    version: str
    name: Bilingual
    mandate: Bilingual
    focus_areas: list[CodeNamed]
    partner_kinds: list[str]
    assistance: list[str]
    instruments: list[str]
    limits: Limits
    regions: list[str]
    countries: list[str]
    stages: list[str]
    open_calls: list[Call]


class TermsVersion(Answer):
    version: str
    effective: str
    in_force: bool = Field(description="What a submission of today pins.")
    source: str
    digest: str = Field(description="SHA-256 of all that the version says.")


class TermsDifference(Answer):
    part: str
    label: Bilingual
    at: list[str] = Field(description="Where in the part.")
    change: Literal["added", "removed", "changed"]
    before: Any
    after: Any


class MoveRefusal(Answer):
    code: str
    detail: str
    facts: dict[str, Any]


class CheckChange(Answer):
    code: str
    before: str | None
    after: str | None


class OpensTask(Answer):
    kind: TaskKind
    due_at: Instant
    previous: str | None = Field(description="The task whose question is asked again.")
    rung: str | None


class ResidualChange(Answer):
    before: RiskLevel | None
    after: RiskLevel | None


class MovePreview(Answer):
    reference: str
    stage: Stage
    from_: str = Field(alias="from")
    to: str
    seen: int = Field(description="What the preview rests on; a move says it.")
    refused: MoveRefusal | None = Field(description="Why it would not be moved.")
    parts: list[str] = Field(description="Parts of the terms that differ; see `differences`.")
    checks: list[CheckChange]
    stage_after: Stage
    opens: list[OpensTask]
    cancels: list[str] = Field(description="Open tasks that would end.")
    asks_again: list[str] = Field(description="Decided tasks whose answers would no longer stand.")
    residual_risk: ResidualChange
