"""Screening: waiting for lists, judging hits, and seals."""

import pytest

from schemas.messages import NoticeKind, PartyHits
from schemas.proposal import Section
from tests.workflows.cases import Life, agreed, refusal
from workflows import screening

ONE_HIT = {"party": ("hit-1",)}


def sealed(life: Life | None = None, judgement: str = "match") -> Life:
    life = life or Life(hits=ONE_HIT)
    life.decide("screening.adjudicate", judgement)
    return life


def test_without_a_list_screening_is_not_done_and_waiting_says_so():
    life = Life(lists=())
    life.to("compliance")
    for kind in list(life.open):
        life.decide(kind)
    while "confirm" in life.open:
        life.decide("confirm")

    assert (life.stage, life.open) == ("compliance", [])
    assert life.view.row.state["screening"]["state"] == "missing"
    assert life.types().count("screening_not_possible") == 1

    life.import_list()
    assert (life.stage, life.view.row.state["screening"]["state"]) == ("desk", "done")


def test_screening_holds_nothing_at_eligibility():
    life = Life(hits=ONE_HIT)

    assert life.open == ["eligibility.confirm", "screening.adjudicate"]
    life.decide("eligibility.confirm")
    assert life.stage == "compliance"


def test_every_party_with_hits_is_one_task():
    life = Life(hits={"one": ("a", "b"), "two": ("c",)})

    assert {t.subject: t.detail["hits"] for t in life.of_kind("screening.adjudicate")} == {
        "one": ["a", "b"],
        "two": ["c"],
    }


def test_compliance_waits_until_every_hit_is_judged():
    life = Life(hits=ONE_HIT).to("compliance")
    for kind in [k for k in life.open if k.startswith("compliance")]:
        life.decide(kind)
    while "confirm" in life.open:
        life.decide("confirm")
    assert (life.stage, life.open) == ("compliance", ["screening.adjudicate"])

    life.decide("screening.adjudicate", "no_match")

    assert life.stage == "desk"


def test_a_judgement_above_policys_level_needs_a_second_person():
    life = Life(hits=ONE_HIT)
    judged = life.decide("screening.adjudicate", "no_match", by="screening-1", confirm_needed=True)

    assert life.takers(life.task("confirm")) == ["screening-2"]
    assert not screening.hits_are_judged(life.case)
    life.decide("confirm", "agree")

    assert screening.hits_are_judged(life.case)
    assert judged.settled


def test_two_reviewers_who_shared_the_parties_confirm_each_other():
    life = Life(hits={"one": ("a",), "two": ("b",)})
    first = life.decide(
        "screening.adjudicate", by="screening-1", subject="one", confirm_needed=True
    )
    second = life.decide(
        "screening.adjudicate", by="screening-2", subject="two", confirm_needed=True
    )

    life.decide("confirm", by="screening-2", subject=first.id)
    life.decide("confirm", by="screening-1", subject=second.id)

    assert "confirm" not in life.open


def test_a_disputed_judgement_is_arbitrated():
    life = Life(hits=ONE_HIT)
    life.decide("screening.adjudicate", "no_match", confirm_needed=True)
    life.decide("confirm", "disagree")

    life.decide("arbitrate", "proceed")

    assert screening.hits_are_judged(life.case)
    life.to("active")


def test_a_disputed_judgement_that_was_returned_is_judged_again():
    life = Life(hits=ONE_HIT)
    judged = life.decide("screening.adjudicate", "no_match", confirm_needed=True)
    life.decide("confirm", "disagree")
    life.decide("arbitrate", "return", sections=(Section.PARTIES,))
    life.to_task("return.release").decide("return.release")

    life.resubmit(Section.DOCUMENTS)

    assert life.task("screening.adjudicate").previous == judged.id
    assert not screening.hits_are_judged(life.case)
    life.decide("screening.adjudicate", "no_match")
    life.to("active")


# ---- what a seal does


@pytest.mark.parametrize("judgement", ["match", "unsure"])
def test_a_hit_that_may_be_true_seals_and_asks_legal(judgement):
    life = sealed(judgement=judgement)

    assert "legal.disposition" in life.open
    assert [h["kind"] for h in life.view.row.state["holds"]] == ["seal"]
    agreed(life)


def test_while_sealed_other_decisions_are_refused():
    life = sealed()

    assert refusal(lambda: life.decide("eligibility.confirm")) == "on_hold"


def test_while_sealed_the_partners_acts_are_taken_as_ever():
    life = Life(hits=ONE_HIT)
    life.decide("eligibility.confirm", "return")
    life.notify(NoticeKind.SEAL, seal="elsewhere-T02")

    life.resubmit()

    assert life.stage == "eligibility"
    assert refusal(lambda: life.decide("eligibility.confirm")) == "on_hold"
    life.act("withdraw")
    assert life.outcome == "withdrawn"


def test_while_sealed_the_partners_clock_runs_on():
    life = Life()
    life.decide("eligibility.confirm", "return")
    life.notify(NoticeKind.SEAL, seal="elsewhere-T02")

    life.pass_days(60)

    assert (life.stage, life.outcome) == ("closed", "lapsed")


def test_while_sealed_an_agreement_can_be_accepted_and_signed_and_lapses():
    life = Life().to("agreement")
    life.notify(NoticeKind.SEAL, seal="elsewhere-T02")

    life.act("accept_conditions")
    life.act("sign")

    assert life.open == ["agreement.sign"]
    assert refusal(lambda: life.decide("agreement.sign")) == "on_hold"


def test_the_decision_clock_that_the_partner_reads_does_not_stop_for_a_seal():
    life = Life(hits=ONE_HIT)
    due = life.case.clock.due_at

    sealed(life)

    assert life.case.clock.due_at == due
    assert not life.view.row.state["clock"]["paused"]


def test_staff_clocks_keep_their_whole_days_through_a_seal():
    life = Life(hits=ONE_HIT)
    life.pass_days(2)
    sealed(life)
    task = life.task("eligibility.confirm")
    left = task.days_left

    life.pass_days(30)
    life.decide("legal.disposition", "not_applicable")

    assert left == life.case.rules.task_days["eligibility.confirm"] - 2
    assert task.due_at == life.case.due(left, life.now)
    agreed(life)


def test_of_two_holds_at_once_the_first_keeps_the_days():
    life = Life(hits=ONE_HIT).to("compliance")
    life.decide("compliance.norms", "return")
    life.to_task("return.release", without=("screening.adjudicate",)).decide("return.release")
    task = life.task("screening.adjudicate")
    left = task.days_left
    life.pass_days(10)

    life.notify(NoticeKind.SEAL, seal="elsewhere-T02")
    life.pass_days(5)
    assert task.days_left == left
    life.resubmit()
    assert task.days_left == left
    life.notify(NoticeKind.UNSEAL, seal="elsewhere-T02")

    assert (task.days_left, task.due_at) == (None, life.case.due(left, life.now))
    agreed(life)


def test_a_seal_that_ends_during_a_return_leaves_the_clocks_with_the_return():
    life = Life(hits=ONE_HIT)
    life.notify(NoticeKind.SEAL, seal="elsewhere-T02")
    life.notify(NoticeKind.UNSEAL, seal="elsewhere-T02")
    life.decide("eligibility.confirm", "return")
    life.notify(NoticeKind.SEAL, seal="elsewhere-T05")
    task = life.task("screening.adjudicate")
    left = task.days_left

    life.notify(NoticeKind.UNSEAL, seal="elsewhere-T05")

    assert task.days_left == left
    life.resubmit()
    assert task.days_left is None
    agreed(life)


def test_a_task_opened_under_a_hold_has_all_its_days_when_the_hold_ends():
    life = Life()
    life.notify(NoticeKind.SEAL, seal="elsewhere-T02")
    life.import_list(party=("hit",))
    life.pass_days(40)

    life.notify(NoticeKind.UNSEAL, seal="elsewhere-T02")

    days = life.case.rules.task_days["screening.adjudicate"]
    assert life.task("screening.adjudicate").due_at == life.case.due(days, life.now)
    agreed(life)


# ---- how far a seal reaches, and what ends it


def test_a_match_of_an_owner_seals_everything_alive_of_the_partner():
    life = Life(hits={"owner": ("hit",)}, owners=frozenset({"owner"}))
    legal_task = f"{life.reference}-T03"

    sealed(life)
    life.decide("legal.disposition", "authorized")

    assert life.told == [("hold_set", legal_task, True), ("hold_ended", legal_task, True)]


@pytest.mark.parametrize(
    ("owner", "judgement"),
    [
        pytest.param(True, "unsure", id="an owner of whom one is unsure"),
        pytest.param(False, "match", id="a match of another party"),
        pytest.param(False, "unsure", id="another party of whom one is unsure"),
    ],
)
def test_any_other_hit_seals_this_proposal_alone(owner, judgement):
    life = Life(hits=ONE_HIT, owners=frozenset({"party"} if owner else ()))

    sealed(life, judgement)

    assert life.told == []
    assert life.case.seals


def test_a_seal_of_elsewhere_holds_until_it_is_ended_elsewhere():
    life = Life()
    life.notify(NoticeKind.SEAL, seal="other-T02")
    life.notify(NoticeKind.SEAL, seal="other-T02")
    assert refusal(lambda: life.decide("eligibility.confirm")) == "on_hold"
    assert life.types().count("hold_set") == 1

    life.notify(NoticeKind.UNSEAL, seal="other-T02")

    life.to("active")


def test_two_seals_hold_until_both_are_ended():
    life = Life(hits={"one": ("a",), "two": ("b",)})
    life.decide("screening.adjudicate", "match", subject="one")
    life.notify(NoticeKind.SEAL, seal="other-T02")

    life.decide("legal.disposition", "not_applicable")

    assert refusal(lambda: life.decide("screening.adjudicate")) == "on_hold"


@pytest.mark.parametrize("outcome", ["not_applicable", "authorized"])
def test_legal_ends_the_seal_and_the_hit_is_settled(outcome):
    life = sealed()

    life.decide("legal.disposition", outcome)

    assert screening.hits_are_judged(life.case)
    life.to("active")


def test_legal_refuses_and_the_seal_ends_with_the_proposal():
    life = sealed()

    life.decide("legal.disposition", "refuse")

    assert (life.stage, life.outcome, life.open) == ("closed", "declined", [])
    assert life.view.row.state["holds"] == []
    agreed(life)


def test_a_change_that_legal_asks_for_is_returned_and_screened_again():
    life = sealed(Life(hits=ONE_HIT).to("compliance"))
    life.decide("legal.disposition", "change", sections=(Section.PARTIES,))
    life.to_task("return.release").decide("return.release")
    screened = life.types().count("parties_screened")

    life.hits = {"another": ("hit-2",)}
    life.resubmit(Section.PARTIES)

    assert life.types().count("parties_screened") == screened + 1
    assert life.task("screening.adjudicate").subject == "another"
    agreed(life)


def test_a_change_given_back_seals_again():
    life = sealed(Life(hits={"owner": ("hit",)}, owners=frozenset({"owner"})).to("compliance"))
    asking = life.decide("legal.disposition", "change")
    life.to_task("return.release").decide("return.release", "give_back")

    assert life.task("legal.disposition").previous == asking.id
    assert life.case.seals == {life.task("legal.disposition").id}
    assert [what for what, _, _ in life.told] == ["hold_set", "hold_ended", "hold_set"]
    agreed(life)
    life.decide("legal.disposition", "not_applicable")
    life.to("active")


def test_a_change_that_legal_asks_for_at_eligibility_travels_with_the_officers_return():
    life = sealed()
    life.decide("legal.disposition", "change", sections=(Section.PARTIES,))

    life.decide("eligibility.confirm", "return", sections=(Section.DATES,))

    assert life.view.row.state["returned"]["sections"] == ["dates", "parties"]


def test_a_withdrawal_closes_the_proposal_and_never_the_legal_task():
    life = sealed()

    life.act("withdraw")

    assert (life.stage, life.outcome, life.open) == ("closed", "withdrawn", ["legal.disposition"])
    assert life.case.is_under_way
    agreed(life)

    life.decide("legal.disposition", "refuse")
    assert life.outcome == "withdrawn"
    assert not life.case.is_under_way
    assert life.view.row.state["holds"] == []
    agreed(life)


def test_a_closed_proposal_does_not_keep_a_seal_that_was_set_elsewhere():
    life = Life()
    life.notify(NoticeKind.SEAL, seal="other-T02")

    life.act("withdraw")

    assert life.case.seals == set()
    assert life.view.row.state["holds"] == []


# ---- rescreening


def test_a_new_hit_opens_a_judged_party_anew():
    life = Life(hits=ONE_HIT)
    first = life.decide("screening.adjudicate", "no_match")

    life.import_list(party=("hit-2",))

    again = life.task("screening.adjudicate")
    assert (again.previous, again.detail["hits"]) == (first.id, ["hit-2"])
    agreed(life)


def test_a_new_hit_joins_those_of_a_party_that_is_not_judged_yet():
    life = Life(hits=ONE_HIT)
    first = life.task("screening.adjudicate")

    life.import_list(party=("hit-2",))

    assert first.state == "cancelled"
    assert life.task("screening.adjudicate").detail["hits"] == ["hit-1", "hit-2"]
    assert life.open.count("screening.adjudicate") == 1
    agreed(life)


def test_a_list_that_changes_nothing_opens_nothing():
    life = Life(hits=ONE_HIT)

    life.import_list()

    assert life.open.count("screening.adjudicate") == 1
    assert life.types().count("task_cancelled") == 0


def test_a_hit_during_funding_stops_the_approval_until_it_is_judged():
    life = Life().to_task("funding.approve")

    life.import_list(party=("hit",))

    assert life.stage == "compliance"
    assert refusal(lambda: life.decide("funding.approve")) == "screening_open"
    life.decide("screening.adjudicate", "no_match")
    assert (life.stage, life.open) == ("funding", ["funding.approve"])
    agreed(life)


def test_a_hit_stops_a_paper_decision_too():
    life = Life(residual_levels={"low": "minister"}).to_task("funding.record_decision")

    life.import_list(party=("hit",))
    assert refusal(lambda: life.decide("funding.record_decision")) == "screening_open"

    life.decide("screening.adjudicate", "no_match")
    life.decide("funding.record_decision", "approved")
    life.import_list(party=("hit-2",))
    assert refusal(lambda: life.decide("confirm", "agree")) == "screening_open"
    life.decide("screening.adjudicate", "no_match")
    life.decide("confirm", "agree")
    assert life.stage == "agreement"


def test_a_proposal_can_be_declined_while_a_hit_is_open():
    life = Life().to_task("funding.approve")
    life.import_list(party=("hit",))

    life.decide("funding.approve", "decline")

    assert (life.outcome, life.open) == ("declined", [])


def test_a_change_that_legal_asks_for_during_funding_does_not_wait_for_the_approval():
    life = Life().to_task("funding.approve")
    life.import_list(party=("hit",))
    life.decide("screening.adjudicate", "match")

    life.decide("legal.disposition", "change", sections=(Section.PARTIES,))

    assert life.open == ["funding.approve", "return.release"]
    life.decide("return.release")
    life.hits.clear()
    life.resubmit(Section.PARTIES)
    life.to("active")


def test_a_hit_during_the_agreement_stops_the_departments_signature():
    life = Life().to_task("agreement.sign")

    life.import_list(party=("hit",))

    assert (life.stage, life.outcome) == ("agreement", "approved")
    assert refusal(lambda: life.decide("agreement.sign")) == "screening_open"
    life.decide("screening.adjudicate", "no_match")
    life.decide("agreement.sign")
    assert life.stage == "active"
    agreed(life)


def test_what_was_approved_is_not_returned_to_the_partner():
    life = Life().to_task("agreement.sign")
    life.import_list(party=("hit",))
    life.decide("screening.adjudicate", "match")

    offered = [c.code for c in life.case.offered(life.task("legal.disposition"))]

    assert offered == ["not_applicable", "authorized", "refuse"]


def test_an_answer_for_an_earlier_revision_changes_nothing():
    life = Life(screens=False)
    life.decide("eligibility.confirm", "return")
    life.resubmit(Section.PARTIES)
    life.notify(NoticeKind.RESCREEN)
    assert life.case.screening.wanted == 3

    life.screened(3)
    life.screened(1, PartyHits(party="gone", owner=False, hits=("hit",)))

    assert life.case.screening.is_done
    assert "screening.adjudicate" not in life.open


def test_an_answer_after_the_end_changes_nothing():
    life = Life(screens=False)
    life.act("withdraw")
    before = life.types()

    life.screened(1, PartyHits(party="party", owner=True, hits=("hit",)))
    life.notify(NoticeKind.RESCREEN)
    life.notify(NoticeKind.SEAL, seal="other-T02")

    assert life.types() == before
