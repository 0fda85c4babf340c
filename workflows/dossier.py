"""What is known of one proposal under way: its facts, its tasks, and what happened to it.

The one place where state is kept, tasks are opened and cancelled, and events are left to be
recorded. What follows from what stands in the modules named after their subjects (`reviews`,
`funding`, `returns` ...); `workflows.case` is how the outside speaks to it all.
"""

from collections import deque
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from policy.rules import clocks, holds, ladder
from policy.rules.ladder import Rung
from policy.rules.repairs import Ground
from schemas.events import WORKFLOW, Event, EventType, TextRef
from schemas.holds import HoldKind, QuestionState
from schemas.messages import Entry, MoneyMove, MoneyRequest, ProposalStart, Slice, Submission
from schemas.people import SYSTEM, Actor, Candidate, Level
from schemas.proposal import DeskShare, Outcome, Section, Stage, Trigger
from schemas.repairs import RepairPlan
from schemas.tasks import ConditionState, Gate, KeptBy, TaskKind, TaskState
from schemas.terms import FindingRule
from schemas.values import instant
from workflows.tasks import Task, candidates_for, id_of

_DAYS_OF_OLDER_TERMS = 10


@dataclass
class Clock:
    """The time to a decision, in business days; stopped while the partner holds the ball."""

    due_at: datetime | None
    days_left: int | None = None


@dataclass(frozen=True)
class Hold:
    """One thing that pauses the proposal; several may, and each ends by itself."""

    id: str
    kind: HoldKind


@dataclass
class Reservation:
    """Money asked for: `asked` until the store has answered."""

    id: str
    slices: tuple[Slice, ...]
    priority: int
    state: str
    queued_since: datetime | None = None
    offer_task: str | None = None
    """The recommendation that answers the offer; None: it is still to be asked for."""
    wait: Clock | None = None
    """How long it waits for money, once that was stopped; None: as the terms say, from the day
    on which it was queued."""


@dataclass
class Returned:
    """What the partner was asked to change, and by when."""

    sections: tuple[Section, ...]
    due_at: datetime | None
    days_left: int | None = None


@dataclass
class Question:
    """What the partner is asked without anything being changed; a hold of the same id stands."""

    id: str
    asker: Actor
    due_at: datetime
    rungs: tuple[Rung, ...]
    """The reminders that are still to come, and its end."""
    state: QuestionState = QuestionState.OPEN

    @property
    def is_open(self) -> bool:
        return self.state is QuestionState.OPEN


@dataclass
class Ended:
    """How it was decided against the partner or ended: what a reconsideration begins from."""

    stage: Stage
    task: str | None
    """The decision that ended it; None: time did, or the partner."""
    days_left: int | None
    """Of the clock to a decision."""
    cut_off: list[str] = field(default_factory=list)
    """The tasks that were open then."""
    told_at: datetime | None = None
    is_reconsidered: bool = False
    """A decision is reconsidered once."""
    clock: Clock = field(default_factory=lambda: Clock(None))
    """The clock to a decision as it stood: who takes the decision back gets no new time."""


@dataclass
class Agreement:
    """Who has signed, and until when the partner may."""

    told_at: datetime
    due_at: datetime | None
    days_left: int | None = None
    conditions_accepted: bool = False
    partner_signed: bool = False
    department_signed: bool = False


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


@dataclass
class Screening:
    """`wanted` counts requests; screening is done when the last one has been answered."""

    wanted: int
    answered: int = 0
    lists: tuple[str, ...] = ()
    said_missing: bool = False

    @property
    def is_done(self) -> bool:
        return self.answered == self.wanted and bool(self.lists)


@dataclass(frozen=True)
class RepairUnderWay:
    """A repair that waits for its confirmation, and what it was proposed for."""

    id: str
    plan: RepairPlan
    proposed_by: Actor
    texts: dict[str, TextRef]
    task: str
    ground: Ground


_OF_A_SEAT = ("seat", "of")


class Dossier:
    """One proposal from its submission on: what its parts share."""

    def __init__(self, start: ProposalStart, now: datetime) -> None:
        self.rules = start.rules
        self.policy_version = start.policy_version
        self._seed = start.seed
        self.keeps_money_untold = start.keeps_money_untold
        self.moves = 0
        """How often it went on under newer terms."""
        self.carried: tuple[FindingRule, ...] = ()
        self.submission = start.submission
        self.stage = Stage.ELIGIBILITY
        self.outcome: Outcome | None = None
        self.tasks: dict[str, Task] = {}
        self.asks: list[str] = []
        self.holds: dict[str, Hold] = {}
        self.holds_set = 0
        self.questions: dict[str, Question] = {}
        self.triggers: frozenset[Trigger] = frozenset(start.submission.triggers)
        self.reservation: Reservation | None = None
        self.reservations = 0
        self.returned: Returned | None = None
        self.repair: RepairUnderWay | None = None
        self.repairs = 0
        self.unstuck = 0
        """How often a repair has asked for the timer and the record anew."""
        self.agreement: Agreement | None = None
        self.obligations: dict[str, Obligation] = {}
        """The conditions of the approval, by id, in the order in which they were set."""
        self.call_is_open = start.submission.call is not None
        self.screening = Screening(wanted=0 if self.call_is_open else 1)
        self.closed_at: datetime | None = None
        self.ended: Ended | None = None
        self.approved: Ended | None = None
        """Where and by which task it was approved: what taking that back begins from."""
        self.undone: dict[str, tuple[str, datetime]] = {}
        """The decisions that were taken back before they were told: by whom, and when."""
        self.told_at: datetime | None = None
        """When the partner is told of the decision: until then nothing may hint at it."""
        self.letters = 0
        self.outbox: deque[Entry] = deque()
        self.emitted = 0
        self.now = now
        read_from = start.submission.read_from or start.submission.submitted_at
        self.clock = Clock(self.due(self.rules.decision_days, read_from))
        self.stage_clock = Clock(None)
        self.stage_days_left: dict[Stage, int] = {}
        self.missed: set[str] = set()
        self.warned: set[tuple[str, int]] = set()
        self.climbed: set[tuple[str, int]] = set()
        """The steps above a missed standard that were taken."""
        self.emit(
            EventType.SUBMITTED,
            self.submission.actor,
            occurred_at=self.submission.submitted_at,
            request_id=self.submission.request_id,
            texts={"content": self.submission.content},
            data={
                **revision_facts(self.submission),
                "organization": self.submission.organization,
                "programme": self.rules.programme,
                "due_at": self.clock.due_at,
                **({"call": self.submission.call} if self.call_is_open else {}),
            },
        )
        self.enter(Stage.ELIGIBILITY)

    # ---- what stands

    @property
    def holidays(self) -> tuple[date, ...]:
        return self.rules.holidays

    @property
    def consulted(self) -> tuple[DeskShare, ...]:
        """The desks that are touched beside the one that leads."""
        lead = self.submission.lead
        return tuple(share for share in self.submission.desks if share.desk != lead)

    @property
    def seals(self) -> set[str]:
        return {hold.id for hold in self.holds.values() if hold.kind is HoldKind.SEAL}

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
        asked = {name: value for name, value in (detail or {}).items() if name not in _OF_A_SEAT}
        seats = [
            self._open_one(
                kind,
                earlier,
                group=group,
                subject=subject,
                confirms=confirms,
                arbitrates=arbitrates,
                desk=desk,
                rung=rung,
                candidates=candidates,
                detail={**asked, **({"seat": seat, "of": people} if group else {})},
            )
            for seat in range(1, people + 1)
        ]
        return seats[0]

    def _next_id(self) -> str:
        return id_of(self.submission.reference, len(self.tasks) + 1, self._seed)

    def _open_one(
        self,
        kind: TaskKind,
        earlier: list[Task],
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
            revision=self.submission.revision,
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
        if earlier:
            task.previous = earlier[-1].id
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

    def reopen(self, task: Task) -> Task:
        """Ask the question of *task* again, as it was asked."""
        return self.open(
            task.kind,
            subject=task.subject,
            confirms=task.confirms,
            arbitrates=task.arbitrates,
            desk=task.subject if task.kind in (TaskKind.CONSULT, TaskKind.SIGN_OFF) else None,
            rung=task.detail.get("rung"),
            detail=task.detail,
        )

    def cancel(self, task: Task) -> None:
        task.state, task.decided_at = TaskState.CANCELLED, self.now
        self.emit(EventType.TASK_CANCELLED, SYSTEM, data={"task": task.id, "kind": task.kind})

    # ---- what is left to be recorded

    def enter(self, stage: Stage) -> None:
        self.stop_stage_clock()
        self.stage = stage
        data: dict[str, Any] = {"stage": stage}
        standards = self.rules.standards
        if standards is not None and stage in standards.stage_days and not self.call_is_open:
            days = self.stage_days_left.get(stage, standards.stage_days[stage])
            if holds.stop_decision(self.hold_kinds):
                self.stage_days_left[stage] = days
                self.stage_clock = Clock(None, days)
                data["stage_days_left"] = days
            else:
                self.stage_clock = Clock(self.due(days, self.now))
                data["due_at"] = self.stage_clock.due_at
        self.emit(EventType.STAGE_ENTERED, SYSTEM, data=data)

    def stop_stage_clock(self) -> None:
        """Keep the days that the stage has left: it goes on with them when work comes back."""
        if self.stage_clock.due_at is not None:
            left = self.days_left(self.stage_clock.due_at)
            self.stage_days_left[self.stage] = left
            self.stage_clock = Clock(None, left)
        else:
            self.stage_clock = Clock(None)

    def letter(self, kind: str, told_at: datetime, task: Task | None = None) -> None:
        """Leave a letter as data; the words for the partner are the deciding task's."""
        self.letters += 1
        if kind in frozenset(Outcome):
            self.told_at = told_at
        message = task.texts.get("message_to_partner") if task else None
        self.emit(
            EventType.LETTER_WRITTEN,
            SYSTEM,
            data={
                "letter": f"{self.submission.reference}-L{self.letters:02d}",
                "kind": kind,
                "template": f"{kind}/1",
                "told_at": told_at,
                "task": task.id if task else None,
            },
            texts={"message": message} if message else None,
        )

    def is_untold(self, now: datetime) -> bool:
        """Whether there is a decision whose undo window still runs."""
        return self.outcome is not None and self.told_at is not None and now < self.told_at

    def take_letter_back(self) -> None:
        """Let the partner never read of the decision that it has not been told of yet.

        Money that an approval without an agreement made firm is reserved again.
        """
        letter = f"{self.submission.reference}-L{self.letters:02d}"
        held, money = self.reservation, None
        if held is not None and held.state == "committed":
            held.state = "reserved"
            money = MoneyRequest(reservation=held.id, move=MoneyMove.UNCOMMIT)
        self.emit(EventType.LETTER_TAKEN_BACK, SYSTEM, data={"letter": letter}, money=money)
        self.letters -= 1  # the next letter takes its number: a gap would tell of this one
        self.told_at = None

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
            subject=self.submission.reference,
            source=WORKFLOW,
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


def revision_facts(submission: Submission) -> dict[str, Any]:
    return {
        "revision": submission.revision,
        "sha256": submission.sha256,
        "checks": dict(submission.checks),
        "triggers": list(submission.triggers),
        "desks": [share.model_dump(mode="json") for share in submission.desks],
        "lead": submission.lead,
        "amount_cents": submission.amount_cents,
    }


def told(moment: datetime | None) -> str | None:
    """An instant as events and refusals tell it."""
    return instant(moment) if moment else None


def _plain(value: Any) -> Any:
    return instant(value) if isinstance(value, datetime) else value
