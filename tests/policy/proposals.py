"""Proposals for the tests of policy: a complete one, of which a test changes what it is about."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import Any

from policy.catalogue import Catalogue
from schemas.in_force import InForce
from schemas.proposal import Content
from schemas.terms import Terms

TODAY = date(2026, 11, 24)
ORGANIZATION = "International Centre for Border Cooperation"


@cache
def the_catalogue() -> Catalogue:
    return Catalogue.load()


def in_force(day: date = TODAY) -> InForce:
    return the_catalogue().in_force(day)


def terms_of(programme: str) -> Terms:
    return the_catalogue().terms_in_force(programme, TODAY)


def dollars(value: str) -> dict[str, str]:
    return {"currency": "CAD", "value": value}


def a_proposal(**changes: Any) -> Content:
    """The border crossing in Jordan of api.md, with *changes* to its content."""
    return Content.model_validate({**_JORDAN, **changes})


def a_haitian_proposal(**changes: Any) -> Content:
    return a_proposal(
        **{
            "programme": "ACCBP",
            "title": "Investigating corruption in Haiti",
            "focus_areas": ["corruption"],
            "countries": [{"code": "HT", "share": 100}],
            "beneficiaries": [{"name": "Unit", "kind": "government_entity", "country": "HT"}],
            "named_parties": [],
            **changes,
        }
    )


_JORDAN: dict[str, Any] = {
    "programme": "CTCBP",
    "call": None,
    "language": "en",
    "title": "Security at the King Hussein Bridge border crossing",
    "summary": "Officers learn to find forged documents.",
    "focus_areas": ["border_transport"],
    "assistance": ["training", "equipment"],
    "countries": [{"code": "JO", "share": 100}],
    "regions": [],
    "split": "given",
    "start_date": "2027-04-01",
    "end_date": "2029-03-31",
    "amount": dollars("3400000.00"),
    "budget": [
        {"fiscal_year": "2027-28", "category": "training", "amount": dollars("1700000.00")},
        {"fiscal_year": "2028-29", "category": "equipment", "amount": dollars("1700000.00")},
    ],
    "beneficiaries": [
        {"name": "Public Security Directorate", "kind": "security_unit", "country": "JO"}
    ],
    "named_parties": [{"name": "R. Amara", "kind": "person", "relation": "director"}],
    "equipment": [
        {
            "description": "document readers",
            "quantity": 12,
            "value": dollars("240000.00"),
            "controlled": False,
        }
    ],
    "physical_works": False,
    "information_sharing": False,
    "locations": [],
    "human_rights_analysis": "Detention at the crossing is monitored.",
    "gender_analysis": "Women are a third of the trainees.",
    "gender_equality_code": 2,
    "expected_results": "Forged documents are found.",
    "declarations": {
        "code_of_conduct": True,
        "no_profit": True,
        "no_costs_before_signature": True,
        "conflict_of_interest": None,
    },
    "documents": [],
}
