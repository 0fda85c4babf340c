"""What the OpenAPI says beyond the routes' own signatures: bodies, problems, answers."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from fastapi.dependencies.models import Dependant
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from api.answers import PREFIX
from api.bodies import JsonBody, upload
from api.dependencies import once, once_with_link, version_sent
from api.errors import MEDIA_TYPE, Problem
from api.sentences import TITLES

SHARED_REFUSALS = (400, 401, 403, 404, 409, 412, 413, 415, 422, 428, 429, 503)
_REF = "#/components/schemas/{model}"


def refusals(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The problems that a route may answer, all of them where none is named."""
    schema = {"$ref": _REF.format(model=Problem.__name__)}
    return {
        status: {
            "description": TITLES[status].en,
            "content": {MEDIA_TYPE: {"schema": schema}},
            **({"headers": _RETRY_AFTER} if status in (429, 503) else {}),
        }
        for status in statuses or SHARED_REFUSALS
    }


_HEADERS = {"Idempotency-Key": (once, once_with_link), "If-Match": (version_sent,)}
"""Headers that are demanded by our own dependencies."""
_RETRY_AFTER = {"Retry-After": {"description": "Seconds.", "schema": {"type": "integer"}}}


def complete(document: dict[str, Any], routes: Iterable[Any]) -> dict[str, Any]:
    """Add the bodies that our own dependencies read, and the models that are referred to."""
    models: dict[type[BaseModel], None] = {Problem: None}
    for route in routes:
        for method in route.methods:
            operation = document["paths"][PREFIX + route.path][method.lower()]
            calls = list(_calls(route.dependant))
            for parameter in operation.get("parameters", ()):
                if parameter["name"] in _HEADERS:
                    asking = _HEADERS[parameter["name"]]
                    parameter["required"] = any(each in calls for each in asking)
                    parameter["schema"] = {"type": "string"}
            for reader in calls:
                if isinstance(reader, JsonBody):
                    models[reader.model] = None
                    schema = {"$ref": _REF.format(model=reader.model.__name__)}
                    operation["requestBody"] = {
                        "required": not reader.optional,
                        "content": {"application/json": {"schema": schema}},
                    }
                elif reader is upload:
                    operation["requestBody"] = {"required": True, "content": _UPLOAD}
    _, definitions = models_json_schema(
        [(model, "validation") for model in models], ref_template=_REF
    )
    schemas = document.setdefault("components", {}).setdefault("schemas", {})
    schemas.update(definitions["$defs"])
    return document


_UPLOAD = {
    "multipart/form-data": {
        "schema": {
            "type": "object",
            "required": ["file"],
            "properties": {"file": {"type": "string", "format": "binary"}},
        }
    }
}


def example(value: object, *, status: int = 200) -> dict[int | str, dict[str, Any]]:
    """An answer by example; fields may be added in later versions."""
    content = {"application/json": {"schema": {"type": "object"}, "example": value}}
    return {status: {"description": "Done.", "content": content}}


def _calls(dependant: Dependant) -> Iterator[object]:
    for each in dependant.dependencies:
        yield each.call
        yield from _calls(each)


def routes_of(routers: Sequence[Any]) -> list[Any]:
    return [route for router in routers for route in router.routes]
