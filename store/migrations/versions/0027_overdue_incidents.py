"""Incidents know until when they were looked for in what is newer, and who was reminded."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("incidents", sa.Column("newer_until", sa.DateTime(timezone=True), nullable=True))
    op.add_column(
        "incidents", sa.Column("reminders", sa.Integer(), nullable=False, server_default="0")
    )


def downgrade() -> None:
    for name in ("reminders", "newer_until"):
        op.drop_column("incidents", name)
