"""What an agreed repair does in the store itself, in the transaction that records it."""

from datetime import datetime

from sqlalchemy import update
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from schemas.events import Recorded
from schemas.repairs import RepairKind
from store import messages
from store.tables import ClaimRow, MessageRow, RecusalRow


async def carry_out(session: AsyncSession, event: Recorded, now: datetime) -> None:
    """A task changes hands; messages that wait for their next try are tried at once."""
    if event.data["kind"] == RepairKind.REASSIGN:
        task, person = event.data["task"], event.data["person"]
        if await session.get(RecusalRow, (event.subject, person)) is not None:
            return  # since it was proposed they stepped aside, and see nothing of it
        found = await session.exec(select(ClaimRow).where(ClaimRow.task == task).with_for_update())
        held = found.first() or ClaimRow(task=task)
        held.person, held.since = person, event.occurred_at
        held.on_behalf_of = held.delegation = held.comes_back_to = None
        held.version += 1
        session.add(held)
    elif event.data["kind"] == RepairKind.UNSTICK:
        await session.exec(
            update(MessageRow)
            .where(
                col(MessageRow.reference) == event.subject,
                col(MessageRow.delivered_at).is_(None),
                col(MessageRow.kind) != messages.ACT,
                col(MessageRow.next_at) > now,
            )
            .values(next_at=now)
        )
