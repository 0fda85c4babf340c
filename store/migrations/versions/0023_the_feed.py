"""The feed: an order of all events, and what has no place in it yet."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

TRIGGER = "events_wait_for_the_feed"


def upgrade() -> None:
    op.create_table(
        "feed",
        sa.Column("place", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("event", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("audience", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["event"], ["events.id"]),
        sa.PrimaryKeyConstraint("place"),
        sa.UniqueConstraint("id"),
        sa.UniqueConstraint("event", "audience"),
    )
    op.create_index("ix_feed_of", "feed", ["subject", "place"])
    op.create_table(
        "feed_waiting",
        sa.Column("event", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("event"),
    )
    op.create_index("ix_feed_waiting_until", "feed_waiting", ["until"])
    wait = (
        "INSERT INTO feed_waiting (event, subject) VALUES (NEW.id, NEW.subject) "
        "ON CONFLICT DO NOTHING"
    )
    if op.get_bind().dialect.name == "sqlite":
        op.execute(f"CREATE TRIGGER {TRIGGER} AFTER INSERT ON events BEGIN {wait}; END")
    else:
        op.execute(
            f"CREATE FUNCTION {TRIGGER}() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN {wait}; RETURN NULL; END $$"
        )
        op.execute(
            f"CREATE TRIGGER {TRIGGER} AFTER INSERT ON events "
            f"FOR EACH ROW EXECUTE FUNCTION {TRIGGER}()"
        )
    # What was recorded before is told too; the worker looks at it part by part.
    op.execute("INSERT INTO feed_waiting (event, subject) SELECT id, subject FROM events")


def downgrade() -> None:
    op.execute(
        f"DROP TRIGGER {TRIGGER}"
        if op.get_bind().dialect.name == "sqlite"
        else f"DROP TRIGGER {TRIGGER} ON events"
    )
    if op.get_bind().dialect.name != "sqlite":
        op.execute(f"DROP FUNCTION {TRIGGER}()")
    op.drop_table("feed_waiting")
    op.drop_table("feed")
