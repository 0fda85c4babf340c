"""Opening a fund by four eyes: a program's money of one vote line and fiscal year.

A finance officer of the program proposes, another confirms before the due date; whoever proposed
it never confirms it, and there is no fund before. It may be planned years ahead: what its state
allows stands in `policy.rules.fund_states`.
"""

import uuid
from datetime import datetime
from typing import Any

import structlog
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from commands import by_two
from commands.fund_corrections import finance_officer
from commands.funds import check_is_staff
from commands.office import Office
from policy.rules import clocks
from schemas.errors import Gap, Malformed, Refused
from schemas.events import INSTALLATION, EventType, TextRef
from schemas.funds import CorrectionState
from schemas.people import SYSTEM, Actor, Viewer
from schemas.requests import FundOpeningRequest
from schemas.tasks import TaskKind
from schemas.values import Money, instant
from store import chain, money, notifications, recording, texts
from store.tables import FundOpeningRow, FundRow

log = structlog.get_logger()


async def openings(office: Office, viewer: Viewer) -> list[dict[str, Any]]:
    """Every fund that was proposed, oldest first, and what became of it; for all staff."""
    check_is_staff(viewer)
    async with office.database.reading() as session:
        rows = await session.exec(
            select(FundOpeningRow).order_by(col(FundOpeningRow.proposed_at), FundOpeningRow.id)
        )
        return await _views(session, list(rows))


async def propose(
    office: Office, viewer: Viewer, asked: FundOpeningRequest, request_id: str
) -> dict[str, Any]:
    """Propose a fund; the other finance officers of the program are told.

    Refused where there is such a fund, or one waits to be confirmed already.
    """
    check_is_staff(viewer)
    codes = [terms.code for terms in office.catalogue.programmes(clocks.toronto_day(office.now()))]
    if asked.programme not in codes:
        known = ", ".join(codes)
        facts = {"programme": asked.programme, "known": known}
        raise Malformed(Gap(pointer="/programme", code="unknown_programme", facts=facts))
    actor = finance_officer(viewer, asked.programme)
    fund = f"{asked.programme}-{asked.vote}-{asked.fiscal_year}"
    async with office.database.writing() as session:
        now = office.now()
        if known_event := await chain.event_of_request(session, INSTALLATION, request_id):
            opening = known_event.data["opening"]
            return await _view(session, await by_two.locked(session, FundOpeningRow, opening))
        _check_year(asked.fiscal_year, now)
        await _check_is_new(session, fund, now)
        rules = office.catalogue.terms_in_force(asked.programme, clocks.toronto_day(now)).rules
        opening = uuid.uuid4().hex
        reason = await texts.put(
            session, f"fund:{fund}", f"opening-{opening}-reason", asked.reason, now=now
        )
        row = FundOpeningRow(
            id=opening,
            fund=fund,
            programme=asked.programme,
            vote=asked.vote,
            fiscal_year=asked.fiscal_year,
            fund_state=asked.fund_state,
            budget=asked.budget.cents,
            state=CorrectionState.PROPOSED,
            reason=reason.id,
            proposed_by=viewer.id,
            proposed_at=now,
            due_at=clocks.due_at(now, rules.task_days[TaskKind.CONFIRM], rules.holidays),
        )
        session.add(row)
        await session.flush()
        await _record(
            session, EventType.FUND_OPENING_PROPOSED, actor, row, now,
            data={"due_at": instant(row.due_at)}, words={"reason": reason}, request_id=request_id,
        )  # fmt: skip
        log.info("fund_opening_proposed", fund=fund)
        return await _view(session, row)


async def confirm(
    office: Office, viewer: Viewer, opening_id: str, request_id: str
) -> dict[str, Any]:
    """The second person's yes: the fund is there, and who waits for its money is offered it.

    Of many who confirm at once one does; the others are told that it is over.
    """
    check_is_staff(viewer)
    async with office.database.writing() as session:
        now = office.now()
        row = await by_two.locked(session, FundOpeningRow, opening_id)
        actor = finance_officer(viewer, row.programme)
        if await chain.recorded_request(session, INSTALLATION, request_id):
            return await _view(session, row)
        if row.proposed_by == viewer.id:
            raise Refused("separation_of_duties", rule="own_correction", duty=None, held=None)
        by_two.check_is_open(row, now, "opening_over")
        session.add(
            FundRow(
                id=row.fund,
                programme=row.programme,
                vote=row.vote,
                fiscal_year=row.fiscal_year,
                state=row.fund_state,
                budget=row.budget,
            )
        )
        row.state, row.ended_by, row.ended_at = CorrectionState.DONE, viewer.id, now
        session.add(row)
        await session.flush()
        begins = clocks.fiscal_year_start(row.fiscal_year).isoformat()
        await _record(
            session, EventType.FUND_OPENED, actor, row, now, data={"begins": begins},
            words={"reason": await texts.ref(session, row.reason)}, request_id=request_id,
        )  # fmt: skip
        filled = await money.promote(session, now)
        await recording.offer(session, filled, now=now)
        log.info("fund_opened", fund=row.fund, offers=len(filled))
        await session.refresh(row)  # who could not be filled left it expired
        return await _view(session, row)


async def refuse(
    office: Office, viewer: Viewer, opening_id: str, reason: str, request_id: str
) -> dict[str, Any]:
    """Refuse what another proposed, or withdraw what one proposed oneself; for good."""
    check_is_staff(viewer)
    async with office.database.writing() as session:
        now = office.now()
        row = await by_two.locked(session, FundOpeningRow, opening_id)
        actor = finance_officer(viewer, row.programme)
        if await chain.recorded_request(session, INSTALLATION, request_id):
            return await _view(session, row)
        by_two.check_is_open(row, now, "opening_over")
        answer = await texts.put(
            session, f"fund:{row.fund}", f"opening-{row.id}-answer", reason, now=now
        )
        row.answer = answer.id
        await _end(
            session, row, by_two.turned_down(row, viewer), actor,
            now, words={"reason": answer}, request_id=request_id,
        )  # fmt: skip
        return await _view(session, row)


async def end_silent(office: Office) -> int:
    """End what nobody has confirmed by its due date; returns how many."""
    now = office.now()
    async with office.database.reading() as session:
        if not await by_two.overdue(session, FundOpeningRow, now):
            return 0
    async with office.database.writing() as session:
        rows = await by_two.overdue(session, FundOpeningRow, now)
        for row in rows:
            await _end(session, row, CorrectionState.LAPSED, SYSTEM, now)
    return len(rows)


# ---- what is checked


def _check_year(fiscal_year: str, now: datetime) -> None:
    """A year that is written as one, and not over."""
    begins = clocks.fiscal_year_start(fiscal_year)
    if clocks.fiscal_year(begins) != fiscal_year:
        raise Malformed(Gap(pointer="/fiscal_year", code="no_fiscal_year"))
    if clocks.fiscal_year_end(fiscal_year) < clocks.toronto_day(now):
        raise Malformed(Gap(pointer="/fiscal_year", code="fiscal_year_over"))


async def _check_is_new(session: AsyncSession, fund: str, now: datetime) -> None:
    if await session.get(FundRow, fund) is not None:
        raise Refused("fund_is_there", fund=fund)
    waiting = await session.exec(
        select(FundOpeningRow).where(
            FundOpeningRow.fund == fund, FundOpeningRow.state == CorrectionState.PROPOSED
        )
    )
    for each in waiting:
        if each.due_at > now:
            raise Refused("opening_under_way", opening=each.id, fund=fund)
        await _end(session, each, CorrectionState.LAPSED, SYSTEM, now)


# ---- what is recorded


async def _end(
    session: AsyncSession,
    row: FundOpeningRow,
    state: CorrectionState,
    actor: Actor,
    now: datetime,
    words: dict[str, TextRef] | None = None,
    request_id: str | None = None,
) -> None:
    """End it without a fund."""
    await by_two.end(session, row, state, actor, now)
    await _record(
        session, EventType.FUND_OPENING_ENDED, actor, row, now, data={"why": state.value},
        words=words, request_id=request_id,
    )  # fmt: skip


async def _record(
    session: AsyncSession,
    type_: EventType,
    actor: Actor,
    row: FundOpeningRow,
    now: datetime,
    *,
    data: dict[str, Any],
    words: dict[str, TextRef] | None = None,
    request_id: str | None = None,
) -> None:
    told = {"opening": row.id, **_plan(row), "proposed_by": row.proposed_by, **data}
    event = chain.installation_event(
        type_, actor, f"fund_opening:{row.id}:{type_}", now,
        data=told, texts=words, request_id=request_id,
    )  # fmt: skip
    await notifications.record(session, event, now=now)


# ---- how it is shown


async def _view(session: AsyncSession, row: FundOpeningRow) -> dict[str, Any]:
    return (await _views(session, [row]))[0]


async def _views(session: AsyncSession, rows: list[FundOpeningRow]) -> list[dict[str, Any]]:
    return [
        {
            "id": row.id,
            **_plan(row),
            "state": row.state,
            "fund_state": row.fund_state,
            **said,
        }
        for row, said in zip(rows, await by_two.told(session, rows), strict=True)
    ]


def _plan(row: FundOpeningRow) -> dict[str, Any]:
    """As events tell it: there `state` is the fund's own."""
    return {
        "fund": row.fund,
        "programme": row.programme,
        "vote": row.vote,
        "fiscal_year": row.fiscal_year,
        "budget": Money.of_cents(row.budget).model_dump(),
        "state": row.fund_state,
    }
