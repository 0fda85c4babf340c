"""What is asked of money before an act that would move it: a refusal with its reason, not an alarm.

The store takes no more than there is whatever is asked (`store.spending`); these say so first, to
whoever certifies, requisitions or signs.
"""

from datetime import date

from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from policy.rules import clocks, fund_states
from schemas.errors import Refused
from schemas.messages import MoneyMove, MoneyRequest
from schemas.values import Money
from store import ledger
from store.tables import FundRow, ReservationRow

_PAYS = (MoneyMove.CERTIFY, MoneyMove.PAY)


async def check_may_commit(session: AsyncSession, reference: str, signed_on: date) -> None:
    """Refuses a signature whose own fiscal year is not voted, or is frozen.

    Later years are committed subject to appropriation (Financial Administration Act, sections 32
    and 40).
    """
    found = await session.exec(
        select(ReservationRow).where(
            ReservationRow.reference == reference, ReservationRow.state == "reserved"
        )
    )
    year = clocks.fiscal_year(signed_on)
    for row in found:
        for part in row.slices:
            fund = await session.get(FundRow, part["fund"])
            if fund is None or not part["cents"]:
                continue
            if not fund_states.takes_commitments(fund.state, fund.fiscal_year, year):
                raise Refused("fund_takes_no_commitment", fund=fund.id, state=fund.state)


async def check_may_spend(session: AsyncSession, asked: MoneyRequest) -> None:
    """Refuses a move of firm money that the store would not make.

    `certify` and `pay` from a fund that Parliament has not voted; any move of more than the
    commitment has left in the state that the money would leave. A move that was made already
    passes: asked for again, it moves nothing.
    """
    row = await session.get(ReservationRow, asked.reservation)
    if row is None or row.state != "committed":
        raise Refused("no_commitment", reservation=asked.reservation)
    lines = (await ledger.lines_of(session, [row.id])).get(row.id, [])
    move = f"{asked.move}:{asked.key}"
    if any(line.move == move for line in lines):
        return
    held, (source, _) = ledger.left(lines), ledger.flow(asked.move)
    wanted: dict[str, int] = {}
    for part in asked.slices:
        wanted[part.fund] = wanted.get(part.fund, 0) + part.cents
    for fund_id, cents in sorted(wanted.items()):
        fund = await session.get(FundRow, fund_id)
        if fund is not None and asked.move in _PAYS and not fund_states.pays(fund.state):
            raise Refused("fund_not_voted", fund=fund_id, state=fund.state)
        there = held.get(fund_id, {}).get(source or "", 0)
        if there < cents:
            raise Refused(
                "commitment_has_not_as_much", fund=fund_id, state=source,
                there=Money.of_cents(there).value,
            )  # fmt: skip
