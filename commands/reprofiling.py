"""Moving reserved money to a later fiscal year, or letting a year's go, before both have signed."""

from typing import Any

import structlog
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from commands import agreements, views
from commands.fund_corrections import finance_officer
from commands.funds import check_is_staff
from commands.office import Office
from commands.submitting import content_of
from commands.telling_engine import say
from policy.rules import clocks
from schemas.errors import Gap, Malformed, Refused
from schemas.messages import Slice, StaffAct
from schemas.people import Viewer
from schemas.proposal import Stage
from schemas.requests import ReprofileRequest
from store import chain, money, visibility
from store.tables import FundRow, ProposalRow, ReservationRow

log = structlog.get_logger()


async def reprofile(
    office: Office, viewer: Viewer, reference: str, asked: ReprofileRequest, request_id: str
) -> dict[str, Any]:
    """Move what is reserved of one year to a later one, or let it go (`to` is null).

    A finance officer of the program does it; where there is an agreement, it is drawn up anew with
    the new schedule, and whoever has accepted or signed is asked again.
    """
    check_is_staff(viewer)
    async with office.database.reading() as session:
        row = await visibility.find(session, viewer, reference)
        actor = finance_officer(viewer, row.programme)
        done = await chain.recorded_request(session, reference, request_id)
        if not done:
            slices = await _moved(session, row, asked)
            words: dict[str, Any] = {"reason": asked.reason}
            if row.stage == Stage.AGREEMENT:
                words["agreement"] = await agreements.data(office, session, row, slices)
    if not done:
        act = StaffAct(act="reprofile", actor=actor, request_id=request_id, slices=slices)
        await say(office, viewer, reference, act, **words)
        log.info("money_move_asked", proposal=reference)
    view, _ = await views.proposal_view(office, viewer, reference)
    return view


async def _moved(
    session: AsyncSession, row: ProposalRow, asked: ReprofileRequest
) -> tuple[Slice, ...]:
    """What is to be reserved, year by year, once the move is made."""
    found = await session.exec(
        select(ReservationRow)
        .where(ReservationRow.reference == row.reference, ReservationRow.state == "reserved")
        .order_by(col(ReservationRow.asked_seq).desc())
    )
    reservation = found.first()
    if reservation is None or row.stage not in (Stage.FUNDING, Stage.AGREEMENT):
        raise Refused("nothing_reserved")
    funds = {
        part["fund"]: await session.get_one(FundRow, part["fund"]) for part in reservation.slices
    }
    cents = {part["fund"]: part["cents"] for part in reservation.slices}
    # A year that has lapsed is not reserved any more: letting it go draws the agreement up anew.
    source = next((f for f in funds.values() if f.fiscal_year == asked.from_year), None)
    if source is None and asked.to_year is not None:
        facts = {"fiscal_year": asked.from_year}
        raise Malformed(Gap(pointer="/from_year", code="year_not_reserved", facts=facts))
    moved = cents.pop(source.id) if source else 0
    if asked.to_year is not None and source is not None:
        target = await _target(session, row, source, asked.to_year)
        if money.available(target) < moved:
            raise Refused("fund_has_not_as_much", fund=target.id)
        cents[target.id] = cents.get(target.id, 0) + moved
        funds[target.id] = target
    if not cents:
        raise Malformed(Gap(pointer="/to_year", code="nothing_would_be_left"))
    return tuple(
        Slice(fund=fund, cents=cents[fund])
        for fund in sorted(cents, key=lambda each: funds[each].fiscal_year)
    )


async def _target(session: AsyncSession, row: ProposalRow, source: FundRow, year: str) -> FundRow:
    if year <= source.fiscal_year:
        raise Malformed(Gap(pointer="/to_year", code="year_not_later"))
    content = await content_of(session, row.reference, row.revision)
    if content.end_date is not None and clocks.fiscal_year(content.end_date) < year:
        facts = {"fiscal_year": clocks.fiscal_year(content.end_date)}
        raise Malformed(Gap(pointer="/to_year", code="year_after_the_project", facts=facts))
    found = await session.exec(
        select(FundRow).where(
            FundRow.programme == source.programme,
            FundRow.vote == source.vote,
            FundRow.fiscal_year == year,
        )
    )
    target = found.first()
    if target is None:
        raise Malformed(Gap(pointer="/to_year", code="unknown_fund", facts={"fund": year}))
    return target
