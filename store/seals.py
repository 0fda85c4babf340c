"""Seals that stand for everything alive of a partner: where they were set, and whom they reach."""

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from schemas.holds import HoldKind
from schemas.tasks import TaskKind
from store.tables import OrganizationRow, ProposalRow, TaskRow


async def one_at_a_time(session: AsyncSession, organization: str) -> None:
    """Let no seal of *organization* be set or ended while one of its proposals comes to life.

    Else each could look for the other before either is there, and the proposal stay unsealed.
    """
    await session.exec(
        select(OrganizationRow.id)
        .where(OrganizationRow.id == organization)
        .with_for_update(key_share=True)
    )


async def alive(session: AsyncSession, organization: str, *, but: str) -> list[str]:
    """The proposals of *organization* that are under way and its agreements, without *but*."""
    found = await session.exec(
        select(ProposalRow.reference).where(
            ProposalRow.organization == organization,
            ProposalRow.reference != but,
            col(ProposalRow.submitted_at).is_not(None),
            ProposalRow.stage != "closed",
        )
    )
    return sorted(found)


async def standing(session: AsyncSession, organization: str, *, but: str) -> list[str]:
    """The seals of *organization* that legal has yet to end, of any proposal but *but*."""
    asked = await session.exec(
        select(TaskRow, ProposalRow)
        .join(ProposalRow, col(ProposalRow.reference) == col(TaskRow.reference))
        .where(
            TaskRow.kind == TaskKind.LEGAL.value,
            TaskRow.state == "open",
            ProposalRow.organization == organization,
            ProposalRow.reference != but,
        )
    )
    everywhere = {row.reference: row for task, row in asked if task.detail.get("everywhere")}
    seals = {
        str(hold["seal"])
        for row in everywhere.values()
        for hold in row.state.get("holds", ())
        if hold["kind"] == HoldKind.SEAL
    }
    set_there = await session.exec(
        select(TaskRow).where(
            col(TaskRow.id).in_(sorted(seals)), col(TaskRow.reference).in_(sorted(everywhere))
        )
    )
    return sorted(task.id for task in set_there if task.detail.get("everywhere"))
