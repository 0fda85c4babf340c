"""How each submitted proposal went, in one narrow row that figures are added up from.

A row follows from the read model of its proposal alone, so that `verify` can hold it against that,
and recording writes it only where it changed. Names of places stand beside it (`PlaceRow`): they
are of what was submitted, which no event holds.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import delete, update
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from policy.rules import shares
from schemas.proposal import Content
from store.tables import JourneyRow, PlaceRow, ProposalRow

STAGES = ("eligibility", "compliance", "desk", "funding", "agreement", "returned")
"""Those that a proposal passes through, and whose time is measured."""


def facts(row: ProposalRow | None) -> dict[str, Any] | None:
    """What the journey of *row* holds; None for what was never submitted."""
    if row is None or row.submitted_at is None:
        return None
    state = row.state
    told_after = None
    if row.told_at is not None and row.decided_at is not None:
        told_after = round((row.told_at - row.decided_at).total_seconds())
    took = state.get("took", {})
    return {
        "reference": row.reference,
        "organization": row.organization,
        "programme": row.programme,
        "call": row.call,
        "desk": state.get("lead"),
        "stage": row.stage,
        "outcome": row.outcome,
        "revision": row.revision,
        "submitted_at": row.submitted_at,
        "entered_at": datetime.fromisoformat(state["since"]),
        "decided_at": row.decided_at,
        "told_at": row.told_at,
        "told_after": told_after,
        "decision_missed": any(m["standard"] == "decision" for m in state.get("missed", ())),
        "cents": state.get("amount_cents") or 0,
        **{f"in_{stage}": took.get(stage) for stage in STAGES},
    }


def of(row: ProposalRow | None) -> JourneyRow | None:
    """The journey of *row*; None for what was never submitted."""
    found = facts(row)
    return JourneyRow(**found) if found else None


async def follow(
    session: AsyncSession, row: ProposalRow | None, before: dict[str, Any] | None
) -> None:
    """Bring the journey to what the proposal says now, where that is not what it said *before*."""
    now = facts(row)
    if row is None or now is None or now == before:
        return
    if before is not None:
        changed = {name: value for name, value in now.items() if before[name] != value}
        mine = col(JourneyRow.reference) == row.reference
        written = await session.exec(
            update(JourneyRow)
            .where(mine)
            .values(**changed)
            .execution_options(synchronize_session=False)
        )
        if written.rowcount:
            return
    session.add(JourneyRow(**now))


def places(reference: str, revision: int, content: Content) -> list[PlaceRow]:
    """What *content* names, countries and regions; a place that is named twice counts once."""
    parts: dict[str, int] = {}
    for part in shares.listed(content):
        parts[part.place] = parts.get(part.place, 0) + part.hundredths
    return [
        PlaceRow(reference=reference, revision=revision, place=place, share=hundredths)
        for place, hundredths in sorted(parts.items())
    ]


async def drop_places(session: AsyncSession, reference: str, revision: int) -> None:
    """Forget what a revision names that was never submitted after all."""
    await session.exec(
        delete(PlaceRow).where(
            col(PlaceRow.reference) == reference, col(PlaceRow.revision) == revision
        )
    )
