"""Drafts that a programme officer opened, which their organization sees from submission alone."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Without a batch: SQLite takes such a column as it is, and keeps the triggers of the table.
    op.add_column(
        "proposals",
        sa.Column("by_officer", sa.Boolean(), nullable=False, server_default=sa.false()),
    )


def downgrade() -> None:
    op.drop_column("proposals", "by_officer")
