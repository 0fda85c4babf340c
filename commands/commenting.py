"""Saying something beside a task, for those who work on the case: no decision, and no part of one.

Kept in the store alone; the engine hears nothing of it, and the partner never reads it.
"""

from typing import Any

from commands import attempts, comments, taking
from commands.office import Office
from policy.rules import access, on_behalf
from schemas.errors import Forbidden
from schemas.events import Event, EventType
from schemas.people import Candidacy, Candidate, Viewer
from schemas.requests import CommentRequest
from schemas.tasks import TaskKind
from store import chain, recording, texts
from store.tables import TaskRow


async def comment(
    office: Office, viewer: Viewer, task_id: str, request: CommentRequest, request_id: str
) -> dict[str, Any]:
    """Say something beside a task, decided or not; it cannot be taken back."""
    now = office.now()
    async with office.database.writing() as session:
        row, task = await taking.find_task(session, viewer, task_id)
        if not access.may_comment(viewer):
            raise Forbidden("comments_not_for_role")
        if not await chain.recorded_request(session, row.reference, request_id):
            text = await texts.put(
                session, row.reference, f"{request_id}-comment", request.text, now=now
            )
            event = Event(
                subject=row.reference,
                source=f"comment:{request_id}",
                source_seq=1,
                type=EventType.TASK_COMMENTED,
                occurred_at=now,
                actor=viewer.acting_as(_way(viewer, task)),
                request_id=request_id,
                policy_version=row.policy_version,
                data={"task": task.id},
                texts={"comment": text},
            )
            await recording.record_event(session, event, now=now)
        said = [
            event
            for event in await comments.of_proposal(session, row.reference)
            if event.request_id == request_id
        ]
        shown = await comments.shown(session, viewer, said)
    return shown[task_id][0]


def _way(viewer: Viewer, task: TaskRow) -> Candidacy | Candidate:
    """As whom somebody speaks: as a candidate of the task where they are one."""
    ways = on_behalf.candidacies(viewer, taking.candidates_of(task), task.reference)
    return ways[0] if ways else viewer.grants[0]


async def comments_of(office: Office, viewer: Viewer, task_id: str) -> list[dict[str, Any]]:
    """What was said beside a task, oldest first.

    That somebody read what was said of the evidence of screening is recorded.
    """
    async with office.database.reading() as session:
        row, task = await taking.find_task(session, viewer, task_id)
        events = await comments.of_proposal(session, row.reference)
        found = (await comments.shown(session, viewer, events)).get(task_id, [])
    if found and task.kind == TaskKind.ADJUDICATE:
        await attempts.record_evidence_read(office, viewer.id, task)
    return found
