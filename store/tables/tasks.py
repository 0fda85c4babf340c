"""Tasks: who may take them, who holds them, and acts on many at once."""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    Index,
)
from sqlmodel import Field, SQLModel

from store.columns import an_instant as _instant
from store.columns import some_json as _json


class TaskRow(SQLModel, table=True):
    """A task as its events tell it; who holds it and drafts of answers stand elsewhere."""

    __tablename__ = "tasks"
    id: str = Field(primary_key=True)
    reference: str
    programme: str
    kind: str
    stage: str
    number: int = 0
    """Its place in the order in which the proposal's tasks opened. Shown to nobody: it would tell
    how many there are that a reader must not know of."""
    revision: int
    state: str
    candidates: list[dict[str, str]] = _json()
    opened_at: datetime = _instant()
    due_at: datetime = _instant()
    confirms: str | None = None
    arbitrates: str | None = None
    previous: str | None = None
    subject: str | None = None
    """The desk of a consultation, or the party of a screening task."""
    duty: str | None = None
    """The duty that deciding it takes (`policy.rules.separation`), for the filter of inboxes."""
    paused: bool = False
    """The proposal is on hold: its clock stands still, and nothing is decided on it."""
    evidence: bool = False
    """It tells of a possible match: only those who may see screening evidence know of it."""
    detail: dict[str, Any] = _json()
    outcome: str | None = None
    decided_by: str | None = None
    on_behalf_of: str | None = None
    decided_at: datetime | None = _instant(nullable=True)
    stands: bool = True
    facts: dict[str, Any] | None = _json(nullable=True)
    texts: dict[str, Any] = _json()
    ladder: dict[str, Any] | None = _json(nullable=True)
    """What silence leads to: the steps that were promised, and those that it has come to."""
    __table_args__ = (
        Index("ix_tasks_due", "due_at", "id"),
        Index("ix_tasks_opened", "opened_at", "id"),
        Index("ix_tasks_state_due", "state", "due_at", "id", "paused", "evidence", "reference"),
        Index("ix_tasks_state_opened", "state", "opened_at", "id"),
        Index("ix_tasks_reference", "reference", "id", "evidence"),
        Index("ix_tasks_state_reference", "state", "reference", "id"),
        Index("ix_tasks_kind", "kind", "id"),
        Index("ix_tasks_state_kind", "state", "kind", "id"),
        # Filters that may leave few, and whom separation of duties bars.
        Index("ix_tasks_programme", "state", "programme", "id"),
        Index("ix_tasks_subject", "subject", "state", "id"),
        Index("ix_tasks_decided_by", "decided_by", "reference"),
        Index("ix_tasks_on_behalf_of", "on_behalf_of", "reference"),
    )


class TaskCandidateRow(SQLModel, table=True):
    """Who may take an open task: the index behind inboxes."""

    __tablename__ = "task_candidates"
    task: str = Field(primary_key=True)
    role: str = Field(primary_key=True)
    scope: str = Field(primary_key=True)
    reference: str
    kind: str
    due_at: datetime = _instant()
    paused: bool
    evidence: bool
    """These five are the task's own: see `store.candidacies`."""
    __table_args__ = (
        Index(
            "ix_task_candidates_who",
            *("role", "scope", "due_at", "task", "paused", "kind", "evidence", "reference"),
        ),
    )


class UnattendedRow(SQLModel, table=True):
    """An open task that nobody could take when it was last looked at."""

    __tablename__ = "unattended"
    task: str = Field(primary_key=True)
    reference: str = Field(index=True)
    since: datetime = _instant()


class ClaimRow(SQLModel, table=True):
    """A courtesy lock on a task, and the draft of its answers."""

    __tablename__ = "claims"
    task: str = Field(primary_key=True)
    person: str | None = Field(default=None, index=True)
    since: datetime | None = _instant(nullable=True)
    on_behalf_of: str | None = None
    delegation: str | None = Field(default=None, index=True)
    """Held under this delegation: with it the claim ends."""
    comes_back_to: str | None = Field(default=None, index=True)
    """Who held it and is out of office: theirs again when they are back, if nobody took it."""
    answers: dict[str, Any] | None = _json(nullable=True)
    answers_by: str | None = None
    version: int = 0


class BulkJobRow(SQLModel, table=True):
    """One act on many tasks, as one person ordered it; the worker goes through its items."""

    __tablename__ = "bulk_jobs"
    id: str = Field(primary_key=True)
    person: str = Field(index=True)
    act: str
    receiver: str | None = None
    """To whom a task is given, where that is the act."""
    decision: dict[str, Any] | None = _json(nullable=True)
    """The decision or the reason with its words; forgotten once the job has ended."""
    state: str
    """running, stopped or done."""
    created_at: datetime = _instant()
    ended_at: datetime | None = _instant(nullable=True)
    __table_args__ = (
        Index("ix_bulk_jobs_created", "created_at", "id"),
        Index("ix_bulk_jobs_state", "state", "created_at", "id"),
    )


class BulkItemRow(SQLModel, table=True):
    """One task of a job: left, done, or failed with the code of the refusal."""

    __tablename__ = "bulk_items"
    job: str = Field(primary_key=True, foreign_key="bulk_jobs.id")
    position: int = Field(primary_key=True)
    task: str
    state: str = "left"
    code: str | None = None
    """Why it failed; of one that is left, why it could not be done the last time."""
    facts: dict[str, Any] = _json()
    tries: int = 0
    next_at: datetime = _instant()
    ended_at: datetime | None = _instant(nullable=True)
    __table_args__ = (Index("ix_bulk_items_left", "job", "state", "next_at", "position"),)
