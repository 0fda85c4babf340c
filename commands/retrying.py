"""Retry now: what fails for a proposal and waits for its next try is tried at once.

It changes when something is tried, never what is tried: nothing is skipped, decided or repaired.
"""

from typing import Any

import structlog

from commands import failing
from commands.office import Office
from schemas.engine import Work
from schemas.errors import Forbidden, Refused
from schemas.events import Event, EventType
from schemas.people import ALL, Candidate, Role, Viewer
from store import chain, mails, messages, recording, visibility

log = structlog.get_logger()


async def retry(office: Office, viewer: Viewer, reference: str, request_id: str) -> dict[str, Any]:
    """Let messages, e-mails and the engine's work for the proposal be tried now (administrators).

    Recorded before it is done: who repeats the request hastens again and records nothing more.
    """
    async with office.database.reading() as session:
        row = await visibility.find(session, viewer, reference)
    if not viewer.holds(Role.ADMINISTRATOR):
        raise Forbidden("administrators_only")
    works = [t.work for t in await failing.of_engine(office, row) if t.work is not Work.NEXT_STEP]
    now = office.now()
    async with office.database.writing(reference) as session:
        if not await chain.recorded_request(session, reference, request_id):
            left = [message.id for message in await failing.undelivered(session, reference, now)]
            unsent = [mail.id for mail in await failing.unsent(session, reference)]
            if not (works or left or unsent):
                raise Refused("nothing_to_retry")
            await messages.hasten(session, reference, now)
            for mail in unsent:
                await mails.again(session, mail, now)
            role = Candidate(role=Role.ADMINISTRATOR, scope=ALL)
            event = Event(
                subject=reference,
                source=f"retry:{request_id}",
                source_seq=1,
                type=EventType.RETRIED,
                occurred_at=now,
                actor=viewer.acting_as(role),
                request_id=request_id,
                policy_version=row.policy_version,
                data={"works": sorted(works), "messages": len(left), "mails": len(unsent)},
            )
            await recording.record_event(session, event, now=now)
        asked = await chain.event_of_request(session, reference, request_id)
    if works:
        await office.gateway.hasten(reference)
    log.info("retry_hastened", proposal=reference)
    return dict(asked.data) if asked else {}
