"""Documents of a task: what those who may take it attach while it is open.

Who may read the answers of a task may read its documents, and no partner ever knows of them. Once
the task is decided they stay as they are.
"""

from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from commands import attempts, deciding, receiving, taking, visible_documents
from commands.documents import Opened, check_room, hand_out, id_of, new_row
from commands.office import Office
from commands.receiving import Sent
from policy.rules import access
from schemas.errors import Forbidden, NotFound
from schemas.people import Candidacy, Viewer
from store import documents, questions
from store.tables import DocumentRow, ProposalRow, TaskRow


async def attach(
    office: Office, viewer: Viewer, task_id: str, sent: Sent, request_id: str
) -> dict[str, Any]:
    """Attach a document to an open task that one may take and nobody else holds."""
    document_id = id_of(request_id)
    async with office.database.reading() as session:
        row, _ = await taking.find_task(session, viewer, task_id)
        known = await session.get(DocumentRow, document_id)
        if known is None:
            await _changeable(session, viewer, task_id)
    if known is None:
        received = await receiving.receive(office, viewer, sent)
        now = office.now()
        async with office.database.writing(row.reference) as session:
            row, task, way = await _changeable(session, viewer, task_id)
            if await session.get(DocumentRow, document_id) is None:
                await _check_room(office, session, task, sent)
                document = new_row(document_id, row.reference, viewer, sent, received)
                document.task, document.added_at = task.id, now
                actor = viewer.acting_as(way)
                await documents.add(
                    session, document, received.name, sent.file, actor, request_id, now=now
                )
    async with office.database.reading() as session:
        found = await session.get(DocumentRow, document_id)
        if found is None:
            raise NotFound  # removed meanwhile
        return (await visible_documents.items(session, viewer, [found]))[0]


async def detach(office: Office, viewer: Viewer, task_id: str, document_id: str) -> None:
    """Remove a document that one has attached oneself, while the task is open."""
    async with office.database.reading() as session:
        row, _ = await taking.find_task(session, viewer, task_id)
    async with office.database.writing(row.reference) as session:
        _, task, way = await _changeable(session, viewer, task_id)
        document = await session.get(DocumentRow, document_id)
        if document is None or document.task != task.id:
            raise NotFound
        if document.added_by != viewer.id:
            raise Forbidden("not_your_document")
        await documents.remove(session, document, viewer.acting_as(way), now=office.now())


async def listed(office: Office, viewer: Viewer, task_id: str) -> list[dict[str, Any]]:
    """The documents of the task, the oldest first."""
    async with office.database.reading() as session:
        task = await _readable(session, viewer, task_id)
        return (await visible_documents.of_tasks(session, viewer, [task])).get(task.id, [])


async def opened(office: Office, viewer: Viewer, task_id: str, document_id: str) -> Opened:
    """A document of the task; that somebody was handed screening evidence is recorded."""
    async with office.database.reading() as session:
        task = await _readable(session, viewer, task_id)
        document = await session.get(DocumentRow, document_id)
        if document is None or document.task != task.id:
            raise NotFound
        closed = await questions.closed(session, viewer, [task])
        if task.id in closed and document.added_by != viewer.id:
            raise NotFound
        handed = await hand_out(office, session, viewer, document)
    if task.evidence:
        await attempts.record_evidence_read(office, viewer.id, task)
    return handed


async def _readable(session: AsyncSession, viewer: Viewer, task_id: str) -> TaskRow:
    _, task = await taking.find_task(session, viewer, task_id)
    if not access.may_see_answers(viewer):
        raise Forbidden("answers_not_for_role")
    return task


async def _changeable(
    session: AsyncSession, viewer: Viewer, task_id: str
) -> tuple[ProposalRow, TaskRow, Candidacy]:
    row, task = await taking.find_task(session, viewer, task_id)
    way = taking.candidacies(viewer, task)[0]
    await deciding.check_free(session, task, viewer)
    return row, task, way


async def _check_room(office: Office, session: AsyncSession, task: TaskRow, sent: Sent) -> None:
    allowed = receiving.policy_of(office)
    used = await documents.used(session, task.reference, task.id)
    check_room(
        used.documents,
        used.size,
        sent,
        most=allowed.most_documents_per_task,
        most_bytes=allowed.most_bytes_together,
    )
