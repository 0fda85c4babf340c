"""The sample holds complete proposals, made of marked facts and marked assumptions."""

from datetime import date
from decimal import Decimal

import pytest

from cli.sample import Sample, sample_projects
from policy.catalogue import Catalogue
from policy.rules import completeness, eligibility
from schemas.forms import VOTES
from schemas.proposal import PartnerKind

SAMPLES = sample_projects()
TODAY = date(2026, 11, 24)
MOST_CENTS = 10_000_000_00
each_sample = pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.id)


def test_the_sample_has_eighteen_projects():
    assert len(SAMPLES) == 18
    assert len({sample.title for sample in SAMPLES}) == 18


@each_sample
def test_a_sample_lacks_nothing_that_a_submission_needs(sample: Sample):
    content = sample.content

    for needed in (
        "title",
        "summary",
        "assistance",
        "start_date",
        "end_date",
        "amount",
        "budget",
        "beneficiaries",
        "human_rights_analysis",
        "gender_analysis",
        "gender_equality_code",
        "expected_results",
    ):
        assert getattr(content, needed) not in (None, (), ""), needed
    assert content.physical_works is not None
    assert content.information_sharing is not None


@each_sample
def test_shares_make_a_hundred(sample: Sample):
    places = [*sample.content.countries, *sample.content.regions]

    if sample.content.split == "equal":
        assert all(place.share is None for place in places)
    else:
        assert sum(place.share or Decimal(0) for place in places) == 100


@each_sample
def test_the_budget_makes_the_amount_within_assistance_and_dates(sample: Sample):
    content = sample.content
    assert content.amount is not None
    assert content.start_date is not None
    assert content.end_date is not None

    assert sum(line.amount.cents for line in content.budget) == content.amount.cents
    assert {line.category for line in content.budget} <= set(content.assistance)
    years = {int(line.fiscal_year[:4]) for line in content.budget}
    assert min(years) >= _fiscal_year(content.start_date)
    assert max(years) <= _fiscal_year(content.end_date)
    assert content.amount.cents <= MOST_CENTS


@each_sample
def test_a_sample_starts_after_its_signature_and_says_what_it_assumes(sample: Sample):
    assert sample.content.start_date is not None
    assert sample.content.start_date.isoformat() >= "2027-04-01"
    assert sample.source_url.startswith("http")
    assert sample.assumed


def test_all_samples_fit_into_the_demonstration_s_funds():
    asked: dict[tuple[str, str, str], int] = {}

    for sample in SAMPLES:
        if sample.expected.instrument is None:
            continue
        vote = VOTES[sample.expected.instrument]
        for line in sample.content.budget:
            fund = (sample.content.programme, vote, line.fiscal_year)
            asked[fund] = asked.get(fund, 0) + line.amount.cents

    for (programme, vote, _), cents in asked.items():
        larger = (programme, vote) == ("CTCBP", "contributions")
        voted = 20_000_000_00 if larger else 10_000_000_00
        assert cents <= voted - 4_000_000_00  # left to the demonstration's own proposals


@each_sample
def test_the_partner_submits_or_it_is_said_who_stands_in(sample: Sample):
    assumptions = {key: told for each in sample.assumed for key, told in each.items()}

    if sample.partner is None:
        assert sample.submitted_by in ("international_organization", "ngo")
        assert "stands in" in assumptions["partner"]
    else:
        assert sample.submitted_by == {"OAS": "oas", "UNODC": "unodc"}.get(sample.partner.name)
        others = {party.name for party in sample.content.sub_partners}
        assert not {sample.partner.name, sample.partner.short_name} & others


def test_equal_partners_are_written_alike():
    partners = {sample.partner for sample in SAMPLES if sample.partner is not None}

    assert len(partners) == len({partner.short_name for partner in partners}) == 10
    assert all(len(f"Signatory of {partner.short_name}") <= 30 for partner in partners)


@each_sample
def test_a_federal_partner_is_paid_by_memorandum_and_everybody_else_by_contribution(
    sample: Sample,
):
    if sample.expected.outcome != "approved":
        assert sample.expected.instrument is None
    elif sample.kind is PartnerKind.CANADIAN_FEDERAL:
        assert sample.expected.instrument == "memorandum"
    else:
        assert sample.expected.instrument == "contribution"


def test_an_unknown_project_is_not_passed_over():
    with pytest.raises(KeyError, match="P999"):
        sample_projects(["P999"])


@pytest.fixture(scope="module")
def catalogue():
    return Catalogue.load()


@each_sample
def test_a_sample_is_accepted_at_the_door(sample: Sample, catalogue: Catalogue):
    terms = catalogue.terms_in_force(sample.content.programme, TODAY)

    assert completeness.gaps(sample.content, catalogue.known(terms)) == ()


@each_sample
def test_the_checks_of_a_sample_come_out_as_it_expects(sample: Sample, catalogue: Catalogue):
    terms = catalogue.terms_in_force(sample.content.programme, TODAY)

    checks = eligibility.run_checks(
        sample.content, sample.kind, "Partner", terms, catalogue.in_force(TODAY).regions, TODAY
    )

    results = {check.code: check.result for check in checks}
    failed = [code for code, result in results.items() if result == "fail"]
    assert failed == ([sample.expected.failed] if sample.expected.failed else [])
    if sample.expected.needs_judgement:
        assert results[sample.expected.needs_judgement] == "needs_judgement"


def _fiscal_year(day) -> int:
    """The year in which the fiscal year of *day* starts (1 April)."""
    return int(day.year if day.month >= 4 else day.year - 1)
