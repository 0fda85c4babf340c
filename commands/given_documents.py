"""Documents that an act names beside the words it gives: evidence, and answers to questions.

They belong to no revision: the partner attaches them to the proposal, and from the moment in which
an act names them the department reads them.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from schemas.errors import Gap, Malformed
from schemas.messages import GivenDocument
from store import obligations, running, texts
from store.tables import DocumentRow, ProposalRow


async def named(
    session: AsyncSession, row: ProposalRow, ids: Sequence[str], *, partner: bool = True
) -> tuple[GivenDocument, ...]:
    """The documents named, with their digests; only a *partner* gives any.

    Raises Malformed, with a gap for each, where one is not the partner's, of this proposal.
    """
    if not ids:
        return ()
    found = await session.exec(
        select(DocumentRow).where(
            DocumentRow.reference == row.reference,
            col(DocumentRow.id).in_(ids),
            col(DocumentRow.task).is_(None),
        )
    )
    known = {document.id: document.sha256 for document in found} if partner else {}
    gaps = [
        Gap(pointer=f"/documents/{position}", code="document_unknown")
        for position, each in enumerate(ids)
        if each not in known
    ]
    if gaps:
        raise Malformed(*gaps)
    return tuple(GivenDocument(id=each, sha256=known[each]) for each in dict.fromkeys(ids))


async def titled(
    session: AsyncSession, given: Iterable[Mapping[str, Any]]
) -> dict[str, dict[str, Any]]:
    """Each document that was given, by its id, with its name; None once that was disposed of."""
    given = list(given)
    ids = {document["id"] for document in given}
    if not ids:
        return {}
    kept = await session.exec(select(DocumentRow).where(col(DocumentRow.id).in_(ids)))
    of_text = {document.id: document.name_text for document in kept}
    titles = await texts.read(session, of_text.values())
    return {
        document["id"]: {**document, "name": titles.get(of_text.get(document["id"], ""))}
        for document in given
    }


def ids_of(row: ProposalRow) -> set[str]:
    """The documents that any act has given: from then on the department reads them."""
    given = obligations.document_ids(row.state.get("obligations", {}))
    given |= running.document_ids(row.state.get("running", {}))
    for asked in row.state.get("questions", ()):
        given |= {document["id"] for document in asked.get("documents", ())}
    return given
