"""Answers about funds and what is committed of them."""

from typing import Literal

from pydantic import Field

from api.described.base import Answer, Day, Held, Instant, Named
from schemas.funds import CorrectionKind, CorrectionState, FundState, Vote
from schemas.people import Level
from schemas.values import Money


class Queued(Answer):
    position: int
    reference: str | None
    priority: int
    amount: Money


class Fund(Answer):
    id: str
    programme: str
    vote: str
    fiscal_year: str
    state: FundState
    budget: Money
    reserved: Money
    committed: Money
    certified: Money
    paid: Money
    available: Money
    deficit: Money
    queue: list[Queued]


class FundMonth(Answer):
    month: str = Field(description="YYYY-MM; the balances are those at its end, or now.")
    budget: Money
    reserved: Money
    committed: Money
    certified: Money
    paid: Money
    available: Money
    deficit: Money


class AuthorityCoverage(Answer):
    id: str
    authority: Literal["approve", "commit", "sign", "certify", "requisition"]
    level: Level | None = Field(description="Of an approval; levels above may approve it too.")
    programme: str | None = Field(description="Of the other four.")
    above: Money | None
    up_to: Money | None = Field(description="The most that the level approves; null: no bound.")
    on_paper: bool = Field(description="The level does not sign in: it decides on paper.")
    people: int = Field(description="How many hold it today.")
    all_until: Day | None = Field(description="The last day on which all of them hold it.")


class FundCommitment(Answer):
    id: str
    reference: str
    state: Literal["queued", "reserved", "committed"]
    priority: int
    amount: Money
    held: Held


class FundOpening(Answer):
    id: str
    fund: str
    programme: str
    vote: Vote
    fiscal_year: str
    budget: Money
    fund_state: FundState
    state: CorrectionState
    reason: str | None
    proposed_by: Named
    proposed_at: Instant
    due_at: Instant
    ended_by: Named | None
    ended_at: Instant | None
    answer: str | None
    """Why it was refused or withdrawn."""


class FundStood(Answer):
    budget: Money
    fund_state: FundState


class FundCorrection(Answer):
    id: str
    fund: str
    kind: CorrectionKind
    budget: Money | None
    fund_state: FundState | None
    to: str | None
    amount: Money | None
    state: CorrectionState
    stood_at: FundStood
    """How the fund stood when it was proposed."""
    reason: str | None
    proposed_by: Named
    proposed_at: Instant
    due_at: Instant
    ended_by: Named | None
    ended_at: Instant | None
    answer: str | None
    """Why it was refused or withdrawn."""
