"""An installation with a proposal of every kind of life, and copies of its store to damage."""

import itertools
import sqlite3
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from commands import drafting, fund_corrections, verifying
from commands.office import Office
from commands.partner_acts import withdraw
from schemas.funds import CorrectionKind
from schemas.requests import FundCorrectionRequest
from schemas.values import Money
from store.database import Database
from store.tables import FundRow
from tests.installation import Installation, a_request
from tests.policy.proposals import a_proposal

JORDAN = a_proposal().model_dump(mode="json")
SMALL = a_proposal(
    amount={"currency": "CAD", "value": "100.00"},
    budget=[
        {
            "fiscal_year": "2027-28",
            "category": "training",
            "amount": {"currency": "CAD", "value": "100.00"},
        }
    ],
    equipment=[],
    assistance=["training"],
).model_dump(mode="json")
FUND = "CTCBP-contributions-2027-28"


@dataclass
class Lives:
    """References by what became of the proposals."""

    accord: Installation
    folder: Path
    of: dict[str, str] = field(default_factory=dict)
    copies: Any = field(default_factory=itertools.count)

    @property
    def engine(self) -> Any:
        return self.accord.office.gateway

    @asynccontextmanager
    async def a_copy(self, *damage: tuple[str, Sequence[Any]]) -> AsyncIterator[Office]:
        """An office on a copy of the store in which nothing refuses *damage* (raw SQL)."""
        path = self.folder / f"copy-{next(self.copies)}.db"
        with (
            sqlite3.connect(self.folder / "accord.db") as source,
            sqlite3.connect(path, isolation_level=None) as copy,
        ):
            source.backup(copy)
            triggers = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
            for (name,) in copy.execute(triggers).fetchall() if damage else ():
                copy.execute(f"DROP TRIGGER {name}")
            for statement, parameters in damage:
                changed = copy.execute(statement, parameters)
                assert changed.rowcount != 0, statement
        source.close()
        copy.close()
        database = Database(f"sqlite+aiosqlite:///{path}")
        try:
            yield replace(self.accord.office, database=database, memory={})
        finally:
            await database.close()
            path.unlink()

    async def found(self, *damage: tuple[str, Sequence[Any]]) -> list[dict[str, Any]]:
        """What verification says differs after *damage*."""
        async with self.a_copy(*damage) as office:
            return (await verifying.verify(office, self.engine)).differences


async def live(accord: Installation, folder: Path) -> Lives:
    """Let every kind of life happen."""
    accord.office.heads = None  # what was signed is tested in tests/records
    lives = Lives(accord, folder)
    of = lives.of
    of["draft"] = await accord.draft(JORDAN)
    deleted = await accord.draft(JORDAN)
    await drafting.delete(accord.office, accord.signatory, deleted)
    of["deleted"] = deleted
    of["active"] = await accord.submit(JORDAN)
    await accord.advance_to(of["active"], "active")
    of["returned"] = await accord.submit(JORDAN)
    await accord.decide(of["returned"], "eligibility.confirm", "return", sections=("summary",))
    of["withdrawn"] = await accord.submit(JORDAN)
    await withdraw(accord.office, accord.signatory, of["withdrawn"], "No more.", a_request())
    of["ineligible"] = await accord.submit(JORDAN)
    await accord.decide(of["ineligible"], "eligibility.confirm", "ineligible")
    of["reserved"] = await accord.submit(SMALL)
    await recommend(accord, of["reserved"])
    await give_nothing_more(accord)
    of["queued"] = await accord.submit(SMALL)
    await recommend(accord, of["queued"])
    of["reviewed"] = await accord.submit(JORDAN)
    await accord.decide(of["reviewed"], "eligibility.confirm")
    await settled(accord)
    return lives


async def give_nothing_more(accord: Installation) -> None:
    """Cut the fund of all these lives to what is taken of it, by four eyes."""
    one, another = [await accord.viewer(f"finance-officer-{n}") for n in (1, 2)]
    async with accord.office.database.reading() as session:
        fund = await session.get_one(FundRow, FUND)
    asked = FundCorrectionRequest(
        kind=CorrectionKind.BUDGET,
        budget=Money.of_cents(fund.reserved + fund.committed),
        reason="The estimates were cut.",
    )
    proposed = await fund_corrections.propose(accord.office, one, FUND, asked, a_request())
    await fund_corrections.confirm(accord.office, another, FUND, proposed["id"], a_request())


async def recommend(accord: Installation, reference: str) -> None:
    await accord.advance_to(reference, "funding")
    await accord.decide(reference, "funding.recommend")


async def settled(accord: Installation) -> None:
    """Wait until everything that was said to the engine is in the store."""
    for _ in range(500):
        report = await verifying.verify(accord.office, accord.office.gateway)
        if not report.pending:
            return
        await accord.settle()
    raise AssertionError(report.pending)
