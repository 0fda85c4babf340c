"""Which sections a resubmission changed, and whether the return had opened them."""

from __future__ import annotations

import pytest

from policy.rules.sections import changed_sections, fields_outside
from schemas.proposal import SECTION_FIELDS, Content, Section
from tests.policy.proposals import a_proposal


@pytest.mark.parametrize(
    ("changes", "sections"),
    [
        pytest.param({}, (), id="nothing"),
        pytest.param({"title": "Another"}, (Section.SUMMARY,), id="the title"),
        pytest.param({"assistance": ["training"]}, (Section.FOCUS,), id="the assistance"),
        pytest.param({"split": "equal"}, (Section.COUNTRIES,), id="the split"),
        pytest.param(
            {"amount": {"value": "1.00"}, "end_date": "2030-01-01"},
            (Section.DATES, Section.BUDGET),
            id="dates and money",
        ),
        pytest.param({"amount": {"value": "3400000"}}, (), id="the same amount, written otherwise"),
        pytest.param({"risks": [{"description": "?"}]}, (Section.HUMAN_RIGHTS,), id="risks"),
    ],
)
def test_a_section_changed_when_one_of_its_fields_did(changes, sections):
    assert changed_sections(a_proposal(), a_proposal(**changes)) == sections


def test_only_what_the_return_named_may_change():
    old = a_proposal()
    new = a_proposal(title="Another", gender_equality_code=1)

    assert fields_outside(old, new, [Section.GENDER]) == (Section.SUMMARY,)
    assert fields_outside(old, new, [Section.GENDER, Section.SUMMARY]) == ()


def test_every_field_but_programme_and_call_lies_in_exactly_one_section():
    held = [field for fields in SECTION_FIELDS.values() for field in fields]

    assert sorted(held) == sorted(Content.model_fields.keys() - {"programme", "call"})
