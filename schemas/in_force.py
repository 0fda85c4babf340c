"""What is in force on a day and never pinned: each act uses it and names its version.

Delegation of authority, desks, regions, country measures, statutory waits, the calendar, the
screening policy, retention and what may be attached; `policy/in_force/` holds the dated files.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from schemas.documents import FileType
from schemas.incidents import IncidentKind
from schemas.people import Desk, Discipline, Level
from schemas.proposal import Assistance, Outcome
from schemas.values import Bilingual, Code, CountryCode, Value

GLOBAL = "global"
"""The region that names no countries: it has a desk of its own."""


class Rung(Value):
    """A level of approver and the most it may approve (inclusive); None: no bound."""

    level: Level
    up_to_cents: int | None


class ApprovalKind(StrEnum):
    """What is approved: an activity anew, a change of its agreement, or its end before its time."""

    NEW = "new"
    AMENDMENT = "amendment"
    TERMINATION = "termination"


class KindOfApproval(Value):
    """What the delegation says of one kind, beside the rungs for what is new."""

    kind: ApprovalKind
    least: Level
    """Nobody below approves anything of this kind, however small."""
    rungs: tuple[Rung, ...] = ()
    """Bounds of its own, lowest first; none: those for what is new."""


class Delegation(Value):
    """The delegation of authority to approve an activity, lowest rung first."""

    version: str
    source: str
    published: bool
    rungs: tuple[Rung, ...]
    kinds: tuple[KindOfApproval, ...] = ()
    """A kind that is not named is approved as what is new."""

    def of_kind(self, kind: ApprovalKind) -> tuple[Level, tuple[Rung, ...]]:
        """The least level for *kind*, and the rungs that hold for it."""
        for each in self.kinds:
            if each.kind is kind:
                return each.least, each.rungs or self.rungs
        return self.rungs[0].level, self.rungs


class DeskPlaces(Value):
    """A desk with the places it answers for."""

    code: Desk
    name: Bilingual
    division: str
    countries: tuple[CountryCode, ...]
    regions: tuple[Code, ...]


class Desks(Value):
    """Every country, territory and region has exactly one desk; the order breaks ties."""

    version: str
    desks: tuple[DeskPlaces, ...]

    @property
    def order(self) -> tuple[Desk, ...]:
        return tuple(desk.code for desk in self.desks)

    def of(self, place: str) -> Desk:
        """The desk of a country or region code; `KeyError` for a code that policy lacks."""
        for desk in self.desks:
            if place in desk.countries or place in desk.regions:
                return desk.code
        raise KeyError(place)


class Region(Value):
    """A region and the countries it stands for, in equal parts."""

    code: Code
    name: Bilingual
    countries: tuple[CountryCode, ...] = ()


class Regions(Value):
    version: str
    regions: tuple[Region, ...]

    @property
    def codes(self) -> frozenset[str]:
        return frozenset(region.code for region in self.regions)

    def countries_of(self, code: str) -> tuple[str, ...]:
        """The countries of a region; none for `global` and for a code that policy lacks."""
        for region in self.regions:
            if region.code == code:
                return region.countries
        return ()


class MeasureException(Value):
    """What a regulation leaves free; a finding cites it by its code."""

    code: Code
    text: Bilingual


class CountryMeasure(Value):
    """A dated restriction on a country: what it forbids, its exceptions and who grants them."""

    code: Code
    name: Bilingual
    regulation: str
    countries: Annotated[tuple[CountryCode, ...], Field(min_length=1)]
    forbids: tuple[Literal["arms", "technical_assistance", "training", "finance"], ...]
    assistance: Annotated[tuple[Assistance, ...], Field(min_length=1)]
    """The forms of assistance that the measure touches."""
    exceptions: Annotated[tuple[MeasureException, ...], Field(min_length=1)]
    granted_by: Bilingual
    since: date
    until: date | None = None
    illustrative: bool = False
    """The citation is right; the date or the reach has not been checked against the text."""

    def holds_on(self, day: date) -> bool:
        return self.since <= day and (self.until is None or day <= self.until)


class CountryMeasures(Value):
    """The measures that hold on the day they were asked for."""

    version: str
    measures: tuple[CountryMeasure, ...]


class StatutoryWait(Value):
    """A wait whose length comes from an Act or a published service standard."""

    code: Code
    name: Bilingual
    days: int
    unit: Literal["calendar_days", "business_days"]
    source: str


class StatutoryWaits(Value):
    version: str
    waits: tuple[StatutoryWait, ...]

    def days(self, code: str) -> int:
        """The length of the wait *code*; `KeyError` for a code that policy lacks."""
        for wait in self.waits:
            if wait.code == code:
                return wait.days
        raise KeyError(code)


class Calendar(Value):
    """The days on which the department is closed, beside Saturdays and Sundays."""

    version: str
    holidays: tuple[date, ...]


class ScreeningPolicy(Value):
    """Scores from 0 to 1: what is shown, what is a hit, and what a second person confirms."""

    version: str
    threshold: Annotated[float, Field(gt=0, le=1)]
    cutoff: Annotated[float, Field(gt=0, le=1)]
    confirm_from: Annotated[float, Field(gt=0, le=1)]
    """A judgement on a hit that scores this much or more needs a second person."""
    owner_share_percent: Annotated[int, Field(ge=1, le=100)]
    """An entity counts as listed if a listed person holds this share of it, or directs it."""
    judgement_months: int
    """How long a judgement holds for its pair, unless identity fields change before."""


class IncidentRule(Value):
    """How soon incidents of a kind are reported, and what is found on anew where they were so."""

    kind: IncidentKind
    report_within_hours: Annotated[int, Field(ge=1, le=24 * 31)]
    """From the instant at which whoever reports learned of it."""
    asks_anew: tuple[Discipline, ...]


class IncidentPolicy(Value):
    """A rule for every kind of incident."""

    version: str
    kinds: tuple[IncidentRule, ...]
    assess_within_days: int
    """Business days from the report."""
    escalate_after_days: int
    """Business days for which an assessment may be overdue before those above are told."""

    def rule(self, kind: IncidentKind) -> IncidentRule:
        return next(rule for rule in self.kinds if rule.kind is kind)


class TextKind(StrEnum):
    """What stands beside the chain of a proposal, as retention rules name it."""

    CONTENT = "content"
    """Every submitted revision, and the working copy."""
    ANSWERS = "answers"
    REASONS = "reasons"
    LETTERS = "letters"
    APPROVAL = "approval"
    AGREEMENT = "agreement"
    DOCUMENTS = "documents"
    """What the partner attached: names of files, and their bytes."""
    ATTACHMENTS = "attachments"
    """What the department attached to tasks."""
    EVIDENCE = "evidence"
    """Who of the proposal was compared with which entry of a list."""


LEAST_RETENTION_MONTHS = 24
"""Personal information is kept for two years after its last use (Privacy Regulations, s. 4(1))."""


class RetentionRule(Value):
    """How long which texts of a closed proposal are kept, and on whose authority."""

    code: Code
    name: Bilingual
    texts: Annotated[tuple[TextKind, ...], Field(min_length=1)]
    outcomes: Annotated[tuple[Outcome, ...], Field(min_length=1)]
    months_after_closing: Annotated[int, Field(ge=LEAST_RETENTION_MONTHS, le=1200)]
    source: Annotated[str, Field(min_length=1)]
    illustrative: bool = False
    """The length is an example: the department has not published one."""


class Retention(Value):
    """What no rule names is kept for good."""

    version: str
    rules: tuple[RetentionRule, ...]

    def rule(self, kind: TextKind, outcome: str | None) -> RetentionRule | None:
        """The rule under which texts of *kind* of a proposal that ended so are disposed of."""
        for rule in self.rules:
            if kind in rule.texts and outcome in rule.outcomes:
                return rule
        return None


class DocumentPolicy(Value):
    """What may be attached, and how much of it."""

    version: str
    types: tuple[FileType, ...]
    most_bytes: int
    most_bytes_together: int
    """Of all documents of one proposal, those of its tasks apart."""
    most_documents: int
    most_documents_per_task: int


class InForce(Value):
    """Everything that is in force on one day."""

    day: date
    countries: frozenset[CountryCode]
    """ISO 3166-1 alpha-2 codes that a proposal may name."""
    delegation: Delegation
    desks: Desks
    regions: Regions
    measures: CountryMeasures
    waits: StatutoryWaits
    calendar: Calendar
    screening: ScreeningPolicy
    incidents: IncidentPolicy
    retention: Retention
    documents: DocumentPolicy
