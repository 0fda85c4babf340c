"""What one person proposes and a second confirms, as both read it: by whom, when, and why."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Protocol

from sqlmodel.ext.asyncio.session import AsyncSession

from schemas.people import SYSTEM
from schemas.values import instant
from store import people, texts


class Proposed(Protocol):
    """A row of what was proposed; `reason` and `answer` are texts."""

    reason: str
    proposed_by: str
    proposed_at: datetime
    due_at: datetime
    ended_by: str | None
    ended_at: datetime | None
    answer: str | None


async def told(session: AsyncSession, rows: Sequence[Proposed]) -> list[dict[str, Any]]:
    """Of each of *rows*, in their order, who proposed and ended it, when, and their words.

    Accord itself ends what nobody answers: then no person has.
    """
    words = await texts.read(
        session, [each for row in rows for each in (row.reason, row.answer) if each]
    )
    who = {each for row in rows for each in (row.proposed_by, row.ended_by) if each}
    names = await people.names_of(session, who)

    def person(id_: str | None) -> dict[str, str] | None:
        return {"id": id_, "name": names.get(id_, id_)} if id_ and id_ != SYSTEM.id else None

    return [
        {
            "reason": words.get(row.reason),
            "proposed_by": person(row.proposed_by),
            "proposed_at": instant(row.proposed_at),
            "due_at": instant(row.due_at),
            "ended_by": person(row.ended_by),
            "ended_at": at(row.ended_at),
            "answer": words.get(row.answer or ""),
        }
        for row in rows
    ]


def at(moment: datetime | None) -> str | None:
    """The instant as answers tell it; None where there is none."""
    return instant(moment) if moment else None
