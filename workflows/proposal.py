"""The life of one proposal, from its submission to an active agreement or another outcome.

    eligibility -> compliance -> desk -> funding -> agreement -> active
         ^______ returned to the partner, then back to what the change re-opens

This module says *when* things happen. `workflows.case` holds the state and what follows from
each act; `policy.rules` says *whether* an act may be taken.
"""

import asyncio
from datetime import timedelta

from temporalio import workflow
from temporalio.common import RetryPolicy
from temporalio.exceptions import ActivityError, ApplicationError, FailureError

with workflow.unsafe.imports_passed_through():
    from schemas.errors import Refused
    from schemas.messages import (
        Batch,
        BatchResult,
        Decision,
        Entry,
        MoneyMove,
        Notice,
        PartnerAct,
        ProposalStart,
        Recording,
        ScreeningRequest,
        StaffAct,
        Submission,
        Taken,
        TermsMove,
        TermsPreview,
    )
    from schemas.proposal import Stage
    from schemas.repairs import Repair
    from schemas.values import Value
    from workflows.case import Case
    from workflows.ports import ProposalActivities
    from workflows.unattended import what_if

EVENT_CONFLICT = "event_conflict"
_ONE_ATTEMPT = RetryPolicy(maximum_attempts=1)
_FOR_EVER = RetryPolicy(
    initial_interval=timedelta(milliseconds=200),
    maximum_interval=timedelta(seconds=30),
    non_retryable_error_types=[EVENT_CONFLICT],
)
_LOCAL = timedelta(seconds=1)
_RECORDING = timedelta(seconds=5)
_MOST_ENTRIES = 200


class Snapshot(Value):
    """Where a proposal stands in the engine, for `accord verify`."""

    stage: str
    outcome: str | None
    emitted: int
    recorded: int
    """What the workflow knows to be in the store; there may be more."""
    is_recording: bool
    """What is missing in the store is the workflow's own to record, and is being recorded."""
    open_tasks: tuple[str, ...]
    stuck: bool


@workflow.defn(name="Proposal")
class ProposalWorkflow:
    """One execution per proposal, with workflow id `proposal:<reference>`.

    Update handlers change the case and wait, with their only await, until `run` has drawn what
    follows. `run` alone empties the outbox, so the trail has one order however many people
    press a button at once. Whoever acted gets what is new as the answer and brings it to the
    store; what nobody waits for, and what asks the store something, an activity brings there
    (decision 0013).
    """

    @workflow.init
    def __init__(self, start: ProposalStart) -> None:
        # Here rather than in `run`: an update may be handled before `run` begins.
        self._case = Case(start, workflow.now())
        self._entries: list[Entry] = []
        self._recorded = 0
        self._by_answer = start.recording is Recording.BY_ANSWER
        self._owes = False
        self._rests = False
        self._changed = False
        self._stuck = False
        self._screenings = 0
        self._screening: asyncio.Task[None] | None = None
        self._alarm: asyncio.Task[None] | None = None
        self._alarm_at = workflow.now()
        self._waits_for_engine = False
        self._returns = 0
        self._ends_idle_alarm = False
        self._unstuck = 0

    @workflow.run
    async def run(self, start: ProposalStart) -> str | None:
        proposal = self._case
        self._waits_for_engine = self._by_answer or workflow.patched(
            "record-what-the-engine-has:start:1"
        )
        while proposal.is_under_way or proposal.is_followed or self._may_be_taken_back():
            match proposal.enter_next_stage():
                case Stage.ELIGIBILITY:
                    proposal.ask_for_eligibility()
                case Stage.COMPLIANCE:
                    proposal.ask_for_findings()
                case Stage.DESK:
                    proposal.ask_the_desks()
                case Stage.FUNDING:
                    proposal.ask_for_money_and_decision()
                case Stage.AGREEMENT:
                    proposal.ask_for_signatures()
                case _:
                    pass  # with the partner, or decided
            proposal.ask_for_release()
            await self._until_something_happens()
        await self._until_all_is_told()
        return proposal.outcome

    def _may_be_taken_back(self) -> bool:
        # A change to running workflows: earlier code ended at the approval, where no agreement
        # follows, though its letter was not told yet.
        return self._case.may_be_taken_back and workflow.patched("stay-until-told:active:1")

    # ---- what may be said to a proposal

    @workflow.update
    async def submit(self, request_id: str) -> Taken:
        """The first submission, with the first tasks."""
        if self._by_answer:
            await workflow.wait_condition(lambda: self._rests)
            return Taken(source_seq=len(self._entries), entries=tuple(self._entries))
        await workflow.wait_condition(lambda: self._recorded > 0)
        return Taken(source_seq=self._recorded)

    @workflow.update
    async def decide(self, decision: Decision) -> Taken:
        """Take a decision on a task."""
        since = self._since(decision.known)
        self._case.decide(decision, workflow.now())
        return await self._taken(since)

    @decide.validator
    def _check_decide(self, decision: Decision) -> None:
        # A refusal here leaves no trace in history, so asking twice is free.
        with _refusals():
            self._case.check_decide(decision)

    @workflow.update
    async def act(self, act: PartnerAct) -> Taken:
        """The partner withdraws, accepts the conditions, signs, or answers a question."""
        since = self._since(act.known)
        self._case.take_partner_act(act, workflow.now())
        return await self._taken(since)

    @act.validator
    def _check_act(self, act: PartnerAct) -> None:
        with _refusals():
            self._case.check_partner_act(act, workflow.now())

    @workflow.update
    async def staff_act(self, act: StaffAct) -> Taken:
        """Staff pause the proposal, let it go on, or ask the partner."""
        since = self._since(act.known)
        self._case.take_staff_act(act, workflow.now())
        return await self._taken(since)

    @staff_act.validator
    def _check_staff_act(self, act: StaffAct) -> None:
        with _refusals():
            self._case.check_staff_act(act, workflow.now())

    @workflow.update
    async def resubmit(self, submission: Submission) -> Taken:
        """Take a new revision after a return."""
        since = self._since(submission.known)
        self._case.resubmit(submission, workflow.now())
        return await self._taken(since)

    @resubmit.validator
    def _check_resubmit(self, submission: Submission) -> None:
        with _refusals():
            self._case.check_resubmit(submission)

    @workflow.update
    async def move(self, move: TermsMove) -> Taken:
        """Go on under newer terms of the program."""
        since = self._since(move.known)
        self._case.move(move, workflow.now())
        return await self._taken(since)

    @move.validator
    def _check_move(self, move: TermsMove) -> None:
        with _refusals():
            self._case.check_move(move)

    @workflow.update
    async def repair(self, repair: Repair) -> Taken:
        """An administrator proposes a repair; who owns the stage is asked to confirm it."""
        since = self._since(repair.known)
        self._case.propose_repair(repair, workflow.now())
        return await self._taken(since)

    @repair.validator
    def _check_repair(self, repair: Repair) -> None:
        with _refusals():
            self._case.check_repair(repair)

    @workflow.update
    async def notify(self, notice: Notice) -> Taken:
        """Take what the store tells; what no longer fits changes nothing."""
        since = self._since(notice.known)
        self._case.take_notice(notice, workflow.now())
        return await self._taken(since)

    @workflow.update
    async def redrain(self, after: int) -> Taken:
        """Record everything behind the event *after* again: for repair, harmless by its keys."""
        self._recorded = max(0, min(after, self._recorded))
        self._stuck = False
        self._owes = True
        return await self._taken()

    @workflow.query
    def snapshot(self) -> Snapshot:
        """Where the proposal stands here; asked by `accord verify` alone."""
        return Snapshot(
            stage=self._case.stage,
            outcome=self._case.outcome,
            emitted=self._case.emitted,
            recorded=self._recorded,
            is_recording=self._owes or not self._by_answer,
            open_tasks=tuple(t.id for t in self._case.tasks.values() if t.is_open),
            stuck=self._stuck,
        )

    @workflow.query
    def preview(self, move: TermsMove) -> TermsPreview:
        """What `move` would do now; changes nothing."""
        return what_if(self._case, move)

    @workflow.query
    def entries(self, after: int) -> Batch:
        """What was said since the event *after*, beginning with that one again: for whoever
        finds that an asker died with its answer."""
        return self._batch(after - 1)

    async def _taken(self, since: int | None = None) -> Taken:
        """Wake `run`, wait until what follows is drawn too, and answer with all that is new.

        *since* is an event that the asker knows to be in the store. What follows at once (the
        approval, once money is reserved) belongs to the answer: whoever was answered looks for
        it next. In the old way all of it is in the store by then.
        """
        mine, state = self._case.emitted, self._case.digest()
        self._changed, self._rests = True, False
        if not self._by_answer:
            await workflow.wait_condition(
                lambda: self._recorded >= mine and (self._is_settled or not self._waits_for_engine)
            )
            return Taken(source_seq=mine, state=state)
        self._recorded = max(self._recorded, since or 0)
        await workflow.wait_condition(lambda: self._rests)
        new = () if since is None else self._batch(since - 1).entries
        return Taken(source_seq=mine, state=state, entries=new)

    def _since(self, known: int) -> int:
        """What the store has, as far as it can: before an act it has nothing that follows."""
        return min(known, self._case.emitted)

    def _batch(self, after: int) -> Batch:
        return Batch(
            reference=self._case.submission.reference, entries=tuple(self._entries[max(after, 0) :])
        )

    @property
    def _is_settled(self) -> bool:
        return not self._case.outbox and self._recorded == len(self._entries)

    # ---- how the world is told, and what `run` waits for

    async def _until_something_happens(self) -> None:
        """Record what is the workflow's own to record; then wait for people, store or time."""
        self._keep()
        if self._owes:
            await self._record()
        else:
            self._screen_if_wanted()
            self._arm()
            self._rests = True
            await workflow.wait_condition(lambda: self._changed)
            self._changed = self._rests = False
        self._case.now = workflow.now()

    async def _until_all_is_told(self) -> None:
        """The end: whoever said something last has been answered, and nothing is owed."""
        while True:
            self._keep()
            if self._owes:
                await self._record()
                continue
            self._rests = True
            await workflow.wait_condition(
                lambda: workflow.all_handlers_finished() or self._owes or self._changed
            )
            self._changed = False
            if workflow.all_handlers_finished() and not self._owes and not self._case.outbox:
                return

    def _keep(self) -> None:
        """Empty the outbox; what nobody waits for, or what asks for money, `run` owes the store."""
        new = list(self._case.outbox)
        self._case.outbox.clear()
        self._entries.extend(new)
        if self._case.unstuck > self._unstuck:
            self._unstuck = self._case.unstuck
            self._recorded, self._owes = 0, True
            if self._alarm is not None:
                self._alarm.cancel()  # armed anew by what is due, once all is recorded
        if new and not (self._by_answer and self._is_taken_along(new)):
            self._owes = True

    def _is_taken_along(self, new: list[Entry]) -> bool:
        asks = any(entry.money and entry.money.move is MoneyMove.RESERVE for entry in new)
        is_waited_for = not workflow.all_handlers_finished()
        return is_waited_for and not asks and len(self._entries) - self._recorded < _MOST_ENTRIES

    async def _record(self) -> None:
        while self._recorded < len(self._entries):
            start = self._recorded
            batch = Batch(
                reference=self._case.submission.reference,
                entries=tuple(self._entries[start : start + _MOST_ENTRIES]),
            )
            result = await self._write(batch)
            if result is None:
                continue
            self._case.now = workflow.now()
            for reservation, answer in result.money.items():
                self._case.take_money(reservation, answer)
            if self._recorded >= start:  # not moved back by `redrain` meanwhile
                self._recorded = max(self._recorded, start + len(batch.entries))
        self._owes = False

    async def _write(self, batch: Batch) -> BatchResult | None:
        """Record in an activity that never gives up, and begins once the engine has the cause.

        A local activity would run before the engine has kept the update that it records. When
        the worker died between the two, the update came again with another instant, after
        another one, or never; the store then held what no history told (decision 0011).
        """
        summary = ", ".join(dict.fromkeys(entry.event.type for entry in batch.entries))[:200]
        group = workflow.create_event_group(self._case.stage)
        with group.scope():
            if not self._waits_for_engine:
                try:
                    return await workflow.execute_local_activity_method(
                        ProposalActivities.record,
                        batch,
                        schedule_to_close_timeout=_LOCAL,
                        retry_policy=_ONE_ATTEMPT,
                        summary=summary,
                    )
                except FailureError as failed:
                    if _is_conflict(failed):
                        await self._stop()
                        return None
                    workflow.logger.info("local_record_failed")
            try:
                return await workflow.execute_activity_method(
                    ProposalActivities.record,
                    batch,
                    # What a dead worker had begun waits for this long.
                    start_to_close_timeout=_RECORDING,
                    retry_policy=_FOR_EVER,
                    summary=summary,
                )
            except FailureError:
                await self._stop()
                return None

    async def _stop(self) -> None:
        """Another content stands under an event's key: nothing more is recorded until an operator
        has looked and asks for it again. The alarm was raised by the activity."""
        workflow.logger.error("record_stopped")
        self._stuck = True
        await workflow.wait_condition(lambda: not self._stuck)

    def _screen_if_wanted(self) -> None:
        wanted = self._case.screening.wanted
        if wanted > self._screenings and not self._case.closed_at:
            self._screenings = wanted
            self._screening = asyncio.create_task(self._screen(wanted))

    async def _screen(self, request: int) -> None:
        result = await workflow.execute_activity_method(
            ProposalActivities.screen,
            ScreeningRequest(
                reference=self._case.submission.reference,
                revision=self._case.submission.revision,
            ),
            start_to_close_timeout=timedelta(minutes=5),
            retry_policy=_FOR_EVER,
            summary="screen every party",
        )
        self._case.take_screening(result, request, workflow.now())
        self._changed = True

    def _arm(self) -> None:
        """Keep one timer that rings no later than the next deadline; re-arm it lazily."""
        deadline = self._case.next_deadline()
        pending = self._alarm is not None and not self._alarm.done()
        if deadline is None:
            if pending and self._alarm is not None and self._ends_idle_alarm:
                self._alarm.cancel()
            return
        if pending and self._alarm is not None:
            if self._alarm_at <= deadline:
                return
            self._alarm.cancel()
        self._alarm_at = deadline
        self._alarm = asyncio.create_task(self._ring(deadline - workflow.now()))
        if self._case.stage is Stage.RETURNED:
            # A change to running workflows (docs/how-to/change-a-running-workflow.md): an
            # answered return ends its timer, so that Temporal's pages show no deadline that
            # is none. Returns armed by earlier code keep theirs, which then rings for nothing.
            self._returns += 1
            self._ends_idle_alarm = workflow.patched(f"end-idle-alarm:returned:{self._returns}")

    async def _ring(self, after: timedelta) -> None:
        await workflow.sleep(max(after, timedelta(0)), summary=f"{self._case.stage} deadline")
        self._case.take_time(workflow.now())
        self._changed = True


def _is_conflict(failed: FailureError) -> bool:
    """A local activity's own error comes bare, a normal one's as the cause of another."""
    error = failed.cause if isinstance(failed, ActivityError) else failed
    return isinstance(error, ApplicationError) and error.type == EVENT_CONFLICT


class _refusals:  # noqa: N801 - reads as a word at its use
    """Turns a rule's refusal into the rejection of an update: code as type, facts as detail."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, Refused):
            raise ApplicationError(
                error.code, error.facts, type=error.code, non_retryable=True
            ) from error
