"""Lists: filtered by visibility in SQL, sorted, and paged by key."""

import base64
import binascii
import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, false, func, literal, or_
from sqlalchemy.orm import aliased
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from policy.rules import access
from schemas.errors import Gap, Malformed
from schemas.people import PARTNER_ROLES, Viewer
from schemas.tasks import TaskKind
from store.tables import ClaimRow, DraftRow, ProposalRow, TaskCandidateRow, TaskRow
from store.visibility import acts_on, visible

COUNTED = 10_000


def cursor_after(value: Any, key: str) -> str:
    """The cursor behind the row with this sort value and key."""
    plain = value.isoformat() if isinstance(value, datetime) else value
    return base64.urlsafe_b64encode(json.dumps([plain, key]).encode()).decode().rstrip("=")


def read_cursor(cursor: str, *, instant: bool) -> tuple[Any, str]:
    """The sort value and key in a cursor; Malformed when it is none of ours."""
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        value, key = json.loads(base64.urlsafe_b64decode(padded.encode()))
        if not isinstance(value, str) or not isinstance(key, str):
            raise TypeError(cursor)
        return (datetime.fromisoformat(value) if instant else value), key
    except (ValueError, TypeError, binascii.Error, UnicodeError) as error:
        raise Malformed(Gap(pointer="", code="unknown_cursor")) from error


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
    by: Any = {
        "reference": col(ProposalRow.reference),
        "created_at": col(ProposalRow.created_at),
        "submitted_at": func.coalesce(col(ProposalRow.submitted_at), col(ProposalRow.created_at)),
    }[name]
    key = col(ProposalRow.reference)
    query = (
        select(ProposalRow)
        .join(DraftRow, col(DraftRow.reference) == key)
        .where(visible(viewer), *_filters(viewer, filters, now))
    )
    if cursor:
        value, last = read_cursor(cursor, instant=name != "reference")
        query = query.where(_behind(by, key, value, last, descending=descending))
    order = (by.desc(), key.desc()) if descending else (by, key)
    rows = (await session.exec(query.order_by(*order).limit(limit + 1))).all()
    page = rows[:limit]
    following = None
    if len(rows) > limit:
        last_row = page[-1]
        value = getattr(last_row, name) or last_row.created_at
        following = cursor_after(value, last_row.reference)
    return page, following


def _behind(by: Any, key: Any, value: Any, last: str, *, descending: bool) -> ColumnElement[bool]:
    bound = literal(value, type_=by.type)
    if descending:
        return or_(by < bound, and_(by == bound, key < last))
    return or_(by > bound, and_(by == bound, key > last))


_REVIEW = ("eligibility", "compliance", "desk", "funding")


def _filters(viewer: Viewer, filters: dict[str, str], now: datetime) -> list[ColumnElement[bool]]:
    """A partner's filters go by what a partner reads, so that they tell no more than a view."""
    row = ProposalRow
    partner = any(g.role in PARTNER_ROLES for g in viewer.grants)
    told = and_(col(row.told_at).is_not(None), col(row.told_at) <= now)
    shown: list[ColumnElement[bool]] = []
    if programme := filters.get("programme"):
        shown.append(col(row.programme) == programme)
    if organization := filters.get("organization"):
        shown.append(col(row.organization) == organization)
    if stage := filters.get("stage"):
        untold = and_(col(row.outcome).is_not(None), ~told)
        if stage == "review":
            shown.append(or_(col(row.stage).in_(_REVIEW), untold if partner else false()))
        elif partner and stage in _REVIEW:
            shown.append(literal(value=False))
        else:
            shown.append(col(row.stage) == stage)
            if partner:
                shown.append(~untold)
    if outcome := filters.get("outcome"):
        shown.append(col(row.outcome) == outcome)
        if partner:
            shown.append(told)
    if status := filters.get("partner_status"):
        shown.append(_status(status, told))
    if words := filters.get("q"):
        like = f"%{_escaped(words.lower())}%"
        shown.append(
            or_(
                func.lower(col(row.reference)).like(like, escape="\\"),
                func.lower(col(DraftRow.title)).like(like, escape="\\"),
            )
        )
    return shown


def _status(status: str, told: ColumnElement[bool]) -> ColumnElement[bool]:
    row = ProposalRow
    decided = and_(col(row.outcome).is_not(None), told)
    conditions: dict[str, ColumnElement[bool]] = {
        "draft": col(row.stage) == "draft",
        "withdrawn": and_(decided, col(row.outcome) == "withdrawn"),
        "decision_made": and_(decided, col(row.outcome) != "withdrawn"),
        "more_information_needed": col(row.stage) == "returned",
        "received": and_(~decided, col(row.stage) == "eligibility"),
        "in_review": and_(~decided, col(row.stage).not_in(["draft", "returned", "eligibility"])),
    }
    return conditions.get(status, literal(value=False))


def _escaped(words: str) -> str:
    return words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


# ---- tasks


def task_conditions(viewer: Viewer, view: str) -> list[ColumnElement[bool]]:
    """Which tasks a view of the inbox holds (api.md, Tasks)."""
    seen = [visible(viewer), _is_staff_of(viewer), *_without_hidden(viewer)]
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


def _is_staff_of(viewer: Viewer) -> ColumnElement[bool]:
    """A partner sees no task at all."""
    own = [g.scope for g in viewer.grants if g.role in PARTNER_ROLES]
    return col(ProposalRow.organization).not_in(own) if own else literal(value=True)


def _without_hidden(viewer: Viewer) -> list[ColumnElement[bool]]:
    if access.may_see_evidence(viewer):
        return []
    # A legal task that screening opened has the screening task as its subject.
    about = aliased(TaskRow)
    sealing = exists().where(
        and_(col(about.id) == col(TaskRow.subject), col(about.kind) == TaskKind.ADJUDICATE.value)
    )
    return [
        col(TaskRow.kind) != TaskKind.ADJUDICATE.value,
        ~and_(col(TaskRow.kind) == TaskKind.LEGAL.value, sealing),
    ]


def not_barred(viewer: Viewer) -> list[ColumnElement[bool]]:
    """Separation of duties in SQL: what `policy.rules.separation.may_decide` says, as a filter."""
    act = aliased(TaskRow)
    mine = and_(
        col(act.reference) == col(TaskRow.reference),
        or_(col(act.decided_by) == viewer.id, col(act.on_behalf_of) == viewer.id),
    )
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
                col(act.id) == col(TaskRow.confirms),
                and_(col(act.kind).like("compliance.%"), col(act.stands).is_(True)),
            ),
        )
    )
    someone_arbitrated = exists().where(
        and_(
            col(act.reference) == col(TaskRow.reference),
            col(TaskRow.kind) == TaskKind.ARBITRATE.value,
            col(act.kind) == TaskKind.ARBITRATE.value,
            col(act.decided_by).is_not(None),
            col(act.decided_by) != viewer.id,
        )
    )
    conditions = [~other_duty, ~own_work, ~someone_arbitrated]
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
    query = (
        select(TaskRow)
        .join(ProposalRow, col(ProposalRow.reference) == col(TaskRow.reference))
        .outerjoin(ClaimRow, col(ClaimRow.task) == col(TaskRow.id))
        .where(*task_conditions(viewer, view), *conditions)
    )
    if cursor:
        value, last = read_cursor(cursor, instant=True)
        query = query.where(_behind(by, key, value, last, descending=descending))
    order = (by.desc(), key.desc()) if descending else (by, key)
    rows = (await session.exec(query.order_by(*order).limit(limit + 1))).all()
    page = rows[:limit]
    following = cursor_after(getattr(page[-1], name), page[-1].id) if len(rows) > limit else None
    return page, following


async def count_tasks(
    session: AsyncSession,
    viewer: Viewer,
    view: str,
    conditions: Sequence[ColumnElement[bool]] = (),
) -> int | str:
    """How many; exact up to 10,000, then `10000+`."""
    inner = (
        select(TaskRow.id)
        .join(ProposalRow, col(ProposalRow.reference) == col(TaskRow.reference))
        .outerjoin(ClaimRow, col(ClaimRow.task) == col(TaskRow.id))
        .where(*task_conditions(viewer, view), *conditions)
        .limit(COUNTED + 1)
        .subquery()
    )
    found = (await session.exec(select(func.count()).select_from(inner))).one()
    return found if found <= COUNTED else f"{COUNTED}+"
