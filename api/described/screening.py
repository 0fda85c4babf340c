"""Answers about lists, matches and the duty to tell the police."""

from typing import Any

from pydantic import Field

from api.described.base import Answer, Day, Instant
from schemas.values import Bilingual


class Rescreening(Answer):
    asked: int
    of: int
    ended_at: Instant | None


class Importer(Answer):
    id: str
    name: str | None


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


class Snapshot(Answer):
    """One import of a list; what it changed, as far as that is recorded."""

    id: str
    imported_at: Instant
    imported_by: Importer
    sha256: str
    entries: int
    added: int | None
    changed: int | None
    metadata_only: int | None
    removed: int | None


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
