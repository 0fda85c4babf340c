"""Incidents and country events, and what each touches."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def _instant(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def upgrade() -> None:
    op.create_table(
        "incidents",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("organization", sa.String(), nullable=True),
        sa.Column("countries", sa.JSON(), nullable=False),
        sa.Column("references", sa.JSON(), nullable=False),
        sa.Column("names_parties", sa.Boolean(), nullable=False),
        sa.Column("content", sa.String(), nullable=False),
        sa.Column("reported_by", sa.String(), nullable=False),
        sa.Column("by_partner", sa.Boolean(), nullable=False),
        _instant("occurred_at"),
        _instant("learned_at"),
        _instant("due_at"),
        _instant("reported_at"),
        _instant("assess_by"),
        sa.Column("policy_version", sa.String(), nullable=False),
        sa.Column("anew", sa.JSON(), nullable=False),
        sa.Column("after", sa.String(), nullable=False),
        sa.Column("looked", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        _instant("gone_through_at", nullable=True),
        sa.Column("outcome", sa.String(), nullable=True),
        sa.Column("findings", sa.String(), nullable=True),
        sa.Column("assessed_by", sa.String(), nullable=True),
        _instant("assessed_at", nullable=True),
        sa.Column("refusal", sa.String(), nullable=True),
        sa.Column("closed_by", sa.String(), nullable=True),
        _instant("closed_at", nullable=True),
        sa.ForeignKeyConstraint(["organization"], ["organizations.id"]),
        sa.ForeignKeyConstraint(["reported_by"], ["people.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    for column in ("state", "organization", "reported_at", "gone_through_at"):
        op.create_index(f"ix_incidents_{column}", "incidents", [column])
    op.create_table(
        "incident_touches",
        sa.Column("incident", sa.String(), nullable=False),
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("stage", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("incident", "reference"),
    )
    op.create_index("ix_incident_touches_reference", "incident_touches", ["reference"])


def downgrade() -> None:
    op.drop_table("incident_touches")
    op.drop_table("incidents")
