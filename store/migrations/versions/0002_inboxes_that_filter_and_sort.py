"""Inboxes that filter by program and desk, and sort by kind and reference."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

INDEXES = {
    "ix_tasks_reference": ["reference", "id"],
    "ix_tasks_state_reference": ["state", "reference", "id"],
    "ix_tasks_kind": ["kind", "id"],
    "ix_tasks_state_kind": ["state", "kind", "id"],
    "ix_tasks_programme": ["state", "programme", "id"],
    "ix_tasks_subject": ["subject", "state", "id"],
    "ix_tasks_decided_by": ["decided_by", "reference"],
    "ix_tasks_on_behalf_of": ["on_behalf_of", "reference"],
}


def upgrade() -> None:
    op.add_column("tasks", sa.Column("programme", sa.String(), nullable=False, server_default=""))
    op.execute(
        "UPDATE tasks SET programme = (SELECT proposals.programme FROM proposals "
        "WHERE proposals.reference = tasks.reference) "
        "WHERE EXISTS (SELECT 1 FROM proposals WHERE proposals.reference = tasks.reference)"
    )
    for name in ("ix_tasks_reference", "ix_tasks_kind"):
        op.drop_index(name, "tasks")
    for name, columns in INDEXES.items():
        op.create_index(name, "tasks", columns)


def downgrade() -> None:
    for name in INDEXES:
        op.drop_index(name, "tasks")
    op.create_index("ix_tasks_reference", "tasks", ["reference"])
    op.create_index("ix_tasks_kind", "tasks", ["kind", "state", "id"])
    op.drop_column("tasks", "programme")
