"""Going on with what a changed list asked of everything alive; a part of housekeeping."""

import structlog

from commands.office import Office
from store import rescreening
from store.tables import RescreeningRow

log = structlog.get_logger()
PARTS_A_ROUND = 5
"""Of each cause: a round of housekeeping stays short, and causes take turns."""


async def go_on(office: Office) -> int:
    """Ask the next proposals of every cause; returns how many were asked.

    Each part is a transaction of its own that moves the row's mark with its messages, so that
    dying in between asks nobody twice and forgets nobody.
    """
    asked = 0
    async with office.database.reading() as session:
        causes = await rescreening.under_way(session)
    for cause in causes:
        for _ in range(PARTS_A_ROUND):
            async with office.database.writing() as session:
                row = await session.get(RescreeningRow, cause)
                if row is None or row.ended_at is not None:
                    break
                before = row.asked
                await rescreening.go_on(session, row, office.now())
                asked += row.asked - before
                if row.ended_at is not None:
                    log.info("rescreening_asked", cause=cause, proposals=row.asked)
    return asked
