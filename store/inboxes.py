"""Inboxes: the tasks that a person holds, may take, or sees; filtered, counted, paged by key."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, false, func, literal, or_
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import SelectOfScalar as Select

from schemas.people import Candidate, Delegated, Viewer
from schemas.requests import TaskFilter
from schemas.tasks import TaskKind
from store import duties, paging, search
from store.tables import ClaimRow, ProposalRow, TaskCandidateRow, TaskRow
from store.visibility import (
    acts_on,
    not_recused,
    of_own_organization,
    shown_to,
    staff_sees,
    visible,
    without_hidden,
)

EVERYTHING = TaskFilter()
_INSTANTS = ("due_at", "opened_at")
_EXACT = ("state", "reference", "kind", "stage", "programme")
_OF_A_DESK = (TaskKind.CONSULT.value, TaskKind.SIGN_OFF.value)
_NONE = false()
REMEMBERED = 64


async def tasks(
    session: AsyncSession,
    viewer: Viewer,
    *,
    view: str,
    now: datetime,
    soon: datetime | None = None,
    asked: TaskFilter = EVERYTHING,
    sort: str = "due_at",
    limit: int,
    cursor: str | None,
) -> tuple[Sequence[TaskRow], str | None]:
    """One page of tasks, and the cursor of the next; *soon* is until when one is due soon."""
    name, descending = sort.removeprefix("-"), sort.startswith("-")
    by, key = col(getattr(TaskRow, name)), col(TaskRow.id)
    position = paging.read_cursor(cursor, instant=name in _INSTANTS) if cursor else None
    wanted_of_tasks = filters(asked, now, soon or now)
    few = await _few_tasks(session, viewer, view, asked, wanted_of_tasks)
    if few is _NONE:
        return [], None
    wanted = [*task_conditions(viewer, view), *wanted_of_tasks, *_says(asked)]
    if position:
        wanted += paging.behind(by, key, *position, descending=descending)
    rows = await paging.page(
        session,
        _of_view(select(TaskRow), view),
        key,
        by,
        wanted,
        few,
        descending=descending,
        limit=limit + 1,
    )
    page = rows[:limit]
    following = None
    if len(rows) > limit:
        following = paging.cursor_after(getattr(page[-1], name), page[-1].id)
    return page, following


async def count(
    session: AsyncSession,
    viewer: Viewer,
    view: str,
    *,
    now: datetime,
    soon: datetime | None = None,
    asked: TaskFilter = EVERYTHING,
) -> int | str:
    """How many, as they are listed (`store.inbox_counts` tells most of them sooner)."""
    if not viewer.is_staff and not viewer.delegated:
        return 0  # of a partner's own proposals it sees no tasks, and of others nothing
    wanted_of_tasks = filters(asked, now, soon or now)
    few = await _few_tasks(session, viewer, view, asked, wanted_of_tasks)
    if few is _NONE:
        return 0
    wanted = [*task_conditions(viewer, view), *wanted_of_tasks, *_says(asked)]
    query = _of_view(select(TaskRow.id), view)
    if few is None:
        query = query.where(*wanted)
    else:
        query = query.where(few, func.coalesce(and_(*wanted), literal(value=False)))
    inner = query.limit(paging.COUNTED + 1).subquery()
    return paging.told((await session.exec(select(func.count()).select_from(inner))).one())


async def may_take(session: AsyncSession, viewer: Viewer, task_id: str) -> bool:
    """Whether the open task is one of those of *viewer*'s group."""
    query = _of_view(select(TaskRow.id), "group")
    found = await session.exec(
        query.where(col(TaskRow.id) == task_id, *task_conditions(viewer, "group"))
    )
    return found.first() is not None


async def among(session: AsyncSession, viewer: Viewer, ids: Sequence[str]) -> Sequence[TaskRow]:
    """Those of the tasks that *viewer* may know of."""
    query = _of_view(select(TaskRow), "all")
    found = await session.exec(
        query.where(col(TaskRow.id).in_(ids), *task_conditions(viewer, "all"))
    )
    rows: Sequence[TaskRow] = found.all()
    return rows


async def held_by(session: AsyncSession, person: str) -> int:
    """How many tasks the person holds, whoever may see them."""
    held = select(func.count()).select_from(ClaimRow).where(ClaimRow.person == person)
    return (await session.exec(held)).one()


# ---- whose they are


@lru_cache(maxsize=REMEMBERED)
def task_conditions(viewer: Viewer, view: str) -> tuple[ColumnElement[bool], ...]:
    """Which tasks a view of the inbox holds (api.md, Tasks).

    Kept for those who ask most: to put the conditions together takes as long as to ask them.
    """
    known = without_hidden(viewer, col(TaskRow.evidence), col(TaskRow.reference))
    if viewer.is_partner:
        seen = (visible(viewer), ~of_own_organization(viewer), *known)
    else:
        seen = (*staff_sees(viewer, col(TaskRow.reference)), *known)
    if view == "mine":
        return (*seen, col(ClaimRow.person) == viewer.id, col(TaskRow.state) == "open")
    if view == "group":
        return (*seen, col(TaskRow.state) == "open", _is_for_one(viewer))
    return seen


def _is_for_one(viewer: Viewer) -> ColumnElement[bool]:
    """The condition that *viewer* may take the task: in their own right, or for somebody.

    On behalf of others one is barred by what either has done, and by the other's recusal.
    """
    own = _has_candidate(viewer.grants)
    ways = [and_(own, *duties.not_barred([viewer.id], [viewer.organization]))]
    for giver, given in givers(viewer):
        organizations = [viewer.organization, given[0].giver_organization]
        ways.append(
            and_(
                _has_candidate(given),
                not_recused(giver),
                *duties.not_barred([viewer.id, giver], organizations),
            )
        )
    return or_(*ways)


def givers(viewer: Viewer) -> list[tuple[str, list[Delegated]]]:
    """For whom *viewer* stands in, and in what."""
    return [
        (giver, [each for each in viewer.delegated if each.giver == giver])
        for giver in sorted({each.giver for each in viewer.delegated})
    ]


def for_any_of(viewer: Viewer) -> ColumnElement[bool]:
    """The condition on a candidate that it is what *viewer* holds or stands in for."""
    grants: tuple[Candidate | Delegated, ...] = (*viewer.grants, *viewer.delegated)
    return acts_on(grants, col(TaskCandidateRow.role), col(TaskCandidateRow.scope))


def _has_candidate(grants: Iterable[Candidate | Delegated]) -> ColumnElement[bool]:
    candidate = TaskCandidateRow
    found = exists(col(candidate.task)).where(
        and_(
            col(candidate.task) == col(TaskRow.id),
            acts_on(grants, col(candidate.role), col(candidate.scope)),
        )
    )
    return found.correlate_except(candidate)


# ---- what is asked


def filters(
    asked: TaskFilter,
    now: datetime,
    soon: datetime,
    row: type[TaskRow] | type[TaskCandidateRow] = TaskRow,
) -> list[ColumnElement[bool]]:
    """All that is asked but words, as conditions on the task alone.

    Of candidates, all of open tasks, only what stands beside them can be asked.
    """
    wanted = [
        col(getattr(row, name)) == str(getattr(asked, name))
        for name in _EXACT
        if getattr(asked, name) is not None
    ]
    if asked.desk is not None:
        wanted += [col(TaskRow.subject) == asked.desk.value, col(row.kind).in_(_OF_A_DESK)]
    if asked.due_before is not None:
        wanted.append(col(row.due_at) < asked.due_before)
    # A clock that stands still is neither late nor near.
    runs = col(row.paused).is_(False)
    is_open = and_(col(TaskRow.state) == "open", runs) if row is TaskRow else runs
    if asked.overdue is not None:
        late = and_(is_open, col(row.due_at) < now)
        wanted.append(late if asked.overdue else ~late)
    if asked.due_soon is not None:
        near = and_(is_open, col(row.due_at) >= now, col(row.due_at) <= soon)
        wanted.append(near if asked.due_soon else ~near)
    return wanted


def _says(asked: TaskFilter) -> list[ColumnElement[bool]]:
    """Every word stands in what was submitted."""
    return [search.is_submitted(word) for word in search.words(asked.q or "")]


# ---- how they are found


def _of_view(query: Any, view: str) -> Any:
    joined = query.join(ProposalRow, col(ProposalRow.reference) == col(TaskRow.reference))
    if view == "mine":
        joined = joined.join(ClaimRow, col(ClaimRow.task) == col(TaskRow.id))
    return joined


async def _few_tasks(
    session: AsyncSession,
    viewer: Viewer,
    view: str,
    asked: TaskFilter,
    wanted: Sequence[ColumnElement[bool]],
) -> ColumnElement[bool] | None:
    """What narrows a view of tasks to few: whom they are for, whose they are, and the filters."""
    key = col(TaskRow.id)
    narrow: list[Select[str]] = []
    if view == "mine":
        narrow.append(select(ClaimRow.task).where(ClaimRow.person == viewer.id))
    elif view == "group":
        narrow.append(select(TaskCandidateRow.task).where(for_any_of(viewer)).distinct())
    if wanted:
        # Of these views all are open: with that, an index tells of every filter.
        is_open = [] if view == "all" else [col(TaskRow.state) == "open"]
        narrow.append(select(TaskRow.id).where(*is_open, *wanted))
    few = await paging.only_few(session, *narrow)
    if few is None:
        key = col(TaskRow.reference)
        q = asked.q or ""
        told = search.candidates(session, q) if search.words(q) else None
        few = await paging.only_few(session, told, shown_to(viewer) if view == "all" else None)
    if few is None:
        return None
    return key.in_(few) if few else _NONE
