"""What the OpenAPI says beyond the routes' own signatures: bodies, problems, answers."""

from collections.abc import Iterable, Iterator, Sequence
from http import HTTPStatus
from typing import Any

from fastapi.dependencies.models import Dependant
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from api.answers import PREFIX
from api.bodies import FileBody, JsonBody, upload
from api.dependencies import once, once_with_link, version_sent
from api.described import ANSWERS
from api.errors import MEDIA_TYPE, Problem
from api.links import links_of
from api.sentences import TITLES

SHARED_REFUSALS = (400, 401, 403, 404, 408, 409, 412, 413, 415, 422, 428, 429, 431, 503)
_REF = "#/components/schemas/{model}"
_ANSWER = "Answer."
_ANSWER_REF = f"#/components/schemas/{_ANSWER}{{model}}"
"""What is answered has names of its own: a `Proposal` is read with more than is sent."""


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


_HEADERS = {
    "Idempotency-Key": ((once, once_with_link), "^[ -~]{1,64}$"),
    "If-Match": ((version_sent,), '^"[0-9]{1,10}"$'),
}
"""Headers, the dependencies of ours that demand them, and what they look like."""
_RETRY_AFTER = {"Retry-After": {"description": "Seconds.", "schema": {"type": "integer"}}}


def complete(document: dict[str, Any], routes: Iterable[Any]) -> dict[str, Any]:
    """Add the bodies that our own dependencies read, and the models that are referred to."""
    models: dict[type[BaseModel], None] = {Problem: None}
    answers: dict[type[BaseModel], None] = {}
    for route in routes:
        for method in route.methods:
            operation = document["paths"][PREFIX + route.path][method.lower()]
            calls = list(_calls(route.dependant))
            for parameter in operation.get("parameters", ()):
                if parameter["name"] in _HEADERS:
                    asking, pattern = _HEADERS[parameter["name"]]
                    parameter["required"] = any(each in calls for each in asking)
                    parameter["schema"] = {"type": "string", "pattern": pattern}
            for reader in calls:
                if isinstance(reader, JsonBody):
                    models[reader.model] = None
                    schema = {"$ref": _REF.format(model=reader.model.__name__)}
                    operation["requestBody"] = {
                        "required": not reader.optional,
                        "content": {"application/json": {"schema": schema}},
                    }
                elif isinstance(reader, FileBody):
                    operation["requestBody"] = {"required": True, "content": _file_with(reader)}
                elif reader is upload:
                    operation["requestBody"] = {"required": True, "content": _UPLOAD}
            _describe(operation, f"{method} {route.path}", answers)
    _link(document)
    schemas = document.setdefault("components", {}).setdefault("schemas", {})
    for chosen, ref in ((models, _REF), (answers, _ANSWER_REF)):
        _, definitions = models_json_schema(
            [(model, "validation") for model in chosen], ref_template=ref
        )
        prefix = "" if ref is _REF else _ANSWER
        schemas.update({prefix + name: each for name, each in definitions["$defs"].items()})
    return document


def _describe(operation: dict[str, Any], row: str, answers: dict[type[BaseModel], None]) -> None:
    """Say what the route answers, and where it has a version or a place."""
    if row not in ANSWERS:
        return
    status, model, is_list = ANSWERS[row]
    answers[model] = None
    schema: dict[str, Any] = {"$ref": _ANSWER_REF.format(model=model.__name__)}
    if is_list:
        schema = {
            "type": "object",
            "required": ["items", "next"],
            "properties": {
                "items": {"type": "array", "items": schema},
                "next": {
                    "type": ["string", "null"],
                    "description": "The `cursor` of the next page.",
                },
            },
        }
    described: dict[str, Any] = operation["responses"].setdefault(str(status), {})
    described["description"] = "Created." if status == HTTPStatus.CREATED else "Done."
    described.setdefault("content", {}).setdefault("application/json", {})["schema"] = schema
    if "version" in model.model_fields and not is_list:
        described["headers"] = {"ETag": {"schema": {"type": "string"}}}
    if row == "GET /health/ready":
        operation["responses"]["503"]["content"] = {"application/json": {"schema": schema}}


def _link(document: dict[str, Any]) -> None:
    """Say which requests an answer leads to."""
    operations = {
        f"{method.upper()} {path.removeprefix(PREFIX)}": operation
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    }
    for row, operation in operations.items():
        if found := links_of(row, operations):
            operation["responses"][str(ANSWERS[row][0])]["links"] = found


_UPLOAD = {
    "multipart/form-data": {
        "schema": {
            "type": "object",
            "required": ["file"],
            "properties": {"file": {"type": "string", "format": "binary"}},
        }
    }
}


def _file_with(reader: FileBody) -> dict[str, Any]:
    """A form with one file, and what is said of it."""
    described = reader.model.model_json_schema(ref_template=_REF)
    described.pop("$defs", None)
    properties = {"file": {"type": "string", "format": "binary"}, **described["properties"]}
    schema = {**described, "required": ["file", *described["required"]], "properties": properties}
    return {"multipart/form-data": {"schema": schema}}


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
