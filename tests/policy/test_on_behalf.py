"""Acting on behalf of another: what may be delegated, to whom, and what it is worth."""

import pytest

from policy.rules import on_behalf
from schemas.errors import Refused
from schemas.people import ALL, Candidate, Delegated, Role, Viewer


def who(*grants, delegated=(), id="ana"):  # noqa: A002
    return Viewer(
        id=id,
        name="A",
        email="a@accord.example",
        organization=None,
        grants=tuple(Candidate(role=Role(role), scope=scope) for role, scope in grants),
        delegated=delegated,
    )


def given(role, scope, giver="ben", **changes):
    return Delegated(**{"role": role, "scope": scope, "giver": giver, "delegation": "d1"} | changes)


def asked(*grants):
    return tuple(Candidate(role=Role(role), scope=scope) for role, scope in grants)


def test_one_delegates_what_one_holds_and_parts_of_it():
    officer = who(("programme_officer", ALL), ("reviewer", "norms"))

    on_behalf.check_may_delegate(
        officer, asked(("programme_officer", "CTCBP"), ("reviewer", "norms"))
    )


@pytest.mark.parametrize(
    ("giver", "wanted", "code"),
    [
        pytest.param(
            who(("reviewer", "norms")), ("reviewer", "gender"), "not_yours_to_delegate", id="other"
        ),
        pytest.param(
            who(("programme_officer", "CTCBP")),
            ("programme_officer", ALL),
            "not_yours_to_delegate",
            id="more than one's own",
        ),
        pytest.param(
            who(("reviewer", "norms"), delegated=(given("reviewer", "gender"),)),
            ("reviewer", "gender"),
            "delegation_of_a_delegation",
            id="what came by delegation",
        ),
        *(
            pytest.param(who((role, scope)), (role, scope), "role_not_delegable", id=role)
            for role, scope in (
                ("administrator", ALL),
                ("auditor", ALL),
                ("signatory", "org-1"),
                ("contributor", "org-1"),
            )
        ),
    ],
)
def test_what_is_not_ones_to_delegate_is_refused(giver, wanted, code):
    with pytest.raises(Refused) as refused:
        on_behalf.check_may_delegate(giver, asked(wanted))

    assert refused.value.code == code


@pytest.mark.parametrize(
    ("receiver", "code"),
    [
        pytest.param(None, "receiver_not_eligible", id="who holds no grant of their own"),
        pytest.param(who(("signatory", "org-1")), "receiver_not_eligible", id="a partner"),
        pytest.param(who(("administrator", ALL)), "receiver_not_eligible", id="administrator"),
        pytest.param(who(("auditor", ALL)), "receiver_not_eligible", id="auditor"),
        pytest.param(who(("payment_authority", ALL)), "authorities_apart", id="requisitions"),
        pytest.param(who(("signing_authority", "CTCBP")), "authorities_apart", id="signs"),
        pytest.param(
            who(("reviewer", "norms"), delegated=(given("payment_authority", "CTCBP"),)),
            "authorities_apart",
            id="requisitions for another",
        ),
        pytest.param(who(("signing_authority", "ACCBP")), None, id="signs for another program"),
        pytest.param(who(("finance_officer", ALL)), None, id="recommends"),
    ],
)
def test_who_may_certify_on_behalf_of_another(receiver, code):
    wanted = asked(("certifier", "CTCBP"))

    if code is None:
        on_behalf.check_may_receive(receiver, wanted)
        return
    with pytest.raises(Refused) as refused:
        on_behalf.check_may_receive(receiver, wanted)
    assert refused.value.code == code


def test_signing_and_certifying_are_not_received_together():
    with pytest.raises(Refused, match="authorities_apart"):
        on_behalf.check_may_receive(
            who(("reviewer", "norms")), asked(("certifier", ALL), ("signing_authority", "CTCBP"))
        )


def test_one_acts_in_ones_own_right_before_on_behalf_of_another():
    candidates = asked(("approver", "director"), ("approver", "director_general"))
    person = who(
        ("approver", "director_general"), delegated=(given("approver", "director", "dan"),)
    )

    ways = on_behalf.candidacies(person, candidates, "CTCBP-2026-000001")

    assert [(way.candidate.scope, way.on_behalf_of) for way in ways] == [
        ("director_general", None),
        ("director", "dan"),
    ]


def test_a_recused_givers_grants_are_worth_nothing_there():
    candidates = asked(("reviewer", "norms"))
    here, there = "CTCBP-2026-000001", "CTCBP-2026-000002"
    person = who(delegated=(given("reviewer", "norms", recused=frozenset({here})),))

    assert on_behalf.candidacies(person, candidates, here) == ()
    assert len(on_behalf.candidacies(person, candidates, there)) == 1
