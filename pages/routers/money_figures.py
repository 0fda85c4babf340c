"""Money in figures: funds as a file, a fund by month, its queue, and who holds which authority."""

from fastapi import APIRouter, Response

from commands import authority_coverage, fund_months, funds
from pages import money_tables, spreadsheets
from pages.asking import AskedByPerson, PersonDep
from pages.spreadsheets import Table
from schemas.errors import NotFound

router = APIRouter()


@router.get("/funds.csv")
async def all_funds(asked: PersonDep, programme: str = "", fiscal_year: str = "") -> Response:
    """Every fund with its balance, under the filters of the page."""
    wanted = {"programme": programme, "fiscal_year": fiscal_year}
    found = await funds.funds(
        asked.office, asked.viewer, {name: value for name, value in wanted.items() if value}
    )
    return _file(asked, "funds", money_tables.funds(found, asked.language))


@router.get("/funds/{fund_id}/months.csv")
async def months(asked: PersonDep, fund_id: str) -> Response:
    found = await fund_months.of_fund(asked.office, asked.viewer, fund_id)
    return _file(asked, f"{fund_id}-months", money_tables.months(found))


@router.get("/funds/{fund_id}/queue.csv")
async def queue(asked: PersonDep, fund_id: str) -> Response:
    """Who waits for the fund, in order."""
    known = await funds.funds(asked.office, asked.viewer, {"id": fund_id})
    if not known:
        raise NotFound
    return _file(asked, f"{fund_id}-queue", money_tables.queue(known[0]["queue"], asked.language))


@router.get("/authorities")
async def authorities(asked: PersonDep) -> Response:
    """Who could use each of the five authorities today."""
    found = await authority_coverage.coverage(asked.office, asked.viewer)
    delegation = asked.office.catalogue.in_force(asked.office.today()).delegation
    return await asked.page(
        "authorities.html", table=money_tables.authorities(found, asked.language),
        missing=sum(1 for each in found if not each["people"] and not each["on_paper"]),
        alone=sum(1 for each in found if each["people"] == 1), delegation=delegation,
    )  # fmt: skip


@router.get("/authorities.csv")
async def authorities_file(asked: PersonDep) -> Response:
    found = await authority_coverage.coverage(asked.office, asked.viewer)
    return _file(asked, "authorities", money_tables.authorities(found, asked.language))


def _file(asked: AskedByPerson, name: str, table: Table) -> Response:
    return spreadsheets.as_file(table, f"{name}-{asked.office.today().isoformat()}")
