""" "Report a problem on this page": what readers say of it, and who reads that."""

from fastapi import APIRouter, Request, Response

from commands import problem_reports
from commands.problem_reports import MOST_WORDS, Problem, Report
from pages.asking import Asked, PersonDep, VisitDep, inner
from pages.failing import Fault, faults_of
from pages.languages import N_
from schemas.errors import Malformed
from schemas.values import digest

router = APIRouter()

PROBLEMS = {
    Problem.BROKEN: N_("A link, button or form does not work"),
    Problem.SPELLING: N_("There is a spelling or grammar mistake"),
    Problem.WRONG: N_("The information is wrong"),
    Problem.OUTDATED: N_("The information is outdated"),
    Problem.NOT_FOUND: N_("I cannot find what I am looking for"),
    Problem.ACCESS: N_("I cannot use the page with my device or assistive technology"),
    Problem.OTHER: N_("Something else"),
}


@router.get("/report-a-problem")
async def report_page(asked: VisitDep, page: str = "") -> Response:
    return await _form(asked, page=inner(page, asked.url("/")))


@router.post("/report-a-problem")
async def report(asked: VisitDep, request: Request) -> Response:
    """File what a reader says; strangers are slowed down by their address."""
    form = await asked.form()
    page = inner(form.get("page"), asked.url("/"))
    problems = tuple(Problem(each) for each in form.all("problems") if each in list(Problem))
    words = form.get("words")
    said = Report(page=page, language=asked.language, problems=problems, words=words)
    who = asked.visitor.id if asked.visitor else (request.client.host if request.client else "")
    try:
        if problems:
            request.app.state.reports.take(who)
        await problem_reports.report(
            asked.office, asked.visitor, said, digest([who, "problem", *form.pairs()])
        )
    except Malformed as refused:
        faults = faults_of(refused.gaps, asked.language)
        if not problems:
            faults = [Fault("problems", asked.gettext("Choose at least one problem."))]
        return await _form(asked, 422, page=page, chosen=problems, words=words, faults=faults)
    return asked.see("/problem-reported")


@router.get("/problem-reported")
async def reported(asked: VisitDep) -> Response:
    return await asked.page("reported.html")


@router.get("/problem-reports")
async def reports(asked: PersonDep) -> Response:
    """What readers have reported (administrators, auditors)."""
    found = await problem_reports.reports(asked.office, asked.viewer)
    return await asked.page("reports.html", reports=found, names=PROBLEMS)


async def _form(
    asked: Asked,
    status: int = 200,
    *,
    page: str,
    chosen: tuple[Problem, ...] = (),
    words: str = "",
    faults: list[Fault] | None = None,
) -> Response:
    return await asked.page(
        "report.html", status, page=page, names=PROBLEMS, chosen=chosen, words=words,
        faults=faults or [], most=MOST_WORDS,
    )  # fmt: skip
