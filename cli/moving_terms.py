"""`accord policy migrate`: what newer terms would change for proposals under way, and moving them.

It is done as a programme officer who is named, under that person's grants: the record says who.
"""

import json
import uuid
from typing import Any

from api.sentences import sentence
from cli.building import build_office
from cli.settings import Settings
from commands import moving
from commands.office import Office
from schemas.errors import AccordError, Malformed
from schemas.people import Viewer
from schemas.requests import MoveRequest
from store import people

_PAGE = 50


async def migrate(
    settings: Settings,
    version: str,
    email: str,
    *,
    reason: str | None,
    only: list[str],
    as_json: bool,
) -> int:
    """Preview, or with a *reason* move, what is under way; 1 where something was refused."""
    async with build_office(settings) as office:
        return await run(office, version, email, reason=reason, only=only, as_json=as_json)


async def run(
    office: Office,
    version: str,
    email: str,
    *,
    reason: str | None,
    only: list[str],
    as_json: bool,
) -> int:
    """As `migrate`, in an office that stands already; a line for each proposal, or JSON."""
    viewer = await _person(office, email)
    if viewer is None:
        print(f"Nobody who signs in with {email} holds a role today.")  # noqa: T201
        return 1
    refused = told = 0
    cursor: str | None = None
    while True:
        try:
            page = await moving.previews(
                office, viewer, version.partition("/")[0], version, limit=_PAGE, cursor=cursor
            )
        except AccordError as error:
            print(_said(error))  # noqa: T201
            return 1
        for item in page["items"]:
            if only and item["reference"] not in only:
                continue
            told += 1
            if reason is not None and item["refused"] is None:
                item["refused"] = await _move(office, viewer, item, version, reason)
            refused += item["refused"] is not None
            print(json.dumps(item) if as_json else _line(item, moved=reason is not None))  # noqa: T201
        cursor = page["next"]
        if cursor is None:
            break
    if not as_json:
        verb = "refused" if reason is not None else "would be refused"
        print(f"{told} proposals, {refused} {verb}.")  # noqa: T201
    return 1 if refused and reason is not None else 0


async def _move(
    office: Office, viewer: Viewer, item: dict[str, Any], version: str, reason: str
) -> dict[str, Any] | None:
    request = MoveRequest(to=version, seen=item["seen"], reason=reason)
    try:
        await moving.move(office, viewer, item["reference"], request, uuid.uuid4().hex)
    except AccordError as error:
        return {"code": error.code, "facts": error.facts}
    return None


async def _person(office: Office, email: str) -> Viewer | None:
    async with office.database.reading() as session:
        row = await people.by_email(session, email)
        return None if row is None else await people.viewer_of_person(session, row, office.today())


def _line(item: dict[str, Any], *, moved: bool) -> str:
    if item["refused"]:
        why = item["refused"]
        return f"{item['reference']}  {item['stage']}  {sentence(why['code'], why['facts'], 'en')}"
    parts = [
        f"-> {item['stage_after']}" if item["stage_after"] != item["stage"] else "",
        *(f"+{opened['kind']}" for opened in item["opens"]),
        *(f"-{task}" for task in item["cancels"]),
        *(f"again {task}" for task in item["asks_again"]),
        *(
            f"{c['code']}: {c['before'] or 'none'} -> {c['after'] or 'none'}"
            for c in item["checks"]
        ),
    ]
    said = "  ".join(part for part in parts if part) or "asks nothing else"
    return f"{item['reference']}  {item['stage']}  {'moved  ' if moved else ''}{said}"


def _said(error: AccordError) -> str:
    if isinstance(error, Malformed):
        return "\n".join(sentence(gap.code, gap.facts, "en") for gap in error.gaps)
    return sentence(error.code, error.facts, "en")
