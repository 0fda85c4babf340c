"""Disposals and data keys against the events that tell of them."""

from collections.abc import Sequence
from typing import Any, Protocol

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from schemas.events import EventType
from store import disposing, documents
from store.tables import EventRow, KeyRow, TextRow


class Findings(Protocol):
    """Where differences are told; see `commands.verifying.Report`."""

    def differs(self, what: str, subject: str, **facts: Any) -> None: ...


async def check_disposals(session: AsyncSession, report: Findings) -> None:
    """Every text that is gone was disposed of by a recorded act, under the rule that it names.

    The name of a document that was removed before it was submitted goes with its removal.
    """
    recorded = {
        (text_id, event.data["under"])
        for event in await disposing.records_events(session, EventType.TEXTS_DISPOSED)
        for text_id in event.data["texts"]
    }
    rows = await session.exec(
        select(TextRow.subject, TextRow.id, TextRow.disposed_under)
        .where(col(TextRow.disposed_at).is_not(None))
        .order_by(col(TextRow.id))
    )
    erased: dict[str, set[str]] = {}
    for subject, text_id, under in rows:
        if under == documents.ERASED:
            if subject not in erased:
                erased[subject] = await _erased(session, subject)
            if text_id in erased[subject]:
                continue
        if (text_id, under) not in recorded:
            report.differs("disposal_not_recorded", subject, text=text_id, under=under)


async def _erased(session: AsyncSession, subject: str) -> set[str]:
    """The names of documents that went with the removal of these."""
    removals = await session.exec(
        select(EventRow).where(
            EventRow.subject == subject,
            col(EventRow.type).in_([EventType.DOCUMENT_REMOVED, EventType.TASK_DOCUMENT_REMOVED]),
        )
    )
    return {event.data["erased"] for event in removals if event.data["erased"]}


async def without_key(
    session: AsyncSession, references: Sequence[str], report: Findings
) -> set[str]:
    """Of submitted proposals, those whose workflow can no longer be read.

    A key that is gone without its recorded destruction is a difference.
    """
    kept = await session.exec(select(KeyRow.subject).where(col(KeyRow.subject).in_(references)))
    gone = set(references) - set(kept)
    if gone:
        events = await disposing.records_events(session, EventType.KEY_DESTROYED)
        for reference in sorted(gone - {event.data["reference"] for event in events}):
            report.differs("key_missing", reference)
    return gone
