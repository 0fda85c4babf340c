"""Desks: those touched are consulted, the lead signs, an objection is arbitrated."""

import pytest

from schemas.proposal import Section
from tests.policy.proposals import a_proposal
from tests.workflows.cases import AFRICA_AND_JORDAN, Life, agreed


def at_the_desks() -> Life:
    return Life(a_proposal(**AFRICA_AND_JORDAN)).to("desk")


def test_one_desk_alone_signs_without_consulting():
    assert Life().to("desk").open == ["desk.sign_off"]


def test_the_other_desks_answer_before_the_lead_signs():
    life = at_the_desks()
    consulted = sorted(t.subject for t in life.of_kind("desk.consult"))

    assert (life.open, consulted) == (["desk.consult"] * 2, ["africa", "asia_pacific"])
    life.decide("desk.consult", "concur", subject="africa")
    assert life.open == ["desk.consult"]
    life.decide("desk.consult", "concur_with_comments")
    assert life.task("desk.sign_off").subject == "middle_east"


def test_an_objection_goes_to_a_director_general_or_above():
    life = at_the_desks()
    life.decide("desk.consult", "object", subject="africa")

    levels = [c.scope for c in life.task("arbitrate").candidates]
    assert levels[0] == "director_general"
    assert "director" not in levels


def test_an_objection_that_is_overruled_lets_the_lead_sign():
    life = at_the_desks()
    life.decide("desk.consult", "object", subject="africa")
    life.decide("desk.consult", "concur", subject="asia_pacific")
    assert "desk.sign_off" not in life.open

    life.decide("arbitrate", "proceed")

    assert life.open == ["desk.sign_off"]
    agreed(life)


def test_proceed_stands_for_the_signature_that_the_lead_refused():
    life = Life().to("desk")
    life.decide("desk.sign_off", "object")

    life.decide("arbitrate", "proceed")

    assert life.stage == "funding"


def test_an_objection_can_end_the_proposal():
    life = Life().to("desk")
    life.decide("desk.sign_off", "object")

    life.decide("arbitrate", "refuse")

    assert (life.stage, life.outcome) == ("closed", "declined")


@pytest.mark.parametrize("days", [60, 400])
def test_silence_never_approves(days):
    life = at_the_desks()

    life.pass_days(days)

    assert (life.stage, life.open) == ("desk", ["desk.consult"] * 2)


def test_desks_are_asked_anew_when_the_countries_change():
    life = at_the_desks().to_task("desk.sign_off")
    life.decide("desk.sign_off", "return", sections=(Section.COUNTRIES,))
    life.to_task("return.release").decide("return.release")

    life.resubmit(
        Section.COUNTRIES, countries=[{"code": "NE", "share": 70}, {"code": "JO", "share": 30}]
    )
    life.to("desk")

    assert [t.subject for t in life.of_kind("desk.consult") if t.is_open] == ["middle_east"]
    life.decide("desk.consult")
    assert life.task("desk.sign_off").subject == "africa"
    agreed(life)
    life.to("active")


def test_a_desk_that_became_the_lead_signs_though_it_was_consulted_before():
    life = at_the_desks().to_task("desk.sign_off")
    life.decide("desk.sign_off", "return", sections=(Section.COUNTRIES,))
    life.to_task("return.release").decide("return.release")

    life.resubmit(Section.COUNTRIES, countries=[{"code": "NE", "share": 100}])
    life.to("desk")

    assert [t.subject for t in life.of_kind("desk.sign_off") if t.is_open] == ["africa"]
    assert [t.stands for t in life.of_kind("desk.consult")] == [False, False]


def test_an_arbitrated_objection_is_asked_again_after_a_return():
    life = at_the_desks()
    objection = life.decide("desk.consult", "object", subject="africa")
    life.decide("desk.consult", "concur")
    life.decide("arbitrate", "return")
    life.to_task("return.release").decide("return.release")

    life.resubmit()

    assert life.task("desk.consult").previous == objection.id
    assert life.open == ["desk.consult"]
