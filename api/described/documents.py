"""Answers about documents."""

from typing import Any

from pydantic import Field

from api.described.base import Answer, Instant, Named
from schemas.documents import DocumentKind, Marking


class Document(Answer):
    id: str
    name: str | None
    kind: DocumentKind
    kind_name: str
    language: str
    marking: Marking
    marking_name: str
    media_type: str
    size: int
    sha256: str
    added_at: Instant
    disposed: dict[str, Any] | None
    revision: int | None = Field(
        default=None, description="Of a proposal: the first revision that names it."
    )
    attached: bool = Field(
        default=False, description="To the partner: whether the working copy names it."
    )
    added_by: Named | None = Field(default=None, description="Of a task.")
