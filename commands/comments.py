"""What was said beside a task, as it is shown: the words are texts, the chain knows who and when.

Saying something is `commands.commenting`.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from commands import disposals
from policy.rules import access
from schemas.events import EventType, Recorded
from schemas.people import Viewer
from schemas.values import instant
from store import chain, people, questions, texts
from store.tables import EventRow


async def of_proposal(session: AsyncSession, reference: str) -> list[Recorded]:
    """Every event of a comment on a task of the proposal, oldest first."""
    rows = await session.exec(
        select(EventRow)
        .where(EventRow.subject == reference, EventRow.type == EventType.TASK_COMMENTED)
        .order_by(col(EventRow.position))
    )
    return [chain.event_of(row) for row in rows]


async def shown(
    session: AsyncSession, viewer: Viewer, events: Iterable[Recorded]
) -> dict[str, list[dict[str, Any]]]:
    """The comments among *events* by their tasks; none to those who may not read answers.

    Beside a question of several people one reads one's own until all have answered.
    Who may know of which task is for the caller to say.
    """
    said = [event for event in events if event.type is EventType.TASK_COMMENTED]
    if not said or not access.may_see_answers(viewer):
        return {}
    closed = await questions.closed_on(session, viewer, {event.subject for event in said})
    said = [e for e in said if e.data["task"] not in closed or e.actor.id == viewer.id]
    ids = [event.texts["comment"].id for event in said]
    words = await texts.read(session, ids)
    gone = await disposals.of_texts(session, ids, viewer.language)
    actors = [event.actor for event in said]
    names = await people.names_of(
        session, {each.id for each in actors} | {each.on_behalf_of for each in actors}
    )
    found: dict[str, list[dict[str, Any]]] = {}
    for event, text in zip(said, ids, strict=True):
        found.setdefault(event.data["task"], []).append(
            {
                "id": event.id,
                "at": instant(event.occurred_at),
                "by": _named(event.actor.id, names),
                "on_behalf_of": _named(event.actor.on_behalf_of, names),
                "delegation": event.actor.delegation,
                "role": event.actor.role,
                "text": words.get(text),
                "disposed": gone.get(text),
            }
        )
    return found


def _named(person: str | None, names: Mapping[str, str]) -> dict[str, str] | None:
    return {"id": person, "name": names.get(person, person)} if person else None
