"""Repairs by four eyes: what each kind does, who may confirm it, and what ends it undone."""

import pytest

from schemas.errors import Refused
from schemas.messages import NoticeKind
from schemas.people import Role
from schemas.proposal import Section, Stage
from schemas.tasks import TaskKind, TaskState
from store.projection import fold
from tests.policy.proposals import a_proposal, dollars
from tests.workflows.cases import AFRICA_AND_JORDAN, Life, Purse, agreed

EVERY_REPAIR = "repair_proposed", "repair_done", "repair_ended"


def repairs_of(life: Life) -> list[str]:
    return [each["state"] for each in life.view.row.state.get("repairs", ())]


def refusal(act) -> Refused:
    with pytest.raises(Refused) as refused:
        act()
    return refused.value


def test_nothing_is_done_before_somebody_has_confirmed():
    life = Life().to(Stage.DESK)
    before = {t.id for t in life.case.tasks.values() if t.stands}

    confirm = life.repair("rewind", stage=Stage.COMPLIANCE)

    assert life.stage is Stage.DESK
    assert before <= {t.id for t in life.case.tasks.values() if t.stands}
    assert confirm.kind is TaskKind.CONFIRM
    assert repairs_of(life) == ["proposed"]


def test_a_rewind_asks_anew_what_was_answered_from_the_stage_on():
    life = Life(a_proposal(**AFRICA_AND_JORDAN)).to(Stage.FUNDING)
    eligible = life.of_kind("eligibility.confirm")[0]
    findings = [t for t in life.case.tasks.values() if t.kind.is_finding]

    life.decide_task(life.repair("rewind", stage=Stage.COMPLIANCE))

    assert life.stage is Stage.COMPLIANCE
    assert eligible.stands
    assert not any(task.stands for task in findings)
    assert {t.kind for t in life.case.tasks.values() if t.is_open} == {t.kind for t in findings}
    assert life.view.row.state["conditions"] == []
    life.to(Stage.ACTIVE)
    assert fold(life.events).row == life.view.row


@pytest.mark.parametrize("stage", [Stage.ELIGIBILITY, Stage.COMPLIANCE, Stage.DESK, Stage.FUNDING])
def test_what_was_gone_back_to_is_gone_through_again_before_anything_later(stage):
    life = Life().to_task("funding.approve")
    approval = life.task("funding.approve")

    life.decide_task(life.repair("rewind", stage=stage))

    assert not approval.is_open
    assert life.stage is stage
    answered = len([t for t in life.types() if t == "task_decided"])
    life.to(Stage.AGREEMENT)
    again = [e.data["kind"] for e in life.events if e.type == "task_decided"][answered:]
    assert "funding.recommend" in again, "who recommends is asked again"
    assert "funding.approve" in again


def test_the_money_is_kept_for_the_same_recommendation_and_taken_once():
    life = Life().to_task("funding.approve")
    held = dict(life.purse.held)

    life.decide_task(life.repair("rewind", stage=Stage.DESK))

    assert life.purse.held == held
    life.to_task("funding.approve")
    assert life.purse.held == held
    life.to(Stage.ACTIVE)
    assert life.purse.committed == held


def test_the_money_of_another_recommendation_is_released_first():
    life = Life().to_task("funding.approve")
    before = dict(life.purse.held)
    life.decide_task(life.repair("rewind", stage=Stage.FUNDING))

    life.decide("funding.recommend", priority=2, slices=life.case.reservation.slices[:0])

    assert set(life.purse.held) != set(before)
    assert len(life.purse.held) == 1


def test_who_waits_for_money_keeps_its_place_through_a_rewind():
    life = Life(purse=Purse(cents=0)).to_task("funding.recommend")
    life.decide("funding.recommend")
    queued = dict(life.purse.queue)

    life.decide_task(life.repair("rewind", stage=Stage.FUNDING))
    life.decide("funding.recommend")

    assert life.purse.queue == queued
    life.free(100_000_000_00)
    assert life.purse.held == queued


@pytest.mark.parametrize(
    ("stage", "role"),
    [
        (Stage.ELIGIBILITY, Role.PROGRAMME_OFFICER),
        (Stage.COMPLIANCE, Role.PROGRAMME_OFFICER),
        (Stage.DESK, Role.HEAD_OF_DESK),
        (Stage.FUNDING, Role.FINANCE_OFFICER),
    ],
)
def test_who_owns_the_stage_gone_back_to_confirms(stage, role):
    life = Life().to(Stage.FUNDING)

    confirm = life.repair("rewind", stage=stage)

    assert {candidate.role for candidate in confirm.candidates} == {role}


def test_nobody_confirms_what_they_have_proposed():
    life = Life().to(Stage.DESK)
    confirm = life.repair("unstick", by="programme-officer-1")

    refused = refusal(lambda: life.decide_task(confirm, by="programme-officer-1"))
    deputed = refusal(
        lambda: life.decide_task(confirm, by="head-of-desk-1", on_behalf_of="programme-officer-1")
    )

    assert {refused.facts["rule"], deputed.facts["rule"]} == {"own_repair"}


def test_a_second_repair_is_told_which_one_is_under_way():
    life = Life().to(Stage.DESK)
    confirm = life.repair("unstick")

    refused = refusal(lambda: life.repair("rewind", stage=Stage.COMPLIANCE))

    assert refused.code == "repair_under_way"
    assert refused.facts == {"repair": confirm.subject, "kind": "unstick", "task": confirm.id}


def test_who_does_not_agree_ends_it_and_another_may_be_proposed():
    life = Life().to(Stage.DESK)

    life.decide_task(life.repair("rewind", stage=Stage.COMPLIANCE), "disagree")

    assert (life.stage, repairs_of(life)) == (Stage.DESK, ["ended"])
    assert life.view.row.state["repairs"][0]["why"] == "disagreed"
    life.decide_task(life.repair("rewind", stage=Stage.COMPLIANCE))
    assert (life.stage, repairs_of(life)) == (Stage.COMPLIANCE, ["ended", "done"])


def test_silence_past_the_due_date_changes_nothing():
    life = Life().to(Stage.DESK)
    confirm = life.repair("rewind", stage=Stage.COMPLIANCE)

    life.pass_days(40)

    assert (confirm.is_open, life.stage, repairs_of(life)) == (False, Stage.DESK, ["ended"])
    assert life.view.row.state["repairs"][0]["why"] == "silent"
    ended = next(e for e in life.events if e.type == "repair_ended")
    assert ended.occurred_at == confirm.due_at


def test_a_repair_of_a_proposal_that_has_moved_on_is_refused_with_what_changed():
    life = Life().to(Stage.DESK)
    confirm = life.repair("rewind", stage=Stage.COMPLIANCE)
    life.decide("desk.sign_off")

    refused = refusal(lambda: life.decide_task(confirm, by="programme-officer-1"))

    assert refused.code == "repair_stale"
    assert refused.facts["changed"] == ["answers"]
    assert life.view.row.state["repairs"][0]["why"] == "stale"


def test_what_the_proposal_does_meanwhile_stands_between_two_acts_of_one_instant():
    life = Life().to(Stage.DESK)
    confirm = life.repair("rewind", stage=Stage.COMPLIANCE)
    signing = life.task("desk.sign_off")
    signing.state = TaskState.DONE  # in this instant: `run` has not been woken

    assert refusal(lambda: life.decide_task(confirm)).code == "repair_stale"


@pytest.mark.parametrize("stage", [Stage.AGREEMENT, Stage.FUNDING, Stage.ACTIVE, Stage.RETURNED])
def test_no_rewind_goes_forward(stage):
    life = Life().to(Stage.DESK)

    assert refusal(lambda: life.repair("rewind", stage=stage)).code == "repair_not_back"


def test_no_repair_undoes_a_decision():
    life = Life().to(Stage.AGREEMENT)

    for plan in ({"kind": "rewind", "stage": Stage.FUNDING}, {"kind": "cancel_duplicate"}):
        assert refusal(lambda p=plan: life.repair(**p)).code == "repair_after_decision"


def test_with_the_partner_or_under_a_seal_nothing_is_rewound():
    life = Life().to_task("compliance.norms")
    life.notify(NoticeKind.SEAL, seal="other-T01")
    assert refusal(lambda: life.repair("rewind", stage=Stage.COMPLIANCE)).code == "on_hold"
    life.notify(NoticeKind.UNSEAL, seal="other-T01")

    confirm = life.repair("rewind", stage=Stage.COMPLIANCE)
    life.notify(NoticeKind.SEAL, seal="other-T01")

    assert refusal(lambda: life.decide_task(confirm)).code == "on_hold"
    life.notify(NoticeKind.UNSEAL, seal="other-T01")
    life.decide_task(confirm)
    assert repairs_of(life) == ["done"]


def test_judgements_of_hits_hold_through_a_rewind():
    life = Life(hits={"one": ("hit-a",)}).to(Stage.DESK)
    judged = life.of_kind("screening.adjudicate")

    life.decide_task(life.repair("rewind", stage=Stage.ELIGIBILITY))

    assert judged
    assert all(task.stands for task in judged)
    life.to(Stage.ACTIVE)


def test_an_asked_return_goes_with_the_answer_that_asked_for_it():
    life = Life().to_task("compliance.norms")
    life.decide("compliance.norms", "return", sections=tuple(Section))
    life.advance(lambda life: "return.release" in life.open)
    release = life.task("return.release")

    life.decide_task(life.repair("rewind", stage=Stage.COMPLIANCE))

    assert not release.is_open
    assert life.case.asks == []
    life.to(Stage.ACTIVE)


def test_a_repair_does_not_hold_up_the_return():
    life = Life().to_task("compliance.norms")
    life.decide("compliance.norms", "return", sections=tuple(Section))
    repair = life.repair("unstick")

    while others := [t for t in life.case.tasks.values() if t.is_open and t is not repair]:
        if others[0].kind is TaskKind.RELEASE:
            break
        life.decide_task(others[0])

    assert life.open == ["confirm", "return.release"]


def test_a_duplicate_is_closed_as_withdrawn_and_its_money_comes_free():
    life = Life().to_task("funding.approve")

    life.decide_task(life.repair("cancel_duplicate", duplicate_of="CTCBP-2026-000002"))

    assert (life.stage, life.outcome) == (Stage.CLOSED, "withdrawn")
    assert life.purse.held == {}
    assert life.open == []
    done = next(e for e in life.events if e.type == "repair_done")
    assert done.data["duplicate_of"] == "CTCBP-2026-000002"
    assert life.types().index("repair_done") < life.types().index("proposal_withdrawn")


def test_history_names_both_persons_and_the_reason():
    life = Life().to(Stage.DESK)

    life.decide_task(life.repair("unstick"), by="programme-officer-2")

    done = next(e for e in life.events if e.type == "repair_done")
    assert (done.data["proposed_by"], done.actor.id) == (
        "demo-administrator-1",
        "programme-officer-2",
    )
    assert done.texts == next(e for e in life.events if e.type == "repair_proposed").texts


def test_a_letter_is_sent_again_while_the_partner_answers_a_return():
    life = Life().to_task("eligibility.confirm")
    life.decide("eligibility.confirm", "return", sections=tuple(Section))

    life.decide_task(life.repair("resend", letter=f"{life.reference}-L01"))

    assert life.events[-1].type == "letter_sent_again"
    assert life.events[-1].data == {"letter": f"{life.reference}-L01"}
    assert life.stage is Stage.RETURNED


def test_the_end_of_a_proposal_ends_the_repair_too():
    life = Life().to(Stage.DESK)
    life.repair("unstick")

    life.act("withdraw")

    assert life.open == []
    assert repairs_of(life) == ["ended"]
    assert life.view.row.state["repairs"][0]["why"] == "stale"
    agreed(life)


def test_the_budget_changed_on_a_return_after_a_rewind_still_releases_the_money():
    life = Life().to_task("funding.approve")
    life.decide_task(life.repair("rewind", stage=Stage.ELIGIBILITY))
    life.decide("eligibility.confirm", "return", sections=tuple(Section))

    life.resubmit(Section.SUMMARY, summary="The same with other words, which changes no money.")
    assert len(life.purse.held) == 1
    life.to_task("funding.recommend")
    life.decide("funding.recommend", "return", sections=tuple(Section))
    life.advance(lambda life: life.stage is Stage.RETURNED)
    life.resubmit(
        Section.BUDGET,
        amount=dollars("3000000.00"),
        budget=[
            {"fiscal_year": "2027-28", "category": "training", "amount": dollars("1500000.00")},
            {"fiscal_year": "2028-29", "category": "equipment", "amount": dollars("1500000.00")},
        ],
    )
    assert life.purse.held == {}
    life.to(Stage.ACTIVE)
