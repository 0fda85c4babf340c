"""The saga: events, tasks, letters and money of one batch, in one transaction.

Whoever records - the workflow's activity, or a command - calls `record` inside its own writing
transaction. A second run of the same batch changes nothing and gives the same answers.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, or_, update
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from policy.rules import clocks
from policy.rules.fund_years import fiscal_year_of
from schemas.events import WORKFLOW, Event, EventType, Recorded
from schemas.messages import (
    Batch,
    BatchResult,
    Entry,
    MoneyAnswer,
    MoneyMove,
    MoneyRequest,
    NoticeKind,
)
from schemas.people import SYSTEM
from schemas.proposal import Stage
from store import (
    audiences,
    authorizations,
    candidacies,
    chain,
    hits,
    journeys,
    ledger,
    messages,
    money,
    notifications,
    repairs,
    reusable_records,
    seals,
)
from store.projection import fold, project
from store.tables import (
    AudienceRow,
    ClaimRow,
    HitRow,
    JourneyRow,
    LetterRow,
    ProposalRow,
    RecusalRow,
    ReservationRow,
    TaskCandidateRow,
    TaskRow,
)
from store.view import View

NEW = "new_events"
"""Where a session keeps the events that were recorded in its transaction."""
_COMING_ALIVE = (EventType.SUBMITTED, EventType.REOPENED, EventType.DECISION_UNDONE)
"""After one of these a proposal is under way, and shares the seals of its partner."""
_MONEY_EVENTS = {
    MoneyMove.RESERVE: {
        MoneyAnswer.RESERVED: EventType.RESERVED,
        MoneyAnswer.QUEUED: EventType.QUEUED,
    },
    MoneyMove.COMMIT: {MoneyAnswer.DONE: EventType.COMMITTED},
    MoneyMove.UNCOMMIT: {MoneyAnswer.DONE: EventType.RESERVED},
    MoneyMove.PASS_OVER: {MoneyAnswer.DONE: EventType.QUEUED},
    MoneyMove.RELEASE: {},
    MoneyMove.LAPSE: {},
    MoneyMove.REDUCE: {},
    MoneyMove.REPROFILE: {
        MoneyAnswer.DONE: EventType.REPROFILED,
        MoneyAnswer.QUEUED: EventType.NOT_REPROFILED,
    },
    MoneyMove.CERTIFY: {MoneyAnswer.DONE: EventType.CERTIFIED},
    MoneyMove.UNCERTIFY: {MoneyAnswer.DONE: EventType.UNCERTIFIED},
    MoneyMove.PAY: {MoneyAnswer.DONE: EventType.PAID},
    MoneyMove.RECOVER: {MoneyAnswer.DONE: EventType.RECOVERED},
    MoneyMove.DECOMMIT: {MoneyAnswer.DONE: EventType.DECOMMITTED},
}


async def record(session: AsyncSession, batch: Batch, *, now: datetime) -> BatchResult:
    """Record *batch*; raises chain.EventConflict when a key stands for other content."""
    recorder = _Recorder(session, now)
    answers: dict[str, MoneyAnswer] = {}
    for entry in batch.entries:
        answer = await recorder.take(entry)
        if answer is not None and entry.money is not None:
            answers[entry.money.reservation] = answer
    await recorder.save()
    session.info.setdefault(NEW, []).extend(recorder.happened)
    return BatchResult(money=answers)


def subjects(batch: Batch) -> tuple[str, ...]:
    """What to name to `Database.writing` for *batch*: its proposal, or nothing.

    Money concerns whoever waits for the same funds, and a seal everything of its partner.
    """
    concerns_others = any(
        entry.money is not None or entry.event.data.get("everywhere") for entry in batch.entries
    )
    return () if concerns_others else (batch.reference,)


async def record_event(session: AsyncSession, event: Event, *, now: datetime) -> None:
    """Record one event of a proposal that no workflow has (creation, deletion of a draft)."""
    await record(session, Batch(reference=event.subject, entries=(Entry(event=event),)), now=now)


async def offer(session: AsyncSession, filled: Sequence[ReservationRow], *, now: datetime) -> None:
    """Record that money which came free without a proposal is offered to those it has filled.

    In the transaction that filled them, which has named no subjects to `Database.writing`.
    """
    recorder = _Recorder(session, now)
    for reservation in filled:
        await recorder.offer(reservation)
    await recorder.save()
    session.info.setdefault(NEW, []).extend(recorder.happened)


class _Recorder:
    """One transaction's work: the views it has loaded, and what they need at the end."""

    def __init__(self, session: AsyncSession, now: datetime) -> None:
        self._session = session
        self._now = now
        self._views: dict[str, View] = {}
        self._loaded: dict[
            str, tuple[dict[candidacies.Entry, dict[str, Any]], set[tuple[str, str]], set[str]]
        ] = {}
        self._journeys: dict[str, dict[str, Any] | None] = {}
        self._copied: dict[str, dict[str, Any]] = {}
        self.happened: list[Recorded] = []

    async def take(self, entry: Entry) -> MoneyAnswer | None:
        view = await self._view(entry.event.subject)
        recorded = await self._append(view, entry.event)
        if recorded is None:
            # What followed from the event was done in the transaction that recorded it.
            return await money.first_answer(self._session, entry.money) if entry.money else None
        answer = await self._move(entry, view) if entry.money else None
        await self._tell_others(recorded)
        await self._judge(recorded, view)
        await self._rely(recorded)
        if recorded.type is EventType.REPAIR_DONE:
            await repairs.carry_out(self._session, recorded, self._now)
        return answer

    async def save(self) -> None:
        taken_back = {
            str(event.data["letter"])
            for event in self.happened
            if event.type is EventType.LETTER_TAKEN_BACK
        }
        for reference, view in self._views.items():
            known_candidates, known_audience, known_recused = self._loaded[reference]
            await self._save_tasks(view, known_candidates)
            if view.proposal is not None:
                before = self._copied.get(reference, {})
                if known_audience:
                    await audiences.follow(self._session, view.proposal, before)
                self._session.add_all(
                    audiences.entries(view.proposal, view.audience - known_audience)
                )
            for person in sorted(view.recused - known_recused):
                self._session.add(RecusalRow(reference=reference, person=person))
            for letter in view.letters.values():
                if letter.id in taken_back:
                    await self._session.merge(letter)  # written under the same number again
                else:
                    self._session.add(letter)
            if view.proposal is not None:
                self._session.add(view.proposal)
            else:
                await self._session.exec(
                    delete(ProposalRow).where(col(ProposalRow.reference) == reference)
                )
            await journeys.follow(self._session, view.proposal, self._journeys[reference])
        kept = {letter for view in self._views.values() for letter in view.letters}
        if gone := sorted(taken_back - kept):
            await self._session.flush()
            await self._session.exec(delete(LetterRow).where(col(LetterRow.id).in_(gone)))
        await self._let_agreements_begin()
        await self._session.flush()
        await notifications.tell(self._session, self.happened, now=self._now)

    async def _append(self, view: View, event: Event) -> Recorded | None:
        recorded = await chain.append(self._session, event, now=self._now, flush=False)
        if recorded is not None:
            project(view, recorded)
            self.happened.append(recorded)
        return recorded

    async def _view(self, reference: str) -> View:
        view = self._views.get(reference)
        if view is None:
            view = self._views[reference] = await load(self._session, reference)
            known = candidacies.of(view.tasks.values())
            self._loaded[reference] = (known, set(view.audience), set(view.recused))
            self._journeys[reference] = journeys.facts(view.proposal)
            if view.proposal is not None:
                self._copied[reference] = audiences.copied(view.proposal)
        return view

    async def _save_tasks(
        self, view: View, before: Mapping[candidacies.Entry, dict[str, Any]]
    ) -> None:
        for task in view.tasks.values():
            self._session.add(task)
        gone = await candidacies.save(self._session, before, candidacies.of(view.tasks.values()))
        if gone:
            await self._session.exec(delete(ClaimRow).where(col(ClaimRow.task).in_(gone)))

    async def _move(self, entry: Entry, view: View) -> MoneyAnswer | None:
        request = entry.money
        assert request is not None  # noqa: S101 - the caller has looked
        subject = entry.event.subject
        try:
            answer, filled = await money.apply(self._session, request, subject, self._now)
        except money.MoneyConflict as conflict:
            raise chain.EventConflict(entry.event, "money_conflict") from conflict
        event_type = _MONEY_EVENTS[request.move].get(answer)
        if event_type is not None:
            move = f"{request.move}:{entry.event.source_seq}"
            await self._append(
                view,
                # At the instant of its cause, so that a history reads in the order of its instants.
                self._money_event(
                    subject,
                    request.reservation,
                    move,
                    event_type,
                    entry.event.occurred_at,
                    await self._moved(request, entry.event.occurred_at),
                ),
            )
        for reservation in filled:
            await self.offer(reservation)
        return answer

    async def offer(self, reservation: ReservationRow) -> None:
        """Money that came free is reserved already; the proposal is told to confirm it."""
        move = f"offer:{reservation.offers}"
        other = await self._view(reservation.reference)
        await self._append(
            other,
            self._money_event(
                reservation.reference,
                reservation.id,
                move,
                EventType.OFFERED,
                self._now,
                {"slices": reservation.slices},
            ),
        )
        await messages.leave(
            self._session,
            message_id=f"offer-{reservation.id}-{reservation.offers}",
            reference=reservation.reference,
            kind=NoticeKind.OFFER,
            payload={"reservation": reservation.id},
            now=self._now,
        )

    async def _moved(self, request: MoneyRequest, at: datetime) -> dict[str, Any]:
        """What a move took with it, fund by fund: who folds the events has the balances."""
        if request.key is None:
            reservation = await self._session.get_one(ReservationRow, request.reservation)
            found: dict[str, Any] = {"slices": reservation.slices}
            if request.move is MoneyMove.COMMIT and request.certified_by:
                found |= _certified(request.certified_by, reservation.slices, at)
            return found
        line = f"{request.move}:{request.key}"
        return {
            "key": request.key,
            "slices": await ledger.moved(self._session, request.reservation, line),
        }

    def _money_event(
        self,
        reference: str,
        reservation: str,
        move: str,
        event_type: EventType,
        occurred_at: datetime,
        moved: dict[str, Any],
    ) -> Event:
        return Event(
            subject=reference,
            source=f"money:{reservation}:{move}",
            source_seq=1,
            type=event_type,
            occurred_at=occurred_at,
            actor=SYSTEM,
            data={"reservation": reservation, **moved},
        )

    async def _tell_others(self, event: Recorded) -> None:
        """A seal of a partner, an owner or a director stands for everything alive of it.

        What is submitted or comes back to life while one stands is sealed with the rest.
        """
        if event.type in _COMING_ALIVE:
            await self._seal_too(event)
            return
        if event.type not in (EventType.HOLD_SET, EventType.HOLD_ENDED):
            return
        if not event.data.get("everywhere"):
            return
        kind = NoticeKind.SEAL if event.type is EventType.HOLD_SET else NoticeKind.UNSEAL
        organization = event.data["organization"]
        await seals.one_at_a_time(self._session, organization)
        for reference in await seals.alive(self._session, organization, but=event.subject):
            await messages.leave(
                self._session,
                message_id=f"{kind}-{event.data['seal']}-{reference}",
                reference=reference,
                kind=kind,
                payload={"seal": event.data["seal"]},
                now=self._now,
            )

    async def _seal_too(self, event: Recorded) -> None:
        row = self._views[event.subject].row
        await seals.one_at_a_time(self._session, row.organization)
        for seal in await seals.standing(self._session, row.organization, but=event.subject):
            await messages.leave(
                self._session,
                # Its id differs from that of the seal which it was told of before it ended.
                message_id=f"{NoticeKind.SEAL}-{seal}-{event.subject}-{event.position}",
                reference=event.subject,
                kind=NoticeKind.SEAL,
                payload={"seal": seal},
                now=self._now,
            )

    async def _let_agreements_begin(self) -> None:
        """Whenever the workflow of a proposal that both have signed has said something, it may have
        handed over: a message with the recording has whoever relays look (decision 0019)."""
        said = {event.subject for event in self.happened if event.source == WORKFLOW}
        for reference in sorted(said):
            row = self._views[reference].proposal
            if row is not None and row.stage == Stage.ACTIVE:
                at = max(row.told_at or self._now, self._now)
                await messages.begins(self._session, reference, at, self._now)

    async def _rely(self, event: Recorded) -> None:
        """A finding may rely on records: when one no longer holds, the finding is asked anew."""
        if event.type is not EventType.TASK_DECIDED:
            return
        task, facts = event.data["task"], event.data["facts"]
        if on := facts.get("records"):
            await reusable_records.rely(self._session, task, event.subject, on)
        if days := facts.get("authorizations"):
            await authorizations.note(self._session, task, event.subject, days)

    async def _judge(self, event: Recorded, view: View) -> None:
        if event.type is not EventType.TASK_DECIDED:
            return
        task = view.tasks[event.data["task"]]
        judgements: dict[str, str] = event.data["facts"].get("hits", {})
        if judgements and not event.data.get("joined"):  # else others are still to judge
            await hits.judge(
                self._session, event.subject, judgements, event.actor.id, event.occurred_at
            )
        if task.kind == "legal.disposition" and task.outcome == "change":
            about = view.tasks.get(task.detail.get("about", ""))
            if about is not None and about.kind == "screening.adjudicate":
                await self._session.exec(
                    update(HitRow)
                    .where(
                        col(HitRow.reference) == event.subject,
                        col(HitRow.id).in_(about.detail["hits"]),
                    )
                    .values(judgement=None, judged_by=None, judged_at=None)
                )


def _certified(certified_by: str, slices: Sequence[dict[str, Any]], at: datetime) -> dict[str, Any]:
    """Section 32 is certified for the year of the signature; later years are held subject to
    appropriation (Financial Administration Act, section 40)."""
    year = clocks.fiscal_year(clocks.toronto_day(at))
    years = sorted({found for part in slices if (found := fiscal_year_of(part["fund"]))})
    return {
        "certified_by": certified_by,
        "certified_year": year,
        "subject_to_appropriation": [each for each in years if each > year],
    }


# Every act asks these: putting a statement together costs more than asking it.
_OF: Any = bindparam("reference")
_TASKS = select(TaskRow).where(TaskRow.reference == _OF).order_by(col(TaskRow.number))
_LETTERS = select(LetterRow).where(LetterRow.reference == _OF)
_AUDIENCE = select(AudienceRow).where(AudienceRow.reference == _OF)
_RECUSED = select(RecusalRow.person).where(RecusalRow.reference == _OF)


async def load(session: AsyncSession, reference: str) -> View:
    """The read model of *reference* as it is kept."""
    of = {"reference": reference}
    tasks = await session.exec(_TASKS, params=of)
    letters = await session.exec(_LETTERS, params=of)
    audience = await session.exec(_AUDIENCE, params=of)
    recused = await session.exec(_RECUSED, params=of)
    return View(
        proposal=await session.get(ProposalRow, reference),
        tasks={task.id: task for task in tasks},
        letters={letter.id: letter for letter in letters},
        audience={(row.role, row.scope) for row in audience},
        recused=set(recused),
    )


async def rebuild(session: AsyncSession, reference: str) -> None:
    """Replace the read model of *reference* by what its events amount to."""
    await chain.locked_head(session, reference)
    view = fold(await chain.events_of(session, reference))
    await _forget(session, reference, view)
    if view.proposal is not None:
        session.add(view.proposal)
    if journey := journeys.of(view.proposal):
        session.add(journey)
    session.add_all([*view.tasks.values(), *view.letters.values()])
    session.add_all(candidacies.rows(candidacies.of(view.tasks.values())))
    if view.proposal is not None:
        session.add_all(audiences.entries(view.proposal, view.audience))
    session.add_all(RecusalRow(reference=reference, person=each) for each in view.recused)
    await session.flush()
    finished = select(TaskRow.id).where(TaskRow.reference == reference, TaskRow.state != "open")
    await session.exec(delete(ClaimRow).where(col(ClaimRow.task).in_(finished)))


async def _forget(session: AsyncSession, reference: str, view: View) -> None:
    """Delete what is kept of *reference*, and what stands in the way of *view*."""
    known = select(TaskRow.id).where(TaskRow.reference == reference)
    await session.exec(
        delete(TaskCandidateRow).where(
            or_(col(TaskCandidateRow.task).in_(known), col(TaskCandidateRow.task).in_(view.tasks))
        )
    )
    for table, keys in ((TaskRow, view.tasks), (LetterRow, view.letters)):
        await session.exec(
            delete(table).where(or_(col(table.reference) == reference, col(table.id).in_(keys)))
        )
    for rest in (AudienceRow, RecusalRow, JourneyRow, ProposalRow):
        await session.exec(delete(rest).where(col(rest.reference) == reference))


async def compare(session: AsyncSession, reference: str, folded: View) -> list[dict[str, Any]]:
    """Where the kept read model of *reference* is not what its events amount to."""
    kept = await load(session, reference)
    found = differences(kept, folded)
    if fields := await audiences.behind(session, folded.proposal, reference):
        found.append({"row": "audience", "id": "", "fields": fields})
    known = kept.tasks.keys() | folded.tasks.keys()
    found += await candidacies.differences(session, known, candidacies.of(folded.tasks.values()))
    journey = await session.get(JourneyRow, reference)
    if (journey and journey.model_dump()) != journeys.facts(folded.proposal):
        found.append({"row": "journey", "id": "", "fields": ["figures"]})
    return found


def differences(kept: View, folded: View) -> list[dict[str, Any]]:
    """Where the kept read model is not what its events amount to."""
    found: list[dict[str, Any]] = []
    pairs: Sequence[tuple[str, dict[str, Any], dict[str, Any]]] = (
        ("proposal", _rows({"": kept.proposal}), _rows({"": folded.proposal})),
        ("task", _rows(kept.tasks), _rows(folded.tasks)),
        ("letter", _rows(kept.letters), _rows(folded.letters)),
    )
    for name, is_kept, should_be in pairs:
        for key in sorted(is_kept.keys() | should_be.keys()):
            left, right = is_kept.get(key), should_be.get(key)
            fields = sorted(
                field
                for field in (left or {}).keys() | (right or {}).keys()
                if (left or {}).get(field) != (right or {}).get(field)
            )
            if fields:
                found.append({"row": name, "id": key, "fields": fields})
    if kept.audience != folded.audience:
        found.append({"row": "audience", "id": "", "fields": ["entries"]})
    if kept.recused != folded.recused:
        found.append({"row": "recusals", "id": "", "fields": ["person"]})
    return found


def _rows(rows: dict[str, Any]) -> dict[str, Any]:
    return {key: row.model_dump(mode="json") for key, row in rows.items() if row is not None}
