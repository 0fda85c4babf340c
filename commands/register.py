"""The annual register of assessments: by level and by what became of the proposal.

As departments publish of such assessments by fiscal year (domain.md, section 2.1): how many were
made, at which residual level, and what was decided. Counted among what the reader sees as staff.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from commands import funds, kept_counts
from commands.office import Office
from policy.rules import clocks
from schemas.people import Discipline, Viewer
from schemas.tasks import RISK_LEVELS
from schemas.values import instant
from store import register as store

YEARS = 5
APPROVED, WITH_CONDITIONS, NOT_APPROVED, UNDER_WAY = BECAME = (
    "approved",
    "approved_with_conditions",
    "not_approved",
    "under_way",
)
NOT_RATED = "not_rated"
LEVELS = (*(level.value for level in RISK_LEVELS), NOT_RATED)
DISCIPLINES = tuple(kind.removeprefix("compliance.") for kind in store.RATED)


@dataclass(frozen=True)
class Wanted:
    """Which assessments: of a fiscal year, and of a program or a discipline."""

    fiscal_year: str
    programme: str | None = None
    discipline: Discipline | None = None


def years(today: date) -> list[str]:
    """The fiscal years that may be asked for, this one first."""
    return list(reversed(clocks.fiscal_years(today - timedelta(days=(YEARS - 1) * 365), today)))


async def look(office: Office, viewer: Viewer, wanted: Wanted) -> dict[str, Any]:
    """The register of a year; at most half a minute old. Raises Forbidden for who is no staff."""
    funds.check_is_staff(viewer)
    return await kept_counts.counted(
        office, viewer, wanted, lambda now: _count(office, viewer, wanted, now)
    )


async def _count(office: Office, viewer: Viewer, wanted: Wanted, now: datetime) -> dict[str, Any]:
    kinds = [f"compliance.{wanted.discipline.value}"] if wanted.discipline else store.RATED
    async with office.database.reading() as session:
        found = await store.counted(
            session,
            viewer,
            since=_first_second(clocks.fiscal_year_start(wanted.fiscal_year)),
            until=_first_second(clocks.fiscal_year_end(wanted.fiscal_year) + timedelta(days=1)),
            kinds=kinds,
            programme=wanted.programme,
        )
    by_level: dict[str, Counter[str]] = {level: Counter() for level in LEVELS}
    by_discipline: dict[str, Counter[str]] = {each: Counter() for each in DISCIPLINES}
    by_finding: Counter[str] = Counter()
    for each in found:
        level = each.level or NOT_RATED
        by_level[level][_became(each)] += each.count
        by_discipline[each.kind.removeprefix("compliance.")][level] += each.count
        by_finding[each.found] += each.count
    return {
        "as_of": instant(now),
        "fiscal_year": wanted.fiscal_year,
        "programme": wanted.programme,
        "discipline": wanted.discipline,
        "assessments": sum(each.count for each in found),
        "levels": [
            {"level": level, **{name: counts[name] for name in BECAME}, "all": counts.total()}
            for level, counts in by_level.items()
        ],
        "disciplines": [
            {"discipline": name, **{level: counts[level] for level in LEVELS},
             "all": counts.total()}
            for name, counts in by_discipline.items()
            if counts
        ],
        "findings": [
            {"outcome": outcome, "count": count} for outcome, count in sorted(by_finding.items())
        ],
    }  # fmt: skip


def _became(each: store.Assessments) -> str:
    if each.outcome is None:
        return UNDER_WAY
    if each.outcome not in ("approved", "terminated"):
        return NOT_APPROVED
    return WITH_CONDITIONS if each.with_conditions else APPROVED


def _first_second(day: date) -> datetime:
    """Of *day* in Toronto."""
    return clocks.end_of_day(day - timedelta(days=1)) + timedelta(seconds=1)
