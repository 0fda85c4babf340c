"""Funds as one person proposes them, until a second confirms them."""

from datetime import datetime

from sqlalchemy import BigInteger, Column
from sqlmodel import Field, SQLModel

from store.columns import Instant


class FundOpeningRow(SQLModel, table=True):
    """A fund as one person proposes it; it is there once a second has confirmed it."""

    __tablename__ = "fund_openings"
    id: str = Field(primary_key=True)
    fund: str = Field(index=True)
    """The id that the fund has once it is opened."""
    programme: str
    vote: str
    fiscal_year: str
    fund_state: str
    budget: int = Field(sa_column=Column(BigInteger, nullable=False))
    state: str = Field(index=True)
    """proposed, done, refused, withdrawn or lapsed."""
    reason: str
    """The text that says why."""
    proposed_by: str
    proposed_at: datetime = Field(sa_column=Column(Instant, nullable=False))
    due_at: datetime = Field(sa_column=Column(Instant, nullable=False))
    ended_by: str | None = None
    ended_at: datetime | None = Field(default=None, sa_column=Column(Instant, nullable=True))
    answer: str | None = None
    """The text that says why it was refused or withdrawn."""
