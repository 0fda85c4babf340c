"""A fund is opened by two finance officers: there is none before the second, and one for a year."""

import asyncio
from datetime import timedelta

import pytest
from sqlmodel import select

from commands import fund_openings
from schemas.errors import Forbidden, Malformed, NotFound, Refused
from schemas.events import EventType
from schemas.requests import FundOpeningRequest
from schemas.values import Money
from store.tables import FundOpeningRow, FundRow, MessageRow, NotificationRow
from tests.commands.test_fund_corrections import (
    ANA,
    BEN,
    a_viewer,
    differences,
    events,
    funds,
    office,
    rows,
    waits,
)

__all__ = ["office"]

LATER = "CTCBP-contributions-2029-30"


def asked(**plan):
    facts = {
        "programme": "CTCBP", "vote": "contributions", "fiscal_year": "2029-30",
        "budget": Money.of_cents(500).model_dump(), "reason": "The plan of the next years.",
    }  # fmt: skip
    return FundOpeningRequest.model_validate(facts | plan)


async def propose(office, by=ANA, request="p", **plan):
    return await fund_openings.propose(office, by, asked(**plan), request)


async def confirm(office, opening, by=BEN, request="c"):
    return await fund_openings.confirm(office, by, opening["id"], request)


async def test_there_is_no_fund_before_a_second_finance_officer_has_confirmed_it(office):
    proposed = await propose(office)
    assert (proposed["state"], proposed["fund_state"]) == ("proposed", "planned")
    assert LATER not in await funds(office)

    confirmed = await confirm(office, proposed)

    assert (confirmed["state"], confirmed["ended_by"]) == ("done", {"id": "ben", "name": "Ben"})
    assert (await funds(office))[LATER] == (500, "planned", 0)
    assert await differences(office) == []


async def test_whoever_proposed_it_never_confirms_it(office):
    proposed = await propose(office)

    with pytest.raises(Refused, match="separation_of_duties"):
        await confirm(office, proposed, by=ANA)

    assert LATER not in await funds(office)


async def test_who_waits_for_the_year_is_offered_its_money_in_the_recorded_order(office):
    for name, cents in (("first", 300), ("second", 300), ("third", 10)):
        await waits(office, name, cents, funds=(LATER,))

    await confirm(office, await propose(office))

    offered = [row.payload["reservation"] for row in await rows(office, MessageRow)]
    assert offered == ["first:1"]
    assert await differences(office) == []


@pytest.mark.parametrize(
    ("plan", "pointer", "code"),
    [
        ({"fiscal_year": "2029-31"}, "/fiscal_year", "no_fiscal_year"),
        ({"fiscal_year": "2025-26"}, "/fiscal_year", "fiscal_year_over"),
        ({"programme": "OTHER"}, "/programme", "unknown_programme"),
    ],
)
async def test_a_fund_of_no_year_or_program_is_refused(office, plan, pointer, code):
    with pytest.raises(Malformed) as refused:
        await propose(office, **plan)

    assert [(gap.pointer, gap.code) for gap in refused.value.gaps] == [(pointer, code)]


async def test_a_year_ends_in_toronto(office):
    """At 23:30 of 31 March there it is April in UTC, and the year is not over yet."""
    office.memory["now"][0] = office.memory["now"][0].replace(
        year=2027, month=4, day=1, hour=3, minute=30
    )
    proposed = await propose(office, vote="operating", fiscal_year="2026-27")
    assert proposed["fund"] == "CTCBP-operating-2026-27"

    office.memory["now"][0] += timedelta(hours=1)
    with pytest.raises(Malformed) as refused:
        await propose(office, vote="grants", fiscal_year="2026-27", request="other")
    assert refused.value.gaps[0].code == "fiscal_year_over"


async def test_one_that_is_there_or_waits_is_not_proposed_again(office):
    with pytest.raises(Refused, match="fund_is_there"):
        await propose(office, fiscal_year="2026-27")
    await propose(office)

    with pytest.raises(Refused, match="opening_under_way"):
        await propose(office, by=BEN, request="q")


async def test_one_that_nobody_confirms_by_its_date_lapses_and_may_be_proposed_anew(office):
    proposed = await propose(office)
    office.memory["now"][0] += timedelta(days=60)

    with pytest.raises(Refused, match="opening_over"):
        await confirm(office, proposed)
    assert await fund_openings.end_silent(office) == 1
    assert await fund_openings.end_silent(office) == 0
    await confirm(office, await propose(office, request="q"))

    assert sorted(row.state for row in await rows(office, FundOpeningRow)) == ["done", "lapsed"]
    assert await differences(office) == []


async def test_it_is_refused_with_a_reason_that_the_proposer_is_told_of(office):
    proposed = await propose(office)

    refused = await fund_openings.refuse(office, BEN, proposed["id"], "Twice.", "r")

    assert (refused["state"], refused["answer"]) == ("refused", "Twice.")
    told = {(row.person, row.kind) for row in await rows(office, NotificationRow)}
    assert told == {("ben", "fund_opening_to_confirm"), ("ana", "fund_not_opened")}
    assert [e.type for e in await events(office, EventType.FUND_OPENING_ENDED)]


async def test_only_finance_officers_of_the_program_open_funds(office):
    proposed = await propose(office)
    for other in (
        a_viewer("adm", ("administrator", "all")),
        a_viewer("off", ("finance_officer", "ACCBP")),
        a_viewer("pro", ("programme_officer", "CTCBP")),
    ):
        with pytest.raises(Forbidden):
            await propose(office, by=other, request="o", vote="grants")
        with pytest.raises(Forbidden):
            await confirm(office, proposed, by=other)
        with pytest.raises(Forbidden):
            await fund_openings.refuse(office, other, proposed["id"], "No.", "r")
    with pytest.raises(NotFound):
        await fund_openings.confirm(office, BEN, "unknown", "u")


async def test_a_repeated_request_is_answered_as_the_first_was(office):
    first, second = await propose(office), await propose(office)
    assert first == second

    assert await confirm(office, first) == await confirm(office, first)
    assert len([row for row in await rows(office, FundRow) if row.id == LATER]) == 1


async def test_of_thirty_who_confirm_at_once_one_opens_the_fund(office):
    proposed = await propose(office)

    answers = await asyncio.gather(
        *(confirm(office, proposed, request=f"c-{n}") for n in range(30)), return_exceptions=True
    )

    said = sorted(getattr(each, "code", "opened") for each in answers)
    assert said == ["opened", *["opening_over"] * 29]


async def test_an_opening_that_no_event_tells_of_is_named(office):
    proposed = await propose(office)
    async with office.database.writing() as session:
        row = (
            await session.exec(select(FundOpeningRow).where(FundOpeningRow.id == proposed["id"]))
        ).one()
        row.state = "done"
        session.add(row)

    [found] = await differences(office)

    assert (found["what"], found["subject"]) == ("fund_opening", proposed["id"])
