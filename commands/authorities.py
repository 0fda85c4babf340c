"""The authority that a decision relied on: a delegation of authority, and an acting appointment."""

from collections.abc import Sequence

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from policy.letters import Authority
from schemas.events import EventType
from store import delegations
from store.tables import EventRow, LetterRow, TaskRow


async def of_letters(session: AsyncSession, letters: Sequence[LetterRow]) -> dict[str, Authority]:
    """Per letter that tells a decision under a delegation of authority, what it relied on."""
    wanted = {each.id: each.data["task"] for each in letters if each.data.get("task")}
    if not wanted:
        return {}
    rows = await session.exec(select(TaskRow).where(col(TaskRow.id).in_(wanted.values())))
    relied_on = {task.id: task for task in rows if (task.facts or {}).get("delegation") is not None}
    if not relied_on:
        return {}
    under = await _delegations_of(session, list(relied_on.values()))
    acting = await delegations.acting_among(session, list(under.values()))
    return {
        letter: Authority(
            delegation=(relied_on[task].facts or {})["delegation"],
            acting=under.get(task) if under.get(task) in acting else None,
        )
        for letter, task in wanted.items()
        if task in relied_on
    }


async def _delegations_of(session: AsyncSession, tasks: Sequence[TaskRow]) -> dict[str, str]:
    """Per task that one person decided for another, the delegation that its event names."""
    behalf = [task for task in tasks if task.on_behalf_of]
    if not behalf:
        return {}
    found = await session.exec(
        select(EventRow).where(
            col(EventRow.subject).in_({task.reference for task in behalf}),
            EventRow.type == EventType.TASK_DECIDED,
            col(EventRow.on_behalf_of).is_not(None),
        )
    )
    ids = {task.id for task in behalf}
    return {
        event.data["task"]: event.delegation
        for event in found
        if event.data["task"] in ids and event.delegation
    }
