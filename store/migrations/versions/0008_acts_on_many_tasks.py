"""Acts on many tasks at a time."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "bulk_jobs",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("act", sa.String(), nullable=False),
        sa.Column("receiver", sa.String(), nullable=True),
        sa.Column("decision", sa.JSON(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_bulk_jobs_person", "bulk_jobs", ["person"])
    op.create_index("ix_bulk_jobs_created", "bulk_jobs", ["created_at", "id"])
    op.create_index("ix_bulk_jobs_state", "bulk_jobs", ["state", "created_at", "id"])
    op.create_table(
        "bulk_items",
        sa.Column("job", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("task", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("code", sa.String(), nullable=True),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["job"], ["bulk_jobs.id"]),
        sa.PrimaryKeyConstraint("job", "position"),
    )
    op.create_index("ix_bulk_items_left", "bulk_items", ["job", "state", "next_at", "position"])


def downgrade() -> None:
    op.drop_table("bulk_items")
    op.drop_table("bulk_jobs")
