"""Money of a year is moved to a later one by a finance officer, on the whole installation."""

import pytest
from sqlmodel import select

from commands import reprofiling, verifying
from schemas.errors import Forbidden, Malformed, Refused
from schemas.requests import ReprofileRequest
from store import chain
from store.tables import ReservationRow
from tests.commands.lives import JORDAN, a_request, settled


async def slices(accord, reference):
    async with accord.office.database.reading() as session:
        found = await session.exec(
            select(ReservationRow).where(ReservationRow.reference == reference)
        )
        return {part["fund"][-7:]: part["cents"] for part in found.one().slices}


async def reprofile(accord, reference, year, to, by="finance-officer-1"):
    asked = ReprofileRequest(from_year=year, to_year=to, reason="The training starts later.")
    viewer = await accord.viewer(by)
    return await reprofiling.reprofile(accord.office, viewer, reference, asked, a_request())


async def test_money_of_an_agreement_moves_and_both_sign_for_the_new_schedule(accord):
    accord.office.heads = None  # what was signed is tested in tests/records
    reference = await accord.submit(JORDAN)
    await accord.advance_to(reference, "agreement")
    before = await slices(accord, reference)
    first, *_, last = sorted(before)

    await reprofile(accord, reference, first, last)

    after = await slices(accord, reference)
    assert after == {
        year: cents + (before[first] if year == last else 0)
        for year, cents in before.items()
        if year != first
    }
    async with accord.office.database.reading() as session:
        told = [event.type for event in await chain.events_of(session, reference)]
    assert told[-3:] == [
        "money_move_asked",
        "money_moved_between_years",
        "agreement_generated",
    ]
    await accord.advance_to(reference, "active")
    await settled(accord)
    report = await verifying.verify(accord.office, accord.office.gateway)
    assert report.differences == []


async def test_only_finance_officers_move_money_to_a_later_year_of_the_project(accord):
    reference = await accord.submit(JORDAN)
    await accord.advance_to(reference, "agreement")
    before = await slices(accord, reference)
    first = min(before)

    with pytest.raises(Forbidden):
        await reprofile(accord, reference, first, max(before), by="programme-officer-1")
    for to, code in ((first, "year_not_later"), ("2040-41", "year_after_the_project")):
        with pytest.raises(Malformed) as refused:
            await reprofile(accord, reference, first, to)
        assert [gap.code for gap in refused.value.gaps] == [code]

    await accord.advance_to(reference, "active")
    with pytest.raises(Refused, match="nothing_reserved"):
        await reprofile(accord, reference, first, max(before))
    assert await slices(accord, reference) == before
