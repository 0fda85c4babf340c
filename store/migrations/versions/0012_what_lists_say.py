"""Weak aliases, and what else a list says of an entry."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("list_entries") as table:
        table.add_column(sa.Column("weak_aliases", sa.JSON(), nullable=False, server_default="[]"))
        table.add_column(sa.Column("details", sa.JSON(), nullable=False, server_default="{}"))


def downgrade() -> None:
    with op.batch_alter_table("list_entries") as table:
        table.drop_column("details")
        table.drop_column("weak_aliases")
