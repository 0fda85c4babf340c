"""Funds for staff: balances, the order of those who wait, and only what one may know."""

import pytest
import pytest_asyncio

from commands import funds
from commands.office import Office
from schemas.errors import Forbidden, NotFound
from schemas.messages import MoneyMove, MoneyRequest, Slice
from schemas.people import Candidate, Role, Viewer
from store import audiences, money, schema
from store.database import Database
from store.tables import FundRow, ProposalRow
from tests.store.others import NOW

FUND = "CTCBP-contributions-2026-27"


@pytest_asyncio.fixture
async def office(database_url):
    database = Database(database_url)
    await schema.migrate(database)
    found = Office(
        database=database,
        catalogue=None,
        gateway=None,
        keys=None,
        signer=None,
        hasher=None,
        clock=lambda: NOW,
    )
    async with database.writing() as session:
        for year, budget in (("2026-27", 100), ("2027-28", 100)):
            session.add(
                FundRow(
                    id=f"CTCBP-contributions-{year}",
                    programme="CTCBP",
                    vote="contributions",
                    fiscal_year=year,
                    budget=budget,
                )
            )
    yield found
    await database.close()


async def ask(office, name, cents, priority=0, programme="CTCBP", organization="org-1"):
    asked = MoneyRequest(
        reservation=f"{name}:1",
        move=MoneyMove.RESERVE,
        slices=(Slice(fund=FUND, cents=cents),),
        priority=priority,
    )
    async with office.database.writing() as session:
        session.add(
            row := ProposalRow(
                reference=name,
                organization=organization,
                programme=programme,
                created_at=NOW,
                placed_at=NOW,
                submitted_at=NOW,
                stage="funding",
                state={},
            )
        )
        session.add_all(audiences.entries(row, {(Role.FINANCE_OFFICER, programme)}))
        await session.flush()
        await money.apply(session, asked, name, NOW)


def a_viewer(*grants):
    return Viewer(
        id="ana",
        name="Ana",
        email="ana@accord.example",
        organization=None,
        grants=tuple(Candidate(role=Role(role), scope=scope) for role, scope in grants),
    )


FINANCE = a_viewer(("finance_officer", "CTCBP"))


async def queue(office, viewer):
    [fund] = await funds.funds(office, viewer, {"fiscal_year": "2026-27"})
    return [(line["position"], line["reference"]) for line in fund["queue"]]


async def test_a_fund_tells_its_balance_and_the_order_of_those_who_wait(office):
    await ask(office, "first", 80)
    await ask(office, "second", 50)
    await ask(office, "third", 40)
    await ask(office, "urgent", 30, priority=1)

    first, second = await funds.funds(office, FINANCE, {})

    assert (first["id"], first["reserved"]["value"], first["available"]["value"]) == (
        FUND,
        "0.80",
        "0.20",
    )
    assert second["queue"] == []
    assert await queue(office, FINANCE) == [(1, "urgent"), (2, "second"), (3, "third")]


async def test_a_place_in_the_queue_is_told_without_the_proposal_one_does_not_see(office):
    await ask(office, "full", 100)
    await ask(office, "other", 10, programme="ACCBP")
    await ask(office, "own", 10)

    assert await queue(office, FINANCE) == [(1, None), (2, "own")]
    assert await queue(office, a_viewer(("auditor", "all"))) == [(1, "other"), (2, "own")]


async def test_commitments_are_those_of_the_fund_that_one_sees(office):
    await ask(office, "held", 60)
    await ask(office, "waiting", 60)
    await ask(office, "other", 10, programme="ACCBP")

    found = await funds.commitments(office, FINANCE, FUND)
    elsewhere = await funds.commitments(office, FINANCE, "CTCBP-contributions-2027-28")

    assert [(line["reference"], line["state"]) for line in found] == [
        ("held", "reserved"),
        ("waiting", "queued"),
    ]
    assert elsewhere == []


async def test_of_ones_own_organization_one_learns_no_funds(office):
    await ask(office, "full", 100)
    await ask(office, "own", 10)
    both = a_viewer(("finance_officer", "CTCBP"), ("signatory", "org-1"))

    assert await funds.commitments(office, both, FUND) == []
    assert await queue(office, both) == [(1, None)]


async def test_a_partner_sees_no_funds_and_an_unknown_fund_is_not_found(office):
    with pytest.raises(Forbidden, match="staff_only"):
        await funds.funds(office, a_viewer(("signatory", "org-1")), {})
    with pytest.raises(Forbidden, match="staff_only"):
        await funds.commitments(office, a_viewer(("signatory", "org-1")), FUND)
    with pytest.raises(NotFound):
        await funds.commitments(office, FINANCE, "nothing")
