"""Tables of the feed: the order in which events are told, and what has no place in it yet."""

from datetime import datetime

from sqlalchemy import BigInteger, Column, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from store.columns import Instant


class FeedRow(SQLModel, table=True):
    """An event in its place, for those who read as staff or for those who read as the partner."""

    __tablename__ = "feed"
    place: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))
    id: str = Field(unique=True)
    """What a cursor is: it says neither the place nor how many there are."""
    event: str = Field(foreign_key="events.id")
    subject: str
    audience: str
    __table_args__ = (
        UniqueConstraint("event", "audience"),
        Index("ix_feed_of", "subject", "place"),
    )


class FeedWaitingRow(SQLModel, table=True):
    """A recorded event that has not been looked at; a trigger of `events` writes it."""

    __tablename__ = "feed_waiting"
    event: str = Field(primary_key=True)
    subject: str
    until: datetime | None = Field(
        default=None, sa_column=Column(Instant, index=True, nullable=True)
    )
    """When it is told; nothing where it can be looked at now."""
