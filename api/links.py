"""Which answer leads to which requests: the links of the OpenAPI.

They say where an id comes from, so that a reader, a generated client and a test that wanders
through the API can go on with what an answer names.
"""

from collections.abc import Mapping
from typing import Any

from api.described import ANSWERS

LEADS = (
    ("POST /proposals", "reference", "/reference"),
    ("GET /proposals", "reference", "/items/0/reference"),
    ("GET /proposals/{reference}", "reference", "/reference"),
    ("GET /tasks", "task_id", "/items/0/id"),
    ("GET /proposals/{reference}/tasks", "task_id", "/items/0/id"),
    ("GET /tasks/{task_id}", "task_id", "/id"),
    ("POST /tasks/{task_id}/claim", "task_id", "/id"),
    ("GET /tasks/{task_id}", "reference", "/reference"),
    ("POST /proposals/{reference}/documents", "document_id", "/id"),
    ("GET /proposals/{reference}/documents", "document_id", "/items/0/id"),
    ("POST /proposals/{reference}/repairs", "repair_id", "/id"),
    ("GET /proposals/{reference}/repairs", "repair_id", "/items/0/id"),
    ("POST /tasks/{task_id}/documents", "attachment_id", "/id"),
    ("GET /tasks/{task_id}/documents", "attachment_id", "/items/0/id"),
    ("POST /bulk", "job_id", "/id"),
    ("GET /bulk", "job_id", "/items/0/id"),
    ("GET /organizations", "organization_id", "/items/0/id"),
    ("POST /organizations", "organization_id", "/id"),
    ("GET /organizations/{organization_id}", "organization_id", "/id"),
    ("GET /people", "person_id", "/items/0/id"),
    ("GET /people", "grant_id", "/items/0/grants/0/id"),
    ("POST /people/{person_id}/grants", "grant_id", "/id"),
    ("GET /grants", "grant_id", "/items/0/id"),
    ("GET /calls", "call_id", "/items/0/id"),
    ("POST /calls", "call_id", "/id"),
    ("GET /funds", "fund_id", "/items/0/id"),
    ("POST /fund-openings", "opening_id", "/id"),
    ("GET /fund-openings", "opening_id", "/items/0/id"),
    ("POST /funds/{fund_id}/corrections", "correction_id", "/id"),
    ("GET /funds/{fund_id}/corrections", "correction_id", "/items/0/id"),
    ("GET /lists", "list_id", "/items/0/id"),
)
"""A route, the parameter of a path that its answer fills, and where that stands in the answer."""

_BODIES = {
    ("GET /tasks/{task_id}", "POST /tasks/{task_id}/decision"): {
        "outcome": "$response.body#/outcomes/0/code",
        "answers": "$response.body#/form/examples/0",
        "reason": "In order.",
    },
    ("GET /tasks/{task_id}", "PUT /tasks/{task_id}/answers"): "$response.body#/form/examples/0",
    ("GET /proposals/{reference}", "PUT /proposals/{reference}"): {
        "programme": "$response.body#/programme",
    },
    ("POST /proposals", "PUT /proposals/{reference}"): {"programme": "$response.body#/programme"},
}
"""What may be sent on where an answer offers it."""


def links_of(row: str, operations: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """The links of the answer of *row*; *operations* are those of the document, by their rows."""
    links: dict[str, Any] = {}
    for source, parameter, pointer in LEADS:
        if source != row:
            continue
        for target, operation in operations.items():
            if f"{{{parameter}}}" not in target or ("{n}" in target and not _is_versioned(row)):
                continue
            fills = {f"path.{parameter}": f"$response.body#{pointer}"}
            if (
                _is_versioned(source)
                and _kind(source) == _kind(target)
                and _asks_version(operation)
            ):
                fills["header.If-Match"] = "$response.header.ETag"
            link: dict[str, Any] = {"operationId": operation["operationId"], "parameters": fills}
            if (row, target) in _BODIES:
                link["requestBody"] = _BODIES[row, target]
            links[operation["operationId"]] = link
    return links


def _kind(row: str) -> str:
    return row.split("/")[1]


def _is_versioned(row: str) -> bool:
    _, model, is_list = ANSWERS[row]
    return "version" in model.model_fields and not is_list


def _asks_version(operation: Mapping[str, Any]) -> bool:
    return any(each["name"] == "If-Match" for each in operation.get("parameters", ()))
