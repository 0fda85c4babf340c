"""Tables of incidents and country events, and of what each of them touches."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from store.columns import an_instant, some_json


class IncidentRow(SQLModel, table=True):
    """Something that happened, as it was reported; what pauses by it and how it ended."""

    __tablename__ = "incidents"
    id: str = Field(primary_key=True)
    kind: str
    state: str = Field(index=True)
    organization: str | None = Field(default=None, foreign_key="organizations.id", index=True)
    """The partner that it is about, or that reported it."""
    countries: list[str] = some_json()
    references: list[str] = some_json()
    names_parties: bool = False
    """Units or persons are named; their names stand in the text."""
    content: str
    """Id of the text: what happened, and the units and persons that it names."""
    reported_by: str = Field(foreign_key="people.id")
    by_partner: bool = False
    occurred_at: datetime = an_instant()
    learned_at: datetime = an_instant()
    due_at: datetime = an_instant()
    """Until when policy wanted it reported."""
    reported_at: datetime = an_instant(index=True)
    assess_by: datetime = an_instant()
    policy_version: str
    anew: list[str] = some_json()
    """The disciplines whose findings are asked for anew where it was found to be so."""
    # How far what it touches has been gone through: to be paused, then to go on.
    after: str = ""
    looked: int = 0
    total: int = 0
    gone_through_at: datetime | None = an_instant(nullable=True, index=True)
    newer_until: datetime | None = an_instant(nullable=True)
    """Until when what was submitted after the report has been looked at."""
    reminders: int = 0
    """Of the assessment, once it is overdue: 1 reminded, 2 those above were told."""
    # How it ends.
    outcome: str | None = None
    findings: str | None = None
    """Id of the text of the assessment."""
    assessed_by: str | None = None
    assessed_at: datetime | None = an_instant(nullable=True)
    refusal: str | None = None
    """Id of the text that says why the last assessment was refused."""
    closed_by: str | None = None
    closed_at: datetime | None = an_instant(nullable=True)


class IncidentTouchRow(SQLModel, table=True):
    """That an incident touches a proposal, whatever its stage was."""

    __tablename__ = "incident_touches"
    incident: str = Field(primary_key=True)
    reference: str = Field(primary_key=True, index=True)
    stage: str
    """Where work stood when it was found to be touched."""
