"""What a task's form is made of: everything about one task that its questions depend on."""

from __future__ import annotations

from datetime import date
from typing import Any, Literal

from schemas.in_force import CountryMeasure
from schemas.messages import Slice
from schemas.people import Level
from schemas.proposal import Assistance, PartnerKind, Section, Trigger
from schemas.reusable_records import RecordLine
from schemas.tasks import Gate, TaskKind
from schemas.terms import Checklist, RiskMatrix
from schemas.values import FiscalYear, Value

Instrument = Literal["grant", "contribution", "memorandum"]
Vote = Literal["grants", "contributions", "operating"]

VOTES: dict[str, str] = {
    "grant": "grants",
    "contribution": "contributions",
    "memorandum": "operating",
}
"""The vote line that pays for each instrument."""

ORGANIZATION = "organization"
"""The one subject that is rated where a proposal has neither places nor units."""


class HitLine(Value):
    """A possible match of a party with an entry of a list, as the reviewer judges it."""

    id: str
    list: str
    entry: str
    name: str
    score: float
    features: tuple[str, ...] = ()
    compared: dict[str, Any] = {}
    """What the proposal says of the party and the list of its entry, side by side."""
    explained: dict[str, tuple[str, ...]] = {}
    """What the score is made of, in sentences, by language."""
    counts_as_listed: bool = False
    """If this is a match, the partner counts as listed: it is the partner, directs it, or holds,
    with the other owners in doubt, the share that policy names."""


class FundLine(Value):
    """A fund that the recommendation may draw on; what it has left is shown, never a limit."""

    id: str
    fiscal_year: FiscalYear
    vote: Vote
    available_cents: int


class ConditionLine(Value):
    """A condition that earlier decisions have set."""

    id: str
    text: str
    gates: Gate
    due_date: date | None = None


class RecommendationLine(Value):
    """One of several recommendations of money, of which arbitration lets one stand."""

    task: str
    by: str
    """The name of whoever made it."""
    outcome: str
    instrument: Instrument | None = None
    slices: tuple[Slice, ...] = ()
    priority: int = 0


class GivenLine(Value):
    """Evidence that was given for a condition."""

    at: str
    by: str
    words: str
    documents: tuple[dict[str, str | None], ...] = ()


class DocumentLine(Value):
    """A document that an answer may rely on, by its digest."""

    sha256: str
    name: str


class JudgedLine(Value):
    """The condition that is judged, with what was asked and what was given."""

    id: str
    text: str
    owner: str
    evidence: str
    gates: Gate
    due_date: str | None
    given: tuple[GivenLine, ...] = ()


class FormContext(Value):
    """One task as its form sees it; a field that its kind does not use stays empty."""

    kind: TaskKind
    task_id: str
    reference: str
    confirms: TaskKind | None = None
    """Kind of the task that a `confirm` is about (also of one that is arbitrated)."""
    arbitrates: TaskKind | None = None
    recommendations: tuple[RecommendationLine, ...] = ()
    """What is arbitrated where several people recommended money otherwise."""
    sealing: bool = False
    """A legal task that screening opened."""
    offer: bool = False
    """A recommendation that answers an offer of money that came free."""
    in_part: bool = False
    """An approval that may be given for a part of what is reserved."""
    reserved: tuple[Slice, ...] = ()
    """The money that is approved, by fund."""
    places: tuple[str, ...] = ()
    """Country and region codes of the proposal."""
    units: tuple[str, ...] = ()
    """Ids of its security units: `unit-1`, `unit-2` ..."""
    unit_names: dict[str, str] = {}
    hits: tuple[HitLine, ...] = ()
    confirm_from: float | None = None
    """Policy's level for screening: a `no_match` on a score from here on needs a second person."""
    failed_checks: tuple[str, ...] = ()
    declared: tuple[Trigger, ...] = ()
    """The triggers that the partner's words declare."""
    triggers: tuple[Trigger, ...] = ()
    """All that is known of the proposal: declared, ticked, or opened by a reviewer (findings)."""
    partner_kind: PartnerKind | None = None
    focus_areas: tuple[str, ...] = ()
    assistance: tuple[Assistance, ...] = ()
    documents: tuple[DocumentLine, ...] = ()
    """What is attached to the task and to the revision (findings)."""
    notice: dict[str, str | None] = {}
    """What an environmental notice is about, when it was posted, and until when it stands."""
    measures: tuple[CountryMeasure, ...] = ()
    """The measures in force that touch the proposal (`compliance.country_measures`)."""
    measures_version: str | None = None
    today: date | None = None
    """The day in Toronto: an authorization is in force on it."""
    gender_code: int | None = None
    """The code that the partner proposes."""
    ends_on: date | None = None
    """The last day of the proposed work."""
    amount_cents: int = 0
    years: dict[FiscalYear, int] = {}
    """The budget by fiscal year, in cents."""
    slices_default: tuple[Slice, ...] = ()
    """The budget's years on the funds that would pay for them."""
    funds: tuple[FundLine, ...] = ()
    instruments: tuple[Instrument, ...] = ()
    document: str | None = None
    """SHA-256 of the approval document."""
    conditions: tuple[ConditionLine, ...] = ()
    judges: JudgedLine | None = None
    """The condition that a `condition.judge` is about."""
    claimed_cents: int = 0
    """What is claimed (`payment.certify`), or reported in all (`agreement.close`)."""
    running: dict[str, Any] | None = None
    """The report or payment that is looked at, with what was handed in."""
    rung: Level | None = None
    sections: tuple[Section, ...] = ()
    """What the open requests for changes ask to re-open (`return.release`)."""
    desk_places: tuple[str, ...] = ()
    """The places of the desk that is asked (`desk.consult`)."""
    matrix: RiskMatrix | None = None
    checklist: Checklist | None = None
    records: tuple[RecordLine, ...] = ()
    """The reusable records in force that concern the proposal (rated findings)."""

    @property
    def subjects(self) -> tuple[str, ...]:
        """What a rated finding rates: every place and unit, else the organization."""
        return (*self.places, *self.units) or (ORGANIZATION,)

    @property
    def judged(self) -> TaskKind | None:
        """The kind whose result is confirmed or arbitrated, seen through a `confirm`."""
        if self.arbitrates is not None and self.arbitrates is not TaskKind.CONFIRM:
            return self.arbitrates
        return self.confirms
