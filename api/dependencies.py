"""What routes are given: the office, the signed-in person, and what the request says.

Routes name the viewer before the body, so that whoever is not signed in is told so first.
"""

import re
from collections import Counter
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Depends, Header, Path, Query, Request
from fastapi.dependencies.models import Dependant
from fastapi.security import OAuth2PasswordBearer
from pydantic import AwareDatetime, BeforeValidator
from pydantic_core import PydanticCustomError

from api.answers import PREFIX
from api.bodies import JsonBody, Nothing
from api.errors import spoken
from api.idempotency import Once
from commands import signing_in
from commands.office import Office
from schemas.errors import AccordError, Gap, Malformed, NotFound, NotSignedIn, pointer_to
from schemas.people import Viewer
from schemas.requests import ReasonRequest

MOST_TOKEN = 512
NO_VERSION = -1
"""An entity tag that no version of ours ever has: the command finds it stale."""
MOST_VERSION = 2**31 - 1

_DAY_AND_TIME = re.compile(r"^\d{4}-\d{2}-\d{2}[Tt ]", re.ASCII)
_TAG = re.compile(r'^(?:W/)?"(\d{1,10})"$|^(\d{1,10})$')
_TAGS = re.compile(r'^\*$|^(?:(?:W/)?"[\x21\x23-\x7e]*"(?:\s*,\s*|$))+$')

_bearer = OAuth2PasswordBearer(tokenUrl=f"{PREFIX}/token", auto_error=False)


class VersionNeeded(AccordError):
    """`PUT` needs `If-Match` (428)."""

    status = 428


async def office(request: Request) -> Office:
    found: Office = request.app.state.office
    return found


OfficeDep = Annotated[Office, Depends(office)]
TokenDep = Annotated[str, Depends(_bearer)]
"""What one signed in with; only for routes that ask for the viewer too."""


async def person(
    request: Request, office: OfficeDep, token: Annotated[str | None, Depends(_bearer)]
) -> Viewer:
    """The signed-in person, in that person's own language."""
    if not token or len(token) > MOST_TOKEN:
        raise NotSignedIn
    viewer = await signing_in.viewer_of(office, token)
    request.state.person = viewer.id
    request.state.language = viewer.language
    request.app.state.limits.take(viewer.id)
    _check_parameters(request)
    return viewer


PersonDep = Annotated[Viewer, Depends(person)]


async def viewer(request: Request, person: PersonDep) -> Viewer:
    """The signed-in person, reading in the language of `Accept-Language`."""
    return person.model_copy(update={"language": spoken(request)})


ViewerDep = Annotated[Viewer, Depends(viewer)]


async def once(
    request: Request,
    office: OfficeDep,
    viewer: ViewerDep,
    idempotency_key: Annotated[
        str | None,
        Header(
            alias="Idempotency-Key",
            description="1 to 64 printable ASCII characters; the answer is kept for 7 days.",
        ),
    ] = None,
) -> Once:
    return Once(office, request.app.state.turns, request, viewer.id, idempotency_key)


OnceDep = Annotated[Once, Depends(once)]


async def once_with_link(
    request: Request,
    office: OfficeDep,
    idempotency_key: Annotated[str | None, Header(alias="Idempotency-Key")] = None,
) -> Once:
    """For whoever is not signed in: the key belongs to the one-time link in the body."""
    return Once(office, request.app.state.turns, request, "", idempotency_key)


LinkOnceDep = Annotated[Once, Depends(once_with_link)]


async def version_if_sent(
    if_match: Annotated[
        str | None, Header(alias="If-Match", description='The `ETag`, such as `"3"`.')
    ] = None,
) -> int | None:
    if if_match is None:
        return None
    text = if_match.strip()
    if match := _TAG.match(text):
        number = int(match[1] or match[2])
        return number if number <= MOST_VERSION else NO_VERSION
    if _TAGS.match(text):
        return NO_VERSION
    raise Malformed(Gap(pointer="", code="if_match_malformed", facts={"header": "If-Match"}))


OptionalVersion = Annotated[int | None, Depends(version_if_sent)]


async def version_sent(version: OptionalVersion) -> int:
    if version is None:
        raise VersionNeeded("if_match_missing")
    return version


Version = Annotated[int, Depends(version_sent)]


@dataclass(frozen=True)
class Page:
    limit: int
    cursor: str | None

    def of(self, items: list[dict[str, Any]], *key: str) -> dict[str, Any]:
        """This page of a list that is short enough to be read whole.

        Its cursor is what tells an item from all others: its id, or the fields of *key* together;
        where those do not (an item whose id the reader may not know), its place among its likes.
        """
        ids, alike = [], Counter[str]()
        for item in items:
            named = ":".join(str(item[name]) for name in key or ("id",))
            alike[named] += 1
            ids.append(named if alike[named] == 1 else f"{named}:{alike[named]}")
        start = 0
        if self.cursor is not None:
            if self.cursor not in ids:
                raise Malformed(
                    Gap(pointer="/cursor", code="unknown_cursor", facts={"in": "query"})
                )
            start = ids.index(self.cursor) + 1
        page = items[start : start + self.limit]
        is_last = start + self.limit >= len(items)
        return {"items": page, "next": None if is_last else ids[start + len(page) - 1]}


async def page(
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    cursor: Annotated[str | None, Query(max_length=1000)] = None,
) -> Page:
    return Page(limit, cursor)


PageDep = Annotated[Page, Depends(page)]

Id = Annotated[str, Path(max_length=200)]
Number = Annotated[int, Path(ge=1, le=1_000_000)]
Filter = Annotated[str | None, Query(max_length=400)]


def _written_out(value: object) -> object:
    """ISO 8601 alone: Pydantic would also take a number for seconds since 1970."""
    if isinstance(value, str) and not _DAY_AND_TIME.match(value):
        raise PydanticCustomError("datetime_parsing", "not an instant")
    return value


Instant = Annotated[AwareDatetime, BeforeValidator(_written_out)]
NothingDep = Annotated[Nothing, Depends(JsonBody(Nothing, optional=True))]
ReasonDep = Annotated[ReasonRequest, Depends(JsonBody(ReasonRequest))]


def _check_parameters(request: Request) -> None:
    """Refuse parameters that the route does not know: a filter that is misspelt filters nothing."""
    if any("\x00" in value for value in request.path_params.values() if isinstance(value, str)):
        raise NotFound
    if not request.query_params:
        return
    known = _known(request.scope["route"].dependant)
    gaps = [
        Gap(pointer=pointer_to([name]), code=code, facts={"in": "query"})
        for name, value in request.query_params.multi_items()
        for code in [
            "unknown_parameter"
            if name not in known
            else "forbidden_character"
            if "\x00" in value
            else None
        ]
        if code
    ]
    if gaps:
        codes = {gap.code for gap in gaps}
        raise Malformed(*gaps[:20], code=codes.pop() if len(codes) == 1 else "malformed")


def _known(dependant: Dependant) -> set[str]:
    names = {field.alias for field in dependant.query_params}
    for each in dependant.dependencies:
        names |= _known(each)
    return names
