"""The answer of the annual register of assessments."""

from pydantic import Field

from api.described.base import Answer, Instant, Named
from schemas.people import Discipline


class LevelOfRegister(Answer):
    level: str = Field(description="`low`, `medium`, `high`, or `not_rated`.")
    approved: int
    approved_with_conditions: int
    not_approved: int
    under_way: int
    all: int


class DisciplineOfRegister(Answer):
    discipline: Discipline
    low: int
    medium: int
    high: int
    not_rated: int
    all: int


class FindingOfRegister(Answer):
    outcome: str
    count: int


class Register(Answer):
    as_of: Instant
    fiscal_year: str
    programme: str | None
    discipline: Discipline | None
    assessments: int
    levels: list[LevelOfRegister]
    disciplines: list[DisciplineOfRegister]
    findings: list[FindingOfRegister]


class DeterminedOfReferral(Answer):
    by: Named
    at: Instant
    outcome: str
    reason: str | None = Field(description="Null for who reads no answers.")


class Referral(Answer):
    id: str = Field(description="Of the finding that was referred.")
    reference: str
    undecided: list[str] = Field(description="What could not be told: disclosing, requesting ...")
    referred: DeterminedOfReferral
    asked: str | None = Field(description="The task of the deputy minister.")
    determined: DeterminedOfReferral | None
    stands: bool = Field(description="False once the finding was asked for anew.")
