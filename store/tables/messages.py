"""What the store says to workflows and to people, and the work that one process does at a time."""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    Index,
)
from sqlmodel import Field, SQLModel

from store.columns import an_instant as _instant
from store.columns import some_json as _json


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
