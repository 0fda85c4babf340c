"""What a program's terms say: one dated file per program, pinned when a proposal is submitted.

`Terms` is the whole file. `ProcessRules` is the compact part that travels into the workflow
(at most 16 KB) so that replay needs no file.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import Field

from schemas.checklists import ChecklistItem
from schemas.people import Discipline, Level, Role
from schemas.proposal import Assistance, Outcome, PartnerKind, Section, Stage, Trigger
from schemas.tasks import RiskLevel, TaskKind
from schemas.values import Bilingual, Code, CountryCode, Value

MOST_RULES_BYTES = 16 * 1024


class Named(Value):
    """A code with its name in both languages."""

    code: Code
    name: Bilingual


class FindingRule(Value):
    """One finding that compliance needs.

    `rated`: it carries an inherent and a residual level, and is confirmed by a second person
    where the level or the sample asks for it. `when`: the trigger that opens it; None: always.
    """

    code: Discipline
    rated: bool
    when: Trigger | None = None


class Escalation(Value):
    """Who may take a task too, so many business days after the day it was due."""

    after: Annotated[int, Field(ge=1, le=250)]
    to: Literal[Role.HEAD_OF_DESK] | Level


class ClockRule(Value):
    """What silence on a task leads to; it never decides (product.md, section 4).

    `remind`: business days before the day it is due (0: on that day).
    """

    remind: tuple[Annotated[int, Field(ge=0, le=250)], ...] = ()
    escalate: tuple[Escalation, ...] = ()


class QuestionRule(Value):
    """How a question to the partner runs, in whole business days.

    `most_days`: the latest day that may be asked for. `remind`: days before the day it is due.
    """

    most_days: Annotated[int, Field(ge=1, le=250)] = 40
    remind: tuple[Annotated[int, Field(ge=0, le=250)], ...] = (5, 1)


class ConditionRule(Value):
    """How conditions are followed once a proposal is approved, in whole business days.

    `remind`: days before the day a condition is due. `escalate`: who may judge it too, so many
    days after that day. `judged_by`: which discipline judges what was set in a task of a kind,
    where it is not the one that set it. `waivers_confirmed`: a second person confirms that a
    condition need not be met.
    """

    remind: tuple[Annotated[int, Field(ge=0, le=250)], ...] = ()
    escalate: tuple[Escalation, ...] = ()
    judged_by: dict[TaskKind, Discipline] = {}
    waivers_confirmed: bool = True


class PaymentRule(Value):
    """How an instrument is paid: before the costs or against them, and in how many parts a year.

    `holdback_percent` of the whole is paid last, once the final report is accepted.
    """

    basis: Literal["advance", "reimbursement"]
    per_year: Annotated[int, Field(ge=1, le=12)]
    holdback_percent: Annotated[int, Field(ge=0, le=50)] = 0


class ActiveRule(Value):
    """How an agreement is reported on and paid.

    A progress and a financial report are due for each `report_months`, `report_days` business
    days after these end, and `final_report_days` after the last. A payment is due
    `payment_days` business days after it was asked for. `remind`: business days before the day
    a report is due.
    """

    report_months: Annotated[int, Field(ge=1, le=24)] = 6
    report_days: Annotated[int, Field(ge=1, le=250)] = 30
    final_report_days: Annotated[int, Field(ge=1, le=250)] = 60
    payment_days: Annotated[int, Field(ge=1, le=250)] = 30
    remind: tuple[Annotated[int, Field(ge=0, le=250)], ...] = (20, 5)
    instruments: dict[Literal["grant", "contribution", "memorandum"], PaymentRule] = {}


class Standards(Value):
    """What is promised of the whole, in whole business days (domain.md, section 5).

    The decision itself has `decision_days`; telling it has `notice_days` from the day of the
    decision. A stage goes on with the days it has left when work comes back to it.
    """

    stage_days: dict[Stage, Annotated[int, Field(ge=1, le=2000)]]
    notice_days: Annotated[int, Field(ge=0, le=250)]
    remind: tuple[Annotated[int, Field(ge=1, le=250)], ...] = ()
    """Business days before a stage or the decision is due; older terms have none."""
    stage_escalate: tuple[Escalation, ...] = ()
    """Who may take the open tasks of a stage too, so many business days after it was due."""
    decision_escalate: tuple[Escalation, ...] = ()
    """Who may take any open task too, so many business days after the decision was due."""


class ProcessRules(Value):
    """The rules that the workflow itself follows; times are whole business days."""

    programme: str
    version: date
    digest: str
    stages: tuple[Stage, ...]
    findings: tuple[FindingRule, ...]
    task_days: dict[TaskKind, int]
    return_days: int
    agreement_days: int
    funding_wait_days: int
    decision_days: int
    reconsideration_days: int
    undo_minutes: int
    low_sample_percent: Annotated[int, Field(ge=0, le=100)]
    residual_levels: dict[RiskLevel, Level]
    """The least level of approver for a residual level (a level that is absent adds nothing)."""
    gender_zero_raises: bool
    reopens: dict[Section, tuple[TaskKind, ...]]
    return_sections: dict[TaskKind, tuple[Section, ...]]
    """Which sections a return from a task opens when its decision names none."""
    holidays: tuple[date, ...]
    clocks: dict[TaskKind, ClockRule] = {}
    """By kind of task; proposals that were submitted under older terms have none."""
    quorum: dict[TaskKind, int] = {}
    """How many people answer a task of a kind, each another; one, where it is not named."""
    standards: Standards | None = None
    reconsideration: dict[Outcome, Level] = {}
    """Which adverse decisions are reconsidered, and the least level of approver who does it."""
    questions: QuestionRule = QuestionRule()
    """Proposals that were submitted under older terms have the rule that first was written."""
    active: ActiveRule | None = None
    """Proposals that were submitted under older terms have none, and run as `policy.rules.schedule`
    says of those."""
    conditions: ConditionRule | None = None
    """Proposals that were submitted under older terms have none: nobody is reminded, and what is
    still open once both have signed is followed by hand."""


class TermChange(Value):
    """One difference between two versions of a program's terms.

    `part` is what the file calls it, `at` where in it; a side that is None has nothing there.
    """

    part: str
    at: tuple[str, ...] = ()
    before: Any = None
    after: Any = None


class Amount(Value):
    """An amount in whole cents; `published: false` marks a figure that is configuration because
    no public source states it."""

    cents: int
    published: bool = False


class Limits(Value):
    """Least and most that a proposal may ask for; a missing bound is no bound."""

    least: Amount | None = None
    most: Amount | None = None


class RiskMatrix(Value):
    """Likelihood and severity scales (lowest first) and the level that each pair gives."""

    likelihoods: tuple[Named, ...]
    severities: tuple[Named, ...]
    levels: dict[str, dict[str, RiskLevel]]
    """`levels[likelihood][severity]`."""


class RiskType(Named):
    """What a rated finding weighs; `assured_by`: the question whose answer is a written assurance
    that this does not follow, which is sought before anything is signed."""

    assured_by: Code | None = None
    barring: bool = False
    """A substantial risk of it that remains after mitigation is a bar, which no level lifts."""


class Checklist(Value):
    """The questions of one finding, and the risk types that a rated finding weighs."""

    code: Discipline
    version: date
    title: Bilingual
    items: tuple[ChecklistItem, ...]
    risk_types: tuple[RiskType, ...] = ()


class Terms(Value):
    """A program file, resolved: its own content, its checklists and the rules for the engine."""

    code: str
    effective: date
    name: Bilingual
    mandate: Bilingual
    source: str
    focus_areas: tuple[Named, ...]
    partner_kinds: tuple[PartnerKind, ...]
    organizations: tuple[str, ...] = ()
    """Names of the only organizations that may be funded (annual contributions); empty: any."""
    assistance: tuple[Assistance, ...]
    regions: tuple[Code, ...]
    """Region codes in focus (see `policy/in_force/regions`); `global` admits every country."""
    countries: tuple[CountryCode, ...]
    """Countries in focus beside those of the regions."""
    flexible: bool
    """Outside the focus is a judgement (true) or a failure (false)."""
    instruments: tuple[Literal["grant", "contribution", "memorandum"], ...]
    limits: Limits
    most_months: int | None = None
    stacking_percent: int | None = None
    checks: tuple[Code, ...]
    """The automatic eligibility checks that apply, by code."""
    matrix: RiskMatrix
    checklists: dict[Discipline, Checklist]
    quorum: dict[TaskKind, int]
    administrative: tuple[TaskKind, ...] = ()
    """Kinds whose tasks may be decided many at a time."""
    rules: ProcessRules

    @property
    def version(self) -> str:
        return f"{self.code}/{self.effective.isoformat()}"
