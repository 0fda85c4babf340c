"""How long a grant holds, who stands for it, and what it brings together."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy.rules import grants
from schemas.people import Grant, GrantState, Role

TODAY = date(2026, 11, 24)


def a_grant(**changes):
    return Grant(
        **{
            "role": Role.REVIEWER,
            "scope": "norms",
            "starts_on": date(2026, 9, 1),
            "ends_on": date(2029, 8, 31),
            "confirmed_on": date(2026, 9, 2),
        }
        | changes
    )


@pytest.mark.parametrize(
    ("changes", "state"),
    [
        pytest.param({}, GrantState.IN_FORCE, id="confirmed"),
        pytest.param({"confirmed_on": None}, GrantState.PROPOSED, id="one person alone"),
        pytest.param(
            {"role": Role.ADMINISTRATOR, "confirmed_on": None}, GrantState.PROPOSED,
            id="an administrator by one person",
        ),
        pytest.param(
            {"role": Role.AUDITOR, "confirmed_on": None}, GrantState.IN_FORCE, id="an auditor"
        ),
        pytest.param(
            {"role": Role.SIGNATORY, "confirmed_on": None}, GrantState.IN_FORCE, id="a signatory"
        ),
        pytest.param({"dropped": True, "confirmed_on": None}, GrantState.DROPPED, id="refused"),
        pytest.param({"starts_on": date(2026, 11, 25)}, GrantState.UPCOMING, id="from tomorrow"),
        pytest.param({"ends_on": date(2026, 11, 24)}, GrantState.IN_FORCE, id="its last day"),
        pytest.param({"ends_on": date(2026, 11, 23)}, GrantState.ENDED, id="the day after"),
        pytest.param(
            {"confirmed_on": None, "ends_on": date(2026, 11, 23)}, GrantState.ENDED,
            id="proposed and over",
        ),
        pytest.param({"confirmed_on": date(2025, 11, 24)}, GrantState.IN_FORCE, id="a year"),
        pytest.param({"confirmed_on": date(2025, 11, 23)}, GrantState.LAPSED, id="and a day"),
        pytest.param(
            {"confirmed_on": date(2020, 1, 1), "attested_on": date(2025, 11, 24)},
            GrantState.IN_FORCE, id="attested within the year",
        ),
        pytest.param(
            {"confirmed_on": date(2020, 1, 1), "attested_on": date(2025, 11, 23)},
            GrantState.LAPSED, id="attested too long ago",
        ),
        pytest.param(
            {"role": Role.ADMINISTRATOR, "confirmed_on": date(2020, 1, 1)},
            GrantState.IN_FORCE, id="an administrator needs no attestation",
        ),
    ],
)  # fmt: skip
def test_a_grant_stands_somewhere_on_a_day(changes, state):
    assert grants.state_on(a_grant(**changes), TODAY) is state
    assert grants.holds_on(a_grant(**changes), TODAY) == (state is GrantState.IN_FORCE)


def test_a_year_from_29_february_ends_on_28_february():
    assert grants.attest_by(a_grant(confirmed_on=date(2028, 2, 29))) == date(2029, 2, 28)


@pytest.mark.parametrize(
    ("days_before", "warned"), [(31, False), (30, True), (1, True), (0, True), (-1, False)]
)
def test_whoever_keeps_order_is_warned_for_thirty_days(days_before, warned):
    grant = a_grant()
    last = grants.attest_by(grant)

    assert grants.is_to_be_attested(grant, last - timedelta(days=days_before)) is warned


def test_a_grant_that_ends_before_it_would_lapse_needs_no_warning():
    grant = a_grant(ends_on=date(2027, 9, 2))

    assert grants.attest_by(grant) == date(2027, 9, 2)
    assert not grants.is_to_be_attested(grant, date(2027, 9, 1))


DAYS = st.dates(date(2024, 1, 1), date(2030, 12, 31))
ANY = st.builds(
    Grant,
    role=st.sampled_from(list(Role)),
    scope=st.just("all"),
    starts_on=DAYS,
    ends_on=st.none() | DAYS,
    confirmed_on=st.none() | DAYS,
    attested_on=st.none() | DAYS,
    dropped=st.booleans(),
)


@given(grant=ANY, day=DAYS)
def test_what_decides_holds_only_confirmed_and_looked_at_within_a_year(grant, day):
    if not grants.holds_on(grant, day) or grant.role not in grants.DECIDING_ROLES:
        return

    looked_at = grant.attested_on or grant.confirmed_on
    assert looked_at is not None
    assert (day - looked_at).days <= 366
    assert not grant.dropped
    assert grant.starts_on <= day


@given(grant=ANY, day=DAYS)
def test_once_over_a_grant_never_comes_back_by_itself(grant, day):
    if not grants.may_hold_later(grant, day):
        assert not grants.may_hold_later(grant, day + timedelta(days=1))


@pytest.mark.parametrize(
    ("role", "others", "codes"),
    [
        (Role.CERTIFIER, {Role.SIGNING_AUTHORITY}, ("signs_and_certifies",)),
        (Role.SIGNING_AUTHORITY, {Role.CERTIFIER}, ("signs_and_certifies",)),
        (Role.PAYMENT_AUTHORITY, {Role.CERTIFIER}, ("certifies_and_requisitions",)),
        (Role.CERTIFIER, {Role.SIGNING_AUTHORITY, Role.PAYMENT_AUTHORITY},
         ("signs_and_certifies", "certifies_and_requisitions")),
        (Role.SIGNING_AUTHORITY, {Role.PAYMENT_AUTHORITY}, ()),
        (Role.REVIEWER, {Role.CERTIFIER, Role.SIGNING_AUTHORITY}, ()),
    ],
)  # fmt: skip
def test_authorities_that_one_person_uses_apart_are_warned_of(role, others, codes):
    assert grants.warnings(role, others) == codes


@pytest.mark.parametrize(
    ("role", "others", "mixes"),
    [
        (Role.ADMINISTRATOR, {Role.REVIEWER}, True),
        (Role.AUDITOR, {Role.ADMINISTRATOR}, True),
        (Role.ADMINISTRATOR, {Role.ADMINISTRATOR}, False),
        (Role.ADMINISTRATOR, set(), False),
        (Role.REVIEWER, {Role.LEGAL}, False),
    ],
)
def test_an_administrator_holds_no_other_role(role, others, mixes):
    assert grants.mixes_administration(role, others) is mixes


def test_every_role_that_decides_takes_two_people():
    assert grants.DECIDING_ROLES < grants.TWO_PERSON_ROLES
    assert {role.value for role in set(Role) - grants.TWO_PERSON_ROLES} == {
        "contributor", "signatory", "auditor",
    }  # fmt: skip
