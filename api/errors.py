"""From expected errors to HTTP, in one place. Routes raise; they never translate.

Every refusal is an `application/problem+json` (RFC 9457) with a stable code, facts, and a
sentence in the reader's language.
"""

import traceback
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

import structlog
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ConfigDict
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.exceptions import HTTPException

from api.answers import PREFIX, render
from api.languages import preferred
from api.pointers import gaps_in
from api.sentences import SENTENCES, TITLES, sentence
from commands import attempts
from schemas.errors import AccordError, Gap, Malformed, Unavailable

MEDIA_TYPE = "application/problem+json"
RETRY_AFTER_SECONDS = 2
OWN_MEMBERS = frozenset({"type", "title", "status", "code", "detail", "errors", "instance"})
HTTP_CODES = {
    400: "unreadable_request",
    401: "not_signed_in",
    403: "forbidden",
    404: "not_found",
    405: "method_not_allowed",
    413: "too_large",
    415: "wrong_media_type",
}

log = structlog.get_logger()


class ProblemItem(BaseModel):
    """One gap: a JSON Pointer into the body (with `in: query` to a parameter), code, sentence."""

    model_config = ConfigDict(extra="allow")
    pointer: str
    code: str
    detail: str


class Problem(BaseModel):
    """RFC 9457, with a stable `code`; facts of the refusal stand beside as further members."""

    model_config = ConfigDict(extra="allow")
    type: str
    title: str
    status: int
    code: str
    detail: str
    errors: list[ProblemItem] | None = None


def add_error_handlers(app: FastAPI, routes: Sequence[Any] = ()) -> None:
    """*routes*: the routes behind the prefix, from which a 405 tells what is allowed."""

    @app.exception_handler(AccordError)
    async def expected(request: Request, error: AccordError) -> Response:
        await record_attempt(request, error)
        return refusal(request, error)

    @app.exception_handler(RequestValidationError)
    async def malformed(request: Request, error: RequestValidationError) -> Response:
        errors = error.errors()
        if any(each["loc"][:1] == ("path",) for each in errors):
            return problem(request, 404, "not_found")
        return refusal(request, Malformed(*gaps_in(errors)))

    @app.exception_handler(HTTPException)
    async def plain(request: Request, error: HTTPException) -> Response:
        headers = dict(error.headers or {})
        if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED and (
            allowed := _allowed(routes, request.url.path)
        ):
            headers["Allow"] = ", ".join(allowed)
        code = HTTP_CODES.get(error.status_code, "refused")
        return problem(request, error.status_code, code, headers=headers)

    async def store_away(request: Request, error: Exception) -> Response:
        log.error("store_not_answering", failure=type(error).__name__)
        return problem(request, 503, "unavailable", {"retry_after": RETRY_AFTER_SECONDS})

    for away in (OperationalError, InterfaceError, PoolTimeout):
        app.add_exception_handler(away, store_away)


async def record_attempt(request: Request, error: AccordError) -> None:
    """Record who tried what they may not do, where *error* says so (also for the pages)."""
    if not attempts.is_attempt(error):
        return
    office = getattr(request.app.state, "office", None)
    person = getattr(request.state, "person", None)
    if office is None or person is None:
        return
    route = getattr(request.scope.get("route"), "path", "")
    named = {
        name: str(request.path_params[parameter])
        for name, parameter in (("reference", "reference"), ("task", "task_id"))
        if parameter in request.path_params
    }
    await attempts.record_attempt(
        office, person, error, method=request.method, route=route, **named
    )


def refusal(request: Request, error: AccordError) -> Response:
    """The answer to an expected error."""
    if isinstance(error, Malformed) and error.gaps:
        return problem(request, error.status, error.code, error.facts, gaps=error.gaps)
    return problem(request, error.status, error.code, error.facts)


def unexpected(request: Request, error: Exception) -> Response:
    """The answer to a bug, which tells nothing."""
    log_bug(error)
    return problem(request, 500, "unexpected")


def unavailable(request: Request) -> Response:
    """The answer where the service ends before it has one."""
    return refusal(request, Unavailable())


def log_bug(error: Exception) -> None:
    """A bug: its place goes to the log (never its message, which may quote what was sent)."""
    log.error(
        "request_failed",
        failure=type(error).__name__,
        where=traceback.format_tb(error.__traceback__)[-8:],
    )


def problem(
    request: Request,
    status: int,
    code: str,
    facts: Mapping[str, Any] | None = None,
    *,
    gaps: Sequence[Gap] = (),
    headers: Mapping[str, str] | None = None,
) -> Response:
    language = spoken(request)
    facts = dict(facts or {})
    headers = {**(headers or {}), "Content-Language": language}
    if status == HTTPStatus.UNAUTHORIZED:
        headers["WWW-Authenticate"] = 'Bearer realm="accord"'
    if status in (429, 503):
        facts.setdefault("retry_after", RETRY_AFTER_SECONDS)
        headers["Retry-After"] = str(max(1, int(facts["retry_after"])))
    body: dict[str, Any] = {
        "type": f"urn:accord:problem:{code}",
        "title": TITLES.get(status, TITLES[500]).in_language(language),
        "status": status,
        "code": code,
        "detail": _detail(code, facts, gaps, language),
    }
    if gaps:
        body["errors"] = [_item(gap, language) for gap in gaps]
    body.update({name: value for name, value in facts.items() if name not in OWN_MEMBERS})
    return Response(render(body), status, headers, MEDIA_TYPE)


def spoken(request: Request) -> str:
    """The reader's language: `Accept-Language`, else the signed-in person's own."""
    own = getattr(request.state, "language", None)
    return preferred(request.headers.get("accept-language"), own or "en")


def _detail(code: str, facts: Mapping[str, Any], gaps: Sequence[Gap], language: str) -> str:
    if len(gaps) == 1:
        return sentence(gaps[0].code, gaps[0].facts, language)
    if gaps and code not in SENTENCES:
        return sentence("malformed", {"count": len(gaps)}, language)
    return sentence(code, {"count": len(gaps), **facts}, language)


def _item(gap: Gap, language: str) -> dict[str, Any]:
    facts = {n: v for n, v in gap.facts.items() if n not in ("pointer", "code", "detail")}
    detail = sentence(gap.code, gap.facts, language)
    return {"pointer": gap.pointer, "code": gap.code, "detail": detail, **facts}


def _allowed(routes: Sequence[Any], path: str) -> list[str]:
    inner = path.removeprefix(PREFIX)
    found = [route for route in routes if route.path_regex.match(inner)]
    # `/people/invitations` is no person, though a person's address looks like it.
    literal = [route for route in found if route.path == inner]
    return sorted({method for route in literal or found for method in route.methods or ()})
