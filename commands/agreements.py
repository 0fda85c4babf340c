"""The funding agreement: frozen as data when the activity is approved, shown to both who sign."""

from typing import Any

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from commands import submitting, task_forms
from commands.office import Office
from policy.agreements import EDITION, TEMPLATE, sections
from policy.rules import schedule
from schemas.agreements import Instrument, Particulars, YearSlice
from schemas.messages import Slice
from schemas.proposal import Content
from schemas.values import Money
from store import texts
from store.tables import FundRow, OrganizationRow, ProposalRow, ReservationRow, TaskRow


async def data(
    office: Office,
    session: AsyncSession,
    row: ProposalRow,
    slices: tuple[Slice, ...] | None = None,
) -> dict[str, Any]:
    """What the agreement says, from the recommendation and the revision that are approved.

    With *slices* its schedule is that of these, and not of what is reserved now. Its reports and
    tranches are those that a signature today would set.
    """
    content = await submitting.content_of(session, row.reference, row.revision)
    organization = await session.get(OrganizationRow, row.organization)
    reservation = await session.get(
        ReservationRow, (row.state.get("money") or {}).get("reservation", "")
    )
    funded = []
    parts = reservation.slices if reservation else []
    for part in parts if slices is None else [each.model_dump() for each in slices]:
        fund = await session.get_one(FundRow, part["fund"])
        funded.append(
            YearSlice(fund=fund.id, fiscal_year=fund.fiscal_year, cents=int(part["cents"]))
        )
    instrument = await _instrument(session, row)
    conditions = await task_forms.condition_lines(session, row)
    return {
        "template": TEMPLATE,
        "edition": EDITION,
        "reference": row.reference,
        "revision": row.revision,
        "organization": organization.name if organization else row.organization,
        "title": content.title,
        "language": content.language,
        "expected_results": content.expected_results,
        "start_date": content.start_date.isoformat() if content.start_date else None,
        "end_date": content.end_date.isoformat() if content.end_date else None,
        "instrument": instrument,
        "schedule": [
            {"fiscal_year": part.fiscal_year, "amount": Money.of_cents(part.cents).value}
            for part in sorted(funded, key=lambda part: part.fiscal_year)
        ],
        "plan": _plan(office, row, content, instrument, tuple(funded)),
        "conditions": [line.model_dump(mode="json") for line in conditions],
    }


def _plan(
    office: Office,
    row: ProposalRow,
    content: Content,
    instrument: Instrument,
    funded: tuple[YearSlice, ...],
) -> dict[str, Any]:
    """The reports and the tranches as the life of the agreement would set them, signed today."""
    assert row.policy_version is not None  # noqa: S101 - pinned at the submission
    rules = office.catalogue.terms(row.policy_version).rules
    today = office.today()
    starts_on = content.start_date or today
    planned = schedule.drawn(
        Particulars(
            instrument=instrument,
            starts_on=starts_on,
            ends_on=content.end_date or starts_on,
            reservation=None,
            slices=funded,
            most_history=0,
        ),
        rules.active,
        today,
        rules.holidays,
    )
    return {
        "drawn_on": today.isoformat(),
        "basis": planned.basis,
        "reports": [report.model_dump(mode="json") for report in planned.reports],
        "tranches": [
            {
                # Of a fund the partner knows its year alone.
                **tranche.model_dump(mode="json", exclude={"fund", "cents"}),
                "amount": Money.of_cents(tranche.cents).value,
            }
            for tranche in planned.tranches
        ],
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


async def _instrument(session: AsyncSession, row: ProposalRow) -> Instrument:
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
    found_one: Instrument = next(counting, {}).get("instrument") or "contribution"
    return found_one
