"""What a partner proposes: the content of a proposal, its codes, sections and states.

A draft may lack everything but its program; what is there must be well formed. What a
submission must have is told by `policy.rules.completeness`.
"""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field, PlainSerializer, StringConstraints

from schemas.documents import Attached
from schemas.values import Code, CountryCode, Day, FiscalYear, Language, Money, Value

Reference = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3,6}(-[A-Z]{3})?-\d{4}-\d{6}$")]
Line = Annotated[str, StringConstraints(max_length=400, strip_whitespace=True)]
Text = Annotated[str, StringConstraints(max_length=20_000)]


class Stage(StrEnum):
    DRAFT = "draft"
    ELIGIBILITY = "eligibility"
    COMPLIANCE = "compliance"
    DESK = "desk"
    FUNDING = "funding"
    AGREEMENT = "agreement"
    ACTIVE = "active"
    CLOSED = "closed"
    RETURNED = "returned"


REVIEW_STAGES = frozenset({Stage.ELIGIBILITY, Stage.COMPLIANCE, Stage.DESK, Stage.FUNDING})


class Outcome(StrEnum):
    INELIGIBLE = "ineligible"
    DECLINED = "declined"
    UNFUNDED = "unfunded"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"
    APPROVED = "approved"
    TERMINATED = "terminated"


RECONSIDERED = frozenset({Outcome.INELIGIBLE, Outcome.DECLINED, Outcome.UNFUNDED})
"""The decisions against a partner; a lapse is silence, and a withdrawal the partner's own."""


class PartnerStatus(StrEnum):
    DRAFT = "draft"
    RECEIVED = "received"
    IN_REVIEW = "in_review"
    MORE_INFORMATION_NEEDED = "more_information_needed"
    DECISION_MADE = "decision_made"
    WITHDRAWN = "withdrawn"


class Assistance(StrEnum):
    TRAINING = "training"
    FUNDING = "funding"
    EQUIPMENT = "equipment"
    TECHNICAL = "technical"
    LEGAL = "legal"


class PartnerKind(StrEnum):
    FOREIGN_STATE = "foreign_state"
    CANADIAN_FEDERAL = "canadian_federal"
    CANADIAN_PROVINCIAL_MUNICIPAL = "canadian_provincial_municipal"
    CROWN_CORPORATION = "crown_corporation"
    INTERNATIONAL_ORGANIZATION = "international_organization"
    NGO = "ngo"
    COMMUNITY_ORGANIZATION = "community_organization"
    THINK_TANK = "think_tank"
    ACADEMIC = "academic"
    PRIVATE_SECTOR = "private_sector"


class BeneficiaryKind(StrEnum):
    SECURITY_UNIT = "security_unit"
    GOVERNMENT_ENTITY = "government_entity"
    CIVIL_SOCIETY = "civil_society"
    INTERNATIONAL_ORGANIZATION = "international_organization"
    INDIVIDUAL = "individual"


class Relation(StrEnum):
    DIRECTOR = "director"
    BENEFICIAL_OWNER = "beneficial_owner"
    SUB_PARTNER = "sub_partner"
    TRAINEE = "trainee"
    OTHER = "other"


class Trigger(StrEnum):
    """What in a proposal opens a conditional review."""

    EQUIPMENT = "equipment"
    WORKS = "works"
    INFORMATION = "information"
    PLACES = "places"
    UNITS = "units"
    MEASURES = "measures"


class Section(StrEnum):
    """The parts of the content that a return can open."""

    SUMMARY = "summary"
    FOCUS = "focus"
    COUNTRIES = "countries"
    DATES = "dates"
    BUDGET = "budget"
    BENEFICIARIES = "beneficiaries"
    PARTIES = "parties"
    EQUIPMENT = "equipment"
    WORKS = "works"
    INFORMATION_SHARING = "information_sharing"
    HUMAN_RIGHTS = "human_rights"
    GENDER = "gender"
    RESULTS = "results"
    DECLARATIONS = "declarations"
    DOCUMENTS = "documents"


SECTION_FIELDS: dict[Section, tuple[str, ...]] = {
    Section.SUMMARY: ("title", "summary", "language", "canadian_interest"),
    Section.FOCUS: ("focus_areas", "assistance", "smuggling"),
    Section.COUNTRIES: ("countries", "regions", "split", "locations"),
    Section.DATES: ("start_date", "end_date"),
    Section.BUDGET: ("amount", "budget", "other_funding"),
    Section.BENEFICIARIES: ("beneficiaries",),
    Section.PARTIES: ("named_parties", "sub_partners"),
    Section.EQUIPMENT: ("equipment",),
    Section.WORKS: ("physical_works",),
    Section.INFORMATION_SHARING: ("information_sharing",),
    Section.HUMAN_RIGHTS: ("human_rights_analysis", "risks"),
    Section.GENDER: ("gender_analysis", "gender_equality_code"),
    Section.RESULTS: ("expected_results", "results"),
    Section.DECLARATIONS: ("declarations",),
    Section.DOCUMENTS: ("documents",),
}
"""api.md, Tasks: which content fields each section holds."""


def _number(share: Decimal) -> int | float:
    return int(share) if share == share.to_integral_value() else float(share)


Share = Annotated[
    Decimal,
    Field(ge=0, le=100, max_digits=5, decimal_places=2),
    PlainSerializer(_number, return_type=int | float, when_used="json"),
]


class CountryShare(Value):
    code: CountryCode
    share: Share | None = None


class RegionShare(Value):
    code: Code
    share: Share | None = None


class BudgetLine(Value):
    fiscal_year: FiscalYear
    category: Assistance
    amount: Money


class Beneficiary(Value):
    name: Annotated[Line, Field(min_length=1)]
    kind: BeneficiaryKind
    country: CountryCode | None = None
    parent: Line | None = None
    location: Line | None = None
    commander: Line | None = None


class NamedParty(Value):
    name: Annotated[Line, Field(min_length=1)]
    kind: Literal["person", "organization"]
    relation: Relation
    birth_date: Day | None = None
    country: CountryCode | None = None
    share_percent: Share | None = None


class EquipmentItem(Value):
    description: Annotated[Line, Field(min_length=1)]
    quantity: Annotated[int, Field(ge=1, le=1_000_000)]
    value: Money
    controlled: bool = False


class Location(Value):
    name: Annotated[Line, Field(min_length=1)]
    country: CountryCode


class Result(Value):
    level: Literal["ultimate", "intermediate", "immediate", "output"]
    statement: Annotated[Text, Field(min_length=1)]
    indicators: tuple[Line, ...] = ()


class Risk(Value):
    description: Annotated[Text, Field(min_length=1)]
    mitigation: Text | None = None


class OtherFunding(Value):
    source: Annotated[Line, Field(min_length=1)]
    amount: Money


class SubPartner(Value):
    name: Annotated[Line, Field(min_length=1)]
    country: CountryCode | None = None
    role: Line | None = None


class Smuggling(Value):
    route: Literal["maritime", "land", "air"]
    bound_for_canada: bool
    roles: tuple[Literal["origin", "transit"], ...] = ()


class Declarations(Value):
    code_of_conduct: bool | None = None
    no_profit: bool | None = None
    no_costs_before_signature: bool | None = None
    conflict_of_interest: Text | None = None


class Content(Value):
    """The whole of a proposal, as the partner writes it (api.md, Proposals)."""

    programme: Annotated[str, StringConstraints(pattern=r"^[A-Z]{3,6}(-[A-Z]{3})?$")]
    call: str | None = None
    language: Language = Language.ENGLISH
    title: Line | None = None
    summary: Text | None = None
    focus_areas: Annotated[tuple[Code, ...], Field(max_length=20)] = ()
    assistance: Annotated[tuple[Assistance, ...], Field(max_length=5)] = ()
    countries: Annotated[tuple[CountryShare, ...], Field(max_length=250)] = ()
    regions: Annotated[tuple[RegionShare, ...], Field(max_length=20)] = ()
    split: Literal["given", "equal"] = "given"
    start_date: Day | None = None
    end_date: Day | None = None
    amount: Money | None = None
    budget: Annotated[tuple[BudgetLine, ...], Field(max_length=200)] = ()
    beneficiaries: Annotated[tuple[Beneficiary, ...], Field(max_length=500)] = ()
    named_parties: Annotated[tuple[NamedParty, ...], Field(max_length=1000)] = ()
    equipment: Annotated[tuple[EquipmentItem, ...], Field(max_length=500)] = ()
    physical_works: bool | None = None
    information_sharing: bool | None = None
    locations: Annotated[tuple[Location, ...], Field(max_length=500)] = ()
    human_rights_analysis: Text | None = None
    gender_analysis: Text | None = None
    gender_equality_code: Annotated[int, Field(ge=0, le=3)] | None = None
    expected_results: Text | None = None
    declarations: Declarations = Declarations()
    documents: Annotated[tuple[Attached, ...], Field(max_length=100)] = ()
    canadian_interest: Text | None = None
    results: Annotated[tuple[Result, ...], Field(max_length=100)] = ()
    risks: Annotated[tuple[Risk, ...], Field(max_length=100)] = ()
    other_funding: Annotated[tuple[OtherFunding, ...], Field(max_length=50)] = ()
    sub_partners: Annotated[tuple[SubPartner, ...], Field(max_length=100)] = ()
    smuggling: Smuggling | None = None


class CheckResult(StrEnum):
    PASS = "pass"  # noqa: S105 - a result
    FAIL = "fail"
    NEEDS_JUDGEMENT = "needs_judgement"


class Check(Value):
    """One automatic eligibility check: a fail goes to a person, never straight to a refusal.

    `detail` is a code; its sentence and facts are made into words by the reader's edge.
    `source` names the rule (policy file, Act, section).
    """

    code: str
    result: CheckResult
    detail: str
    source: str
    facts: dict[str, str] = {}


class DeskShare(Value):
    """What one desk is asked about: its part of the proposal in percent, and the places."""

    desk: str
    share: str
    places: tuple[str, ...]
