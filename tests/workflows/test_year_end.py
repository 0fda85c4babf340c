"""31 March: only the ending year's slice of what is unsigned lapses, with warning ahead."""

from datetime import UTC, datetime

import pytest

from policy.rules.fund_years import fiscal_year_of
from schemas.errors import Refused
from schemas.messages import Slice, StaffAct
from schemas.people import Actor
from tests.workflows.cases import TEXT, Life, Purse, agreed

THIS, NEXT = "CTCBP-contributions-2026-27", "CTCBP-contributions-2027-28"
BOTH = (Slice(fund=THIS, cents=1_000_000_00), Slice(fund=NEXT, cents=2_400_000_00))
LAST_SECOND = datetime(2027, 4, 1, 3, 59, 59, tzinfo=UTC)
"""23:59:59 of 31 March in Toronto."""


def recommended(slices=BOTH, purse=None) -> Life:
    life = Life(purse=purse).to_task("funding.recommend")
    life.decide("funding.recommend", slices=slices)
    return life


def at_agreement(slices=BOTH) -> Life:
    life = recommended(slices)
    life.decide("funding.approve")
    assert life.stage == "agreement"
    return life


def at(life, moment):
    life.now = max(life.now, moment)
    life.case.take_time(life.now)
    life.drain()


def told(life, kind):
    return [event for event in life.events if event.type == kind]


def reprofile(life, *slices, **words):
    act = StaffAct(
        act="reprofile", actor=Actor(id="fin"), request_id=life.a_request(), slices=slices,
        texts={"reason": TEXT, **words},
    )  # fmt: skip
    life.case.check_staff_act(act, life.now)
    life.case.take_staff_act(act, life.now)
    life.drain()


def test_the_finance_officers_are_warned_about_a_month_ahead():
    life = recommended()

    at(life, datetime(2027, 3, 3, 15, tzinfo=UTC))

    [warned] = told(life, "money_lapsing")
    assert warned.data["fiscal_year"] == "2026-27"
    assert warned.data["slices"] == [BOTH[0].model_dump()]
    assert warned.data["candidates"] == [{"role": "finance_officer", "scope": "CTCBP"}]
    at(life, datetime(2027, 3, 10, 15, tzinfo=UTC))
    assert len(told(life, "money_lapsing")) == 1


def test_only_the_ending_years_slice_lapses_and_not_a_second_before_its_end():
    life = recommended()
    at(life, datetime(2027, 4, 1, 3, 59, 58, tzinfo=UTC))
    assert told(life, "money_of_year_lapsed") == []

    at(life, LAST_SECOND)

    [lapsed] = told(life, "money_of_year_lapsed")
    assert lapsed.data["slices"] == [BOTH[0].model_dump()]
    assert life.case.reservation.slices == BOTH[1:]
    assert life.purse.held == {f"{life.reference}:1": BOTH[1].cents}
    agreed(life)


def test_a_proposal_whose_last_money_lapses_has_lapsed():
    life = recommended((Slice(fund=THIS, cents=3_400_000_00),))

    at(life, LAST_SECOND)

    assert (life.case.outcome, life.stage) == ("lapsed", "closed")
    assert life.purse.standing == {}
    agreed(life)


def test_a_place_in_the_order_loses_the_ended_year_too():
    life = recommended(purse=Purse(cents=1))

    at(life, LAST_SECOND)

    assert life.purse.queue == {f"{life.reference}:1": BOTH[1].cents}


def test_what_both_have_signed_for_stays():
    life = at_agreement()
    life.act("accept_conditions")
    life.act("sign")
    life.decide("agreement.sign")
    assert life.stage == "active"

    at(life, LAST_SECOND)

    assert life.purse.committed == {f"{life.reference}:1": BOTH[0].cents + BOTH[1].cents}
    assert told(life, "money_of_year_lapsed") == []


def test_nobody_signs_for_a_year_that_has_lapsed_before_the_agreement_is_drawn_up_anew():
    life = Life().to_task("funding.recommend")
    life.now = datetime(2027, 3, 29, 15, tzinfo=UTC)
    life.decide("funding.recommend", slices=BOTH)
    life.decide("funding.approve")
    at(life, LAST_SECOND)

    with pytest.raises(Refused, match="agreement_outdated"):
        life.act("accept_conditions")

    reprofile(life, BOTH[1], agreement=TEXT)
    life.act("accept_conditions")
    life.act("sign")
    life.decide("agreement.sign")
    assert life.purse.committed == {f"{life.reference}:1": BOTH[1].cents}
    agreed(life)


def test_money_is_moved_to_a_later_year_and_both_sign_for_the_new_schedule():
    life = at_agreement()
    life.act("accept_conditions")
    life.act("sign")
    asked = life.task("agreement.sign")

    moved = Slice(fund=NEXT, cents=3_400_000_00)
    reprofile(life, moved, agreement=TEXT)

    assert life.case.reservation.slices == (moved,)
    assert life.case.tasks[asked.id].state == "cancelled"
    life.act("accept_conditions")
    life.act("sign")
    life.decide("agreement.sign")
    assert life.stage == "active"
    at(life, LAST_SECOND)
    assert told(life, "money_of_year_lapsed") == []
    agreed(life)


@pytest.mark.parametrize(
    "slices", [(), (Slice(fund=NEXT, cents=3_400_000_01),)], ids=["nothing", "more than there was"]
)
def test_a_move_takes_no_more_than_there_was(slices):
    life = recommended()

    with pytest.raises(Refused, match="nothing_reserved"):
        reprofile(life, *slices)


def test_the_year_of_a_fund_stands_in_its_id():
    assert fiscal_year_of(THIS) == "2026-27"
    assert fiscal_year_of("ACCBP-HSE-grants-2030-31") == "2030-31"
    assert fiscal_year_of("elsewhere") is None
