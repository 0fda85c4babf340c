"""Who sees a proposal, by role and by what it has been opened to."""

from __future__ import annotations

from typing import Any

import pytest

from policy.rules.access import (
    entries_of_task,
    entries_on_submission,
    may_comment,
    may_see,
    may_see_answers,
    may_see_evidence,
    sees_partner_view,
)
from schemas.acts import Audience
from schemas.people import Candidate, Role, Viewer


def who(*grants: tuple[str, str]) -> Viewer:
    return Viewer(
        id="ana",
        name="Ana",
        email="ana@example.org",
        organization=None,
        grants=tuple(Candidate(role=Role(role), scope=scope) for role, scope in grants),
    )


def an_audience(**changes: Any) -> Audience:
    """A submitted proposal of `org-1` to `CTCBP` that norms and a director general have had."""
    entries = (
        *entries_on_submission("CTCBP"),
        *entries_of_task(
            [
                Candidate(role=Role.REVIEWER, scope="norms"),
                Candidate(role=Role.APPROVER, scope="director_general"),
            ]
        ),
    )
    audience = Audience(organization="org-1", programme="CTCBP", entries=frozenset(entries))
    return audience.model_copy(update=changes)


SUBMITTED = [
    (("signatory", "org-1"), True),
    (("contributor", "org-1"), True),
    (("signatory", "org-2"), False),
    (("programme_officer", "CTCBP"), True),
    (("programme_officer", "all"), True),
    (("programme_officer", "ACCBP"), False),
    (("finance_officer", "CTCBP"), True),
    (("certifier", "CTCBP"), True),
    (("payment_authority", "CTCBP"), True),
    (("signing_authority", "CTCBP"), False),
    (("reviewer", "norms"), True),
    (("reviewer", "gender"), False),
    (("desk_officer", "all"), False),
    (("approver", "director_general"), True),
    (("approver", "director"), False),
    (("legal", "all"), False),
    (("administrator", "all"), True),
    (("auditor", "all"), True),
]
IDS = [f"{role} {scope}" for (role, scope), _ in SUBMITTED]


@pytest.mark.parametrize(("grant", "expected"), SUBMITTED, ids=IDS)
def test_a_submitted_proposal(grant, expected):
    assert may_see(who(grant), an_audience()) is expected


@pytest.mark.parametrize("grant", [grant for grant, _ in SUBMITTED], ids=IDS)
def test_a_draft_is_seen_by_its_organization_alone(grant):
    assert may_see(who(grant), an_audience(draft=True)) is (grant[1] == "org-1")


@pytest.mark.parametrize("grant", [grant for grant, _ in SUBMITTED], ids=IDS)
def test_no_staff_sees_a_submission_before_its_call_closes(grant):
    assert may_see(who(grant), an_audience(call_open=True)) is (grant[1] == "org-1")


@pytest.mark.parametrize("grant", [grant for grant, _ in SUBMITTED], ids=IDS)
def test_the_draft_of_an_annual_contribution_is_seen_by_the_programs_officers(grant):
    expected = grant in [("programme_officer", "CTCBP"), ("programme_officer", "all")]

    assert may_see(who(grant), an_audience(draft=True, by_officer=True)) is expected


def test_the_organization_sees_an_annual_contribution_from_submission():
    assert may_see(who(("signatory", "org-1")), an_audience(by_officer=True))


def test_nobody_without_grants_sees_anything():
    assert not may_see(who(), an_audience())


@pytest.mark.parametrize("grant", [grant for grant, _ in SUBMITTED], ids=IDS)
def test_a_recused_person_loses_sight(grant):
    assert not may_see(who(grant), an_audience(recused=frozenset({"ana"})))


def test_a_legal_task_opens_the_case_to_legal():
    audience = an_audience(entries=frozenset([Candidate(role=Role.LEGAL, scope="all")]))

    assert may_see(who(("legal", "all")), audience)


def test_the_partner_has_the_partners_view_and_staff_has_not():
    assert sees_partner_view(who(("signatory", "org-1")), an_audience())
    assert not sees_partner_view(who(("signatory", "org-2")), an_audience())
    assert not sees_partner_view(who(("auditor", "all")), an_audience())
    assert sees_partner_view(
        who(("signatory", "org-1"), ("programme_officer", "all")), an_audience()
    )


EVIDENCE = [
    (("reviewer", "screening"), True),
    (("legal", "all"), True),
    (("auditor", "all"), True),
    (("approver", "director_general"), True),
    (("approver", "deputy_minister"), False),
    (("reviewer", "norms"), False),
    (("programme_officer", "all"), False),
    (("administrator", "all"), False),
    (("signatory", "org-1"), False),
]


@pytest.mark.parametrize(("grant", "expected"), EVIDENCE, ids=[" ".join(g) for g, _ in EVIDENCE])
def test_screening_evidence(grant, expected):
    assert may_see_evidence(who(grant), "CTCBP-2026-000001") is expected


@pytest.mark.parametrize(
    ("role", "expected"),
    [("administrator", False), ("auditor", True), ("reviewer", True), ("signatory", False)],
)
def test_answers_are_for_staff_but_not_for_administrators(role, expected):
    assert may_see_answers(who((role, "all"))) is expected


COMMENTING = [
    ([("reviewer", "norms")], True),
    ([("certifier", "CTCBP")], True),
    ([("auditor", "all")], False),
    ([("administrator", "all")], False),
    ([("signatory", "org-1")], False),
    ([("auditor", "all"), ("reviewer", "norms")], True),
    ([("administrator", "all"), ("reviewer", "norms")], False),
]


@pytest.mark.parametrize(("grants", "expected"), COMMENTING, ids=[str(g) for g, _ in COMMENTING])
def test_who_works_on_cases_may_comment(grants, expected):
    assert may_comment(who(*grants)) is expected
