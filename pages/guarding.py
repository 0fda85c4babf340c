"""What protects pages in a browser: their headers, and forms that must be our own."""

from collections.abc import Mapping
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from api.sentences import sentence
from pages.failing import error_page, spoken

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
OWN = frozenset({"same-origin", "none"})
"""`Sec-Fetch-Site` of a form of ours, and of what a person typed or reloaded."""

_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    # With `no-referrer` browsers would send a form of ours with the origin `null`.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
    "Cache-Control": "no-store",
    "Vary": "Cookie, Accept-Language, HX-Request",
}
_SECURE = {"Strict-Transport-Security": "max-age=31536000; includeSubDomains"}


def headers_for(*, secure: bool) -> Mapping[str, str]:
    return {**HEADERS, **_SECURE} if secure else HEADERS


class OwnForms:
    """Refuses what changes something and was not sent by a page of ours (CSRF).

    Browsers say where a form comes from (`Sec-Fetch-Site`), old ones at least its origin; what
    says neither is refused too.
    """

    def __init__(self, app: ASGIApp, public_url: str | None = None) -> None:
        self._app = app
        self._public = urlsplit(public_url).netloc if public_url else None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["method"] not in SAFE_METHODS:
            headers = Headers(scope=scope)
            if not self._is_own(headers):
                request = Request(scope)
                text = sentence("foreign_form", {}, spoken(request))
                await error_page(request, 403, text)(scope, receive, send)
                return
        await self._app(scope, receive, send)

    def _is_own(self, headers: Headers) -> bool:
        site = headers.get("sec-fetch-site")
        if site is not None:
            return site in OWN
        origin = headers.get("origin")
        if not origin:
            return False
        return urlsplit(origin).netloc in (headers.get("host"), self._public)
