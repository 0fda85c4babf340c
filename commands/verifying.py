"""Comparing everything that is kept: chains, fold, read model, money, texts and workflows.

Runs beside a live system: what is only under way is `pending`, a difference is a difference.
"""

from collections import defaultdict
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Protocol

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from commands.office import Office
from schemas.errors import AccordError
from schemas.events import INSTALLATION, Recorded
from store import chain, recording, texts
from store.projection import fold
from store.tables import (
    AlarmRow,
    ChainHeadRow,
    FundMoveRow,
    FundRow,
    MessageRow,
    ProposalRow,
    ReservationRow,
    RevisionRow,
    TextRow,
)

_UNDER_WAY = timedelta(seconds=30)


class Engine(Protocol):
    """What verification asks of the engine; see `workflows.gateway.TemporalGateway`."""

    async def snapshot(self, reference: str) -> Any: ...
    async def redrain(self, reference: str, after: int, request_id: str) -> None: ...


@dataclass
class Report:
    """What was looked at, what is under way, and every difference by name."""

    subjects: int = 0
    events: int = 0
    pending: list[dict[str, Any]] = field(default_factory=list)
    differences: list[dict[str, Any]] = field(default_factory=list)
    repaired: list[str] = field(default_factory=list)

    def differs(self, what: str, subject: str, **facts: Any) -> None:
        self.differences.append({"what": what, "subject": subject, **facts})

    def is_pending(self, what: str, subject: str, **facts: Any) -> None:
        self.pending.append({"what": what, "subject": subject, **facts})


async def verify(office: Office, engine: Engine | None, *, repair: bool = False) -> Report:
    """Recompute and compare everything; *engine* None leaves the workflows out."""
    report = Report()
    async for subject in _subjects(office):
        async with office.database.reading() as session:
            events = await chain.events_of(session, subject)
            await _check_chain(session, subject, events, report)
            await _check_texts(session, subject, events, report)
            if subject != INSTALLATION:
                await _check_read_model(session, subject, events, report)
                await _check_receipts(session, subject, events, report)
        if engine is not None and subject != INSTALLATION:
            await _check_workflow(office, engine, subject, report, repair=repair)
    async with office.database.reading() as session:
        await _check_money(session, report)
        await _check_messages(office, session, report)
        for alarm in await session.exec(select(AlarmRow)):
            report.differs("alarm", alarm.subject, code=alarm.code)
    return report


async def _subjects(office: Office) -> AsyncIterator[str]:
    """Every chain, in pages, so that a large store is not held in memory."""
    last = ""
    while True:
        async with office.database.reading() as session:
            page = (
                await session.exec(
                    select(ChainHeadRow.subject)
                    .where(col(ChainHeadRow.subject) > last)
                    .order_by(col(ChainHeadRow.subject))
                    .limit(500)
                )
            ).all()
        if not page:
            return
        for subject in page:
            yield subject
        last = page[-1]


async def _check_chain(
    session: AsyncSession, subject: str, events: Sequence[Recorded], report: Report
) -> None:
    report.subjects += 1
    report.events += len(events)
    for position in chain.broken_links(events):
        report.differs("chain_broken", subject, position=position)
    head = await session.get(ChainHeadRow, subject)
    last = (events[-1].position, events[-1].hash) if events else (0, chain.GENESIS)
    if head is None or (head.position, head.hash) != last:
        report.differs("chain_head", subject, position=head.position if head else None)


async def _check_texts(
    session: AsyncSession, subject: str, events: Sequence[Recorded], report: Report
) -> None:
    """Every text that an event names is there and unchanged, or disposed of under a rule."""
    for event in events:
        for name, reference in event.texts.items():
            row = await session.get(TextRow, reference.id)
            if row is None:
                report.differs("text_missing", subject, position=event.position, text=name)
            elif row.disposed_at is None and (
                row.digest != reference.digest
                or texts.salted_digest(row.salt, row.body or "") != reference.digest
            ):
                report.differs("text_changed", subject, position=event.position, text=name)


async def _check_read_model(
    session: AsyncSession, subject: str, events: Sequence[Recorded], report: Report
) -> None:
    kept = await recording.load(session, subject)
    for difference in recording.differences(kept, fold(events)):
        report.differs("read_model", subject, **{**difference, "what": "read_model"})


async def _check_receipts(
    session: AsyncSession, subject: str, events: Sequence[Recorded], report: Report
) -> None:
    submitted = {
        event.data["revision"]: event.data["sha256"]
        for event in events
        if "revision" in event.data and "sha256" in event.data
    }
    rows = await session.exec(select(RevisionRow).where(RevisionRow.reference == subject))
    for row in rows:
        if row.number not in submitted:
            report.is_pending("submission", subject, revision=row.number)
        elif submitted[row.number] != row.sha256:
            report.differs("revision_changed", subject, revision=row.number)


async def _check_workflow(
    office: Office, engine: Engine, subject: str, report: Report, *, repair: bool
) -> None:
    """What the workflow has said is what is recorded, and both stand at the same stage."""
    async with office.database.reading() as session:
        row = await session.get(ProposalRow, subject)
    if row is None or row.submitted_at is None:
        return
    try:
        snapshot = await engine.snapshot(subject)
    except AccordError as error:
        report.is_pending("workflow_unreachable", subject, code=error.code)
        return
    if snapshot is None:
        if row.stage not in ("closed", "active"):
            report.differs("workflow_missing", subject, stage=row.stage)
        return
    async with office.database.reading() as session:
        row = await session.get(ProposalRow, subject)
        events = await chain.events_of(session, subject)
    assert row is not None  # noqa: S101 - it was there a moment ago
    recorded = max((e.source_seq for e in events if e.source == "workflow"), default=0)
    if snapshot.stuck or recorded < snapshot.recorded:
        report.differs("events_missing", subject, recorded=recorded, emitted=snapshot.emitted)
        if repair:
            await engine.redrain(subject, recorded, f"repair-{subject}-{recorded}")
            report.repaired.append(subject)
    elif recorded < snapshot.emitted:
        report.is_pending("events", subject, recorded=recorded, emitted=snapshot.emitted)
    elif recorded == snapshot.emitted and (row.stage, row.outcome) != (
        snapshot.stage,
        snapshot.outcome,
    ):
        report.differs("stage", subject, kept=row.stage, workflow=snapshot.stage)


async def _check_money(session: AsyncSession, report: Report) -> None:
    """Funds, reservations and ledger tell the same story to the cent."""
    expected: defaultdict[str, dict[str, int]] = defaultdict(
        lambda: {"reserved": 0, "committed": 0}
    )
    for row in await session.exec(select(ReservationRow)):
        if row.state in ("reserved", "committed"):
            for part in row.slices:
                expected[part["fund"]][row.state] += part["cents"]
    ledger: defaultdict[str, int] = defaultdict(int)
    for move in await session.exec(select(FundMoveRow)):
        sign = {"reserve": 1, "release": -1}.get(move.move.split(":")[0], 0)
        ledger[move.fund] += sign * move.cents
    for fund in await session.exec(select(FundRow)):
        held = {"reserved": fund.reserved, "committed": fund.committed}
        if held != expected[fund.id]:
            report.differs("fund", fund.id, kept=held, expected=expected[fund.id])
        if ledger[fund.id] != fund.reserved + fund.committed:
            report.differs("ledger", fund.id, kept=ledger[fund.id])


async def _check_messages(office: Office, session: AsyncSession, report: Report) -> None:
    rows = await session.exec(select(MessageRow).where(col(MessageRow.delivered_at).is_(None)))
    for row in rows:
        late = office.now() - row.created_at > _UNDER_WAY
        report.is_pending("message", row.reference, kind=row.kind, late=late, tries=row.tries)
