"""The shapes of policy files as people write them; `catalogue` makes schemas of them.

An unknown key is refused: an authority in a program file is one.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from schemas.checklists import ChecklistItem
from schemas.documents import MOST_DOCUMENT_BYTES, FileType
from schemas.in_force import (
    ApprovalKind,
    CountryMeasure,
    DeskPlaces,
    IncidentRule,
    Region,
    RetentionRule,
    StatutoryWait,
)
from schemas.people import Discipline, Level
from schemas.proposal import Assistance, Outcome, PartnerKind, Section, Stage
from schemas.tasks import RiskLevel, TaskKind
from schemas.terms import (
    ActiveRule,
    ClockRule,
    ConditionRule,
    FindingRule,
    Named,
    QuestionRule,
    RiskMatrix,
    RiskType,
    Standards,
)
from schemas.values import Bilingual, Code, CountryCode, Value

Dollars = Annotated[str, StringConstraints(pattern=r"^\d{1,13}\.\d{2}$")]
"""An amount in Canadian dollars: a quoted decimal with two decimals."""

MEGABYTE = 1024 * 1024

Days = Annotated[int, Field(ge=0, le=2000)]


def cents(dollars: str) -> int:
    return int(Decimal(dollars) * 100)


class DatedFile(Value):
    """Every policy file says its day of effect, which is also its name."""

    effective: date


class AmountFile(Value):
    amount: Dollars
    published: bool = False


class LimitsFile(Value):
    least: AmountFile | None
    most: AmountFile | None


class CallsFile(Value):
    """How what was submitted to a call goes on: each by itself. Ranking them is not there yet."""

    selection: Literal["singly"]


class ProgrammeFile(DatedFile):
    """programmes/CODE/DATE.yaml."""

    code: Annotated[str, StringConstraints(pattern=r"^[A-Z]{3,6}(-[A-Z]{3})?$")]
    name: Bilingual
    mandate: Bilingual
    source: Annotated[str, Field(min_length=1)]
    calls: CallsFile | None = None
    focus_areas: Annotated[tuple[Named, ...], Field(min_length=1)]
    partner_kinds: Annotated[tuple[PartnerKind, ...], Field(min_length=1)]
    organizations: tuple[str, ...] = ()
    assistance: Annotated[tuple[Assistance, ...], Field(min_length=1)]
    regions: tuple[Code, ...]
    countries: tuple[CountryCode, ...]
    flexible: bool
    instruments: Annotated[
        tuple[Literal["grant", "contribution", "memorandum"], ...], Field(min_length=1)
    ]
    limits: LimitsFile
    most_months: Annotated[int, Field(ge=1)] | None
    stacking_percent: Annotated[int, Field(ge=1, le=100)] | None
    checks: tuple[Code, ...]
    stages: Annotated[tuple[Stage, ...], Field(min_length=1)]
    findings: tuple[FindingRule, ...]
    checklists: dict[Discipline, date]
    risk_matrix: RiskMatrix
    quorum: dict[TaskKind, Annotated[int, Field(ge=1, le=9)]]
    administrative: tuple[TaskKind, ...] = ()
    task_days: dict[TaskKind, Annotated[int, Field(ge=1, le=2000)]]
    clocks: dict[TaskKind, ClockRule]
    standards: Standards
    questions: QuestionRule
    conditions: ConditionRule
    active: ActiveRule
    return_days: Days
    agreement_days: Days
    funding_wait_days: Days
    decision_days: Days
    reconsideration_days: Days
    reconsideration: dict[Outcome, Level]
    undo_minutes: Annotated[int, Field(ge=0)]
    low_sample_percent: Annotated[int, Field(ge=0, le=100)]
    residual_levels: dict[RiskLevel, Level]
    gender_zero_raises: bool
    reopens: dict[Section, tuple[TaskKind, ...]]
    return_sections: dict[TaskKind, tuple[Section, ...]]


class ChecklistFile(DatedFile):
    """checklists/DISCIPLINE/DATE.yaml."""

    code: Discipline
    title: Bilingual
    items: Annotated[tuple[ChecklistItem, ...], Field(min_length=1)]
    risk_types: tuple[RiskType, ...] = ()


class CountriesFile(DatedFile):
    """in_force/countries/DATE.yaml."""

    countries: Annotated[tuple[CountryCode, ...], Field(min_length=1)]


class RungFile(Value):
    level: Level
    up_to: Dollars | None


class KindOfApprovalFile(Value):
    kind: ApprovalKind
    least: Level
    rungs: tuple[RungFile, ...] = ()


class DelegationFile(DatedFile):
    """in_force/delegation/DATE.yaml."""

    source: str
    published: bool
    rungs: Annotated[tuple[RungFile, ...], Field(min_length=1)]
    kinds: tuple[KindOfApprovalFile, ...] = ()


class DesksFile(DatedFile):
    """in_force/desks/DATE.yaml."""

    desks: Annotated[tuple[DeskPlaces, ...], Field(min_length=1)]


class RegionsFile(DatedFile):
    """in_force/regions/DATE.yaml."""

    regions: Annotated[tuple[Region, ...], Field(min_length=1)]


class CountryMeasuresFile(DatedFile):
    """in_force/country_measures/DATE.yaml."""

    measures: tuple[CountryMeasure, ...]


class StatutoryWaitsFile(DatedFile):
    """in_force/statutory_waits/DATE.yaml."""

    waits: tuple[StatutoryWait, ...]


class CalendarFile(DatedFile):
    """in_force/calendar/DATE.yaml."""

    country: Literal["CA"]
    category: Literal["public", "government"]
    also: tuple[Literal["easter_monday", "civic_holiday"], ...] = ()


class ScreeningFile(DatedFile):
    """in_force/screening/DATE.yaml."""

    threshold: Annotated[float, Field(gt=0, le=1)]
    cutoff: Annotated[float, Field(gt=0, le=1)]
    confirm_from: Annotated[float, Field(gt=0, le=1)]
    owner_share_percent: Annotated[int, Field(ge=1, le=100)]
    judgement_months: Annotated[int, Field(ge=1)]


class IncidentsFile(DatedFile):
    """in_force/incidents/DATE.yaml."""

    kinds: Annotated[tuple[IncidentRule, ...], Field(min_length=1)]
    assess_within_days: Annotated[int, Field(ge=1, le=366)]
    escalate_after_days: Annotated[int, Field(ge=1, le=366)]


class DocumentsFile(DatedFile):
    """in_force/documents/DATE.yaml."""

    types: Annotated[tuple[FileType, ...], Field(min_length=1)]
    most_megabytes: Annotated[int, Field(ge=1, le=MOST_DOCUMENT_BYTES // MEGABYTE)]
    most_megabytes_together: Annotated[int, Field(ge=1, le=10_000)]
    most_documents: Annotated[int, Field(ge=1, le=100)]
    most_documents_per_task: Annotated[int, Field(ge=1, le=100)]


class RetentionFile(DatedFile):
    """in_force/retention/DATE.yaml."""

    rules: tuple[RetentionRule, ...]
