"""Documents of a proposal: what the partner attaches, and who may read it.

Attached to the working copy, frozen by digest with each revision that names them. What was frozen
stays with its revision: in a return whose section `documents` is open it can be replaced, not
undone. Documents of tasks are `commands.task_documents`.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from commands import (
    conditions,
    disposals,
    drafting,
    payment_views,
    questions,
    receiving,
    visible_documents,
)
from commands.office import Office
from commands.receiving import Sent
from schemas.errors import NotFound, Refused
from schemas.people import Viewer
from schemas.proposal import Section, Stage
from store import documents, texts, visibility
from store.tables import DocumentRow, DraftRow, ProposalRow

ID_LENGTH = 24


@dataclass(frozen=True)
class Opened:
    """A document that is handed out, part by part."""

    name: str
    media_type: str
    size: int
    sha256: str
    parts: AsyncIterator[bytes]


async def attach(
    office: Office, viewer: Viewer, reference: str, sent: Sent, request_id: str
) -> dict[str, Any]:
    """Attach a document to a draft, to a returned proposal whose section is open, or to be given.

    The content of the working copy names it from then on. Evidence for a condition and what goes
    with an answer belong to no revision: the department reads it once it was given. The same
    request answers again; the same bytes under another key are another document.
    """
    document_id = id_of(request_id)
    async with office.database.reading() as session:
        await visibility.find(session, viewer, reference)
        known = await session.get(DocumentRow, document_id)
        if known is None:
            await _addable(office, session, viewer, reference)
    if known is None:
        received = await receiving.receive(office, viewer, sent)
        now = office.now()
        async with office.database.writing(reference) as session:
            row, draft = await _addable(office, session, viewer, reference)
            if await session.get(DocumentRow, document_id) is None:
                await _check_room(office, session, reference, sent)
                document = new_row(document_id, reference, viewer, sent, received)
                document.added_at = now
                actor = drafting.writer_of(viewer, row)
                await documents.add(
                    session, document, received.name, sent.file, actor, request_id, now=now
                )
                if draft is not None:
                    named = documents.attached(document, received.name).model_dump(mode="json")
                    _name(draft, [*draft.content.get("documents", ()), named])
                    draft.saved_at = now
                    session.add(draft)
    async with office.database.reading() as session:
        found = await session.get(DocumentRow, document_id)
        if found is None:
            raise NotFound  # removed meanwhile
        return (await visible_documents.items(session, viewer, [found], partner=True))[0]


async def detach(office: Office, viewer: Viewer, reference: str, document_id: str) -> None:
    """Take a document off the working copy; one that no revision names is gone for good."""
    now = office.now()
    async with office.database.writing(reference) as session:
        row, draft = await _changeable(
            office, session, viewer, reference, otherwise="document_frozen"
        )
        kept = [each for each in draft.content.get("documents", ()) if each["id"] != document_id]
        document = await session.get(DocumentRow, document_id)
        if document is None or len(kept) == len(draft.content.get("documents", ())):
            raise NotFound
        _name(draft, kept)
        draft.saved_at = now
        session.add(draft)
        actor = drafting.writer_of(viewer, row)
        await documents.remove(session, document, actor, now=now)


async def listed(office: Office, viewer: Viewer, reference: str) -> list[dict[str, Any]]:
    """The documents that this person may read, the oldest first."""
    async with office.database.reading() as session:
        row = await visibility.find(session, viewer, reference)
        partner = visibility.sees_partner_view(viewer, row)
        found = await visible_documents.of_proposal(session, viewer, row)
        return await visible_documents.items(session, viewer, found, partner=partner)


async def opened(office: Office, viewer: Viewer, reference: str, document_id: str) -> Opened:
    """The document with its bytes; staff reads what a submitted revision names."""
    async with office.database.reading() as session:
        row = await visibility.find(session, viewer, reference)
        found = await visible_documents.of_proposal(session, viewer, row)
        document = next((each for each in found if each.id == document_id), None)
        if document is None:
            raise NotFound
        return await hand_out(office, session, viewer, document)


# ---- shared with documents of tasks


def id_of(request_id: str) -> str:
    """The id of the document that a request attaches: the same for every repeat of it."""
    return request_id[:ID_LENGTH]


def new_row(
    document_id: str, reference: str, viewer: Viewer, sent: Sent, received: receiving.Received
) -> DocumentRow:
    return DocumentRow(
        id=document_id,
        reference=reference,
        kind=sent.about.kind,
        language=sent.about.language,
        marking=sent.about.marking,
        media_type=received.media_type,
        size=sent.size,
        sha256=sent.sha256,
        name_text=f"{reference}-D{document_id}",
        added_by=viewer.id,
    )


def check_room(count: int, size: int, sent: Sent, *, most: int, most_bytes: int) -> None:
    """Refuse what would be more than policy allows of one proposal, or of one task."""
    if count >= most:
        raise Refused("too_many_documents", most=most)
    if size + sent.size > most_bytes:
        raise Refused("documents_too_large_together", most=most_bytes, used=size)


async def hand_out(
    office: Office, session: AsyncSession, viewer: Viewer, document: DocumentRow
) -> Opened:
    """The bytes and the name, or a refusal that says when they were disposed of."""
    name = (await texts.read(session, [document.name_text])).get(document.name_text)
    if name is None:
        gone = await disposals.of_texts(session, [document.name_text], viewer.language)
        told = gone.get(document.name_text)
        raise Refused(
            "document_disposed", **({"at": told["at"], "under": told["under"]} if told else {})
        )
    return Opened(
        name=name,
        media_type=document.media_type,
        size=document.size,
        sha256=document.sha256,
        parts=documents.read(office.database, document.reference, document.sha256),
    )


async def _check_room(office: Office, session: AsyncSession, reference: str, sent: Sent) -> None:
    allowed = receiving.policy_of(office)
    used = await documents.used(session, reference)
    check_room(
        used.documents,
        used.size,
        sent,
        most=allowed.most_documents,
        most_bytes=allowed.most_bytes_together,
    )


async def _addable(
    office: Office, session: AsyncSession, viewer: Viewer, reference: str
) -> tuple[ProposalRow, DraftRow | None]:
    """The proposal, with the working copy that is to name the document; what is given beside
    words stands in none.
    """
    row = await visibility.find(session, viewer, reference)
    if visibility.sees_partner_view(viewer, row) and (
        questions.is_asked(row)
        or conditions.evidence_is_asked(row, office.now())
        or payment_views.documents_are_asked(row)
    ):
        return row, None
    return await _changeable(office, session, viewer, reference)


async def _changeable(
    office: Office,
    session: AsyncSession,
    viewer: Viewer,
    reference: str,
    *,
    otherwise: str = "not_editable",
) -> tuple[ProposalRow, DraftRow]:
    """The proposal and its working copy, if its documents may change now."""
    row, draft = await drafting.editable(
        session, viewer, reference, office.now(), otherwise=otherwise
    )
    if row.stage == Stage.RETURNED:
        opened = row.state["returned"]["sections"]
        if Section.DOCUMENTS not in opened:
            raise Refused("section_not_open", sections=[Section.DOCUMENTS], open=opened)
    return row, draft


def _name(draft: DraftRow, named: list[dict[str, Any]]) -> None:
    """Let the content name these; its version stays: `PUT` neither adds nor takes documents."""
    draft.content = {**draft.content, "documents": named}
