"""Fills an empty demonstration: accounts, funds, one list, and proposals at different stages.

Safe to run at every start: what is there is left as it is.
"""

import asyncio

import structlog

from commands import demonstration, seeded_baselines, seeded_proposals
from commands.office import Office
from schemas.errors import AccordError

log = structlog.get_logger()


async def seed(office: Office) -> None:
    """Seed until everything is there; an engine that is not up yet is waited for."""
    office.seeding = "the demonstration is being prepared"
    while True:
        try:
            password = office.demonstration_password or ""
            await demonstration.seed_accounts(office, password)
            await demonstration.seed_funds(office)
            await demonstration.seed_list(office)
            await seeded_baselines.seed_baselines(office)
            await seeded_proposals.seed_proposals(office)
        except AccordError as error:
            log.info("seeding_waits", code=error.code)
            await asyncio.sleep(0.5)
        else:
            break
    office.seeding = None
    log.info("demonstration_ready")
