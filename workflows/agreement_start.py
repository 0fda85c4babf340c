"""What an agreement begins with: handed over by its proposal, and by each execution to the next.

Whatever `workflows.life.Life` keeps stands here too, or a long life would forget it the first
time that its execution is continued as a new one.
"""

from dataclasses import dataclass
from datetime import datetime

from policy.rules.ladder import Rung
from schemas.acts import Act
from schemas.agreements import Particulars, PaymentState, ReportKind, ReportState, Schedule
from schemas.messages import Entry, Slice
from schemas.tasks import TaskKind
from schemas.terms import ProcessRules
from schemas.values import Value
from workflows.docket import Hold, Obligation
from workflows.tasks import Task


@dataclass
class Report:
    """A report that the partner owes, and where it stands."""

    id: str
    kind: ReportKind
    due_at: datetime
    rungs: tuple[Rung, ...]
    """The reminders that are still to come."""
    state: ReportState = ReportState.DUE


@dataclass
class Payment:
    """A part of a tranche that was claimed, and where it stands."""

    id: str
    tranche: str
    cents: int
    due_at: datetime
    state: PaymentState = PaymentState.CLAIMED
    certified: int = 0
    attempts: int = 0
    """How often it was certified: each time is a move of money of its own."""
    late: bool = False
    """It was said to be."""


@dataclass
class Closing:
    """What a closing that two people agree on comes to, until nothing is owed any more."""

    eligible: int
    paid: int
    owed: int
    """What was overpaid, whatever came back since."""
    due_at: datetime | None = None
    rungs: tuple[Rung, ...] = ()
    """The reminders that are still to come."""
    recovered: tuple[Slice, ...] = ()
    receipts: int = 0

    @property
    def left(self) -> int:
        """What is still owed, in cents."""
        return self.owed - sum(each.cents for each in self.recovered)


@dataclass
class Lapsed:
    """A record that findings rested on and that no longer holds, until these are made anew."""

    record: str
    why: str
    kinds: tuple[TaskKind, ...]
    """The findings that are still to be made."""


class AgreementStart(Value):
    """The whole of a life, between two executions."""

    reference: str
    revision: int
    organization: str
    submitted_by: str
    rules: ProcessRules
    policy_version: str
    seed: str | None
    signed_at: datetime
    acts: tuple[Act, ...]
    """Who has decided what: duties are separated from the first decision to the last payment."""
    obligations: tuple[Obligation, ...]
    tasks: tuple[Task, ...] = ()
    """The open ones, and what they are about."""
    tasks_opened: int
    asked: dict[str, str] = {}
    """The last task of each question: asked anew, the store knows whose answer no longer stands."""
    holds: tuple[Hold, ...] = ()
    holds_set: int = 0
    particulars: Particulars | None = None
    schedule: Schedule | None = None
    screenings: int = 0
    """How often it was screened again since it began."""
    reports: tuple[Report, ...] = ()
    payments: tuple[Payment, ...] = ()
    payments_claimed: int = 0
    lapsed: tuple[Lapsed, ...] = ()
    reassessed: dict[TaskKind, str] = {}
    """The finding that counts now, where one was made anew since the signature."""
    closing: Closing | None = None
    emitted: int = 0
    last: Entry | None = None
    """The last thing said: whoever asks for what is new is given what they know again with it."""
    answered: tuple[str, ...] = ()
    """The acts taken last: the engine knows a repeated one only within one execution."""


class Handover(Value):
    """Where a proposal stands with its agreement, for whoever relays."""

    is_relayed: bool
    """Somebody else has to begin it; proposals of earlier code begin it by themselves."""
    start: AgreementStart | None = None
    """What it begins with; None until nothing is left to the proposal."""
