"""Works outside Canada: the notice, its thirty days, and the signature that waits for them."""

from datetime import timedelta

import pytest

from policy.rules import clocks
from schemas.events import EventType
from schemas.people import Role
from schemas.proposal import Section
from tests.policy.proposals import a_proposal
from tests.workflows.cases import LOW, Life, agreed, refusal

ENVIRONMENT = "compliance.environment"
REVIEWER = "environment-1"
RESTS_ON_NOTICE = {"rests_on": {"environment": "notice"}}


def with_notice() -> Life:
    """A proposal with works whose environmental finding rests on a notice."""
    life = Life(a_proposal(physical_works=True)).to_task(ENVIRONMENT)
    life.decide(ENVIRONMENT, inherent=LOW, residual=LOW, **RESTS_ON_NOTICE)
    return life


def post(life: Life, days: int = 30) -> None:
    day = clocks.toronto_day(life.now)
    life.staff_act(
        "post_notice",
        by=REVIEWER,
        posted_on=day.isoformat(),
        not_before=clocks.end_of_day(day + timedelta(days=days)),
    )


def to_signature(life: Life) -> Life:
    beside = ("notice.clear", "notice.determine")
    return life.advance(lambda life: "agreement.sign" in life.open, without=beside)


def test_the_head_of_the_lead_desk_clears_the_notice():
    life = with_notice()

    [candidate] = life.task("notice.clear").candidates

    assert (candidate.role, candidate.scope) == (Role.HEAD_OF_DESK, life.case.submission.lead)


def test_a_notice_is_posted_on_the_day_in_toronto_that_it_was_cleared():
    life = with_notice()
    life.now = (life.now + timedelta(days=1)).replace(hour=1)  # the evening before, in Toronto
    life.decide("notice.clear", "clear")
    tomorrow = clocks.toronto_day(life.now) + timedelta(days=1)

    early = refusal(
        lambda: life.staff_act(
            "post_notice",
            by=REVIEWER,
            posted_on=tomorrow.isoformat(),
            not_before=clocks.end_of_day(tomorrow + timedelta(days=30)),
        )
    )
    post(life)

    assert early == "date_not_reached"
    assert "notice.determine" in life.open


def test_the_stages_go_on_while_the_notice_stands_and_the_signature_waits():
    life = with_notice()
    life.decide("notice.clear", "clear")
    post(life)

    to_signature(life)

    assert life.stage == "agreement"
    assert refusal(lambda: life.decide("agreement.sign")) == "determination_open"
    agreed(life)


def test_nobody_determines_before_the_thirty_days_are_over():
    life = with_notice()
    life.decide("notice.clear", "clear")
    post(life)

    assert refusal(lambda: life.decide("notice.determine")) == "notice_still_stands"
    life.pass_days(30)
    assert refusal(lambda: life.decide("notice.determine")) == "notice_still_stands"
    life.pass_days(1)
    life.decide("notice.determine")


def test_once_it_is_determined_the_department_signs():
    life = with_notice()
    life.decide("notice.clear", "clear")
    post(life)
    life.pass_days(31)
    life.decide("notice.determine")

    agreed(life.to("active"))


def test_significant_effects_go_to_legal_and_no_one_else():
    life = with_notice()
    life.decide("notice.clear", "clear")
    post(life)
    life.pass_days(31)
    life.decide("notice.determine", "significant_effects")

    assert "legal.disposition" in life.open
    life.decide("legal.disposition", "authorized", authorization=True)
    agreed(life.to("active"))


def test_legal_refuses_what_nobody_can_justify():
    life = with_notice()
    life.decide("notice.clear", "clear")
    post(life)
    life.pass_days(31)
    life.decide("notice.determine", "significant_effects")

    life.decide("legal.disposition", "refuse")

    assert (life.stage, life.outcome) == ("closed", "declined")
    agreed(life)


def test_a_notice_that_must_change_is_drafted_anew_with_its_finding():
    life = with_notice()
    finding = life.of_kind(ENVIRONMENT)[-1]

    life.decide("notice.clear", "change")

    again = life.task(ENVIRONMENT)
    assert again.previous == finding.id
    assert "notice.clear" not in life.open
    life.decide(ENVIRONMENT, inherent=LOW, residual=LOW, **RESTS_ON_NOTICE)
    assert life.task("notice.clear").subject == again.id


def test_what_nobody_has_cleared_is_not_posted_nor_posted_twice():
    life = with_notice()
    assert refusal(lambda: post(life)) == "no_notice_to_post"

    life.decide("notice.clear", "clear")
    post(life)

    assert refusal(lambda: post(life)) == "notice_posted_already"


def test_a_day_to_come_and_one_before_the_clearance_are_refused():
    life = with_notice()
    life.decide("notice.clear", "clear")
    today = clocks.toronto_day(life.now)

    def on(day):
        return refusal(
            lambda: life.staff_act(
                "post_notice", by=REVIEWER, posted_on=day.isoformat(), not_before=life.now
            )
        )

    assert on(today + timedelta(days=1)) == "date_not_reached"
    assert on(today - timedelta(days=1)) == "notice_posted_too_early"


@pytest.mark.parametrize("basis", ["class_exclusion", "exemption", "no_project"])
def test_what_is_excluded_or_exempt_needs_no_notice(basis):
    life = Life(a_proposal(physical_works=True)).to_task(ENVIRONMENT)

    life.decide(ENVIRONMENT, inherent=LOW, residual=LOW, rests_on={"environment": basis})

    assert "notice.clear" not in life.open
    agreed(life.to("active"))


def test_changed_works_let_the_notice_go_with_its_finding():
    life = with_notice()
    life.decide("notice.clear", "clear")
    post(life)
    life.to_task("compliance.norms").decide("compliance.norms", "return")
    without = ("notice.determine",)
    life.advance(lambda life: life.stage == "returned", without=without)

    life.resubmit(Section.WORKS)

    assert "notice.determine" not in life.open
    assert ENVIRONMENT in life.to("compliance").open
    posted = [e for e in life.events if e.type is EventType.NOTICE_POSTED]
    assert len(posted) == 1
