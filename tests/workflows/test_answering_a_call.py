"""What was submitted to a call: nobody is asked anything before the call has closed."""

from datetime import timedelta

from schemas.messages import NoticeKind
from schemas.proposal import Stage
from tests.policy.proposals import a_proposal
from tests.workflows.cases import CALL_CLOSES, Life


def to_a_call(**facts):
    return Life(a_proposal(call="call-1"), **facts)


def types(life):
    return [event.type for event in life.events]


def test_nothing_is_asked_screened_or_overdue_while_the_call_is_open():
    life = to_a_call(hits={"party-1": ("hit-1",)})

    life.pass_days(60)
    life.import_list(**{"party-1": ("hit-2",)})

    assert types(life) == ["proposal_created", "proposal_submitted", "stage_entered"]
    assert (life.open, life.case.screening.wanted) == ([], 0)
    assert life.view.row.call == "call-1"


def test_the_close_of_the_call_asks_the_first_questions_once():
    life = to_a_call(hits={"party-1": ("hit-1",)})
    life.pass_days(21)

    for _ in range(2):
        life.notify(NoticeKind.CALL_CLOSED, call="call-1")

    assert sorted(life.open) == ["eligibility.confirm", "screening.adjudicate"]
    assert types(life).count("stage_entered") == 2


def test_the_time_to_a_decision_runs_from_the_close_of_the_call():
    at_any_time, to_the_call = Life(a_proposal()), to_a_call()

    days = at_any_time.case.rules.decision_days
    assert to_the_call.case.clock.due_at == to_the_call.case.due(days, CALL_CLOSES)
    assert to_the_call.case.clock.due_at > at_any_time.case.clock.due_at


def test_the_stage_is_given_its_days_from_the_close_of_the_call():
    life = to_a_call()
    life.pass_days(21)
    life.notify(NoticeKind.CALL_CLOSED, call="call-1")

    due_at = life.case.stage_clock.due_at
    assert due_at is not None
    assert due_at > life.now + timedelta(days=1)


def test_it_goes_the_same_way_as_any_other_afterwards():
    life = to_a_call()
    life.notify(NoticeKind.CALL_CLOSED, call="call-1")

    life.to(Stage.ACTIVE)

    assert life.outcome == "approved"


def test_what_was_withdrawn_meanwhile_stays_so_when_the_call_closes():
    life = to_a_call()
    life.act("withdraw")
    before = types(life)

    life.notify(NoticeKind.CALL_CLOSED, call="call-1")

    assert (life.outcome, types(life)) == ("withdrawn", before)
