"""What is said to a running proposal, and what it says to the store.

Everything here becomes an encrypted payload: ids, codes and digests, never words or names.
One input object per message, so that fields can be added.
"""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any, Literal

from schemas.events import Event, TextRef
from schemas.people import Actor, Level
from schemas.proposal import Assistance, DeskShare, Section, Trigger
from schemas.tasks import ConditionFact, RiskLevel, TaskKind
from schemas.terms import ProcessRules
from schemas.values import Value


class Submission(Value):
    """A frozen revision, as the workflow knows it."""

    reference: str
    revision: int
    submitted_at: datetime
    actor: Actor
    organization: str
    request_id: str
    content: TextRef
    sha256: str
    amount_cents: int
    triggers: tuple[Trigger, ...]
    desks: tuple[DeskShare, ...]
    """In the order of policy; the first is not necessarily the lead (see `lead`)."""
    lead: str
    checks: dict[str, str]
    changed: tuple[Section, ...] = ()
    call: str | None = None
    """The call that it answers: nobody is asked anything before this has closed."""
    read_from: datetime | None = None
    """When the call closes: the time to a decision runs from then."""
    known: int = 0
    """How many events of the workflow the store has; see `Taken.entries`."""
    policy_version: str | None = None
    """The terms under which it was checked; another version by now, and it is not taken."""


class Recording(StrEnum):
    """Who brings what an act did to the store (decision 0013); fixed when a proposal starts."""

    BY_ACTIVITY = "activity"
    BY_ANSWER = "answer"


class ProposalStart(Value):
    submission: Submission
    rules: ProcessRules
    policy_version: str
    recording: Recording = Recording.BY_ACTIVITY
    """What proposals that started before decision 0013 do; all later ones name theirs."""
    seed: str | None = None
    """What the ids of its tasks are drawn from (`workflows.tasks.id_of`), in hexadecimal; nobody is
    told it. Proposals that started without one go on counting their tasks."""
    ends_years: bool = False
    """Whether what is unsigned at 31 March loses the ending year's money; proposals that started
    before keep it."""
    keeps_money_untold: bool = False
    """Whether what is decided against the partner keeps its money until the letter is told, since
    the decision may be taken back until then; proposals that started before let it go at once."""
    relays_agreement: bool = False
    """Whether whoever relays begins its agreement once both have signed (decision 0019); proposals
    that started before begin it themselves, as a child."""
    renews_approvals: bool = False
    """Whether an approval is asked for anew once findings made since go beyond it; of proposals
    that started before, the department's signature is refused and nothing is asked."""
    approves_in_part: bool = False
    """Whether an approver may approve a part of what is recommended; not offered to those who
    started before."""


class Facts(Value):
    """What a decision's answers amount to, drawn by `policy.rules.facts`; codes and numbers only.

    A field that a kind does not use stays None or empty.
    """

    triggers: tuple[Trigger, ...] = ()
    inherent: RiskLevel | None = None
    residual: RiskLevel | None = None
    levels: dict[str, tuple[RiskLevel, RiskLevel]] = {}
    """Per country or unit: inherent, residual."""
    gender_code: int | None = None
    rating: str | None = None
    conditions: tuple[ConditionFact, ...] = ()
    dropped: tuple[str, ...] = ()
    hits: dict[str, str] = {}
    """Per hit id: no_match, match or unsure (screening)."""
    confirm_needed: bool = False
    """Screening: the judgement is above policy's level and needs a second person."""
    level: RiskLevel | None = None
    """Arbitration: the level that stands."""
    picked: str | None = None
    """Arbitration of several recommendations: the task whose answer counts."""
    instrument: Literal["grant", "contribution", "memorandum"] | None = None
    authorization: bool = False
    """Legal: the named instrument stands in the answers."""
    slices: tuple[Slice, ...] = ()
    priority: int = 0
    rung: Level | None = None
    """The rung that the amount asks for under the delegation in force."""
    delegation: str | None = None
    document: str | None = None
    """SHA-256 of the approval document that was decided on."""
    measures: str | None = None
    """The version of the country measures that a finding about them was made under."""
    rests_on: dict[str, str] = {}
    """What a conditional review was answered with: of each measure, area or substantial risk."""
    authorizations: dict[str, date] = {}
    """The last day of each authorization that a conditional review rests on, by its measure."""
    certified_cents: int | None = None
    """What entitlement is certified to (s.34), of what was claimed."""
    eligible_cents: int | None = None
    """What the costs of a whole agreement are accepted as, when it closes."""
    records: tuple[str, ...] = ()
    """The reusable records that a rated finding relies on."""


class Slice(Value):
    """Money of one fund (one fiscal year), in cents."""

    fund: str
    cents: int


Facts.model_rebuild()


class Decision(Value):
    """A decision on a task (api.md, Tasks), without its words."""

    task: str
    outcome: str
    actor: Actor
    request_id: str
    facts: Facts = Facts()
    sections: tuple[Section, ...] = ()
    texts: dict[str, TextRef] = {}
    """`reason`, `message_to_partner`, `answers`."""
    principal_organization: str | None = None
    """That of the person on whose behalf the actor decides."""
    known: int = 0


class GivenDocument(Value):
    """A document that an act gives: evidence, or beside an answer; by its digest."""

    id: str
    sha256: str


class PartnerAct(Value):
    """What a partner does beside submitting."""

    act: Literal["withdraw", "accept_conditions", "sign", "answer", "reconsider", "give_evidence"]
    actor: Actor
    request_id: str
    texts: dict[str, TextRef] = {}
    question: str | None = None
    """The question that is answered."""
    condition: str | None = None
    """The condition that evidence is given for."""
    documents: tuple[GivenDocument, ...] = ()
    known: int = 0


class StaffAct(Value):
    """Hold, resume, ask the partner, take a decision back, give the department's own evidence, ask
    that a condition be judged: what staff do beside deciding tasks."""

    act: Literal[
        "hold",
        "resume",
        "ask",
        "withdraw_question",
        "undo",
        "give_evidence",
        "judge_condition",
        "open_review",
        "post_notice",
        "reprofile",
    ]
    actor: Actor
    request_id: str
    texts: dict[str, TextRef] = {}
    """`reason`, or the `question`."""
    task: str | None = None
    """Inside which task it is asked (None: by a programme officer), or whose decision is undone."""
    due_at: datetime | None = None
    """Until when an answer is asked for."""
    question: str | None = None
    """The question that is withdrawn."""
    condition: str | None = None
    trigger: Trigger | None = None
    """What opens the review that is asked for."""
    posted_on: str | None = None
    """The day on which an environmental notice was posted."""
    not_before: datetime | None = None
    """Until when it stands at least, as the Act asks for now."""
    slices: tuple[Slice, ...] = ()
    """What is to be reserved instead, all years (reprofile)."""
    known: int = 0


class AgreementAct(Value):
    """What is done on an agreement beside deciding tasks: the partner hands a report in or claims
    a payment, staff take in the financial system's advice that one was paid, or that money came
    back."""

    act: Literal["report", "claim", "paid", "recovered"]
    actor: Actor
    request_id: str
    subject: str
    """The report, the tranche, the payment, or the debt."""
    texts: dict[str, TextRef] = {}
    documents: tuple[GivenDocument, ...] = ()
    costs: dict[Assistance, int] = {}
    """Cents by category: spent up to now (a financial report), or claimed."""
    number: str | None = None
    """The financial system's own number of the payment."""
    paid_on: date | None = None
    cents: int = 0
    known: int = 0


class TermsMove(Value):
    """A proposal moves to newer terms: what was previewed, by whoever saw it.

    What only files tell travels along, so that replay needs none: the automatic checks under the
    new terms, and the kinds whose answers these make void.
    """

    rules: ProcessRules
    policy_version: str
    checks: dict[str, str]
    voids: tuple[TaskKind, ...]
    seen: int
    """How many events of the workflow the preview rests on: one more, and it is not taken."""
    actor: Actor
    request_id: str
    texts: dict[str, TextRef] = {}
    """`reason`, and `checks` with their details."""
    asked_at: datetime | None = None
    """When a preview was asked for: the engine's own clock stands still between acts."""
    known: int = 0


class TermsPreview(Value):
    """What a move would do to a proposal as it stands, and on how many events that rests."""

    seen: int
    refused: str | None = None
    facts: dict[str, Any] = {}
    events: tuple[Event, ...] = ()
    """What would happen at once, in order."""
    residual: tuple[RiskLevel | None, RiskLevel | None] = (None, None)


class NoticeKind(StrEnum):
    OFFER = "offer"
    """Money came free and is reserved for this proposal."""
    RESCREEN = "rescreen"
    SEAL = "seal"
    UNSEAL = "unseal"
    CALL_CLOSED = "call_closed"
    RECORD = "record"
    """A record that findings rely on expired, was withdrawn, or says something else now."""
    SUSPEND = "suspend"
    """An incident touches it."""
    RESUME = "resume"
    """The incident was assessed: it goes on, with the findings of these kinds asked for anew."""


class Notice(Value):
    """What the store tells a workflow: a row of `messages`, delivered until acknowledged."""

    id: str
    kind: NoticeKind
    data: dict[str, Any] = {}
    known: int = 0


# ---- from the workflow to the store


class MoneyMove(StrEnum):
    RESERVE = "reserve"
    RELEASE = "release"
    COMMIT = "commit"
    UNCOMMIT = "uncommit"
    PASS_OVER = "pass_over"  # noqa: S105 - a move of money
    REPROFILE = "reprofile"
    """Reserved money is moved to other years, all of it or none."""
    REDUCE = "reduce"
    """Reserved money is kept down to what was approved; the rest is free."""
    LAPSE = "lapse"
    """The slices of a year that ended unsigned are given up."""
    CERTIFY = "certify"
    """Entitlement to cents of a commitment is certified (s.34)."""
    UNCERTIFY = "uncertify"
    """What was certified is not requisitioned: it is committed as before."""
    PAY = "pay"
    """What was certified is paid on requisition (s.33)."""
    RECOVER = "recover"
    """What was paid came back; it is committed as before, until it is let go or paid again."""
    DECOMMIT = "decommit"
    """Firm money that will not be paid is let go: termination, closing, a smaller amendment."""


class MoneyRequest(Value):
    """A move of money asked for by a proposal, in the same transaction as its events.

    The same reservation id gets the same answer, however often it is asked.
    """

    reservation: str
    move: MoneyMove
    slices: tuple[Slice, ...] = ()
    """Of `reserve`, and of the moves of firm money; of `decommit` none means all that is left."""
    priority: int = 0
    certified_by: str | None = None
    """Of `commit`: whose certificate it rests on that the year of the signature has the money
    (Financial Administration Act, section 32)."""
    key: str | None = None
    """Of the moves of firm money: what tells one from another of its kind, such as a payment."""


class Entry(Value):
    """One thing to record: an event, and the money that moves with it."""

    event: Event
    money: MoneyRequest | None = None


class Batch(Value):
    """Everything that changes together, in one transaction."""

    reference: str
    entries: tuple[Entry, ...]


class MoneyAnswer(StrEnum):
    RESERVED = "reserved"
    QUEUED = "queued"
    DONE = "done"


class Taken(Value):
    """The answer of every update: the act is taken, up to this event of the workflow.

    `entries` is what the asker has still to bring to the store: all that the workflow has said
    since the last event that the asker knew there. It begins with that one again, so that other
    content under its key is noticed.

    `state` is the digest of the case right after the act: replaying a kept history with other
    code must give the same, since replay itself does not notice a changed rule.
    """

    source_seq: int
    state: str = ""
    entries: tuple[Entry, ...] = ()


class BatchResult(Value):
    """Per reservation id, what became of the money asked for in the batch."""

    money: dict[str, MoneyAnswer] = {}


class ScreeningRequest(Value):
    reference: str
    revision: int


class PartyHits(Value):
    """A named party with its hits, by id; names and evidence stay in the store."""

    party: str
    owner: bool
    """The partner itself, one of its owners or directors: a match seals all that is alive."""
    hits: tuple[str, ...]


class ScreeningResult(Value):
    """`lists`: the snapshots screened against; empty means that screening is not done."""

    lists: tuple[str, ...]
    parties: tuple[PartyHits, ...]
    """Only parties with hits that have no judgement that still holds."""


# The kinds that a return can ask from.
ASKING_KINDS = (
    *(kind for kind in TaskKind if kind.is_finding),
    TaskKind.ARBITRATE,
    TaskKind.LEGAL,
    TaskKind.SIGN_OFF,
    TaskKind.RECOMMEND,
    TaskKind.APPROVE,
)
