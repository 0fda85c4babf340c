"""Proposals: drafts, calls, revisions, the read model of each, and its letters."""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    Column,
    Index,
    event,
)
from sqlmodel import Field, SQLModel

from store.columns import Instant
from store.columns import an_instant as _instant
from store.columns import in_cents as _cents
from store.columns import some_json as _json
from store.words import folded


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
