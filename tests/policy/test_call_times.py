"""When a call is open, which submission is late, and by how much downtime extends it."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy.rules import calls

CLOSES = datetime(2026, 11, 24, 17, 0, tzinfo=UTC)
OPENS = CLOSES - timedelta(days=30)
SOON_AFTER = CLOSES + timedelta(milliseconds=300)
LAST_HOUR = [CLOSES - timedelta(minutes=n) for n in range(60, 0, -1)]


def before(minutes):
    return CLOSES - timedelta(minutes=minutes)


def after(minutes, seconds=0):
    return CLOSES + timedelta(minutes=minutes, seconds=seconds)


def without(*minutes):
    return frozenset(m for m in LAST_HOUR if m not in {before(each) for each in minutes})


def lost(ready, *, now=SOON_AFTER, opens=OPENS, closes=CLOSES):
    return calls.minutes_lost(opens, closes, frozenset(ready), now)


@pytest.mark.parametrize(
    ("late_by", "late"),
    [
        pytest.param(timedelta(seconds=-1), False, id="a second before"),
        pytest.param(timedelta(microseconds=-1), False, id="just before"),
        pytest.param(timedelta(0), False, id="at the instant"),
        pytest.param(timedelta(microseconds=1), True, id="just after"),
        pytest.param(timedelta(seconds=1), True, id="a second after"),
    ],
)
def test_a_call_takes_what_comes_up_to_its_last_instant(late_by, late):
    assert calls.is_late(CLOSES + late_by, CLOSES) is late


@pytest.mark.parametrize(
    ("now", "closed_at", "state"),
    [
        pytest.param(OPENS - timedelta(microseconds=1), None, "announced", id="before"),
        pytest.param(OPENS, None, "open", id="from its first instant"),
        pytest.param(CLOSES, None, "open", id="to its last"),
        pytest.param(SOON_AFTER, None, "closing", id="over, and not opened to staff yet"),
        pytest.param(SOON_AFTER, SOON_AFTER, "closed", id="closed"),
    ],
)
def test_a_call_stands_somewhere(now, closed_at, state):
    assert calls.state(OPENS, CLOSES, closed_at, now) == state


@pytest.mark.parametrize(
    ("ready", "minutes"),
    [
        pytest.param(without(), 0, id="ready all the time"),
        pytest.param(without(30), 1, id="a minute in the middle"),
        pytest.param(without(60, 59, 12, 2), 4, id="here and there"),
        pytest.param(without(1), 1, id="the last minute"),
        pytest.param(without() - {before(61)}, 0, id="before the last hour"),
        pytest.param(frozenset(), 60, id="the whole hour"),
    ],
)
def test_each_minute_lost_in_the_last_hour_counts(ready, minutes):
    assert lost(ready) == minutes


def test_a_call_shorter_than_an_hour_loses_no_more_than_it_has():
    assert lost([], opens=before(10)) == 10
    assert lost([], opens=CLOSES - timedelta(seconds=90)) == 1
    assert lost([], opens=CLOSES - timedelta(seconds=20)) == 0


def test_a_service_that_was_away_at_the_closing_is_waited_for():
    ready = without(3, 2, 1)

    assert lost(ready, now=after(20, 30)) == 3 + 20
    assert lost(ready | {after(20)}, now=after(20, 30)) == 3 + 20
    assert lost(ready | {after(5)}, now=after(20, 30)) == 3 + 5


def test_a_service_that_was_ready_at_the_closing_is_not_asked_afterwards():
    assert lost(without(40), now=after(300)) == 1


def test_the_hour_before_an_odd_second_has_sixty_minutes_too():
    assert lost([], closes=CLOSES + timedelta(seconds=17), now=after(1)) >= 60


@given(
    down=st.frozensets(st.integers(1, 60)),
    late=st.integers(0, 200),
    back=st.integers(0, 200),
)
def test_an_extension_ends_no_earlier_than_the_service_is_back_and_never_shrinks(down, late, back):
    ready = without(*down) | {after(back)}

    minutes = lost(ready, now=after(late, 1))

    assert minutes >= len(down)
    assert minutes <= len(down) + min(late, back)
    assert lost(ready, now=after(late + 1, 1)) >= minutes
