"""Records that many proposals rely on, and where they are used."""

from datetime import date, datetime

from sqlalchemy import (
    Index,
)
from sqlmodel import Field, SQLModel

from store.columns import an_instant as _instant
from store.columns import some_json as _json


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


class AuthorizationRow(SQLModel, table=True):
    """Until when a finding rests on an authorization: it is asked anew once that has ended."""

    __tablename__ = "authorizations"
    task: str = Field(primary_key=True)
    measure: str = Field(primary_key=True)
    """The code of the country measure, or `territory`."""
    reference: str = Field(index=True)
    valid_until: date = Field(index=True)
    """Its last day, in Toronto."""
    warned: bool = False
    ended: bool = False


class RecordUseRow(SQLModel, table=True):
    """That the decision on a task relies on a record, or on the one that it goes on from."""

    __tablename__ = "record_uses"
    record: str = Field(primary_key=True)
    task: str = Field(primary_key=True)
    reference: str = Field(index=True)
