"""Business days, deadlines and fiscal years in the department's time."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from policy.rules.clocks import (
    days_left,
    due_at,
    end_of_day,
    fiscal_year,
    fiscal_year_end,
    fiscal_year_start,
    fiscal_years,
    resume,
    toronto_day,
)
from tests.policy.proposals import in_force

HOLIDAYS = frozenset(in_force().calendar.holidays)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("instant", "day"),
    [
        pytest.param("2026-04-01T03:59:59", date(2026, 3, 31), id="summer: before midnight"),
        pytest.param("2026-04-01T04:00:00", date(2026, 4, 1), id="summer: at midnight"),
        pytest.param("2026-01-01T04:59:59", date(2025, 12, 31), id="winter: before midnight"),
        pytest.param("2026-01-01T05:00:00", date(2026, 1, 1), id="winter: at midnight"),
    ],
)
def test_the_day_is_torontos(instant, day):
    assert toronto_day(at(instant)) == day


def test_the_day_of_an_instant_in_another_zone_is_torontos_too():
    in_tokyo = datetime(2026, 4, 1, 12, 0, tzinfo=timezone(timedelta(hours=9)))

    assert toronto_day(in_tokyo) == date(2026, 3, 31)


def test_an_instant_without_a_zone_has_no_day():
    with pytest.raises(ValueError, match="zone"):
        toronto_day(datetime(2026, 4, 1))  # noqa: DTZ001


@pytest.mark.parametrize(
    ("start", "days", "due"),
    [
        pytest.param("2026-11-24T15:00:00", 1, "2026-11-26T04:59:59", id="the next day"),
        pytest.param("2026-11-24T15:00:00", 5, "2026-12-02T04:59:59", id="over a weekend"),
        pytest.param("2026-11-27T15:00:00", 1, "2026-12-01T04:59:59", id="Friday to Monday"),
        pytest.param("2026-11-28T15:00:00", 1, "2026-12-01T04:59:59", id="from a Saturday"),
        pytest.param("2026-12-24T15:00:00", 1, "2026-12-30T04:59:59", id="Christmas of a weekend"),
        pytest.param("2026-09-29T15:00:00", 1, "2026-10-02T03:59:59", id="Truth, Reconciliation"),
        pytest.param("2027-03-25T15:00:00", 1, "2027-03-31T03:59:59", id="Easter Monday too"),
        pytest.param("2026-07-31T15:00:00", 1, "2026-08-05T03:59:59", id="the civic holiday"),
        pytest.param("2027-03-12T15:00:00", 1, "2027-03-16T03:59:59", id="into summer time"),
        pytest.param("2026-10-30T15:00:00", 1, "2026-11-03T04:59:59", id="out of summer time"),
        pytest.param("2026-11-25T04:59:59", 1, "2026-11-26T04:59:59", id="the evening counts"),
        pytest.param("2026-11-24T15:00:00", 0, "2026-11-25T04:59:59", id="no days: today"),
        pytest.param("2026-11-28T15:00:00", 0, "2026-12-01T04:59:59", id="no days: Monday"),
    ],
)
def test_due_is_the_last_second_in_toronto_of_the_last_business_day(start, days, due):
    assert due_at(at(start), days, HOLIDAYS) == at(due)


def test_due_is_given_in_utc():
    assert due_at(at("2026-11-24T15:00:00"), 3, HOLIDAYS).tzinfo is UTC


@pytest.mark.parametrize("days", [0, 1, 7, 60])
def test_a_clock_that_just_started_has_all_its_days_left(days):
    start = at("2026-11-24T15:00:00")

    assert days_left(start, due_at(start, days, HOLIDAYS), HOLIDAYS) == days


def test_a_clock_stops_with_its_whole_days_and_goes_on_the_next_business_day():
    start, stopped = at("2026-11-24T15:00:00"), at("2026-11-30T20:00:00")
    due = due_at(start, 10, HOLIDAYS)

    left = days_left(stopped, due, HOLIDAYS)

    assert left == 6
    answered = at("2027-02-05T21:00:00")  # a Friday
    assert resume(answered, left, HOLIDAYS) == at("2027-02-16T04:59:59")


def test_days_left_are_those_that_one_would_count():
    now = at("2026-12-18T15:00:00")
    today = toronto_day(now)

    for days in range(400):
        last = today + timedelta(days=days)
        counted = [today + timedelta(days=n) for n in range(1, days + 1)]
        open_days = [d for d in counted if d.weekday() < 5 and d not in HOLIDAYS]
        assert days_left(now, end_of_day(last), HOLIDAYS) == len(open_days)


def test_a_clock_that_ran_out_has_no_days_left():
    assert days_left(at("2026-12-24T15:00:00"), at("2026-12-01T04:59:59"), HOLIDAYS) == 0


@pytest.mark.parametrize(
    ("day", "name"),
    [
        pytest.param(date(2027, 3, 31), "2026-27", id="its last day"),
        pytest.param(date(2027, 4, 1), "2027-28", id="its first day"),
        pytest.param(date(2099, 4, 1), "2099-00", id="the turn of a century"),
    ],
)
def test_a_fiscal_year_runs_from_april_to_march(day, name):
    assert fiscal_year(day) == name


def test_a_fiscal_year_has_a_first_and_a_last_day():
    assert fiscal_year_start("2027-28") == date(2027, 4, 1)
    assert fiscal_year_end("2027-28") == date(2028, 3, 31)


@pytest.mark.parametrize(
    ("start", "end", "names"),
    [
        pytest.param(date(2027, 4, 1), date(2029, 3, 31), ("2027-28", "2028-29"), id="two"),
        pytest.param(date(2027, 3, 31), date(2027, 4, 1), ("2026-27", "2027-28"), id="two days"),
        pytest.param(date(2027, 5, 1), date(2027, 5, 1), ("2027-28",), id="one day"),
        pytest.param(date(2027, 5, 1), date(2026, 5, 1), (), id="none backwards"),
    ],
)
def test_dates_touch_fiscal_years(start, end, names):
    assert fiscal_years(start, end) == names
