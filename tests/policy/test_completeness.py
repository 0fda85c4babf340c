"""What `submit` refuses at the door."""

from __future__ import annotations

import inspect
import re
from pathlib import Path

import pytest

from commands import calls
from policy import sentences
from policy.rules import completeness
from policy.rules.completeness import gaps
from schemas.proposal import Content
from tests.policy.proposals import a_proposal, dollars, terms_of, the_catalogue

KNOWN = the_catalogue().known(terms_of("CTCBP"))
LINE = {"fiscal_year": "2027-28", "category": "training", "amount": dollars("3400000.00")}


def found(content: Content, known=KNOWN) -> list[tuple[str, str]]:
    return [(gap.pointer, gap.code) for gap in gaps(content, known)]


def test_a_complete_proposal_has_no_gap():
    assert found(a_proposal()) == []


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"focus_areas": []}, id="no focus area is a check that fails"),
        pytest.param({"focus_areas": ["corruption"]}, id="another program's focus is a check"),
        pytest.param({"gender_equality_code": 0}, id="GE-0 is an answer"),
        pytest.param({"physical_works": True}, id="works are declared"),
        pytest.param(
            {"split": "equal", "countries": [{"code": "JO"}, {"code": "IQ"}, {"code": "LB"}]},
            id="equal shares need no typing",
        ),
        pytest.param(
            {
                "countries": [{"code": "JO", "share": 33.34}],
                "regions": [{"code": "sahel", "share": 66.66}],
            },
            id="countries and regions together",
        ),
        pytest.param(
            {"start_date": "2027-04-01", "end_date": "2027-04-01", "budget": [LINE]},
            id="a single day",
        ),
        pytest.param({"amount": dollars("3400000")}, id="an amount without cents"),
    ],
)
def test_what_is_for_a_person_to_judge_is_no_gap(changes):
    assert found(a_proposal(**changes)) == []


def test_an_empty_draft_lacks_everything_once():
    assert found(Content(programme="CTCBP")) == [
        ("/title", "missing"),
        ("/summary", "missing"),
        ("/assistance", "missing"),
        ("/start_date", "missing"),
        ("/end_date", "missing"),
        ("/amount", "missing"),
        ("/budget", "missing"),
        ("/beneficiaries", "missing"),
        ("/physical_works", "missing"),
        ("/information_sharing", "missing"),
        ("/human_rights_analysis", "missing"),
        ("/gender_analysis", "missing"),
        ("/gender_equality_code", "missing"),
        ("/expected_results", "missing"),
        ("/countries", "place_missing"),
        ("/declarations/code_of_conduct", "answer_missing"),
        ("/declarations/no_profit", "answer_missing"),
        ("/declarations/no_costs_before_signature", "answer_missing"),
    ]


@pytest.mark.parametrize(
    ("changes", "pointer", "code"),
    [
        pytest.param({"title": "   "}, "/title", "missing", id="only spaces"),
        pytest.param({"countries": []}, "/countries", "place_missing", id="no place"),
        pytest.param(
            {"focus_areas": ["border_transport", "piracy"]},
            "/focus_areas/1",
            "focus_area_unknown",
            id="a focus area of no program",
        ),
        pytest.param(
            {"countries": [], "regions": [{"code": "atlantis", "share": 100}]},
            "/regions/0/code",
            "region_unknown",
            id="a region of no table",
        ),
        pytest.param(
            {"countries": [{"code": "XX", "share": 100}]},
            "/countries/0/code",
            "country_unknown",
            id="a country that does not exist",
        ),
        pytest.param(
            {"beneficiaries": [{"name": "Unit", "kind": "security_unit", "country": "UK"}]},
            "/beneficiaries/0/country",
            "country_unknown",
            id="a beneficiary's country",
        ),
        pytest.param(
            {"locations": [{"name": "There", "country": "ZZ"}]},
            "/locations/0/country",
            "country_unknown",
            id="a location's country",
        ),
        pytest.param(
            {"countries": [{"code": "JO", "share": 50}, {"code": "JO", "share": 50}]},
            "/countries/1/code",
            "place_twice",
            id="a country twice",
        ),
        pytest.param(
            {"countries": [{"code": "JO", "share": 99.99}]},
            "/countries",
            "shares_total",
            id="a hundredth short",
        ),
        pytest.param(
            {"countries": [], "regions": [{"code": "sahel", "share": 99}]},
            "/regions",
            "shares_total",
            id="regions that fall short",
        ),
        pytest.param(
            {"countries": [{"code": "JO", "share": 100}, {"code": "IQ"}]},
            "/countries/1/share",
            "share_missing",
            id="a share is missing",
        ),
        pytest.param(
            {"countries": [{"code": "JO", "share": 100}, {"code": "IQ", "share": 0}]},
            "/countries/1/share",
            "share_zero",
            id="a share of nothing",
        ),
        pytest.param({"start_date": "2029-04-01"}, "/end_date", "end_before_start", id="backwards"),
        pytest.param(
            {"end_date": "2028-03-31"},
            "/budget/1/fiscal_year",
            "fiscal_year_outside_dates",
            id="money after the end",
        ),
        pytest.param(
            {"budget": [{**LINE, "fiscal_year": "2027-29"}]},
            "/budget/0/fiscal_year",
            "fiscal_year_outside_dates",
            id="a year that is none",
        ),
        pytest.param(
            {"budget": [{**LINE, "category": "legal"}]},
            "/budget/0/category",
            "category_outside_assistance",
            id="a category that is no assistance",
        ),
        pytest.param(
            {"budget": [{**LINE, "amount": dollars("3399999.99")}]},
            "/budget",
            "budget_total",
            id="a cent short",
        ),
        pytest.param(
            {
                "amount": dollars("0.00"),
                "budget": [{**LINE, "amount": dollars("0")}],
            },
            "/amount",
            "amount_zero",
            id="nothing asked for",
        ),
        pytest.param(
            {
                "amount": dollars("1000000000.01"),
                "budget": [{**LINE, "amount": dollars("1000000000.01")}],
            },
            "/amount",
            "amount_implausible",
            id="more than a thousand million",
        ),
    ],
)
def test_each_gap_is_told_once_and_where(changes, pointer, code):
    assert found(a_proposal(**changes)) == [(pointer, code)]


def test_several_gaps_are_told_together():
    content = a_proposal(title=None, countries=[{"code": "XX", "share": 50}])

    assert found(content) == [
        ("/title", "missing"),
        ("/countries/0/code", "country_unknown"),
        ("/countries", "shares_total"),
    ]


def test_a_gap_carries_the_facts_of_its_sentence():
    (gap,) = gaps(a_proposal(amount=dollars("1.00")), KNOWN)

    assert gap.facts == {"total": "3400000.00", "amount": "1.00"}


def test_an_annual_contribution_names_no_places_and_nobody_who_benefits():
    known = the_catalogue().known(terms_of("ACCBP-AVC"))
    content = a_proposal(
        programme="ACCBP-AVC",
        countries=[],
        beneficiaries=[],
        equipment=[],
        physical_works=None,
        information_sharing=None,
        gender_analysis=None,
        gender_equality_code=None,
    )

    assert found(content, known) == []


def test_every_gap_has_its_sentence_in_both_languages():
    # What a draft lacks is told by the rules; what is wrong with its call, by who keeps calls.
    source = Path(completeness.__file__).read_text(encoding="utf-8")
    source += inspect.getsource(calls.gaps)

    assert set(re.findall(r'code="([a-z_]+)"', source)) == sentences.GAPS.keys()


@pytest.mark.parametrize("language", ["en", "fr"])
def test_every_sentence_is_whole_once_its_facts_are_in(language):
    for text in (*sentences.GAPS.values(), *sentences.CHECK_DETAILS.values()):
        filled = sentences.sentence(text, {}, language)

        assert filled.endswith(".")
        assert "{" not in filled


def test_both_languages_of_a_sentence_use_the_same_facts():
    for text in (*sentences.GAPS.values(), *sentences.CHECK_DETAILS.values()):
        assert set(re.findall(r"{\w+}", text.en)) == set(re.findall(r"{\w+}", text.fr))


def test_french_sentences_keep_their_punctuation_together():
    for text in (*sentences.GAPS.values(), *sentences.CHECK_DETAILS.values()):
        assert not re.search(r"(?<!\u00a0)[:%»]|«(?!\u00a0)", text.fr), text.fr
