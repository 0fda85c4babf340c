"""Money for a proposal: reserved, queued in an order, offered, kept, passed over, out of time."""

from schemas.messages import NoticeKind, Slice
from schemas.proposal import Section
from tests.workflows.cases import FUND, Life, Purse, agreed

ASKED = 3_400_000_00


def short_of_money() -> Life:
    """Recommended, and waiting in the order."""
    life = Life(purse=Purse(cents=1_000_000_00)).to_task("funding.recommend")
    life.decide("funding.recommend")
    return life


def test_a_recommendation_reserves_the_money_and_then_asks_for_the_approval():
    life = Life().to_task("funding.recommend")

    life.decide("funding.recommend")

    assert life.purse.held == {f"{life.reference}:1": ASKED}
    assert life.open == ["funding.approve"]


def test_money_short_is_a_wait_and_not_an_error():
    life = short_of_money()

    assert (life.stage, life.open) == ("funding", [])
    assert life.view.row.state["money"]["state"] == "queued"


def test_money_that_comes_free_is_offered():
    life = short_of_money()

    life.free(ASKED)

    offer = life.task("funding.recommend")
    assert [c.code for c in life.case.offered(offer)] == ["recommend", "return", "pass_over"]
    assert not life.of_kind("funding.recommend")[0].stands
    agreed(life)


def test_pass_over_is_offered_for_an_offer_alone():
    life = Life().to_task("funding.recommend")

    offered = [c.code for c in life.case.offered(life.task("funding.recommend"))]

    assert offered == ["recommend", "return"]


def test_an_offer_that_is_kept_goes_to_the_approval():
    life = short_of_money()
    life.free(ASKED)

    life.decide("funding.recommend", "recommend")

    assert life.open == ["funding.approve"]
    life.to("active")
    assert life.purse.committed == {f"{life.reference}:1": ASKED}


def test_an_offer_that_is_passed_over_leaves_the_proposal_in_the_order():
    life = short_of_money()
    life.free(ASKED)

    life.decide("funding.recommend", "pass_over")

    assert life.open == []
    assert list(life.purse.queue) == [f"{life.reference}:1"]
    assert life.view.row.state["money"]["state"] == "queued"
    agreed(life)


def test_a_second_offer_asks_again():
    life = short_of_money()
    life.free(ASKED)
    first = life.decide("funding.recommend", "pass_over")

    life.free(0)

    assert life.task("funding.recommend").previous == first.id
    life.decide("funding.recommend", "recommend")
    life.to("active")


def test_an_offer_is_asked_about_once_though_its_answer_is_a_return():
    life = short_of_money()
    life.free(ASKED)
    asked = len(life.of_kind("funding.recommend"))

    life.decide("funding.recommend", "return", sections=(Section.DOCUMENTS,))

    assert life.open == ["return.release"]
    assert len(life.of_kind("funding.recommend")) == asked
    life.decide("return.release")
    life.resubmit(Section.DOCUMENTS)
    assert life.task("funding.recommend").detail == {"offer": True}
    life.to("active")


def test_an_offer_replaces_a_recommendation_that_is_open_anew():
    life = short_of_money()
    life.import_list(party=("hit",))
    life.decide("screening.adjudicate", "match")
    life.decide("legal.disposition", "change")
    life.decide("return.release", sections=(Section.DATES,))
    life.resubmit(Section.DATES)
    life.to_task("funding.recommend")

    life.free(ASKED)

    assert life.open == ["funding.recommend"]
    assert life.task("funding.recommend").detail == {"offer": True}
    agreed(life)


def test_an_offer_during_a_return_is_asked_about_after_it():
    life = short_of_money()
    life.import_list(party=("hit",))
    life.decide("screening.adjudicate", "match")
    life.decide("legal.disposition", "change")
    life.decide("return.release", sections=(Section.DOCUMENTS,))

    life.free(ASKED)
    agreed(life)
    life.resubmit(Section.DOCUMENTS)
    life.to("funding")

    assert life.task("funding.recommend").detail == {"offer": True}
    agreed(life)


def test_a_place_in_the_order_is_kept_by_the_same_recommendation():
    life = short_of_money()
    life.import_list(party=("hit",))
    life.decide("screening.adjudicate", "match")
    life.decide("legal.disposition", "change")
    life.decide("return.release", sections=(Section.DATES,))
    life.resubmit(Section.DATES)

    life.to_task("funding.recommend").decide("funding.recommend")

    assert list(life.purse.queue) == [f"{life.reference}:1"]
    assert (life.stage, life.open) == ("funding", [])


def test_another_recommendation_gives_up_the_money_asked_for_before():
    life = short_of_money()
    life.import_list(party=("hit",))
    life.decide("screening.adjudicate", "match")
    life.decide("legal.disposition", "change")
    life.decide("return.release", sections=(Section.DATES,))
    life.resubmit(Section.DATES)

    slices = (Slice(fund=FUND, cents=ASKED - 1),)
    life.to_task("funding.recommend").decide("funding.recommend", slices=slices)

    assert life.purse.queue == {f"{life.reference}:2": ASKED - 1}
    agreed(life)


def test_a_proposal_that_waited_for_money_past_the_limit_is_unfunded():
    life = short_of_money()

    life.pass_days(380)

    assert (life.stage, life.outcome) == ("closed", "unfunded")
    assert life.purse.queue == {}
    agreed(life)


def test_while_an_offer_is_open_the_limit_does_not_run():
    life = short_of_money()
    life.free(ASKED)

    life.pass_days(400)

    assert life.open == ["funding.recommend"]


def test_an_offer_for_money_given_up_changes_nothing():
    life = short_of_money()
    life.notify(NoticeKind.OFFER, reservation=f"{life.reference}:9")

    assert (life.stage, life.open) == ("funding", [])


def test_a_declined_proposal_gives_its_money_back():
    life = Life().to_task("funding.approve")

    life.decide("funding.approve", "decline")

    assert (life.purse.held, life.purse.cents) == ({}, Purse().cents)
    assert life.view.row.state["money"]["state"] == "released"
