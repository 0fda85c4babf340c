"""Other processes on the same store: `python -m tests.store.others DATABASE ACT NAME COUNT`."""

import asyncio
import sys
from collections.abc import Sequence
from datetime import UTC, datetime

from schemas.events import Event, EventType
from schemas.messages import MoneyMove, MoneyRequest, Slice
from schemas.people import Actor
from store import chain, money
from store.database import Database

NOW = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)
SUBJECT = "CTCBP-2026-000001"
FUNDS = ("CTCBP-contributions-2026-27", "CTCBP-contributions-2027-28")


def an_event(**changes: object) -> Event:
    """An event of a chain, of which a test changes what it is about."""
    facts: dict[str, object] = {
        "subject": SUBJECT,
        "source": "test",
        "source_seq": 1,
        "type": EventType.STAGE_ENTERED,
        "occurred_at": NOW,
        "actor": Actor(id="ana", role="programme_officer:CTCBP", organization="department"),
        "policy_version": "CTCBP/2026-04-01",
        "data": {"stage": "eligibility"},
    }
    return Event.model_validate({**facts, **changes})


async def append(database: Database, name: str, count: int) -> None:
    for number in range(1, count + 1):
        event = an_event(source=name, source_seq=number, request_id=f"{name}-{number}")
        async with database.writing() as session:
            await chain.append(session, event, now=NOW)


async def reserve(database: Database, name: str, count: int) -> None:
    """Ask for money in turn, and give every third back again."""
    for number in range(1, count + 1):
        reservation = f"{name}:{number}"
        asked = MoneyRequest(
            reservation=reservation,
            move=MoneyMove.RESERVE,
            slices=tuple(Slice(fund=fund, cents=7) for fund in FUNDS),
        )
        async with database.writing() as session:
            await money.apply(session, asked, name, NOW)
        if number % 3 == 0:
            given_back = MoneyRequest(reservation=reservation, move=MoneyMove.RELEASE)
            async with database.writing() as session:
                await money.apply(session, given_back, name, NOW)


async def spend(database: Database, name: str, count: int) -> None:
    """Certify and pay a little of one shared commitment in turn, until there is nothing left."""
    for number in range(1, count + 1):
        for kind in (MoneyMove.CERTIFY, MoneyMove.PAY):
            asked = MoneyRequest(
                reservation="shared",
                move=kind,
                key=f"{name}-{number}",
                slices=tuple(Slice(fund=fund, cents=7) for fund in FUNDS),
            )
            try:
                async with database.writing() as session:
                    await money.apply(session, asked, name, NOW)
            except money.MoneyConflict:
                break


async def main(url: str, act: str, name: str, count: int) -> None:
    database = Database(url, busy_ms=60_000)
    try:
        await {"append": append, "reserve": reserve, "spend": spend}[act](database, name, count)
    finally:
        await database.close()


async def in_processes(url: str, act: str, names: Sequence[str], count: int) -> None:
    """Let one process for each name act at once, until all are done."""
    running = [
        await asyncio.create_subprocess_exec(
            sys.executable, "-m", __name__, url, act, name, str(count)
        )
        for name in names
    ]
    assert [await each.wait() for each in running] == [0] * len(running)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4])))
