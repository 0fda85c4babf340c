"""Several people answer one question, each another: what counts, and what is arbitrated."""

import pytest

from schemas.proposal import Section
from schemas.tasks import TaskKind
from tests.workflows.cases import HIGH, LOW, MEDIUM, Life, agreed, refusal

TWO_OF_NORMS = {TaskKind.NORMS: 2}


def asked_twice(**more) -> Life:
    """A proposal of which two people find on norms, with everything else in compliance done."""
    life = Life(quorum=TWO_OF_NORMS, low_sample_percent=0, **more).to("compliance")
    while others := [kind for kind in life.open if kind != "compliance.norms"]:
        life.decide(others[0])
    return life


def test_two_people_are_asked_at_once():
    life = asked_twice()

    assert life.open == ["compliance.norms", "compliance.norms"]
    assert [t.detail for t in life.of_kind("compliance.norms")] == [
        {"seat": 1, "of": 2},
        {"seat": 2, "of": 2},
    ]


def test_nothing_follows_before_both_have_answered():
    life = asked_twice()

    life.decide("compliance.norms", by="norms-1")
    assert (life.stage, life.open) == ("compliance", ["compliance.norms"])

    life.decide("compliance.norms", by="norms-2")
    assert life.stage == "desk"
    agreed(life)


def test_one_person_does_not_answer_twice():
    life = asked_twice()
    life.decide("compliance.norms", by="norms-1")

    refused = refusal(lambda: life.decide("compliance.norms", by="norms-1"))

    assert refused == "separation_of_duties"


def test_nobody_answers_a_second_time_on_behalf_of_another():
    life = asked_twice()
    life.decide("compliance.norms", by="norms-1")

    refused = refusal(lambda: life.decide("compliance.norms", by="norms-2", on_behalf_of="norms-1"))

    assert refused == "separation_of_duties"


@pytest.mark.parametrize(
    ("first", "second"),
    [
        pytest.param(("no_objection", LOW), ("return", LOW), id="another outcome"),
        pytest.param(("no_objection", LOW), ("no_objection", MEDIUM), id="another level"),
    ],
)
def test_answers_that_differ_are_arbitrated(first, second):
    life = asked_twice()
    for (outcome, level), person in ((first, "norms-1"), (second, "norms-2")):
        life.decide(
            "compliance.norms", outcome, by=person, inherent=level, residual=level,
            sections=(Section.RESULTS,) if outcome == "return" else (),
        )  # fmt: skip

    assert (life.stage, life.open) == ("compliance", ["arbitrate"])

    life.decide("arbitrate", "proceed", level=MEDIUM)
    assert life.stage == "desk"
    assert life.case.residual() == MEDIUM
    agreed(life)


def test_until_it_is_arbitrated_the_highest_level_counts():
    life = asked_twice()
    life.decide("compliance.norms", by="norms-1", inherent=HIGH, residual=HIGH)
    life.decide("compliance.norms", "return", by="norms-2", inherent=LOW, residual=LOW)

    assert life.case.residual() == HIGH
    agreed(life)


def test_two_who_ask_for_changes_get_one_return_with_the_sections_of_both():
    life = asked_twice()
    life.decide("compliance.norms", "return", by="norms-1", sections=(Section.RESULTS,))
    life.decide("compliance.norms", "return", by="norms-2", sections=(Section.DATES,))

    release = life.task("return.release")

    assert release.detail["sections"] == [Section.DATES, Section.RESULTS]


def test_a_bar_does_not_wait_for_the_others_and_nobody_arbitrates_it():
    life = asked_twice()

    life.decide("compliance.norms", "barred", by="norms-1")

    assert life.open == ["legal.disposition"]


def test_a_bar_that_comes_last_is_legals_too():
    life = asked_twice()
    life.decide("compliance.norms", by="norms-1")

    life.decide("compliance.norms", "barred", by="norms-2")

    assert life.open == ["legal.disposition"]


def test_both_are_asked_again_when_what_they_judged_has_changed():
    life = asked_twice()
    life.decide("compliance.norms", by="norms-1")
    life.decide("compliance.norms", by="norms-2")
    life.to_task("desk.sign_off")
    life.decide("desk.sign_off", "return", sections=(Section.FOCUS,))
    life.decide("return.release", "release", sections=(Section.FOCUS,))

    life.resubmit(Section.FOCUS)
    life.decide("eligibility.confirm")

    assert life.open.count("compliance.norms") == 2
    assert not any(t.stands for t in life.of_kind("compliance.norms")[:2])
    agreed(life)


def test_two_approve_and_the_first_who_declines_counts_alone():
    life = Life(quorum={TaskKind.APPROVE: 2}).to_task("funding.approve")

    life.decide("funding.approve", "decline")

    assert (life.outcome, life.open) == ("declined", [])


def test_an_approval_takes_as_many_approvers_as_the_terms_ask_for():
    life = Life(quorum={TaskKind.APPROVE: 2}).to_task("funding.approve")

    first = life.decide("funding.approve")
    assert (life.outcome, life.open) == (None, ["funding.approve"])

    second = life.decide("funding.approve")
    assert life.outcome == "approved"
    assert first.decided_by.id != second.decided_by.id


def test_what_one_of_two_officers_ticks_opens_its_review():
    life = Life(quorum={TaskKind.ELIGIBILITY: 2})
    life.decide("eligibility.confirm", triggers=("works",))
    life.decide("eligibility.confirm")

    assert "compliance.environment" in life.open
