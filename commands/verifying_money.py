"""Money against what was recorded: reservations, ledger, budgets and states of funds.

Whether a reservation stands where its proposal's chain says is compared in `commands.verifying`.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Protocol

from sqlalchemy import exists
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from schemas.events import INSTALLATION, EventType, Recorded
from schemas.funds import CorrectionState, FundState
from schemas.messages import MoneyMove
from schemas.values import Money
from store import ledger
from store.chain import event_of
from store.tables import (
    EventRow,
    FundCorrectionLineRow,
    FundCorrectionRow,
    FundMoveRow,
    FundOpeningRow,
    FundRow,
    ReservationRow,
)

_PAGE = 500
_TELL_OF_FUNDS = (
    EventType.FUND_OPENING_PROPOSED,
    EventType.FUND_OPENED,
    EventType.FUND_OPENING_ENDED,
    EventType.FUND_CORRECTION_PROPOSED,
    EventType.FUND_CORRECTED,
    EventType.FUND_CORRECTION_ENDED,
)

_SPENDING = {
    EventType.CERTIFIED: MoneyMove.CERTIFY,
    EventType.UNCERTIFIED: MoneyMove.UNCERTIFY,
    EventType.PAID: MoneyMove.PAY,
    EventType.RECOVERED: MoneyMove.RECOVER,
    EventType.DECOMMITTED: MoneyMove.DECOMMIT,
}


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
        short = max(0, ledger.taken_of(fund) - fund.budget)
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
    openings = {
        row.id: (row.fund, row.state, row.proposed_by, row.ended_by)
        for row in await session.exec(select(FundOpeningRow))
    }
    for name in sorted({key for key, _ in openings.items() ^ told.openings.items()}):
        kept_of, recorded_of = openings.get(name), told.openings.get(name)
        report.differs("fund_opening", name, kept=kept_of, recorded=recorded_of)


class _Told:
    """What the events amount to: funds, their ledger, and what became of what was proposed."""

    def __init__(self) -> None:
        self.funds: dict[str, dict[str, Any]] = {}
        self.lines: dict[tuple[str, str], tuple[Any, ...]] = {}
        self.corrections: dict[str, tuple[str, str, str, str | None]] = {}
        self.openings: dict[str, tuple[str, str, str, str | None]] = {}

    def take(self, event: Recorded) -> None:
        data = event.data
        if opening := data.get("opening"):
            state, by = CorrectionState.PROPOSED.value, None
            if event.type is not EventType.FUND_OPENING_PROPOSED:
                state, by = data.get("why", CorrectionState.DONE.value), event.actor.id
            self.openings[opening] = (data["fund"], state, data["proposed_by"], by)
        if event.type in (EventType.FUND_OPENING_PROPOSED, EventType.FUND_OPENING_ENDED):
            return
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


# ---- firm money, folded from a proposal's chain


class Spent:
    """What one proposal's events say became of its firm money, move by move."""

    def __init__(self) -> None:
        self._told: dict[tuple[str, str, str], int] = {}

    def take(self, event: Recorded) -> None:
        move = _SPENDING.get(event.type)
        for part in event.data["slices"] if move else ():
            line = (event.data["reservation"], part["fund"], f"{move}:{event.data['key']}")
            self._told[line] = part["cents"]

    async def check(
        self, session: AsyncSession, reservations: Sequence[str], subject: str, report: Findings
    ) -> None:
        """Each line of the ledger stands in the chain, and each event in the ledger."""
        lines = await ledger.lines_of(session, reservations)
        kept = {
            (line.reservation, line.fund, line.move): line.cents
            for of in lines.values()
            for line in of
            if line.move.partition(":")[0] in _SPENDING.values()
        }
        for reservation, fund, move in sorted(
            {key for key, _ in kept.items() ^ self._told.items()}
        ):
            key = (reservation, fund, move)
            report.differs(
                "commitment", subject, reservation=reservation, fund=fund, move=move,
                kept=kept.get(key), recorded=self._told.get(key),
            )  # fmt: skip


# ---- reservations and the ledger


async def _check_ledger(session: AsyncSession, report: Findings) -> None:
    """Funds, reservations and ledger tell the same story to the cent."""
    held: defaultdict[str, dict[str, int]] = defaultdict(lambda: dict.fromkeys(ledger.HELD, 0))
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
        lines = await ledger.lines_of(session, [row.id for row in rows])
        for row in rows:
            for fund_id, cents in _check_reservation(row, lines.get(row.id, ()), report):
                for state in ledger.HELD:
                    held[fund_id][state] += cents[state]
        last = rows[-1].id
        session.expunge_all()
    for fund in await session.exec(select(FundRow).order_by(FundRow.id)):
        kept = {state: getattr(fund, state) for state in ledger.HELD}
        if kept != held[fund.id]:
            report.differs("fund", fund.id, kept=kept, expected=held[fund.id])
    known = exists().where(col(ReservationRow.id) == col(FundMoveRow.reservation))
    strays = select(FundMoveRow.reservation, FundMoveRow.fund).where(~known).distinct()
    for reservation, fund_id in (await session.exec(strays.limit(_PAGE))).all():
        report.differs("ledger", reservation, fund=fund_id, kept=None)


def _check_reservation(
    row: ReservationRow, lines: Iterable[FundMoveRow], report: Findings
) -> Iterator[tuple[str, dict[str, int]]]:
    """Reserved and committed money is whole: of what was committed every cent is still committed,
    certified, paid, or was let go by a line that says so. Yields what is held, fund by fund."""
    left, let_go = ledger.left(lines), ledger.let_go(lines)
    nothing = dict.fromkeys(ledger.HELD, 0)
    asked = {part["fund"]: part["cents"] for part in row.slices}
    for fund in sorted(asked.keys() | left.keys()):
        kept, expected = left.get(fund, nothing), dict(nothing)
        if row.state == "reserved":
            expected["reserved"] = asked.get(fund, 0)
        elif row.state == "committed":
            spent = {state: max(0, kept[state]) for state in ("certified", "paid")}
            gone = sum(spent.values()) + let_go.get(fund, 0)
            expected |= {**spent, "committed": asked.get(fund, 0) - gone}
        if kept != expected:
            report.differs("ledger", row.id, fund=fund, kept=kept, expected=expected)
        yield fund, expected
