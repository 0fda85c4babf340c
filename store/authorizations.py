"""Authorizations that findings rest on, by their last day."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import Select

from schemas.messages import NoticeKind
from schemas.proposal import Stage
from schemas.reusable_records import RecordState
from schemas.values import digest
from store import messages
from store.tables import AuthorizationRow, ProposalRow, TaskRow

Found = tuple[AuthorizationRow, ProposalRow]


async def note(session: AsyncSession, task: str, reference: str, days: Mapping[str, str]) -> None:
    """Keep until when the finding *task* rests on each; a second time changes nothing."""
    for measure, day in days.items():
        if await session.get(AuthorizationRow, (task, measure)) is None:
            last = date.fromisoformat(day)
            session.add(
                AuthorizationRow(task=task, measure=measure, reference=reference, valid_until=last)
            )


async def over_by(session: AsyncSession, day: date) -> Sequence[Found]:
    """Of findings that stand on something alive: those whose last day was before *day*."""
    found = await session.exec(
        _standing().where(
            col(AuthorizationRow.ended).is_(False), col(AuthorizationRow.valid_until) < day
        )
    )
    return found.all()


async def ending_by(session: AsyncSession, day: date) -> Sequence[Found]:
    """The same that are over by *day*, and of which nobody has been warned yet."""
    found = await session.exec(
        _standing().where(
            col(AuthorizationRow.warned).is_(False), col(AuthorizationRow.valid_until) <= day
        )
    )
    return found.all()


async def ask_anew(session: AsyncSession, row: AuthorizationRow, now: datetime) -> None:
    """Tell the proposal, once, that the finding rests on nothing any more."""
    name = f"authorization:{row.measure}"
    await messages.leave(
        session,
        message_id=f"record:{digest([name, row.task])[:32]}",
        reference=row.reference,
        kind=NoticeKind.RECORD,
        payload={"record": name, "why": RecordState.EXPIRED.value, "tasks": [row.task]},
        now=now,
    )
    row.ended = True
    session.add(row)


def _standing() -> Select[AuthorizationRow, ProposalRow]:
    return (
        select(AuthorizationRow, ProposalRow)
        .join(TaskRow, col(TaskRow.id) == col(AuthorizationRow.task))
        .join(ProposalRow, col(ProposalRow.reference) == col(AuthorizationRow.reference))
        .where(col(TaskRow.stands).is_(True), ProposalRow.stage != Stage.CLOSED.value)
        .order_by(AuthorizationRow.task, AuthorizationRow.measure)
    )
