"""Finding proposals by words: of a reference, or of a title.

Every word of a search must occur, anywhere, whatever its accents and case. On SQLite an index
of three letters each finds the rows to compare; elsewhere every row is compared.
"""

from sqlalchemy import ColumnElement, and_, column, exists, table
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import SelectOfScalar

from store.tables import ProposalRow, RevisionRow
from store.words import folded

_INDEXED = 3
# Kept by triggers on `drafts` and `revisions`: see the first migration.
_WORDS = table("words", column("id"), column("reference"), column("words"))
_INDEX = table("words_index", column("rowid"), column("words_index"))


def words(asked: str) -> list[str]:
    """The words that a search asks for."""
    return folded(asked).split()


def contains(word: str) -> str:
    """The LIKE pattern, with a backslash as escape, of a text that has *word* in it."""
    for special in ("\\", "%", "_"):
        word = word.replace(special, f"\\{special}")
    return f"%{word}%"


def is_submitted(word: str) -> ColumnElement[bool]:
    """The condition on `ProposalRow` that *word* stands in its latest submitted revision."""
    return exists().where(
        and_(
            col(RevisionRow.reference) == col(ProposalRow.reference),
            col(RevisionRow.number) == col(ProposalRow.revision),
            col(RevisionRow.words).like(contains(word), escape="\\"),
        )
    )


def candidates(session: AsyncSession, asked: str) -> SelectOfScalar[str] | None:
    """The references of every proposal that may be found, and of some more.

    None where no index can tell.
    """
    if session.get_bind().dialect.name != "sqlite":
        return None
    indexed = [word.replace('"', '""') for word in words(asked) if len(word) >= _INDEXED]
    if not indexed:
        # Nothing but the words is read, which is less than everything.
        says = (_WORDS.c.words.like(contains(word), escape="\\") for word in words(asked))
        return select(_WORDS.c.reference).where(*says).distinct()
    every = " AND ".join(f'"{word}"' for word in indexed)
    return (
        select(_WORDS.c.reference)
        .select_from(_INDEX)
        .join(_WORDS, _WORDS.c.id == _INDEX.c.rowid)
        .where(_INDEX.c.words_index.op("MATCH")(every))
        .distinct()
    )
