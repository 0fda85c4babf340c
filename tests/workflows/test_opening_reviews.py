"""A conditional review that a reviewer opens by a sentence, at any time before the signature."""

import pytest

from schemas.events import EventType
from schemas.people import Level
from schemas.proposal import Trigger
from tests.policy.proposals import a_proposal
from tests.workflows.cases import HIGH, Life, agreed, refusal

ENVIRONMENT = "compliance.environment"
REVIEWER = "human-rights-1"


def open_review(life: Life, trigger: Trigger = Trigger.WORKS) -> None:
    life.staff_act("open_review", by=REVIEWER, trigger=trigger)


@pytest.mark.parametrize("stage", ["eligibility", "compliance"])
def test_a_review_that_is_opened_early_is_asked_for_with_the_others(stage):
    life = Life().to(stage)

    open_review(life)
    life.to("compliance")

    assert ENVIRONMENT in life.open
    agreed(life.to("active"))


def test_work_comes_back_to_compliance_for_a_review_opened_later():
    life = Life().to("desk")

    open_review(life)

    assert life.stage == "compliance"
    assert ENVIRONMENT in life.open
    agreed(life.to("active"))


def test_an_approval_that_is_asked_for_is_asked_for_anew_with_the_review():
    life = Life().to_task("funding.approve")
    approval = life.task("funding.approve")

    open_review(life)

    assert not approval.is_open
    assert life.stage == "compliance"
    life.to_task("funding.approve")
    assert life.task("funding.approve").id != approval.id
    agreed(life)


def test_after_the_approval_nobody_signs_before_the_review_is_in():
    life = Life().to("agreement")
    life.act("accept_conditions")
    life.act("sign")

    open_review(life)

    assert refusal(lambda: life.decide("agreement.sign")) == "findings_open"
    assert ENVIRONMENT in life.open
    agreed(life.to("active"))


def test_the_event_names_what_it_opened_and_keeps_the_sentence_beside_the_chain():
    life = Life().to("compliance")

    open_review(life)

    event = next(e for e in life.events if e.type is EventType.REVIEW_OPENED)
    assert (event.data["trigger"], event.data["reviews"]) == ("works", ["environment"])
    assert set(event.texts) == {"reason"}


def test_what_is_open_already_or_is_no_review_is_not_opened():
    life = Life().to("compliance")
    open_review(life)

    assert refusal(lambda: open_review(life)) == "review_open_already"
    assert refusal(lambda: open_review(life, Trigger.UNITS)) == "no_such_review"


def test_a_review_that_was_made_is_asked_for_anew_by_a_sentence():
    life = Life().to_task("funding.approve")
    made = life.of_kind("compliance.export_control")[-1]

    open_review(life, Trigger.EQUIPMENT)

    assert life.stage == "compliance"
    assert life.task("compliance.export_control").previous == made.id
    assert "funding.approve" not in life.open
    assert refusal(lambda: open_review(life, Trigger.EQUIPMENT)) == "review_open_already"
    agreed(life.to("active"))


def test_once_both_have_signed_no_review_is_opened():
    life = Life().to("active")

    assert refusal(lambda: open_review(life)) == "too_late_for_review"


def test_a_sealed_proposal_opens_no_review():
    life = Life(hits={"director": ("hit",)}).to_task("screening.adjudicate")
    life.decide("screening.adjudicate", "match")

    assert refusal(lambda: open_review(life)) == "on_hold"


def test_what_lies_with_the_partner_opens_no_review():
    life = Life()
    life.decide("eligibility.confirm", "return")

    assert refusal(lambda: open_review(life)) == "not_in_review"


def test_what_nobody_can_tell_of_mistreatment_is_referred_to_the_deputy_minister():
    life = Life(a_proposal(information_sharing=True)).to_task("compliance.information_sharing")

    finding = life.decide("compliance.information_sharing", "refer", inherent=HIGH, residual=HIGH)

    referral = life.task("arbitrate")
    assert referral.arbitrates == finding.id
    assert {c.scope for c in referral.candidates} == {
        Level.DEPUTY_MINISTER,
        Level.MINISTER,
        Level.TREASURY_BOARD,
    }
    life.decide("arbitrate", "proceed", level=HIGH)
    assert life.case.residual() is HIGH
    agreed(life)
