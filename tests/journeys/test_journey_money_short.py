"""More is asked than a fund holds: waiting in order, offered what comes free, kept or passed on."""

import pytest_asyncio

from tests.journeys.client import a_client, costing

FUNDS = ("CTCBP-contributions-2027-28", "CTCBP-contributions-2028-29")
DRAFT_OF_MOST = costing(10_000_000)


@pytest_asyncio.fixture
async def client(engine, tmp_path):
    async with a_client(engine, tmp_path) as client:
        yield client


async def full(client, beside=0):
    """Four proposals that take all of 20 million in each year, and more behind them that wait."""
    first = [await client.submitted(**DRAFT_OF_MOST) for _ in range(4)]
    waiting = [await client.submitted(**DRAFT_OF_MOST) for _ in range(beside)]
    for reference in first:
        await client.advance_to_task(reference, "funding.approve")
    for reference in waiting:
        task = await client.advance_to_task(reference, "funding.recommend")
        await client.decide(task)
    return first, waiting


async def balances(client):
    return {
        fund["id"]: (fund["available"]["value"], [q["reference"] for q in fund["queue"]])
        for fund in await client.funds()
        if fund["id"] in FUNDS
    }


async def test_money_short_is_a_wait_and_money_that_comes_free_is_offered(client):
    first, (second, third) = await full(client, beside=2)
    assert await balances(client) == dict.fromkeys(FUNDS, ("0.00", [second, third]))
    for reference in (second, third):
        [item] = await client.waiting(reference)
        assert item["on"] == {"kind": "money", "who": ", ".join(FUNDS)}
        assert item["since"]
        assert item["next"]["what"] == "unfunded"
        assert await client.open_tasks(reference) == []
        assert (await client.view(reference))["stage"] == "funding"
        [mine] = await client.waiting(reference, client.signatory)
        assert mine["on"] == {"kind": "department", "who": "the_department"}

    await client.signatory.post(f"/proposals/{first[0]}/withdraw", {"reason": "No longer."})
    offer = await client.advance_to_task(second, "funding.recommend")

    assert {o["code"] for o in offer["outcomes"]} == {"recommend", "return", "pass_over"}
    assert await balances(client) == dict.fromkeys(FUNDS, ("0.00", [third]))
    await client.decide(offer, "pass_over")
    offered_on = await client.advance_to_task(third, "funding.recommend")
    assert await balances(client) == dict.fromkeys(FUNDS, ("0.00", [second]))
    await client.decide(offered_on)
    view = await client.advance(third)
    assert (view["stage"], view["outcome"]) == ("active", "approved")
    [item] = await client.waiting(second)
    assert item["on"]["kind"] == "money"

    await client.signatory.post(f"/proposals/{first[1]}/withdraw", {"reason": "No longer."})
    again = await client.advance_to_task(second, "funding.recommend")
    await client.decide(again)

    assert (await client.advance(second))["outcome"] == "approved"
    assert await balances(client) == dict.fromkeys(FUNDS, ("0.00", []))


async def test_a_fund_that_two_finance_officers_raise_offers_its_money_to_whoever_waits(client):
    _, (waiting,) = await full(client, beside=1)
    one, another = client.person("Finance officer 1"), client.person("Finance officer 2")
    raised = {"currency": "CAD", "value": "25000000.00"}
    asked = {"kind": "budget", "budget": raised, "reason": "Supplementary estimates."}

    for fund in FUNDS:
        proposed = (await one.post(f"/funds/{fund}/corrections", asked)).json()
        confirm = f"/funds/{fund}/corrections/{proposed['id']}/confirm"
        refused = await one.post(confirm)
        assert (refused.status_code, refused.json()["code"]) == (409, "separation_of_duties")
        assert "Another finance officer" in refused.json()["detail"]
        assert await balances(client) == balances_before(waiting, fund)
        done = await another.post(confirm)
        assert (done.status_code, done.json()["state"]) == (200, "done")
    offer = await client.advance_to_task(waiting, "funding.recommend")

    assert "pass_over" in {o["code"] for o in offer["outcomes"]}
    await client.decide(offer)
    assert (await client.advance(waiting))["outcome"] == "approved"


def balances_before(waiting, fund):
    """In the first year there is money once it is raised; the offer waits for the second."""
    free = ("0.00", [waiting]) if fund == FUNDS[0] else ("5000000.00", [waiting])
    return {FUNDS[0]: free, FUNDS[1]: ("0.00", [waiting])}


async def test_nobody_overtakes_whoever_waits(client):
    first, (second,) = await full(client, beside=1)
    small = await client.submitted(**costing(200_000))
    await client.decide(await client.advance_to_task(small, "funding.recommend"))

    assert await balances(client) == dict.fromkeys(FUNDS, ("0.00", [second, small]))
    await client.signatory.post(f"/proposals/{second}/withdraw", {"reason": "Too long."})
    assert await balances(client) == dict.fromkeys(FUNDS, ("0.00", [small]))
    await client.signatory.post(f"/proposals/{first[0]}/withdraw", {"reason": "No longer."})
    offer = await client.advance_to_task(small, "funding.recommend")
    await client.decide(offer)
    assert (await client.advance(small))["outcome"] == "approved"
    assert await balances(client) == dict.fromkeys(FUNDS, ("4900000.00", []))
