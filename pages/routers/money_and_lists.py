"""Funds with what is left of them, and sanctions lists with what their imports changed."""

from typing import Any

from fastapi import APIRouter, Response

from api.bodies import MOST_NAME
from commands import fund_months, funds, screening
from pages import money_tables
from pages.asking import AskedByPerson, PersonDep
from pages.failing import Fault, faults_of
from pages.languages import N_
from schemas.errors import Gap, Malformed
from schemas.people import Discipline, Role

router = APIRouter()
VOTES = {
    "grants": N_("Grants"),
    "contributions": N_("Contributions"),
    "operating": N_("Operating"),
}
FUND_STATES = {
    "planned": N_("Planned"),
    "in_estimates": N_("In estimates"),
    "voted": N_("Voted"),
    "frozen": N_("Frozen"),
}
HOLDS = {
    "queued": N_("Waits for money"),
    "reserved": N_("Reserved"),
    "committed": N_("Committed"),
}


@router.get("/funds")
async def all_funds(*, asked: PersonDep, programme: str = "", fiscal_year: str = "") -> Response:
    """Every fund with its balance and the order of those who wait for it."""
    everything = await funds.funds(asked.office, asked.viewer, {})
    shown = [
        each for each in everything
        if programme in ("", each["programme"]) and fiscal_year in ("", each["fiscal_year"])
    ]  # fmt: skip
    return await asked.page(
        "funds.html", funds=shown, votes=VOTES, states=FUND_STATES,
        programmes=sorted({each["programme"] for each in everything}),
        years=sorted({each["fiscal_year"] for each in everything}),
        filters={"programme": programme, "fiscal_year": fiscal_year},
    )  # fmt: skip


@router.get("/funds/{fund_id}")
async def fund(asked: PersonDep, fund_id: str) -> Response:
    """One fund: what is reserved, committed or waiting on it, of the proposals that one sees."""
    holds = await funds.commitments(asked.office, asked.viewer, fund_id)
    months = await fund_months.of_fund(asked.office, asked.viewer, fund_id)
    known = await funds.funds(asked.office, asked.viewer, {})
    found = next(each for each in known if each["id"] == fund_id)
    return await asked.page(
        "fund.html", fund=found, holds=holds, votes=VOTES, states=FUND_STATES, names=HOLDS,
        months=money_tables.months(months),
        burn_down=money_tables.burn_down(months, asked.language),
    )  # fmt: skip


@router.get("/lists")
async def all_lists(asked: PersonDep) -> Response:
    """The lists that are known, imported or not, and how far their changes are screened."""
    found = await screening.lists(asked.office, asked.viewer)
    return await asked.page("lists.html", lists=found)


@router.get("/lists/{list_id}")
async def one_list(asked: PersonDep, list_id: str) -> Response:
    """One list, its imports, and what each changed."""
    return await _list(asked, list_id)


@router.post("/lists/{list_id}")
async def import_list(asked: PersonDep, list_id: str) -> Response:
    """Import a dated snapshot; everything alive is screened against what changed."""
    form = await asked.form()
    try:
        if form.file is None or not form.file.filename:
            raise Malformed(Gap(pointer="/file", code="required"))
        data = await form.file.read()
        changed = await screening.import_list(
            asked.office, asked.viewer, list_id, form.get("name")[:MOST_NAME] or None, data,
            asked.request_id(form),
        )  # fmt: skip
    except Malformed as refused:
        told = [Fault("file", each.text) for each in faults_of(refused.gaps, asked.language)]
        return await _list(asked, list_id, told)
    return await _list(asked, list_id, changed=changed)


async def _list(
    asked: AskedByPerson,
    list_id: str,
    faults: list[Fault] | None = None,
    changed: dict[str, Any] | None = None,
) -> Response:
    snapshots = await screening.snapshots(asked.office, asked.viewer, list_id)
    known = await screening.lists(asked.office, asked.viewer)
    found = next(each for each in known if each["id"] == list_id)
    viewer = asked.viewer
    may = viewer.holds(Role.ADMINISTRATOR) or viewer.holds(Role.REVIEWER, Discipline.SCREENING)
    return await asked.page(
        "list.html", 422 if faults else 200, list=found, snapshots=snapshots, may_import=may,
        faults=faults or [], changed=changed,
    )  # fmt: skip
