"""Money against what was recorded: reservations, ledger, budgets and states of funds.

Whether a reservation stands where its proposal's chain says is compared in `commands.verifying`.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from sqlalchemy import exists
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from schemas.events import INSTALLATION, EventType, Recorded
from schemas.funds import CorrectionState, FundState
from schemas.values import Money
from store.chain import event_of
from store.tables import (
    EventRow,
    FundCorrectionLineRow,
    FundCorrectionRow,
    FundMoveRow,
    FundRow,
    ReservationRow,
)

_PAGE = 500
_TELL_OF_FUNDS = (
    EventType.FUND_OPENED,
    EventType.FUND_CORRECTION_PROPOSED,
    EventType.FUND_CORRECTED,
    EventType.FUND_CORRECTION_ENDED,
)


class Findings(Protocol):
    """Where differences are told; see `commands.verifying.Report`."""

    def differs(self, what: str, subject: str, **facts: Any) -> None: ...


async def check(session: AsyncSession, report: Findings) -> None:
    """Funds, reservations, ledgers and the chain tell the same story to the cent."""
    await _check_ledger(session, report)
    await _check_funds(session, report)


# ---- budgets and states, folded from the installation's chain


async def _check_funds(session: AsyncSession, report: Findings) -> None:
    told = _Told()
    rows = await session.exec(
        select(EventRow)
        .where(EventRow.subject == INSTALLATION, col(EventRow.type).in_(_TELL_OF_FUNDS))
        .order_by(col(EventRow.position))
    )
    for row in rows:
        told.take(event_of(row))
    for fund in await session.exec(select(FundRow).order_by(FundRow.id)):
        kept = {"budget": fund.budget, "state": fund.state}
        recorded = told.funds.pop(fund.id, None)
        if kept != recorded:
            report.differs("fund", fund.id, kept=kept, recorded=recorded)
        short = max(0, fund.reserved + fund.committed + fund.paid - fund.budget)
        if fund.deficit != short:
            report.differs("fund", fund.id, kept={"deficit": fund.deficit}, expected=short)
    for missing, recorded in sorted(told.funds.items()):
        report.differs("fund", missing, kept=None, recorded=recorded)
    lines = {
        (line.correction, line.fund): _facts(line)
        for line in await session.exec(select(FundCorrectionLineRow))
    }
    corrections = {
        row.id: (row.fund, row.state, row.proposed_by, row.ended_by)
        for row in await session.exec(select(FundCorrectionRow))
    }
    for correction, fund_id in sorted({key for key, _ in lines.items() ^ told.lines.items()}):
        report.differs("fund_correction", correction, fund=fund_id, row="line")
    for name in sorted({key for key, _ in corrections.items() ^ told.corrections.items()}):
        kept_of, recorded_of = corrections.get(name), told.corrections.get(name)
        report.differs("fund_correction", name, kept=kept_of, recorded=recorded_of)


class _Told:
    """What the events amount to: funds, their ledger, and what became of what was proposed."""

    def __init__(self) -> None:
        self.funds: dict[str, dict[str, Any]] = {}
        self.lines: dict[tuple[str, str], tuple[Any, ...]] = {}
        self.corrections: dict[str, tuple[str, str, str, str | None]] = {}

    def take(self, event: Recorded) -> None:
        data = event.data
        if event.type is EventType.FUND_OPENED:
            state = data.get("state", FundState.VOTED.value)
            self.funds[data["fund"]] = {"budget": _cents(data["budget"]), "state": state}
            return
        state, by = CorrectionState.PROPOSED.value, None
        if event.type is not EventType.FUND_CORRECTION_PROPOSED:
            state, by = data.get("why", CorrectionState.DONE.value), event.actor.id
        self.corrections[data["correction"]] = (data["fund"], state, data["proposed_by"], by)
        for change in data.get("changes", ()):
            after = {"budget": _cents(change["budget"]), "state": change["state"]}
            self.funds[change["fund"]] = after
            self.lines[data["correction"], change["fund"]] = (
                change["number"],
                _cents(change["budget_before"]),
                after["budget"],
                change["state_before"],
                after["state"],
            )


def _facts(line: FundCorrectionLineRow) -> tuple[Any, ...]:
    return (
        line.number,
        line.budget_before,
        line.budget_after,
        line.state_before,
        line.state_after,
    )


def _cents(amount: dict[str, str]) -> int:
    return Money.model_validate(amount).cents


# ---- reservations and the ledger


async def _check_ledger(session: AsyncSession, report: Findings) -> None:
    """Funds, reservations and ledger tell the same story to the cent."""
    held: defaultdict[str, dict[str, int]] = defaultdict(lambda: {"reserved": 0, "committed": 0})
    last = ""
    while True:
        rows = (
            await session.exec(
                select(ReservationRow)
                .where(ReservationRow.id > last)
                .order_by(col(ReservationRow.id))
                .limit(_PAGE)
            )
        ).all()
        if not rows:
            break
        lines = await _ledger_of(session, [row.id for row in rows])
        for row in rows:
            _check_reservation(row, lines[row.id], report)
            if row.state in ("reserved", "committed"):
                for part in row.slices:
                    held[part["fund"]][row.state] += part["cents"]
        last = rows[-1].id
        session.expunge_all()
    for fund in await session.exec(select(FundRow).order_by(FundRow.id)):
        kept = {"reserved": fund.reserved, "committed": fund.committed + fund.paid}
        if kept != held[fund.id]:
            report.differs("fund", fund.id, kept=kept, expected=held[fund.id])
    known = exists().where(col(ReservationRow.id) == col(FundMoveRow.reservation))
    strays = select(FundMoveRow.reservation, FundMoveRow.fund).where(~known).distinct()
    for reservation, fund_id in (await session.exec(strays.limit(_PAGE))).all():
        report.differs("ledger", reservation, fund=fund_id, kept=None)


async def _ledger_of(
    session: AsyncSession, reservations: Sequence[str]
) -> Mapping[str, dict[str, dict[str, int]]]:
    """Per reservation and fund, the cents that its lines leave reserved and committed."""
    rows = await session.exec(
        select(FundMoveRow).where(col(FundMoveRow.reservation).in_(reservations))
    )
    found: defaultdict[str, dict[str, dict[str, int]]] = defaultdict(dict)
    for row in rows:
        left = found[row.reservation].setdefault(row.fund, {"reserved": 0, "committed": 0})
        match row.move.partition(":")[0]:
            case "reserve":
                left["reserved"] += row.cents
            case "release":
                left["reserved"] -= row.cents
            case "uncommit":
                left["committed"] -= row.cents
                left["reserved"] += row.cents
            case _:
                left["reserved"] -= row.cents
                left["committed"] += row.cents
    return found


def _check_reservation(
    row: ReservationRow, lines: dict[str, dict[str, int]], report: Findings
) -> None:
    nothing = {"reserved": 0, "committed": 0}
    should_be = {part["fund"]: dict(nothing) for part in row.slices}
    if row.state in nothing:
        for part in row.slices:
            should_be[part["fund"]][row.state] += part["cents"]
    for fund in sorted(should_be.keys() | lines.keys()):
        kept, expected = lines.get(fund, nothing), should_be.get(fund, nothing)
        if kept != expected:
            report.differs("ledger", row.id, fund=fund, kept=kept, expected=expected)
