"""What the OpenAPI says of every route: its answer, and every way in which it may refuse."""

from api.described import ANSWERS
from api.openapi import SHARED_REFUSALS, complete, routes_of
from api.routers import ROUTERS


def document():
    from fastapi import FastAPI  # noqa: PLC0415

    from api import openapi  # noqa: PLC0415

    app = FastAPI(responses=openapi.refusals())
    for router in ROUTERS:
        app.include_router(router, prefix="/api/v1")
    return complete(app.openapi(), routes_of(ROUTERS))


def operations():
    for path, methods in document()["paths"].items():
        for method, operation in methods.items():
            yield f"{method.upper()} {path.removeprefix('/api/v1')}", operation


def test_every_answer_is_described():
    rows = dict(operations())

    assert set(ANSWERS) <= set(rows)
    for row, (status, model, is_list) in ANSWERS.items():
        content = rows[row]["responses"][str(status)]["content"]["application/json"]
        schema = content["schema"]["properties"]["items"]["items"] if is_list else content["schema"]
        assert schema == {"$ref": f"#/components/schemas/Answer.{model.__name__}"}, row


def test_every_refusal_is_a_problem():
    for row, operation in operations():
        for status in SHARED_REFUSALS:
            kinds = set(operation["responses"][str(status)]["content"])
            assert kinds == {"application/problem+json"} or row == "GET /health/ready", row


def test_every_route_says_what_it_is_for():
    for row, operation in operations():
        assert operation.get("description") or operation.get("summary"), row
