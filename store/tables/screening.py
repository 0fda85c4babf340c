"""Lists of names, and what was found of them."""

from datetime import datetime
from typing import Any

from sqlmodel import Field, SQLModel

from store.columns import an_instant as _instant
from store.columns import some_json as _json


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
