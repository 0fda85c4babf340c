"""Answers about tasks, their comments and decisions."""

from typing import Any

from pydantic import Field

from api.described.base import Answer, Instant, Named
from api.described.documents import Document
from api.described.people import Granted
from api.described.proposals import Proposal
from api.described.reviews import Review
from schemas.proposal import (
    Stage,
)
from schemas.tasks import Effect, TaskKind, TaskState


class TaskOutcome(Answer):
    code: str
    label: str
    effect: Effect
    needs_reason: bool
    needs_message: bool


class TaskItem(Answer):
    id: str
    kind: TaskKind
    stage: Stage
    reference: str
    revision: int
    title: str
    subject: str | None
    candidates: list[Granted]
    may_act_for: list[Named] = Field(
        description="Where the reader may take it only on behalf of others: of these."
    )
    holder: Named | None
    held_since: Instant | None
    held_on_behalf_of: Named | None
    state: TaskState
    opened_at: Instant
    due_at: Instant
    outcomes: list[TaskOutcome]
    seat: dict[str, int] | None = Field(
        description="Where several people answer: `number` of `of`, each another person."
    )
    confirms: str | None
    arbitrates: str | None
    previous: str | None
    repair: str | None = Field(description="The repair that it confirms.")
    decided_by: Named | None
    on_behalf_of: Named | None = Field(description="On whose behalf it was decided.")
    decided_at: Instant | None
    outcome: str | None
    stands: bool
    version: int = Field(description="Counts claims and drafts of answers; also the `ETag`.")


class Comment(Answer):
    id: str
    at: Instant
    by: Named
    on_behalf_of: Named | None
    delegation: str | None
    role: str | None
    text: str | None = Field(description="Absent once it was disposed of.")
    disposed: dict[str, Any] | None


class Receiver(Answer):
    id: str
    name: str
    holds: int = Field(description="How many tasks the person holds already.")


class Task(TaskItem):
    form: dict[str, Any] = Field(
        description="JSON Schema 2020-12 of `answers`, with a valid answer first in `examples`."
    )
    because: Review | None = Field(
        description="Of a conditional review: the sentence that says why it is asked for."
    )
    delegation: str | None = Field(
        description="Under which delegation it is held, or was decided, on behalf of somebody."
    )
    answers: dict[str, Any] | None
    reason: str | None
    message_to_partner: str | None
    comments: list[Comment] = Field(description="Oldest first; for those who read answers.")
    documents: list[Document]
    disposed: dict[str, Any] | None = None


class Decided(Answer):
    task: Task
    proposal: Proposal


class TaskCounts(Answer):
    mine: int | str
    group: int | str
    all: int | str = Field(description="Exact up to 10,000, then `10000+`.")
    overdue: int | str = Field(description="Of the `view` that was asked for.")
    due_soon: int | str = Field(description="Of the `view` that was asked for.")
