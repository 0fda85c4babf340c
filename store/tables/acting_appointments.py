"""Acting appointments as one person proposes them, until a second confirms them."""

from datetime import date, datetime

from sqlmodel import Field, SQLModel

from store.columns import an_instant as _instant
from store.columns import some_json as _json


class ActingAppointmentRow(SQLModel, table=True):
    """Who shall act in whose position; once confirmed, a delegation of the same id says so."""

    __tablename__ = "acting_appointments"
    id: str = Field(primary_key=True)
    holder: str = Field(foreign_key="people.id", index=True)
    acting: str = Field(foreign_key="people.id", index=True)
    grants: list[dict[str, str]] = _json()
    starts_on: date
    ends_on: date
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
