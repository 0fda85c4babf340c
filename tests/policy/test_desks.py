"""Shares of places, and the desks that they touch."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy.rules.desks import desk_shares
from policy.rules.shares import WHOLE, by_country, equal_parts, listed
from tests.policy.proposals import a_proposal, in_force

DESKS, REGIONS = in_force().desks, in_force().regions


def countries(**shares):
    return [{"code": code, "share": share} for code, share in shares.items()]


def shares(content):
    return {part.place: part.share for part in listed(content)}


def desks(content):
    touched, lead = desk_shares(content, DESKS, REGIONS)
    return {share.desk: share.share for share in touched}, lead


def test_given_shares_are_kept():
    content = a_proposal(countries=countries(JO=33.33, IQ=66.67))

    assert shares(content) == {"JO": "33.33", "IQ": "66.67"}


def test_equal_shares_make_one_hundred_and_the_first_take_what_is_left_over():
    content = a_proposal(
        split="equal",
        countries=[{"code": code} for code in ("JO", "IQ", "LB")],
        regions=[{"code": code} for code in ("sahel", "caribbean", "asean")],
    )

    assert shares(content) == {
        "JO": "16.67",
        "IQ": "16.67",
        "LB": "16.67",
        "sahel": "16.67",
        "caribbean": "16.66",
        "asean": "16.66",
    }


@given(whole=st.integers(0, WHOLE), count=st.integers(1, 300))
def test_equal_parts_lose_nothing(whole, count):
    parts = equal_parts(whole, count)

    assert sum(parts) == whole
    assert max(parts) - min(parts) <= 1


def test_a_region_stands_for_its_countries_in_equal_parts():
    content = a_proposal(countries=[], regions=[{"code": "sahel", "share": 100}])

    parts = {part.place: part.share for part in by_country(content, REGIONS)}

    assert parts == dict.fromkeys(("BF", "ML", "MR", "NE", "TD"), "20.00")


def test_a_country_named_beside_its_region_has_both_parts():
    content = a_proposal(countries=countries(ML=50), regions=[{"code": "sahel", "share": 50}])

    parts = {part.place: part.share for part in by_country(content, REGIONS)}

    assert parts["ML"] == "60.00"


@pytest.mark.parametrize(
    ("content", "expected", "lead"),
    [
        pytest.param(a_proposal(), {"middle_east": "100.00"}, "middle_east", id="one country"),
        pytest.param(
            a_proposal(countries=countries(DZ=20, LY=20, MA=20, TN=20, ML=10, NE=5, TD=5)),
            {"africa": "20.00", "maghreb": "80.00"},
            "maghreb",
            id="seven countries over two desks",
        ),
        pytest.param(
            a_proposal(countries=countries(JO=50, HT=50)),
            {"americas": "50.00", "middle_east": "50.00"},
            "americas",
            id="a tie goes to the order of the file",
        ),
        pytest.param(
            a_proposal(countries=countries(JO=30, HT=30, IQ=40)),
            {"americas": "30.00", "middle_east": "70.00"},
            "middle_east",
            id="summed by desk",
        ),
        pytest.param(
            a_proposal(countries=[], regions=[{"code": "global", "share": 100}]),
            {"americas": "100.00"},
            "americas",
            id="global has its own desk",
        ),
        pytest.param(
            a_proposal(countries=[], regions=[{"code": "asean", "share": 100}]),
            {"asia_pacific": "100.00"},
            "asia_pacific",
            id="a region of one desk",
        ),
        pytest.param(a_proposal(countries=[], regions=[]), {}, "", id="no places, no desk"),
    ],
)
def test_the_desk_with_the_largest_share_leads(content, expected, lead):
    assert desks(content) == (expected, lead)


def test_a_region_that_spans_two_desks_touches_both():
    content = a_proposal(countries=[], regions=[{"code": "middle_east_north_africa", "share": 100}])

    touched, lead = desk_shares(content, DESKS, REGIONS)

    assert [share.desk for share in touched] == ["middle_east", "maghreb"]
    assert lead == "middle_east"
    assert set(touched[1].places) == {"DZ", "EG", "LY", "MA", "TN"}
