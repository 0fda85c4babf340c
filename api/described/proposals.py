"""Answers about proposals, their revisions, history and repairs."""

from typing import Any, Literal

from pydantic import ConfigDict, Field

from api.described.base import Actor, Answer, Day, Held, Instant, Named
from api.described.given import GivenDocument
from schemas.holds import HoldKind, QuestionState
from schemas.proposal import (
    CheckResult,
    Content,
    Outcome,
    PartnerStatus,
    Section,
    Stage,
)
from schemas.repairs import RepairEnd, RepairKind
from schemas.tasks import Gate, RiskLevel
from schemas.values import Money


class Check(Answer):
    code: str
    result: CheckResult
    detail: str = Field(description="A sentence in the reader's language.")
    reason: str = Field(description="The code of that sentence.")
    source: str


class Gap(Answer):
    pointer: str
    code: str
    detail: str


class Checked(Answer):
    gaps: list[Gap] = Field(description="What keeps the draft from being submitted.")
    checks: list[Check]


class Signature(Answer):
    algorithm: Literal["Ed25519"]
    public_key: str
    value: str


class Receipt(Answer):
    reference: str
    revision: int
    sha256: str
    received_at: Instant
    checks: list[Check]
    signature: Signature = Field(
        description="Over the canonical JSON of reference, revision, sha256 and received_at."
    )


class Clock(Answer):
    due_at: Instant | None
    paused: bool
    business_days_left: int | None


class Standard(Answer):
    standard: Literal["acknowledgement", "decision", "notice"]
    due_at: Instant | None
    state: Literal["running", "paused", "met", "missed"]


class Condition(Answer):
    id: str
    text: str
    due_date: Day | None
    gates: Gate
    state: str


class Commitment(Answer):
    id: str
    reservation: str
    fund: str
    fiscal_year: str | None
    amount: Money
    state: Literal["queued", "reserved", "committed"]
    held: Held


class Hold(Answer):
    kind: HoldKind
    since: Instant
    reason: str | None = Field(
        description="The words of whoever set it (none once they are disposed of), or a code "
        "where a decision did: `returned`, `ask_legal`, `legal_disposes`, `incident`."
    )


class Letter(Answer):
    id: str
    kind: str
    written_at: Instant
    message: str | None
    subject: str
    text: str


class Question(Answer):
    id: str
    state: QuestionState
    office: str = Field(description="Who asks, as the partner reads it.")
    question: str | None
    asked_at: Instant
    due_at: Instant
    answer: str | None
    documents: list[GivenDocument] = Field(description="What the partner gave with its answer.")
    answered_by: Named | None
    ended_at: Instant | None
    asked_by: Named | None = Field(description="To staff alone.")
    task: str | None = Field(description="Inside which it was asked. To staff alone.")


class Reconsideration(Answer):
    state: Literal["open", "over", "asked", "upheld", "reopened"]
    until: Instant | None = Field(description="Until when the partner may ask for it.")
    asked_at: Instant | None
    reason: str | None = Field(description="The new facts, as the partner wrote them.")


class PartnerRequest(Answer):
    kind: Literal["return", "question"]
    id: str | None = Field(default=None, description="Of a question.")
    office: str | None = Field(default=None, description="Of a question: who asks.")
    sections: list[Section]
    due_at: Instant | None = Field(description="None while that time stands still.")
    business_days_left: int | None = Field(description="Kept while that time stands still.")
    message: str | None


class ProposalItem(Answer):
    reference: str
    programme: str
    title: str | None
    organization: str
    organization_name: str | None
    revision: int
    stage: Stage | Literal["review"]
    partner_status: PartnerStatus
    outcome: Outcome | None
    requested: Money | None
    created_at: Instant
    submitted_at: Instant | None
    decided_at: Instant | None


class Proposal(Content):
    """The content, and where the proposal stands; partner and staff see fields of their own."""

    model_config = ConfigDict(extra="forbid", frozen=False)
    reference: str
    organization: str
    organization_name: str | None
    revision: int
    stage: Stage | Literal["review"]
    partner_status: PartnerStatus
    outcome: Outcome | None
    requested: Money | None
    created_at: Instant
    submitted_at: Instant | None
    decided_at: Instant | None
    policy_version: str | None
    checks: list[Check]
    clock: Clock | None
    reconsideration: Reconsideration | None = Field(
        description="Of a decision against the partner."
    )
    version: int = Field(description="Counts edits of the content only; also the `ETag`.")
    conditions: list[Condition]
    payments: list[dict[str, Any]]
    agreement: dict[str, Any] | None
    requests: list[PartnerRequest] = Field(
        default=[], description="To whoever writes it: the partner, or an officer of the program."
    )
    letters: list[Letter] = Field(default=[], description="To the partner alone.")
    residual_risk: RiskLevel | None = Field(default=None, description="To staff alone.")
    commitments: list[Commitment] = Field(default=[], description="To staff alone.")
    holds: list[Hold] = Field(default=[], description="To staff alone, as far as one may know.")
    triggers: list[str] = []
    desks: list[dict[str, Any]] = []
    lead: str | None = None
    screening: dict[str, Any] | None = None
    money: dict[str, Any] | None = None
    decision: dict[str, Any] | None = None
    returned: dict[str, Any] | None = None
    stage_clock: Clock | None = Field(default=None, description="To staff alone.")
    standards: list[Standard] = Field(
        default=[], description="To staff alone: what was promised, and whether it was kept."
    )
    disposed: list[dict[str, Any]] = Field(
        default=[], description="Of a closed proposal: which texts are no longer kept, and why."
    )


class Revision(Answer):
    reference: str
    revision: int
    sha256: str
    submitted_at: Instant
    policy_version: str
    content: Content


class HistoryItem(Answer):
    id: str
    at: Instant
    type: str
    title: str
    actor: Actor | None
    on_behalf_of: str | None = Field(description="The name of the person acted for.")
    delegation: str | None = Field(default=None, description="To staff alone: under which one.")
    acting: bool | None = Field(
        default=None, description="To staff alone: whether that one is an acting appointment."
    )
    reason: Any = None
    data: dict[str, Any]
    recorded_at: Instant | None = Field(default=None, description="To staff alone.")
    policy_version: str | None = Field(default=None, description="To staff alone.")
    hash: str | None = Field(default=None, description="To staff alone.")
    disposed: dict[str, Any] | None = Field(default=None, description="To staff alone.")
    record: dict[str, Any] | None = Field(
        default=None,
        description="To staff alone, of a decision: what it rested on, as `GET .../decisions`.",
    )


class EvidenceOfDecision(Answer):
    what: str
    id: str | None = None
    sha256: str | None = None


class DeskOfDecision(Answer):
    desk: str
    answer: str
    by: Named
    task: str


class DecisionRecord(Answer):
    task: str
    kind: str
    outcome: str
    decided_at: Instant
    by: Named
    role: str | None
    on_behalf_of: Named | None
    delegation: str | None
    policy_version: str | None = Field(description="The terms that it was decided under.")
    checklist: str | None
    delegation_of_authority: str | None
    country_measures: str | None
    inherent: str | None
    residual: str | None
    lists: list[str] = Field(description="The snapshots that names were last compared with.")
    records: list[str] = Field(description="The reusable records that it relies on.")
    desks: list[DeskOfDecision] = Field(description="Of what follows the desks: who was asked.")
    consulted: str | None = Field(description="Whom a reviewer says that they consulted.")
    evidence: list[EvidenceOfDecision]
    evidence_sha256: str = Field(description="SHA-256 of `evidence` in canonical JSON.")


class FeedItem(HistoryItem):
    cursor: str = Field(description="To go on behind this event: `after`.")
    reference: str


class Repair(Answer):
    id: str
    reference: str
    kind: RepairKind
    state: Literal["proposed", "done", "ended"]
    stage: Stage | None = Field(description="Of a rewind: where to.")
    task: str | None
    person: Named | None
    letter: str | None
    duplicate_of: str | None
    reason: str | None
    stood_at: Stage = Field(description="Where the proposal stood when it was proposed.")
    proposed_by: Named
    proposed_at: Instant
    confirm: str = Field(description="The task that confirms it.")
    due_at: Instant = Field(description="After this nothing is done.")
    ended_by: Named | None = Field(description="Who confirmed it, or did not agree.")
    ended_at: Instant | None
    why: RepairEnd | None = Field(description="Why it was not done.")
    changed: list[str] = Field(
        description="Of a stale one, what had moved on: "
        "`stage`, `revision`, `terms`, `decided`, `answers`, `task`."
    )
