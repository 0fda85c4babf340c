"""Holds every answer of every journey against what the OpenAPI says of it."""

import httpx
from pydantic import TypeAdapter, ValidationError

from api.answers import PREFIX
from api.described import ANSWERS
from api.errors import MEDIA_TYPE, Problem
from api.openapi import routes_of
from api.routers import ROUTERS

_ROUTES = routes_of(ROUTERS)
_READERS = {row: TypeAdapter(model) for row, (_, model, _) in ANSWERS.items()}


async def check(response: httpx.Response) -> None:
    """Fail where an answer is not as it is described."""
    await response.aread()
    kind = response.headers.get("content-type", "")
    if response.is_error:
        if kind == MEDIA_TYPE:
            Problem.model_validate_json(response.content)
        return
    row = route_of(response.request)
    if row not in ANSWERS:
        return
    status, _, is_list = ANSWERS[row]
    assert response.status_code == status, row
    body = response.json()
    if is_list:
        assert set(body) == {"items", "next"}, row
    for each in body["items"] if is_list else [body]:
        try:
            _READERS[row].validate_python(each)
        except ValidationError as wrong:
            raise AssertionError(f"{row} is not as it is described: {wrong}") from None


def route_of(request: httpx.Request) -> str:
    path = request.url.path.removeprefix(PREFIX)
    return next(
        (
            f"{request.method} {route.path}"
            for route in _ROUTES
            if request.method in route.methods and route.path_regex.match(path)
        ),
        "",
    )
