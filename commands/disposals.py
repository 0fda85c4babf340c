"""What readers are told of texts that are no more: when they went, and under which rule."""

from collections.abc import Iterable
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from policy.sentences import sentence
from schemas.in_force import TextKind
from schemas.values import Bilingual, instant
from store import disposing
from store.disposing import Disposal

_DISPOSED = Bilingual(
    en="Disposed of on {day} under {under}.", fr="Éliminé le {day} en vertu de {under}."
)

_PARTNERS = (TextKind.CONTENT, TextKind.LETTERS, TextKind.AGREEMENT, TextKind.DOCUMENTS)


async def of_proposal(
    session: AsyncSession, reference: str, language: str, *, partner: bool
) -> list[dict[str, Any]]:
    """Every disposal of texts of the proposal, with the kinds of text that the reader knows of."""
    found = await disposing.disposed_of(session, reference)
    shown = {
        disposal: [kind for kind in kinds if kind in _PARTNERS or not partner]
        for disposal, kinds in found.items()
    }
    return [{**told(each, language), "texts": kinds} for each, kinds in shown.items() if kinds]


async def of_texts(
    session: AsyncSession, ids: Iterable[str], language: str
) -> dict[str, dict[str, Any]]:
    """Of the texts *ids*, those that were disposed of."""
    found = await disposing.disposals(session, ids)
    return {text_id: told(each, language) for text_id, each in found.items()}


def told(disposal: Disposal, language: str) -> dict[str, Any]:
    facts = {"day": instant(disposal.at)[:10], "under": disposal.under}
    return {
        "at": instant(disposal.at),
        "under": disposal.under,
        "detail": sentence(_DISPOSED, facts, language),
    }
