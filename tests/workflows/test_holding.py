"""Hold and resume: what a programme officer pauses keeps its whole days, and goes on."""

from datetime import timedelta

import pytest

from policy.rules import clocks, holds
from schemas.errors import Refused
from schemas.holds import HoldKind
from schemas.messages import Slice
from schemas.people import Role
from schemas.proposal import Section, Stage
from schemas.tasks import TaskKind
from tests.workflows.cases import Life, Purse, agreed


def days_left(life: Life, moment) -> int:
    return clocks.days_left(life.now, moment, life.case.holidays)


def test_while_it_is_on_hold_nothing_is_decided():
    life = Life().to(Stage.COMPLIANCE)
    life.staff_act("hold")

    with pytest.raises(Refused, match="on_hold") as refused:
        life.decide("compliance.norms")

    assert refused.value.facts == {"hold": "hold"}
    life.staff_act("resume")
    life.decide("compliance.norms")
    assert life.to(Stage.ACTIVE).outcome == "approved"


def test_every_clock_keeps_its_whole_days_and_goes_on_with_them():
    life = Life().to(Stage.COMPLIANCE)
    life.pass_days(5)
    norms, before = life.task("compliance.norms"), life.case.clock.due_at
    left, decision = days_left(life, norms.due_at), days_left(life, before)
    stage = days_left(life, life.case.stage_clock.due_at)

    life.staff_act("hold")
    assert life.case.clock.due_at is None
    assert life.view.row.state["clock"] == {
        "due_at": None, "paused": True, "business_days_left": decision,
    }  # fmt: skip
    assert life.view.row.state["stage_clock"]["business_days_left"] == stage
    assert all(task.paused for task in life.view.tasks.values() if task.state == "open")
    life.pass_days(200)
    life.staff_act("resume")

    assert days_left(life, norms.due_at) == left
    assert days_left(life, life.case.clock.due_at) == decision
    assert days_left(life, life.case.stage_clock.due_at) == stage
    assert not any(task.paused for task in life.view.tasks.values())
    agreed(life)


def test_months_of_a_hold_remind_nobody_and_miss_no_standard():
    life = Life().to(Stage.COMPLIANCE)
    life.staff_act("hold")
    told = len(life.events)

    life.pass_days(900)

    assert len(life.events) == told
    assert life.case.next_deadline() is None
    life.staff_act("resume")
    life.pass_days(60)
    assert {"task_reminded", "task_overdue", "task_escalated"} <= set(life.types())


def test_a_return_that_is_on_hold_does_not_lapse():
    life = Life()
    life.decide("eligibility.confirm", "return", sections=(Section.SUMMARY,))
    life.pass_days(7)
    left = days_left(life, life.case.returned.due_at)
    life.staff_act("hold")
    assert life.view.row.state["returned"]["due_at"] is None
    life.pass_days(300)
    assert life.stage is Stage.RETURNED

    life.staff_act("resume")

    assert days_left(life, life.case.returned.due_at) == left
    assert life.view.row.state["returned"]["due_at"] is not None
    life.pass_days(60)
    assert life.outcome == "lapsed"


def test_what_is_submitted_again_stays_on_hold_until_it_is_resumed():
    life = Life()
    life.decide("eligibility.confirm", "return", sections=(Section.SUMMARY,))
    left = life.case.clock.days_left
    life.staff_act("hold")
    life.resubmit(Section.SUMMARY, summary="Another summary.")

    assert (life.stage, life.case.clock.days_left) == (Stage.ELIGIBILITY, left)
    assert life.view.row.state["clock"]["paused"]
    with pytest.raises(Refused, match="on_hold"):
        life.decide("eligibility.confirm")
    life.pass_days(30)
    life.staff_act("resume")
    assert days_left(life, life.case.clock.due_at) == left
    assert life.to(Stage.ACTIVE).outcome == "approved"


def test_an_agreement_on_hold_does_not_lapse_and_the_partner_may_sign():
    life = Life().to(Stage.AGREEMENT)
    life.staff_act("hold")
    life.pass_days(400)
    assert life.stage is Stage.AGREEMENT

    life.act("accept_conditions")
    life.act("sign")
    with pytest.raises(Refused, match="on_hold"):
        life.decide("agreement.sign")

    life.staff_act("resume")
    life.decide("agreement.sign")
    assert life.stage is Stage.ACTIVE
    agreed(life)


def test_a_wait_for_money_stands_still_too():
    life = Life(purse=Purse(cents=0)).to_task("funding.recommend")
    amount = life.case.submission.amount_cents
    # Of a year far ahead, so that none of it lapses while it waits.
    far_ahead = (Slice(fund="CTCBP-contributions-2033-34", cents=amount),)
    life.decide("funding.recommend", slices=far_ahead)
    life.pass_days(30)
    ends = life.case.next_deadline()
    life.staff_act("hold")
    life.pass_days(1000)
    assert life.outcome is None

    life.staff_act("resume")

    assert life.case.reservation.wait.due_at > ends + timedelta(days=900)
    life.pass_days(500)
    assert life.outcome == "unfunded"


def test_of_two_holds_each_ends_by_itself():
    life = Life(hits={"one": ("hit-a",)}).to(Stage.COMPLIANCE)
    life.decide("screening.adjudicate", "match")
    running = life.case.clock.due_at
    assert running is not None, "a seal alone lets the partner's clock run"
    life.staff_act("hold")
    assert life.case.clock.due_at is None

    life.decide("legal.disposition", "not_applicable")
    with pytest.raises(Refused, match="on_hold") as refused:
        life.decide("compliance.norms")
    assert refused.value.facts == {"hold": "hold"}

    life.staff_act("resume")
    life.decide("compliance.norms")
    agreed(life)


def test_a_seal_that_outlasts_a_hold_lets_the_partners_clock_run_on():
    life = Life(hits={"one": ("hit-a",)}).to(Stage.COMPLIANCE)
    life.staff_act("hold")
    life.pass_days(3)
    life.notify("seal", seal="other-T01")
    life.staff_act("resume")

    assert life.case.clock.due_at is not None
    with pytest.raises(Refused, match="on_hold") as refused:
        life.decide("compliance.norms")
    assert refused.value.facts == {"hold": "seal"}
    life.notify("unseal", seal="other-T01")
    life.decide("compliance.norms")
    agreed(life)


def test_what_is_opened_while_on_hold_has_all_its_days():
    life = Life(lists=()).to(Stage.COMPLIANCE)
    life.staff_act("hold")
    life.import_list(one=("hit-a",))
    hit = life.task("screening.adjudicate")
    assert hit.days_left == life.case.rules.task_days[TaskKind.ADJUDICATE]
    life.pass_days(100)

    life.staff_act("resume")

    assert days_left(life, hit.due_at) == life.case.rules.task_days[TaskKind.ADJUDICATE]


@pytest.mark.parametrize(
    ("acts", "code"),
    [
        pytest.param(["hold", "hold"], "already_on_hold", id="held twice"),
        pytest.param(["resume"], "not_held_by_officer", id="resumed unheld"),
        pytest.param(["withdraw", "hold"], "proposal_closed", id="held after its end"),
    ],
)
def test_what_is_refused(acts, code):
    life = Life().to(Stage.COMPLIANCE)
    *before, last = acts
    for act in before:
        life.act(act) if act == "withdraw" else life.staff_act(act)
    digest = life.case.digest()

    with pytest.raises(Refused, match=code):
        life.staff_act(last)

    assert life.case.digest() == digest


def test_a_seal_is_not_resumed_by_an_officer():
    life = Life(hits={"one": ("hit-a",)}).to(Stage.COMPLIANCE)
    life.decide("screening.adjudicate", "match")

    with pytest.raises(Refused, match="not_held_by_officer"):
        life.staff_act("resume")


def test_a_withdrawal_ends_every_hold_but_a_seal():
    life = Life(hits={"one": ("hit-a",)}).to(Stage.COMPLIANCE)
    life.decide("screening.adjudicate", "match")
    life.staff_act("hold")

    life.act("withdraw")

    assert [hold["kind"] for hold in life.view.row.state["holds"]] == ["seal"]
    life.decide("legal.disposition")
    assert life.view.row.state["holds"] == []
    assert not life.case.is_under_way


# ---- the table


def test_every_kind_of_hold_is_in_the_table():
    assert set(holds.RULES) == set(HoldKind)


def test_only_a_programme_officer_sets_and_ends_what_legal_does_not():
    assert {role for role in Role if holds.may_set(HoldKind.HOLD, role)} == {Role.PROGRAMME_OFFICER}
    assert {role for role in Role if holds.may_end(HoldKind.HOLD, role)} == {Role.PROGRAMME_OFFICER}
    for kind in (HoldKind.SEAL, HoldKind.RETURN):
        assert not any(holds.may_set(kind, role) for role in Role), "a decision sets it"
    assert not any(holds.may_end(HoldKind.SEAL, role) for role in Role), "a decision ends it"


@pytest.mark.parametrize("kind", HoldKind)
def test_most_staff_read_a_seal_as_a_hold_and_all_others_as_they_are(kind):
    sealed = kind is HoldKind.SEAL
    assert holds.shown_as(kind, evidence=True) is kind
    assert holds.shown_as(kind, evidence=False) is (HoldKind.HOLD if sealed else kind)


@pytest.mark.parametrize("kind", HoldKind)
def test_a_seal_alone_lets_the_clock_to_a_decision_run(kind):
    assert holds.stop_decision([kind]) is (kind is not HoldKind.SEAL)
    assert holds.stop_decision([kind, HoldKind.SEAL]) is (kind is not HoldKind.SEAL)


@pytest.mark.parametrize("task", TaskKind)
def test_only_the_task_that_ends_a_seal_goes_on(task):
    for kind in HoldKind:
        assert holds.is_paused([kind], task, ends_a_seal=False)
    assert holds.is_paused([HoldKind.SEAL], task, ends_a_seal=True) is (task is not TaskKind.LEGAL)
    assert not holds.is_paused([], task, ends_a_seal=False)
