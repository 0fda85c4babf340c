"""What is certified of a fund, and not paid yet (Financial Administration Act, section 34)."""

from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # In one statement: SQLite adds no constraint to a table that is there, but takes one with a
    # column.
    op.execute(
        "ALTER TABLE funds ADD COLUMN certified BIGINT DEFAULT 0 NOT NULL"
        " CONSTRAINT fund_certified_within CHECK (certified >= 0 AND"
        " budget + deficit - reserved - committed - certified - paid >= 0)"
    )


def downgrade() -> None:
    raise RuntimeError("what was certified would be lost; restore a backup instead")
