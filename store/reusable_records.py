"""Reusable records as rows: found by subject, listed, and who relies on each."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from sqlalchemy import and_, or_, update
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from schemas.messages import NoticeKind
from schemas.proposal import Stage
from schemas.reusable_records import RecordKind, RecordState
from schemas.values import digest
from store import messages
from store.tables import ProposalRow, RecordUseRow, ReusableRecordRow
from store.words import folded


def subject_key(
    kind: RecordKind, country: str | None, organization: str | None, name: str | None
) -> str:
    """Equal for two records of the same subject; tells no name."""
    if name is not None:
        return digest([kind.value, country, folded(name)])[:32]
    return organization or country or ""


async def in_force_of(
    session: AsyncSession, kind: RecordKind, key: str
) -> Sequence[ReusableRecordRow]:
    found = await session.exec(
        select(ReusableRecordRow).where(
            ReusableRecordRow.kind == kind.value,
            ReusableRecordRow.subject_key == key,
            ReusableRecordRow.state == RecordState.IN_FORCE.value,
        )
    )
    return found.all()


async def concerning(
    session: AsyncSession,
    *,
    countries: Iterable[str],
    organization: str,
    names: Iterable[tuple[str, str | None]],
    day: date,
) -> Sequence[ReusableRecordRow]:
    """What is in force on *day* of these countries, this partner, and these units and persons."""
    keys = [
        subject_key(kind, country, None, name)
        for name, country in names
        for kind in (RecordKind.UNIT_VETTING, RecordKind.PERSON_VETTING)
    ]
    found = await session.exec(
        select(ReusableRecordRow)
        .where(
            ReusableRecordRow.state == RecordState.IN_FORCE.value,
            col(ReusableRecordRow.valid_until) >= day,
            or_(
                and_(
                    col(ReusableRecordRow.kind) == RecordKind.COUNTRY_BASELINE.value,
                    col(ReusableRecordRow.subject_key).in_(list(countries)),
                ),
                and_(
                    col(ReusableRecordRow.kind) == RecordKind.PARTNER_DUE_DILIGENCE.value,
                    col(ReusableRecordRow.subject_key) == organization,
                ),
                col(ReusableRecordRow.subject_key).in_(keys),
            ),
        )
        .order_by(ReusableRecordRow.kind, ReusableRecordRow.subject_key, ReusableRecordRow.id)
    )
    return found.all()


async def over_by(session: AsyncSession, day: date) -> Sequence[ReusableRecordRow]:
    """In force by their row, though their last day was before *day*."""
    found = await session.exec(
        select(ReusableRecordRow)
        .where(
            ReusableRecordRow.state == RecordState.IN_FORCE.value,
            col(ReusableRecordRow.valid_until) < day,
        )
        .order_by(ReusableRecordRow.id)
    )
    return found.all()


async def ending_by(session: AsyncSession, day: date) -> Sequence[ReusableRecordRow]:
    """In force, over by *day*, and nobody has been told yet."""
    found = await session.exec(
        select(ReusableRecordRow)
        .where(
            ReusableRecordRow.state == RecordState.IN_FORCE.value,
            col(ReusableRecordRow.valid_until) <= day,
            col(ReusableRecordRow.warned).is_(False),
        )
        .order_by(ReusableRecordRow.id)
    )
    return found.all()


async def rely(session: AsyncSession, task: str, reference: str, records: Iterable[str]) -> None:
    """Keep that the decision on *task* relies on *records*; a second time changes nothing."""
    for record in records:
        if await session.get(RecordUseRow, (record, task)) is None:
            session.add(RecordUseRow(record=record, task=task, reference=reference))


async def carry_over(session: AsyncSession, record: str, successor: str) -> None:
    """What relied on *record* relies on *successor*, which says the same for longer."""
    await session.exec(
        update(RecordUseRow)
        .where(col(RecordUseRow.record) == record)
        .values(record=successor)
        .execution_options(synchronize_session=False)
    )


async def ask_anew(session: AsyncSession, record: str, why: RecordState, now: datetime) -> int:
    """Tell everything alive that relies on *record*, each once; returns how many proposals."""
    found = await session.exec(
        select(RecordUseRow.reference, RecordUseRow.task)
        .join(ProposalRow, col(ProposalRow.reference) == col(RecordUseRow.reference))
        .where(RecordUseRow.record == record, ProposalRow.stage != Stage.CLOSED)
        .order_by(RecordUseRow.reference, RecordUseRow.task)
    )
    tasks: dict[str, list[str]] = {}
    for reference, task in found:
        tasks.setdefault(reference, []).append(task)
    for reference, relying in tasks.items():
        await messages.leave(
            session,
            message_id=f"record:{digest([record, why.value, reference])[:32]}",
            reference=reference,
            kind=NoticeKind.RECORD,
            payload={"record": record, "why": why.value, "tasks": relying},
            now=now,
        )
    return len(tasks)


async def uses_of(session: AsyncSession, records: Iterable[str]) -> dict[str, list[str]]:
    """The references of the proposals that rely on each of *records*."""
    found = await session.exec(
        select(RecordUseRow.record, RecordUseRow.reference)
        .where(col(RecordUseRow.record).in_(list(records)))
        .distinct()
        .order_by(RecordUseRow.record, RecordUseRow.reference)
    )
    uses: dict[str, list[str]] = {}
    for record, reference in found:
        uses.setdefault(record, []).append(reference)
    return uses
