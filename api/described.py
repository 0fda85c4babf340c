"""What the API answers, as models for the OpenAPI; nothing is answered through them.

Answers are made in `commands.views`; a test holds every answer of a journey against these.
Fields may be added: clients read past what they do not know.
"""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from policy.rules.calls import CallState
from schemas.documents import DocumentKind, Marking
from schemas.holds import HoldKind, QuestionState
from schemas.notifications import MailState, MailWish, NotificationKind
from schemas.people import GrantState, Role
from schemas.proposal import (
    CheckResult,
    Content,
    Outcome,
    PartnerKind,
    PartnerStatus,
    Section,
    Stage,
)
from schemas.repairs import RepairEnd, RepairKind
from schemas.requests import BulkAct
from schemas.tasks import Effect, Gate, RiskLevel, TaskKind, TaskState
from schemas.values import Bilingual, Language, Money

Instant = Annotated[str, Field(json_schema_extra={"format": "date-time"})]
Day = Annotated[str, Field(json_schema_extra={"format": "date"})]


class Answer(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Token(Answer):
    access_token: str
    token_type: Literal["bearer"]
    expires_in: int


class Granted(Answer):
    role: Role
    scope: str


class Named(Answer):
    id: str
    name: str


class DelegatedGrant(Answer):
    role: Role
    scope: str
    giver: Named
    delegation: str
    ends_on: Day


class Me(Answer):
    id: str
    name: str
    email: str
    organization: str | None
    grants: list[Granted]
    delegated: list[DelegatedGrant] = Field(
        description="What others let one do on their behalf today."
    )
    language: Language


class Account(Answer):
    email: str
    password: str
    name: str
    organization: str | None
    grants: list[Granted]


class CodeNamed(Answer):
    code: str
    name: Bilingual


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


class Organization(Answer):
    id: str
    name: str
    kind: PartnerKind
    kind_confirmed: bool
    country: str | None
    identifiers: dict[str, str]
    language: Language
    people: list[dict[str, Any]] = Field(description="Directors and owners with shares.")
    version: int
    demonstration: bool


class Warned(Answer):
    code: Literal["signs_and_certifies", "certifies_and_requisitions"]
    detail: str = Field(description="A sentence in the reader's language.")


class Grant(Answer):
    id: str
    person: str
    role: Role
    scope: str
    starts_on: Day
    ends_on: Day | None
    reason: str | None = Field(description="To administrators and auditors alone.")
    granted_by: str
    confirmed_by: str | None
    confirmed_on: Day | None
    dropped_by: str | None = Field(description="Who refused or withdrew it.")
    attested_by: str | None
    attested_on: Day | None
    attest_by: Day | None = Field(description="It lapses after this day unless it is attested.")
    state: GrantState
    in_force: bool
    warnings: list[Warned]


class Person(Answer):
    id: str
    name: str
    email: str
    organization: str | None
    language: Language
    active: bool
    demonstration: bool
    version: int
    grants: list[Grant]


class Delegation(Answer):
    id: str
    giver: Named
    receiver: Named
    grants: list[Granted]
    starts_on: Day
    ends_on: Day
    reason: str | None
    made_at: Instant
    ended_at: Instant | None = Field(description="When it was ended early.")
    in_force: bool


class Absence(Answer):
    starts_on: Day | None
    ends_on: Day | None = Field(description="Null: until it is taken back.")
    away: bool
    version: int = Field(description="Also the `ETag`; 0 where nothing was ever said.")


class Unattended(Answer):
    """Nothing but who could take it where the task would tell of evidence that one does not see."""

    id: str | None
    reference: str | None
    kind: TaskKind | None
    candidates: list[Granted]
    due_at: Instant | None
    why: Literal["nobody_may_take", "everybody_away"]
    away: list[Named]


class Recused(Answer):
    task: str
    reference: str
    recused: bool


class Invitation(Answer):
    person: str
    name: str
    organization: str | None
    link: str | None = Field(
        description="Works once, until `expires_at`. Shown here alone where no e-mail is sent; "
        "otherwise null, and in that e-mail alone."
    )
    sent_to: str | None = Field(description="The address that the e-mail with the link goes to.")
    path: str
    expires_at: Instant


class Notification(Answer):
    id: str
    kind: NotificationKind
    title: str
    text: str
    reference: str | None
    task: str | None
    letter: str | None
    due_at: Instant | None
    at: Instant
    read_at: Instant | None


class NotificationCounts(Answer):
    unread: int | str
    all: int | str


class NotificationsRead(Answer):
    read: int


class NotificationPreferences(Answer):
    email: MailWish
    language: Language = Field(description="The language that the e-mails are written in.")
    sends_mail: bool = Field(description="Whether this installation sends e-mail at all.")
    digest_hour: int | None = Field(description="When digests leave, in Toronto.")


class MailFailure(Answer):
    code: str
    text: str
    answer: int | None = Field(description="The number with which the mail server refused.")


class Mail(Answer):
    id: str
    kind: NotificationKind
    person: Named
    reference: str | None
    task: str | None
    mail: MailWish
    state: MailState
    created_at: Instant
    not_before: Instant
    tries: int
    next_at: Instant | None
    sent_at: Instant | None
    message_id: str | None
    failure: MailFailure | None


class PasswordSet(Answer):
    email: str


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


class Hold(Answer):
    kind: HoldKind
    since: Instant
    reason: str | None = Field(
        description="The words of whoever set it (none once they are disposed of), or a code "
        "where a decision did: `returned`, `ask_legal`, `legal_disposes`."
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
    requests: list[PartnerRequest] = Field(default=[], description="To the partner alone.")
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


class Actor(Answer):
    name: str
    role: str | None


class HistoryItem(Answer):
    id: str
    at: Instant
    type: str
    title: str
    actor: Actor | None
    on_behalf_of: str | None = Field(description="The name of the person acted for.")
    delegation: str | None = Field(default=None, description="To staff alone: under which one.")
    reason: Any = None
    data: dict[str, Any]
    recorded_at: Instant | None = Field(default=None, description="To staff alone.")
    policy_version: str | None = Field(default=None, description="To staff alone.")
    hash: str | None = Field(default=None, description="To staff alone.")
    disposed: dict[str, Any] | None = Field(default=None, description="To staff alone.")


class On(Answer):
    kind: Literal["role", "person", "partner", "department", "system", "money"]
    who: str = Field(
        description="A role and its scope (`reviewer:norms`), a person's name, an organization "
        "(`you` to the partner), fund ids, or a code: `the_department`, `ask_legal`, "
        "`no_list_imported`, `agreement_conditions`, `screening`, `recording`, `engine`, `mail`, "
        "`next_step`, `event_conflict`, `undo_window` (a decision that is not told yet), "
        "`nobody_may_take` (its task has no candidate left)."
    )


class Next(Answer):
    at: Instant
    what: Literal[
        "remind",
        "overdue",
        "escalate",
        "lapses",
        "unfunded",
        "decision_expected",
        "clock_goes_on",
        "repair_ends",
        "closes",
        "letter_told",
    ]
    to: str | None = Field(default=None, description="Of an escalation: who may take it too.")


class Failing(Answer):
    what: str = Field(description="A code.")
    work: Literal["record", "screen", "next_step", "message", "mail"]
    cause: str | None = Field(description="The class of an unexpected error, never its text.")
    detail: str = Field(description="A sentence in the reader's language.")
    tries: int
    next_at: Instant | None


class WaitingItem(Answer):
    on: On
    task: str | None
    since: Instant | None
    due_at: Instant | None
    next: Next | None
    nudged_at: Instant | None = Field(description="The last time somebody nudged.")
    failing: Failing | None
    acts: list[
        Literal[
            "edit", "submit", "withdraw", "accept-conditions", "sign", "claim", "release",
            "decide", "recuse", "comment", "reassign", "nudge", "import_list", "resume", "answer",
            "withdraw_question", "retry", "reconsider", "undo",
        ]
    ] = Field(description="What the reader may do about it.")  # fmt: skip


class Waiting(Answer):
    items: list[WaitingItem]


class Nudged(Answer):
    task: str
    nudged_at: Instant


class Retried(Answer):
    """What was failing, and is tried at once."""

    works: list[Literal["record", "screen"]]
    messages: int
    mails: int


class TaskOutcome(Answer):
    code: str
    label: str
    effect: Effect
    needs_reason: bool
    needs_message: bool


class TaskItem(Answer):
    id: str
    kind: TaskKind
    stage: Stage
    reference: str
    revision: int
    title: str
    subject: str | None
    candidates: list[Granted]
    may_act_for: list[Named] = Field(
        description="Where the reader may take it only on behalf of others: of these."
    )
    holder: Named | None
    held_since: Instant | None
    held_on_behalf_of: Named | None
    state: TaskState
    opened_at: Instant
    due_at: Instant
    outcomes: list[TaskOutcome]
    seat: dict[str, int] | None = Field(
        description="Where several people answer: `number` of `of`, each another person."
    )
    confirms: str | None
    arbitrates: str | None
    previous: str | None
    repair: str | None = Field(description="The repair that it confirms.")
    decided_by: Named | None
    on_behalf_of: Named | None = Field(description="On whose behalf it was decided.")
    decided_at: Instant | None
    outcome: str | None
    stands: bool
    version: int = Field(description="Counts claims and drafts of answers; also the `ETag`.")


class Comment(Answer):
    id: str
    at: Instant
    by: Named
    role: str | None
    text: str | None = Field(description="Absent once it was disposed of.")
    disposed: dict[str, Any] | None


class Receiver(Answer):
    id: str
    name: str
    holds: int = Field(description="How many tasks the person holds already.")


class Document(Answer):
    id: str
    name: str | None
    kind: DocumentKind
    kind_name: str
    language: str
    marking: Marking
    marking_name: str
    media_type: str
    size: int
    sha256: str
    added_at: Instant
    disposed: dict[str, Any] | None
    revision: int | None = Field(
        default=None, description="Of a proposal: the first revision that names it."
    )
    attached: bool = Field(
        default=False, description="To the partner: whether the working copy names it."
    )
    added_by: Named | None = Field(default=None, description="Of a task.")


class Task(TaskItem):
    form: dict[str, Any] = Field(
        description="JSON Schema 2020-12 of `answers`, with a valid answer first in `examples`."
    )
    answers: dict[str, Any] | None
    reason: str | None
    message_to_partner: str | None
    comments: list[Comment] = Field(description="Oldest first; for those who read answers.")
    documents: list[Document]
    disposed: dict[str, Any] | None = None


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


class Decided(Answer):
    task: Task
    proposal: Proposal


class TaskCounts(Answer):
    mine: int | str
    group: int | str
    all: int | str = Field(description="Exact up to 10,000, then `10000+`.")
    overdue: int | str = Field(description="Of the `view` that was asked for.")
    due_soon: int | str = Field(description="Of the `view` that was asked for.")


class BulkRefusal(Answer):
    code: str
    detail: str = Field(description="A sentence in the reader's language.")
    facts: dict[str, Any]


class BulkPreviewItem(Answer):
    task: str
    kind: TaskKind | None
    reference: str | None
    would: BulkAct | None
    on_behalf_of: Named | None = Field(description="Null: in one's own right.")
    refused: BulkRefusal | None


class BulkPreview(Answer):
    act: BulkAct
    would: int = Field(description="How many tasks the act would be done to.")
    refused: int
    items: list[BulkPreviewItem]


class BulkJob(Answer):
    id: str
    person: str
    act: BulkAct | Literal["move"]
    receiver: str | None = Field(description="A person; of a move, the version of the terms.")
    state: Literal["running", "stopped", "done"]
    created_at: Instant
    ended_at: Instant | None
    done: int
    failed: int
    left: int


class BulkItem(Answer):
    position: int
    task: str | None = Field(
        description="The task, or the proposal of a move; absent where one may not know of it now."
    )
    state: Literal["left", "done", "failed"]
    refused: BulkRefusal | None = Field(
        description="Why it failed; of one that is left, why it could not be done the last time."
    )
    tries: int
    ended_at: Instant | None


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
    state: str
    budget: Money
    reserved: Money
    committed: Money
    paid: Money
    available: Money
    deficit: Money
    queue: list[Queued]


class FundCommitment(Answer):
    id: str
    reference: str
    state: Literal["queued", "reserved", "committed"]
    priority: int
    amount: Money


class Rescreening(Answer):
    asked: int
    of: int
    ended_at: Instant | None


class SanctionsList(Answer):
    id: str
    name: Bilingual
    imported: bool
    snapshot: str | None
    imported_at: Instant | None
    imported_by: str | None
    sha256: str | None
    entries: int
    snapshots: int
    rescreening: Rescreening | None = Field(
        description="How far the current snapshot has come in asking what is alive."
    )


class Imported(Answer):
    list: str
    snapshot: str
    sha256: str
    imported_at: Instant
    entries: int
    added: int
    changed: int
    metadata_only: int
    removed: int
    ids: dict[str, Any]
    rescreening: int


class Match(Answer):
    list: str
    entry: str
    name: str
    kind: str
    birth_dates: Any
    countries: Any
    score: float
    threshold: float
    features: dict[str, Any]
    explained: dict[str, tuple[str, ...]] = Field(
        description="What the score is made of, in sentences, by language."
    )


class PoliceTold(Answer):
    authority: str
    told_on: Day
    by: str
    recorded_at: Instant


class PoliceDuty(Answer):
    task: str
    reference: str
    since: Instant
    due_at: Instant
    late: bool
    told: PoliceTold | None


class Matches(Answer):
    candidates: list[Match]


class Live(Answer):
    status: Literal["ok"]


class Ready(Answer):
    status: str
    engine: str
    worker: str
    store: str
    scanner: str = Field(description="`not_set`: uploaded files are taken as they are.")
    mail: str = Field(description="For information: it makes nothing less ready.")


ANSWERS: dict[str, tuple[int, type[Answer] | type[Content], bool]] = {
    "POST /token": (200, Token, False),
    "GET /me": (200, Me, False),
    "GET /me/delegations": (200, Delegation, True),
    "POST /me/delegations": (201, Delegation, False),
    "POST /me/delegations/{delegation_id}/end": (200, Delegation, False),
    "GET /me/absence": (200, Absence, False),
    "PUT /me/absence": (200, Absence, False),
    "GET /delegations": (200, Delegation, True),
    "GET /operations/unattended": (200, Unattended, True),
    "POST /tasks/{task_id}/recuse": (200, Recused, False),
    "GET /demo/accounts": (200, Account, True),
    "GET /programmes": (200, Programme, True),
    "GET /programmes/{code}/versions": (200, TermsVersion, True),
    "GET /programmes/{code}/differences": (200, TermsDifference, True),
    "GET /programmes/{code}/migrations": (200, MovePreview, True),
    "POST /programmes/{code}/migrations": (201, BulkJob, False),
    "POST /proposals/{reference}/terms": (200, Proposal, False),
    "GET /calls": (200, Call, True),
    "POST /calls": (201, Call, False),
    "GET /calls/{call_id}": (200, Call, False),
    "PUT /calls/{call_id}": (200, Call, False),
    "GET /organizations": (200, Organization, True),
    "POST /organizations": (201, Organization, False),
    "GET /organizations/{organization_id}": (200, Organization, False),
    "PUT /organizations/{organization_id}": (200, Organization, False),
    "GET /people": (200, Person, True),
    "GET /people/{person_id}": (200, Person, False),
    "PUT /people/{person_id}": (200, Person, False),
    "POST /people/{person_id}/deactivate": (200, Person, False),
    "POST /people/{person_id}/reactivate": (200, Person, False),
    "POST /people/invitations": (201, Invitation, False),
    "POST /people/passwords": (200, PasswordSet, False),
    "POST /people/{person_id}/grants": (201, Grant, False),
    "GET /grants": (200, Grant, True),
    "POST /grants/{grant_id}/confirm": (200, Grant, False),
    "POST /grants/{grant_id}/refuse": (200, Grant, False),
    "POST /grants/{grant_id}/attest": (200, Grant, False),
    "POST /grants/{grant_id}/end": (200, Grant, False),
    "GET /proposals": (200, ProposalItem, True),
    "POST /proposals": (201, Proposal, False),
    "GET /proposals/{reference}": (200, Proposal, False),
    "PUT /proposals/{reference}": (200, Proposal, False),
    "POST /proposals/{reference}/submit": (200, Receipt, False),
    "POST /proposals/{reference}/withdraw": (200, Proposal, False),
    "POST /proposals/{reference}/hold": (200, Proposal, False),
    "POST /proposals/{reference}/resume": (200, Proposal, False),
    "POST /proposals/{reference}/reconsider": (200, Proposal, False),
    "GET /proposals/{reference}/questions": (200, Question, True),
    "POST /proposals/{reference}/questions": (201, Question, False),
    "POST /proposals/{reference}/questions/{question_id}/answer": (200, Question, False),
    "POST /proposals/{reference}/questions/{question_id}/withdraw": (200, Question, False),
    "POST /proposals/{reference}/accept-conditions": (200, Proposal, False),
    "POST /proposals/{reference}/sign": (200, Proposal, False),
    "GET /proposals/{reference}/check": (200, Checked, False),
    "GET /proposals/{reference}/revisions/{n}": (200, Revision, False),
    "GET /proposals/{reference}/history": (200, HistoryItem, True),
    "GET /proposals/{reference}/tasks": (200, TaskItem, True),
    "GET /proposals/{reference}/waiting": (200, Waiting, False),
    "POST /proposals/{reference}/retry": (200, Retried, False),
    "GET /proposals/{reference}/receipt": (200, Receipt, False),
    "POST /proposals/{reference}/repairs": (201, Repair, False),
    "GET /proposals/{reference}/repairs": (200, Repair, True),
    "GET /proposals/{reference}/repairs/{repair_id}": (200, Repair, False),
    "POST /proposals/{reference}/documents": (201, Document, False),
    "GET /proposals/{reference}/documents": (200, Document, True),
    "POST /tasks/{task_id}/documents": (201, Document, False),
    "GET /tasks/{task_id}/documents": (200, Document, True),
    "GET /tasks": (200, TaskItem, True),
    "GET /tasks/counts": (200, TaskCounts, False),
    "GET /tasks/{task_id}": (200, Task, False),
    "GET /tasks/{task_id}/waiting": (200, Waiting, False),
    "POST /tasks/{task_id}/nudge": (200, Nudged, False),
    "POST /tasks/{task_id}/claim": (200, Task, False),
    "POST /tasks/{task_id}/release": (200, Task, False),
    "GET /tasks/{task_id}/people": (200, Receiver, True),
    "POST /tasks/{task_id}/reassign": (200, Task, False),
    "GET /tasks/{task_id}/comments": (200, Comment, True),
    "POST /tasks/{task_id}/comments": (201, Comment, False),
    "PUT /tasks/{task_id}/answers": (200, Task, False),
    "POST /tasks/{task_id}/decision": (200, Decided, False),
    "POST /tasks/{task_id}/undo": (200, Decided, False),
    "GET /notifications": (200, Notification, True),
    "GET /notifications/counts": (200, NotificationCounts, False),
    "POST /notifications/read-all": (200, NotificationsRead, False),
    "POST /notifications/{notification_id}/read": (200, Notification, False),
    "GET /me/notification-preferences": (200, NotificationPreferences, False),
    "PUT /me/notification-preferences": (200, NotificationPreferences, False),
    "GET /operations/mail": (200, Mail, True),
    "POST /operations/mail/{notification_id}/retry": (200, Mail, False),
    "POST /bulk/preview": (200, BulkPreview, False),
    "POST /bulk": (201, BulkJob, False),
    "GET /bulk": (200, BulkJob, True),
    "GET /bulk/{job_id}": (200, BulkJob, False),
    "GET /bulk/{job_id}/items": (200, BulkItem, True),
    "POST /bulk/{job_id}/stop": (200, BulkJob, False),
    "GET /funds": (200, Fund, True),
    "GET /funds/{fund_id}/commitments": (200, FundCommitment, True),
    "GET /lists": (200, SanctionsList, True),
    "POST /lists/{list_id}/snapshots": (201, Imported, False),
    "POST /screening/check": (200, Matches, False),
    "GET /screening/police-duties": (200, PoliceDuty, True),
    "POST /screening/police-duties/{task_id}/told": (201, PoliceDuty, False),
    "GET /health/live": (200, Live, False),
    "GET /health/ready": (200, Ready, False),
}
"""Per route: the status of its answer, its model, and whether it is a list of them.

A route that is missing here describes its own answer, or has none that is JSON of ours.
"""
