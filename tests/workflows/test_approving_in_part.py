"""An approval of less money or fewer years: what is left comes free once, when it is told."""

from datetime import timedelta

import pytest

from schemas.events import EventType
from schemas.messages import Slice
from tests.workflows.cases import Life, agreed, refusal
from tests.workflows.test_approving import on_paper
from tests.workflows.test_undoing import NO_AGREEMENT, undo
from tests.workflows.test_year_end import reprofile

THIS, NEXT = "CTCBP-contributions-2027-28", "CTCBP-contributions-2028-29"
BOTH = (Slice(fund=THIS, cents=1_000_000_00), Slice(fund=NEXT, cents=2_400_000_00))
FEWER_YEARS = BOTH[:1]
LESS = (Slice(fund=THIS, cents=1_000_000_00), Slice(fund=NEXT, cents=1))
ALL, PART = 3_400_000_00, 1_000_000_00


def recommended(**changes) -> Life:
    life = Life(**changes).to_task("funding.recommend")
    life.decide("funding.recommend", slices=BOTH)
    return life


def pass_time(life, time):
    life.now += time
    life.case.take_time(life.now)
    life.drain()


@pytest.mark.parametrize("part", [FEWER_YEARS, LESS], ids=["fewer years", "less money"])
def test_what_is_not_approved_comes_free_once_the_partner_is_told(part):
    life = recommended(undo_minutes=60)
    before, kept = life.purse.cents, sum(each.cents for each in part)

    life.decide("funding.approve", "approve_in_part", slices=part)
    assert life.purse.cents == before
    pass_time(life, timedelta(minutes=61))
    pass_time(life, timedelta(days=2))

    assert life.purse.cents == before + ALL - kept
    assert list(life.purse.held.values()) == [kept]
    assert life.types().count(EventType.REDUCED) == 1
    agreed(life)


def test_the_approval_names_the_part_and_its_letter_says_so():
    life = recommended()

    life.decide("funding.approve", "approve_in_part", slices=FEWER_YEARS)

    [approved] = [event for event in life.events if event.type == EventType.APPROVED]
    [letter] = [event for event in life.events if event.type == EventType.LETTER_WRITTEN]
    assert approved.data["slices"] == [FEWER_YEARS[0].model_dump()]
    assert approved.data["in_part"]
    assert (letter.data["kind"], letter.data["template"]) == ("approved", "approved_in_part/1")


def test_the_partner_accepts_it_and_only_the_part_becomes_firm():
    life = recommended()
    life.decide("funding.approve", "approve_in_part", slices=FEWER_YEARS)

    life.to("active")

    assert list(life.purse.committed.values()) == [PART]
    agreed(life)


def test_the_partner_does_not_accept_it_and_all_the_money_comes_free():
    life = recommended()
    before = life.purse.cents + ALL
    life.decide("funding.approve", "approve_in_part", slices=FEWER_YEARS)

    life.act("withdraw")

    assert (life.outcome, life.purse.cents, life.purse.standing) == ("withdrawn", before, {})
    agreed(life)


def test_who_takes_the_approval_back_has_all_the_money_still():
    life = recommended(undo_minutes=60)
    task = life.task("funding.approve")
    life.decide("funding.approve", "approve_in_part", slices=FEWER_YEARS)

    undo(life, task)
    pass_time(life, timedelta(minutes=90))
    life.decide("funding.approve")
    pass_time(life, timedelta(minutes=61))

    assert list(life.purse.held.values()) == [ALL]
    assert EventType.REDUCED not in life.types()
    agreed(life)


def test_the_partner_withdraws_before_it_is_told_and_nothing_is_freed_twice():
    life = recommended(undo_minutes=60)
    before = life.purse.cents + ALL
    life.decide("funding.approve", "approve_in_part", slices=FEWER_YEARS)

    life.act("withdraw")
    pass_time(life, timedelta(minutes=90))

    assert (life.purse.cents, life.purse.standing) == (before, {})
    assert EventType.REDUCED not in life.types()
    agreed(life)


def test_it_is_not_offered_where_no_agreement_is_accepted():
    life = Life(stages=NO_AGREEMENT).to_task("funding.approve")

    offered = [choice.code for choice in life.case.offered(life.task("funding.approve"))]

    assert "approve_in_part" not in offered


def test_money_is_not_moved_between_years_before_it_is_told():
    life = recommended(undo_minutes=60)
    life.decide("funding.approve", "approve_in_part", slices=FEWER_YEARS)

    assert refusal(lambda: reprofile(life, *LESS)) == "approval_not_told"


def test_a_part_decided_on_paper_counts_once_another_has_confirmed_it():
    life = on_paper()
    whole = list(life.purse.held.values())
    fund = life.case.reservation.slices[0].fund

    life.decide("funding.record_decision", "approved_in_part", slices=(Slice(fund=fund, cents=1),))
    assert life.outcome is None
    life.decide("confirm", "agree")
    pass_time(life, timedelta(minutes=1))

    assert life.outcome == "approved"
    assert list(life.purse.held.values()) == [1]
    assert whole != [1]
    agreed(life)
