"""How a life in the engine tells the store what happens to it, and waits for what comes next.

What a workflow says is recorded in one order, however many people press a button at once: update
handlers change the case and wait, with their only await, until `run` has drawn what follows. `run`
alone empties the outbox. Whoever acted gets what is new as the answer and brings it to the store;
what nobody waits for, and what asks the store something, an activity brings there (decision 0013).
"""

import asyncio
from datetime import timedelta

from temporalio import workflow
from temporalio.common import RetryPolicy
from temporalio.exceptions import ActivityError, ApplicationError, FailureError

with workflow.unsafe.imports_passed_through():
    from schemas.errors import Refused
    from schemas.messages import Batch, BatchResult, Entry, MoneyMove, Taken
    from schemas.values import Value
    from workflows.docket import Docket
    from workflows.ports import ProposalActivities

EVENT_CONFLICT = "event_conflict"
_ONE_ATTEMPT = RetryPolicy(maximum_attempts=1)
FOR_EVER = RetryPolicy(
    initial_interval=timedelta(milliseconds=200),
    maximum_interval=timedelta(seconds=30),
    non_retryable_error_types=[EVENT_CONFLICT],
)
_LOCAL = timedelta(seconds=1)
_RECORDING = timedelta(seconds=5)
_MOST_ENTRIES = 200


class Snapshot(Value):
    """Where a life stands in the engine, for `accord verify`."""

    stage: str
    outcome: str | None
    emitted: int
    recorded: int
    """What the workflow knows to be in the store; there may be more."""
    is_recording: bool
    """What is missing in the store is the workflow's own to record, and is being recorded."""
    open_tasks: tuple[str, ...]
    stuck: bool
    is_handed_on: bool = False
    """It has ended for an agreement that somebody else begins."""


class Recorder:
    """What the workflows of proposals and of agreements have in common.

    *first*: how many events were said in earlier executions, and are not held here.
    """

    def __init__(self, life: Docket, *, by_answer: bool = True, first: int = 0) -> None:
        self._life = life
        self._first = first
        self._entries: list[Entry] = []
        self._recorded = first
        self._by_answer = by_answer
        self._waits_for_engine = by_answer
        self._owes = False
        self._rests = False
        self._changed = False
        self._stuck = False
        self._alarm: asyncio.Task[None] | None = None
        self._alarm_at = workflow.now()
        self._ends_idle_alarm = False
        self._unstuck = 0

    @workflow.update
    async def redrain(self, after: int) -> Taken:
        """Record everything behind the event *after* again: for repair, harmless by its keys."""
        self._recorded = max(self._first, min(after, self._recorded))
        self._stuck = False
        self._owes = True
        return await self._taken()

    @workflow.query
    def snapshot(self) -> Snapshot:
        """Where the life stands here; asked by `accord verify` alone."""
        return Snapshot(
            stage=self._life.stage,
            outcome=self._life.outcome,
            emitted=self._life.emitted,
            recorded=self._recorded,
            is_recording=self._owes or not self._by_answer,
            open_tasks=tuple(t.id for t in self._life.tasks.values() if t.is_open),
            stuck=self._stuck,
            is_handed_on=self._is_handed_on,
        )

    @property
    def _is_handed_on(self) -> bool:
        return False

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
        mine, state = self._life.emitted, self._life.digest()
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
        return min(known, self._life.emitted)

    def _batch(self, after: int) -> Batch:
        new = self._entries[max(after - self._first, 0) :]
        return Batch(reference=self._life.reference, entries=tuple(new))

    @property
    def _said(self) -> int:
        """How many events have left the outbox, those of earlier executions with them."""
        return self._first + len(self._entries)

    @property
    def _is_settled(self) -> bool:
        return not self._life.outbox and self._recorded == self._said

    # ---- how the world is told, and what `run` waits for

    async def _until_something_happens(self) -> None:
        """Record what is the workflow's own to record; then wait for people, store or time."""
        self._keep()
        if self._owes:
            await self._record()
        else:
            self._begin_work()
            self._arm()
            self._rests = True
            await workflow.wait_condition(lambda: self._changed or self._is_too_long)
            self._changed = self._rests = False
        self._life.now = workflow.now()

    @property
    def _is_too_long(self) -> bool:
        """Whether the next execution should begin now, with nobody waiting for an answer."""
        return False

    def _begin_work(self) -> None:
        """Start what the life waits for beside people and time; nothing, unless a kind has any."""

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
            if workflow.all_handlers_finished() and not self._owes and not self._life.outbox:
                return

    def _keep(self) -> None:
        """Empty the outbox; what nobody waits for, or what asks for money, `run` owes the store."""
        new = list(self._life.outbox)
        self._life.outbox.clear()
        self._entries.extend(new)
        if self._life.unstuck > self._unstuck:
            self._unstuck = self._life.unstuck
            self._recorded, self._owes = self._first, True
            if self._alarm is not None:
                self._alarm.cancel()  # armed anew by what is due, once all is recorded
        if new and not (self._by_answer and self._is_taken_along(new)):
            self._owes = True

    def _is_taken_along(self, new: list[Entry]) -> bool:
        asks = any(entry.money and entry.money.move is MoneyMove.RESERVE for entry in new)
        is_waited_for = not workflow.all_handlers_finished()
        return is_waited_for and not asks and self._said - self._recorded < _MOST_ENTRIES

    async def _record(self) -> None:
        while self._recorded < self._said:
            start = self._recorded
            behind = start - self._first
            batch = Batch(
                reference=self._life.reference,
                entries=tuple(self._entries[behind : behind + _MOST_ENTRIES]),
            )
            result = await self._write(batch)
            if result is None:
                continue
            self._life.now = workflow.now()
            for reservation, answer in result.money.items():
                self._life.take_money(reservation, answer)
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
        group = workflow.create_event_group(self._life.stage)
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
                    retry_policy=FOR_EVER,
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

    def _arm(self) -> None:
        """Keep one timer that rings no later than the next deadline; re-arm it lazily."""
        deadline = self._life.next_deadline()
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
        self._was_armed()

    def _was_armed(self) -> None:
        """What a kind of life decides with its timer."""

    async def _ring(self, after: timedelta) -> None:
        await workflow.sleep(max(after, timedelta(0)), summary=f"{self._life.stage} deadline")
        self._life.take_time(workflow.now())
        self._changed = True


def _is_conflict(failed: FailureError) -> bool:
    """A local activity's own error comes bare, a normal one's as the cause of another."""
    error = failed.cause if isinstance(failed, ActivityError) else failed
    return isinstance(error, ApplicationError) and error.type == EVENT_CONFLICT


class refusals:  # noqa: N801 - reads as a word at its use
    """Turns a rule's refusal into the rejection of an update: code as type, facts as detail."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, Refused):
            raise ApplicationError(
                error.code, error.facts, type=error.code, non_retryable=True
            ) from error
