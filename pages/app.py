"""The pages as an ASGI application, and the site: the pages beside the API, in one program."""

import gzip
from functools import lru_cache
from pathlib import Path

from fastapi import FastAPI, Request, Response
from fastapi.responses import FileResponse, RedirectResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from api.app import create_app
from api.edge import BODY_SECONDS, BodySize, Edge, Watch
from api.limits import Limits
from commands.office import Office
from pages.failing import add_error_pages, away_page, bug_page, spoken
from pages.guarding import HEADERS, OwnForms, headers_for
from pages.rendering import ASSETS, STATIC
from pages.routers import ROUTERS
from pages.sessions import Cookies
from schemas.errors import NotFound

LANGUAGE = "/{language}"
KEPT = "public, max-age=31536000, immutable"
COMPRESSED = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
REPORTS_A_SECOND, REPORTS_AT_ONCE = 1 / 60, 10
"""Of problems, by one person or one address."""


class Site:
    """The API below `/api`, pages everywhere else."""

    def __init__(self, api: ASGIApp, pages: ASGIApp) -> None:
        self._api = api
        self._pages = pages

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = str(scope.get("path", ""))
        is_api = scope["type"] != "http" or path == "/api" or path.startswith("/api/")
        await (self._api if is_api else self._pages)(scope, receive, send)


def create_site(
    office: Office,
    limits: Limits | None = None,
    watch: Watch | None = None,
    body_seconds: float = BODY_SECONDS,
    *,
    public_url: str | None = None,
) -> Site:
    """API and pages around one office; *public_url* is where people reach them."""
    limits = limits or Limits()
    api = create_app(office, limits, watch, body_seconds)
    return Site(api, create_pages(office, limits, watch, body_seconds, public_url=public_url))


def create_pages(
    office: Office,
    limits: Limits,
    watch: Watch | None = None,
    body_seconds: float = BODY_SECONDS,
    *,
    public_url: str | None = None,
) -> FastAPI:
    app = FastAPI(
        openapi_url=None,
        redirect_slashes=False,
        telemetry={"tracing": False, "metrics": False, "logs": False},
    )
    secure = bool(public_url and public_url.startswith("https://"))
    app.state.office = office
    app.state.limits = limits
    app.state.reports = Limits(REPORTS_A_SECOND, REPORTS_AT_ONCE)
    app.state.cookies = Cookies(secure)
    app.add_api_route("/", choose_language, methods=["GET"])
    app.add_api_route("/static/{name:path}", asset, methods=["GET"])
    for router in ROUTERS:
        app.include_router(router, prefix=LANGUAGE)
    add_error_pages(app)
    app.add_middleware(OwnForms, public_url=public_url)
    app.add_middleware(BodySize, seconds=body_seconds)
    headers = headers_for(secure=secure)
    app.add_middleware(
        Edge, watch=watch, headers=headers, prefix=LANGUAGE, bug=bug_page, away=away_page
    )
    return app


async def choose_language(request: Request) -> Response:
    """The address without a language: the one that was chosen before, or that is preferred."""
    return RedirectResponse(f"/{spoken(request)}/", 303)


async def asset(request: Request, name: str) -> Response:
    """A file of the pages; its address changes with its content, so that it is kept for ever.

    Sheets, scripts and drawings go out compressed. Pages do not: what they say of people must not
    be told by how well it compresses (BREACH).
    """
    for folder in (STATIC, ASSETS):
        file = (folder / name).resolve()
        if file.is_file() and file.is_relative_to(folder):
            if file.suffix not in COMPRESSED:
                return FileResponse(file, headers={"Cache-Control": KEPT})
            headers = {"Cache-Control": KEPT, "Vary": "Accept-Encoding"}
            if "gzip" not in request.headers.get("accept-encoding", ""):
                return FileResponse(file, headers=headers)
            headers["Content-Encoding"] = "gzip"
            content = _compressed(file, file.stat().st_mtime_ns)
            return Response(content, media_type=COMPRESSED[file.suffix], headers=headers)
    raise NotFound


@lru_cache(maxsize=64)
def _compressed(file: Path, _changed_at: int) -> bytes:
    return gzip.compress(file.read_bytes(), mtime=0)


__all__ = ["HEADERS", "Site", "create_pages", "create_site"]
