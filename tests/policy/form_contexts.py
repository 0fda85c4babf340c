"""Builders of form contexts: one task of each kind, as the tests of forms and facts need it."""

from __future__ import annotations

from datetime import date
from typing import Any

from schemas.checklists import ChecklistItem
from schemas.forms import FormContext, FundLine, HitLine
from schemas.messages import Slice
from schemas.people import Discipline, Level
from schemas.proposal import Section, Trigger
from schemas.tasks import RiskLevel, TaskKind
from schemas.terms import Checklist, Named, RiskMatrix, RiskType
from schemas.values import Bilingual

DOCUMENT = "ab" * 32
HIT = "hit-1"


def named(code: str) -> Named:
    return Named(code=code, name=Bilingual(en=code, fr=f"{code} (fr)"))


def a_matrix() -> RiskMatrix:
    low, medium, high = RiskLevel
    return RiskMatrix(
        likelihoods=(named("unlikely"), named("possible"), named("likely")),
        severities=(named("minor"), named("serious"), named("grave")),
        levels={
            "unlikely": {"minor": low, "serious": low, "grave": medium},
            "possible": {"minor": low, "serious": medium, "grave": high},
            "likely": {"minor": medium, "serious": high, "grave": high},
        },
    )


def a_checklist() -> Checklist:
    question = Bilingual(en="Was the law checked?", fr="La loi a-t-elle été vérifiée?")
    return Checklist(
        code=Discipline.HUMAN_RIGHTS,
        version=date(2026, 4, 1),
        title=Bilingual(en="Checklist", fr="Liste de contrôle"),
        items=(
            ChecklistItem(code="law", question=question, source="OSJA"),
            ChecklistItem(code="extra", question=question, source="OSJA", required=False),
        ),
        risk_types=(
            RiskType(**named("torture").model_dump()),
            RiskType(**named("unfair_trial").model_dump()),
        ),
    )


def a_context(kind: TaskKind, **changes: Any) -> FormContext:
    """A two-year proposal for Jordan, the Sahel and one unit, on contribution funds."""
    context = FormContext(
        claimed_cents=1_000_00,
        kind=kind,
        task_id="CTCBP-2026-000123-t7",
        reference="CTCBP-2026-000123",
        places=("JO", "sahel"),
        units=("unit-1",),
        unit_names={"unit-1": "Public Security Directorate"},
        hits=(HitLine(id=HIT, list="un_sc", entry="QDi.001", name="A. Name", score=91.0),),
        failed_checks=("amount_within_limits",),
        declared=(Trigger.EQUIPMENT,),
        gender_code=2,
        ends_on=date(2029, 3, 31),
        amount_cents=340_000_000,
        years={"2027-28": 170_000_000, "2028-29": 170_000_000},
        slices_default=(
            Slice(fund="ctcbp-contributions-2027", cents=170_000_000),
            Slice(fund="ctcbp-contributions-2028", cents=170_000_000),
        ),
        funds=(
            FundLine(
                id="ctcbp-contributions-2027",
                fiscal_year="2027-28",
                vote="contributions",
                available_cents=1,
            ),
            FundLine(
                id="ctcbp-contributions-2028",
                fiscal_year="2028-29",
                vote="contributions",
                available_cents=1,
            ),
            FundLine(
                id="ctcbp-grants-2027", fiscal_year="2027-28", vote="grants", available_cents=1
            ),
        ),
        instruments=("grant", "contribution"),
        document=DOCUMENT,
        rung=Level.DIRECTOR_GENERAL,
        sections=(Section.BUDGET,),
        desk_places=("JO", "sahel"),
        matrix=a_matrix(),
        checklist=a_checklist(),
    )
    return context.model_copy(update=changes)
