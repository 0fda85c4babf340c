"""Documents against the events that tell of them: what is said of each, and every byte.

A document that was disposed of has no bytes any more; its event, with the digest, remains.
"""

import hashlib
from typing import Any, Protocol

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from schemas.documents import Attached
from schemas.events import EventType, Recorded
from schemas.proposal import Content
from store import documents, texts
from store.tables import DocumentPartRow, DocumentRow, RevisionRow, TextRow

_REMOVALS = (EventType.DOCUMENT_REMOVED, EventType.TASK_DOCUMENT_REMOVED)
_UNREADABLE = (ValueError, TypeError, KeyError, AttributeError)


class Findings(Protocol):
    """Where differences are told; see `commands.verifying.Report`."""

    def differs(self, what: str, subject: str, **facts: Any) -> None: ...


class Documents:
    """The documents of one subject, as its events tell of them."""

    def __init__(self, subject: str) -> None:
        self._subject = subject
        self._told: dict[str, dict[str, Any]] = {}

    def take(self, event: Recorded) -> None:
        if event.type in (EventType.DOCUMENT_ADDED, EventType.TASK_DOCUMENT_ADDED):
            self._told[event.data["document"]] = event.data
        elif event.type in _REMOVALS and event.data["erased"]:
            self._told.pop(event.data["document"])

    async def check(self, session: AsyncSession, report: Findings) -> None:
        """Every document is kept as it was added, its bytes have its digest, no more is kept."""
        rows = await session.exec(select(DocumentRow).where(DocumentRow.reference == self._subject))
        kept = {row.id: row for row in rows}
        for document in sorted(kept.keys() | self._told.keys()):
            row, told = kept.get(document), self._told.get(document)
            if row is None:
                report.differs("document_missing", self._subject, document=document)
            elif told is None:
                report.differs("document_not_recorded", self._subject, document=document)
            elif fields := _changed(row, told):
                report.differs("document_changed", self._subject, document=document, fields=fields)
        await self._check_bytes(session, kept, report)
        if kept or self._told:
            await self._check_named(session, kept, report)

    async def _check_bytes(
        self, session: AsyncSession, kept: dict[str, DocumentRow], report: Findings
    ) -> None:
        disposed = await session.exec(
            select(TextRow.id).where(
                col(TextRow.id).in_([row.name_text for row in kept.values()]),
                col(TextRow.disposed_at).is_not(None),
            )
        )
        gone = set(disposed)
        wanted = {row.sha256 for row in kept.values() if row.name_text not in gone}
        found = await session.exec(
            select(DocumentPartRow.sha256, DocumentPartRow.number)
            .where(DocumentPartRow.reference == self._subject)
            .order_by(col(DocumentPartRow.sha256), col(DocumentPartRow.number))
        )
        parts: dict[str, list[int]] = {}
        for sha256, number in found:
            parts.setdefault(sha256, []).append(number)
        for sha256 in sorted(wanted | parts.keys()):
            if sha256 not in wanted:
                report.differs("document_bytes_not_recorded", self._subject, sha256=sha256)
            elif await _digest(session, self._subject, sha256, parts.get(sha256, [])) != sha256:
                report.differs("document_bytes_changed", self._subject, sha256=sha256)

    async def _check_named(
        self, session: AsyncSession, kept: dict[str, DocumentRow], report: Findings
    ) -> None:
        """What a revision names is kept with the first that does, and under the same digest."""
        rows = await session.exec(
            select(RevisionRow)
            .where(RevisionRow.reference == self._subject)
            .order_by(col(RevisionRow.number))
        )
        revisions = rows.all()
        bodies = await texts.read(session, [each.content_text for each in revisions])
        first: dict[str, int] = {}
        for revision in revisions:
            for named in _named(bodies.get(revision.content_text)):
                first.setdefault(named.id, revision.number)
                row = kept.get(named.id)
                if row is None or row.sha256 != named.sha256:
                    report.differs(
                        "document_of_revision_missing",
                        self._subject,
                        revision=revision.number,
                        document=named.id,
                    )
        if len(bodies) < len(revisions):
            return  # what a disposed revision named is not known any more
        for document, row in sorted(kept.items()):
            if row.revision != first.get(document):
                report.differs(
                    "document_changed", self._subject, document=document, fields=["revision"]
                )


def _named(body: Any) -> tuple[Attached, ...]:
    if body is None:
        return ()
    try:
        return Content.model_validate(body).documents
    except _UNREADABLE:
        return ()  # a changed text is told of by its digest


def _changed(row: DocumentRow, told: dict[str, Any]) -> list[str]:
    is_kept = documents.facts(row)
    return sorted(name for name in told if is_kept.get(name) != told[name])


async def _digest(
    session: AsyncSession, reference: str, sha256: str, numbers: list[int]
) -> str | None:
    """The digest of the parts in their order; None where one is missing."""
    if numbers != list(range(len(numbers))):
        return None
    whole = hashlib.sha256()
    for number in numbers:
        part = await session.get(DocumentPartRow, (reference, sha256, number))
        if part is None:
            return None
        whole.update(part.data)
        session.expunge(part)
    return whole.hexdigest()
