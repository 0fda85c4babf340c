"""Dashboards: figures as plots with their tables, and each table as a file."""

from collections.abc import Callable
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Response

from commands import figures
from commands.figures import A_YEAR, Wanted
from pages import figure_tables, plots, spreadsheets
from pages.asking import AskedByPerson, PersonDep
from pages.names import name_of
from pages.plots import Bars, Row
from policy import labels, wording
from schemas.errors import NotFound
from schemas.people import Desk

router = APIRouter()
Choice = Annotated[str, Query(max_length=40)]
MOST_BARS = 12


@router.get("/dashboards")
async def dashboards(
    asked: PersonDep, programme: Choice = "", desk: Choice = "", period: Choice = A_YEAR
) -> Response:
    """Everything at a glance; the filters stand in the address."""
    wanted = _wanted(asked, programme, desk, period)
    found = await figures.look(asked.office, asked.viewer, wanted)
    filters = {
        "programme": wanted.programme or "",
        "desk": str(wanted.desk or ""),
        "period": wanted.period,
    }
    kept = {name: value for name, value in filters.items() if value}
    language = asked.language
    return await asked.page(
        "dashboards.html", found=found, filters=filters, query=urlencode(kept),
        tables={name: made(found, language) for name, made in figure_tables.TABLES.items()},
        programmes=_programmes(asked), desks=[each.value for each in Desk],
        periods=figures.periods(asked.office.today()),
        flow=_flow(asked, found), times=_times(asked, found), standards=_standards(asked, found),
        waiting=_waiting(asked, found), funds=_funds(asked, found),
        burn_down=_burn_down(asked, found), queue=_queue(asked, found),
        marks=plots.marks(
            [(each["place"], wording.country(each["place"], language), each["count"])
             for each in found["places"] if each["place"].isupper()]
        ),
    )  # fmt: skip


@router.get("/dashboards/{name}.csv")
async def download(
    asked: PersonDep, name: str, programme: Choice = "", desk: Choice = "", period: Choice = A_YEAR
) -> Response:
    """One table under the same filters, for spreadsheets."""
    if name not in figure_tables.TABLES:
        raise NotFound
    wanted = _wanted(asked, programme, desk, period)
    found = await figures.look(asked.office, asked.viewer, wanted)
    table = figure_tables.TABLES[name](found, asked.language)
    return spreadsheets.as_file(table, f"{name}-{asked.office.today().isoformat()}")


def _wanted(asked: AskedByPerson, programme: str, desk: str, period: str) -> Wanted:
    """What is asked; a filter that is none counts as not given."""
    return Wanted(
        programme=programme if programme in _programmes(asked) else None,
        desk=Desk(desk) if desk in list(Desk) else None,
        period=period if period in figures.periods(asked.office.today()) else A_YEAR,
    )


def _programmes(asked: AskedByPerson) -> list[str]:
    return [each.code for each in asked.office.catalogue.programmes(asked.office.today())]


# ---- plots


def _flow(asked: AskedByPerson, found: dict[str, Any]) -> Bars:
    rows = [
        Row(
            name_of("stage", each["stage"], asked.language),
            (each["now"], max(each["reached"] - each["now"], 0)),
            asked.gettext("%(now)s there now, %(reached)s came to it")
            % {"now": _n(asked, each["now"]), "reached": _n(asked, each["reached"])},
        )
        for each in found["flow"]
    ]
    return plots.bars(rows, ("full", "pale"))


def _times(asked: AskedByPerson, found: dict[str, Any]) -> Bars:
    rows = [
        Row(
            name_of("stage", each["stage"], asked.language),
            (each["median_days"], each["p90_days"] - each["median_days"]),
            asked.gettext("half within %(median)s days, 90%% within %(most)s")
            % {"median": _n(asked, each["median_days"]), "most": _n(asked, each["p90_days"])},
        )
        for each in found["time_in_stage"]
        if each["programme"] is None and each["desk"] is None
    ]
    return plots.bars(rows, ("full", "pale"))


def _standards(asked: AskedByPerson, found: dict[str, Any]) -> Bars:
    rows = [
        Row(
            name_of("standard", each["standard"], asked.language),
            (each["met"], each["missed"], each["running"]),
            asked.gettext("%(met)s kept, %(missed)s missed, %(running)s still running")
            % {name: _n(asked, each[name]) for name in ("met", "missed", "running")},
        )
        for each in found["standards"]
    ]
    return plots.bars(rows, ("full", "overdue", "hollow"))


def _waiting(asked: AskedByPerson, found: dict[str, Any]) -> Bars:
    rows = [
        Row(
            labels.kind_title(each["kind"]).in_language(asked.language),
            (each["overdue"], each["open"] - each["overdue"]),
            asked.gettext("%(open)s open, %(overdue)s of them overdue")
            % {"open": _n(asked, each["open"]), "overdue": _n(asked, each["overdue"])},
        )
        for each in found["waiting"][:MOST_BARS]
    ]
    return plots.bars(rows, ("overdue", "pale"))


_OF_MONEY = ("paid", "committed", "reserved", "available")


def _funds(asked: AskedByPerson, found: dict[str, Any]) -> Bars:
    years: dict[str, dict[str, float]] = {}
    for fund in found["funds"]:
        year = years.setdefault(fund["fiscal_year"], dict.fromkeys(_OF_MONEY, 0.0))
        for name in _OF_MONEY:
            year[name] += float(fund[name]["value"])
        year["committed"] += float(fund["certified"]["value"])  # the table tells them apart
    written: Callable[[float], str] = lambda value: wording.number(  # noqa: E731 - said four times
        round(value / 1_000_000, 1), asked.language
    )
    rows = [
        Row(
            year,
            tuple(sums.values()),
            asked.gettext(
                "millions: %(paid)s paid, %(committed)s committed, %(reserved)s reserved, "
                "%(available)s available"
            )
            % {name: written(value) for name, value in sums.items()},
        )
        for year, sums in sorted(years.items())
    ]
    return plots.bars(rows, ("full", "mid", "pale", "hollow"))


def _burn_down(asked: AskedByPerson, found: dict[str, Any]) -> Bars:
    rows = []
    for each in found["burn_down"]:
        paid, left = (float(each[name]["value"]) / 1_000_000 for name in ("paid", "left"))
        said = asked.gettext("millions: %(paid)s paid, %(left)s not paid yet") % {
            "paid": wording.number(round(paid, 1), asked.language),
            "left": wording.number(round(left, 1), asked.language),
        }
        rows.append(Row(each["month"], (paid, max(0.0, left)), said))
    return plots.bars(rows, ("full", "hollow"))


def _queue(asked: AskedByPerson, found: dict[str, Any]) -> Bars:
    waiting: dict[str, list[float]] = {}
    for each in found["queue"]:
        waiting.setdefault(each["fund"], []).append(float(each["amount"]["value"]) / 1_000_000)
    rows = [
        Row(
            fund,
            (sum(amounts),),
            asked.gettext("millions: %(amount)s, %(count)s waiting")
            % {
                "amount": wording.number(round(sum(amounts), 1), asked.language),
                "count": _n(asked, len(amounts)),
            },
        )
        for fund, amounts in sorted(waiting.items())
    ]
    return plots.bars(rows[:MOST_BARS], ("pale",))


def _n(asked: AskedByPerson, value: int) -> str:
    return wording.number(value, asked.language)
