"""Corrections of funds: what is proposed, and the append-only ledger of what was done."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

TABLE = "fund_correction_lines"


def upgrade() -> None:
    op.create_table(
        "fund_corrections",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("fund", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("budget", sa.BigInteger(), nullable=True),
        sa.Column("fund_state", sa.String(), nullable=True),
        sa.Column("target", sa.String(), nullable=True),
        sa.Column("cents", sa.BigInteger(), nullable=True),
        sa.Column("budget_seen", sa.BigInteger(), nullable=False),
        sa.Column("state_seen", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("proposed_by", sa.String(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_by", sa.String(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["fund"], ["funds.id"]),
        sa.ForeignKeyConstraint(["target"], ["funds.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    for column in ("fund", "state"):
        op.create_index(f"ix_fund_corrections_{column}", "fund_corrections", [column])
    op.create_table(
        TABLE,
        sa.Column("correction", sa.String(), nullable=False),
        sa.Column("fund", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("budget_before", sa.BigInteger(), nullable=False),
        sa.Column("budget_after", sa.BigInteger(), nullable=False),
        sa.Column("state_before", sa.String(), nullable=False),
        sa.Column("state_after", sa.String(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["fund"], ["funds.id"]),
        sa.PrimaryKeyConstraint("correction", "fund"),
        sa.UniqueConstraint("fund", "number"),
    )
    refuse = f"SELECT RAISE(ABORT, '{TABLE} is append-only')"
    if op.get_bind().dialect.name == "sqlite":
        for act in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {TABLE}_no_{act.lower()} BEFORE {act} ON {TABLE} "
                f"BEGIN {refuse}; END"
            )
        op.execute(
            f"CREATE TRIGGER {TABLE}_no_replace BEFORE INSERT ON {TABLE} "
            f"WHEN EXISTS (SELECT 1 FROM {TABLE} "
            f"WHERE fund = NEW.fund AND NEW.number = number "
            f"OR correction = NEW.correction AND fund = NEW.fund) BEGIN {refuse}; END"
        )
        return
    op.execute(
        f"CREATE FUNCTION {TABLE}_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{TABLE} is append-only'; END $$"
    )
    op.execute(
        f"CREATE TRIGGER {TABLE}_append_only BEFORE UPDATE OR DELETE ON {TABLE} "
        f"FOR EACH ROW EXECUTE FUNCTION {TABLE}_append_only()"
    )
    op.execute(
        f"CREATE TRIGGER {TABLE}_never_emptied BEFORE TRUNCATE ON {TABLE} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {TABLE}_append_only()"
    )


def downgrade() -> None:
    op.drop_table(TABLE)
    op.drop_table("fund_corrections")
    if op.get_bind().dialect.name != "sqlite":
        op.execute(f"DROP FUNCTION {TABLE}_append_only()")
