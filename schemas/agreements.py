"""An agreement that runs: its period and money, its reports, its tranches, what they wait for."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Literal

from schemas.acts import Act
from schemas.people import Candidate
from schemas.tasks import ConditionFact, ConditionState
from schemas.terms import ProcessRules
from schemas.values import Value

Instrument = Literal["grant", "contribution", "memorandum"]


class YearSlice(Value):
    """Money of one fund, with the fiscal year that it must be paid in."""

    fund: str
    fiscal_year: str
    cents: int


class Particulars(Value):
    """What the store knows of a signed agreement and the engine does not: codes, days and cents."""

    instrument: Instrument
    starts_on: date
    ends_on: date
    reservation: str | None
    slices: tuple[YearSlice, ...]
    most_history: int
    """After how many events of the engine its life is continued as a new execution."""


class Beginning(StrEnum):
    """What became of the wish that an agreement begins."""

    BEGUN = "begun"
    HAD_BEGUN = "had_begun"
    NOT_YET = "not_yet"
    """Its proposal has something left to do, or may still be taken back."""
    BY_ITSELF = "by_itself"
    """Its proposal started before decision 0019 and begins it as a child."""


class ReportKind(StrEnum):
    PROGRESS = "progress"
    """What was done and achieved; an officer of the program reads it."""
    FINANCIAL = "financial"
    """What was spent, by category; a finance officer reads it."""


class ReportState(StrEnum):
    DUE = "due"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    ACCEPTED = "accepted"


class PaymentState(StrEnum):
    CLAIMED = "claimed"
    """It waits for a certifier."""
    CERTIFIED = "certified"
    """It waits for a payment authority."""
    REQUISITIONED = "requisitioned"
    """It waits for the advice of the financial system."""
    PAID = "paid"
    RETURNED = "returned"
    """The partner may ask anew."""

    @property
    def counts(self) -> bool:
        """Whether its money is taken from its tranche."""
        return self is not PaymentState.RETURNED


DEBT = "D01"
"""What an overpayment is called; an agreement closes once, so it has one at most."""


class ClosedGate(Value):
    """One thing that holds a payment up, and who can change it."""

    gate: Literal["day", "report", "condition", "assessment", "suspension"]
    what: str
    """The day, the report, the condition, the record that no longer holds, or the kind of hold."""
    state: str | None = None
    by_partner: bool = False
    """The partner has it in hand."""
    candidates: tuple[Candidate, ...] = ()
    """Who of the department can open it."""


class PlannedReport(Value):
    """A report that the partner owes for a part of the agreement's time."""

    id: str
    kind: ReportKind
    covers_from: date
    covers_to: date
    due_on: date
    final: bool = False


class Tranche(Value):
    """A part of the money of one fund, and what must be so before it is paid."""

    id: str
    fund: str
    fiscal_year: str
    cents: int
    from_day: date
    """It is not paid before."""
    reports: tuple[str, ...] = ()
    """Those that must be accepted."""
    holdback: bool = False


class Schedule(Value):
    """What an agreement owes and is owed, set at the signature."""

    instrument: Instrument
    basis: Literal["advance", "reimbursement"]
    starts_on: date
    ends_on: date
    reports: tuple[PlannedReport, ...]
    tranches: tuple[Tranche, ...]


class Followed(Value):
    """A condition of an agreement that is adopted, as the store knows it."""

    condition: ConditionFact
    state: ConditionState
    given_by: tuple[str, ...]
    judges: tuple[Candidate, ...]


class Adopted(Value):
    """An agreement that both signed before agreements had lives of their own."""

    reference: str
    revision: int
    organization: str
    submitted_by: str
    rules: ProcessRules
    policy_version: str
    signed_at: datetime
    acts: tuple[Act, ...]
    conditions: tuple[Followed, ...]
    tasks_opened: int
    seed: str
