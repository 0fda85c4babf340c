"""Figures over many proposals, counted by the database: of those that somebody sees as staff.

Visibility is asked once, for the narrow rows of `store.journeys`; everything is counted among
what that leaves. Times are whole days that have passed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Integer, and_, case, func, literal, null, or_, union_all
from sqlalchemy import select as rows_of
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from schemas.people import Viewer
from store.journeys import STAGES
from store.tables import JourneyRow, PlaceRow, RecusalRow, TaskRow
from store.visibility import visible_as_staff, without_hidden

DAY_SECONDS = 86_400


@dataclass(frozen=True)
class Asked:
    """Which proposals: of a program, a lead desk, submitted from *since* until before *until*."""

    programme: str | None = None
    desk: str | None = None
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True)
class Standing:
    """So many proposals that stand alike."""

    programme: str
    desk: str | None
    stage: str
    outcome: str | None
    missed: bool
    count: int
    cents: int
    oldest: datetime
    """Since when the first of them is in its stage."""


@dataclass(frozen=True)
class Stay:
    """So many proposals that were in a stage for so many days; None: they have not left it yet."""

    stage: str
    programme: str
    desk: str | None
    days: int | None
    count: int


@dataclass(frozen=True)
class Kept:
    """So many open tasks of a kind."""

    kind: str
    count: int
    overdue: int
    paused: int
    oldest: datetime


async def recused_from(session: AsyncSession, person: str) -> frozenset[str]:
    """What *person* lost sight of: whatever is kept of figures must be kept apart by it."""
    found = await session.exec(select(RecusalRow.reference).where(RecusalRow.person == person))
    return frozenset(found)


async def counted(
    session: AsyncSession, viewer: Viewer, asked: Asked
) -> tuple[list[Standing], list[Stay]]:
    """Where proposals stand, and how long they stood in each stage."""
    row = JourneyRow
    seen = (
        rows_of(
            col(row.programme), col(row.desk), col(row.stage), col(row.outcome),
            col(row.decision_missed), col(row.cents), col(row.entered_at),
            *(_stood(stage) for stage in STAGES),
        )
        .where(*_conditions(viewer, asked))
        .cte("seen")
    )  # fmt: skip
    of = seen.c
    standing = rows_of(
        literal("").label("of_stage"), of.programme, of.desk, of.stage, of.outcome,
        of.decision_missed, func.count().label("number"),
        func.sum(of.cents).label("cents"), func.min(of.entered_at).label("oldest"),
        _none(Integer()).label("days"),
    ).group_by(of.programme, of.desk, of.stage, of.outcome, of.decision_missed)  # fmt: skip
    stays = [
        rows_of(
            literal(stage), of.programme, of.desk, _none(of.stage.type), _none(of.outcome.type),
            _none(of.decision_missed.type), func.count(), _none(of.cents.type),
            _none(of.entered_at.type), of[f"stood_{stage}"],
        )
        .where(or_(of[f"stood_{stage}"].is_not(None), of.stage == stage))
        .group_by(of.programme, of.desk, of[f"stood_{stage}"])
        for stage in STAGES
    ]  # fmt: skip
    connection = await session.connection()
    found = (await connection.execute(union_all(standing, *stays))).all()
    return (
        [
            Standing(
                programme=each.programme,
                desk=each.desk,
                stage=each.stage,
                outcome=each.outcome,
                missed=each.decision_missed,
                count=each.number,
                cents=int(each.cents),
                oldest=each.oldest,
            )
            for each in found
            if not each.of_stage
        ],
        [
            Stay(each.of_stage, each.programme, each.desk, each.days, each.number)
            for each in found
            if each.of_stage
        ],
    )


def _stood(stage: str) -> ColumnElement[Any]:
    """Whole days in *stage*; of a proposal that is there again, nothing yet."""
    seconds: Any = col(getattr(JourneyRow, f"in_{stage}"))
    days = seconds.op("/", precedence=8)(literal(DAY_SECONDS, Integer()))
    return case((col(JourneyRow.stage) == stage, null()), else_=days).label(f"stood_{stage}")


def _none(kind: Any) -> Any:
    return literal(None, kind)


async def slow_notices(
    session: AsyncSession, viewer: Viewer, asked: Asked, *, now: datetime, after: int
) -> Sequence[tuple[datetime, datetime | None, str]]:
    """Decisions that are not told, or were told more than *after* seconds later."""
    row = JourneyRow
    found = await session.exec(
        select(row.decided_at, row.told_at, row.programme).where(
            *_conditions(viewer, asked),
            col(row.decided_at).is_not(None),
            or_(col(row.told_at).is_(None), col(row.told_at) > now, col(row.told_after) > after),
        )
    )
    return [(decided, told, programme) for decided, told, programme in found if decided]


async def places(session: AsyncSession, viewer: Viewer, asked: Asked) -> list[tuple[str, int, int]]:
    """Per country or region that proposals name: how many, and their shares in cents."""
    row, place = JourneyRow, PlaceRow
    share = func.sum(col(row.cents) * col(place.share) / 10_000)
    connection = await session.connection()
    found = await connection.execute(
        rows_of(col(place.place), func.count(), share)
        .join(
            row,
            and_(
                col(row.reference) == col(place.reference), col(row.revision) == col(place.revision)
            ),
        )
        .where(*_conditions(viewer, asked))
        .group_by(col(place.place))
    )
    return [(name, count, int(cents)) for name, count, cents in found]


async def open_tasks(
    session: AsyncSession, viewer: Viewer, asked: Asked, *, now: datetime
) -> list[Kept]:
    """The open tasks that *viewer* may know of, by kind, whenever their proposals came."""
    task = TaskRow
    late = case((and_(col(task.due_at) < now, col(task.paused).is_(False)), 1), else_=0)
    whenever = Asked(programme=asked.programme, desk=asked.desk)
    connection = await session.connection()
    found = await connection.execute(
        rows_of(
            col(task.kind),
            func.count(),
            func.sum(late),
            func.sum(case((col(task.paused).is_(True), 1), else_=0)),
            func.min(col(task.opened_at)),
        )
        .join(JourneyRow, col(JourneyRow.reference) == col(task.reference))
        .where(
            col(task.state) == "open",
            *_conditions(viewer, whenever),
            *without_hidden(viewer, col(task.evidence), col(task.reference)),
        )
        .group_by(col(task.kind))
    )
    return [Kept(kind, count, int(overdue), int(paused), oldest)
            for kind, count, overdue, paused, oldest in found]  # fmt: skip


def _conditions(viewer: Viewer, asked: Asked) -> list[ColumnElement[bool]]:
    row = JourneyRow
    wanted = [visible_as_staff(viewer, row)]
    if asked.programme is not None:
        wanted.append(col(row.programme) == asked.programme)
    if asked.desk is not None:
        wanted.append(col(row.desk) == asked.desk)
    if asked.since is not None:
        wanted.append(col(row.submitted_at) >= asked.since)
    if asked.until is not None:
        wanted.append(col(row.submitted_at) < asked.until)
    return wanted
