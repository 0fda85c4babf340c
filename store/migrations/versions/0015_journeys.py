"""How each proposal went, in a narrow row that figures are added up from, and where it leads."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

_STAGES = ("eligibility", "compliance", "desk", "funding", "agreement", "returned")
_WHOLE = 10_000
_AT_ONCE = 500
_INSTANT = sa.DateTime(timezone=True)

_events = sa.table(
    "events",
    sa.column("subject", sa.String()),
    sa.column("position", sa.Integer()),
    sa.column("type", sa.String()),
    sa.column("occurred_at", _INSTANT),
    sa.column("data", sa.JSON()),
)
_proposals = sa.table(
    "proposals",
    *(sa.column(name, sa.String()) for name in ("reference", "organization", "programme", "call")),
    *(sa.column(name, sa.String()) for name in ("stage", "outcome")),
    sa.column("revision", sa.Integer()),
    *(sa.column(name, _INSTANT) for name in ("submitted_at", "decided_at", "told_at")),
    sa.column("state", sa.JSON()),
)
_revisions = sa.table(
    "revisions",
    sa.column("reference", sa.String()),
    sa.column("number", sa.Integer()),
    sa.column("content_text", sa.String()),
)
_texts = sa.table("texts", sa.column("id", sa.String()), sa.column("body", sa.Text()))


def upgrade() -> None:
    journeys = op.create_table(
        "journeys",
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("organization", sa.String(), nullable=False),
        sa.Column("programme", sa.String(), nullable=False),
        sa.Column("call", sa.String(), nullable=True),
        sa.Column("desk", sa.String(), nullable=True),
        sa.Column("stage", sa.String(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("submitted_at", _INSTANT, nullable=False),
        sa.Column("entered_at", _INSTANT, nullable=False),
        sa.Column("decided_at", _INSTANT, nullable=True),
        sa.Column("told_at", _INSTANT, nullable=True),
        sa.Column("told_after", sa.Integer(), nullable=True),
        sa.Column("decision_missed", sa.Boolean(), nullable=False),
        sa.Column("cents", sa.BigInteger(), nullable=False),
        *(sa.Column(f"in_{stage}", sa.Integer(), nullable=True) for stage in _STAGES),
        sa.PrimaryKeyConstraint("reference"),
    )
    op.create_index("ix_journeys_submitted_at", "journeys", ["submitted_at"])
    places = op.create_table(
        "places",
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("share", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("reference", "revision", "place"),
    )
    connection = op.get_bind()
    for batch in _batches(connection, sa.select(_proposals), _proposals.c.reference):
        for row in batch:
            _add_journey(connection, journeys, row)
    joined = sa.select(_revisions.c.reference, _revisions.c.number, _texts.c.body).join(
        _texts, _texts.c.id == _revisions.c.content_text
    )
    for batch in _batches(connection, joined, _revisions.c.reference):
        found = [place for row in batch for place in _places(row)]
        if found:
            connection.execute(places.insert(), found)


def _batches(connection: Any, query: Any, key: Any) -> Iterator[list[Any]]:
    """Rows in the order of their references, all of one reference together."""
    last = ""
    while keys := list(
        connection.scalars(
            sa.select(key).distinct().where(key > last).order_by(key).limit(_AT_ONCE)
        )
    ):
        last = keys[-1]
        yield list(connection.execute(query.where(key.in_(keys))))


def _add_journey(connection: Any, journeys: Any, row: Any) -> None:
    state = row.state or {}
    if row.submitted_at is None or "since" not in state:
        return
    took = _took(connection, row.reference)
    if took:
        connection.execute(
            _proposals.update()
            .where(_proposals.c.reference == row.reference)
            .values(state={**state, "took": took})
        )
    told_after = None
    if row.told_at is not None and row.decided_at is not None:
        told_after = round((row.told_at - row.decided_at).total_seconds())
    columns = ("reference", "organization", "programme", "call", "stage", "outcome", "revision")
    instants = {
        name: _utc(getattr(row, name)) for name in ("submitted_at", "decided_at", "told_at")
    }
    connection.execute(
        journeys.insert().values(
            **{name: getattr(row, name) for name in columns},
            **instants,
            desk=state.get("lead"),
            entered_at=datetime.fromisoformat(state["since"]),
            told_after=told_after,
            decision_missed=any(m["standard"] == "decision" for m in state.get("missed", ())),
            cents=state.get("amount_cents") or 0,
            **{f"in_{stage}": took.get(stage) for stage in _STAGES},
        )
    )


def _took(connection: Any, reference: str) -> dict[str, int]:
    """Seconds in each stage, as events tell when it was left."""
    stage, since = "draft", None
    took: dict[str, int] = {}
    moving = (
        "proposal_submitted",
        "proposal_resubmitted",
        "stage_entered",
        "returned_to_partner",
        "proposal_closed",
    )
    rows = connection.execute(
        sa.select(_events)
        .where(_events.c.subject == reference, _events.c.type.in_(moving))
        .order_by(_events.c.position)
    )
    for event in rows:
        if event.type != "proposal_submitted" and since is not None and stage != "draft":
            stood = max(round((event.occurred_at - since).total_seconds()), 0)
            took[stage] = took.get(stage, 0) + stood
        since = event.occurred_at
        if event.type == "stage_entered":
            stage = event.data["stage"]
        elif event.type == "returned_to_partner":
            stage = "returned"
        elif event.type == "proposal_closed":
            stage = "closed"
    return took


def _utc(moment: datetime | None) -> datetime | None:
    return moment.replace(tzinfo=UTC) if moment is not None and moment.tzinfo is None else moment


def _places(row: Any) -> list[dict[str, Any]]:
    """What a revision names; nothing of one that was disposed of."""
    try:
        content = json.loads(row.body or "{}")
    except ValueError:
        return []
    if not isinstance(content, dict):
        return []
    listed = [*content.get("countries", ()), *content.get("regions", ())]
    part, left_over = divmod(_WHOLE, len(listed) or 1)
    shares: dict[str, int] = {}
    for position, place in enumerate(listed):
        share = part + (position < left_over)
        if content.get("split") != "equal":
            share = round(float(place.get("share") or 0) * 100)
        shares[place["code"]] = shares.get(place["code"], 0) + share
    return [
        {"reference": row.reference, "revision": row.number, "place": place, "share": share}
        for place, share in sorted(shares.items())
    ]


def downgrade() -> None:
    op.drop_table("places")
    op.drop_index("ix_journeys_submitted_at", "journeys")
    op.drop_table("journeys")
