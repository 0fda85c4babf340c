"""Verifying one proposal when an administrator or auditor asks: what `accord verify` compares.

Answered with codes and counts alone: what a difference holds is for the operator at the machine,
and nothing here tells of evidence that the reader does not see.
"""

from collections import Counter
from typing import Any

from commands import verifying
from commands.office import Office
from policy.rules import access
from schemas.errors import Forbidden
from schemas.people import Role, Viewer
from schemas.values import instant
from store import visibility
from store.tables import ChainHeadRow


async def verify_case(office: Office, viewer: Viewer, reference: str) -> dict[str, Any]:
    """Recompute the chain of the proposal, and compare it with everything that rests on it."""
    async with office.database.reading() as session:
        row = await visibility.find(session, viewer, reference)
        if not (viewer.holds(Role.ADMINISTRATOR) or viewer.holds(Role.AUDITOR)):
            raise Forbidden("administrators_and_auditors_only")
        head = await session.get(ChainHeadRow, reference)
    report = await verifying.verify_one(office, office.gateway, row.reference)
    # How many events there are tells of those that this reader is not shown.
    whole = access.may_see_evidence(viewer, reference)
    return {
        "reference": reference,
        "at": instant(office.now()),
        "intact": not report.differences,
        "events": report.events if whole else None,
        "head": {"position": head.position, "hash": head.hash} if whole and head else None,
        "differences": _counted(report.differences),
        "pending": _counted(report.pending),
        "disposed": len(report.disposed),
    }


def _counted(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    counted = Counter(each["what"] for each in found)
    return [{"what": what, "count": count} for what, count in sorted(counted.items())]
