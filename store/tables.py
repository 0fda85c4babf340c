"""Every table of the store.

Money is whole cents. Instants are UTC. Nothing here knows a rule: what may change is decided
in `policy` and `workflows`, what is read is filtered by `visibility`.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Index,
    Integer,
    LargeBinary,
    UniqueConstraint,
    event,
)
from sqlmodel import Field, SQLModel

from store.columns import Instant
from store.columns import an_instant as _instant
from store.columns import in_cents as _cents
from store.columns import some_json as _json
from store.words import folded

# ---- people


class OrganizationRow(SQLModel, table=True):
    __tablename__ = "organizations"
    id: str = Field(primary_key=True)
    name: str
    kind: str
    kind_confirmed: bool = False
    country: str | None = None
    identifiers: dict[str, str] = _json()
    language: str = "en"
    people: list[dict[str, Any]] = _json()
    version: int = 1
    demonstration: bool = False


class PersonRow(SQLModel, table=True):
    __tablename__ = "people"
    id: str = Field(primary_key=True)
    email: str = Field(unique=True)
    name: str
    organization: str | None = Field(default=None, foreign_key="organizations.id")
    language: str = "en"
    password_hash: str | None = None
    active: bool = True
    demonstration: bool = False
    version: int = 1


class GrantRow(SQLModel, table=True):
    """A role in a scope for a time; what it gives never changes, only how long."""

    __tablename__ = "grants"
    id: str = Field(primary_key=True)
    person: str = Field(foreign_key="people.id", index=True)
    role: str
    scope: str
    starts_on: date
    ends_on: date | None = None
    granted_by: str
    confirmed_by: str | None = None
    confirmed_on: date | None = None
    dropped_by: str | None = None
    """Who refused it, or withdrew it, before it held."""
    attested_by: str | None = None
    attested_on: date | None = None
    lapsed_on: date | None = None
    """The first day without it, once that it lapsed is recorded; the rule needs no record."""
    reason: str | None = None
    """The id of the text that says why."""


class DelegationRow(SQLModel, table=True):
    """What one person lets another do on their behalf, for a time; ended, never edited."""

    __tablename__ = "delegations"
    id: str = Field(primary_key=True)
    giver: str = Field(foreign_key="people.id", index=True)
    receiver: str = Field(foreign_key="people.id", index=True)
    grants: list[dict[str, str]] = _json()
    """Role and scope of each; worth as much as the giver's own grants are on the day."""
    starts_on: date
    ends_on: date
    reason: str
    """Id of the text that says why."""
    made_at: datetime = _instant()
    ended_at: datetime | None = _instant(nullable=True)
    ended_by: str | None = None


class AbsenceRow(SQLModel, table=True):
    """When a person is out of office; the row stays, without days, when it is taken back."""

    __tablename__ = "absences"
    person: str = Field(primary_key=True, foreign_key="people.id")
    starts_on: date | None = None
    ends_on: date | None = None
    set_at: datetime = _instant()
    version: int = 1


class TokenRow(SQLModel, table=True):
    """A signed-in session: only the digest of the token is kept."""

    __tablename__ = "tokens"
    digest: str = Field(primary_key=True)
    person: str = Field(foreign_key="people.id", index=True)
    expires_at: datetime = _instant()
    since: datetime | None = _instant(nullable=True)
    used_at: datetime | None = _instant(nullable=True)
    """To the hour."""
    agent: str | None = None
    """What the browser says it is."""


class PasswordLinkRow(SQLModel, table=True):
    """A one-time link to a first or a new password: only its digest is kept."""

    __tablename__ = "password_links"
    digest: str = Field(primary_key=True)
    person: str = Field(foreign_key="people.id", index=True)
    made_by: str
    expires_at: datetime = _instant()
    used_at: datetime | None = _instant(nullable=True)
    sealed: bytes | None = Field(default=None, sa_column=Column(LargeBinary, nullable=True))
    """The link itself under the wrapping key, until its e-mail has left; None where none will."""


class IdempotencyRow(SQLModel, table=True):
    """The first answer to a person's key."""

    __tablename__ = "idempotency"
    person: str = Field(primary_key=True)
    key: str = Field(primary_key=True)
    request: str
    """Digest of method, path and body."""
    status: int | None = None
    headers: dict[str, str] | None = _json(nullable=True)
    body: str | None = None
    created_at: datetime = _instant(index=True)


# ---- proposals


class DraftRow(SQLModel, table=True):
    """The working copy that a partner edits: `version` counts edits of the content only."""

    __tablename__ = "drafts"
    reference: str = Field(primary_key=True)
    organization: str = Field(foreign_key="organizations.id", index=True)
    programme: str
    created_by: str
    title: str = ""
    words: str = ""
    """Reference and title as search knows them; written by the table itself."""
    content: dict[str, Any] = _json()
    version: int = 1
    submitting: int | None = None
    """The revision that is frozen and on its way to the engine; edits are refused meanwhile."""
    saved_at: datetime = _instant()


class CallRow(SQLModel, table=True):
    """A call for proposals: open from one second to another."""

    __tablename__ = "calls"
    id: str = Field(primary_key=True)
    programme: str = Field(index=True)
    title: dict[str, str] = _json()
    description: dict[str, str] = _json()
    limits: dict[str, Any] = _json()
    opens_at: datetime = _instant()
    closes_at: datetime = _instant()
    """As it was announced."""
    ends_at: datetime = _instant()
    """As it is: later than announced where the service was not ready."""
    settled_at: datetime | None = _instant(nullable=True)
    """When it was decided, once, whether it is extended."""
    closed_at: datetime | None = _instant(nullable=True)
    """From when staff read what was submitted to it."""
    created_by: str
    version: int = 1


class ReadyMinuteRow(SQLModel, table=True):
    """A minute in which the API said that it was ready."""

    __tablename__ = "ready_minutes"
    minute: datetime = Field(sa_column=Column(Instant, primary_key=True))


class ReferenceRow(SQLModel, table=True):
    """The last number given out per program and year."""

    __tablename__ = "reference_numbers"
    series: str = Field(primary_key=True)
    last: int = 0


class RevisionRow(SQLModel, table=True):
    """A frozen submission with its signed receipt; its content is a text."""

    __tablename__ = "revisions"
    reference: str = Field(primary_key=True)
    number: int = Field(primary_key=True)
    title: str = ""
    words: str = ""
    """Reference and title as search knows them; written by the table itself."""
    content_text: str
    sha256: str
    submitted_at: datetime = _instant()
    submitted_by: str
    policy_version: str
    checks: list[dict[str, Any]] = _json()
    receipt: dict[str, Any] = _json()
    call: str | None = Field(default=None, index=True)
    """Of a first submission, the call that it answers."""
    __table_args__ = (Index("ix_revisions_submitted_by", "submitted_by", "reference"),)


@event.listens_for(DraftRow, "before_insert")
@event.listens_for(DraftRow, "before_update")
@event.listens_for(RevisionRow, "before_insert")
@event.listens_for(RevisionRow, "before_update")
def _write_words(_mapper: Any, _connection: Any, row: DraftRow | RevisionRow) -> None:
    row.words = folded(f"{row.reference} {row.title}")


class ProposalRow(SQLModel, table=True):
    """The read model of one proposal: written by the projection alone."""

    __tablename__ = "proposals"
    reference: str = Field(primary_key=True)
    organization: str
    programme: str
    created_at: datetime = _instant()
    placed_at: datetime = _instant()
    """When it was submitted; of a draft, when it was created: what lists are sorted by."""
    stage: str
    outcome: str | None = None
    revision: int = 0
    policy_version: str | None = None
    submitted_at: datetime | None = _instant(nullable=True)
    decided_at: datetime | None = _instant(nullable=True)
    told_at: datetime | None = _instant(nullable=True)
    """From when the partner reads the outcome: its letter is written, its undo window over."""
    by_officer: bool = False
    """A programme officer opened it: its draft is the officers', and the organization sees it from
    submission (an annual contribution)."""
    asked: bool = False
    """A question waits for the partner's answer: more information is needed."""
    residual_risk: str | None = None
    call: str | None = None
    """The call that it was submitted to; no staff sees it before this has closed."""
    chain_position: int = 0
    chain_head: str = ""
    state: dict[str, Any] = _json()
    """The rest of the read model: see `store.projection`."""
    __table_args__ = (
        # Every sort of a list, and every filter that may leave few.
        Index("ix_proposals_created", "created_at", "reference"),
        Index("ix_proposals_placed", "placed_at", "reference"),
        Index("ix_proposals_organization", "organization", "reference"),
        Index("ix_proposals_programme", "programme", "stage", "reference"),
        Index("ix_proposals_stage", "stage", "outcome", "programme", "organization", "reference"),
        Index("ix_proposals_outcome", "outcome", "programme", "organization", "reference"),
        Index("ix_proposals_call", "call", "reference"),
    )


class JourneyRow(SQLModel, table=True):
    """How a submitted proposal went so far, as narrow as figures need it (`store.journeys`)."""

    __tablename__ = "journeys"
    reference: str = Field(primary_key=True)
    organization: str
    programme: str
    call: str | None = None
    desk: str | None = None
    """The lead desk."""
    stage: str
    outcome: str | None = None
    revision: int
    submitted_at: datetime = _instant(index=True)
    entered_at: datetime = _instant()
    """Since when it is in its stage."""
    decided_at: datetime | None = _instant(nullable=True)
    told_at: datetime | None = _instant(nullable=True)
    told_after: int | None = None
    """Seconds from the decision to its telling."""
    decision_missed: bool = False
    """The date promised for the decision went by."""
    cents: int = _cents()
    """What is asked for."""
    # Seconds in each stage that it has left, all its times there together.
    in_eligibility: int | None = None
    in_compliance: int | None = None
    in_desk: int | None = None
    in_funding: int | None = None
    in_agreement: int | None = None
    in_returned: int | None = None


class PlaceRow(SQLModel, table=True):
    """A country or region that a submitted revision names, with its share of the money."""

    __tablename__ = "places"
    reference: str = Field(primary_key=True)
    revision: int = Field(primary_key=True)
    place: str = Field(primary_key=True)
    """ISO 3166-1 alpha-2, or policy's code of a region."""
    share: int
    """In hundredths of a percent."""


class TaskRow(SQLModel, table=True):
    """A task as its events tell it; who holds it and drafts of answers stand elsewhere."""

    __tablename__ = "tasks"
    id: str = Field(primary_key=True)
    reference: str
    programme: str
    kind: str
    stage: str
    number: int = 0
    """Its place in the order in which the proposal's tasks opened. Shown to nobody: it would tell
    how many there are that a reader must not know of."""
    revision: int
    state: str
    candidates: list[dict[str, str]] = _json()
    opened_at: datetime = _instant()
    due_at: datetime = _instant()
    confirms: str | None = None
    arbitrates: str | None = None
    previous: str | None = None
    subject: str | None = None
    """The desk of a consultation, or the party of a screening task."""
    duty: str | None = None
    """The duty that deciding it takes (`policy.rules.separation`), for the filter of inboxes."""
    paused: bool = False
    """The proposal is on hold: its clock stands still, and nothing is decided on it."""
    evidence: bool = False
    """It tells of a possible match: only those who may see screening evidence know of it."""
    detail: dict[str, Any] = _json()
    outcome: str | None = None
    decided_by: str | None = None
    on_behalf_of: str | None = None
    decided_at: datetime | None = _instant(nullable=True)
    stands: bool = True
    facts: dict[str, Any] | None = _json(nullable=True)
    texts: dict[str, Any] = _json()
    ladder: dict[str, Any] | None = _json(nullable=True)
    """What silence leads to: the steps that were promised, and those that it has come to."""
    __table_args__ = (
        Index("ix_tasks_due", "due_at", "id"),
        Index("ix_tasks_opened", "opened_at", "id"),
        Index("ix_tasks_state_due", "state", "due_at", "id", "paused", "evidence", "reference"),
        Index("ix_tasks_state_opened", "state", "opened_at", "id"),
        Index("ix_tasks_reference", "reference", "id", "evidence"),
        Index("ix_tasks_state_reference", "state", "reference", "id"),
        Index("ix_tasks_kind", "kind", "id"),
        Index("ix_tasks_state_kind", "state", "kind", "id"),
        # Filters that may leave few, and whom separation of duties bars.
        Index("ix_tasks_programme", "state", "programme", "id"),
        Index("ix_tasks_subject", "subject", "state", "id"),
        Index("ix_tasks_decided_by", "decided_by", "reference"),
        Index("ix_tasks_on_behalf_of", "on_behalf_of", "reference"),
    )


class TaskCandidateRow(SQLModel, table=True):
    """Who may take an open task: the index behind inboxes."""

    __tablename__ = "task_candidates"
    task: str = Field(primary_key=True)
    role: str = Field(primary_key=True)
    scope: str = Field(primary_key=True)
    reference: str
    kind: str
    due_at: datetime = _instant()
    paused: bool
    evidence: bool
    """These five are the task's own: see `store.candidacies`."""
    __table_args__ = (
        Index(
            "ix_task_candidates_who",
            *("role", "scope", "due_at", "task", "paused", "kind", "evidence", "reference"),
        ),
    )


class AudienceRow(SQLModel, table=True):
    """Who a proposal is or was put before: the index behind visibility."""

    __tablename__ = "audience"
    reference: str = Field(primary_key=True)
    role: str = Field(primary_key=True)
    scope: str = Field(primary_key=True)
    placed_at: datetime = _instant()
    stage: str
    outcome: str
    """Empty where there is none. These five are the proposal's own: see `store.audiences`."""
    programme: str
    organization: str
    __table_args__ = (
        Index("ix_audience_placed", "role", "scope", "placed_at", "reference"),
        Index(
            "ix_audience_who",
            *("role", "scope", "stage", "outcome", "programme", "organization", "reference"),
        ),
    )


class RecusalRow(SQLModel, table=True):
    """Who lost sight of a proposal: part of its read model, as its events tell it."""

    __tablename__ = "recusals"
    reference: str = Field(primary_key=True)
    person: str = Field(primary_key=True)
    __table_args__ = (Index("ix_recusals_person", "person", "reference"),)


class UnattendedRow(SQLModel, table=True):
    """An open task that nobody could take when it was last looked at."""

    __tablename__ = "unattended"
    task: str = Field(primary_key=True)
    reference: str = Field(index=True)
    since: datetime = _instant()


class ClaimRow(SQLModel, table=True):
    """A courtesy lock on a task, and the draft of its answers."""

    __tablename__ = "claims"
    task: str = Field(primary_key=True)
    person: str | None = Field(default=None, index=True)
    since: datetime | None = _instant(nullable=True)
    on_behalf_of: str | None = None
    delegation: str | None = Field(default=None, index=True)
    """Held under this delegation: with it the claim ends."""
    comes_back_to: str | None = Field(default=None, index=True)
    """Who held it and is out of office: theirs again when they are back, if nobody took it."""
    answers: dict[str, Any] | None = _json(nullable=True)
    answers_by: str | None = None
    version: int = 0


class BulkJobRow(SQLModel, table=True):
    """One act on many tasks, as one person ordered it; the worker goes through its items."""

    __tablename__ = "bulk_jobs"
    id: str = Field(primary_key=True)
    person: str = Field(index=True)
    act: str
    receiver: str | None = None
    """To whom a task is given, where that is the act."""
    decision: dict[str, Any] | None = _json(nullable=True)
    """The decision or the reason with its words; forgotten once the job has ended."""
    state: str
    """running, stopped or done."""
    created_at: datetime = _instant()
    ended_at: datetime | None = _instant(nullable=True)
    __table_args__ = (
        Index("ix_bulk_jobs_created", "created_at", "id"),
        Index("ix_bulk_jobs_state", "state", "created_at", "id"),
    )


class BulkItemRow(SQLModel, table=True):
    """One task of a job: left, done, or failed with the code of the refusal."""

    __tablename__ = "bulk_items"
    job: str = Field(primary_key=True, foreign_key="bulk_jobs.id")
    position: int = Field(primary_key=True)
    task: str
    state: str = "left"
    code: str | None = None
    """Why it failed; of one that is left, why it could not be done the last time."""
    facts: dict[str, Any] = _json()
    tries: int = 0
    next_at: datetime = _instant()
    ended_at: datetime | None = _instant(nullable=True)
    __table_args__ = (Index("ix_bulk_items_left", "job", "state", "next_at", "position"),)


class LetterRow(SQLModel, table=True):
    """A letter as data and a template version; it is told once its undo window is over."""

    __tablename__ = "letters"
    id: str = Field(primary_key=True)
    reference: str = Field(index=True)
    kind: str
    template: str
    data: dict[str, Any] = _json()
    texts: dict[str, Any] = _json()
    written_at: datetime = _instant()
    told_at: datetime = _instant()


class ReusableRecordRow(SQLModel, table=True):
    """A baseline, vetting or due diligence that reviews rely on by reference; never edited."""

    __tablename__ = "reusable_records"
    __table_args__ = (Index("ix_reusable_records_subject", "kind", "subject_key", "state"),)
    id: str = Field(primary_key=True)
    kind: str
    country: str | None = None
    organization: str | None = Field(default=None, foreign_key="organizations.id")
    subject_key: str
    """Equal for two records of the same subject; a digest where the subject is a name."""
    levels: dict[str, str] = _json()
    result: str | None = None
    content: str
    """Id of the text: the name of a unit or person, the findings, their sources."""
    made_by: str = Field(foreign_key="people.id")
    made_at: datetime = _instant()
    asked_until: date | None = None
    state: str = Field(index=True)
    confirmed_by: str | None = Field(default=None, foreign_key="people.id")
    confirmed_on: date | None = None
    valid_until: date | None = Field(default=None, index=True)
    """The last day on which it may be relied on, in Toronto."""
    ended_by: str | None = None
    ended_at: datetime | None = _instant(nullable=True)
    end_reason: str | None = None
    """Id of the text that says why it was refused or withdrawn."""
    successor: str | None = None
    warned: bool = False


class RecordUseRow(SQLModel, table=True):
    """That the decision on a task relies on a record, or on the one that it goes on from."""

    __tablename__ = "record_uses"
    record: str = Field(primary_key=True)
    task: str = Field(primary_key=True)
    reference: str = Field(index=True)


# ---- the chain


class EventRow(SQLModel, table=True):
    """One link of a subject's chain; the database refuses update and delete."""

    __tablename__ = "events"
    id: str = Field(primary_key=True)
    subject: str
    position: int
    source: str
    source_seq: int
    type: str
    occurred_at: datetime = _instant()
    recorded_at: datetime = _instant(index=True)
    actor: str
    on_behalf_of: str | None = None
    role: str | None = None
    delegation: str | None = None
    actor_organization: str | None = None
    request_id: str | None = None
    policy_version: str | None = None
    data: dict[str, Any] = _json()
    texts: dict[str, Any] = _json()
    previous_hash: str
    hash: str
    __table_args__ = (
        UniqueConstraint("subject", "position"),
        UniqueConstraint("subject", "source", "source_seq"),
        UniqueConstraint("subject", "request_id"),
    )


class ChainHeadRow(SQLModel, table=True):
    """The last position and hash of a chain that is not a proposal's (the installation's)."""

    __tablename__ = "chain_heads"
    subject: str = Field(primary_key=True)
    position: int = 0
    hash: str = ""


class TextRow(SQLModel, table=True):
    """Free text or personal data beside the chain: salted, and disposable."""

    __tablename__ = "texts"
    id: str = Field(primary_key=True)
    subject: str = Field(index=True)
    salt: str
    digest: str
    body: str | None = None
    stored_at: datetime = _instant()
    disposed_at: datetime | None = _instant(nullable=True)
    disposed_under: str | None = None


class DocumentRow(SQLModel, table=True):
    """A document of a proposal or of one of its tasks; its name is a text, its bytes are parts."""

    __tablename__ = "documents"
    id: str = Field(primary_key=True)
    reference: str = Field(index=True)
    task: str | None = Field(default=None, index=True)
    kind: str
    language: str
    marking: str
    media_type: str
    size: int
    sha256: str
    name_text: str
    added_by: str
    added_at: datetime = _instant()
    revision: int | None = None
    """The first revision that names it: from then on it is kept with that revision."""


class DocumentPartRow(SQLModel, table=True):
    """Bytes of documents, once per proposal and digest, in parts that are read one by one."""

    __tablename__ = "document_parts"
    reference: str = Field(primary_key=True)
    sha256: str = Field(primary_key=True)
    number: int = Field(primary_key=True)
    data: bytes = Field(sa_column=Column(LargeBinary, nullable=False))


class AlarmRow(SQLModel, table=True):
    """Something that a person must look at, such as two contents under one event key."""

    __tablename__ = "alarms"
    id: str = Field(primary_key=True)
    code: str
    subject: str
    facts: dict[str, Any] = _json()
    raised_at: datetime = _instant()


# ---- money


class FundRow(SQLModel, table=True):
    """A program's money of one vote line and fiscal year.

    `available = budget + deficit - reserved - committed - certified - paid`, never negative by
    the database's own constraint; a recorded cut may open a deficit, which takes nothing more.
    """

    __tablename__ = "funds"
    id: str = Field(primary_key=True)
    programme: str
    vote: str
    fiscal_year: str
    state: str = "voted"
    budget: int = _cents()
    reserved: int = _cents()
    committed: int = _cents()
    certified: int = _cents()
    paid: int = _cents()
    deficit: int = _cents()
    __table_args__ = (
        UniqueConstraint("programme", "vote", "fiscal_year"),
        CheckConstraint(
            "budget >= 0 AND reserved >= 0 AND committed >= 0 AND paid >= 0 AND deficit >= 0",
            name="fund_amounts_not_negative",
        ),
        CheckConstraint(
            "budget + deficit - reserved - committed - paid >= 0", name="fund_not_overcommitted"
        ),
        CheckConstraint(
            "certified >= 0 AND budget + deficit - reserved - committed - certified - paid >= 0",
            name="fund_certified_within",
        ),
    )


class ReservationRow(SQLModel, table=True):
    """What a proposal asked for: the recorded order of the queue is priority, then `asked_seq`."""

    __tablename__ = "reservations"
    id: str = Field(primary_key=True)
    reference: str = Field(index=True)
    state: str = Field(index=True)
    """queued, reserved, committed or released."""
    priority: int = 0
    asked_seq: int = Field(default=0, sa_column=Column(Integer, nullable=False, unique=True))
    slices: list[dict[str, Any]] = _json()
    answer: str = "queued"
    """The first answer, which every repeat of the request gets."""
    offers: int = 0
    """How often money that came free was given to it."""
    passed: bool = False
    """It has passed money on, and lets others by until money comes free again."""


class ReservationFundRow(SQLModel, table=True):
    """Which reservations draw on a fund: the index behind queues and commitments."""

    __tablename__ = "reservation_funds"
    fund: str = Field(primary_key=True)
    reservation: str = Field(primary_key=True)
    __table_args__ = (Index("ix_reservation_funds_reservation", "reservation"),)


class FundMoveRow(SQLModel, table=True):
    """The append-only ledger: one line per move of a reservation in a fund."""

    __tablename__ = "fund_moves"
    reservation: str = Field(primary_key=True)
    fund: str = Field(primary_key=True, foreign_key="funds.id")
    move: str = Field(primary_key=True)
    """reserve:n, release:n (n counts offers), commit, uncommit, and certify:k, uncertify:k, pay:k,
    recover:k, decommit:k (k is the request's key)."""
    cents: int = _cents()
    recorded_at: datetime = _instant()


class FundCorrectionRow(SQLModel, table=True):
    """A correction of a fund: proposed by one person, done once a second has confirmed it."""

    __tablename__ = "fund_corrections"
    id: str = Field(primary_key=True)
    fund: str = Field(foreign_key="funds.id", index=True)
    kind: str
    """budget, state or transfer; each uses the fields that it needs."""
    budget: int | None = Field(default=None, sa_type=BigInteger)
    fund_state: str | None = None
    target: str | None = Field(default=None, foreign_key="funds.id")
    """Where transferred money goes."""
    cents: int | None = Field(default=None, sa_type=BigInteger)
    budget_seen: int = _cents()
    state_seen: str
    """How the fund stood when it was proposed."""
    state: str = Field(index=True)
    """proposed, done, refused, withdrawn or lapsed."""
    reason: str
    """The text that says why."""
    proposed_by: str
    proposed_at: datetime = _instant()
    due_at: datetime = _instant()
    ended_by: str | None = None
    ended_at: datetime | None = _instant(nullable=True)
    answer: str | None = None
    """The text that says why it was refused or withdrawn."""


class FundCorrectionLineRow(SQLModel, table=True):
    """The append-only ledger of what was corrected: one line per correction and fund."""

    __tablename__ = "fund_correction_lines"
    correction: str = Field(primary_key=True)
    fund: str = Field(primary_key=True, foreign_key="funds.id")
    number: int
    """The place of the line among those of its fund, from 1 on without a gap."""
    kind: str
    budget_before: int = _cents()
    budget_after: int = _cents()
    state_before: str
    state_after: str
    recorded_at: datetime = _instant()
    __table_args__ = (UniqueConstraint("fund", "number"),)


# ---- from the store to a workflow, and the rest


class MessageRow(SQLModel, table=True):
    """What the store tells a workflow, delivered by the relay until acknowledged."""

    __tablename__ = "messages"
    id: str = Field(primary_key=True)
    reference: str
    kind: str
    payload: dict[str, Any] = _json()
    created_at: datetime = _instant()
    next_at: datetime = _instant()
    tries: int = 0
    failure: str | None = None
    delivered_at: datetime | None = _instant(nullable=True)
    __table_args__ = (
        Index("ix_messages_due", "delivered_at", "next_at"),
        Index("ix_messages_order", "reference", "delivered_at", "created_at", "id"),
    )


class NotificationRow(SQLModel, table=True):
    """What one person is told, and what became of its e-mail; it holds codes and ids, no words."""

    __tablename__ = "notifications"
    id: str = Field(primary_key=True)
    person: str
    kind: str
    reader: str
    """As whom: staff, partner, or self where it is about no proposal."""
    reference: str | None = Field(default=None, index=True)
    task: str | None = Field(default=None, index=True)
    letter: str | None = None
    link: str | None = None
    """The digest of a one-time link that its e-mail takes along."""
    due_at: datetime | None = _instant(nullable=True)
    event: str
    """The id of the event that it tells of."""
    position: int
    created_at: datetime = _instant()
    not_before: datetime = _instant()
    """When it may be told: of a letter, the end of its undo window."""
    withdrawn_at: datetime | None = _instant(nullable=True)
    read_at: datetime | None = _instant(nullable=True)
    mail: str
    """How the person wished to be told when it was written: immediate, digest or none."""
    mail_state: str
    tries: int = 0
    next_at: datetime | None = _instant(nullable=True)
    give_up_at: datetime | None = _instant(nullable=True)
    sent_at: datetime | None = _instant(nullable=True)
    message_id: str | None = Field(default=None, index=True)
    """Made from the ledger's ids, so that a message that left twice is known by it."""
    failure: str | None = None
    answer: int | None = None
    """The number with which the mail server refused."""
    __table_args__ = (
        Index("ix_notifications_person", "person", "not_before", "id"),
        Index("ix_notifications_mail", "mail_state", "next_at"),
    )


class NotificationPreferenceRow(SQLModel, table=True):
    """How a person wishes to be told; who has no row is told at once."""

    __tablename__ = "notification_preferences"
    person: str = Field(primary_key=True, foreign_key="people.id")
    email: str
    version: int = 1


class LeaseRow(SQLModel, table=True):
    """Who leads the housekeeping, until when."""

    __tablename__ = "leases"
    name: str = Field(primary_key=True)
    holder: str
    until: datetime = _instant()


class KeyRow(SQLModel, table=True):
    """A proposal's data key, wrapped by the installation's wrapping key."""

    __tablename__ = "data_keys"
    subject: str = Field(primary_key=True)
    id: str
    wrapped: bytes = Field(sa_column=Column(LargeBinary, nullable=False))


class ListRow(SQLModel, table=True):
    """A sanctions or terrorist list that is known, imported or not."""

    __tablename__ = "lists"
    id: str = Field(primary_key=True)
    name_en: str
    name_fr: str
    snapshot: str | None = None


class SnapshotRow(SQLModel, table=True):
    """One dated import of a list."""

    __tablename__ = "snapshots"
    id: str = Field(primary_key=True)
    list_id: str = Field(foreign_key="lists.id", index=True)
    sha256: str
    imported_at: datetime = _instant()
    imported_by: str
    entries: int = 0


class ListEntryRow(SQLModel, table=True):
    """An entry of a list's current snapshot; `identity` hashes what identifies, and only that."""

    __tablename__ = "list_entries"
    list_id: str = Field(primary_key=True)
    entry: str = Field(primary_key=True)
    kind: str = "thing"
    """person, organization, thing, or entity where the list does not say."""
    names: list[str] = _json()
    aliases: list[str] = _json()
    weak_aliases: list[str] = _json()
    birth_dates: list[str] = _json()
    countries: list[str] = _json()
    details: dict[str, Any] = _json()
    """What else the list says, by name: places of birth, documents, titles, dates of listing."""
    identity: str
    removed: bool = False


class RescreeningRow(SQLModel, table=True):
    """What was asked of everything alive because a list or a partner changed, and how far it is."""

    __tablename__ = "rescreenings"
    id: str = Field(primary_key=True)
    """Its cause: the snapshot, or the organization with its version."""
    organization: str | None = None
    data: dict[str, Any] = _json()
    after: str = ""
    """The last reference that was asked."""
    total: int = 0
    asked: int = 0
    started_at: datetime = _instant()
    ended_at: datetime | None = _instant(nullable=True)


class HitRow(SQLModel, table=True):
    """A possible match of a named party with a list entry: screening evidence."""

    __tablename__ = "hits"
    id: str = Field(primary_key=True)
    reference: str = Field(index=True)
    party: str
    party_name: str
    owner: bool = False
    list_id: str
    entry: str
    entry_name: str
    identity: str
    party_identity: str = Field(index=True)
    score: float
    features: dict[str, Any] = _json()
    found_at: datetime = _instant()
    judgement: str | None = None
    judged_by: str | None = None
    judged_at: datetime | None = _instant(nullable=True)
