"""The annual register of assessments as plots with their tables, and each table as a file."""

from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Response

from commands import referrals, register
from commands.register import BECAME, LEVELS, Wanted
from pages import plots, register_tables, spreadsheets
from pages.asking import AskedByPerson, PersonDep
from pages.names import name_of
from pages.plots import Bars, Row
from policy import labels, wording
from policy.rules.forms.findings import risk_types
from schemas.errors import NotFound
from schemas.people import Discipline
from schemas.tasks import OUTCOMES, TaskKind

router = APIRouter()
Choice = Annotated[str, Query(max_length=40)]


@router.get("/register")
async def annual_register(
    asked: PersonDep, year: Choice = "", programme: Choice = "", discipline: Choice = ""
) -> Response:
    """The assessments of a fiscal year; the filters stand in the address."""
    wanted = _wanted(asked, year, programme, discipline)
    found = await register.look(asked.office, asked.viewer, wanted)
    filters = {
        "year": wanted.fiscal_year,
        "programme": wanted.programme or "",
        "discipline": str(wanted.discipline or ""),
    }
    return await asked.page(
        "register.html", found=found, filters=filters,
        query=urlencode({name: value for name, value in filters.items() if value}),
        tables={
            name: made(found, asked.language) for name, made in register_tables.TABLES.items()
        },
        years=register.years(asked.office.today()), programmes=_programmes(asked),
        disciplines=register.DISCIPLINES, levels=_levels(asked, found),
        reviews=_reviews(asked, found),
    )  # fmt: skip


@router.get("/referrals")
async def referred(asked: PersonDep, year: Choice = "") -> Response:
    """What could not be told of a risk of mistreatment, for the report of a calendar year."""
    known = referrals.years(asked.office.today())
    chosen = year if year in known else known[0]
    return await asked.page(
        "referrals.html", year=chosen, years=known,
        referrals=await referrals.referrals(asked.office, asked.viewer, year=chosen),
        risks=_risks(asked),
        outcomes={
            code: labels.label(TaskKind.ARBITRATE, code).in_language(asked.language)
            for code in OUTCOMES[TaskKind.ARBITRATE]
        },
    )  # fmt: skip


@router.get("/register/{name}.csv")
async def download(
    asked: PersonDep, name: str, year: Choice = "", programme: Choice = "", discipline: Choice = ""
) -> Response:
    """One table under the same filters, for spreadsheets."""
    if name not in register_tables.TABLES:
        raise NotFound
    wanted = _wanted(asked, year, programme, discipline)
    found = await register.look(asked.office, asked.viewer, wanted)
    table = register_tables.TABLES[name](found, asked.language)
    return spreadsheets.as_file(table, f"register-{name}-{wanted.fiscal_year}")


def _wanted(asked: AskedByPerson, year: str, programme: str, discipline: str) -> Wanted:
    """What is asked; a filter that is none counts as not given."""
    known = register.years(asked.office.today())
    return Wanted(
        fiscal_year=year if year in known else known[0],
        programme=programme if programme in _programmes(asked) else None,
        discipline=Discipline(discipline) if discipline in register.DISCIPLINES else None,
    )


def _programmes(asked: AskedByPerson) -> list[str]:
    return [each.code for each in asked.office.catalogue.programmes(asked.office.today())]


def _risks(asked: AskedByPerson) -> dict[str, str]:
    """The names of what a review of information sharing weighs, in every program."""
    return {
        code: name.in_language(asked.language)
        for terms in asked.office.catalogue.programmes(asked.office.today())
        for code, name in risk_types(terms.checklists.get(Discipline.INFORMATION_SHARING)).items()
    }


def _levels(asked: AskedByPerson, found: dict[str, Any]) -> Bars:
    rows = [
        Row(
            register_tables.named(each["level"], asked.language),
            [each[name] for name in BECAME],
            asked.gettext(
                "%(approved)s approved, %(approved_with_conditions)s with conditions, "
                "%(not_approved)s not approved, %(under_way)s under way"
            )
            % {name: wording.number(each[name], asked.language) for name in BECAME},
        )
        for each in found["levels"]
    ]
    return plots.bars(rows, ("full", "mid", "overdue", "hollow"))


def _reviews(asked: AskedByPerson, found: dict[str, Any]) -> Bars:
    rows = [
        Row(
            name_of("scope", each["discipline"], asked.language),
            [each[name] for name in LEVELS],
            asked.gettext("%(low)s low, %(medium)s medium, %(high)s high, %(not_rated)s not rated")
            % {name: wording.number(each[name], asked.language) for name in LEVELS},
        )
        for each in found["disciplines"]
    ]
    return plots.bars(rows, ("pale", "mid", "full", "hollow"))
