"""What is known of one proposal under way: its facts, its tasks, and what happened to it.

The one place where state is kept, tasks are opened and cancelled, and events are left to be
recorded. What follows from what stands in the modules named after their subjects (`reviews`,
`funding`, `returns` ...); `workflows.case` is how the outside speaks to it all.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from policy.rules import holds
from policy.rules.ladder import Rung
from policy.rules.repairs import Ground
from schemas.events import EventType, TextRef
from schemas.holds import HoldKind, QuestionState
from schemas.messages import MoneyMove, MoneyRequest, ProposalStart, Slice, Submission
from schemas.people import SYSTEM, Actor
from schemas.proposal import DeskShare, Outcome, Section, Stage, Trigger
from schemas.repairs import RepairPlan
from schemas.tasks import TaskKind
from schemas.terms import FindingRule
from workflows.docket import Docket, Hold
from workflows.tasks import Task


@dataclass
class Clock:
    """The time to a decision, in business days; stopped while the partner holds the ball."""

    due_at: datetime | None
    days_left: int | None = None


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
    moved_from: tuple[Slice, ...] | None = None
    """What it held before it was asked to be moved to other years; None: the store has answered."""
    part: tuple[Slice, ...] | None = None
    """What was approved of it; the rest is let go once the partner is told, until when the approval
    may be taken back. None: all of it, or it is let go."""
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
    holds: tuple[Hold, ...] = ()
    """What an officer had paused it with: a decision that is taken back leaves it paused."""


@dataclass
class Agreement:
    """Who has signed, and until when the partner may."""

    told_at: datetime
    due_at: datetime | None
    days_left: int | None = None
    conditions_accepted: bool = False
    partner_signed: bool = False
    department_signed: bool = False
    is_outdated: bool = False
    """Its schedule names a year whose money has lapsed: nobody signs before it is drawn up anew."""
    signs_anew: bool = False
    """It was drawn up anew while the department was asked to sign: it is asked again."""


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


class Dossier(Docket):
    """One proposal from its submission on: what its parts share."""

    def __init__(self, start: ProposalStart, now: datetime) -> None:
        super().__init__(
            reference=start.submission.reference,
            rules=start.rules,
            policy_version=start.policy_version,
            seed=start.seed,
            now=now,
        )
        self.keeps_money_untold = start.keeps_money_untold
        self.renews_approvals = start.renews_approvals
        self.approves_in_part = start.approves_in_part
        self.ends_years = start.ends_years
        self.years_warned: set[str] = set()
        self.moves = 0
        """How often it went on under newer terms."""
        self.carried: tuple[FindingRule, ...] = ()
        self.submission = start.submission
        self.stage = Stage.ELIGIBILITY
        self.asks: list[str] = []
        self.questions: dict[str, Question] = {}
        self.triggers: frozenset[Trigger] = frozenset(start.submission.triggers)
        self.reservation: Reservation | None = None
        self.reservations = 0
        self.returned: Returned | None = None
        self.repair: RepairUnderWay | None = None
        self.repairs = 0
        self.agreement: Agreement | None = None
        self.call_is_open = start.submission.call is not None
        self.screening = Screening(wanted=0 if self.call_is_open else 1)
        self.closed_at: datetime | None = None
        self.ended: Ended | None = None
        self.approved: Ended | None = None
        """Where and by which task it was approved: what taking that back begins from."""
        self.undone: dict[str, tuple[str, datetime]] = {}
        """The decisions that were taken back before they were told: by whom, and when."""
        self.letters = 0
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
    def revision(self) -> int:
        return self.submission.revision

    @property
    def consulted(self) -> tuple[DeskShare, ...]:
        """The desks that are touched beside the one that leads."""
        lead = self.submission.lead
        return tuple(share for share in self.submission.desks if share.desk != lead)

    @property
    def seals(self) -> set[str]:
        return {hold.id for hold in self.holds.values() if hold.kind is HoldKind.SEAL}

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

    def letter(
        self, kind: str, told_at: datetime, task: Task | None = None, template: str | None = None
    ) -> None:
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
                "template": template or f"{kind}/1",
                "told_at": told_at,
                "task": task.id if task else None,
            },
            texts={"message": message} if message else None,
        )

    def take_letter_back(self) -> None:
        """Let the partner never read of the decision that it has not been told of yet.

        Money that an approval without an agreement made firm is reserved again.
        """
        letter = f"{self.submission.reference}-L{self.letters:02d}"
        held, money = self.reservation, None
        if held is not None:
            held.part = None
        if held is not None and held.state == "committed":
            held.state = "reserved"
            money = MoneyRequest(reservation=held.id, move=MoneyMove.UNCOMMIT)
        self.emit(EventType.LETTER_TAKEN_BACK, SYSTEM, data={"letter": letter}, money=money)
        self.letters -= 1  # the next letter takes its number: a gap would tell of this one
        self.told_at = None


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
