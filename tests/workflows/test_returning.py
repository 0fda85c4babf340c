"""Returns: one for all that was asked, and back to what the change re-opens."""

import pytest

from schemas.proposal import Section
from schemas.tasks import TaskKind
from tests.policy.proposals import dollars
from tests.workflows.cases import AFRICA_AND_JORDAN, HIGH, MEDIUM, Life, agreed, refusal

REDUCED = {
    "amount": dollars("1700000.00"),
    "budget": [{"fiscal_year": "2027-28", "category": "training", "amount": dollars("1700000.00")}],
}


def in_compliance() -> Life:
    return Life(low_sample_percent=0).to("compliance")


def returned_from(life: Life, kind: str, *sections: Section) -> Life:
    life.to_task(kind).decide(kind, "return", sections=sections)
    life.to_task("return.release").decide("return.release")
    return life


def test_a_return_waits_until_the_parallel_findings_are_in():
    life = in_compliance()

    life.decide("compliance.norms", "return", sections=(Section.RESULTS,))
    assert "return.release" not in life.open
    for kind in ("human_rights", "gender", "merit", "export_control"):
        life.decide(f"compliance.{kind}")
    assert life.open == ["confirm"]
    life.decide("confirm")

    assert life.open == ["return.release"]


def test_one_return_carries_everything_that_was_asked():
    life = in_compliance()
    norms = life.decide("compliance.norms", "return", sections=(Section.RESULTS,))
    merit = life.decide("compliance.merit", "return", sections=(Section.SUMMARY, Section.PARTIES))

    release = life.to_task("return.release").task("return.release")

    assert release.detail["asked_by"] == [norms.id, merit.id]
    assert release.detail["sections"] == ["summary", "parties", "results"]


def test_the_officer_decides_which_sections_the_partner_may_change():
    life = in_compliance()
    life.decide("compliance.norms", "return", sections=(Section.RESULTS, Section.SUMMARY))

    life.to_task("return.release").decide("return.release", sections=(Section.RESULTS,))

    assert life.stage == "returned"
    assert life.view.row.state["returned"]["sections"] == ["results"]
    agreed(life)


def test_given_back_the_asking_tasks_are_opened_anew_showing_the_old():
    life = in_compliance()
    norms = life.decide("compliance.norms", "return")
    merit = life.decide("compliance.merit", "return")

    life.to_task("return.release").decide("return.release", "give_back")

    assert life.open == ["compliance.merit", "compliance.norms"]
    assert life.task("compliance.norms").previous == norms.id
    assert life.task("compliance.merit").previous == merit.id
    agreed(life)
    life.to("active")


def test_a_return_given_back_can_be_asked_for_again():
    life = in_compliance()
    life.decide("compliance.norms", "return")
    first = life.to_task("return.release").decide("return.release", "give_back")

    life.decide("compliance.norms", "return")

    assert life.task("return.release").previous == first.id
    life.decide("return.release")
    assert life.stage == "returned"
    agreed(life)


def test_an_arbitration_given_back_is_arbitrated_again():
    life = in_compliance()
    finding = life.decide("compliance.norms", "recommend_refusal", inherent=HIGH, residual=HIGH)
    asking = life.decide("arbitrate", "return")

    life.to_task("return.release").decide("return.release", "give_back")

    assert life.open == ["arbitrate"]
    assert life.task("arbitrate").previous == asking.id
    assert finding.stands
    life.decide("arbitrate", "proceed", level=MEDIUM)
    assert life.case.residual() is MEDIUM
    agreed(life)


@pytest.mark.parametrize("kind", ["desk.sign_off", "funding.recommend", "funding.approve"])
def test_a_later_task_given_back_is_opened_anew(kind):
    life = Life().to_task(kind)
    asking = life.decide(kind, "return")

    life.to_task("return.release").decide("return.release", "give_back")

    assert (life.open, life.task(kind).previous) == ([kind], asking.id)
    assert life.task(kind).candidates == asking.candidates
    agreed(life)
    life.to("active")


def test_while_returned_nothing_is_decided():
    life = Life(hits={"party": ("hit",)}).to("compliance")
    life.decide("compliance.norms", "return")
    life.to_task("return.release", without=("screening.adjudicate",)).decide("return.release")

    assert refusal(lambda: life.decide("screening.adjudicate")) == "on_hold"
    assert life.case.clock.due_at is None
    assert life.view.row.state["clock"]["paused"]


def test_a_clock_goes_on_with_the_whole_days_it_had_left():
    life = Life()
    left = life.case.rules.decision_days
    life.pass_days(7)
    life.decide("eligibility.confirm", "return")
    assert life.case.clock.days_left == left - 5

    life.pass_days(14)
    life.resubmit()

    waited = life.case.clock.due_at
    assert waited == life.case.due(left - 5, life.now)
    agreed(life)


def test_the_task_that_asked_is_opened_anew_and_finished_findings_stand():
    life = returned_from(in_compliance(), "compliance.norms", Section.RESULTS)
    standing = [t.id for t in life.case.tasks.values() if t.kind.is_finding and t.stands]
    asked = life.of_kind("compliance.norms")[0]

    life.resubmit()

    assert life.open == ["compliance.norms"]
    assert life.task("compliance.norms").previous == asked.id
    assert [t.id for t in life.case.tasks.values() if t.kind.is_finding and t.stands][:-1] == [
        t for t in standing if t != asked.id
    ]
    agreed(life)


@pytest.mark.parametrize("section", list(Section), ids=str)
def test_a_changed_section_opens_what_policy_says_depends_on_it(section):
    life = returned_from(Life(), "funding.approve", section)
    answered = {t.kind for t in life.case.tasks.values() if t.stands and t.decided_by}

    life.resubmit(section)

    depends = set(life.terms.rules.reopens[section])
    gone = {t.kind for t in life.case.tasks.values() if not t.stands and t.decided_by}
    assert gone - {TaskKind.CONFIRM} == answered & (depends | {TaskKind.APPROVE})
    agreed(life)
    life.to("active")


def test_an_open_task_is_not_opened_twice_by_a_resubmission():
    life = Life()
    life.decide("eligibility.confirm", "return")

    life.resubmit(Section.COUNTRIES, Section.BENEFICIARIES)

    assert life.open == ["eligibility.confirm"]
    assert life.case.stage == "eligibility"


def test_a_change_of_countries_goes_back_to_eligibility():
    life = returned_from(Life(), "desk.sign_off", Section.COUNTRIES)

    life.resubmit(Section.COUNTRIES, **AFRICA_AND_JORDAN)

    assert (life.stage, life.open) == ("eligibility", ["eligibility.confirm"])
    life.to("active")


def test_money_stays_reserved_when_neither_amount_nor_budget_changed():
    life = returned_from(Life(), "funding.approve", Section.SUMMARY)

    life.resubmit(Section.SUMMARY, title="Another title")
    life.to_task("funding.approve")

    assert len(life.of_kind("funding.recommend")) == 1
    assert list(life.purse.held) == [f"{life.reference}:1"]


def test_money_is_released_and_recommended_anew_when_the_amount_changed():
    life = returned_from(Life(), "funding.approve", Section.BUDGET)

    life.resubmit(Section.BUDGET, **REDUCED)
    assert life.purse.held == {}
    life.to_task("funding.approve")

    assert life.purse.held == {f"{life.reference}:2": 1_700_000_00}
    agreed(life)


def test_an_amount_that_changed_is_recommended_anew_though_policy_forgot_to_say_so():
    forgetful = dict.fromkeys(Section, ())
    life = returned_from(Life(reopens=forgetful), "funding.approve", Section.BUDGET)

    life.resubmit(Section.BUDGET, **REDUCED)

    life.to("active")
    assert life.purse.committed == {f"{life.reference}:2": 1_700_000_00}


def test_dates_alone_are_recommended_anew_and_keep_their_money():
    life = returned_from(Life(), "funding.approve", Section.DATES)

    life.resubmit(Section.DATES)
    life.to_task("funding.approve")

    assert len(life.of_kind("funding.recommend")) == 2
    assert list(life.purse.held) == [f"{life.reference}:1"]


def test_a_confirmation_falls_with_the_finding_it_confirmed():
    life = returned_from(Life(low_sample_percent=0), "desk.sign_off", Section.HUMAN_RIGHTS)
    confirmed = life.of_kind("confirm")[0]

    life.resubmit(Section.HUMAN_RIGHTS)

    assert not confirmed.stands
    assert life.open == ["compliance.human_rights"]
    life.decide("compliance.human_rights")
    assert life.open == ["confirm"]


def test_a_paper_decision_is_recorded_anew_after_a_change():
    life = Life(residual_levels={"low": "minister"}).to_task("funding.record_decision")
    life.import_list(party=("hit",))
    life.decide("screening.adjudicate", "match")
    life.decide("legal.disposition", "change")
    life.decide("return.release", sections=(Section.SUMMARY,))
    before = life.task("funding.record_decision")

    life.hits.clear()
    life.resubmit(Section.SUMMARY)
    assert not before.is_open
    life.to_task("funding.record_decision")

    assert life.task("funding.record_decision").previous == before.id
    agreed(life)


def test_a_returned_proposal_lapses_when_the_partner_stays_silent():
    life = returned_from(Life(), "compliance.norms")

    life.pass_days(60)

    assert (life.stage, life.outcome) == ("closed", "lapsed")
    assert refusal(life.resubmit) == "not_returned"
    agreed(life)


def test_only_the_next_revision_of_a_returned_proposal_is_taken():
    life = Life()
    assert refusal(life.resubmit) == "not_returned"
    life.decide("eligibility.confirm", "return")

    late = life.a_submission(life.content, revision=1)
    assert refusal(lambda: life.case.check_resubmit(late)) == "revision_out_of_order"


def test_a_match_is_judged_before_a_return_or_after_it_and_so_nothing_is_refused_while_it_stands():
    returned = Life(hits={"one": ("hit-a",)})
    returned.decide("eligibility.confirm", "return")
    assert returned.open == ["screening.adjudicate"]
    assert refusal(lambda: returned.decide("screening.adjudicate", "match")) == "on_hold"

    sealed = Life(hits={"one": ("hit-a",)})
    sealed.decide("screening.adjudicate", "match")
    assert refusal(lambda: sealed.decide("eligibility.confirm", "return")) == "on_hold"
