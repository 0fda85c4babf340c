"""Answers for acts after their workflow has closed; implements `schemas.engine.RecordedActs`."""

from sqlmodel import col, select

from store import chain
from store.database import Database
from store.tables import ProposalRow


class StoreRecordedActs:
    """Asks the chain, which forgets nothing."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def is_recorded(self, reference: str, request_id: str) -> bool:
        async with self._database.reading() as session:
            return await chain.recorded_request(session, reference, request_id)

    async def is_known(self, reference: str) -> bool:
        async with self._database.reading() as session:
            found = await session.exec(
                select(ProposalRow.reference).where(
                    ProposalRow.reference == reference,
                    col(ProposalRow.submitted_at).is_not(None),
                )
            )
            return found.first() is not None
