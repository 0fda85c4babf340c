"""An agreement closes: two people agree what was eligible, and what was overpaid comes back."""

from datetime import UTC, date, datetime, timedelta

import pytest

from schemas.agreements import Particulars, YearSlice
from schemas.errors import Refused
from schemas.events import EventType
from schemas.messages import AgreementAct, Decision, Facts, MoneyMove, Notice, NoticeKind
from schemas.people import Actor
from schemas.proposal import Stage
from schemas.tasks import ConditionFact, Gate, TaskKind, TaskState
from tests.policy.proposals import the_catalogue
from workflows import conditions
from workflows.agreement_start import AgreementStart
from workflows.life import Life

NOW = datetime(2027, 6, 1, 15, tzinfo=UTC)
FUNDS = ("CTCBP-contributions-2027-28", "CTCBP-contributions-2028-29")
FINANCE, SECOND = "finance-1", "finance-2"


class Running:
    """An agreement from execution to execution: continued after every act, and what it said."""

    def __init__(self, *, condition: Gate | None = None, closes=lambda: True) -> None:
        rules = the_catalogue().terms_in_force("CTCBP", NOW.date()).rules
        owed = ()
        if condition:
            fact = ConditionFact(id="C1", gates=condition)
            owed = (conditions.binding(fact, (), rules, NOW),)
        start = AgreementStart(
            reference="CTCBP-2026-000001", revision=1, organization="demo-ngo",
            submitted_by="demo-signatory-1", rules=rules, policy_version="CTCBP/2026-04-01",
            seed=None, signed_at=NOW, acts=(), obligations=owed, tasks_opened=0,
        )  # fmt: skip
        self.closes, self.said, self.now, self.acts = closes, [], NOW, 0
        self.life = Life(start, NOW, closes)
        self.life.begin(
            Particulars(
                instrument="grant", starts_on=date(2027, 4, 1), ends_on=date(2029, 3, 31),
                reservation="CTCBP-2026-000001:1", most_history=2000,
                slices=tuple(
                    YearSlice(fund=fund, fiscal_year=fund[-7:], cents=1_000_00) for fund in FUNDS
                ),
            ),
            NOW,
        )  # fmt: skip
        self.go_on()

    def go_on(self) -> None:
        self.said += self.life.outbox
        if self.life.is_running:
            start = self.life.carried(None)
            start = AgreementStart.model_validate(start.model_dump(mode="json"))
            self.life = Life(start, self.now, self.closes)
        else:
            self.life.outbox.clear()

    def act(self, act: str, subject: str, *, by: str = "partner", cents: int = 0) -> None:
        self.acts += 1
        costs = {} if act in ("paid", "recovered") else {"training": cents}
        taken = AgreementAct(
            act=act, subject=subject, actor=Actor(id=by), request_id=f"r{self.acts}",
            cents=cents if not costs else 0, costs=costs, number="19000",
        )  # fmt: skip
        self.life.check_agreement_act(taken)
        self.life.take_agreement_act(taken, self.now)
        self.go_on()

    def decide(self, kind: TaskKind, outcome: str, by: str, **facts) -> None:
        [task] = self.asked(kind)
        self.acts += 1
        taken = Decision(
            task=task.id, outcome=outcome, actor=Actor(id=by), request_id=f"r{self.acts}",
            facts=Facts(**facts),
        )  # fmt: skip
        self.life.check_decide(taken, self.now)
        self.life.decide(taken, self.now)
        self.go_on()

    def notify(self, kind: NoticeKind, **data) -> None:
        self.acts += 1
        self.life.take_notice(Notice(id=f"n{self.acts}", kind=kind, data=data), self.now)
        self.go_on()

    def pay(self, tranche: str, cents: int) -> None:
        self.act("claim", tranche, cents=cents)
        payment = list(self.life.payments)[-1]
        self.decide(TaskKind.CERTIFY, "certify", "certifier", certified_cents=cents)
        self.decide(TaskKind.REQUISITION, "requisition", "authority")
        self.act("paid", payment, by=FINANCE, cents=cents)

    def report_on_everything(self) -> None:
        for report in list(self.life.reports):
            self.act("report", report, cents=500_00)
            self.decide(TaskKind.REPORT, "accept", "reader")

    def state(self, eligible: int, by: str = FINANCE) -> None:
        self.decide(TaskKind.CLOSE, "close", by, eligible_cents=eligible)

    def asked(self, kind: TaskKind):
        return [task for task in self.life.open_tasks() if task.kind is kind]

    def events(self, kind: EventType):
        return [entry.event for entry in self.said if entry.event.type is kind]

    def moves(self):
        return [
            (entry.money.move, [(s.fund[-7:], s.cents) for s in entry.money.slices])
            for entry in self.said
            if entry.money and entry.money.move in (MoneyMove.RECOVER, MoneyMove.DECOMMIT)
        ]


def asked_to_close(paid: int = 500_00, **kwargs) -> Running:
    life = Running(**kwargs)
    if paid:
        life.pay("T01", paid)
    life.report_on_everything()
    return life


def test_it_is_asked_for_once_nothing_else_is():
    life = Running()
    life.pay("T01", 500_00)
    for report in list(life.life.reports):
        assert life.asked(TaskKind.CLOSE) == []
        life.act("report", report, cents=500_00)
        life.decide(TaskKind.REPORT, "accept", "reader")

    [task] = life.asked(TaskKind.CLOSE)
    assert task.detail == {"paid_cents": 500_00, "agreed_cents": 2_000_00}
    assert [c.role for c in task.candidates] == ["finance_officer"]


def test_two_people_agree_and_what_was_not_paid_is_let_go_once():
    life = asked_to_close()

    life.state(500_00)
    assert life.life.is_running
    life.decide(TaskKind.CONFIRM, "agree", SECOND)

    assert (life.life.stage, life.life.outcome) == (Stage.CLOSED, "approved")
    assert life.moves() == [(MoneyMove.DECOMMIT, [])]
    [closed] = life.events(EventType.AGREEMENT_CLOSED)
    assert {n: v["cents"] for n, v in closed.data.items() if n != "outcome"} == {
        "agreed": 2_000_00, "eligible": 500_00, "paid": 500_00, "recovered": 0,
        "let_go": 1_500_00,
    }  # fmt: skip
    assert life.life.open_tasks() == []


@pytest.mark.parametrize(
    ("states", "confirms", "rule"),
    [(FINANCE, FINANCE, "own_decision"), (FINANCE, "certifier", "two_authorities")],
)
def test_who_stated_it_or_certified_does_not_confirm_it(states, confirms, rule):
    life = asked_to_close()
    life.state(500_00, by=states)

    with pytest.raises(Refused, match="separation_of_duties") as refused:
        life.decide(TaskKind.CONFIRM, "agree", confirms)

    assert refused.value.facts["rule"] == rule


def test_who_certified_does_not_state_it():
    with pytest.raises(Refused, match="separation_of_duties"):
        asked_to_close().state(500_00, by="certifier")


def test_where_two_people_differ_it_is_asked_for_anew():
    life = asked_to_close()
    life.state(500_00)

    life.decide(TaskKind.CONFIRM, "disagree", SECOND)

    assert life.moves() == []
    assert len(life.asked(TaskKind.CLOSE)) == 1


@pytest.mark.parametrize("stated", [False, True], ids=["asked", "stated"])
def test_a_claim_withdraws_the_question_and_it_is_asked_anew_afterwards(stated):
    life = asked_to_close()
    [before] = life.asked(TaskKind.CLOSE)
    if stated:
        life.state(500_00)

    life.act("claim", "T02", cents=100)

    assert [t.kind for t in life.life.open_tasks()] == [TaskKind.CERTIFY]
    assert life.events(EventType.TASK_CANCELLED)
    life.decide(TaskKind.CERTIFY, "return", "certifier")
    [after] = life.asked(TaskKind.CLOSE)
    assert after.id != before.id


def test_no_more_is_eligible_than_was_agreed():
    with pytest.raises(Refused, match="eligible_above_agreed"):
        asked_to_close().state(2_000_01)


@pytest.mark.parametrize("gate", list(Gate))
def test_a_condition_that_is_open_holds_it_up(gate):
    life = Running(condition=gate)

    life.report_on_everything()

    assert life.asked(TaskKind.CLOSE) == []


def test_it_is_not_asked_for_while_something_suspends_the_agreement():
    life = Running()
    life.act("claim", "T01", cents=500_00)
    life.decide(TaskKind.CERTIFY, "certify", "certifier", certified_cents=500_00)
    life.decide(TaskKind.REQUISITION, "requisition", "authority")
    life.report_on_everything()
    life.notify(NoticeKind.SUSPEND, incident="I1")
    life.act("paid", "P01", by=FINANCE, cents=500_00)
    assert life.asked(TaskKind.CLOSE) == []

    life.notify(NoticeKind.RESUME, incident="I1")

    assert len(life.asked(TaskKind.CLOSE)) == 1


def test_what_suspends_an_agreement_holds_up_a_closing_that_was_asked_for():
    life = asked_to_close()
    life.notify(NoticeKind.SUSPEND, incident="I1")
    with pytest.raises(Refused, match="on_hold"):
        life.state(500_00)

    life.notify(NoticeKind.RESUME, incident="I1")
    life.state(500_00)

    assert len(life.asked(TaskKind.CONFIRM)) == 1


def test_an_overpayment_of_a_cent_keeps_it_open_until_the_cent_is_back():
    life = asked_to_close(500_00)
    life.state(499_99)
    life.decide(TaskKind.CONFIRM, "agree", SECOND)

    assert life.life.is_running
    [found] = life.events(EventType.OVERPAYMENT_FOUND)
    assert (found.data["owed"], found.data["due_at"][:10]) == ({"cents": 1}, "2027-07-02")
    life.act("recovered", "D01", by=FINANCE, cents=1)

    assert life.life.stage is Stage.CLOSED
    assert life.moves() == [(MoneyMove.RECOVER, [("2027-28", 1)]), (MoneyMove.DECOMMIT, [])]


def test_what_comes_back_in_parts_is_of_the_year_that_paid_last_first():
    life = Running()
    life.pay("T01", 500_00)
    life.now = datetime(2028, 6, 1, 15, tzinfo=UTC)
    life.life.now = life.now
    for report in list(life.life.reports):
        life.act("report", report, cents=500_00)
        life.decide(TaskKind.REPORT, "accept", "reader")
    last = list(life.life.tranches)[-1]
    life.now = datetime(2029, 3, 1, 15, tzinfo=UTC)
    life.pay(last, 300_00)
    life.state(100_00)
    life.decide(TaskKind.CONFIRM, "agree", SECOND)

    life.act("recovered", "D01", by=FINANCE, cents=400_00)
    with pytest.raises(Refused, match="receipt_above_debt"):
        life.act("recovered", "D01", by=FINANCE, cents=300_01)
    with pytest.raises(Refused, match="closing_agreed"):
        life.act("claim", "T01", cents=1)
    life.act("recovered", "D01", by=FINANCE, cents=300_00)

    assert life.moves() == [
        (MoneyMove.RECOVER, [("2028-29", 300_00), ("2027-28", 100_00)]),
        (MoneyMove.RECOVER, [("2027-28", 300_00)]),
        (MoneyMove.DECOMMIT, []),
    ]
    assert life.life.stage is Stage.CLOSED


def test_who_owes_is_reminded_before_the_date_and_told_once_it_has_passed():
    life = asked_to_close(500_00)
    life.state(400_00)
    life.decide(TaskKind.CONFIRM, "agree", SECOND)

    for day in range(60):
        life.now = NOW + timedelta(days=day)
        life.life.take_time(life.now)
        life.go_on()

    assert life.events(EventType.OVERPAYMENT_REMINDED)
    assert len(life.events(EventType.OVERPAYMENT_OVERDUE)) == 1
    assert life.life.is_running


def test_an_execution_of_earlier_code_goes_on_without():
    life = asked_to_close(closes=lambda: False)

    assert life.life.open_tasks() == []
    assert all(task.state is not TaskState.CANCELLED for task in life.life.tasks.values())


def test_nothing_is_taken_once_it_is_closed():
    life = asked_to_close(0)
    life.state(0)
    life.decide(TaskKind.CONFIRM, "agree", SECOND)

    with pytest.raises(Refused, match="proposal_closed"):
        life.act("claim", "T01", cents=1)
