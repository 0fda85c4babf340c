"""Tasks that ask one question of several people, each of another (`workflows.quorum`).

Until the question has its answer, what each has said is theirs: nobody is to be led by it.
"""

from collections.abc import Iterable

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from schemas.people import Role, Viewer
from store.tables import TaskRow

SAME = ("subject", "confirms", "arbitrates")
"""What tasks of one kind on a proposal have in common that ask the same."""

Question = tuple[str, str, str | None, str | None, str | None]


def is_seat(task: TaskRow) -> bool:
    return "seat" in task.detail


def of(task: TaskRow) -> Question:
    """What *task* asks."""
    return (task.reference, task.kind, task.subject, task.confirms, task.arbitrates)


def unanswered(tasks: Iterable[TaskRow]) -> set[Question]:
    """The questions of several people among *tasks* to which somebody has yet to answer."""
    return {of(task) for task in tasks if is_seat(task) and task.state == "open"}


def closed_among(viewer: Viewer, tasks: Iterable[TaskRow]) -> frozenset[str]:
    """Those of *tasks*, all of a proposal, whose answers *viewer* may not read yet.

    Whoever has given an answer reads it, and an auditor who does nothing else reads everything.
    """
    if all(grant.role is Role.AUDITOR for grant in viewer.grants):
        return frozenset()
    asked = [task for task in tasks if is_seat(task) and task.stands]
    waiting = unanswered(asked)
    return frozenset(
        task.id
        for task in asked
        if of(task) in waiting and viewer.id not in (task.decided_by, task.on_behalf_of)
    )


async def closed(session: AsyncSession, viewer: Viewer, tasks: Iterable[TaskRow]) -> frozenset[str]:
    """The same of *tasks* of any proposals."""
    return await closed_on(session, viewer, {task.reference for task in tasks if is_seat(task)})


async def closed_on(
    session: AsyncSession, viewer: Viewer, references: Iterable[str]
) -> frozenset[str]:
    """The same of everything on the proposals *references*."""
    references = sorted(set(references))
    if not references:
        return frozenset()
    seats = await session.exec(
        select(TaskRow).where(
            col(TaskRow.reference).in_(references),
            col(TaskRow.detail)["seat"].as_integer().is_not(None),
        )
    )
    return closed_among(viewer, seats.all())
