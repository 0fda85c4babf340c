"""What the engine was not told yet: what of it is told to those who ask why something waits."""

import pytest

from commands import failing
from store import messages

REFERENCE = "CTCBP-2026-000001"


@pytest.mark.on_both_databases
async def test_an_agreement_that_is_to_begin_is_told_of_once_that_fails(accord):
    office = accord.office
    now = office.now()
    async with office.database.writing() as session:
        await messages.begins(session, REFERENCE, now, now)
    async with office.database.reading() as session:
        assert await failing.undelivered(session, REFERENCE, now) == []

    async with office.database.writing() as session:
        await messages.failed(session, f"begin-{REFERENCE}", "engine_unavailable", now)

    async with office.database.reading() as session:
        [told] = await failing.undelivered(session, REFERENCE, now)
    assert (told.kind, told.tries) == (messages.BEGIN, 1)
