"""The order in which the tasks of a proposal opened, which their ids no longer tell."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("tasks", sa.Column("number", sa.Integer(), nullable=False, server_default="0"))
    # Until now they were numbered as they opened: T100 comes after T99.
    op.execute(
        "UPDATE tasks SET number = (SELECT count(*) FROM tasks AS earlier "
        "WHERE earlier.reference = tasks.reference "
        "AND (length(earlier.id) < length(tasks.id) "
        "OR (length(earlier.id) = length(tasks.id) AND earlier.id <= tasks.id)))"
    )


def downgrade() -> None:
    op.drop_column("tasks", "number")
