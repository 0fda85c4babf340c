"""What happened to a proposal since a person of the department last looked at it.

Told as its history is, by `commands.histories`, which alone decides what one reads. How far one
has read is kept beside the chain (`store.looks`); partners' looks are not.
"""

from typing import Any

import structlog
from sqlalchemy.exc import OperationalError
from sqlmodel.ext.asyncio.session import AsyncSession

from commands import histories, visible_documents
from commands.office import Office
from schemas.events import EventType, Recorded
from schemas.people import Viewer
from store import chain, looks, visibility
from store.tables import ProposalRow

log = structlog.get_logger()

MOST = 40
"""So many things are told at once; what is older stands in the history."""
CHASING = frozenset(
    {
        EventType.TASK_OPENED,
        EventType.TASK_NUDGED,
        EventType.TASK_REMINDED,
        EventType.TASK_OVERDUE,
        EventType.TASK_ESCALATED,
        EventType.STANDARD_NEARING,
        EventType.STANDARD_MISSED,
        EventType.STANDARD_ESCALATED,
        EventType.SUBSTITUTE_DRAWN,
        EventType.NOBODY_LEFT,
        EventType.REROUTED,
        EventType.CAME_BACK,
        EventType.QUESTION_REMINDED,
        EventType.RETRIED,
        EventType.CONDITION_REMINDED,
        EventType.CONDITION_OVERDUE,
        EventType.CONDITION_ESCALATED,
        EventType.REPORT_REMINDED,
        EventType.REPORT_OVERDUE,
        EventType.LETTER_SENT_AGAIN,
    }
)
"""Who is asked and how often: the page of a task says that by itself."""
_SENDING = frozenset(
    {
        EventType.SUBMITTED,
        EventType.RESUBMITTED,
        EventType.QUESTION_ANSWERED,
        EventType.EVIDENCE_GIVEN,
    }
)
"""With these the department comes to know of documents that were attached before."""


async def since_last_look(
    office: Office, viewer: Viewer, reference: str, *, keeps: bool
) -> dict[str, Any] | None:
    """What others did since *viewer* last looked, `{items, more}`; None for who never did.

    The items are those of the history, oldest first; *more* counts those before them. With
    *keeps* this is a look as well, which is written down when there was anything new.
    """
    now = office.now()
    async with office.database.reading() as session:
        row = await visibility.find(session, viewer, reference)
        if visibility.sees_partner_view(viewer, row) or row.submitted_at is None:
            return None
        look = await looks.last(session, viewer.id, reference)
        told = None
        if look is not None:
            told = await _told(office, session, row, viewer, looks.read_until(look, now))
    if keeps and (look is None or look.seen < row.chain_position):
        await _keep(office, viewer, reference, row.chain_position)
    return told


async def _told(
    office: Office, session: AsyncSession, row: ProposalRow, viewer: Viewer, after: int
) -> dict[str, Any]:
    events = [e for e in await _events(session, row, after) if _is_news(e, viewer)]
    if not events:
        return {"items": [], "more": 0}
    told = await histories.to_staff(office.catalogue, session, row, viewer, events)
    items = list(told.values())
    return {"items": items[-MOST:], "more": max(0, len(items) - MOST)}


async def _events(session: AsyncSession, row: ProposalRow, after: int) -> list[Recorded]:
    """What became known behind position *after*."""
    events = await chain.events_of(session, row.reference, after=after)
    if not any(event.type in _SENDING for event in events):
        unsent = await visible_documents.unsent(session, row, events)
        return [event for event in events if event.position not in unsent]
    earlier = await chain.events_of(session, row.reference, limit=after) if after else []
    was_unsent = await visible_documents.unsent(session, row, earlier)
    known = await histories.staffs(session, row)
    return [e for e in known if e.position > after or e.position in was_unsent]


def _is_news(event: Recorded, viewer: Viewer) -> bool:
    return event.type not in CHASING and event.actor.id != viewer.id


async def _keep(office: Office, viewer: Viewer, reference: str, seen: int) -> None:
    """In a transaction of its own, in which nobody waits for anything but this person's look."""
    try:
        async with office.database.writing(f"look:{viewer.id}:{reference}") as session:
            await looks.keep(session, viewer.id, reference, seen, office.now())
    except OperationalError:
        # What one asked for was read; it is told as new once more.
        log.info("look_not_kept", proposal=reference)
