"""Conditions of an approved proposal, as the API answers them."""

from pydantic import Field

from api.described.base import Answer, Day, Instant
from api.described.given import GivenDocument
from schemas.tasks import ConditionState, Gate, KeptBy


class Giver(Answer):
    id: str | None
    name: str


class Given(Answer):
    at: Instant
    by: Giver
    words: str | None
    documents: list[GivenDocument]


class SetBy(Answer):
    task: str
    kind: str


class Judge(Answer):
    role: str
    scope: str


class FollowedCondition(Answer):
    id: str = Field(description="The partner has ids of its own.")
    text: str
    owner: str
    evidence: str = Field(description="What is asked for.")
    gates: Gate
    due_date: Day | None
    kept_by: KeptBy
    state: ConditionState
    binds: bool = Field(description="Since the approval; before, evidence is not taken.")
    set_by: SetBy | None = Field(description="To staff alone.")
    judged_by: list[Judge] = Field(description="Who judges or waives it. To staff alone.")
    given: list[Given]
    judged_at: Instant | None
    message: str | None = Field(description="What the partner was told with the judgement.")
    overdue: bool
    judgement: str | None = Field(description="The open task that judges it. To staff alone.")
