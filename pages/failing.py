"""From expected errors to pages, in one place. Handlers raise; they never translate.

The sentences are those of the API: one for every code.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import structlog
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, RedirectResponse
from pydantic import ValidationError
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.exceptions import HTTPException

from api.errors import HTTP_CODES, RETRY_AFTER_SECONDS, log_bug, record_attempt
from api.languages import preferred
from api.sentences import TITLES, sentence
from pages import sent
from pages.asking import Asked, AskedByPerson, inner
from pages.languages import LANGUAGES, N_
from pages.sessions import chosen_language
from policy.sentences import GAPS
from policy.sentences import sentence as policy_sentence
from schemas.errors import AccordError, Gap, Malformed, NotSignedIn, Refused

log = structlog.get_logger()


@dataclass(frozen=True)
class Fault:
    """One thing to correct: the field (the `id` of its control) and what to do."""

    field: str
    text: str


def add_error_pages(app: FastAPI) -> None:
    @app.exception_handler(AccordError)
    async def expected(request: Request, error: AccordError) -> Response:
        await record_attempt(request, error)
        if isinstance(error, NotSignedIn):
            return await _to_sign_in(request)
        return error_page(request, error.status, words_of(error, spoken(request)), error.facts)

    @app.exception_handler(RequestValidationError)
    async def malformed(request: Request, error: RequestValidationError) -> Response:
        outside = all(each["loc"][:1] == ("path",) for each in error.errors())
        code = "not_found" if outside else "malformed"
        status = HTTPStatus.NOT_FOUND if outside else HTTPStatus.UNPROCESSABLE_ENTITY
        language = spoken(request)
        return error_page(request, status, sentence(code, {"count": 1}, language))

    @app.exception_handler(HTTPException)
    async def plain(request: Request, error: HTTPException) -> Response:
        code = HTTP_CODES.get(error.status_code, "refused")
        answer = error_page(request, error.status_code, sentence(code, {}, spoken(request)))
        answer.headers.update(error.headers or {})
        return answer

    async def store_away(request: Request, error: Exception) -> Response:
        log.error("store_not_answering", failure=type(error).__name__)
        facts = {"retry_after": RETRY_AFTER_SECONDS}
        return error_page(request, 503, sentence("unavailable", facts, spoken(request)), facts)

    for away in (OperationalError, InterfaceError, PoolTimeout):
        app.add_exception_handler(away, store_away)


def spoken(request: Request) -> str:
    """The language of the address; else the one that was chosen, or that the browser prefers."""
    first = request.url.path.split("/")[1]
    if first in LANGUAGES:
        return first
    return chosen_language(request) or preferred(request.headers.get("accept-language"))


def words_of(error: AccordError, language: str) -> str:
    """What a refusal means, in a sentence."""
    if isinstance(error, Malformed) and len(error.gaps) == 1:
        return gap_words(error.gaps[0], language)
    return sentence(error.code, {"count": len(getattr(error, "gaps", ())), **error.facts}, language)


def gap_words(gap: Gap, language: str) -> str:
    words = GAPS.get(gap.code)
    if words is not None:
        return policy_sentence(words, gap.facts, language)
    return sentence(gap.code, gap.facts, language)


def faults_of(gaps: Sequence[Gap], language: str) -> list[Fault]:
    """The gaps with the controls that they are about: `/budget/0/amount` is `budget.0.amount`."""
    return [
        Fault(gap.pointer.strip("/").replace("/", "."), gap_words(gap, language)) for gap in gaps
    ]


def told_of(
    asked: AskedByPerson, wrong: ValidationError | AccordError, says: Mapping[str, str]
) -> tuple[list[Fault], int]:
    """What a form is shown again with, and its status: each field that is wrong, or why not.

    *says*: what to do about a field that cannot be read, marked by `N_`.
    """
    if isinstance(wrong, ValidationError):
        fields = dict.fromkeys(str(each["loc"][0]) for each in wrong.errors() if each["loc"])
        otherwise = N_("Write what is asked for here.")
        return [Fault(name, asked.gettext(says.get(name, otherwise))) for name in fields], 422
    if isinstance(wrong, Malformed):
        return faults_of(wrong.gaps, asked.language), wrong.status
    return [Fault("", words_of(wrong, asked.language))], wrong.status


def error_page(
    request: Request, status: int, text: str, facts: dict[str, Any] | None = None
) -> Response:
    """A page that says what went wrong, and where to go from here."""
    language = spoken(request)
    asked = _asked(request, language)
    title = TITLES.get(status, TITLES[500]).in_language(language)
    if asked.by_script:
        answer = asked.answer("parts/failed.html", status, text=text)
    else:
        answer = asked.answer("failed.html", status, title=title, text=text, status=status)
    if status in (429, 503):
        after = (facts or {}).get("retry_after", RETRY_AFTER_SECONDS)
        answer.headers["Retry-After"] = str(max(1, int(after)))
    return answer


def away_page(request: Request) -> Response:
    """The answer where the service ends before it has one."""
    return error_page(request, 503, sentence("unavailable", {}, spoken(request)))


def bug_page(request: Request, error: Exception) -> Response:
    """The last resort: plain, since what failed may be the drawing of pages."""
    log_bug(error)
    language = spoken(request)
    title = TITLES[500].in_language(language)
    text = sentence("unexpected", {}, language)
    html = (
        f'<!doctype html>\n<html lang="{language}"><head><meta charset="utf-8">'
        f"<title>{title}</title></head><body><main><h1>{title}</h1><p>{text}</p>"
        f'<p><a href="/{language}/">Accord</a></p></main></body></html>\n'
    )
    return HTMLResponse(html, 500)


def _asked(request: Request, language: str) -> Asked:
    return Asked(request, language, getattr(request.state, "viewer", None))


async def _to_sign_in(request: Request) -> Response:
    """Lead to signing in and back again; what was typed into a form is kept meanwhile."""
    language = spoken(request)
    asked = _asked(request, language)
    if request.method == "GET":
        query = f"?{request.url.query}" if request.url.query else ""
        back = inner(f"{request.url.path}{query}", "")
        return RedirectResponse(f"/{language}/sign-in?back={quote(back, safe='')}", 303)
    if asked.by_script:
        text = asked.gettext(
            "You are no longer signed in. Use the button to save: you can sign in there, and what "
            "you typed is kept."
        )
        return asked.answer("parts/failed.html", 401, text=text)
    form = await sent.read(request)
    file_gone = form.file is not None and bool(form.file.filename)
    if form.file is not None:
        await form.file.close()
    return asked.answer(
        "sign_in.html", 401, back=request.url.path, kept=form.pairs(), email="", faults=[],
        ended=True, file_gone=file_gone,
    )  # fmt: skip


async def done_or_told(
    asked: AskedByPerson, act: Awaitable[object], page: Callable[..., Awaitable[Response]], to: str
) -> Response:
    """Do *act* and lead on to *to*; where it is refused, *page* again with the reason."""
    try:
        await act
    except Refused as refused:
        told = [Fault("", words_of(refused, asked.language))]
        return await page(asked, told, status=refused.status)
    return asked.see(to)
