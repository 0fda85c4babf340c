"""What agreements ask of the world, on the store of this installation."""

from datetime import date

from sqlmodel import col, select
from temporalio import activity

from schemas.agreements import Particulars, YearSlice
from schemas.proposal import Content
from store import texts
from store.database import Database
from store.tables import FundRow, ProposalRow, RevisionRow
from workflows.ports import AgreementActivities

MOST_HISTORY = 2000
"""A worker that meets an agreement anew replays its whole execution before it answers."""


class StoreAgreements(AgreementActivities):
    """Implements the port."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @activity.defn
    async def particulars(self, reference: str) -> Particulars:
        async with self._database.reading() as session:
            row = await session.get_one(ProposalRow, reference)
            revision = await session.get_one(RevisionRow, (reference, row.revision))
            body = (await texts.read(session, [revision.content_text]))[revision.content_text]
            content = Content.model_validate(body)
            decision = row.state["decision"]
            slices = decision["slices"]
            wanted = [part["fund"] for part in slices]
            funds = await session.exec(
                select(FundRow.id, FundRow.fiscal_year).where(col(FundRow.id).in_(wanted))
            )
            years = dict(funds.all())
        signed_on = (row.decided_at or row.placed_at).date()
        starts_on: date = content.start_date or signed_on
        return Particulars(
            instrument=decision["instrument"] or "contribution",
            starts_on=starts_on,
            ends_on=content.end_date or starts_on,
            reservation=(row.state.get("money") or {}).get("reservation"),
            most_history=MOST_HISTORY,
            slices=tuple(
                YearSlice(fund=p["fund"], fiscal_year=years[p["fund"]], cents=p["cents"])
                for p in slices
            ),
        )
