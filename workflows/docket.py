"""What every life that people work on has: tasks, holds, conditions, events yet to be recorded.

A proposal under way (`workflows.dossier`) and an agreement that runs (`workflows.life`) are both
such a docket, so that their tasks open, remind, pause and are told in one way.
"""

from abc import ABC, abstractmethod
from collections import deque
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from policy.rules import clocks, holds, ladder
from policy.rules.ladder import Rung
from schemas.events import WORKFLOW, Event, EventType, TextRef
from schemas.holds import HoldKind
from schemas.messages import Decision, Entry, MoneyAnswer, MoneyRequest
from schemas.people import SYSTEM, Actor, Candidate, Level
from schemas.proposal import Outcome, Stage
from schemas.tasks import OUTCOMES, ConditionState, Gate, KeptBy, TaskKind, TaskState
from schemas.terms import ProcessRules
from schemas.values import instant
from workflows.tasks import Task, candidates_for, id_of, question_of

_DAYS_OF_OLDER_TERMS = 10


@dataclass(frozen=True)
class Hold:
    """One thing that pauses the proposal; several may, and each ends by itself."""

    id: str
    kind: HoldKind
    since: datetime | None = None
    reason: str | None = None
    """The id of its words, where it has any."""


@dataclass
class Obligation:
    """A condition that binds since the approval, and what has become of it."""

    id: str
    gate: Gate
    kept_by: KeptBy
    due_at: datetime | None
    candidates: tuple[Candidate, ...]
    """Who judges whether it is met."""
    rungs: tuple[Rung, ...] = ()
    """The reminders that are still to come, and whom its date asks."""
    state: ConditionState = ConditionState.OPEN
    given_by: set[str] = field(default_factory=set)

    @property
    def is_open(self) -> bool:
        return not self.state.is_over


_OF_A_SEAT = ("seat", "of")


class Docket(ABC):
    """Tasks, holds and conditions of one life, and the events that wait to be recorded."""

    source = WORKFLOW
    """Whose events these are, beside the others of the same chain."""
    stage: Stage

    def __init__(
        self,
        *,
        reference: str,
        rules: ProcessRules,
        policy_version: str,
        seed: str | None,
        now: datetime,
    ) -> None:
        self.reference = reference
        self.rules = rules
        self.policy_version = policy_version
        self.seed = seed
        self.outcome: Outcome | None = None
        self.tasks: dict[str, Task] = {}
        self.asked: dict[str, str] = {}
        """The last task of each question, whichever execution opened it."""
        self.holds: dict[str, Hold] = {}
        self.holds_set = 0
        self.obligations: dict[str, Obligation] = {}
        """The conditions of the approval, by id, in the order in which they were set."""
        self.told_at: datetime | None = None
        """When the partner is told of the decision: until then nothing may hint at it."""
        self.unstuck = 0
        """How often a repair has asked for the timer and the record anew."""
        self.outbox: deque[Entry] = deque()
        self.emitted = 0
        self.now = now

    @property
    @abstractmethod
    def revision(self) -> int:
        """The revision that tasks are about."""

    @abstractmethod
    def digest(self) -> str:
        """SHA-256 of everything that later decisions depend on."""

    @abstractmethod
    def next_deadline(self) -> datetime | None:
        """The next moment at which time alone changes something."""

    @abstractmethod
    def take_time(self, now: datetime) -> None:
        """Let what has fallen due take effect."""

    @abstractmethod
    def take_money(self, reservation: str, answer: MoneyAnswer) -> None:
        """The store's answer to money asked for."""

    # ---- what stands

    @property
    def holidays(self) -> tuple[date, ...]:
        return self.rules.holidays

    @property
    def hold_kinds(self) -> set[HoldKind]:
        return {hold.kind for hold in self.holds.values()}

    def is_paused(self, task: Task) -> bool:
        """Whether nothing may be decided on *task* now, and its clock stands still."""
        return not task.is_repair and holds.is_paused(
            self.hold_kinds, task.kind, ends_a_seal=task.is_sealing
        )

    def due(self, days: int, start: datetime) -> datetime:
        return clocks.due_at(start, days, self.holidays)

    def days_left(self, due_at: datetime) -> int:
        return clocks.days_left(self.now, due_at, self.holidays)

    def open_tasks(self) -> list[Task]:
        return [task for task in self.tasks.values() if task.is_open]

    def seats(self, task: Task) -> list[Task]:
        """The tasks that ask the question of *task* of several people at once; *task* itself."""
        if task.group is None:
            return [task]
        return [other for other in self.tasks.values() if other.group == task.group]

    def standing(self, kind: TaskKind, subject: str | None = None) -> Task | None:
        """The task that asks or has answered this question, if its answer still stands."""
        for task in reversed(self.tasks.values()):
            if (
                task.kind is kind
                and task.stands
                and not task.joined
                and task.state is not TaskState.CANCELLED
                and (subject is None or task.subject == subject)
            ):
                return task
        return None

    def is_untold(self, now: datetime) -> bool:
        """Whether there is a decision whose undo window still runs."""
        return self.outcome is not None and self.told_at is not None and now < self.told_at

    # ---- its tasks

    def open(
        self,
        kind: TaskKind,
        *,
        subject: str | None = None,
        confirms: str | None = None,
        arbitrates: str | None = None,
        desk: str | None = None,
        rung: Level | None = None,
        detail: dict[str, Any] | None = None,
        candidates: tuple[Candidate, ...] | None = None,
    ) -> Task:
        """Ask a question, of as many people as the terms ask for; the first of its tasks.

        With *candidates* one of them is asked, whatever the terms say of the kind.
        """
        question = (kind, subject or confirms or arbitrates)
        earlier = [task for task in self.tasks.values() if task.answers_to == question]
        people = 1 if candidates is not None else self.rules.quorum.get(kind, 1)
        group = self._next_id() if people > 1 else None
        kept = {name: value for name, value in (detail or {}).items() if name not in _OF_A_SEAT}
        previous = self.asked.get(question_of(*question))
        seats = [
            self._open_one(
                kind,
                earlier,
                previous,
                group=group,
                subject=subject,
                confirms=confirms,
                arbitrates=arbitrates,
                desk=desk,
                rung=rung,
                candidates=candidates,
                detail={**kept, **({"seat": seat, "of": people} if group else {})},
            )
            for seat in range(1, people + 1)
        ]
        self.asked[question_of(*question)] = seats[-1].id
        return seats[0]

    @property
    def tasks_opened(self) -> int:
        """How many tasks were ever opened, of which each has an id of its own."""
        return len(self.tasks)

    def _next_id(self) -> str:
        return id_of(self.reference, self.tasks_opened + 1, self.seed)

    def _open_one(
        self,
        kind: TaskKind,
        earlier: list[Task],
        previous: str | None,
        *,
        group: str | None,
        subject: str | None,
        confirms: str | None,
        arbitrates: str | None,
        desk: str | None,
        rung: Level | None,
        candidates: tuple[Candidate, ...] | None,
        detail: dict[str, Any],
    ) -> Task:
        stage = self.stage if kind is not TaskKind.ADJUDICATE else Stage.COMPLIANCE
        confirmed = self.tasks.get(confirms or "")
        candidates = candidates or (
            confirmed.candidates
            if confirmed
            else candidates_for(kind, self.rules.programme, desk=desk, rung=rung)
        )
        task = Task(
            id=self._next_id(),
            kind=kind,
            stage=stage,
            revision=self.revision,
            candidates=candidates,
            opened_at=self.now,
            due_at=self.due(self._days_for(kind), self.now),
            subject=subject,
            confirms=confirms,
            arbitrates=arbitrates,
            detail=detail,
            group=group,
        )
        if self.is_paused(task):
            task.days_left = self._days_for(kind)
        else:
            self.start_ladder(task)
        task.previous = previous
        replaced = [t.id for t in earlier if t.stands and t.id != task.previous]
        for each in earlier:
            each.stands = False
        self.tasks[task.id] = task
        self.emit(
            EventType.TASK_OPENED,
            SYSTEM,
            data={
                "task": task.id,
                "kind": kind,
                "stage": stage,
                "revision": task.revision,
                "candidates": [c.model_dump(mode="json") for c in candidates],
                "due_at": task.due_at,
                "subject": subject,
                "confirms": confirms,
                "arbitrates": arbitrates,
                "previous": task.previous,
                "detail": task.detail,
                **({"replaced": replaced} if replaced else {}),
                **self._ladder(kind),
            },
        )
        return task

    def _days_for(self, kind: TaskKind) -> int:
        """Terms that are older than a kind of task do not say how long it takes."""
        return self.rules.task_days.get(kind, _DAYS_OF_OLDER_TERMS)

    def start_ladder(self, task: Task) -> None:
        """Let the steps of *task* begin, or go on, from now: what is past is not made up for."""
        rule = self.rules.clocks.get(task.kind)
        if rule is not None:
            task.rungs = tuple(
                rung
                for rung in ladder.rungs(rule, task.due_at, self.holidays)
                if rung.at > self.now and rung.code not in task.reached
            )

    def _ladder(self, kind: TaskKind) -> dict[str, Any]:
        """The steps as they are promised; nothing under terms that have none."""
        rule = self.rules.clocks.get(kind)
        return {"ladder": rule.model_dump(mode="json")} if rule else {}

    def take_decision(self, task: Task, decision: Decision, now: datetime) -> None:
        """Note on *task* what was decided of it, by whom, and in which words."""
        task.state, task.outcome = TaskState.DONE, decision.outcome
        task.decided_by, task.decided_at = decision.actor, now
        task.facts, task.texts = decision.facts, decision.texts

    def tell_decision(self, task: Task, decision: Decision, money: MoneyRequest | None) -> None:
        """Leave that *task* was decided, with the money that moves along."""
        self.emit(
            EventType.TASK_DECIDED,
            decision.actor,
            request_id=decision.request_id,
            texts=decision.texts,
            data={
                "task": task.id,
                "kind": task.kind,
                "outcome": task.outcome,
                "effect": OUTCOMES[task.kind][decision.outcome],
                "sections": list(task.sections),
                "facts": decision.facts.model_dump(mode="json", exclude_defaults=True),
                **({"joined": True} if task.joined else {}),
            },
            money=money,
        )

    def cancel(self, task: Task) -> None:
        task.state, task.decided_at = TaskState.CANCELLED, self.now
        self.emit(EventType.TASK_CANCELLED, SYSTEM, data={"task": task.id, "kind": task.kind})

    # ---- what is left to be recorded

    def emit(
        self,
        event_type: EventType,
        actor: Actor,
        *,
        data: dict[str, Any] | None = None,
        texts: dict[str, TextRef] | None = None,
        request_id: str | None = None,
        occurred_at: datetime | None = None,
        money: MoneyRequest | None = None,
    ) -> None:
        self.emitted += 1
        event = Event(
            subject=self.reference,
            source=self.source,
            source_seq=self.emitted,
            type=event_type,
            occurred_at=occurred_at or self.now,
            actor=actor,
            request_id=request_id,
            policy_version=self.policy_version,
            data={name: _plain(value) for name, value in (data or {}).items()},
            texts=texts or {},
        )
        self.outbox.append(Entry(event=event, money=money))


def told(moment: datetime | None) -> str | None:
    """An instant as events and refusals tell it."""
    return instant(moment) if moment else None


def _plain(value: Any) -> Any:
    return instant(value) if isinstance(value, datetime) else value
