"""Correcting a fund by four eyes: another budget, another state, or money moved to another year.

A finance officer of the program proposes, another confirms before the due date; whoever proposed
it never confirms it, and nothing changes before. No repair and no administrator corrects a fund.
"""

import uuid
from datetime import datetime
from typing import Any

import structlog
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from commands import by_two
from commands.funds import check_is_staff
from commands.office import Office
from policy.rules import clocks
from schemas.errors import Forbidden, Gap, Malformed, NotFound, Refused
from schemas.events import INSTALLATION, EventType, TextRef
from schemas.funds import CorrectionKind, CorrectionState
from schemas.people import SYSTEM, Actor, Candidate, Role, Viewer
from schemas.requests import FundCorrectionRequest
from schemas.tasks import TaskKind
from schemas.values import Money, instant
from store import chain, fund_corrections, money, notifications, recording, texts
from store.tables import FundCorrectionRow, FundRow, ReservationRow

log = structlog.get_logger()
_NEEDS: dict[CorrectionKind, tuple[str, ...]] = {
    CorrectionKind.BUDGET: ("budget",),
    CorrectionKind.STATE: ("fund_state",),
    CorrectionKind.TRANSFER: ("to", "amount"),
}


async def corrections(office: Office, viewer: Viewer, fund_id: str) -> list[dict[str, Any]]:
    """Every correction that touches the fund, oldest first; for all staff, as funds are."""
    check_is_staff(viewer)
    async with office.database.reading() as session:
        await _fund(session, fund_id)
        rows = await session.exec(
            select(FundCorrectionRow)
            .where((col(FundCorrectionRow.fund) == fund_id) | (FundCorrectionRow.target == fund_id))
            .order_by(col(FundCorrectionRow.proposed_at), FundCorrectionRow.id)
        )
        return await _views(session, list(rows))


async def propose(
    office: Office,
    viewer: Viewer,
    fund_id: str,
    asked: FundCorrectionRequest,
    request_id: str,
) -> dict[str, Any]:
    """Propose a correction; the other finance officers of the program are told.

    Refused while another one of the same fund waits, with which one it is.
    """
    check_is_staff(viewer)
    _check_parts(asked)
    async with office.database.writing() as session:
        now = office.now()
        fund = await _fund(session, fund_id)
        actor = finance_officer(viewer, fund.programme)
        if known := await chain.event_of_request(session, INSTALLATION, request_id):
            return await _view(session, await _locked(session, fund_id, known.data["correction"]))
        target = await _fund(session, asked.to, pointer="/to") if asked.to else None
        for each in await fund_corrections.open_ones(session, [fund.id, asked.to or fund.id]):
            if each.due_at > now:
                raise Refused("correction_under_way", correction=each.id, fund=each.fund)
            await _lapse(session, each, now)
        _check_change(asked, fund, target)
        rules = office.catalogue.terms_in_force(fund.programme, clocks.toronto_day(now)).rules
        correction = uuid.uuid4().hex
        reason = await texts.put(
            session, f"fund:{fund.id}", f"correction-{correction}-reason", asked.reason, now=now
        )
        row = FundCorrectionRow(
            id=correction,
            fund=fund.id,
            kind=asked.kind,
            budget=asked.budget.cents if asked.budget else None,
            fund_state=asked.fund_state,
            target=asked.to,
            cents=asked.amount.cents if asked.amount else None,
            budget_seen=fund.budget,
            state_seen=fund.state,
            state=CorrectionState.PROPOSED,
            reason=reason.id,
            proposed_by=viewer.id,
            proposed_at=now,
            due_at=clocks.due_at(now, rules.task_days[TaskKind.CONFIRM], rules.holidays),
        )
        session.add(row)
        await session.flush()
        await _record(
            session, EventType.FUND_CORRECTION_PROPOSED, actor, row, fund, now,
            data={"due_at": instant(row.due_at)}, words={"reason": reason}, request_id=request_id,
        )  # fmt: skip
        log.info("fund_correction_proposed", fund=fund.id, kind=asked.kind.value)
        return await _view(session, row)


async def confirm(
    office: Office, viewer: Viewer, fund_id: str, correction_id: str, request_id: str
) -> dict[str, Any]:
    """The second person's yes: the fund changes, and who waits for its money is offered it.

    Of many who confirm at once one does; the others are told that it is over.
    """
    check_is_staff(viewer)
    async with office.database.writing() as session:
        now = office.now()
        fund = await _fund(session, fund_id)
        actor = finance_officer(viewer, fund.programme)
        row = await _locked(session, fund_id, correction_id)
        if await chain.recorded_request(session, INSTALLATION, request_id):
            return await _view(session, row)
        if row.proposed_by == viewer.id:
            raise Refused("separation_of_duties", rule="own_correction", duty=None, held=None)
        by_two.check_is_open(row, now, "correction_over")
        try:
            filled = await _do(session, row, now)
        except money.MoneyConflict:
            raise Refused("fund_has_not_as_much", fund=fund.id) from None
        fund = await _fund(session, fund_id)  # who could not be filled left it expired
        row.state, row.ended_by, row.ended_at = CorrectionState.DONE, viewer.id, now
        session.add(row)
        await session.flush()
        reason = await texts.ref(session, row.reason)
        await _record(
            session, EventType.FUND_CORRECTED, actor, row, fund, now,
            data={"changes": await _changes(session, row)}, words={"reason": reason},
            request_id=request_id,
        )  # fmt: skip
        await recording.offer(session, filled, now=now)
        log.info("fund_corrected", fund=fund.id, kind=row.kind, offers=len(filled))
        return await _view(session, row)


async def refuse(
    office: Office, viewer: Viewer, fund_id: str, correction_id: str, reason: str, request_id: str
) -> dict[str, Any]:
    """Refuse what another proposed, or withdraw what one proposed oneself; for good."""
    check_is_staff(viewer)
    async with office.database.writing() as session:
        now = office.now()
        fund = await _fund(session, fund_id)
        actor = finance_officer(viewer, fund.programme)
        row = await _locked(session, fund_id, correction_id)
        if await chain.recorded_request(session, INSTALLATION, request_id):
            return await _view(session, row)
        by_two.check_is_open(row, now, "correction_over")
        answer = await texts.put(
            session, f"fund:{fund.id}", f"correction-{row.id}-answer", reason, now=now
        )
        row.answer = answer.id
        await _end(
            session, row, fund, by_two.turned_down(row, viewer),
            actor, now, words={"reason": answer}, request_id=request_id,
        )  # fmt: skip
        return await _view(session, row)


async def end_silent(office: Office) -> int:
    """End what nobody has confirmed by its due date; returns how many."""
    now = office.now()
    async with office.database.reading() as session:
        if not await by_two.overdue(session, FundCorrectionRow, now):
            return 0
    async with office.database.writing() as session:
        rows = await by_two.overdue(session, FundCorrectionRow, now)
        for row in rows:
            await _lapse(session, row, now)
    return len(rows)


# ---- what is checked


def _check_parts(asked: FundCorrectionRequest) -> None:
    """Every part that its kind needs, and no other."""
    wanted = _NEEDS[asked.kind]
    gaps = [
        Gap(
            pointer=f"/{name}",
            code="correction_needs" if name in wanted else "correction_takes_no_such",
        )
        for name in ("budget", "fund_state", "to", "amount")
        if (getattr(asked, name) is None) == (name in wanted)
    ]
    if gaps:
        raise Malformed(*gaps)


def _check_change(asked: FundCorrectionRequest, fund: FundRow, target: FundRow | None) -> None:
    if asked.budget is not None and asked.budget.cents == fund.budget:
        raise Malformed(Gap(pointer="/budget", code="correction_changes_nothing"))
    if asked.fund_state is not None and asked.fund_state == fund.state:
        raise Malformed(Gap(pointer="/fund_state", code="correction_changes_nothing"))
    if target is None or asked.amount is None:
        return
    if target.id == fund.id or (target.programme, target.vote) != (fund.programme, fund.vote):
        raise Malformed(
            Gap(
                pointer="/to",
                code="transfer_within_vote_line",
                facts={"programme": fund.programme, "vote": fund.vote},
            )
        )
    if asked.amount.cents == 0:
        raise Malformed(Gap(pointer="/amount", code="correction_changes_nothing"))
    if money.available(fund) < asked.amount.cents:
        raise Refused("fund_has_not_as_much", fund=fund.id)


def finance_officer(viewer: Viewer, programme: str) -> Actor:
    """In one's own right alone: a correction is no work on a proposal's task."""
    if not viewer.holds(Role.FINANCE_OFFICER, programme):
        raise Forbidden("finance_officers_of_the_programme_only", programme=programme)
    return viewer.acting_as(Candidate(role=Role.FINANCE_OFFICER, scope=programme))


async def _fund(session: AsyncSession, fund_id: str, pointer: str | None = None) -> FundRow:
    """The fund, held until the end of a writing transaction."""
    found = (await fund_corrections.locked(session, [fund_id])).get(fund_id)
    if found is None and pointer is not None:
        raise Malformed(Gap(pointer=pointer, code="unknown_fund", facts={"fund": fund_id}))
    if found is None:
        raise NotFound
    return found


async def _locked(session: AsyncSession, fund_id: str, correction_id: str) -> FundCorrectionRow:
    row = await by_two.locked(session, FundCorrectionRow, correction_id)
    if row.fund != fund_id:
        raise NotFound
    return row


# ---- what is done


async def _do(session: AsyncSession, row: FundCorrectionRow, now: datetime) -> list[ReservationRow]:
    if row.kind == CorrectionKind.TRANSFER:
        return list(
            await fund_corrections.transfer(
                session, row.id, row.fund, row.target or "", row.cents or 0, now
            )
        )
    return list(
        await fund_corrections.correct(
            session, row.id, row.fund, now, budget=row.budget, state=row.fund_state
        )
    )


async def _lapse(session: AsyncSession, row: FundCorrectionRow, now: datetime) -> None:
    fund = await _fund(session, row.fund)
    await _end(session, row, fund, CorrectionState.LAPSED, SYSTEM, now)


async def _end(
    session: AsyncSession,
    row: FundCorrectionRow,
    fund: FundRow,
    state: CorrectionState,
    actor: Actor,
    now: datetime,
    words: dict[str, TextRef] | None = None,
    request_id: str | None = None,
) -> None:
    """End it without a change."""
    await by_two.end(session, row, state, actor, now)
    await _record(
        session, EventType.FUND_CORRECTION_ENDED, actor, row, fund, now,
        data={"why": state.value}, words=words, request_id=request_id,
    )  # fmt: skip


async def _record(
    session: AsyncSession,
    type_: EventType,
    actor: Actor,
    row: FundCorrectionRow,
    fund: FundRow,
    now: datetime,
    *,
    data: dict[str, Any],
    words: dict[str, TextRef] | None = None,
    request_id: str | None = None,
) -> None:
    told = {
        "correction": row.id,
        "fund": row.fund,
        "programme": fund.programme,
        **_plan(row),
        "proposed_by": row.proposed_by,
        **data,
    }
    event = chain.installation_event(
        type_, actor, f"fund_correction:{row.id}:{type_}", now,
        data=told, texts=words, request_id=request_id,
    )  # fmt: skip
    await notifications.record(session, event, now=now)


async def _changes(session: AsyncSession, row: FundCorrectionRow) -> list[dict[str, Any]]:
    return [
        {
            "fund": line.fund,
            "number": line.number,
            "budget_before": _amount(line.budget_before),
            "budget": _amount(line.budget_after),
            "state_before": line.state_before,
            "state": line.state_after,
        }
        for line in await fund_corrections.lines_of(session, row.id)
    ]


# ---- how it is shown


async def _view(session: AsyncSession, row: FundCorrectionRow) -> dict[str, Any]:
    return (await _views(session, [row]))[0]


async def _views(session: AsyncSession, rows: list[FundCorrectionRow]) -> list[dict[str, Any]]:
    return [
        {
            "id": row.id,
            "fund": row.fund,
            **_plan(row),
            "state": row.state,
            "stood_at": {"budget": _amount(row.budget_seen), "fund_state": row.state_seen},
            **said,
        }
        for row, said in zip(rows, await by_two.told(session, rows), strict=True)
    ]


def _plan(row: FundCorrectionRow) -> dict[str, Any]:
    return {
        "kind": row.kind,
        "budget": _amount(row.budget),
        "fund_state": row.fund_state,
        "to": row.target,
        "amount": _amount(row.cents),
    }


def _amount(cents: int | None) -> dict[str, str] | None:
    return None if cents is None else Money.of_cents(cents).model_dump()
