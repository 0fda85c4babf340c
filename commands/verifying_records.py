"""Disposals and data keys against the events that tell of them."""

from collections.abc import Sequence
from typing import Any, Protocol

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from schemas.events import EventType
from store import disposing
from store.tables import KeyRow, TextRow


class Findings(Protocol):
    """Where differences are told; see `commands.verifying.Report`."""

    def differs(self, what: str, subject: str, **facts: Any) -> None: ...


async def check_disposals(session: AsyncSession, report: Findings) -> None:
    """Every text that is gone was disposed of by a recorded act, under the rule that it names."""
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
    for subject, text_id, under in rows:
        if (text_id, under) not in recorded:
            report.differs("disposal_not_recorded", subject, text=text_id, under=under)


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
