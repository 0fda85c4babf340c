"""The register of assessments: how many rated findings of a year came to which level.

Counted among the proposals that somebody sees as staff, by the database. An assessment counts in
the year in which it was made, also where it was made anew later.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, case, func, or_, select
from sqlalchemy.orm import aliased
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from schemas.people import Viewer
from schemas.tasks import TaskKind, TaskState
from store.tables import JourneyRow, TaskRow
from store.visibility import visible_as_staff

RATED = tuple(
    kind.value
    for kind in TaskKind
    if kind.is_finding and kind not in (TaskKind.MERIT, TaskKind.GENDER)
)
"""Merit and gender carry no level."""


@dataclass(frozen=True)
class Assessments:
    """So many assessments that came to the same."""

    kind: str
    level: str | None
    """None: barred, refused or returned before it was rated."""
    found: str
    """The outcome of the finding itself."""
    outcome: str | None
    """What became of the proposal; None: it is under way."""
    with_conditions: bool
    count: int


async def counted(
    session: AsyncSession,
    viewer: Viewer,
    *,
    since: datetime,
    until: datetime,
    kinds: Sequence[str] = RATED,
    programme: str | None = None,
) -> list[Assessments]:
    """The assessments made from *since* until before *until*."""
    settled = aliased(TaskRow)
    named = col(settled.facts)["level"].as_string()
    level = func.coalesce(named, col(TaskRow.facts)["residual"].as_string())
    conditioned = case((col(TaskRow.facts)["conditions"].as_string().is_not(None), 1), else_=0)
    seat = col(TaskRow.detail)["seat"].as_integer()
    wanted = [
        visible_as_staff(viewer, JourneyRow),
        col(TaskRow.kind).in_(list(kinds)),
        col(TaskRow.state) == TaskState.DONE.value,
        col(TaskRow.decided_at) >= since,
        col(TaskRow.decided_at) < until,
        or_(seat.is_(None), seat == 1),  # one question to several people is one assessment
    ]
    if programme is not None:
        wanted.append(col(JourneyRow.programme) == programme)
    query = (
        select(
            col(TaskRow.kind),
            level.label("level"),
            col(TaskRow.outcome),
            col(JourneyRow.outcome).label("became"),
            conditioned.label("conditioned"),
            func.count().label("number"),
        )
        .join(JourneyRow, col(JourneyRow.reference) == col(TaskRow.reference))
        .outerjoin(
            settled,
            and_(
                col(settled.arbitrates) == col(TaskRow.id),
                col(settled.outcome) == "proceed",
                named.is_not(None),
            ),
        )
        .where(*wanted)
        .group_by(
            col(TaskRow.kind), level, col(TaskRow.outcome), col(JourneyRow.outcome), conditioned
        )
    )
    rows = (await (await session.connection()).execute(query)).all()
    return [
        Assessments(
            kind=each.kind,
            level=each.level,
            found=each.outcome,
            outcome=each.became,
            with_conditions=bool(each.conditioned),
            count=each.number,
        )
        for each in rows
    ]
