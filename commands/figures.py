"""What the dashboards say: flow, time in stage, promises, what waits, places and money.

Counted among the proposals that the reader sees as staff. What was counted is kept for a moment,
apart for whoever sees something else, so that many readers of a large store cost one count.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from commands import burn_down, funds, kept_counts
from commands.office import Office
from policy.rules import clocks
from schemas.people import Desk, Viewer
from schemas.tasks import TaskKind
from schemas.values import instant
from store import figures
from store.figures import Asked, Stay
from store.journeys import STAGES

A_YEAR, ALL_TIME = "year", "all"
"""Periods that are no fiscal year: the last twelve months, and everything."""
ORDER = ("eligibility", "compliance", "desk", "funding", "agreement", "active", "closed")
_DAY = 24 * 3600


@dataclass(frozen=True)
class Wanted:
    """The filters of a dashboard."""

    programme: str | None = None
    desk: Desk | None = None
    period: str = A_YEAR


async def look(office: Office, viewer: Viewer, wanted: Wanted) -> dict[str, Any]:
    """Every figure; at most half a minute old, and `as_of` says when it was counted.

    Raises Forbidden for whoever is no staff.
    """
    funds.check_is_staff(viewer)
    return await kept_counts.counted(
        office, viewer, wanted, lambda now: _count(office, viewer, wanted, now)
    )


def periods(today: date) -> list[str]:
    """What may be asked: the last year, this and four earlier fiscal years, everything."""
    years = clocks.fiscal_years(today - timedelta(days=4 * 365), today)
    return [A_YEAR, *reversed(years), ALL_TIME]


def _asked(office: Office, wanted: Wanted) -> Asked:
    since, until = None, None
    if wanted.period == A_YEAR:
        since = clocks.end_of_day(office.today() - timedelta(days=366))
    elif wanted.period != ALL_TIME:
        since = _first_second(clocks.fiscal_year_start(wanted.period))
        until = _first_second(clocks.fiscal_year_end(wanted.period) + timedelta(days=1))
    desk = wanted.desk.value if wanted.desk else None
    return Asked(wanted.programme, desk, since, until)


def _first_second(day: date) -> datetime:
    """Of *day* in Toronto."""
    return clocks.end_of_day(day - timedelta(days=1)) + timedelta(seconds=1)


async def _count(office: Office, viewer: Viewer, wanted: Wanted, now: datetime) -> dict[str, Any]:
    asked = _asked(office, wanted)
    notice = _notice_days(office)
    after = min(notice.values(), default=0) * _DAY
    async with office.database.reading() as session:
        standing, stays = await figures.counted(session, viewer, asked)
        places = await figures.places(session, viewer, asked)
        tasks = await figures.open_tasks(session, viewer, asked, now=now)
        slow = await figures.slow_notices(session, viewer, asked, now=now, after=after)
    known = office.catalogue.in_force(office.today()).regions.regions
    regions = {each.code: each.name.model_dump() for each in known}
    of_programme = {"programme": wanted.programme} if wanted.programme else {}
    money = await funds.funds(office, viewer, of_programme)
    decided = [each for each in standing if each.outcome is not None]
    approved = [each for each in decided if each.outcome == "approved"]
    return {
        "as_of": instant(now),
        "programme": wanted.programme,
        "desk": wanted.desk,
        "period": wanted.period,
        "since": instant(asked.since) if asked.since else None,
        "until": instant(asked.until) if asked.until else None,
        "proposals": sum(each.count for each in standing),
        "flow": _flow(standing, stays),
        "outcomes": [
            {"outcome": outcome, "count": count}
            for outcome, count in _sums((each.outcome, each.count) for each in decided).items()
        ],
        "time_in_stage": _times(stays),
        "standards": [
            {"standard": "acknowledgement", "met": sum(each.count for each in standing),
             "missed": 0, "running": 0},
            _decisions(standing),
            _notices(office, sum(each.count for each in decided), slow, notice, now),
        ],
        "waiting": [
            {"kind": TaskKind(each.kind), "open": each.count, "overdue": each.overdue,
             "paused": each.paused, "oldest": instant(each.oldest)}
            for each in sorted(tasks, key=lambda each: (-each.count, each.kind))
        ],
        "places": [
            {"place": place, "region": regions.get(place), "count": count,
             "requested": _money(cents)}
            for place, count, cents in sorted(places, key=lambda each: (-each[1], each[0]))
        ],
        "requested": _money(sum(each.cents for each in standing)),
        "approved": _money(sum(each.cents for each in approved)),
        "funds": [
            {name: fund[name] for name in _OF_FUNDS}
            for fund in money
        ],
        "queue": burn_down.waiting(money),
        "burn_down": await burn_down.burn_down(office, money),
    }  # fmt: skip


_OF_FUNDS = (
    *("id", "programme", "vote", "fiscal_year"),
    *("budget", "reserved", "committed", "certified", "paid", "available"),
)


def _flow(standing: list[figures.Standing], stays: list[Stay]) -> list[dict[str, Any]]:
    """Per stage: how many came to it, how many are there now, and since when the first of them."""
    reached = _sums((each.stage, each.count) for each in stays)
    rows = []
    for stage in (*ORDER, "returned"):
        here = [each for each in standing if each.stage == stage]
        now = sum(each.count for each in here)
        rows.append(
            {
                "stage": stage,
                "reached": reached.get(stage, 0) if stage in STAGES else now,
                "now": now,
                "oldest": instant(min(each.oldest for each in here)) if here else None,
                "requested": _money(sum(each.cents for each in here)),
            }
        )
    return rows


def _times(stays: list[Stay]) -> list[dict[str, Any]]:
    """Median and p90 of the days in each stage: of all, of each program, of each lead desk."""
    left = [each for each in stays if each.days is not None]
    programmes = sorted({each.programme for each in left})
    desks = sorted({each.desk for each in left if each.desk})
    groups: list[tuple[str | None, str | None]] = [
        (None, None),
        *((programme, None) for programme in programmes),
        *((None, desk) for desk in desks),
    ]
    rows = []
    for programme, desk in groups:
        for stage in STAGES:
            days: Counter[int] = Counter()
            for each in left:
                ours = programme in (None, each.programme) and desk in (None, each.desk)
                if each.stage == stage and ours:
                    days[each.days or 0] += each.count
            if days:
                rows.append(
                    {
                        "programme": programme,
                        "desk": desk,
                        "stage": stage,
                        "count": days.total(),
                        "median_days": quantile(days, 0.5),
                        "p90_days": quantile(days, 0.9),
                    }
                )
    return rows


def quantile(days: Mapping[int, int], part: float) -> int:
    """The fewest days within which at least *part* of all were done (nearest rank)."""
    total, so_far = sum(days.values()), 0
    for each in sorted(days):
        so_far += days[each]
        if so_far >= part * total:
            return each
    return max(days)


def _decisions(standing: list[figures.Standing]) -> dict[str, Any]:
    missed = sum(each.count for each in standing if each.missed)
    met = sum(each.count for each in standing if not each.missed and each.outcome is not None)
    total = sum(each.count for each in standing)
    return {
        "standard": "decision", "met": met, "missed": missed, "running": total - met - missed,
    }  # fmt: skip


def _notices(
    office: Office, decided: int, slow: Iterable[Any], days: Mapping[str, int], now: datetime
) -> dict[str, Any]:
    """As `standards.of_proposal` says it of each: told in time, late, or still to be told."""
    holidays = office.catalogue.in_force(office.today()).calendar.holidays
    missed = running = 0
    for decided_at, told_at, programme in slow:
        if programme not in days:
            continue
        due_at = clocks.due_at(decided_at, days[programme], holidays)
        told = told_at if told_at is not None and told_at <= now else None
        if (told or now) > due_at:
            missed += 1
        elif told is None:
            running += 1
    met = decided - missed - running
    return {"standard": "notice", "met": met, "missed": missed, "running": running}


def _notice_days(office: Office) -> dict[str, int]:
    terms = office.catalogue.programmes(office.today())
    return {each.code: each.rules.standards.notice_days for each in terms if each.rules.standards}


def _sums(pairs: Iterable[tuple[Any, int]]) -> dict[Any, int]:
    found: Counter[Any] = Counter()
    for name, count in pairs:
        found[name] += count
    return dict(found.most_common())


def _money(cents: int) -> dict[str, Any]:
    """As `schemas.values.Money` writes it; a sum of many may be more than one amount may be."""
    return {"currency": "CAD", "value": f"{cents // 100}.{cents % 100:02d}"}
