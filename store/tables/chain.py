"""The chain of events, and the texts and documents that stand beside it."""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    Column,
    LargeBinary,
    UniqueConstraint,
)
from sqlmodel import Field, SQLModel

from store.columns import an_instant as _instant
from store.columns import some_json as _json


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


class KeyRow(SQLModel, table=True):
    """A proposal's data key, wrapped by the installation's wrapping key."""

    __tablename__ = "data_keys"
    subject: str = Field(primary_key=True)
    id: str
    wrapped: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
