"""The funding agreement: frozen as data when the activity is approved, shown to both who sign."""

from typing import Any

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from commands import submitting, task_forms
from policy.agreements import TEMPLATE, sections
from schemas.messages import Slice
from schemas.values import Money
from store import texts
from store.tables import FundRow, OrganizationRow, ProposalRow, ReservationRow, TaskRow


async def data(
    session: AsyncSession, row: ProposalRow, slices: tuple[Slice, ...] | None = None
) -> dict[str, Any]:
    """What the agreement says, from the recommendation and the revision that are approved.

    With *slices* its schedule is that of these, and not of what is reserved now.
    """
    content = await submitting.content_of(session, row.reference, row.revision)
    organization = await session.get(OrganizationRow, row.organization)
    reservation = await session.get(
        ReservationRow, (row.state.get("money") or {}).get("reservation", "")
    )
    schedule = []
    parts = reservation.slices if reservation else []
    for part in parts if slices is None else [each.model_dump() for each in slices]:
        fund = await session.get(FundRow, part["fund"])
        year = fund.fiscal_year if fund else ""
        schedule.append({"fiscal_year": year, "amount": Money.of_cents(part["cents"]).value})
    conditions = await task_forms.condition_lines(session, row)
    return {
        "template": TEMPLATE,
        "reference": row.reference,
        "revision": row.revision,
        "organization": organization.name if organization else row.organization,
        "title": content.title,
        "language": content.language,
        "expected_results": content.expected_results,
        "start_date": content.start_date.isoformat() if content.start_date else None,
        "end_date": content.end_date.isoformat() if content.end_date else None,
        "instrument": await _instrument(session, row),
        "schedule": sorted(schedule, key=lambda line: line["fiscal_year"]),
        "conditions": [line.model_dump(mode="json") for line in conditions],
    }


async def shown(
    session: AsyncSession, agreement: dict[str, Any] | None, language: str
) -> dict[str, Any] | None:
    """The agreement's state with its document in *language* and the digest that is signed."""
    if agreement is None:
        return None
    reference = agreement.get("document")
    facts = {name: value for name, value in agreement.items() if name != "document"}
    if not reference:
        return {**facts, "document": None, "sha256": None}
    bodies = await texts.read(session, [reference["id"]])
    body = bodies.get(reference["id"])
    return {
        **facts,
        "document": sections(body, language) if body else None,
        "sha256": reference["digest"],
    }


async def _instrument(session: AsyncSession, row: ProposalRow) -> str:
    found = await session.exec(
        select(TaskRow)
        .where(
            TaskRow.reference == row.reference,
            TaskRow.kind == "funding.recommend",
            TaskRow.outcome == "recommend",
        )
        .order_by(col(TaskRow.decided_at).desc())
    )
    counting = (facts for task in found if not (facts := task.facts or {}).get("joined"))
    return str(next(counting, {}).get("instrument") or "contribution")
