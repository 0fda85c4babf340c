"""Several people answer one question, each another: what counts, and what is arbitrated."""

import pytest

from schemas.messages import Slice
from schemas.proposal import Section
from schemas.tasks import TaskKind
from tests.workflows.cases import HIGH, LOW, MEDIUM, Life, Purse, agreed, refusal

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


# ---- hits and legal


def hit_twice(**more) -> Life:
    """Two people judge a hit of the partner's director."""
    return Life(
        hits={"director": ("h1",)}, owners=frozenset({"director"}),
        quorum={TaskKind.ADJUDICATE: 2, TaskKind.LEGAL: 2}, **more,
    )  # fmt: skip


def test_a_match_that_one_of_two_finds_is_legals_at_once():
    life = hit_twice()
    life.decide("screening.adjudicate", "no_match")

    life.decide("screening.adjudicate", "match")

    assert life.case.seals
    assert [t for t in life.open if t != "eligibility.confirm"] == ["legal.disposition"] * 2
    agreed(life)


def test_a_first_doubt_seals_without_waiting_for_the_second_reviewer():
    life = hit_twice()

    life.decide("screening.adjudicate", "unsure")

    assert life.case.seals
    assert "screening.adjudicate" not in life.open


def test_two_who_rule_a_hit_out_need_nobody_to_confirm_it():
    life = hit_twice()
    life.decide("screening.adjudicate", "no_match", confirm_needed=True)
    assert not life.case.seals

    life.decide("screening.adjudicate", "no_match", confirm_needed=True)

    life.to("desk")
    assert not [
        t
        for t in life.of_kind("confirm")
        if life.case.tasks[t.confirms].kind == "screening.adjudicate"
    ]
    agreed(life)


def test_while_the_second_has_not_judged_screening_is_not_done():
    life = hit_twice()
    life.decide("screening.adjudicate", "no_match")

    life.advance(
        lambda life: life.open == ["screening.adjudicate"], without=("screening.adjudicate",)
    )

    assert life.stage == "compliance"


def test_new_hits_ask_both_again_whatever_one_has_said_of_the_old():
    life = hit_twice()
    life.decide("screening.adjudicate", "no_match")

    life.import_list(director=("h2",))

    assert life.open.count("screening.adjudicate") == 2
    assert all(
        set(t.detail["hits"]) == {"h1", "h2"}
        for t in life.of_kind("screening.adjudicate")
        if t.is_open
    )
    agreed(life)


def test_a_seal_ends_only_when_both_of_legal_have_lifted_it():
    life = hit_twice()
    life.decide("screening.adjudicate", "match")

    life.decide("legal.disposition", "not_applicable")
    assert life.case.seals

    life.decide("legal.disposition", "authorized")
    assert not life.case.seals
    life.to("active")
    assert [seal for _, seal, _ in life.told if seal] == [life.told[0][1]] * 2
    agreed(life)


def test_the_first_of_legal_who_refuses_counts_alone():
    life = hit_twice()
    life.decide("screening.adjudicate", "match")
    life.decide("legal.disposition", "not_applicable")

    life.decide("legal.disposition", "refuse")

    assert (life.outcome, life.open, life.case.seals) == ("declined", [], set())
    agreed(life)


def test_a_withdrawal_closes_the_proposal_and_legal_goes_on_with_the_second():
    life = hit_twice()
    life.decide("screening.adjudicate", "match")
    life.decide("legal.disposition", "not_applicable")

    life.act("withdraw")

    assert (life.open, len(life.case.seals)) == (["legal.disposition"], 1)
    life.decide("legal.disposition", "not_applicable")
    assert not life.case.seals
    agreed(life)


# ---- the return


def asked_for_changes() -> Life:
    life = Life(quorum={TaskKind.RELEASE: 2}, low_sample_percent=0).to("compliance")
    life.decide("compliance.norms", "return", sections=(Section.RESULTS,))
    return life.to_task("return.release")


def test_two_release_one_return_with_the_sections_of_both():
    life = asked_for_changes()
    life.decide("return.release", "release", sections=(Section.RESULTS,))
    assert life.stage == "compliance"

    life.decide("return.release", "release", sections=(Section.DATES,))

    assert life.stage == "returned"
    assert life.case.returned.sections == (Section.DATES, Section.RESULTS)
    agreed(life)


def test_what_one_of_two_gives_back_is_asked_anew():
    life = asked_for_changes()
    life.decide("return.release", "release")

    life.decide("return.release", "give_back")

    assert life.open == ["compliance.norms"]
    agreed(life)


# ---- money


def recommended_twice() -> Life:
    return Life(quorum={TaskKind.RECOMMEND: 2}).to_task("funding.recommend")


def of(life: Life, fund: str) -> dict:
    return {"slices": (Slice(fund=fund, cents=life.case.submission.amount_cents),)}


def test_two_who_recommend_alike_reserve_the_money_once():
    life = recommended_twice()
    life.decide("funding.recommend")
    assert (life.case.reservation, life.open) == (None, ["funding.recommend"])

    life.decide("funding.recommend")

    assert life.case.reservation.state == "reserved"
    assert len(life.purse.held) == 1
    assert "funding.approve" in life.open
    agreed(life)


@pytest.mark.parametrize("chosen", [0, 1])
def test_of_two_recommendations_arbitration_says_which_counts(chosen):
    life = recommended_twice()
    told = [life.decide("funding.recommend", **of(life, fund)) for fund in ("first", "second")]
    assert (life.open, life.purse.held) == (["arbitrate"], {})

    life.decide("arbitrate", "proceed", picked=told[chosen].id)

    assert life.case.reservation.slices[0].fund == ("first", "second")[chosen]
    assert life.case.standing(TaskKind.RECOMMEND) is told[chosen]
    assert "funding.approve" in life.open
    approver = life.takers(life.task("funding.approve"))[0]
    assert approver != life.of_kind("arbitrate")[0].decided_by.id
    life.to("active")
    agreed(life)


def test_a_recommendation_and_a_request_for_changes_are_arbitrated():
    life = recommended_twice()
    life.decide("funding.recommend")
    life.decide("funding.recommend", "return", sections=(Section.BUDGET,))
    assert life.open == ["arbitrate"]

    life.decide("arbitrate", "return")

    assert (life.open, life.purse.held) == (["return.release"], {})
    agreed(life)


def test_money_kept_from_before_a_return_waits_for_arbitration_too():
    life = recommended_twice()
    life.decide("funding.recommend")
    life.decide("funding.recommend")
    life.decide("funding.approve", "return", sections=(Section.RESULTS,))
    life.decide("return.release", "release", sections=(Section.RESULTS,))
    life.resubmit(Section.BUDGET)
    life.to_task("funding.recommend")
    life.decide("funding.recommend", **of(life, "first"))
    life.decide("funding.recommend", **of(life, "second"))

    assert life.open == ["arbitrate"]
    agreed(life)


def test_one_who_keeps_an_offer_and_one_who_passes_it_on_are_arbitrated():
    life = Life(quorum={TaskKind.RECOMMEND: 2}, purse=Purse(cents=0)).to_task("funding.recommend")
    life.decide("funding.recommend")
    life.decide("funding.recommend")
    life.free(life.case.submission.amount_cents)
    life.decide("funding.recommend", "recommend")
    passed = life.decide("funding.recommend", "pass_over")
    assert life.open == ["arbitrate"]

    life.decide("arbitrate", "proceed", picked=passed.id)

    assert life.case.reservation.state == "queued"
    agreed(life)


# ---- reconsideration and taking back


def test_a_decision_is_reopened_only_when_all_who_look_again_would():
    life = Life(quorum={TaskKind.RECONSIDER: 2})
    life.decide("eligibility.confirm", "ineligible")
    life.act("reconsider")
    life.decide("reconsider", "reopen")
    assert (life.outcome, life.open) == ("ineligible", ["reconsider"])

    life.decide("reconsider", "reopen")

    assert (life.outcome, life.stage) == (None, "eligibility")
    agreed(life)


def test_the_first_who_upholds_a_decision_counts_alone():
    life = Life(quorum={TaskKind.RECONSIDER: 2})
    life.decide("eligibility.confirm", "ineligible")
    life.act("reconsider")
    life.decide("reconsider", "reopen")

    life.decide("reconsider", "uphold")

    assert (life.outcome, life.open) == ("ineligible", [])
    agreed(life)


def test_each_of_two_who_approved_may_take_it_back():
    life = Life(quorum={TaskKind.APPROVE: 2}, undo_minutes=60).to_task("funding.approve")
    first = life.decide("funding.approve")
    life.decide("funding.approve")

    life.staff_act("undo", by=first.decided_by.id, task=first.id)

    assert (life.outcome, life.open) == (None, ["funding.approve", "funding.approve"])
    agreed(life)
