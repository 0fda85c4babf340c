"""What every page is given: the office, who asks, in which language, and ways to answer.

Pages do what the routes of the API do: they call commands and read the store through them. They
hold no rule of their own, and show nothing that the API would not.
"""

import re
import uuid
from collections.abc import AsyncIterator
from typing import Annotated, Any, Literal
from urllib.parse import quote, urlsplit

from fastapi import Depends, Path, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from commands import notifications, signing_in
from commands.office import Office
from pages import sent
from pages.languages import LANGUAGES, other, translations
from pages.rendering import environment
from pages.sent import Sent
from pages.sessions import Cookies
from schemas.errors import NotFound, NotSignedIn
from schemas.people import Role, Viewer

_PLACE = re.compile("[a-z]+#([a-z][a-z-]{0,60})")
"""`HX-Target` as htmx writes it: the element's name and id."""


class Asked:
    """One request for a page, from somebody who may be signed in."""

    def __init__(self, request: Request, language: str, viewer: Viewer | None) -> None:
        self.request = request
        self.language = language
        self.visitor = viewer
        self.office: Office = request.app.state.office
        self.cookies: Cookies = request.app.state.cookies
        self._sent: Sent | None = None
        self.gettext = translations(language).gettext
        self.ngettext = translations(language).ngettext

    @property
    def path(self) -> str:
        return self.request.url.path

    def url(self, path: str) -> str:
        return f"/{self.language}{path}"

    async def page(self, template: str, status: int = 200, /, **context: Any) -> Response:
        """The whole page."""
        if self.visitor is not None:
            unread = await notifications.unread(self.office, self.visitor)
            context.setdefault("unread", unread)
        return self.answer(template, status, **context)

    def answer(self, template: str, status: int = 200, /, **context: Any) -> Response:
        """A page, or a part of one, from what is known already."""
        made = environment(self.language).get_template(template)
        html = made.render(self.common() | context)
        return HTMLResponse(html, status, {"Content-Language": self.language})

    def common(self) -> dict[str, Any]:
        """What every template may use."""
        address = self.request.url
        query = f"?{address.query}" if address.query else ""
        elsewhere = f"/{other(self.language)}{address.path[3:]}{query}"
        return {
            "asked": self,
            "place": self.place,
            "viewer": self.visitor,
            "url": self.url,
            "path": address.path,
            "elsewhere": elsewhere,
            "demonstration": self.office.demonstration,
            "unread": 0,
            "new_key": new_key,
            "is_staff": bool(self.visitor and self.visitor.is_staff),
            "is_partner": bool(self.visitor and self.visitor.is_partner),
            "is_administrator": bool(self.visitor and self.visitor.holds(Role.ADMINISTRATOR)),
            "oversees": self.oversees,
            "invites": _signs(self.visitor),
        }

    @property
    def oversees(self) -> bool:
        """Whether an administrator or an auditor asks: some links are drawn for them alone."""
        who = self.visitor
        return who is not None and (who.holds(Role.ADMINISTRATOR) or who.holds(Role.AUDITOR))

    def see(self, path: str) -> Response:
        """Lead to another page after a form; htmx is led there as a whole."""
        if self.by_script:
            return Response(status_code=204, headers={"HX-Redirect": self.url(path)})
        return RedirectResponse(self.url(path), 303)

    @property
    def by_script(self) -> bool:
        """Whether a script asks for a part of a page."""
        return self.request.headers.get("hx-request") == "true"

    @property
    def looks(self) -> bool:
        """Whether a person opens a page: no script brings it up to date, nothing fetches ahead."""
        headers = self.request.headers
        return (
            self.request.method == "GET"
            and not self.by_script
            and headers.get("sec-fetch-dest") != "empty"
            and "prefetch" not in headers.get("sec-purpose", "")
        )

    @property
    def place(self) -> str | None:
        """The id of the element that a script exchanges for the answer."""
        found = _PLACE.fullmatch(self.request.headers.get("hx-target", ""))
        return found[1] if found else None

    async def form(self) -> Sent:
        self._sent = await sent.read(self.request)
        return self._sent

    async def close(self) -> None:
        """Let go of a file that came with the form."""
        if self._sent is not None and self._sent.file is not None:
            await self._sent.file.close()


def _signs(viewer: Viewer | None) -> bool:
    """Whether somebody signs for an organization, and so invites its people."""
    return viewer is not None and any(grant.role is Role.SIGNATORY for grant in viewer.grants)


class AskedByPerson(Asked):
    """A request of somebody who is signed in."""

    viewer: Viewer

    def request_id(self, form: Sent) -> str:
        return form.request_id(self.request, self.viewer.id)


async def visiting(
    request: Request, language: Annotated[Literal["en", "fr"], Path()]
) -> AsyncIterator[Asked]:
    """A page that is open to everybody."""
    request.state.language = language
    asked = Asked(request, language, await _viewer(request, language))
    yield asked
    await asked.close()


async def signed_in(
    request: Request, language: Annotated[Literal["en", "fr"], Path()]
) -> AsyncIterator[AskedByPerson]:
    """A page for those who are signed in; others are asked to sign in first."""
    request.state.language = language
    viewer = await _viewer(request, language)
    if viewer is None:
        raise NotSignedIn
    if any("\x00" in value for value in request.path_params.values()):
        raise NotFound
    asked = AskedByPerson(request, language, viewer)
    asked.viewer = viewer
    yield asked
    await asked.close()


async def _viewer(request: Request, language: str) -> Viewer | None:
    cookies: Cookies = request.app.state.cookies
    try:
        found = await signing_in.viewer_of(request.app.state.office, cookies.token(request))
    except NotSignedIn:
        return None
    request.state.person = found.id
    request.state.viewer = found
    request.app.state.limits.take(found.id)
    return found.model_copy(update={"language": language})


VisitDep = Annotated[Asked, Depends(visiting)]
PersonDep = Annotated[AskedByPerson, Depends(signed_in)]


def new_key() -> str:
    """A key for a form: whoever sends it twice has sent it once."""
    return uuid.uuid4().hex


def inner(path: str, otherwise: str) -> str:
    """*path* if it is one of these pages, and nobody else's; else *otherwise*."""
    found = urlsplit(path)
    is_ours = not found.scheme and not found.netloc and "\\" not in path and path.isprintable()
    if is_ours and path.startswith(tuple(f"/{each}/" for each in LANGUAGES)):
        return quote(path, safe="/?&=%+-_.~:,")
    return otherwise
