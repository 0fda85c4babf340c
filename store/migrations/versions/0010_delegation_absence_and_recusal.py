"""Delegations, absences, recusals, and tasks that nobody may take."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "delegations",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("giver", sa.String(), nullable=False),
        sa.Column("receiver", sa.String(), nullable=False),
        sa.Column("grants", sa.JSON(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["giver"], ["people.id"]),
        sa.ForeignKeyConstraint(["receiver"], ["people.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_delegations_giver", "delegations", ["giver"])
    op.create_index("ix_delegations_receiver", "delegations", ["receiver"])
    op.create_table(
        "absences",
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["person"], ["people.id"]),
        sa.PrimaryKeyConstraint("person"),
    )
    op.create_table(
        "recusals",
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("reference", "person"),
    )
    op.create_index("ix_recusals_person", "recusals", ["person", "reference"])
    op.create_table(
        "unattended",
        sa.Column("task", sa.String(), nullable=False),
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("task"),
    )
    op.create_index("ix_unattended_reference", "unattended", ["reference"])
    for name in ("on_behalf_of", "delegation", "comes_back_to"):
        op.add_column("claims", sa.Column(name, sa.String(), nullable=True))
    op.create_index("ix_claims_delegation", "claims", ["delegation"])
    op.create_index("ix_claims_comes_back_to", "claims", ["comes_back_to"])


def downgrade() -> None:
    raise RuntimeError("who may act for whom is part of the record; restore a backup instead")
