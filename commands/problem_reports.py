"""Problems that readers report on a page, signed in or not, for administrators to read.

The words of a report are a text beside the chain, like all free text.
"""

import re
from enum import StrEnum
from typing import Any

from sqlmodel import col, select

from commands.office import Office
from schemas.errors import Forbidden, Gap, Malformed
from schemas.events import INSTALLATION, EventType
from schemas.people import Actor, Role, Viewer
from schemas.values import Value, instant
from store import chain, texts
from store.tables import EventRow

MOST_WORDS = 2000
MOST_PATH = 200
MOST_SHOWN = 200
UNKNOWN = Actor(id="unknown")


class Problem(StrEnum):
    """What may be wrong with a page (the choices of Canada.ca)."""

    BROKEN = "broken"
    SPELLING = "spelling"
    WRONG = "wrong"
    OUTDATED = "outdated"
    NOT_FOUND = "not_found"
    ACCESS = "access"
    OTHER = "other"


class Report(Value):
    """What a reader says about a page; `page` is its address without what it asks for."""

    page: str
    language: str
    problems: tuple[Problem, ...]
    words: str = ""


async def report(office: Office, viewer: Viewer | None, said: Report, request_id: str) -> None:
    """Keep a report; a second time changes nothing."""
    if not said.problems:
        raise Malformed(Gap(pointer="/problems", code="required"))
    if len(said.words) > MOST_WORDS:
        raise Malformed(Gap(pointer="/words", code="too_long", facts={"most": MOST_WORDS}))
    now = office.now()
    kept = {}
    async with office.database.writing() as session:
        if said.words:
            kept["words"] = await texts.put(
                session, INSTALLATION, f"problem-{request_id}", said.words, now=now
            )
        event = chain.installation_event(
            EventType.PROBLEM_REPORTED,
            Actor(id=viewer.id) if viewer else UNKNOWN,
            f"problem:{request_id}",
            now,
            data={
                "page": _known_page(said.page),
                "language": said.language,
                "problems": [each.value for each in said.problems],
            },
            texts=kept,
            request_id=request_id,
        )
        if not await chain.recorded_request(session, INSTALLATION, request_id):
            await chain.append(session, event, now=now)


async def reports(office: Office, viewer: Viewer) -> list[dict[str, Any]]:
    """The latest reports (administrators, auditors), the newest first."""
    if not viewer.holds(Role.ADMINISTRATOR) and not viewer.holds(Role.AUDITOR):
        raise Forbidden("administrators_only")
    async with office.database.reading() as session:
        rows = (
            await session.exec(
                select(EventRow)
                .where(
                    EventRow.subject == INSTALLATION, EventRow.type == EventType.PROBLEM_REPORTED
                )
                .order_by(col(EventRow.position).desc())
                .limit(MOST_SHOWN)
            )
        ).all()
        events = [chain.event_of(row) for row in rows]
        ids = [each.texts["words"].id for each in events if "words" in each.texts]
        bodies = await texts.read(session, ids)
    return [
        {
            "id": each.id,
            "at": instant(each.occurred_at),
            **each.data,
            "words": bodies.get(each.texts["words"].id) if "words" in each.texts else None,
        }
        for each in events
    ]


_SECRET = re.compile(r"^(/(?:en|fr)/password)/.*$")


def _known_page(page: str) -> str:
    """The path alone, never a link that opens something."""
    path = page.split("?", maxsplit=1)[0].split("#", maxsplit=1)[0][:MOST_PATH]
    return _SECRET.sub(r"\1", path)
