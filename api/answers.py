"""The JSON of every answer: instants in UTC with `Z`, versions as entity tags."""

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from urllib.parse import quote

from fastapi import Response
from fastapi.responses import StreamingResponse
from pydantic import BaseModel

from commands.documents import Opened
from commands.printing import Printed
from papers.typesetting import MEDIA_TYPE

PREFIX = "/api/v1"


def answered(
    body: object, *, status: int = 200, version: int | None = None, location: str | None = None
) -> Response:
    """An answer with its `ETag` (where it can be edited) and `Location` (where it is new)."""
    headers = {}
    if version is not None:
        headers["ETag"] = f'"{version}"'
    if location is not None:
        headers["Location"] = f"{PREFIX}{location}"
    return Response(render(body), status, headers, "application/json")


def to_keep(name: str) -> dict[str, str]:
    """Headers of a file to keep, never a page to show, whatever a browser thinks it is."""
    plain = name.encode("ascii", "replace").decode().replace('"', "_").replace("?", "_")
    return {
        "Content-Disposition": f'attachment; filename="{plain}"; '
        f"filename*=UTF-8''{quote(name, safe='')}",
        "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; sandbox",
        "X-Content-Type-Options": "nosniff",
    }


def handed_out(opened: Opened) -> Response:
    """A document, part by part."""
    return StreamingResponse(
        opened.parts,
        media_type=opened.media_type,
        headers={
            **to_keep(opened.name),
            "Content-Length": str(opened.size),
            "ETag": f'"{opened.sha256}"',
        },
    )


def paper(printed: Printed) -> Response:
    """A paper in one piece."""
    return Response(printed.body, media_type=MEDIA_TYPE, headers=to_keep(printed.name))


def render(value: object) -> bytes:
    return json.dumps(
        value, ensure_ascii=False, separators=(",", ":"), allow_nan=False, default=_plain
    ).encode()


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json")
    if isinstance(value, Decimal):
        return str(value)
    raise TypeError(f"not a JSON value: {type(value).__name__}")
