"""What lists filter and sort by, beside who sees a proposal; filters that are asked together."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

COPIED = {
    "placed_at": "placed_at",
    "stage": "stage",
    "outcome": "coalesce(outcome, '')",
    "programme": "programme",
    "organization": "organization",
}
PROPOSALS = {
    "ix_proposals_stage": ["stage", "outcome", "programme", "organization", "reference"],
    "ix_proposals_outcome": ["outcome", "programme", "organization", "reference"],
}


def upgrade() -> None:
    op.drop_index("ix_audience_who", "audience")
    for name in COPIED:
        instant = name == "placed_at"
        kind = sa.DateTime(timezone=True) if instant else sa.String()
        default = "1970-01-01 00:00:00" if instant else ""
        op.add_column("audience", sa.Column(name, kind, nullable=False, server_default=default))
    # Every entry is of a proposal that was submitted.
    op.execute(
        f"UPDATE audience SET ({', '.join(COPIED)}) = (SELECT {', '.join(COPIED.values())} "
        "FROM proposals WHERE proposals.reference = audience.reference) "
        "WHERE EXISTS (SELECT 1 FROM proposals WHERE proposals.reference = audience.reference)"
    )
    op.create_index("ix_audience_placed", "audience", ["role", "scope", "placed_at", "reference"])
    op.create_index(
        "ix_audience_who",
        "audience",
        ["role", "scope", "stage", "outcome", "programme", "organization", "reference"],
    )
    for name, columns in PROPOSALS.items():
        op.drop_index(name, "proposals")
        op.create_index(name, "proposals", columns)


def downgrade() -> None:
    for name in ("ix_audience_placed", "ix_audience_who"):
        op.drop_index(name, "audience")
    for name in COPIED:
        op.drop_column("audience", name)
    op.create_index("ix_audience_who", "audience", ["role", "scope", "reference"])
    for name in PROPOSALS:
        op.drop_index(name, "proposals")
        op.create_index(name, "proposals", [name.removeprefix("ix_proposals_"), "reference"])
