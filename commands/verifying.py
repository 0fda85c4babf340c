"""Comparing everything that is kept: chains, texts, read model, revisions, money and workflows.

What was signed is compared in `commands.verifying_signatures`.
Runs beside a live system: what is read of one subject is read in one transaction, what is only
under way is `pending`, and what differs is named.
"""

import asyncio
import uuid
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Protocol

from sqlalchemy import exists
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from commands import (
    repairs_of_closed,
    verifying_documents,
    verifying_incidents,
    verifying_money,
    verifying_records,
    verifying_signatures,
)
from commands.office import Office
from schemas.errors import AccordError
from schemas.events import AGREEMENT, WORKFLOW, EventType, Recorded, TextRef
from schemas.values import instant
from store import chain, messages, recording, texts
from store.projection import project
from store.tables import (
    AlarmRow,
    AudienceRow,
    ChainHeadRow,
    DocumentPartRow,
    DocumentRow,
    EventRow,
    JourneyRow,
    LetterRow,
    MessageRow,
    PlaceRow,
    ProposalRow,
    RecusalRow,
    ReservationRow,
    RevisionRow,
    TaskRow,
    TextRow,
)
from store.view import View

_UNDER_WAY = timedelta(seconds=30)
_PAGE = 500
_WORKFLOWS_AT_A_TIME = 8
_MONEY_STATES = {
    EventType.RESERVED: "reserved",
    EventType.OFFERED: "reserved",
    EventType.QUEUED: "queued",
    EventType.RELEASED: "released",
    EventType.COMMITTED: "committed",
}
_MENDED_BY_WORKFLOWS = ("events_missing", "agreement_missing")
_UNREADABLE = (ValueError, TypeError, KeyError, AttributeError)
"""What a row raises that no longer holds what was written."""


class Snapshots(Protocol):
    """Tells where a workflow stands; see `workflows.gateway.TemporalGateway`."""

    async def snapshot(self, reference: str, source: str) -> Any: ...


class Engine(Snapshots, Protocol):
    """What verification asks of the engine where it may also mend."""

    async def begin_agreement(self, reference: str) -> Any: ...

    async def redrain(self, reference: str, after: int, request_id: str, source: str) -> None: ...


@dataclass
class Report:
    """What was looked at, what is under way, and every difference by name."""

    subjects: int = 0
    events: int = 0
    pending: list[dict[str, Any]] = field(default_factory=list)
    differences: list[dict[str, Any]] = field(default_factory=list)
    disposed: list[dict[str, Any]] = field(default_factory=list)
    repaired: list[dict[str, Any]] = field(default_factory=list)
    """Differences that are no more."""
    signed_heads: int = 0
    public_key: str = ""

    def differs(self, what: str, subject: str, **facts: Any) -> None:
        self.differences.append({"what": what, "subject": subject, **facts})

    def is_pending(self, what: str, subject: str, **facts: Any) -> None:
        self.pending.append({"what": what, "subject": subject, **facts})

    def add(self, other: "Report") -> None:
        self.subjects += other.subjects
        self.events += other.events
        self.pending += other.pending
        self.differences += other.differences
        self.disposed += other.disposed
        self.repaired += other.repaired


async def verify(office: Office, engine: Engine | None, *, repair: bool = False) -> Report:
    """Recompute and compare everything; *engine* None leaves the workflows out.

    *repair* rebuilds read models from intact chains, and has workflows record again what the
    store lost; it changes nothing that was recorded.
    """
    report = Report()
    trusted = await asyncio.to_thread(verifying_signatures.trusted_keys, office)
    async for page in _subjects(office):
        for subject in page:
            report.add(await _check_subject(office, subject, trusted, repair=repair))
        if engine is not None:
            await _check_workflows(office, engine, page, report, repair=repair)
    await verifying_signatures.check_heads(office, report)
    async with office.database.reading() as session:
        await _check_strays(session, report)
        await verifying_records.check_disposals(session, report)
        await verifying_incidents.check(session, report)
    async with office.database.reading() as session:
        await verifying_money.check(session, report)
    async with office.database.reading() as session:
        await _check_messages(office, session, report)
        for alarm in await session.exec(select(AlarmRow).order_by(AlarmRow.id)):
            report.differs("alarm", alarm.subject, code=alarm.code)
    return report


async def verify_one(office: Office, engine: Snapshots, reference: str) -> Report:
    """The same for one proposal, mending nothing: its chain, what rests on it, its workflow."""
    trusted = await asyncio.to_thread(verifying_signatures.trusted_keys, office)
    report = await _look_at(office, reference, trusted)
    async with office.database.reading() as session:
        row = await session.get(ProposalRow, reference)
        is_submitted = row is not None and row.submitted_at is not None
        without = await verifying_records.without_key(session, [reference], report)
    if is_submitted and reference not in without:
        try:
            await _compare_workflow(office, engine, reference, report)
        except AccordError as error:
            report.is_pending("workflow_unreachable", reference, code=error.code)
    return report


async def _subjects(office: Office) -> AsyncIterator[Sequence[str]]:
    """Every chain, in pages, so that a large store is not held in memory."""
    last = ""
    while True:
        async with office.database.reading() as session:
            page = (
                await session.exec(
                    select(ChainHeadRow.subject)
                    .where(col(ChainHeadRow.subject) > last)
                    .order_by(col(ChainHeadRow.subject))
                    .limit(_PAGE)
                )
            ).all()
        if not page:
            return
        yield page
        last = page[-1]


# ---- one subject


async def _check_subject(
    office: Office, subject: str, trusted: set[str], *, repair: bool
) -> Report:
    report = await _look_at(office, subject, trusted)
    torn = [found for found in report.differences if found["what"] == "read_model"]
    if not (repair and torn):
        return report
    async with office.database.writing() as session:
        await recording.rebuild(session, subject)
    again = await _look_at(office, subject, trusted)
    again.repaired = [found for found in torn if found not in again.differences]
    return again


async def _look_at(office: Office, subject: str, trusted: set[str]) -> Report:
    report = Report(subjects=1)
    async with office.database.reading() as session:
        await _Subject(session, subject, report).check()
        await verifying_signatures.check_receipts(session, subject, trusted, report)
    return report


class _Subject:
    """One chain and all that rests on it, in one transaction."""

    def __init__(self, session: AsyncSession, subject: str, report: Report) -> None:
        self._session = session
        self._subject = subject
        self._report = report
        self._view = View()
        self._submissions: dict[int, Recorded] = {}
        self._money: dict[str, str] = {}
        self._spent = verifying_money.Spent()
        self._documents = verifying_documents.Documents(subject)

    async def check(self) -> None:
        """What rests on a broken chain is not compared: there is nothing to compare it with."""
        if await self._chain_is_intact():
            await self._check_read_model()
            await self._check_revisions()
            await self._check_reservations()
            await self._documents.check(self._session, self._report)

    async def _chain_is_intact(self) -> bool:
        links = chain.Links()
        head = await self._session.get(ChainHeadRow, self._subject)
        while True:
            try:
                page = await chain.events_of(
                    self._session, self._subject, after=links.position, limit=_PAGE
                )
            except _UNREADABLE:
                links.broken += await self._unreadable()
                break
            for event in page:
                links.take(event)
                if not links.broken and not self._is_taken(event):
                    links.broken.append(event.position)
            self._report.events += len(page)
            await self._check_texts(page)
            if len(page) < _PAGE:
                break
            self._session.expunge_all()
        for position in dict.fromkeys(links.broken):
            self._report.differs("chain_broken", self._subject, position=position)
        ends = head is not None and (head.position, head.hash) == (links.position, links.hash)
        if not ends and not links.broken:
            kept = head.position if head else None
            self._report.differs("chain_head", self._subject, kept=kept, position=links.position)
        return ends and not links.broken

    def _is_taken(self, event: Recorded) -> bool:
        """Whether the event follows from those before it; else it is none of ours."""
        try:
            self._take(event)
        except (*_UNREADABLE, AssertionError):
            return False
        return True

    def _take(self, event: Recorded) -> None:
        project(self._view, event)
        self._documents.take(event)
        if event.type in (EventType.SUBMITTED, EventType.RESUBMITTED):
            self._submissions[event.data["revision"]] = event
        if event.type in _MONEY_STATES and "reservation" in event.data:
            self._money[event.data["reservation"]] = _MONEY_STATES[event.type]
        self._spent.take(event)

    async def _unreadable(self) -> list[int]:
        """Positions of the rows that can no longer be read as an event."""
        places = await self._session.exec(
            select(EventRow.id, EventRow.position)
            .where(EventRow.subject == self._subject)
            .order_by(col(EventRow.position))
        )
        found = []
        for event_id, position in places.all():
            try:
                row = (
                    await self._session.exec(select(EventRow).where(EventRow.id == event_id))
                ).one()
                chain.event_of(row)
            except _UNREADABLE:
                found.append(position)
        return found

    async def _check_texts(self, events: Sequence[Recorded]) -> None:
        """Every text that an event names is there and unchanged, or disposed of under a rule."""
        named: list[tuple[Recorded, str, TextRef]] = [
            (event, name, ref) for event in events for name, ref in event.texts.items()
        ]
        rows = await self._session.exec(
            select(TextRow).where(col(TextRow.id).in_({ref.id for _, _, ref in named}))
        )
        kept = {row.id: row for row in rows}
        for event, name, ref in named:
            where = {"position": event.position, "text": name}
            row = kept.get(ref.id)
            if row is None:
                self._report.differs("text_missing", self._subject, **where)
            elif row.disposed_at is not None and row.body is None and row.disposed_under:
                self._report.disposed.append(
                    {
                        "subject": self._subject,
                        **where,
                        "on": instant(row.disposed_at),
                        "under": row.disposed_under,
                    }
                )
            elif row.digest != ref.digest or not _is_digest(row, ref.digest):
                self._report.differs("text_changed", self._subject, **where)

    async def _check_read_model(self) -> None:
        for difference in await recording.compare(self._session, self._subject, self._view):
            self._report.differs("read_model", self._subject, **difference)

    async def _check_revisions(self) -> None:
        """Every submission is kept as it was received."""
        rows = await self._session.exec(
            select(RevisionRow).where(RevisionRow.reference == self._subject)
        )
        kept = {row.number: row for row in rows}
        on_their_way = set(
            await self._session.exec(
                select(MessageRow.id).where(
                    MessageRow.reference == self._subject,
                    col(MessageRow.delivered_at).is_(None),
                )
            )
        )
        for number in sorted(kept.keys() | self._submissions.keys()):
            row, event = kept.get(number), self._submissions.get(number)
            if row is None:
                self._report.differs("revision_missing", self._subject, revision=number)
            elif event is None and on_their_way:
                self._report.is_pending("submission", self._subject, revision=number)
            elif event is None:
                self._report.differs("revision_unsent", self._subject, revision=number)
            elif changed := _changed_fields(row, event):
                self._report.differs(
                    "revision_changed", self._subject, revision=number, fields=changed
                )

    async def _check_reservations(self) -> None:
        """The money asked for stands where the chain says it stands."""
        rows = await self._session.exec(
            select(ReservationRow).where(ReservationRow.reference == self._subject)
        )
        kept = {row.id: row.state for row in rows}
        for reservation in sorted(kept.keys() | self._money.keys()):
            is_kept, should_be = kept.get(reservation), self._money.get(reservation)
            if is_kept != should_be:
                self._report.differs(
                    "reservation",
                    self._subject,
                    reservation=reservation,
                    kept=is_kept,
                    recorded=should_be,
                )
        await self._spent.check(self._session, sorted(kept), self._subject, self._report)


def _is_digest(row: TextRow, digest: str) -> bool:
    try:
        return texts.salted_digest(row.salt, row.body or "") == digest
    except ValueError:
        return False  # the salt itself was changed


def _changed_fields(row: RevisionRow, event: Recorded) -> list[str]:
    content = event.texts.get("content")
    pairs: dict[str, tuple[Any, Any]] = {
        "sha256": (row.sha256, event.data["sha256"]),
        "submitted_at": (row.submitted_at, event.occurred_at),
        "submitted_by": (row.submitted_by, event.actor.id),
        "policy_version": (row.policy_version, event.policy_version),
        "content_text": (row.content_text, content.id if content else None),
        "call": (row.call, event.data.get("call")),
        "checks": ({c.get("code"): c.get("result") for c in row.checks}, event.data["checks"]),
    }
    return sorted(name for name, (is_kept, should_be) in pairs.items() if is_kept != should_be)


# ---- the workflows


async def _check_workflows(
    office: Office, engine: Engine, page: Sequence[str], report: Report, *, repair: bool
) -> None:
    async with office.database.reading() as session:
        submitted = await session.exec(
            select(ProposalRow.reference)
            .where(col(ProposalRow.reference).in_(page), col(ProposalRow.submitted_at).is_not(None))
            .order_by(col(ProposalRow.reference))
        )
        references = submitted.all()
        closed_for_good = await verifying_records.without_key(session, references, report)
    lanes = asyncio.Semaphore(_WORKFLOWS_AT_A_TIME)

    async def check(reference: str) -> Report:
        async with lanes:
            return await _check_workflow(office, engine, reference, repair=repair)

    for found in await asyncio.gather(
        *(check(each) for each in references if each not in closed_for_good)
    ):
        report.add(found)


async def _check_workflow(office: Office, engine: Engine, subject: str, *, repair: bool) -> Report:
    """What the workflow has said is what is recorded, and both stand at the same place."""
    report = Report()
    try:
        await _compare_workflow(office, engine, subject, report)
        lost = [f for f in report.differences if f["what"] in _MENDED_BY_WORKFLOWS]
        if repair and lost:
            for each in lost:
                if each["what"] == "agreement_missing":
                    await engine.begin_agreement(subject)
                    continue
                of = AGREEMENT if "agreement" in each else WORKFLOW
                await engine.redrain(subject, each["recorded"], f"repair-{uuid.uuid4().hex}", of)
            again = Report(repaired=lost)
            await _compare_workflow(office, engine, subject, again)
            return again
    except AccordError as error:
        report.is_pending("workflow_unreachable", subject, code=error.code)
    return report


async def _compare_workflow(
    office: Office, engine: Snapshots, subject: str, report: Report
) -> None:
    """What was said, of the proposal and of its agreement; and where the one stands that speaks."""
    kept, snapshot = await _compare_one(office, engine, subject, WORKFLOW, report)
    if kept.speaks == AGREEMENT:
        await _compare_one(office, engine, subject, AGREEMENT, report)
    elif snapshot is not None and snapshot.is_handed_on and kept.recorded == snapshot.emitted:
        # Until it is begun there is a message; once it is, there is a workflow.
        if kept.is_to_begin or await engine.snapshot(subject, AGREEMENT) is not None:
            report.is_pending("agreement", subject)
        else:
            report.differs("agreement_missing", subject)


async def _compare_one(
    office: Office, engine: Snapshots, subject: str, source: str, report: Report
) -> "tuple[_Kept, Any]":
    """The workflow is asked first: the store may have gone on since, and never falls behind.

    Once its agreement has begun, a proposal's workflow is compared by what it has said alone.
    """
    told = {} if source == WORKFLOW else {"agreement": True}
    snapshot = await engine.snapshot(subject, source)
    kept = await _kept(office, subject, source)
    if snapshot is not None and kept.recorded > snapshot.emitted:
        # Something was decided between the two looks; a workflow asked after knows of it.
        snapshot = await engine.snapshot(subject, source)
    if snapshot is None:
        ended = ("closed", "active") if source == WORKFLOW else ("closed",)
        if kept.stage not in (*ended, None):
            report.differs("workflow_missing", subject, stage=kept.stage, **told)
        return kept, None
    counts = {"recorded": kept.recorded, "emitted": snapshot.emitted, **told}
    if kept.recorded > snapshot.emitted:
        report.differs("workflow_behind", subject, **counts)
    elif (
        snapshot.stuck
        or kept.recorded < snapshot.recorded
        or (kept.recorded < snapshot.emitted and not (snapshot.is_recording or kept.is_under_way))
    ):
        report.differs("events_missing", subject, **counts)
    elif kept.recorded < snapshot.emitted:
        report.is_pending("events", subject, **counts)
    elif kept.speaks == source and (fields := kept.differs_from(snapshot)):
        report.differs("workflow_differs", subject, fields=fields, **told)
    return kept, snapshot


@dataclass(frozen=True)
class _Kept:
    """Where a proposal stands in the store, read in one transaction."""

    recorded: int
    speaks: str
    """Which of its workflows is spoken to, by the source of its events."""
    is_under_way: bool
    """Somebody is telling the workflow something, and will record what it answers."""
    is_to_begin: bool
    """Whoever relays has its agreement to begin."""
    stage: str | None
    outcome: str | None
    open_tasks: frozenset[str]

    def differs_from(self, snapshot: Any) -> dict[str, Any]:
        pairs = {
            "stage": (self.stage, snapshot.stage),
            "outcome": (self.outcome, snapshot.outcome),
            "open_tasks": (sorted(self.open_tasks), sorted(snapshot.open_tasks)),
        }
        return {name: list(pair) for name, pair in pairs.items() if pair[0] != pair[1]}


async def _kept(office: Office, subject: str, source: str) -> _Kept:
    async with office.database.reading() as session:
        row = await session.get(ProposalRow, subject)
        tasks = await session.exec(
            select(TaskRow).where(TaskRow.reference == subject, TaskRow.state == "open")
        )
        under_way = await session.exec(
            select(MessageRow.kind)
            .where(MessageRow.reference == subject, col(MessageRow.delivered_at).is_(None))
            .distinct()
        )
        kinds = set(under_way.all())
        return _Kept(
            recorded=await chain.last_of(session, subject, source),
            speaks=(await chain.standing(session, subject))[0],
            is_under_way=bool(kinds - {messages.BEGIN}),
            is_to_begin=messages.BEGIN in kinds,
            stage=row.stage if row else None,
            outcome=row.outcome if row else None,
            open_tasks=frozenset(t.id for t in tasks if not repairs_of_closed.is_one(t)),
        )


# ---- what belongs to no one subject


async def _check_strays(session: AsyncSession, report: Report) -> None:
    """Rows whose chain is gone, or never was."""
    for table, subject in (
        (EventRow, EventRow.subject),
        (ProposalRow, ProposalRow.reference),
        (TaskRow, TaskRow.reference),
        (LetterRow, LetterRow.reference),
        (AudienceRow, AudienceRow.reference),
        (RecusalRow, RecusalRow.reference),
        (JourneyRow, JourneyRow.reference),
        (PlaceRow, PlaceRow.reference),
        (RevisionRow, RevisionRow.reference),
        (ReservationRow, ReservationRow.reference),
        (DocumentRow, DocumentRow.reference),
        (DocumentPartRow, DocumentPartRow.reference),
    ):
        known = exists().where(col(ChainHeadRow.subject) == col(subject))
        strays = await session.exec(select(subject).where(~known).distinct().limit(_PAGE))
        for found in sorted(strays):
            report.differs("chain_missing", found, table=table.__tablename__)


async def _check_messages(office: Office, session: AsyncSession, report: Report) -> None:
    """What is on its way to a workflow, and what a workflow would not take."""
    on_their_way = select(MessageRow).where(col(MessageRow.delivered_at).is_(None))
    for row in await session.exec(on_their_way.order_by(MessageRow.id)):
        late = office.now() - row.created_at > _UNDER_WAY
        report.is_pending(
            "message", row.reference, kind=row.kind, late=late, tries=row.tries, failure=row.failure
        )
    refused = select(MessageRow).where(
        col(MessageRow.delivered_at).is_not(None), col(MessageRow.failure).is_not(None)
    )
    for row in await session.exec(refused.order_by(MessageRow.id)):
        report.differs("message_refused", row.reference, kind=row.kind, code=row.failure)
