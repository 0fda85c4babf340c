"""Inboxes: the tasks that a person holds, may take, or sees; counted and paged by key."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, false, func, literal, or_
from sqlalchemy.orm import aliased
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import SelectOfScalar as Select

from policy.rules import access
from schemas.people import Viewer
from schemas.tasks import TaskKind
from store import paging
from store.tables import ClaimRow, ProposalRow, RevisionRow, TaskCandidateRow, TaskRow
from store.visibility import acts_on, of_own_organization, shown_to, visible


def task_conditions(viewer: Viewer, view: str) -> list[ColumnElement[bool]]:
    """Which tasks a view of the inbox holds (api.md, Tasks)."""
    seen = [visible(viewer), ~of_own_organization(viewer), *_without_hidden(viewer)]
    if view == "mine":
        return [*seen, col(ClaimRow.person) == viewer.id, col(TaskRow.state) == "open"]
    if view == "group":
        candidate = TaskCandidateRow
        may_take = exists().where(
            and_(
                col(candidate.task) == col(TaskRow.id),
                acts_on(viewer, col(candidate.role), col(candidate.scope)),
            )
        )
        return [*seen, col(TaskRow.state) == "open", may_take, *not_barred(viewer)]
    return seen


def _without_hidden(viewer: Viewer) -> list[ColumnElement[bool]]:
    return [] if access.may_see_evidence(viewer) else [col(TaskRow.evidence).is_(False)]


def not_barred(viewer: Viewer) -> list[ColumnElement[bool]]:
    """Separation of duties in SQL: what `policy.rules.separation.may_decide` says, as a filter."""
    act = aliased(TaskRow)
    decided = and_(col(act.reference) == col(TaskRow.reference), col(act.decided_by).is_not(None))
    by_viewer = or_(
        col(act.decided_by) == viewer.id,
        func.coalesce(col(act.on_behalf_of), "") == viewer.id,
    )
    mine = and_(decided, by_viewer)
    other_duty = exists().where(
        and_(
            mine,
            col(TaskRow.duty).is_not(None),
            col(act.duty).is_not(None),
            col(act.duty) != col(TaskRow.duty),
        )
    )
    confirming = col(TaskRow.kind) == TaskKind.CONFIRM.value
    own_work = exists().where(
        and_(
            mine,
            confirming,
            or_(
                col(act.id) == func.coalesce(col(TaskRow.confirms), ""),
                and_(col(act.kind).like("compliance.%"), col(act.stands).is_(True)),
            ),
        )
    )
    someone_arbitrated = exists().where(
        and_(
            decided,
            col(TaskRow.kind) == TaskKind.ARBITRATE.value,
            col(act.kind) == TaskKind.ARBITRATE.value,
            ~by_viewer,
        )
    )
    submitted = exists().where(
        and_(
            col(TaskRow.kind) == TaskKind.ELIGIBILITY.value,
            col(RevisionRow.reference) == col(ProposalRow.reference),
            col(RevisionRow.number) == col(ProposalRow.revision),
            col(RevisionRow.submitted_by) == viewer.id,
        )
    )
    conditions = [~other_duty, ~own_work, ~someone_arbitrated, ~submitted]
    if viewer.organization is not None:
        conditions.append(col(ProposalRow.organization) != viewer.organization)
    return conditions


async def tasks(
    session: AsyncSession,
    viewer: Viewer,
    *,
    view: str,
    conditions: Sequence[ColumnElement[bool]] = (),
    sort: str = "due_at",
    limit: int,
    cursor: str | None,
) -> tuple[Sequence[TaskRow], str | None]:
    """One page of tasks, and the cursor of the next."""
    name, descending = sort.removeprefix("-"), sort.startswith("-")
    by, key = col(getattr(TaskRow, name)), col(TaskRow.id)
    wanted = [*task_conditions(viewer, view), *conditions]
    if cursor:
        value, last = paging.read_cursor(cursor, instant=True)
        wanted += paging.behind(by, key, value, last, descending=descending)
    few = await _few_tasks(session, viewer, view, conditions)
    if few is _NONE:
        return [], None
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
    following = (
        paging.cursor_after(getattr(page[-1], name), page[-1].id) if len(rows) > limit else None
    )
    return page, following


def _of_view(query: Any, view: str) -> Any:
    joined = query.join(ProposalRow, col(ProposalRow.reference) == col(TaskRow.reference))
    if view == "mine":
        joined = joined.join(ClaimRow, col(ClaimRow.task) == col(TaskRow.id))
    return joined


_NONE = false()


async def _few_tasks(
    session: AsyncSession, viewer: Viewer, view: str, conditions: Sequence[ColumnElement[bool]]
) -> ColumnElement[bool] | None:
    """What narrows a view of tasks to few: whom they are for, whose they are, and the filters."""
    candidate, key = TaskCandidateRow, col(TaskRow.id)
    narrow: list[Select[str]] = []
    if view == "mine":
        narrow.append(select(ClaimRow.task).where(ClaimRow.person == viewer.id))
    elif view == "group":
        mine = acts_on(viewer, col(candidate.role), col(candidate.scope))
        narrow.append(select(candidate.task).where(mine).distinct())
    if conditions and view != "mine":
        narrow.append(select(TaskRow.id).where(*conditions))
    few = await paging.only_few(session, *narrow)
    if few is None and view == "all":
        few, key = await paging.only_few(session, shown_to(viewer)), col(TaskRow.reference)
    if few is None:
        return None
    return key.in_(few) if few else _NONE


async def count(
    session: AsyncSession,
    viewer: Viewer,
    view: str,
    conditions: Sequence[ColumnElement[bool]] = (),
) -> int | str:
    """How many; exact up to 10,000, then `10000+`."""
    wanted = [*task_conditions(viewer, view), *conditions]
    query = _of_view(select(TaskRow.id), view)
    few = await _few_tasks(session, viewer, view, conditions)
    if few is _NONE:
        return 0
    if few is not None:
        query = query.where(few, func.coalesce(and_(*wanted), literal(value=False)))
    elif view == "all" and not conditions and (shown := shown_to(viewer)) is not None:
        # From whose they are, not through all there are: every one of these has a task or more.
        seen = shown.limit(paging.COUNTED + 1).subquery()
        query = query.join(seen, seen.c.reference == col(TaskRow.reference)).where(
            func.coalesce(and_(*wanted), literal(value=False))
        )
    else:
        query = query.where(*wanted)
    inner = query.limit(paging.COUNTED + 1).subquery()
    found = (await session.exec(select(func.count()).select_from(inner))).one()
    return found if found <= paging.COUNTED else f"{paging.COUNTED}+"
