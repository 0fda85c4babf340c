"""Sessions say since when they run, with what browser, and when they were last used."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name in ("since", "used_at"):
        op.add_column("tokens", sa.Column(name, sa.DateTime(timezone=True), nullable=True))
    op.add_column("tokens", sa.Column("agent", sa.String(), nullable=True))


def downgrade() -> None:
    for name in ("agent", "used_at", "since"):
        op.drop_column("tokens", name)
