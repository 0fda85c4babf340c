"""Answers about bulk acts."""

from typing import Any, Literal

from pydantic import Field

from api.described.base import Answer, Instant, Named
from schemas.requests import BulkAct
from schemas.tasks import TaskKind


class BulkRefusal(Answer):
    code: str
    detail: str = Field(description="A sentence in the reader's language.")
    facts: dict[str, Any]


class BulkPreviewItem(Answer):
    task: str
    kind: TaskKind | None
    reference: str | None
    would: BulkAct | None
    on_behalf_of: Named | None = Field(description="Null: in one's own right.")
    refused: BulkRefusal | None


class BulkPreview(Answer):
    act: BulkAct
    would: int = Field(description="How many tasks the act would be done to.")
    refused: int
    items: list[BulkPreviewItem]


class BulkJob(Answer):
    id: str
    person: str
    act: BulkAct | Literal["move"]
    receiver: str | None = Field(description="A person; of a move, the version of the terms.")
    state: Literal["running", "stopped", "done"]
    created_at: Instant
    ended_at: Instant | None
    done: int
    failed: int
    left: int


class BulkItem(Answer):
    position: int
    task: str | None = Field(
        description="The task, or the proposal of a move; absent where one may not know of it now."
    )
    state: Literal["left", "done", "failed"]
    refused: BulkRefusal | None = Field(
        description="Why it failed; of one that is left, why it could not be done the last time."
    )
    tries: int
    ended_at: Instant | None
