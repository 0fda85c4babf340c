"""What inboxes filter, sort and count by, beside who may take a task."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

COPIED: dict[str, tuple[Any, str]] = {
    "reference": (sa.String(), ""),
    "kind": (sa.String(), ""),
    "due_at": (sa.DateTime(timezone=True), "1970-01-01 00:00:00"),
    "paused": (sa.Boolean(), "0"),
    "evidence": (sa.Boolean(), "0"),
}
INDEXES = {
    "ix_task_candidates_who": (
        "task_candidates",
        ["role", "scope", "due_at", "task", "paused", "kind", "evidence", "reference"],
    ),
    "ix_tasks_state_due": (
        "tasks",
        ["state", "due_at", "id", "paused", "evidence", "reference"],
    ),
    "ix_tasks_reference": ("tasks", ["reference", "id", "evidence"]),
    "ix_proposals_call": ("proposals", ["call", "reference"]),
    "ix_revisions_submitted_by": ("revisions", ["submitted_by", "reference"]),
}
BEFORE = {
    "ix_task_candidates_who": ("task_candidates", ["role", "scope", "task"]),
    "ix_tasks_state_due": ("tasks", ["state", "due_at", "id"]),
    "ix_tasks_reference": ("tasks", ["reference", "id"]),
}
Indexes = dict[str, tuple[str, list[str]]]


def upgrade() -> None:
    _exchange(BEFORE, {})
    for name, (kind, default) in COPIED.items():
        column = sa.Column(name, kind, nullable=False, server_default=default)
        op.add_column("task_candidates", column)
    # Every candidate is of a task that is open.
    op.execute(
        f"UPDATE task_candidates SET ({', '.join(COPIED)}) = (SELECT {', '.join(COPIED)} "
        "FROM tasks WHERE tasks.id = task_candidates.task) "
        "WHERE EXISTS (SELECT 1 FROM tasks WHERE tasks.id = task_candidates.task)"
    )
    _exchange({}, INDEXES)


def downgrade() -> None:
    _exchange(INDEXES, {})
    for name in COPIED:
        op.drop_column("task_candidates", name)
    _exchange({}, BEFORE)


def _exchange(gone: Indexes, come: Indexes) -> None:
    for name, (table, _) in gone.items():
        op.drop_index(name, table)
    for name, (table, columns) in come.items():
        op.create_index(name, table, columns)
