"""Which documents a person may know of, and how one is told.

The partner's own; to staff those that a submitted revision names; those of a task to whoever may
read its answers. Nobody is told of a task's documents who may not know of the task.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from commands import disposals, given_documents
from policy import labels
from policy.rules import access
from schemas.events import EventType, Recorded
from schemas.people import Viewer
from schemas.values import instant
from store import documents, people, questions, texts, visibility
from store.tables import DocumentRow, DraftRow, ProposalRow, TaskRow


async def of_proposal(
    session: AsyncSession, viewer: Viewer, row: ProposalRow
) -> Sequence[DocumentRow]:
    """The partner's documents that *viewer*, who sees the proposal, may read."""
    found = await documents.of_proposal(session, row.reference)
    if visibility.sees_partner_view(viewer, row):
        return found
    # What the partner is still writing is the partner's own until it is submitted.
    given = given_documents.ids_of(row)
    return [
        each
        for each in found
        if each.id in given or (each.revision is not None and each.revision <= row.revision)
    ]


async def of_tasks(
    session: AsyncSession, viewer: Viewer, tasks: Iterable[TaskRow]
) -> dict[str, list[dict[str, Any]]]:
    """The documents of *tasks*, all of which *viewer* knows of; told to those who read answers.

    Beside a question of several people one reads one's own until all have answered.
    """
    if not access.may_see_answers(viewer):
        return {}
    tasks = list(tasks)
    closed = await questions.closed(session, viewer, tasks)
    attached = await documents.of_tasks(session, [task.id for task in tasks])
    rows = [row for row in attached if row.task not in closed or row.added_by == viewer.id]
    found: dict[str, list[dict[str, Any]]] = {}
    for row, item in zip(rows, await items(session, viewer, rows), strict=True):
        found.setdefault(row.task or "", []).append(item)
    return found


async def unsent(session: AsyncSession, row: ProposalRow, events: Iterable[Recorded]) -> set[int]:
    """Positions of events about the partner's working copy, which is its own until it is sent.

    What was attached and never submitted, and what changed since the last submission.
    """
    about: dict[int, str] = {}
    waiting: set[int] = set()
    for event in events:
        if event.type in (EventType.SUBMITTED, EventType.RESUBMITTED):
            waiting.clear()
        elif event.type in (EventType.EVIDENCE_GIVEN, EventType.QUESTION_ANSWERED):
            given = {each["id"] for each in event.data.get("documents", ())}
            waiting = {at for at in waiting if about[at] not in given}
        elif event.type in (EventType.DOCUMENT_ADDED, EventType.DOCUMENT_REMOVED):
            about[event.position] = event.data["document"]
            waiting.add(event.position)
    if not about:
        return set()
    rows = await documents.of_proposal(session, row.reference)
    sent = {each.id for each in rows if each.revision is not None}
    sent |= given_documents.ids_of(row)
    return waiting | {position for position, document in about.items() if document not in sent}


def at(events: Iterable[Recorded]) -> list[dict[str, Any]]:
    """The documents that were attached once *events* had happened, as events tell of them."""
    found: dict[str, dict[str, Any]] = {}
    for event in events:
        if event.type in (EventType.DOCUMENT_ADDED, EventType.TASK_DOCUMENT_ADDED):
            found[event.data["document"]] = {
                "task": None,
                **{name if name != "document" else "id": each for name, each in event.data.items()},
                "added_at": instant(event.occurred_at),
            }
        elif event.type in (EventType.DOCUMENT_REMOVED, EventType.TASK_DOCUMENT_REMOVED):
            found.pop(event.data["document"], None)
    return list(found.values())


async def items(
    session: AsyncSession,
    viewer: Viewer,
    rows: Sequence[DocumentRow],
    *,
    partner: bool = False,
) -> list[dict[str, Any]]:
    """The documents in a list, with what is said of them read at once.

    Of a task's it is told who attached them; *partner*: whether the working copy names them.
    """
    ids = [row.name_text for row in rows]
    names = await texts.read(session, ids)
    gone = await disposals.of_texts(session, ids, viewer.language)
    adders = await people.names_of(session, {row.added_by for row in rows if row.task})
    attached = await _in_working_copies(session, rows) if partner else set()
    return [
        {
            "id": row.id,
            "name": names.get(row.name_text),
            "kind": row.kind,
            "kind_name": labels.option("document_kind", row.kind).in_language(viewer.language),
            "language": row.language,
            "marking": row.marking,
            "marking_name": labels.option("marking", row.marking).in_language(viewer.language),
            "media_type": row.media_type,
            "size": row.size,
            "sha256": row.sha256,
            "added_at": instant(row.added_at),
            "disposed": gone.get(row.name_text),
            **(
                {"added_by": {"id": row.added_by, "name": adders.get(row.added_by, row.added_by)}}
                if row.task
                else {"revision": row.revision}
            ),
            **({"attached": row.id in attached} if partner else {}),
        }
        for row in rows
    ]


async def _in_working_copies(session: AsyncSession, rows: Sequence[DocumentRow]) -> set[str]:
    drafts = await session.exec(
        select(DraftRow).where(col(DraftRow.reference).in_({row.reference for row in rows}))
    )
    return {each["id"] for draft in drafts for each in draft.content.get("documents", ())}
