"""Newer terms for a proposal under way: what opens, what ends, and what stays as it was."""

from datetime import timedelta

import pytest

from policy.rules import term_changes
from schemas.messages import TermsMove
from schemas.people import Actor
from schemas.proposal import Section
from schemas.tasks import TaskKind
from tests.policy import newer_terms
from tests.policy.newer_terms import CTCBP
from tests.workflows.cases import HIGH, MEDIUM, TEXT, Life, agreed, refusal
from workflows.unattended import what_if

OFFICER = Actor(id="programme-officer-1", role="programme_officer:CTCBP")
NO_SAMPLE = newer_terms.with_facts(low_sample_percent=0)


def a_life():
    return Life(low_sample_percent=0)


def a_move(life, terms, **changes):
    """What an officer asks for who has just seen the preview."""
    given = {
        "rules": terms.rules,
        "policy_version": terms.version,
        "checks": {},
        "voids": term_changes.void_kinds(life.terms, terms),
        "seen": life.case.emitted,
        "actor": OFFICER,
        "request_id": life.a_request(),
        "texts": {"reason": TEXT},
    }
    return TermsMove(**given | changes)


def moved(life, terms, **changes):
    move = a_move(life, terms, **changes)
    life.take_terms(move)
    life.terms = terms
    agreed(life)
    return life.events


@pytest.fixture
def newer(tmp_path):
    """Newer terms of the program, as an edit of the published ones makes them."""

    def make(*edits):
        edit = newer_terms.together(NO_SAMPLE, *edits)
        return newer_terms.catalogue_with(tmp_path, edit).terms(CTCBP)

    return make


def ids(life, kind, *, stands=True):
    return [t.id for t in life.of_kind(kind) if t.stands is stands]


# ---- the record


def test_a_move_is_an_event_with_both_versions_who_and_why(newer):
    life = a_life().to("compliance")

    moved(life, newer())

    [event] = [e for e in life.events if e.type == "moved_to_newer_terms"]
    assert (event.data["from"], event.data["to"]) == ("CTCBP/2026-04-01", CTCBP)
    assert event.actor == OFFICER
    assert set(event.texts) == {"reason"}
    assert event.policy_version == CTCBP
    assert life.view.row.policy_version == CTCBP


def test_later_events_say_the_terms_that_hold_then(newer):
    life = a_life().to("compliance")
    moved(life, newer())

    life.decide("compliance.norms")

    assert life.events[-1].policy_version == CTCBP


def test_terms_that_ask_the_same_change_nothing_else(newer):
    life = a_life().to("desk")
    tasks = {t.id: (t.state, t.due_at, t.stands) for t in life.case.tasks.values()}
    before = len(life.events)

    moved(life, newer())

    assert {t.id: (t.state, t.due_at, t.stands) for t in life.case.tasks.values()} == tasks
    assert len(life.events) == before + 1


# ---- what was promised


def test_open_tasks_keep_their_dates_and_later_ones_get_the_new_days(newer):
    life = a_life().to("compliance")
    due = {t.id: t.due_at for t in life.case.open_tasks()}
    clock = life.case.clock.due_at

    days = newer_terms.with_facts(decision_days=10)
    moved(life, newer(days, newer_terms.with_days("desk.sign_off", 40)))

    assert {t.id: t.due_at for t in life.case.open_tasks()} == due
    assert life.case.clock.due_at == clock
    signing = life.to_task("desk.sign_off").task("desk.sign_off")
    assert signing.due_at - signing.opened_at > timedelta(days=50)


def test_a_question_that_is_asked_keeps_its_number_of_people(newer):
    life = a_life().to("compliance")

    def two_people(data):
        data["quorum"] |= {"compliance.norms": 2, "desk.sign_off": 2}

    moved(life, newer(two_people))

    assert len(ids(life, "compliance.norms")) == 1
    assert len(life.to_task("desk.sign_off").of_kind("desk.sign_off")) == 2


# ---- what is asked now


def test_a_finding_that_is_new_opens_and_takes_the_proposal_back_to_it(newer):
    life = a_life().to("desk")
    decided = [t.id for t in life.case.tasks.values() if t.outcome]

    moved(life, newer(newer_terms.always("territory")))

    assert life.stage == "compliance"
    assert "compliance.territory" in life.open
    assert all(life.case.tasks[each].stands for each in decided)
    life.to("active")
    agreed(life)


def test_nothing_is_approved_before_a_new_finding_is_in(newer):
    life = a_life().to_task("funding.approve")
    [asked] = ids(life, "funding.approve")

    moved(life, newer(newer_terms.always("territory")))

    assert life.case.tasks[asked].state == "cancelled"
    assert life.open == ["compliance.territory"]
    life.decide("compliance.territory")
    assert life.open == ["funding.approve"]
    assert life.purse.held  # the money that was reserved waits for it
    life.to("active")


def test_a_finding_that_nobody_has_answered_and_nobody_asks_any_more_ends(newer):
    life = a_life().to("compliance")
    [asked] = ids(life, "compliance.merit")

    moved(life, newer(newer_terms.without_a_finding("merit")))

    assert life.case.tasks[asked].state == "cancelled"
    life.to("active")
    assert len(life.of_kind("compliance.merit")) == 1


def test_a_level_that_was_found_counts_although_the_new_terms_do_not_ask_for_it(newer):
    life = a_life().to("compliance")
    life.decide("compliance.norms", inherent=HIGH, residual=HIGH)
    life.decide("confirm", subject=ids(life, "compliance.norms")[0])

    moved(life, newer(newer_terms.without_a_finding("norms")))

    assert life.case.residual() == HIGH
    assert life.to_task("funding.record_decision").open == ["funding.record_decision"]
    agreed(life)


def test_an_answer_to_another_question_is_asked_for_again_and_shows_the_old_one(newer):
    life = a_life().to("desk")
    [norms] = ids(life, "compliance.norms")
    [merit] = ids(life, "compliance.merit")

    moved(life, newer(newer_terms.a_harsher_matrix))

    assert life.stage == "compliance"
    assert not life.case.tasks[norms].stands
    assert life.task("compliance.norms").previous == norms
    assert life.case.tasks[merit].stands  # it carries no level
    life.to("active")


def test_a_request_for_a_return_goes_on_although_its_question_changed(newer):
    life = a_life().to("compliance")
    asked = life.decide("compliance.norms", "return", sections=(Section.RESULTS,))

    moved(life, newer(newer_terms.a_harsher_matrix))

    assert life.case.asks == [asked.id]
    life.to_task("return.release").decide("return.release")
    life.resubmit(Section.RESULTS, expected_results="More officers.")
    assert life.task("compliance.norms").previous == asked.id
    agreed(life)


def test_a_check_that_nobody_has_weighed_brings_eligibility_back(newer):
    life = a_life().to("compliance")
    [confirmed] = ids(life, "eligibility.confirm")

    moved(life, newer(), checks={"amount": "fail"}, voids=(TaskKind.ELIGIBILITY,))

    assert life.stage == "eligibility"
    assert life.task("eligibility.confirm").previous == confirmed
    assert life.view.row.state["checks"] == {"amount": "fail"}


def test_a_stage_that_is_new_is_gone_through_and_one_that_is_gone_ends(newer):
    life = a_life().to("desk")
    [asked] = ids(life, "desk.sign_off")

    def without_desk(data):
        data["stages"].remove("desk")
        del data["standards"]["stage_days"]["desk"]

    moved(life, newer(without_desk))

    assert life.case.tasks[asked].state == "cancelled"
    assert life.stage == "funding"


# ---- levels and samples


def test_another_level_for_a_residual_risk_asks_another_approver(newer):
    life = a_life().to("compliance")
    life.decide("compliance.norms", inherent=MEDIUM, residual=MEDIUM)
    life.decide("confirm", subject=ids(life, "compliance.norms")[0])
    life.to_task("funding.approve")
    [asked] = ids(life, "funding.approve")
    levels = {"medium": "deputy_minister", "high": "minister"}

    moved(life, newer(newer_terms.with_facts(residual_levels=levels)))

    again = life.task("funding.approve")
    assert again.previous == asked
    assert again.detail["rung"] == "deputy_minister"


def test_a_larger_sample_confirms_what_was_not_drawn_before(newer):
    life = a_life().to("desk")
    confirmed = {t.confirms for t in life.of_kind("confirm")}

    moved(life, newer(newer_terms.with_facts(low_sample_percent=100)))

    drawn = {t.confirms for t in life.case.open_tasks() if t.kind == "confirm"}
    assert drawn == {*ids(life, "compliance.norms"), *ids(life, "compliance.export_control")}
    assert not drawn & confirmed
    assert life.stage == "compliance"
    life.to("active")
    agreed(life)


def test_a_smaller_sample_lets_go_of_what_nobody_has_confirmed_yet(newer):
    life = Life(low_sample_percent=100).to("compliance")
    norms = life.decide("compliance.norms")
    assert [t.confirms for t in life.of_kind("confirm")] == [norms.id]

    moved(life, newer())

    assert "confirm" not in life.open
    life.to("active")


# ---- pauses


def test_a_returned_proposal_moves_and_is_asked_what_is_new_when_it_comes_back(newer):
    life = a_life().to_task("eligibility.confirm")
    life.decide("eligibility.confirm", "return", sections=(Section.SUMMARY,))
    due = life.case.returned.due_at

    moved(life, newer(newer_terms.always("territory")))

    assert life.stage == "returned"
    assert life.case.returned.due_at == due
    life.resubmit(Section.SUMMARY, summary="Shorter.")
    assert "compliance.territory" in life.to("compliance").open


# ---- what is refused


def test_what_was_previewed_on_another_standing_is_not_taken(newer):
    life = a_life().to("compliance")
    move = a_move(life, newer())
    life.decide("compliance.norms")
    before = life.case.digest()

    assert refusal(lambda: life.case.check_move(move)) == "preview_stale"
    assert life.case.digest() == before


def test_an_approval_keeps_the_terms_under_which_it_was_given(newer):
    life = a_life().to("agreement")

    assert refusal(lambda: life.case.check_move(a_move(life, newer()))) == "terms_fixed_by_approval"


def test_a_closed_proposal_moves_no_more(newer):
    life = a_life().to("desk")
    life.act("withdraw")

    assert refusal(lambda: life.case.check_move(a_move(life, newer()))) == "proposal_closed"


def test_nobody_moves_back(newer):
    life = a_life().to("compliance")
    old = life.terms
    moved(life, newer())

    assert refusal(lambda: life.case.check_move(a_move(life, old))) == "terms_not_newer"


@pytest.mark.parametrize("outcome", ["recommend_refusal", "barred", "return"])
def test_an_objection_is_settled_before_terms_that_have_no_place_for_it(newer, outcome):
    life = a_life().to("compliance")
    life.decide("compliance.norms", outcome, sections=(Section.RESULTS,))
    terms = newer(newer_terms.without_a_finding("norms"))

    assert refusal(lambda: life.case.check_move(a_move(life, terms))) == "decision_unsettled"


# ---- the preview


def test_a_preview_tells_what_the_move_then_does_and_changes_nothing(newer):
    life = a_life().to_task("funding.approve")
    terms = newer(newer_terms.a_harsher_matrix, newer_terms.always("territory"))
    before, said = life.case.digest(), len(life.events)

    told = what_if(life.case, a_move(life, terms, asked_at=life.now))

    assert life.case.digest() == before
    assert (told.seen, told.refused) == (life.case.emitted, None)
    happened = moved(life, terms)[said:]
    assert [(e.type, e.data) for e in told.events] == [(e.type, e.data) for e in happened]


def test_a_preview_says_why_a_proposal_would_not_move(newer):
    life = a_life().to("agreement")

    told = what_if(life.case, a_move(life, newer()))

    assert told.refused == "terms_fixed_by_approval"
    assert told.events == ()
