"""What was signed against what is kept: heads of chains, and receipts.

A chain that was rewritten from end to end agrees with itself; it does not agree with the heads
that were signed before.
"""

import asyncio
from collections.abc import Iterator, Sequence
from typing import Any, Protocol

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from commands.office import Office
from schemas.events import INSTALLATION
from store.heads import HEADS, Line
from store.signing import is_signed
from store.tables import EventRow, RevisionRow

_STATED = ("reference", "revision", "sha256", "received_at")


class Findings(Protocol):
    """Where differences are told; see `commands.verifying.Report`."""

    public_key: str
    signed_heads: int

    def differs(self, what: str, subject: str, **facts: Any) -> None: ...
    def is_pending(self, what: str, subject: str, **facts: Any) -> None: ...


def trusted_keys(office: Office) -> set[str]:
    """The key that signs now, and those before it that are vouched for."""
    current = office.signer.public_key
    return {current} if office.heads is None else office.heads.trusted(current)


def receipt_holds(receipt: dict[str, Any], trusted: set[str]) -> bool:
    """Whether the receipt's signature is one of its statement, by a trusted key."""
    try:
        statement = {name: receipt[name] for name in _STATED}
        signature = receipt["signature"]
        return signature["public_key"] in trusted and is_signed(statement, signature)
    except (KeyError, TypeError, ValueError):
        return False


async def check_heads(office: Office, report: Findings) -> None:
    """Every head that was ever signed stands at its place, with its hash."""
    report.public_key = office.signer.public_key
    if office.heads is None:
        return
    if not office.heads.path.exists():
        report.is_pending("heads_not_signed", INSTALLATION)
        return
    lines = office.heads.lines(report.public_key)
    while (line := await asyncio.to_thread(_next, lines)) is not None:
        if line.wrong is not None:
            report.differs(f"heads_{line.wrong}", INSTALLATION, line=line.number)
        if line.said["kind"] == HEADS and line.wrong != "not_signed":
            async with office.database.reading() as session:
                await _check_line(session, line.said["heads"], report)


def _next(lines: Iterator[Line]) -> Line | None:
    return next(lines, None)


async def _check_line(
    session: AsyncSession, heads: Sequence[tuple[str, int, str]], report: Findings
) -> None:
    rows = await session.exec(
        select(EventRow.subject, EventRow.position, EventRow.hash).where(
            col(EventRow.subject).in_([subject for subject, _, _ in heads]),
            col(EventRow.position).in_({position for _, position, _ in heads}),
        )
    )
    kept = {(subject, position): hashed for subject, position, hashed in rows}
    for subject, position, signed in heads:
        report.signed_heads += 1
        found = kept.get((subject, position))
        if found is None:
            report.differs("chain_truncated", subject, position=position)
        elif found != signed:
            report.differs("chain_rewritten", subject, position=position)


async def check_receipts(
    session: AsyncSession, subject: str, trusted: set[str], report: Findings
) -> None:
    """Each receipt of a proposal is signed by a trusted key, and says what its revision says."""
    rows = await session.exec(select(RevisionRow).where(RevisionRow.reference == subject))
    for row in rows:
        stated = (row.receipt.get("revision"), row.receipt.get("sha256"))
        if not receipt_holds(row.receipt, trusted):
            report.differs("receipt_not_signed", subject, revision=row.number)
        elif stated != (row.number, row.sha256):
            report.differs("receipt_changed", subject, revision=row.number)
