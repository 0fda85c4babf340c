"""Reports and payments of an agreement, as the API answers them."""

from typing import Literal

from pydantic import Field

from api.described.base import Answer, Day, Instant
from api.described.conditions import Given, Judge
from schemas.agreements import Instrument, PaymentState, ReportKind, ReportState
from schemas.proposal import Assistance
from schemas.values import Money


class Cost(Answer):
    category: Assistance
    amount: Money


class HandedIn(Given):
    costs: list[Cost]


class RunningReport(Answer):
    id: str
    kind: ReportKind
    covers_from: Day
    covers_to: Day
    due_on: Day
    final: bool
    state: ReportState
    overdue: bool
    given: list[HandedIn]
    message: str | None = Field(description="What the partner was told with the last judgement.")


class PaymentGate(Answer):
    gate: Literal["day", "report", "condition", "assessment", "suspension"]
    what: str = Field(description="The day, report, condition or record; of a suspension its kind.")
    state: str | None
    by_partner: bool
    candidates: list[Judge] = Field(description="Who can open it. To staff alone.")


class RunningTranche(Answer):
    id: str
    fund: str | None = Field(description="To staff alone.")
    fiscal_year: str
    from_day: Day
    reports: list[str]
    holdback: bool
    amount: Money
    left: Money = Field(description="What may still be claimed.")
    paid: Money
    gates: list[PaymentGate] = Field(description="What holds a payment up now.")


class RunningPayment(HandedIn):
    id: str
    tranche: str
    state: PaymentState
    late: bool
    number: str | None = Field(description="The financial system's own.")
    paid_on: Day | None
    due_at: Instant
    claimed: Money
    certified: Money | None
    message: str | None
    gates: list[PaymentGate]


class Figures(Answer):
    agreed: Money
    committed: Money = Field(description="Neither certified nor paid.")
    certified: Money
    paid: Money
    held_back: Money = Field(description="Of what is held back, what was not claimed.")
    unclaimed: Money
    reported: list[Cost] = Field(description="As the last accepted financial report says.")


class MoneyReceived(Answer):
    amount: Money
    number: str = Field(description="The financial system's own.")
    received_on: Day
    at: Instant


class Closing(Answer):
    state: Literal["owed", "closed"]
    eligible: Money
    paid: Money
    owed: Money = Field(description="What was overpaid.")
    left: Money = Field(description="What is still to be paid back.")
    recovered: Money
    let_go: Money = Field(description="What was committed and not paid, once it is closed.")
    due_at: Instant | None
    overdue: bool
    closed_at: Instant | None
    receipts: list[MoneyReceived]


class RunningAgreement(Answer):
    reference: str
    began_at: Instant
    instrument: Instrument
    basis: Literal["advance", "reimbursement"]
    starts_on: Day
    ends_on: Day
    reports: list[RunningReport]
    tranches: list[RunningTranche]
    payments: list[RunningPayment]
    figures: Figures | None = Field(description="What it comes to now. To staff alone.")
    closing: Closing | None = Field(description="Once two people have agreed what was eligible.")
