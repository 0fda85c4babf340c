"""What silence on a task leads to: the steps promised, and those it has come to."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("tasks", sa.Column("ladder", sa.JSON(), nullable=True))


def downgrade() -> None:
    op.drop_column("tasks", "ladder")
