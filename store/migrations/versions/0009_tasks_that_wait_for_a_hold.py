"""Tasks whose proposal is on hold: their clocks stand still."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("tasks", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("paused", sa.Boolean(), nullable=False, server_default=sa.false())
        )
    proposals = sa.table("proposals", sa.column("reference"), sa.column("state", sa.JSON()))
    tasks = sa.table(
        "tasks", sa.column("id"), sa.column("reference"), sa.column("state"),
        sa.column("detail", sa.JSON()), sa.column("paused", sa.Boolean()),
    )  # fmt: skip
    connection = op.get_bind()
    held = [
        row.reference
        for row in connection.execute(sa.select(proposals.c.reference, proposals.c.state))
        if (row.state or {}).get("holds")
    ]
    for reference in held:
        waiting = connection.execute(
            sa.select(tasks.c.id, tasks.c.detail).where(
                tasks.c.reference == reference, tasks.c.state == "open"
            )
        ).all()
        paused = [row.id for row in waiting if not (row.detail or {}).get("seal")]
        if paused:
            connection.execute(sa.update(tasks).where(tasks.c.id.in_(paused)).values(paused=True))
    with op.batch_alter_table("tasks", schema=None) as batch_op:
        batch_op.alter_column("paused", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("tasks", schema=None) as batch_op:
        batch_op.drop_column("paused")
