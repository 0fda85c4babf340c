"""How far each person has read what happens to a proposal."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from store.columns import an_instant as _instant


class LookRow(SQLModel, table=True):
    """A person's looks at a proposal: how far they reached, and no more than that."""

    __tablename__ = "looks"
    reference: str = Field(primary_key=True)
    person: str = Field(primary_key=True)
    seen: int
    """The last position of the chain that was there to be read."""
    before: int
    """The same before the visit that goes on, or went on last."""
    at: datetime = _instant()
    """When something new was last read."""
