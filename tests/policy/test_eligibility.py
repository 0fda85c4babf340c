"""The automatic eligibility checks."""

from __future__ import annotations

import ast
import inspect

import pytest

from policy import sentences
from policy.rules import eligibility
from policy.rules.eligibility import CHECKS, run_checks, worst
from schemas.proposal import CheckResult, Content, PartnerKind
from schemas.terms import Terms
from tests.policy.proposals import (
    ORGANIZATION,
    TODAY,
    a_haitian_proposal,
    a_proposal,
    dollars,
    in_force,
    terms_of,
)

PASS, FAIL, JUDGE = CheckResult.PASS, CheckResult.FAIL, CheckResult.NEEDS_JUDGEMENT
SMUGGLING = {"route": "maritime", "bound_for_canada": True, "roles": ["transit"]}


def checks(
    content: Content,
    kind: PartnerKind = PartnerKind.INTERNATIONAL_ORGANIZATION,
    organization: str = ORGANIZATION,
    terms: Terms | None = None,
):
    found = run_checks(
        content,
        kind,
        organization,
        terms or terms_of(content.programme),
        in_force().regions,
        TODAY,
    )
    return {check.code: check for check in found}


def a_smuggling_proposal(**changes):
    return a_proposal(
        **{
            "programme": "ACCBP-HSE",
            "focus_areas": ["maritime_migrant_smuggling"],
            "countries": [{"code": "TH", "share": 100}],
            "smuggling": SMUGGLING,
            **changes,
        }
    )


def an_annual_contribution(**changes):
    return a_proposal(
        **{
            "programme": "ACCBP-AVC",
            "focus_areas": [],
            "assistance": ["funding"],
            "countries": [],
            "beneficiaries": [],
            "equipment": [],
            "start_date": "2027-04-01",
            "end_date": "2028-03-31",
            "budget": [
                {
                    "fiscal_year": "2027-28",
                    "category": "funding",
                    "amount": dollars("3400000.00"),
                }
            ],
            **changes,
        }
    )


@pytest.mark.parametrize(
    ("content", "organization"),
    [
        pytest.param(a_proposal(), ORGANIZATION, id="CTCBP in Jordan"),
        pytest.param(a_haitian_proposal(), ORGANIZATION, id="ACCBP in Haiti"),
        pytest.param(a_smuggling_proposal(), ORGANIZATION, id="ACCBP-HSE in Thailand"),
        pytest.param(
            an_annual_contribution(),
            "United Nations Office on Drugs and Crime (UNODC)",
            id="ACCBP-AVC to UNODC",
        ),
    ],
)
def test_a_proposal_that_fits_passes_every_check(content, organization):
    results = {c.result for c in checks(content, organization=organization).values()}

    assert results == {PASS}


def test_other_funding_in_haiti_needs_a_judgement_and_fails_nothing():
    content = a_haitian_proposal(other_funding=[{"source": "A donor", "amount": dollars("1.00")}])

    found = checks(content)

    assert found["other_funding"].result == JUDGE
    assert found["other_funding"].facts == {"total": "1.00", "sources": "A donor"}
    assert worst(found.values()) == JUDGE


@pytest.mark.parametrize(
    ("content", "code", "result", "detail"),
    [
        pytest.param(
            a_proposal(focus_areas=[]), "focus_area", FAIL, "focus_area_missing", id="no focus"
        ),
        pytest.param(
            a_proposal(focus_areas=["corruption"]),
            "focus_area",
            FAIL,
            "focus_area_of_another_programme",
            id="another program's focus",
        ),
        pytest.param(
            a_proposal(focus_areas=["border_transport", "corruption"]),
            "focus_area",
            FAIL,
            "focus_area_of_another_programme",
            id="one of two from another program",
        ),
        pytest.param(
            a_proposal(focus_areas=["corruption"]),
            "programme_fit",
            FAIL,
            "programme_does_not_fit",
            id="nothing of the program",
        ),
        pytest.param(
            a_proposal(countries=[{"code": "HT", "share": 100}]),
            "places",
            JUDGE,
            "places_outside_focus",
            id="outside a flexible focus",
        ),
        pytest.param(
            a_proposal(countries=[], regions=[{"code": "global", "share": 100}]),
            "places",
            JUDGE,
            "places_outside_focus",
            id="wider than the focus",
        ),
        pytest.param(
            a_smuggling_proposal(countries=[{"code": "JO", "share": 100}]),
            "places",
            FAIL,
            "places_not_eligible",
            id="outside a fixed focus",
        ),
        pytest.param(
            a_smuggling_proposal(countries=[], regions=[{"code": "sahel", "share": 100}]),
            "places",
            FAIL,
            "places_not_eligible",
            id="a region that lies partly outside",
        ),
        pytest.param(
            a_smuggling_proposal(smuggling=None),
            "envelope_fit",
            JUDGE,
            "smuggling_not_described",
            id="smuggling not described",
        ),
        pytest.param(
            a_smuggling_proposal(smuggling={**SMUGGLING, "route": "land"}),
            "envelope_fit",
            FAIL,
            "route_not_maritime",
            id="by land",
        ),
        pytest.param(
            a_smuggling_proposal(smuggling={**SMUGGLING, "bound_for_canada": False}),
            "envelope_fit",
            FAIL,
            "not_bound_for_canada",
            id="bound elsewhere",
        ),
        pytest.param(
            a_smuggling_proposal(smuggling={**SMUGGLING, "roles": []}),
            "envelope_fit",
            JUDGE,
            "neither_origin_nor_transit",
            id="roles not told",
        ),
        pytest.param(
            an_annual_contribution(),
            "named_organization",
            FAIL,
            "organization_not_named",
            id="not named for annual contributions",
        ),
        pytest.param(
            an_annual_contribution(assistance=["equipment"]),
            "assistance",
            FAIL,
            "assistance_not_eligible",
            id="equipment in an annual contribution",
        ),
        pytest.param(
            a_proposal(amount=dollars("10000000.01")),
            "amount",
            FAIL,
            "amount_above_most",
            id="a cent too much",
        ),
        pytest.param(
            a_proposal(amount=dollars("10000000.00")),
            "amount",
            PASS,
            "amount_within_limits",
            id="exactly the most",
        ),
        pytest.param(
            a_proposal(start_date="2026-11-23"),
            "dates",
            JUDGE,
            "starts_before_today",
            id="started yesterday",
        ),
        pytest.param(
            a_proposal(start_date="2026-11-24"), "dates", PASS, "dates_fit", id="starts today"
        ),
        pytest.param(
            a_proposal(start_date="2025-04-01", end_date="2026-11-23"),
            "dates",
            FAIL,
            "dates_in_the_past",
            id="ended yesterday",
        ),
        pytest.param(
            a_proposal(end_date="2032-03-31"), "dates", PASS, "dates_fit", id="exactly five years"
        ),
        pytest.param(
            a_proposal(end_date="2032-04-01"), "dates", FAIL, "dates_too_long", id="a day longer"
        ),
        pytest.param(
            a_proposal(start_date="2028-02-29", end_date="2033-02-28"),
            "dates",
            PASS,
            "dates_fit",
            id="five years from a leap day",
        ),
        pytest.param(
            a_proposal(end_date="2030-03-31"),
            "budget_by_fiscal_year",
            JUDGE,
            "year_without_budget",
            id="a year without budget",
        ),
        pytest.param(
            a_proposal(
                start_date="2025-04-01",
                end_date="2026-12-31",
                budget=[{"fiscal_year": "2025-26", "category": "training", "amount": dollars("1")}],
            ),
            "budget_by_fiscal_year",
            FAIL,
            "budget_in_a_past_year",
            id="money of a past year",
        ),
    ],
)
def test_what_does_not_fit_is_found(content, code, result, detail):
    check = checks(content)[code]

    assert (check.result, check.detail) == (result, detail)


@pytest.mark.parametrize(
    ("declarations", "code", "result"),
    [
        ({"no_costs_before_signature": False}, "costs_before_signature", FAIL),
        ({"no_costs_before_signature": None}, "costs_before_signature", JUDGE),
        ({"no_profit": False}, "profit", FAIL),
        ({"code_of_conduct": False}, "conduct", FAIL),
        ({"code_of_conduct": True, "conflict_of_interest": "A cousin"}, "conduct", JUDGE),
        ({"code_of_conduct": False, "conflict_of_interest": "A cousin"}, "conduct", FAIL),
        ({"code_of_conduct": True, "conflict_of_interest": "  "}, "conduct", PASS),
    ],
)
def test_declarations_are_taken_at_their_word(declarations, code, result):
    assert checks(a_proposal(declarations=declarations))[code].result == result


@pytest.mark.parametrize(
    ("kind", "instruments"),
    [
        (PartnerKind.CANADIAN_FEDERAL, "memorandum"),
        (PartnerKind.NGO, "grant, contribution"),
    ],
)
def test_a_federal_department_is_funded_by_memorandum_only(kind, instruments):
    assert checks(a_proposal(), kind)["instrument"].facts == {"instruments": instruments}


def test_a_partner_for_whom_there_is_no_instrument_fails():
    terms = terms_of("CTCBP").model_copy(update={"instruments": ("memorandum",)})

    check = checks(a_proposal(), PartnerKind.NGO, terms=terms)["instrument"]

    assert (check.result, check.detail) == (FAIL, "no_instrument_for_partner")


def test_a_kind_of_partner_that_the_terms_do_not_name_fails():
    terms = terms_of("CTCBP").model_copy(update={"partner_kinds": (PartnerKind.NGO,)})

    assert checks(a_proposal(), terms=terms)["partner_kind"].result == FAIL


@pytest.mark.parametrize(
    ("limit", "detail"),
    [(50, "stacking_above_limit"), (90, "stacking_within_limit")],
)
def test_a_stacking_limit_is_compared_and_a_person_still_judges(limit, detail):
    terms = terms_of("ACCBP").model_copy(update={"stacking_percent": limit})
    content = a_haitian_proposal(
        other_funding=[{"source": "A donor", "amount": dollars("1000000.00")}]
    )

    check = checks(content, terms=terms)["other_funding"]

    assert (check.result, check.detail) == (JUDGE, detail)


@pytest.mark.parametrize(
    "name",
    ["OAS", "Organization of American States", "organisation des etats  américains (OEA)"],
)
def test_an_organization_is_known_by_its_names_in_both_languages(name):
    check = checks(an_annual_contribution(), organization=name)["named_organization"]

    assert check.result == PASS


def test_a_name_that_only_contains_a_named_one_is_not_it():
    check = checks(an_annual_contribution(), organization="Friends of UNODC")

    assert check["named_organization"].result == FAIL


def test_a_draft_that_says_nothing_yet_can_be_checked():
    results = {check.result for check in checks(Content(programme="CTCBP")).values()}

    assert results == {PASS, FAIL, JUDGE}


def test_every_check_names_the_rule_it_rests_on():
    for check in checks(a_proposal()).values():
        assert check.source.startswith("CTCBP/2026-04-01: ")


def test_every_check_is_used_by_a_programme():
    used = {code for programme in PROGRAMMES for code in terms_of(programme).checks}

    assert used == CHECKS.keys()


def test_every_detail_has_its_sentence_in_both_languages():
    assert _details() == sentences.CHECK_DETAILS.keys()


PROGRAMMES = ("ACCBP", "ACCBP-HSE", "ACCBP-AVC", "CTCBP")


def _details() -> set[str]:
    """The codes that the rules can give, read from the places where they are written."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(inspect.getsource(eligibility))):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
            continue
        if node.func.id == "Found":
            details = [keyword.value for keyword in node.keywords if keyword.arg == "detail"]
        elif node.func.id == "_declared":
            details = node.args[1:2]
        else:
            continue
        found |= {
            part.value
            for detail in details
            for part in _outcomes(detail)
            if isinstance(part, ast.Constant) and isinstance(part.value, str)
        }
    return found


def _outcomes(node: ast.expr) -> list[ast.expr]:
    if isinstance(node, ast.IfExp):
        return [node.body, node.orelse]
    return list(node.elts) if isinstance(node, ast.Tuple) else [node]
