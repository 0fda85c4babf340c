"""Funds, what is reserved against them, and what moved."""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Index,
    Integer,
    UniqueConstraint,
)
from sqlmodel import Field, SQLModel

from store.columns import an_instant as _instant
from store.columns import in_cents as _cents
from store.columns import some_json as _json


class FundRow(SQLModel, table=True):
    """A program's money of one vote line and fiscal year.

    `available = budget + deficit - reserved - committed - certified - paid`, never negative by
    the database's own constraint; a recorded cut may open a deficit, which takes nothing more.
    """

    __tablename__ = "funds"
    id: str = Field(primary_key=True)
    programme: str
    vote: str
    fiscal_year: str
    state: str = "voted"
    budget: int = _cents()
    reserved: int = _cents()
    committed: int = _cents()
    certified: int = _cents()
    paid: int = _cents()
    deficit: int = _cents()
    __table_args__ = (
        UniqueConstraint("programme", "vote", "fiscal_year"),
        CheckConstraint(
            "budget >= 0 AND reserved >= 0 AND committed >= 0 AND paid >= 0 AND deficit >= 0",
            name="fund_amounts_not_negative",
        ),
        CheckConstraint(
            "budget + deficit - reserved - committed - paid >= 0", name="fund_not_overcommitted"
        ),
        CheckConstraint(
            "certified >= 0 AND budget + deficit - reserved - committed - certified - paid >= 0",
            name="fund_certified_within",
        ),
    )


class ReservationRow(SQLModel, table=True):
    """What a proposal asked for: the recorded order of the queue is priority, then `asked_seq`."""

    __tablename__ = "reservations"
    id: str = Field(primary_key=True)
    reference: str = Field(index=True)
    state: str = Field(index=True)
    """queued, reserved, committed or released."""
    priority: int = 0
    asked_seq: int = Field(default=0, sa_column=Column(Integer, nullable=False, unique=True))
    slices: list[dict[str, Any]] = _json()
    answer: str = "queued"
    """The first answer, which every repeat of the request gets."""
    offers: int = 0
    """How often money that came free was given to it."""
    passed: bool = False
    """It has passed money on, and lets others by until money comes free again."""


class ReservationFundRow(SQLModel, table=True):
    """Which reservations draw on a fund: the index behind queues and commitments."""

    __tablename__ = "reservation_funds"
    fund: str = Field(primary_key=True)
    reservation: str = Field(primary_key=True)
    __table_args__ = (Index("ix_reservation_funds_reservation", "reservation"),)


class FundMoveRow(SQLModel, table=True):
    """The append-only ledger: one line per move of a reservation in a fund."""

    __tablename__ = "fund_moves"
    reservation: str = Field(primary_key=True)
    fund: str = Field(primary_key=True, foreign_key="funds.id")
    move: str = Field(primary_key=True)
    """reserve:n, release:n (n counts offers), reduce:n, commit, uncommit, and certify:k,
    uncertify:k, pay:k, recover:k, decommit:k (k is the request's key)."""
    cents: int = _cents()
    recorded_at: datetime = _instant()


class FundCorrectionRow(SQLModel, table=True):
    """A correction of a fund: proposed by one person, done once a second has confirmed it."""

    __tablename__ = "fund_corrections"
    id: str = Field(primary_key=True)
    fund: str = Field(foreign_key="funds.id", index=True)
    kind: str
    """budget, state or transfer; each uses the fields that it needs."""
    budget: int | None = Field(default=None, sa_type=BigInteger)
    fund_state: str | None = None
    target: str | None = Field(default=None, foreign_key="funds.id")
    """Where transferred money goes."""
    cents: int | None = Field(default=None, sa_type=BigInteger)
    budget_seen: int = _cents()
    state_seen: str
    """How the fund stood when it was proposed."""
    state: str = Field(index=True)
    """proposed, done, refused, withdrawn or lapsed."""
    reason: str
    """The text that says why."""
    proposed_by: str
    proposed_at: datetime = _instant()
    due_at: datetime = _instant()
    ended_by: str | None = None
    ended_at: datetime | None = _instant(nullable=True)
    answer: str | None = None
    """The text that says why it was refused or withdrawn."""


class FundCorrectionLineRow(SQLModel, table=True):
    """The append-only ledger of what was corrected: one line per correction and fund."""

    __tablename__ = "fund_correction_lines"
    correction: str = Field(primary_key=True)
    fund: str = Field(primary_key=True, foreign_key="funds.id")
    number: int
    """The place of the line among those of its fund, from 1 on without a gap."""
    kind: str
    budget_before: int = _cents()
    budget_after: int = _cents()
    state_before: str
    state_after: str
    recorded_at: datetime = _instant()
    __table_args__ = (UniqueConstraint("fund", "number"),)
