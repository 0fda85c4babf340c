"""Jobs on many tasks, as they are kept: what is ordered, what is left, and how each ended."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, func, update
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from store.tables import BulkItemRow, BulkJobRow

RUNNING, STOPPED, DONE = "running", "stopped", "done"
LEFT, FAILED = "left", "failed"
MOVE = "move"
"""The act of a job whose items are proposals, each to go on under newer terms."""
LONGEST_PAUSE = timedelta(minutes=5)
KEPT_FOR = timedelta(days=90)


async def order(
    session: AsyncSession, job: BulkJobRow, tasks: Sequence[str], *, now: datetime
) -> None:
    """Keep a job with its items, in their order."""
    session.add(job)
    await session.flush()
    session.add_all(
        BulkItemRow(job=job.id, position=position, task=task, facts={}, next_at=now)
        for position, task in enumerate(tasks)
    )


async def counts(session: AsyncSession, job: str) -> dict[str, int]:
    """How many items are done, failed and left; together all there are."""
    rows = await session.exec(
        select(BulkItemRow.state, func.count())
        .where(BulkItemRow.job == job)
        .group_by(BulkItemRow.state)
    )
    return {DONE: 0, FAILED: 0, LEFT: 0} | dict(rows.all())


async def running(session: AsyncSession, *, limit: int = 20) -> Sequence[BulkJobRow]:
    """Jobs that go on, the oldest first."""
    rows = await session.exec(
        select(BulkJobRow)
        .where(BulkJobRow.state == RUNNING)
        .order_by(col(BulkJobRow.created_at), col(BulkJobRow.id))
        .limit(limit)
    )
    return rows.all()


async def due(
    session: AsyncSession, job: str, now: datetime, *, limit: int
) -> Sequence[BulkItemRow]:
    """Items that are left and may be tried, in their order."""
    rows = await session.exec(
        select(BulkItemRow)
        .where(BulkItemRow.job == job, BulkItemRow.state == LEFT, col(BulkItemRow.next_at) <= now)
        .order_by(col(BulkItemRow.next_at), col(BulkItemRow.position))
        .limit(limit)
    )
    return rows.all()


async def begun(session: AsyncSession, item: BulkItemRow) -> None:
    """It is tried now: whoever finds it left knows that it may have happened."""
    await _change(session, item, tries=item.tries + 1)


async def ended(
    session: AsyncSession,
    item: BulkItemRow,
    now: datetime,
    code: str | None = None,
    facts: dict[str, Any] | None = None,
) -> None:
    """It is done, or failed with *code*: either for good."""
    state = DONE if code is None else FAILED
    await _change(session, item, state=state, code=code, facts=facts or {}, ended_at=now)


async def put_off(session: AsyncSession, item: BulkItemRow, code: str, now: datetime) -> None:
    """It could not be done now: again later, with longer pauses."""
    pause = min(timedelta(seconds=2 ** min(item.tries, 10)), LONGEST_PAUSE)
    await _change(session, item, code=code, next_at=now + pause)


async def _change(session: AsyncSession, item: BulkItemRow, **values: Any) -> None:
    await session.exec(
        update(BulkItemRow)
        .where(
            col(BulkItemRow.job) == item.job,
            col(BulkItemRow.position) == item.position,
            col(BulkItemRow.state) == LEFT,
        )
        .values(**values)
    )


async def end(session: AsyncSession, job: str, state: str, now: datetime) -> bool:
    """End a job that is running, and forget its words; false where it has ended already."""
    changed = await session.exec(
        update(BulkJobRow)
        .where(col(BulkJobRow.id) == job, col(BulkJobRow.state) == RUNNING)
        .values(state=state, ended_at=now, decision=None)
    )
    return bool(changed.rowcount)


async def forget_old(session: AsyncSession, now: datetime) -> None:
    """Drop jobs that ended long ago; what they did stands in the chains."""
    old = select(BulkJobRow.id).where(col(BulkJobRow.ended_at) <= now - KEPT_FOR)
    await session.exec(delete(BulkItemRow).where(col(BulkItemRow.job).in_(old)))
    await session.exec(delete(BulkJobRow).where(col(BulkJobRow.ended_at) <= now - KEPT_FOR))
