"""The demonstration's proposals, each left at another stage so that every inbox holds something.

They go the way of every proposal: drafted, submitted and decided by the demonstration's own
accounts through the same commands. Repeating a step is harmless, so an interrupted seeding
goes on where it stopped; once finished it never touches a proposal again.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlmodel import select

from commands import deciding, demonstration, drafting, partner_acts, reading, submitting
from commands.office import Office
from policy.rules import clocks
from schemas.errors import Malformed, NotFound, Refused
from schemas.events import INSTALLATION, EventType
from schemas.people import SYSTEM, Candidate, Role, Viewer
from schemas.proposal import Content, Section
from schemas.requests import DecisionRequest, TaskFilter
from schemas.values import digest
from store import chain, inboxes, people
from store.tables import EventRow

_MOST_STEPS = 60


@dataclass(frozen=True)
class _Sample:
    """A proposal of the demonstration and where it is left."""

    key: str
    programme: str
    organization: str
    focus: str
    country: str
    stage: str


_SAMPLES = (
    _Sample("draft", "CTCBP", "demo-ngo", "legal_assistance", "LB", "draft"),
    _Sample(
        "eligibility", "CTCBP", "demo-international-organization", "border_transport", "JO",
        "eligibility",
    ),
    _Sample("compliance", "ACCBP", "demo-ngo", "corruption", "GT", "compliance"),
    _Sample("desk", "ACCBP", "oas", "crime_prevention", "JM", "desk"),
    _Sample(
        "funding", "CTCBP", "unodc", "terrorist_financing", "NE", "funding",
    ),
    _Sample("returned", "ACCBP", "demo-international-organization", "illicit_drugs", "BZ",
            "returned"),
    _Sample("agreement", "ACCBP-HSE", "demo-international-organization",
            "maritime_migrant_smuggling", "TH", "agreement"),
    _Sample("active", "CTCBP", "demo-ngo", "violent_extremism_foreign_fighters", "JO", "active"),
)  # fmt: skip


async def seed_proposals(office: Office) -> None:
    """Prepare every sample; raises Unavailable while the engine is not there yet."""
    if await _is_finished(office):
        return
    staff = await _staff(office)
    for sample in _SAMPLES:
        await _prepare(office, sample, staff)
    async with office.database.writing() as session:
        event = chain.installation_event(
            EventType.SEEDED, SYSTEM, "demonstration-proposals", office.now()
        )
        await chain.append(session, event, now=office.now())


async def _is_finished(office: Office) -> bool:
    async with office.database.reading() as session:
        found = await session.exec(
            select(EventRow.id).where(
                EventRow.subject == INSTALLATION, EventRow.type == EventType.SEEDED
            )
        )
        return found.first() is not None


async def _staff(office: Office) -> list[Viewer]:
    found = []
    async with office.database.reading() as session:
        for account in await demonstration.accounts(office, ""):
            row = await people.by_email(session, account["email"])
            viewer = await people.viewer_of_person(session, row, office.today()) if row else None
            if viewer is not None and viewer.is_staff:
                found.append(viewer)
    return found


async def _prepare(office: Office, sample: _Sample, staff: list[Viewer]) -> None:
    owner = Viewer(
        id=await _signatory_of(office, sample.organization),
        name="",
        email="",
        organization=sample.organization,
        grants=(Candidate(role=Role.SIGNATORY, scope=sample.organization),),
    )
    content = _content(sample, office.today())
    view, _ = await drafting.create(office, owner, content, None, _request(sample, "create"))
    reference = str(view["reference"])
    if sample.stage == "draft":
        return
    if view["stage"] == "draft":
        await submitting.submit(office, owner, reference, _request(sample, "submit"), None)
    auditor = next(v for v in staff if v.holds(Role.AUDITOR))
    for _ in range(_MOST_STEPS):
        now, _ = await reading.proposal(office, auditor, reference)
        if now["stage"] == sample.stage:
            return
        await _step(office, sample, reference, now, owner, staff)


async def _step(
    office: Office,
    sample: _Sample,
    reference: str,
    now: dict[str, Any],
    owner: Viewer,
    staff: list[Viewer],
) -> None:
    """Take one step on: the partner's where it is asked, else the first task that one may take."""
    if now["stage"] == "agreement" and not now["agreement"]["partner_signed_at"]:
        accepted = now["agreement"]["conditions_accepted_at"]
        act = partner_acts.sign if accepted else partner_acts.accept_conditions
        await act(office, owner, reference, _request(sample, f"agreement-{bool(accepted)}"))
        return
    for viewer in staff:
        async with office.database.reading() as session:
            tasks, _ = await inboxes.tasks(
                session,
                viewer,
                view="group",
                now=office.now(),
                asked=TaskFilter(reference=reference),
                limit=1,
                cursor=None,
            )
        if tasks:
            await _decide(office, sample, tasks[0].id, viewer)
            return


async def _decide(office: Office, sample: _Sample, task_id: str, viewer: Viewer) -> None:
    task, _ = await reading.task(office, viewer, task_id, "en")
    returns = sample.stage == "returned" and task["kind"] == "eligibility.confirm"
    request = DecisionRequest(
        outcome="return" if returns else task["outcomes"][0]["code"],
        reason="Prepared for the demonstration.",
        message_to_partner="Please say more about the results you expect." if returns else None,
        answers=task["form"]["examples"][0],
        sections=(Section.RESULTS, Section.SUMMARY) if returns else (),
    )
    try:
        await deciding.decide(office, viewer, task_id, request, _request(sample, task_id), None)
    except (Refused, Malformed, NotFound):
        # Someone signed in was quicker: the next round looks again.
        return


async def _signatory_of(office: Office, organization: str) -> str:
    async with office.database.reading() as session:
        for person, grants in await people.all_people(session):
            if any(g.role == Role.SIGNATORY and g.scope == organization for g in grants):
                return person.id
    raise NotFound


def _request(sample: _Sample, step: str) -> str:
    return digest(["demonstration", sample.key, step])


def _content(sample: _Sample, today: date) -> Content:
    """A complete proposal of two fiscal years, 400,000.00 in all."""
    first = clocks.fiscal_year_start(clocks.fiscal_year(today)).year + 1
    years = [f"{year}-{(year + 1) % 100:02d}" for year in (first, first + 1)]
    half = {"currency": "CAD", "value": "200000.00"}
    smuggling = {"route": "maritime", "bound_for_canada": True, "roles": ["transit"]}
    return Content.model_validate(
        {
            "programme": sample.programme,
            "title": f"Demonstration: training of trainers ({sample.key})",
            "summary": "A proposal of the demonstration, with no real partner behind it.",
            "focus_areas": [sample.focus],
            "assistance": ["training", "technical"],
            "countries": [{"code": sample.country, "share": 100}],
            "start_date": f"{first}-04-01",
            "end_date": f"{first + 2}-03-31",
            "amount": {"currency": "CAD", "value": "400000.00"},
            "budget": [
                {"fiscal_year": years[0], "category": "training", "amount": half},
                {"fiscal_year": years[1], "category": "technical", "amount": half},
            ],
            "beneficiaries": [
                {
                    "name": "National training academy (demonstration)",
                    "kind": "government_entity",
                    "country": sample.country,
                }
            ],
            "physical_works": False,
            "information_sharing": False,
            "human_rights_analysis": "Trainees are vetted; the course covers lawful arrest.",
            "gender_analysis": "Women are a third of the trainees and half of the trainers.",
            "gender_equality_code": 2,
            "expected_results": "Sixty trainers who go on to train in their own region.",
            "canadian_interest": "Fewer threats reach Canada through the region.",
            "smuggling": smuggling if sample.programme == "ACCBP-HSE" else None,
            "declarations": {
                "code_of_conduct": True,
                "no_profit": True,
                "no_costs_before_signature": True,
            },
        }
    )
