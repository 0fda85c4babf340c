"""Eligibility: a programme officer confirms the automatic checks and every trigger."""

import pytest

from schemas.proposal import Section, Trigger
from tests.policy.proposals import a_proposal
from tests.workflows.cases import Life, agreed

NO_EQUIPMENT = {"equipment": [], "assistance": ["training"]}


def test_a_submission_asks_a_programme_officer_and_screens_at_once():
    life = Life()

    assert life.open == ["eligibility.confirm"]
    assert life.types()[:4] == [
        "proposal_created",
        "proposal_submitted",
        "stage_entered",
        "task_opened",
    ]
    assert "parties_screened" in life.types()


def test_an_eligible_proposal_goes_on_to_compliance():
    life = Life()

    life.decide("eligibility.confirm", "eligible")

    assert (life.stage, life.outcome) == ("compliance", None)


def test_an_ineligible_proposal_is_closed_with_a_letter():
    life = Life()

    life.decide("eligibility.confirm", "ineligible")

    assert (life.stage, life.outcome, life.open) == ("closed", "ineligible", [])
    assert [letter.kind for letter in life.view.letters.values()] == ["ineligible"]
    agreed(life)


def test_a_return_at_eligibility_needs_no_release():
    life = Life()

    life.decide("eligibility.confirm", "return", sections=(Section.DATES,))

    assert (life.stage, life.open) == ("returned", [])
    assert life.view.row.state["returned"]["sections"] == ["dates"]


def test_a_return_that_names_no_section_opens_those_of_policy():
    life = Life()

    life.decide("eligibility.confirm", "return")

    named = life.terms.rules.return_sections["eligibility.confirm"]
    assert set(life.view.row.state["returned"]["sections"]) == set(named)


@pytest.mark.parametrize(
    ("trigger", "finding"),
    [
        (Trigger.EQUIPMENT, "export_control"),
        (Trigger.WORKS, "environment"),
        (Trigger.INFORMATION, "information_sharing"),
        (Trigger.PLACES, "territory"),
        (Trigger.MEASURES, "country_measures"),
    ],
    ids=str,
)
def test_a_ticked_trigger_opens_its_review(trigger, finding):
    plain, ticked = Life(a_proposal(**NO_EQUIPMENT)), Life(a_proposal(**NO_EQUIPMENT))

    plain.decide("eligibility.confirm")
    ticked.decide("eligibility.confirm", triggers=(trigger,))

    assert set(ticked.open) - set(plain.open) == {f"compliance.{finding}"}


def test_a_trigger_that_the_partner_declared_is_reviewed_though_the_officer_ticks_nothing():
    life = Life()

    life.decide("eligibility.confirm", triggers=())

    assert "compliance.export_control" in life.open


def test_a_trigger_stays_when_the_resubmission_no_longer_declares_it():
    life = Life().to("compliance")
    life.decide("compliance.norms", "return")
    life.to_task("return.release").decide("return.release")

    life.resubmit(Section.EQUIPMENT, **NO_EQUIPMENT)
    life.to("compliance")

    assert "compliance.export_control" in life.open
