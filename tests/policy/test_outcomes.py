"""Which outcomes a task offers, and which of them need a reason or a message."""

from __future__ import annotations

import pytest

from policy.rules.outcomes import choice, offered
from schemas.tasks import IN_PART, OUTCOMES, Effect, TaskKind

ALL = [
    pytest.param(kind, code, id=f"{kind.value} {code}")
    for kind in TaskKind
    for code in OUTCOMES[kind]
]
JUDGEMENTS = {
    (TaskKind.ADJUDICATE, "no_match"),
    (TaskKind.ARBITRATE, "proceed"),
    (TaskKind.LEGAL, "not_applicable"),
    (TaskKind.LEGAL, "authorized"),
    (TaskKind.CONSULT, "concur_with_comments"),
    (TaskKind.CONDITION, "waived"),
    (TaskKind.APPROVE, "approve_in_part"),
    (TaskKind.RECORD_DECISION, "approved_in_part"),
    (TaskKind.RECONSIDER, "reopen"),
    (TaskKind.RECORD_RECONSIDERATION, "reopened"),
}
STRAIGHT_TO_PARTNER = {
    TaskKind.ELIGIBILITY,
    TaskKind.RELEASE,
    TaskKind.REPORT,
    TaskKind.CERTIFY,
}


def codes(*args, **kwargs):
    return [each.code for each in offered(*args, **kwargs)]


def test_what_both_have_signed_is_neither_returned_nor_declined():
    assert codes(TaskKind.LEGAL, sealing=True, signed=True) == ["not_applicable", "authorized"]


def test_only_a_seal_can_be_found_not_applicable():
    assert codes(TaskKind.LEGAL) == ["authorized", "change", "refuse"]
    assert codes(TaskKind.LEGAL, sealing=True)[0] == "not_applicable"


def test_only_an_offer_can_be_passed_over():
    assert codes(TaskKind.RECOMMEND) == ["recommend", "return"]
    assert codes(TaskKind.RECOMMEND, offer=True) == ["recommend", "return", "pass_over"]


def test_only_an_agreement_to_come_can_be_approved_in_part():
    assert codes(TaskKind.APPROVE) == ["approve", "return", "decline"]
    assert "approve_in_part" in codes(TaskKind.APPROVE, in_part=True)


@pytest.mark.parametrize(("kind", "code"), ALL)
def test_a_reason_stands_with_all_but_plain_advances(kind, code):
    found = choice(kind, code, sealing=True, offer=True, in_part=True)

    assert found is not None
    assert found.needs_reason is (found.effect is not Effect.ADVANCE or (kind, code) in JUDGEMENTS)


@pytest.mark.parametrize(("kind", "code"), ALL)
def test_the_partner_gets_a_message_from_who_returns_or_stops(kind, code):
    found = choice(kind, code, offer=True, in_part=True)
    if found is None:
        return  # offered only over a match, of which no letter tells

    assert found.needs_message is (
        found.effect is Effect.STOP
        or code in IN_PART
        or (found.effect is Effect.RETURN and kind in STRAIGHT_TO_PARTNER)
    )


def test_what_legal_disposes_of_a_match_needs_no_message():
    assert not any(each.needs_message for each in offered(TaskKind.LEGAL, sealing=True))


def test_an_outcome_that_is_not_offered_is_none():
    assert choice(TaskKind.LEGAL, "not_applicable") is None
    assert choice(TaskKind.CONFIRM, "sign") is None
