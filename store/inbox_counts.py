"""How many tasks the views of an inbox hold: exact up to 10,000, then `10000+`.

What a whole inbox has in common is found once, and its rows are counted along an index without
being looked at; where one asks for more than the index tells, they are counted as they are listed.
"""

from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, and_, case, exists, func, or_
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from schemas.people import Viewer
from schemas.requests import TaskFilter
from schemas.tasks import TaskState
from store import duties, inboxes, paging
from store.tables import ProposalRow, TaskCandidateRow, TaskRow
from store.visibility import (
    acts_on,
    hidden_from_few,
    put_before_staff,
    seen_singly,
    sole_entry,
    staff_sees,
    without_hidden,
)

_ON_CANDIDATES = {"state", "reference", "kind", "due_before", "overdue", "due_soon"}
"""What may be asked of the index of candidates: whose tasks are open, all of them."""


async def counts(
    session: AsyncSession,
    viewer: Viewer,
    wanted: Mapping[str, tuple[str, TaskFilter]],
    *,
    now: datetime,
    soon: datetime,
) -> dict[str, int | str]:
    """Under each name, how many tasks the view holds under the filters."""
    found: dict[str, int | str] = {}
    at_once: dict[str, Any] = {}
    for name, (view, asked) in wanted.items():
        rows = _at_a_glance(viewer, view, asked, now, soon)
        if rows is None:
            found[name] = await inboxes.count(
                session, viewer, view, now=now, soon=soon, asked=asked
            )
        else:
            number = _number(rows).scalar_subquery()
            if view == "all" and asked == inboxes.EVERYTHING:
                number = _unless_told_by_proposals(viewer, number)
            at_once[name] = number.label(name)
    if at_once:
        row = (await session.exec(select(*at_once.values()))).one()
        numbers = row if len(at_once) > 1 else (row,)
        found |= {name: paging.told(number) for name, number in zip(at_once, numbers, strict=True)}
    return {name: found[name] for name in wanted}


def _at_a_glance(
    viewer: Viewer, view: str, asked: TaskFilter, now: datetime, soon: datetime
) -> Any | None:
    """A query with a row for each of the tasks, where an index tells; else None."""
    if viewer.is_partner or asked.q is not None:
        return None
    if view == "group":
        return _of_group(viewer, asked, now, soon)
    if view == "all":
        return _of_all(viewer, asked, now, soon)
    return None


def _of_group(viewer: Viewer, asked: TaskFilter, now: datetime, soon: datetime) -> Any | None:
    given = {name for name in TaskFilter.model_fields if getattr(asked, name) is not None}
    if given - _ON_CANDIDATES or asked.state not in (None, TaskState.OPEN):
        return None
    row = TaskCandidateRow
    filters = inboxes.filters(asked.model_copy(update={"state": None}), now, soon, row)
    may_know = without_hidden(viewer, col(row.evidence), col(row.reference))
    wanted = [inboxes.for_any_of(viewer), *filters, *may_know]
    wanted.append(or_(_plainly(viewer), _looked_at(viewer)))
    if sole_entry(viewer):
        return select(row.task).where(*wanted)
    # Not the column itself: to find each once, a database would walk through all there are.
    return select(func.coalesce(row.task, "")).where(*wanted).distinct()


@lru_cache(maxsize=inboxes.REMEMBERED)
def _plainly(viewer: Viewer) -> ColumnElement[bool]:
    """The candidate shows at once that *viewer* may take the task, in one of their ways."""
    row = TaskCandidateRow
    role, scope, reference = col(row.role), col(row.scope), col(row.reference)
    own = duties.plainly_not_barred([viewer.id], [viewer.organization])
    ways = [and_(acts_on(viewer.grants, role, scope), *own)]
    for giver, given in inboxes.givers(viewer):
        organizations = [viewer.organization, given[0].giver_organization]
        ways.append(
            and_(
                acts_on(given, role, scope),
                *hidden_from_few(giver, reference),
                *duties.plainly_not_barred([viewer.id, giver], organizations),
            )
        )
    return and_(or_(*ways), *hidden_from_few(viewer.id, reference))


@lru_cache(maxsize=inboxes.REMEMBERED)
def _looked_at(viewer: Viewer) -> ColumnElement[bool]:
    """The task itself and what was done on its proposal show that *viewer* may take it."""
    found = exists().where(
        and_(
            col(TaskRow.id) == col(TaskCandidateRow.task),
            col(ProposalRow.reference) == col(TaskRow.reference),
            *inboxes.task_conditions(viewer, "group"),
        )
    )
    return found.correlate(TaskCandidateRow)


def _of_all(viewer: Viewer, asked: TaskFilter, now: datetime, soon: datetime) -> Any:
    row = TaskRow
    wanted = [
        *inboxes.filters(asked, now, soon),
        *without_hidden(viewer, col(row.evidence), col(row.reference)),
    ]
    if asked == inboxes.EVERYTHING and (seen := put_before_staff(viewer)) is not None:
        # From whose they are, not through all there are: each of these has a task or more.
        shown = seen.limit(paging.COUNTED + 1).subquery()
        query = select(row.id).join(shown, shown.c.reference == col(row.reference))
        return query.where(*wanted)
    return select(row.id).where(*wanted, *staff_sees(viewer, col(row.reference)))


def _unless_told_by_proposals(viewer: Viewer, number: Any) -> Any:
    """*number*, unless the proposals that *viewer* sees are too many for it to be told.

    Whatever was submitted has a task that whoever sees it may know of, its first: so the tasks are
    at least as many, and these are counted along one index, without looking for their tasks.
    """
    enough = [_number(each).scalar_subquery() > paging.COUNTED for each in seen_singly(viewer)]
    return case((or_(*enough), paging.COUNTED + 1), else_=number) if enough else number


def _number(rows: Any) -> Any:
    inner = rows.limit(paging.COUNTED + 1).subquery()
    return select(func.count()).select_from(inner)
