"""Who may take the open tasks, with what inboxes filter, sort and count by beside it.

An inbox of very many is read and counted along one index: (role, scope) and when a task is due,
with all that tells at a glance whether its reader may take it. The copies are written with the
tasks that they are of, in the same transaction; `verify` compares them.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import delete, update
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from store.tables import TaskCandidateRow, TaskRow

COPIED = ("reference", "kind", "due_at", "paused", "evidence")
Entry = tuple[str, str, str]
"""Task, role and scope."""


def copied(task: TaskRow | TaskCandidateRow) -> dict[str, Any]:
    """What stands beside each of a task's candidates."""
    return {name: getattr(task, name) for name in COPIED}


def of(tasks: Iterable[TaskRow]) -> dict[Entry, dict[str, Any]]:
    """The candidates of those tasks that are open."""
    return {
        (task.id, candidate["role"], candidate["scope"]): copied(task)
        for task in tasks
        if task.state == "open"
        for candidate in task.candidates
    }


def rows(entries: Mapping[Entry, dict[str, Any]]) -> list[TaskCandidateRow]:
    return [
        TaskCandidateRow(task=task, role=role, scope=scope, **values)
        for (task, role, scope), values in sorted(entries.items(), key=lambda each: each[0])
    ]


async def save(
    session: AsyncSession,
    before: Mapping[Entry, dict[str, Any]],
    now: Mapping[Entry, dict[str, Any]],
) -> list[str]:
    """Bring the table from *before* to *now*; returns the tasks that nobody takes any more."""
    session.add_all(rows({entry: values for entry, values in now.items() if entry not in before}))
    changed = {
        task: {name: value for name, value in values.items() if old[name] != value}
        for (task, role, scope), values in now.items()
        if (old := before.get((task, role, scope))) not in (None, values)
    }
    for task, values in sorted(changed.items()):
        mine = col(TaskCandidateRow.task) == task
        await session.exec(update(TaskCandidateRow).where(mine).values(**values))
    gone = sorted({task for task, _, _ in before} - {task for task, _, _ in now})
    if gone:
        await session.exec(delete(TaskCandidateRow).where(col(TaskCandidateRow.task).in_(gone)))
    return gone


async def differences(
    session: AsyncSession, tasks: Iterable[str], should_be: Mapping[Entry, dict[str, Any]]
) -> list[dict[str, Any]]:
    """Where what is kept of the candidates of *tasks* is not what it should be."""
    found = await session.exec(
        select(TaskCandidateRow).where(col(TaskCandidateRow.task).in_(sorted(tasks)))
    )
    kept = {(row.task, row.role, row.scope): copied(row) for row in found}
    fields: dict[str, set[str]] = {}
    for entry in sorted(kept.keys() | should_be.keys()):
        left, right = kept.get(entry), should_be.get(entry)
        if left is None or right is None:
            fields.setdefault(entry[0], set()).add("entries")
        elif left != right:
            differing = {name for name in COPIED if left[name] != right[name]}
            fields.setdefault(entry[0], set()).update(differing)
    return [
        {"row": "candidates", "id": task, "fields": sorted(each)} for task, each in fields.items()
    ]
