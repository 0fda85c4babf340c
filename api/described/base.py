"""What answers of every subject are made of."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from schemas.values import Bilingual, Money

Instant = Annotated[str, Field(json_schema_extra={"format": "date-time"})]


Day = Annotated[str, Field(json_schema_extra={"format": "date"})]


class Answer(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Held(Answer):
    """What a reservation holds of a fund, by how far it has come."""

    reserved: Money
    committed: Money
    certified: Money
    paid: Money


class Named(Answer):
    id: str
    name: str


class CodeNamed(Answer):
    code: str
    name: Bilingual


class Actor(Answer):
    name: str
    role: str | None
