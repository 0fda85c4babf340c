"""What clients may send beside a proposal's content: strict values, no coercion."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, BeforeValidator, Field, StringConstraints

from schemas.funds import CorrectionKind, FundState, Vote
from schemas.incidents import IncidentKind, IncidentOutcome
from schemas.notifications import MailWish
from schemas.people import Desk, Discipline, Role
from schemas.proposal import Assistance, Content, Line, Section, Stage
from schemas.repairs import RepairKind
from schemas.reusable_records import RecordKind, RecordResult
from schemas.tasks import RiskLevel, TaskKind, TaskState
from schemas.values import Code, CountryCode, Day, FiscalYear, Language, Money, Value

FilledLine = Annotated[Line, Field(min_length=1)]
Id = Annotated[str, StringConstraints(min_length=1, max_length=200)]
Words = Annotated[str, StringConstraints(min_length=1, max_length=20_000, strip_whitespace=True)]
OptionalWords = Annotated[str, StringConstraints(max_length=20_000)]


class DraftRequest(Content):
    """A new draft; `organization` only where a programme officer opens it (ACCBP-AVC)."""

    organization: Id | None = None

    @property
    def content(self) -> Content:
        return Content.model_validate(
            {name: getattr(self, name) for name in self.model_fields_set if name in _CONTENT}
        )


_CONTENT = frozenset(Content.model_fields)


def _or_empty(value: object) -> object:
    return {} if value is None else value


class DecisionRequest(Value):
    """A decision on a task (api.md, Tasks); the form of the task says what `answers` hold."""

    outcome: Annotated[str, StringConstraints(min_length=1, max_length=64)]
    reason: OptionalWords | None = None
    message_to_partner: OptionalWords | None = None
    answers: Annotated[dict[str, Any], BeforeValidator(_or_empty)] = Field(default_factory=dict)
    sections: Annotated[tuple[Section, ...], Field(max_length=len(Section))] = ()


class TaskFilter(Value):
    """What a list of tasks is narrowed to: every one that is given holds of each task."""

    state: TaskState | None = None
    overdue: bool | None = None
    due_soon: bool | None = None
    due_before: AwareDatetime | None = None
    stage: Stage | None = None
    kind: TaskKind | None = None
    programme: str | None = None
    desk: Desk | None = None
    """The desk that is asked, or that signs."""
    reference: str | None = None
    q: str | None = None


class ReasonRequest(Value):
    """An act that needs a reason."""

    reason: Words


class QuestionRequest(Value):
    """What the partner is asked, until the end of which day, and inside which task."""

    question: Words
    due_date: Day
    task: Id | None = None


class ReviewRequest(Value):
    """A conditional review that is opened, and the sentence that says why."""

    review: Discipline
    reason: Words


class NoticeRequest(Value):
    """That an environmental notice was posted: on which day, and where it can be read."""

    posted_on: Day
    where: Words


class AnswerRequest(Value):
    """What the partner answers: in words, and by documents attached to the proposal."""

    answer: Words
    documents: Annotated[tuple[Id, ...], Field(max_length=50)] = ()


class EvidenceRequest(Value):
    """Evidence that a condition is met: in words, and by documents attached to the proposal."""

    words: Words
    documents: Annotated[tuple[Id, ...], Field(max_length=50)] = ()


class CostLine(Value):
    category: Assistance
    amount: Money


class ReportRequest(Value):
    """A report on an agreement; a financial one says what was spent up to now, by category."""

    words: Words
    costs: Annotated[tuple[CostLine, ...], Field(max_length=20)] = ()
    documents: Annotated[tuple[Id, ...], Field(max_length=50)] = ()


class ClaimRequest(Value):
    """A payment out of a tranche, with its costs by category."""

    tranche: Id
    costs: Annotated[tuple[CostLine, ...], Field(min_length=1, max_length=20)]
    words: Words
    documents: Annotated[tuple[Id, ...], Field(max_length=50)] = ()


class PaidRequest(Value):
    """The financial system's advice that a payment was made."""

    number: Annotated[Line, Field(min_length=1)]
    paid_on: Day
    amount: Money


class ReceivedRequest(Value):
    """The financial system's word that money which was overpaid came back."""

    number: Annotated[Line, Field(min_length=1)]
    received_on: Day
    amount: Money


class ReassignRequest(Value):
    """To whom a task is given, and why."""

    person: Id
    reason: Words | None = None


class RepairRequest(Value):
    """A repair of a proposal; which of the fields its kind needs is told by the route."""

    kind: RepairKind
    stage: Stage | None = None
    task: Id | None = None
    person: Id | None = None
    letter: Id | None = None
    duplicate_of: Id | None = None
    reason: Words


class FundCorrectionRequest(Value):
    """A correction of a fund; which of the fields its kind needs is told by the route."""

    kind: CorrectionKind
    budget: Money | None = None
    fund_state: FundState | None = None
    to: Id | None = None
    amount: Money | None = None
    reason: Words


class FundOpeningRequest(Value):
    """A fund that is not there yet: whose, of which vote line and year, how much, how far."""

    programme: Id
    vote: Vote
    fiscal_year: FiscalYear
    budget: Money
    fund_state: FundState = FundState.PLANNED
    reason: Words


class ReprofileRequest(Value):
    """Reserved money of one year to a later one; `to_year` null: it is let go."""

    from_year: FiscalYear
    to_year: FiscalYear | None = None
    reason: Words


class CommentRequest(Value):
    """What one says beside a task."""

    text: Words


class BulkAct(StrEnum):
    """What may be done to many tasks at a time."""

    CLAIM = "claim"
    RELEASE = "release"
    REASSIGN = "reassign"
    DECIDE = "decide"


class BulkRequest(Value):
    """One act on many tasks: `person` (and `reason`) to reassign, `decision` to decide."""

    act: BulkAct
    tasks: Annotated[tuple[Id, ...], Field(min_length=1, max_length=1000)]
    person: Id | None = None
    reason: Words | None = None
    decision: DecisionRequest | None = None


class MoveRequest(Value):
    """One proposal to newer terms; `seen` is what its preview said."""

    to: Id
    seen: Annotated[int, Field(ge=0, le=1_000_000_000)]
    reason: Words


class MoveItem(Value):
    reference: Id
    seen: Annotated[int, Field(ge=0, le=1_000_000_000)]


class MovesRequest(Value):
    """Many proposals to newer terms, each as its preview said."""

    to: Id
    reason: Words
    items: Annotated[tuple[MoveItem, ...], Field(min_length=1, max_length=1000)]


class GrantRequest(Value):
    """A role in a scope for a time.

    One that decides has an end date; what two people grant has a reason, for the second to read.
    """

    role: Role
    scope: Id
    starts_on: date
    ends_on: date | None = None
    reason: OptionalWords | None = None


Email = Annotated[
    str,
    StringConstraints(
        pattern=r"^[^@\s]{1,64}@[^@\s]{1,250}\.[^@\s.]{2,63}$", strip_whitespace=True
    ),
]


class PersonRequest(Value):
    """What is written of a person, as a whole."""

    name: FilledLine
    email: Email
    language: Language


class CallWords(Value):
    """What partners read of a call, in both official languages."""

    en: Words
    fr: Words


class CallTitle(Value):
    en: FilledLine
    fr: FilledLine


class CallLimits(Value):
    """Least and most that a proposal to the call may ask for; a missing bound is the program's."""

    least: Money | None = None
    most: Money | None = None


class CallRequest(Value):
    """A call for proposals; it opens and closes at whole seconds."""

    programme: Id
    title: CallTitle
    description: CallWords
    opens_at: AwareDatetime
    closes_at: AwareDatetime
    limits: CallLimits = CallLimits()


class GrantNamed(Value):
    """A role in a scope."""

    role: Role
    scope: Id


class DelegationRequest(Value):
    """Some of one's own grants, given to somebody (an id or an e-mail address) for a time.

    Both days are included, in Toronto.
    """

    receiver: Id
    grants: Annotated[tuple[GrantNamed, ...], Field(min_length=1, max_length=50)]
    starts_on: date
    ends_on: date
    reason: Words


class ActingAppointmentRequest(Value):
    """Who shall act in the position of *holder* (ids or e-mail addresses), both days included.

    Without grants it is for all that the holder may do and that may be delegated.
    """

    holder: Id
    acting: Id
    grants: Annotated[tuple[GrantNamed, ...], Field(max_length=50)] = ()
    starts_on: date
    ends_on: date
    reason: Words


class AbsenceRequest(Value):
    """The days one is out of office, both included; without a last one until it is taken back.

    Why is not asked: nobody needs to know.
    """

    starts_on: date
    ends_on: date | None = None


class InvitationRequest(Value):
    """A one-time link to a password: for a new person, or for one who is known by this address.

    A new person needs a `name`; with an `organization` also the `role` there. Roles of staff are
    granted on their own, by two administrators.
    """

    email: Email
    name: FilledLine | None = None
    organization: Id | None = None
    role: Literal["signatory", "contributor"] | None = None
    language: Language = Language.ENGLISH


class NotificationPreferencesRequest(Value):
    """How one wishes to be told by e-mail."""

    email: MailWish


class PasswordRequest(Value):
    """A password, set with a one-time link."""

    link: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    password: Annotated[str, StringConstraints(min_length=12, max_length=1024)]


class EndRequest(Value):
    """The last day of a grant."""

    ends_on: date


class NameRequest(Value):
    """A name to compare with the lists, and why it is asked."""

    name: FilledLine
    kind: Literal["person", "organization"]
    birth_date: Day | None = None
    country: CountryCode | None = None
    why: Words


class RecordRequest(Value):
    """A baseline, vetting or due diligence, as somebody proposes it.

    A country baseline names its `country` and a level for each risk type, before anything is done
    about it; a vetting the `name` and `country` of a unit or person; a due diligence the partner's
    `organization`. The latter three have a `result`.
    """

    kind: RecordKind
    country: CountryCode | None = None
    organization: Id | None = None
    name: FilledLine | None = None
    levels: dict[Code, RiskLevel] = {}
    result: RecordResult | None = None
    findings: Words
    sources: Annotated[tuple[FilledLine, ...], Field(max_length=50)] = ()
    valid_until: Day | None = None
    """Earlier than policy's longest validity; null: that."""
    counts_mitigation: bool = False
    """Whether the levels already count what would lower them; a baseline's never may."""


class NamedInIncident(Value):
    """A unit or person that an incident is about."""

    name: FilledLine
    country: CountryCode | None = None


class IncidentRequest(Value):
    """What happened, and where to look for what it touches.

    Proposals named in `references` are touched; so is everything alive that fits all of
    `organization`, `countries` and `parties` that are given. A partner leaves `organization` out,
    which is its own, and reports no country event.
    """

    kind: IncidentKind
    occurred_at: AwareDatetime
    learned_at: AwareDatetime
    """When whoever reports learned of it: the hours of policy count from then."""
    what: Words
    organization: Id | None = None
    countries: Annotated[tuple[CountryCode, ...], Field(max_length=50)] = ()
    parties: Annotated[tuple[NamedInIncident, ...], Field(max_length=20)] = ()
    references: Annotated[tuple[Id, ...], Field(max_length=200)] = ()


class AssessmentRequest(Value):
    """What an incident was found to be; a second person confirms it."""

    outcome: IncidentOutcome
    findings: Words


class PoliceToldRequest(Value):
    """That the police were told of a true match: whom, when, and what."""

    authority: Literal["rcmp", "csis"]
    told_on: Day
    file_number: FilledLine
    what: Words
