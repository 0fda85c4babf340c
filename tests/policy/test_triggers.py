"""What a partner's words declare, and the country measures that reach them."""

from __future__ import annotations

import pytest

from policy.rules.triggers import declared, measures_touched
from schemas.proposal import Trigger
from tests.policy.proposals import a_haitian_proposal, a_proposal, in_force

MEASURES, REGIONS = in_force().measures, in_force().regions
READER = {"description": "reader", "quantity": 1, "value": {"value": "1.00"}}
NOTHING = {
    "assistance": ["training"],
    "equipment": [],
    "beneficiaries": [{"name": "Ministry", "kind": "government_entity"}],
}


@pytest.mark.parametrize(
    ("changes", "trigger"),
    [
        pytest.param({"equipment": [READER]}, Trigger.EQUIPMENT, id="equipment"),
        pytest.param({"physical_works": True}, Trigger.WORKS, id="works"),
        pytest.param({"information_sharing": True}, Trigger.INFORMATION, id="information"),
        pytest.param(
            {"locations": [{"name": "Amman", "country": "JO"}]}, Trigger.PLACES, id="places"
        ),
        pytest.param(
            {"beneficiaries": [{"name": "Unit", "kind": "security_unit"}]},
            Trigger.UNITS,
            id="units",
        ),
        pytest.param(
            {"countries": [{"code": "LB", "share": 100}], "assistance": ["equipment"]},
            Trigger.MEASURES,
            id="a measure on the country",
        ),
        pytest.param(
            {
                "countries": [],
                "regions": [{"code": "central_africa", "share": 100}],
                "assistance": ["technical"],
            },
            Trigger.MEASURES,
            id="a measure on a country of the region",
        ),
    ],
)
def test_each_declaration_opens_its_review(changes, trigger):
    content = a_proposal(**{**NOTHING, **changes})

    assert declared(content, MEASURES, REGIONS) == (trigger,)


def test_words_that_declare_nothing_open_nothing():
    assert declared(a_proposal(**NOTHING), MEASURES, REGIONS) == ()


def test_the_border_crossing_declares_equipment_and_a_unit():
    assert declared(a_proposal(), MEASURES, REGIONS) == (Trigger.EQUIPMENT, Trigger.UNITS)


def test_a_measure_on_arms_does_not_reach_legal_assistance():
    content = a_haitian_proposal(assistance=["legal"], equipment=[])

    assert measures_touched(content, MEASURES, REGIONS) == ()


def test_a_measure_reaches_where_a_beneficiary_is():
    content = a_proposal(beneficiaries=[{"name": "N", "kind": "civil_society", "country": "LY"}])

    assert [m.code for m in measures_touched(content, MEASURES, REGIONS)] == ["libya_arms"]


def test_no_measure_is_in_force_on_jordan():
    assert not [measure for measure in MEASURES.measures if "JO" in measure.countries]
