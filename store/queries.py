"""Lists: filtered by visibility in SQL, sorted, and paged by key.

A page is read in the order of an index, and its filters are asked of each row: quick where
many rows pass. Where a filter leaves few, these few are found first instead; which of the two,
is asked of the index each time, so that a page costs the same among a million proposals.
"""

import base64
import binascii
import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, false, func, literal, or_
from sqlalchemy.orm import aliased
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import SelectOfScalar as Select

from policy.rules import access
from schemas.errors import Gap, Malformed
from schemas.people import Viewer
from schemas.tasks import TaskKind
from store import search
from store.tables import (
    ClaimRow,
    DraftRow,
    ProposalRow,
    RevisionRow,
    TaskCandidateRow,
    TaskRow,
)
from store.visibility import acts_on, of_own_organization, shown_to, visible

COUNTED = 10_000
FEW = 2_000
"""So many rows are sorted sooner than as many are found by walking along an index."""


def cursor_after(value: Any, key: str) -> str:
    """The cursor behind the row with this sort value and key."""
    plain = value.isoformat() if isinstance(value, datetime) else value
    return base64.urlsafe_b64encode(json.dumps([plain, key]).encode()).decode().rstrip("=")


def read_cursor(cursor: str, *, instant: bool) -> tuple[Any, str]:
    """The sort value and key in a cursor; Malformed when it is none of ours."""
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        value, key = json.loads(base64.urlsafe_b64decode(padded.encode()))
        if not isinstance(value, str) or not isinstance(key, str) or "\0" in value + key:
            raise TypeError(cursor)
        (value + key).encode()
        if not instant:
            return value, key
        moment = datetime.fromisoformat(value)
        if moment.tzinfo is None:
            raise ValueError(cursor)
        return moment.astimezone(UTC), key
    except (
        ValueError,
        TypeError,
        OverflowError,
        RecursionError,
        binascii.Error,
        UnicodeError,
    ) as error:
        raise Malformed(Gap(pointer="", code="unknown_cursor")) from error


async def _only_few(session: AsyncSession, *narrow: Select[str] | None) -> Sequence[str] | None:
    """The keys that the first filter leaves that leaves few; None where none does."""
    for each in narrow:
        if each is not None:
            found = (await session.exec(each.limit(FEW + 1))).all()
            if len(found) <= FEW:
                return found
    return None


async def _page(
    session: AsyncSession,
    query: Any,
    key: Any,
    by: Any,
    conditions: Sequence[ColumnElement[bool]],
    few: ColumnElement[bool] | None,
    *,
    descending: bool,
    limit: int,
) -> Sequence[Any]:
    """Rows in the order of an index, with the conditions asked of each; or the few, sorted.

    The few are found by their keys and in no other way: a database that thought it knew of a
    quicker one could walk through everything to find them.
    """
    if few is None:
        query = query.where(*conditions)
        order = (by.desc(), key.desc()) if descending else (by, key)
        return list(await session.exec(query.order_by(*order).limit(limit)))
    by = func.coalesce(by, by)
    order = (by.desc(), key.desc()) if descending else (by, key)
    sorted_keys = (
        query.with_only_columns(key)
        .where(few, func.coalesce(and_(*conditions), literal(value=False)))
        .order_by(*order)
        .limit(limit)
    )
    keys = list(await session.exec(sorted_keys))
    rows = {getattr(row, key.key): row for row in await session.exec(query.where(key.in_(keys)))}
    return [rows[each] for each in keys]


# ---- proposals


async def proposals(
    session: AsyncSession,
    viewer: Viewer,
    *,
    limit: int,
    cursor: str | None,
    sort: str,
    filters: dict[str, str],
    now: datetime,
) -> tuple[Sequence[ProposalRow], str | None]:
    """One page of what *viewer* sees, and the cursor of the next."""
    name, descending = sort.removeprefix("-"), sort.startswith("-")
    # A draft stands among the submitted by when it was created.
    by: Any = col(
        {
            "reference": ProposalRow.reference,
            "created_at": ProposalRow.created_at,
            "submitted_at": ProposalRow.placed_at,
        }[name]
    )
    key = col(ProposalRow.reference)
    conditions = [visible(viewer), *_filters(viewer, filters, now)]
    if cursor:
        value, last = read_cursor(cursor, instant=name != "reference")
        conditions += _behind(by, key, value, last, descending=descending)
    few = await _only_few(session, shown_to(viewer), *_narrow(session, viewer, filters))
    if few == []:
        return [], None
    named = None if few is None else key.in_(few)
    rows = await _page(
        session,
        select(ProposalRow),
        key,
        by,
        conditions,
        named,
        descending=descending,
        limit=limit + 1,
    )
    page = rows[:limit]
    following = None
    if len(rows) > limit:
        following = cursor_after(getattr(page[-1], by.key), page[-1].reference)
    return page, following


def _behind(
    by: Any, key: Any, value: Any, last: str, *, descending: bool
) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """Behind the row (value, last); the first condition alone lets the index be entered there."""
    bound = literal(value, type_=by.type)
    if descending:
        return by <= bound, or_(by < bound, key < last)
    return by >= bound, or_(by > bound, key > last)


_REVIEW = ("eligibility", "compliance", "desk", "funding")
_PLAIN = ("programme", "organization")
_TOLD = ("outcome", "stage")
"""Columns that a partner reads only once it has been told."""


def _narrow(
    session: AsyncSession, viewer: Viewer, filters: dict[str, str]
) -> list[Select[str] | None]:
    """The filters that may leave few; a partner's stage and outcome are not the row's."""
    row = ProposalRow
    exact = [getattr(row, name) == filters[name] for name in _PLAIN if filters.get(name)]
    if not viewer.is_partner:
        exact += [getattr(row, name) == filters[name] for name in _TOLD if filters.get(name)]
        if filters.get("stage") == "review":
            exact[-1] = col(row.stage).in_(_REVIEW)
    found: list[Select[str] | None] = []
    if exact:
        found.append(select(row.reference).where(*exact))
    if asked := filters.get("q"):
        found.append(search.candidates(session, asked))
    return found


def _filters(viewer: Viewer, filters: dict[str, str], now: datetime) -> list[ColumnElement[bool]]:
    """A partner's filters go by what a partner reads, so that they tell no more than a view."""
    row = ProposalRow
    partner = of_own_organization(viewer)
    told = and_(col(row.told_at).is_not(None), col(row.told_at) <= now)
    untold = and_(col(row.outcome).is_not(None), ~told)
    shown: list[ColumnElement[bool]] = []
    if programme := filters.get("programme"):
        shown.append(col(row.programme) == programme)
    if organization := filters.get("organization"):
        shown.append(col(row.organization) == organization)
    if stage := filters.get("stage"):
        if stage == "review":
            shown.append(or_(col(row.stage).in_(_REVIEW), and_(partner, untold)))
        elif stage in _REVIEW:
            shown.append(and_(col(row.stage) == stage, ~partner))
        else:
            shown.append(and_(col(row.stage) == stage, or_(~partner, ~untold)))
    if outcome := filters.get("outcome"):
        shown.append(and_(col(row.outcome) == outcome, or_(~partner, told)))
    if status := filters.get("partner_status"):
        shown.append(_status(status, told))
    shown.extend(
        _says(viewer, partner, search.contains(word))
        for word in search.words(filters.get("q") or "")
    )
    return shown


def _says(viewer: Viewer, partner: ColumnElement[bool], like: str) -> ColumnElement[bool]:
    """A partner finds what it is writing, staff what was submitted."""
    row, draft, revision = ProposalRow, DraftRow, RevisionRow
    working = exists().where(
        and_(col(draft.reference) == col(row.reference), col(draft.words).like(like, escape="\\"))
    )
    submitted = exists().where(
        and_(
            col(revision.reference) == col(row.reference),
            col(revision.number) == col(row.revision),
            col(revision.words).like(like, escape="\\"),
        )
    )
    if not viewer.is_partner:
        return submitted
    return or_(and_(partner, working), and_(~partner, submitted))


def _status(status: str, told: ColumnElement[bool]) -> ColumnElement[bool]:
    row = ProposalRow
    decided = and_(col(row.outcome).is_not(None), told)
    conditions: dict[str, ColumnElement[bool]] = {
        "draft": col(row.stage) == "draft",
        "withdrawn": and_(decided, col(row.outcome) == "withdrawn"),
        "decision_made": and_(decided, col(row.outcome) != "withdrawn"),
        "more_information_needed": and_(~decided, col(row.stage) == "returned"),
        "received": and_(~decided, col(row.stage) == "eligibility"),
        "in_review": and_(~decided, col(row.stage).not_in(["draft", "returned", "eligibility"])),
    }
    return conditions.get(status, literal(value=False))


async def titles(
    session: AsyncSession, viewer: Viewer, rows: Sequence[ProposalRow]
) -> dict[str, str]:
    """Per reference, the title that *viewer* reads: a partner what it writes, staff the revision's.

    What the partner is still writing is the partner's own until it is submitted.
    """
    references = [row.reference for row in rows]
    own = set(
        await session.exec(
            select(ProposalRow.reference).where(
                col(ProposalRow.reference).in_(references), of_own_organization(viewer)
            )
        )
    )
    working = await session.exec(
        select(DraftRow.reference, DraftRow.title).where(col(DraftRow.reference).in_(own))
    )
    submitted = await session.exec(
        select(RevisionRow.reference, RevisionRow.title)
        .join(
            ProposalRow,
            and_(
                col(ProposalRow.reference) == col(RevisionRow.reference),
                col(ProposalRow.revision) == col(RevisionRow.number),
            ),
        )
        .where(col(RevisionRow.reference).in_(set(references) - own))
    )
    return dict(working.all()) | dict(submitted.all())


# ---- tasks


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
        value, last = read_cursor(cursor, instant=True)
        wanted += _behind(by, key, value, last, descending=descending)
    few = await _few_tasks(session, viewer, view, conditions)
    if few is _NONE:
        return [], None
    rows = await _page(
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
    following = cursor_after(getattr(page[-1], name), page[-1].id) if len(rows) > limit else None
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
    few = await _only_few(session, *narrow)
    if few is None and view == "all":
        few, key = await _only_few(session, shown_to(viewer)), col(TaskRow.reference)
    if few is None:
        return None
    return key.in_(few) if few else _NONE


async def count_tasks(
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
        seen = shown.limit(COUNTED + 1).subquery()
        query = query.join(seen, seen.c.reference == col(TaskRow.reference)).where(
            func.coalesce(and_(*wanted), literal(value=False))
        )
    else:
        query = query.where(*wanted)
    inner = query.limit(COUNTED + 1).subquery()
    found = (await session.exec(select(func.count()).select_from(inner))).one()
    return found if found <= COUNTED else f"{COUNTED}+"
