"""What silence on a task leads to: when, in which order, and whom it brings in."""

from datetime import UTC, date, datetime

import pytest

from policy.rules import ladder
from policy.rules.clocks import TORONTO, end_of_day
from schemas.people import Candidate, Desk, Level, Role
from schemas.tasks import TaskKind
from schemas.terms import ClockRule, Escalation
from tests.policy.proposals import terms_of

RULE = ClockRule(
    remind=(3, 1),
    escalate=(
        Escalation(after=1, to=Role.HEAD_OF_DESK),
        Escalation(after=5, to=Level.DIRECTOR_GENERAL),
    ),
)
THURSDAY = date(2026, 12, 17)
CHRISTMAS = (date(2026, 12, 25), date(2026, 12, 28))


def test_the_steps_come_in_order_on_business_days_and_in_the_morning():
    rungs = ladder.rungs(RULE, end_of_day(THURSDAY), CHRISTMAS)

    told = [(r.code, r.at.astimezone(TORONTO).strftime("%a %d %b %H:%M")) for r in rungs]
    assert told == [
        ("remind:3", "Mon 14 Dec 08:00"),
        ("remind:1", "Wed 16 Dec 08:00"),
        ("overdue:0", "Thu 17 Dec 23:59"),
        ("escalate:1", "Fri 18 Dec 08:00"),
        ("escalate:5", "Thu 24 Dec 08:00"),
    ]


def test_a_day_off_is_no_day_of_the_ladder():
    (_, _, _, _, last) = ladder.rungs(RULE, end_of_day(date(2026, 12, 18)), CHRISTMAS)

    assert last.at.astimezone(TORONTO).date() == date(2026, 12, 29)


def test_eight_in_the_morning_is_toronto_time_in_summer_too():
    rule = ClockRule(remind=(0,))

    winter, summer = (
        ladder.rungs(rule, end_of_day(day), ())[0].at
        for day in (date(2026, 12, 17), date(2026, 7, 16))
    )

    assert (winter, summer) == (
        datetime(2026, 12, 17, 13, tzinfo=UTC),
        datetime(2026, 7, 16, 12, tzinfo=UTC),
    )


def test_an_escalation_adds_the_next_level_and_keeps_who_could_take_it():
    officer = Candidate(role=Role.DESK_OFFICER, scope=Desk.AFRICA)

    after = ladder.candidates_after([officer], Role.HEAD_OF_DESK, desk=Desk.AFRICA)

    assert after == (officer, Candidate(role=Role.HEAD_OF_DESK, scope=Desk.AFRICA))


@pytest.mark.parametrize("to", [Level.DIRECTOR, Level.DIRECTOR_GENERAL])
def test_an_escalation_never_brings_a_level_below_the_rung(to):
    rung = [
        Candidate(role=Role.APPROVER, scope=Level.ASSISTANT_DEPUTY_MINISTER),
        Candidate(role=Role.APPROVER, scope=Level.DEPUTY_MINISTER),
    ]

    assert ladder.candidates_after(rung, to, desk=None) == tuple(rung)


@pytest.mark.parametrize("programme", ["ACCBP", "ACCBP-AVC", "ACCBP-HSE", "CTCBP"])
def test_no_terms_let_silence_give_an_authority(programme):
    clocks = terms_of(programme).rules.clocks

    assert clocks.keys() == set(TaskKind)
    assert all(clocks[kind].escalate == () for kind in ladder.NEVER_ESCALATED)
