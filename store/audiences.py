"""Who a proposal was put before, with what lists filter and sort by beside it.

A list of what few see among very many is found by (role, scope) together with its filters: a walk
along all proposals could go far before it meets one. The copies are written with the row that they
are of, in the same transaction; `verify` compares them.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import update
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import SelectOfScalar as Select

from schemas.people import ALL, PARTNER_ROLES, Viewer
from schemas.proposal import Outcome, Stage
from store.tables import AudienceRow, ProposalRow
from store.visibility import acts_on, shown_to

COPIED = ("placed_at", "stage", "outcome", "programme", "organization")
UNDECIDED = ""
"""The outcome, where there is none: a value, so that it may be one of several."""

_EVERY = {
    "stage": tuple(each.value for each in Stage),
    "outcome": (UNDECIDED, *(each.value for each in Outcome)),
}
"""All values of what comes first in the index, for a question that names none of them."""


def copied(row: ProposalRow) -> dict[str, Any]:
    """What stands beside each of a proposal's entries."""
    return {name: getattr(row, name) for name in COPIED} | {"outcome": row.outcome or UNDECIDED}


def entries(row: ProposalRow, shown: Iterable[tuple[str, str]]) -> list[AudienceRow]:
    """The rows of a proposal's entries (role, scope)."""
    values = copied(row)
    return [
        AudienceRow(reference=row.reference, role=role, scope=scope, **values)
        for role, scope in sorted(shown)
    ]


async def follow(session: AsyncSession, row: ProposalRow, before: Mapping[str, Any]) -> None:
    """Bring the entries to what the proposal says now, where that is not what it said *before*."""
    now = copied(row)
    if changed := {name: value for name, value in now.items() if before.get(name) != value}:
        mine = col(AudienceRow.reference) == row.reference
        await session.exec(update(AudienceRow).where(mine).values(**changed))


async def behind(session: AsyncSession, row: ProposalRow | None, reference: str) -> list[str]:
    """Which copies are not what the proposal says."""
    rows = await session.exec(select(AudienceRow).where(AudienceRow.reference == reference))
    values = {} if row is None else copied(row)
    return sorted(
        {
            name
            for entry in rows
            for name in COPIED
            if row is not None and getattr(entry, name) != values[name]
        }
    )


def narrowed(viewer: Viewer, wanted: Mapping[str, Sequence[str]]) -> Select[str] | None:
    """The references of what *viewer* sees as staff, with one of the values of each column.

    None where the index cannot tell: who holds a role in every scope sees nearly all there is.
    """
    grants: list[Any] = [grant for grant in viewer.grants if grant.role not in PARTNER_ROLES]
    grants += viewer.delegated
    if not wanted or viewer.is_partner or shown_to(viewer) is None:
        return None
    if any(grant.scope == ALL for grant in grants):
        return None
    values = _EVERY | dict(wanted)
    found = select(AudienceRow.reference).where(
        acts_on(grants, col(AudienceRow.role), col(AudienceRow.scope)),
        *(col(getattr(AudienceRow, name)).in_(each) for name, each in values.items()),
    )
    return found if len(grants) == 1 else found.distinct()
