"""Findings know until when the authorizations that they rest on are good."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "authorizations",
        sa.Column("task", sa.String(), nullable=False),
        sa.Column("measure", sa.String(), nullable=False),
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=False),
        sa.Column("warned", sa.Boolean(), nullable=False),
        sa.Column("ended", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("task", "measure"),
    )
    for name in ("reference", "valid_until"):
        op.create_index(f"ix_authorizations_{name}", "authorizations", [name])


def downgrade() -> None:
    op.drop_table("authorizations")
