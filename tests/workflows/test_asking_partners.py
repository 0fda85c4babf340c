"""Questions to the partner: they change nothing, and the partner holds the ball meanwhile."""

import pytest

from policy.rules import clocks
from schemas.errors import Refused
from schemas.proposal import Section, Stage
from tests.workflows.cases import Life, agreed


def days_left(life: Life, moment) -> int:
    return clocks.days_left(life.now, moment, life.case.holidays)


def said(life: Life, *types: str) -> list[str]:
    return [event for event in life.types() if event in types]


def test_while_the_partner_is_asked_nothing_is_decided_and_clocks_stand_still():
    life = Life().to(Stage.COMPLIANCE)
    norms = life.task("compliance.norms")
    life.pass_days(4)
    left, decision = days_left(life, norms.due_at), days_left(life, life.case.clock.due_at)

    question = life.ask(by="norms-1", task=norms.id)

    assert life.view.row.state["clock"]["paused"]
    assert life.view.row.asked
    with pytest.raises(Refused, match="on_hold") as refused:
        life.decide("compliance.gender")
    assert refused.value.facts == {"hold": "question"}
    life.pass_days(7)
    life.act("answer", question=question)
    assert days_left(life, norms.due_at) == left
    assert days_left(life, life.case.clock.due_at) == decision
    assert not life.view.row.asked
    assert life.to(Stage.ACTIVE).outcome == "approved"
    agreed(life)


def test_a_question_changes_nothing_of_the_proposal():
    life = Life().to(Stage.DESK)
    before = (life.case.submission, life.case.stage, [t.id for t in life.case.tasks.values()])
    question = life.ask()
    life.act("answer", question=question)

    assert (life.case.submission, life.case.stage) == before[:2]
    assert [t.id for t in life.case.tasks.values()] == before[2]
    assert all(task.stands for task in life.case.tasks.values())


def test_silence_reminds_the_partner_then_lets_the_clock_go_on_and_decides_nothing():
    life = Life().to(Stage.COMPLIANCE)
    decision = days_left(life, life.case.clock.due_at)
    life.ask(days=10)
    due_at = next(iter(life.case.questions.values())).due_at

    life.pass_days(60)

    told = [e for e in life.events if e.type.value.startswith("question_")]
    assert [(e.type.value, e.data.get("days")) for e in told] == [
        ("question_asked", None), ("question_reminded", 5), ("question_reminded", 1),
        ("question_expired", None),
    ]  # fmt: skip
    assert told[-1].occurred_at == due_at
    assert told[-1].data["asked_by"] == "programme-officer-1"
    assert (life.stage, life.outcome) == (Stage.COMPLIANCE, None)
    ended = told[-1].data["decision_due"]
    assert clocks.days_left(due_at, life.case.clock.due_at, life.case.holidays) == decision
    assert life.view.row.state["clock"]["due_at"] == ended
    assert "task_reminded" in life.types()[life.types().index("question_expired") :]
    agreed(life)


def test_of_two_questions_the_clock_waits_for_both():
    life = Life().to(Stage.COMPLIANCE)
    first = life.ask(by="norms-1", task=life.task("compliance.norms").id)
    second = life.ask(by="gender-1", task=life.task("compliance.gender").id)

    life.act("answer", question=first)
    assert life.case.clock.due_at is None
    with pytest.raises(Refused, match="on_hold"):
        life.decide("compliance.norms")

    life.staff_act("withdraw_question", question=second)
    assert life.case.clock.due_at is not None
    life.decide("compliance.norms")
    agreed(life)


def test_a_question_runs_out_while_an_officer_holds_and_the_hold_goes_on():
    life = Life().to(Stage.COMPLIANCE)
    life.staff_act("hold")
    life.ask(days=5)
    life.pass_days(30)

    assert said(life, "question_expired")
    assert life.case.clock.due_at is None
    with pytest.raises(Refused, match="on_hold") as refused:
        life.decide("compliance.norms")
    assert refused.value.facts == {"hold": "hold"}
    life.staff_act("resume")
    life.decide("compliance.norms")
    agreed(life)


def test_a_seal_changes_nothing_of_what_the_partner_was_asked():
    lives = [Life(hits=hits).to(Stage.COMPLIANCE) for hits in ({"one": ("hit-a",)}, {})]
    for life in lives:
        life.ask(days=10)
        if life.of_kind("screening.adjudicate"):
            life.notify("seal", seal="other-T01")
        life.pass_days(9)
    sealed, clean = lives

    def told(life):
        return [
            (e.type.value, e.occurred_at, e.data.get("due_at"), e.data.get("decision_due"))
            for e in life.events
            if e.type.value.startswith("question_")
        ]

    assert told(sealed) == told(clean)
    for life in lives:
        life.act("answer", question=next(iter(life.case.questions)))
    assert told(sealed) == told(clean)
    assert sealed.view.row.state["clock"] == clean.view.row.state["clock"]


def test_what_is_over_is_neither_answered_nor_withdrawn():
    life = Life().to(Stage.COMPLIANCE)
    answered = life.ask()
    life.act("answer", question=answered)
    expired = life.ask(days=1)
    life.pass_days(10)
    before = life.case.digest()

    for question, state in ((answered, "answered"), (expired, "expired")):
        for act in (
            lambda q=question: life.act("answer", question=q),
            lambda q=question: life.staff_act("withdraw_question", question=q),
        ):
            with pytest.raises(Refused, match="question_over") as refused:
                act()
            assert refused.value.facts == {"state": state}
    assert life.case.digest() == before


def test_a_question_from_a_judgement_of_hits_is_refused():
    life = Life(hits={"one": ("hit-a",)}).to(Stage.COMPLIANCE)

    with pytest.raises(Refused, match="no_question_here"):
        life.ask(by="screening-1", task=life.task("screening.adjudicate").id)
    life.decide("screening.adjudicate", "no_match", confirm_needed=True)
    confirm = next(t for t in life.of_kind("confirm") if t.is_open)
    with pytest.raises(Refused, match="no_question_here"):
        life.ask(by="screening-2", task=confirm.id)


def test_nobody_asks_while_it_is_returned_sealed_decided_or_signed():
    returned = Life()
    returned.decide("eligibility.confirm", "return", sections=(Section.SUMMARY,))
    sealed = Life().to(Stage.COMPLIANCE)
    sealed.notify("seal", seal="other-T01")
    signing = Life().to(Stage.AGREEMENT)
    declined = Life().to_task("funding.approve")
    declined.decide("funding.approve", "decline")

    codes = {}
    for name, life in (
        ("returned", returned), ("sealed", sealed), ("signing", signing), ("declined", declined),
    ):  # fmt: skip
        with pytest.raises(Refused) as refused:
            life.ask()
        codes[name] = (refused.value.code, refused.value.facts.get("hold"))

    assert codes == {
        "returned": ("on_hold", "return"),
        "sealed": ("on_hold", "seal"),
        "signing": ("not_in_review", None),
        "declined": ("proposal_closed", None),
    }


def test_a_task_that_is_decided_asks_nothing_any_more():
    life = Life().to(Stage.COMPLIANCE)
    norms = life.decide("compliance.norms")

    with pytest.raises(Refused, match="already_decided"):
        life.ask(by="norms-1", task=norms.id)


def test_a_withdrawal_ends_what_was_asked():
    life = Life().to(Stage.COMPLIANCE)
    life.ask()

    life.act("withdraw")
    life.pass_days(60)

    assert [q["state"] for q in life.view.row.state["questions"]] == ["closed"]
    assert life.view.row.state["holds"] == []
    assert not said(life, "question_reminded", "question_expired")
    agreed(life)
