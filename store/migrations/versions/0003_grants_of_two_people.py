"""Who stands for a grant, and until when; the version of what is written of a person."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("people", schema=None) as batch_op:
        batch_op.add_column(sa.Column("version", sa.Integer(), nullable=False, server_default="1"))
    with op.batch_alter_table("grants", schema=None) as batch_op:
        batch_op.add_column(sa.Column("confirmed_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("dropped_by", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("attested_by", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("attested_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("lapsed_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("reason", sa.String(), nullable=True))
    # Administrators whom one person made before that took two stay what they are.
    op.execute(
        "UPDATE grants SET confirmed_by = granted_by"
        " WHERE role = 'administrator' AND confirmed_by IS NULL"
    )


def downgrade() -> None:
    raise RuntimeError("who stands for a grant would be lost; restore a backup instead")
