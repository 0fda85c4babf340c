"""Funds and what is taken from them, for staff."""

from collections.abc import Iterable
from typing import Any

from sqlmodel import col, select

from commands.office import Office
from schemas.errors import Forbidden, NotFound
from schemas.people import Viewer
from schemas.values import Money
from store import ledger, money, visibility
from store.tables import FundMoveRow, FundRow, ProposalRow, ReservationFundRow, ReservationRow


async def funds(office: Office, viewer: Viewer, wanted: dict[str, str]) -> list[dict[str, Any]]:
    """Every fund with its balance and the order of those who wait for it."""
    check_is_staff(viewer)
    async with office.database.reading() as session:
        rows = (
            await session.exec(
                select(FundRow)
                .where(*(getattr(FundRow, name) == value for name, value in wanted.items()))
                .order_by(col(FundRow.programme), col(FundRow.vote), col(FundRow.fiscal_year))
            )
        ).all()
        waiting = (
            await session.exec(
                select(ReservationRow)
                .where(ReservationRow.state == "queued")
                .order_by(col(ReservationRow.priority).desc(), col(ReservationRow.asked_seq))
            )
        ).all()
        seen = set(
            await session.exec(
                select(ProposalRow.reference).where(
                    col(ProposalRow.reference).in_([w.reference for w in waiting]),
                    visibility.visible_as_staff(viewer),
                )
            )
        )
    return [_fund(row, waiting, seen) for row in rows]


async def commitments(office: Office, viewer: Viewer, fund_id: str) -> list[dict[str, Any]]:
    """What is reserved, committed or waiting on one fund, of the proposals that one sees."""
    check_is_staff(viewer)
    async with office.database.reading() as session:
        if await session.get(FundRow, fund_id) is None:
            raise NotFound
        rows = (
            await session.exec(
                select(ReservationRow)
                .join(
                    ReservationFundRow,
                    col(ReservationFundRow.reservation) == col(ReservationRow.id),
                )
                .join(ProposalRow, col(ProposalRow.reference) == col(ReservationRow.reference))
                .where(
                    ReservationFundRow.fund == fund_id,
                    col(ReservationRow.state).in_(["queued", "reserved", "committed"]),
                    visibility.visible_as_staff(viewer),
                )
                .order_by(col(ReservationRow.asked_seq))
            )
        ).all()
        lines = await ledger.lines_of(session, [row.id for row in rows])
    return [
        {
            "id": row.id,
            "reference": row.reference,
            "state": row.state,
            "priority": row.priority,
            "amount": _cents(sum(p["cents"] for p in row.slices if p["fund"] == fund_id)),
            "held": held(lines.get(row.id, ()), fund_id),
        }
        for row in rows
    ]


def held(lines: Iterable[FundMoveRow], fund_id: str) -> dict[str, dict[str, str]]:
    """What a reservation holds of a fund, by how far it has come."""
    left = ledger.left(lines).get(fund_id) or dict.fromkeys(ledger.HELD, 0)
    return {state: _cents(left[state]) for state in ledger.HELD}


def check_is_staff(viewer: Viewer) -> None:
    if not viewer.is_staff:
        raise Forbidden("staff_only")


def _fund(row: FundRow, waiting: Any, seen: set[str]) -> dict[str, Any]:
    queue = [w for w in waiting if any(part["fund"] == row.id for part in w.slices)]
    return {
        "id": row.id,
        "programme": row.programme,
        "vote": row.vote,
        "fiscal_year": row.fiscal_year,
        "state": row.state,
        **{
            name: _cents(getattr(row, name))
            for name in ("budget", "reserved", "committed", "certified", "paid", "deficit")
        },
        "available": _cents(money.available(row)),
        "queue": [
            {
                "position": place,
                "reference": w.reference if w.reference in seen else None,
                "priority": w.priority,
                "amount": _cents(sum(p["cents"] for p in w.slices if p["fund"] == row.id)),
            }
            for place, w in enumerate(queue, start=1)
        ],
    }


def _cents(cents: int) -> dict[str, str]:
    return Money.of_cents(cents).model_dump()
