"""What one person proposes and a second confirms, as both read it: by whom, when, and why."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Protocol, TypeVar

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from schemas.errors import NotFound, Refused
from schemas.funds import CorrectionState
from schemas.people import SYSTEM, Actor, Viewer
from schemas.values import instant, some_instant
from store import people, texts
from store.tables import ActingAppointmentRow, FundCorrectionRow, FundOpeningRow


class Proposed(Protocol):
    """A row of what was proposed; `reason` and `answer` are texts."""

    state: str
    reason: str
    proposed_by: str
    proposed_at: datetime
    due_at: datetime
    ended_by: str | None
    ended_at: datetime | None
    answer: str | None


Row = TypeVar("Row", FundOpeningRow, FundCorrectionRow, ActingAppointmentRow)


async def told(session: AsyncSession, rows: Sequence[Proposed]) -> list[dict[str, Any]]:
    """Of each of *rows*, in their order, who proposed and ended it, when, and their words.

    Accord itself ends what nobody answers: then no person has.
    """
    words = await texts.read(
        session, [each for row in rows for each in (row.reason, row.answer) if each]
    )
    who = {each for row in rows for each in (row.proposed_by, row.ended_by) if each}
    names = await people.names_of(session, who)

    def person(id_: str | None) -> dict[str, str] | None:
        return {"id": id_, "name": names.get(id_, id_)} if id_ and id_ != SYSTEM.id else None

    return [
        {
            "reason": words.get(row.reason),
            "proposed_by": person(row.proposed_by),
            "proposed_at": instant(row.proposed_at),
            "due_at": instant(row.due_at),
            "ended_by": person(row.ended_by),
            "ended_at": some_instant(row.ended_at),
            "answer": words.get(row.answer or ""),
        }
        for row in rows
    ]


async def locked(session: AsyncSession, kind: type[Row], proposed: str) -> Row:
    """The row as it stands, held until the end of a writing transaction; raises NotFound."""
    row = await session.get(kind, proposed, with_for_update=True, populate_existing=True)
    if row is None:
        raise NotFound
    return row


async def overdue(session: AsyncSession, kind: type[Row], now: datetime) -> Sequence[Row]:
    """What nobody has answered by its due date."""
    found = await session.exec(
        select(kind)
        .where(kind.state == CorrectionState.PROPOSED, col(kind.due_at) <= now)
        .order_by(kind.id)
    )
    return found.all()


def check_is_open(row: Proposed, now: datetime, code: str) -> None:
    """Refuse, by *code*, what was answered already or is past its due date."""
    if row.state != CorrectionState.PROPOSED:
        raise Refused(code, state=row.state, at=some_instant(row.ended_at))
    if row.due_at <= now:
        raise Refused(code, state=CorrectionState.LAPSED, at=some_instant(row.due_at))


def turned_down(row: Proposed, viewer: Viewer) -> CorrectionState:
    """Who proposed it withdraws it; anybody else refuses it."""
    own = row.proposed_by == viewer.id
    return CorrectionState.WITHDRAWN if own else CorrectionState.REFUSED


async def end(
    session: AsyncSession, row: Proposed, state: CorrectionState, actor: Actor, now: datetime
) -> None:
    """It is over, for good; what that leads to is for the caller to record."""
    row.state, row.ended_by, row.ended_at = state, actor.id, now
    session.add(row)
    await session.flush()
