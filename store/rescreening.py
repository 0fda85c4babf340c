"""Asking everything alive to be screened again, at any size: a row says how far it has come.

The cause asks a first part in its own transaction, so that a small installation is done at once;
housekeeping asks the rest, some at a time. Whoever dies in between leaves the row, and the next
goes on behind the last reference that was asked. Each proposal is asked once per cause, by a
message that is delivered until its workflow has taken it.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from schemas.messages import NoticeKind
from schemas.proposal import Stage
from schemas.values import digest
from store import messages
from store.tables import ProposalRow, RescreeningRow

AT_A_TIME = 200
"""Proposals asked in one transaction: the store is never held for long."""


async def begin(
    session: AsyncSession,
    cause: str,
    data: Mapping[str, str],
    *,
    now: datetime,
    organization: str | None = None,
) -> int:
    """Ask what is alive (of one organization); returns how many will have been asked in the end.

    *cause* names what happened: the same cause a second time asks nobody.
    """
    known = await session.get(RescreeningRow, cause)
    if known is not None:
        return known.total
    alive = _alive(organization).with_only_columns(func.count())
    row = RescreeningRow(
        id=cause,
        organization=organization,
        data=dict(data),
        total=(await session.exec(alive)).one(),
        started_at=now,
    )
    session.add(row)
    await session.flush()
    await go_on(session, row, now)
    return row.total


async def go_on(session: AsyncSession, row: RescreeningRow, now: datetime) -> None:
    """Ask the next of them; a second time under the same row asks those behind them.

    What is submitted meanwhile is screened against the lists as they are, and needs no asking.
    """
    behind = _alive(row.organization).where(col(ProposalRow.reference) > row.after)
    found = await session.exec(behind.order_by(ProposalRow.reference).limit(AT_A_TIME))
    references = found.all()
    for reference in references:
        await messages.leave(
            session,
            message_id=f"rescreen:{digest([row.id, reference])[:32]}",
            reference=reference,
            kind=NoticeKind.RESCREEN,
            payload=dict(row.data),
            now=now,
        )
    row.asked += len(references)
    if references:
        row.after = references[-1]
    if len(references) < AT_A_TIME:
        row.ended_at = now
    session.add(row)
    await session.flush()


async def under_way(session: AsyncSession) -> Sequence[str]:
    """The causes that have not asked everybody yet, the oldest first."""
    found = await session.exec(
        select(RescreeningRow.id)
        .where(col(RescreeningRow.ended_at).is_(None))
        .order_by(col(RescreeningRow.started_at), RescreeningRow.id)
    )
    return found.all()


async def progress(session: AsyncSession, causes: Sequence[str]) -> dict[str, RescreeningRow]:
    """How far each of these causes has come, where it asked anybody."""
    found = await session.exec(select(RescreeningRow).where(col(RescreeningRow.id).in_(causes)))
    return {row.id: row for row in found}


def _alive(organization: str | None) -> Any:
    alive = select(ProposalRow.reference).where(
        col(ProposalRow.submitted_at).is_not(None), ProposalRow.stage != Stage.CLOSED
    )
    return alive if organization is None else alive.where(ProposalRow.organization == organization)
