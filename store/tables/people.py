"""Organizations, people, what they may do, and how they are known."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    Column,
    LargeBinary,
)
from sqlmodel import Field, SQLModel

from store.columns import an_instant as _instant
from store.columns import some_json as _json


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
