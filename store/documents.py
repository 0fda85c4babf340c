"""Documents and their bytes: kept once per proposal and digest, added and removed with an event.

Bytes stand in the store beside everything else, so that one backup, many machines and the
retention rules cover them. They are written and read in parts: no process holds a whole document.
"""

import hashlib
from collections.abc import AsyncIterator, Iterable, Sequence
from datetime import datetime
from typing import BinaryIO, NamedTuple

from sqlalchemy import delete, func, update
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from schemas.documents import Attached, DocumentKind, Marking
from schemas.events import Event, EventType
from schemas.people import Actor
from store import recording, texts
from store.database import Database
from store.tables import DocumentPartRow, DocumentRow, TextRow

PART_BYTES = 1024 * 1024
ERASED = "document_removed"
"""Under what the name of a document is disposed of that was removed before it was submitted."""

FILE_NAME, ATTACHMENT_NAME = "file_name", "attachment_name"
"""Under which name an event has the name of a proposal's document, and of a task's."""


class BytesChanged(Exception):
    """What is kept under a digest has another one: it is handed out to nobody."""


class Used(NamedTuple):
    """How many documents there are, and how many bytes they have together."""

    documents: int
    size: int


async def add(
    session: AsyncSession,
    document: DocumentRow,
    name: str,
    file: BinaryIO,
    actor: Actor,
    request_id: str,
    *,
    now: datetime,
) -> None:
    """Keep *document* with its name and its bytes, and record that it was added.

    The caller has checked that it may be, inside the same transaction.
    """
    ref = await texts.put(session, document.reference, document.name_text, name, now=now)
    await _put_bytes(session, document, file)
    session.add(document)
    event = Event(
        subject=document.reference,
        source=f"document:{document.id}",
        source_seq=1,
        type=EventType.TASK_DOCUMENT_ADDED if document.task else EventType.DOCUMENT_ADDED,
        occurred_at=now,
        actor=actor,
        request_id=request_id,
        data=facts(document),
        texts={ATTACHMENT_NAME if document.task else FILE_NAME: ref},
    )
    await recording.record_event(session, event, now=now)


async def remove(
    session: AsyncSession, document: DocumentRow, actor: Actor, *, now: datetime
) -> None:
    """Record that *document* was removed; its name and bytes go unless a revision names it."""
    erased = document.revision is None
    event = Event(
        subject=document.reference,
        source=f"document:{document.id}",
        source_seq=2,
        type=EventType.TASK_DOCUMENT_REMOVED if document.task else EventType.DOCUMENT_REMOVED,
        occurred_at=now,
        actor=actor,
        data={**facts(document), "erased": document.name_text if erased else None},
    )
    await recording.record_event(session, event, now=now)
    if not erased:
        return
    await session.delete(document)
    await session.exec(
        update(TextRow)
        .where(col(TextRow.id) == document.name_text)
        .values(body=None, salt="", disposed_at=now, disposed_under=ERASED)
    )
    await session.flush()
    await _drop_unused(session, document.reference, [document.sha256])


def facts(document: DocumentRow) -> dict[str, str | int | None]:
    """What events tell of a document: codes and its digest, not its name."""
    told: dict[str, str | int | None] = {
        "document": document.id,
        "kind": document.kind,
        "language": document.language,
        "marking": document.marking,
        "media_type": document.media_type,
        "size": document.size,
        "sha256": document.sha256,
    }
    return {**told, "task": document.task} if document.task else told


def attached(document: DocumentRow, name: str | None) -> Attached:
    """The document as the content of a proposal names it."""
    return Attached(
        id=document.id,
        name=name,
        kind=DocumentKind(document.kind),
        language=document.language,
        marking=Marking(document.marking),
        media_type=document.media_type,
        size=document.size,
        sha256=document.sha256,
    )


async def freeze(session: AsyncSession, reference: str, ids: Iterable[str], revision: int) -> None:
    """Keep these documents with *revision*, unless an earlier one has them already."""
    await session.exec(
        update(DocumentRow)
        .where(
            col(DocumentRow.reference) == reference,
            col(DocumentRow.id).in_(list(ids)),
            col(DocumentRow.revision).is_(None),
        )
        .values(revision=revision)
    )


async def thaw(session: AsyncSession, reference: str, revision: int) -> None:
    """Undo `freeze` for a revision that was never received."""
    await session.exec(
        update(DocumentRow)
        .where(col(DocumentRow.reference) == reference, col(DocumentRow.revision) == revision)
        .values(revision=None)
    )


async def of_proposal(session: AsyncSession, reference: str) -> Sequence[DocumentRow]:
    """The partner's documents of a proposal, the oldest first."""
    rows = await session.exec(
        select(DocumentRow)
        .where(DocumentRow.reference == reference, col(DocumentRow.task).is_(None))
        .order_by(col(DocumentRow.added_at), col(DocumentRow.id))
    )
    return rows.all()


async def of_tasks(session: AsyncSession, tasks: Iterable[str]) -> Sequence[DocumentRow]:
    """The documents of these tasks, the oldest first."""
    rows = await session.exec(
        select(DocumentRow)
        .where(col(DocumentRow.task).in_(list(tasks)))
        .order_by(col(DocumentRow.added_at), col(DocumentRow.id))
    )
    return rows.all()


async def used(session: AsyncSession, reference: str, task: str | None = None) -> Used:
    """What the partner's documents of a proposal take, or those of one of its tasks."""
    mine = col(DocumentRow.task) == task if task else col(DocumentRow.task).is_(None)
    found = await session.exec(
        select(func.count(), func.coalesce(func.sum(DocumentRow.size), 0)).where(
            DocumentRow.reference == reference, mine
        )
    )
    number, size = found.one()
    return Used(int(number), int(size))


async def read(database: Database, reference: str, sha256: str) -> AsyncIterator[bytes]:
    """The bytes part by part, each in a transaction of its own: a slow reader holds up nobody.

    Raises BytesChanged instead of giving the last part where they are not those of the digest.
    """
    whole, held, number = hashlib.sha256(), b"", 0
    while True:
        async with database.reading() as session:
            part = await session.get(DocumentPartRow, (reference, sha256, number))
        if part is None:
            break
        if number:
            yield held
        held, number = part.data, number + 1
        whole.update(held)
    if whole.hexdigest() != sha256:
        raise BytesChanged(sha256)
    yield held


async def forget(session: AsyncSession, reference: str) -> None:
    """Drop the bytes of documents whose names are disposed of."""
    gone = await session.exec(
        select(DocumentRow.sha256)
        .join(TextRow, col(TextRow.id) == col(DocumentRow.name_text))
        .where(DocumentRow.reference == reference, col(TextRow.disposed_at).is_not(None))
    )
    await _drop_unused(session, reference, set(gone))


async def _put_bytes(session: AsyncSession, document: DocumentRow, file: BinaryIO) -> None:
    known = await session.exec(
        select(DocumentPartRow.number).where(
            DocumentPartRow.reference == document.reference,
            DocumentPartRow.sha256 == document.sha256,
            DocumentPartRow.number == 0,
        )
    )
    if known.first() is not None:
        return
    file.seek(0)
    number = 0
    while data := file.read(PART_BYTES):
        part = DocumentPartRow(
            reference=document.reference, sha256=document.sha256, number=number, data=data
        )
        session.add(part)
        await session.flush()
        session.expunge(part)
        number += 1


async def _drop_unused(session: AsyncSession, reference: str, digests: Iterable[str]) -> None:
    """Drop bytes that no document of the proposal has any more, or only disposed ones."""
    wanted = await session.exec(
        select(DocumentRow.sha256)
        .join(TextRow, col(TextRow.id) == col(DocumentRow.name_text))
        .where(DocumentRow.reference == reference, col(TextRow.disposed_at).is_(None))
    )
    unused = sorted(set(digests) - set(wanted))
    await session.exec(
        delete(DocumentPartRow).where(
            col(DocumentPartRow.reference) == reference,
            col(DocumentPartRow.sha256).in_(unused),
        )
    )
