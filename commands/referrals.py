"""Referrals: what a reviewer could not tell of a risk of mistreatment, and what was decided of it.

Whether information is disclosed, requested or used where a substantial risk might result is for the
deputy minister to determine; what was determined is reported each year before 1 March (Avoiding
Complicity in Mistreatment by Foreign Entities Act, sections 3 and 7).
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from commands import funds
from commands.office import Office
from policy.rules import access, clocks
from schemas.people import Viewer
from schemas.tasks import TaskKind
from schemas.values import instant
from store import people, texts, visibility
from store.tables import ProposalRow, TaskRow

REFERRED = "refer"
FIRST_YEAR = 2026
"""Accord knows of none before."""


def years(today: date) -> list[str]:
    """The calendar years that may be asked for, this one first."""
    return [str(year) for year in range(today.year, FIRST_YEAR - 1, -1)]


async def referrals(
    office: Office, viewer: Viewer, *, year: str | None = None, reference: str | None = None
) -> list[dict[str, Any]]:
    """The referrals on what the reader sees as staff, the latest first; of a calendar year."""
    funds.check_is_staff(viewer)
    query = (
        select(TaskRow)
        .join(ProposalRow, col(ProposalRow.reference) == col(TaskRow.reference))
        .where(
            TaskRow.kind == TaskKind.INFORMATION_SHARING.value,
            TaskRow.outcome == REFERRED,
            visibility.visible_as_staff(viewer),
        )
        .order_by(col(TaskRow.decided_at).desc(), TaskRow.id)
    )
    if reference is not None:
        query = query.where(TaskRow.reference == reference)
    if year is not None:
        since = _first_second(date(int(year), 1, 1))
        until = _first_second(date(int(year) + 1, 1, 1))
        query = query.where(col(TaskRow.decided_at) >= since, col(TaskRow.decided_at) < until)
    async with office.database.reading() as session:
        return await _shown(session, viewer, list(await session.exec(query)))


async def _shown(
    session: AsyncSession, viewer: Viewer, findings: list[TaskRow]
) -> list[dict[str, Any]]:
    asked = await session.exec(
        select(TaskRow)
        .where(col(TaskRow.arbitrates).in_([each.id for each in findings]))
        .order_by(TaskRow.reference, col(TaskRow.number))
    )
    answered = {str(task.arbitrates): task for task in asked}  # one asked anew counts last
    tasks = [*findings, *answered.values()]
    names = await people.names_of(session, [task.decided_by for task in tasks])
    reasons = {t.id: t.texts["reason"]["id"] for t in tasks if "reason" in t.texts}
    reads = access.may_see_answers(viewer)
    words = await texts.read(session, reasons.values()) if reads else {}

    def decided(task: TaskRow | None) -> dict[str, Any] | None:
        if task is None or task.decided_at is None:
            return None
        return {
            "by": {"id": task.decided_by, "name": names.get(str(task.decided_by), task.decided_by)},
            "at": instant(task.decided_at),
            "outcome": task.outcome,
            "reason": words.get(reasons.get(task.id, "")),
        }

    return [
        {
            "id": finding.id,
            "reference": finding.reference,
            "undecided": sorted(
                risk
                for risk, said in (finding.facts or {}).get("rests_on", {}).items()
                if said == "undecided"
            ),
            "referred": decided(finding),
            "asked": answered[finding.id].id if finding.id in answered else None,
            "determined": decided(answered.get(finding.id)),
            "stands": finding.stands,
        }
        for finding in findings
    ]


def _first_second(day: date) -> datetime:
    """Of *day* in Toronto."""
    return clocks.end_of_day(day - timedelta(days=1)) + timedelta(seconds=1)
