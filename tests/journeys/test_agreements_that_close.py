"""An agreement is closed over HTTP: reconciled by two people, what was overpaid recovered."""

import pytest_asyncio

from activities import agreements
from tests.journeys.agreements import differences, events
from tests.journeys.client import a_client, money
from tests.journeys.test_agreements_that_run import replayed
from tests.journeys.test_payments import (
    WORDS,
    cents,
    claimed,
    condition_met,
    fund,
    running,
    shown,
    training,
)
from tests.pages.browsing import a_browser
from workflows.ids import agreement_id


@pytest_asyncio.fixture
async def client(engine, tmp_path):
    """One of each test's own: its clock goes years ahead."""
    async with a_client(engine, tmp_path) as client:
        yield client


async def reported(client, reference, spent):
    """Pay 1,000 dollars of it, then report on everything, and have every report accepted."""
    await condition_met(client, reference)
    payment = await claimed(client, reference, 1_000)
    [certifying] = await client.open_tasks(reference, "payment.certify")
    await client.decide(certifying, by=client.person("Certifier 1"))
    [ordering] = await client.open_tasks(reference, "payment.requisition")
    await client.decide(ordering, by=client.person("Payment authority 1"))
    advice = {"number": "1900012345", "paid_on": "2027-06-30", "amount": money(1_000)}
    paid = await client.person("Finance officer 1").post(
        f"/proposals/{reference}/payments/{payment}/paid", advice
    )
    assert paid.status_code == 200, paid.text
    for report in (await shown(client, reference))["reports"]:
        costs = training(spent) if report["kind"] == "financial" else []
        answer = await client.signatory.post(
            f"/proposals/{reference}/reports/{report['id']}", {**WORDS, "costs": costs}
        )
        assert answer.status_code == 200, answer.text
        [reading] = await client.open_tasks(reference, "report.review")
        await client.decide(reading, "accept", by=await client.taker(reading))


async def agreed_on(client, reference):
    """One finance officer states what was eligible, as the form has it; another confirms."""
    [stating] = await client.open_tasks(reference, "agreement.close")
    await client.decide(stating, by=client.person("Finance officer 1"))
    [confirming] = await client.open_tasks(reference, "confirm")
    await client.decide(confirming, by=client.person("Finance officer 2"))


def last_of(notifications, reference):
    return [each["kind"] for each in notifications["items"] if each["reference"] == reference]


async def test_what_was_spent_as_paid_closes_at_once_and_lets_the_rest_go(client):
    reference = await running(client)
    before = await fund(client, reference)
    await reported(client, reference, 1_000)
    figures = (await shown(client, reference))["figures"]
    assert (figures["paid"], figures["reported"]) == (money(1_000), training(1_000))

    await agreed_on(client, reference)

    row = await client.auditor.read(f"/proposals/{reference}")
    assert (row["stage"], row["outcome"]) == ("closed", "approved")
    own = await shown(client, reference, client.signatory)
    assert own["figures"] is None
    assert {n: own["closing"][n] for n in ("state", "eligible", "paid", "owed")} == {
        "state": "closed", "eligible": money(1_000), "paid": money(1_000), "owed": money(0),
    }  # fmt: skip
    after = await fund(client, reference)
    assert cents(after["paid"]) - cents(before["paid"]) == 1_000_00
    assert (cents(after["committed"]), cents(after["certified"])) == (0, 0)
    told = await client.signatory.read("/notifications", params={"limit": "200"})
    assert "agreement_closed" in last_of(told, reference)
    assert await replayed(client, agreement_id(reference))
    assert await differences(client) == []
    claim = await client.signatory.post(
        f"/proposals/{reference}/payments", {"tranche": "T01", "costs": training(1), **WORDS}
    )
    assert (claim.status_code, claim.json()["code"]) == (409, "proposal_closed")


async def test_what_was_overpaid_is_recovered_to_the_cent_before_it_closes(client, monkeypatch):
    monkeypatch.setattr(agreements, "MOST_HISTORY", 20)  # its life is continued again and again
    reference = await running(client)
    before = await fund(client, reference)
    await reported(client, reference, 900)
    await agreed_on(client, reference)
    owed = (await shown(client, reference, client.signatory))["closing"]
    assert (owed["state"], owed["left"]) == ("owed", money(100))
    assert await differences(client) == []
    path = f"/proposals/{reference}/receipts"
    receipt = {"number": "2100000001", "received_on": "2027-07-20"}
    finance = client.person("Finance officer 1")

    too_much = await finance.post(path, {**receipt, "amount": money(101)})
    first = await finance.post(path, {**receipt, "amount": money(60)})
    assert (await client.auditor.read(f"/proposals/{reference}"))["stage"] == "active"
    await taken_in_on_the_page(client, reference, "40.00")

    assert (too_much.status_code, too_much.json()["code"]) == (409, "receipt_above_debt")
    assert first.status_code == 200, first.text
    closing = (await shown(client, reference))["closing"]
    assert (closing["state"], closing["left"], closing["recovered"]) == (
        "closed", money(0), money(100),
    )  # fmt: skip
    assert [each["number"] for each in closing["receipts"]] == ["2100000001", "2100000002"]
    after = await fund(client, reference)
    assert cents(after["paid"]) - cents(before["paid"]) == 900_00
    assert (cents(after["committed"]), cents(after["certified"])) == (0, 0)
    types = [each.type for each in await events(client, reference)]
    assert [types.count(t) for t in ("agreement_closed", "money_recovered", "money_let_go")] == [
        1, 2, 1,
    ]  # fmt: skip
    told = await client.signatory.read("/notifications", params={"limit": "200"})
    assert {"overpayment_found", "overpayment_recovered", "agreement_closed"} <= set(
        last_of(told, reference)
    )
    assert await replayed(client, agreement_id(reference))
    assert await differences(client) == []


async def taken_in_on_the_page(client, reference, dollars):
    here = f"/proposals/{reference}/payments"
    async with a_browser(client.installation.office) as browser:
        await browser.sign_in("finance.officer.1")
        page = await browser.open(here)
        assert "Still to be paid back" in page.text
        receipts = f"/proposals/{reference}/receipts"
        empty = await browser.fill(page, receipts, {})
        assert empty.status == 422
        typed = {"number-receipt": "2100000002", "received_on-receipt": "2027-07-20"}
        done = await browser.fill(empty, receipts, {**typed, "amount-receipt": dollars})
        assert "Not used, and let go" in done.text


async def test_another_amount_than_was_reported_is_explained_by_who_states_it(client):
    reference = await running(client)
    await reported(client, reference, 1_000)
    [stating] = await client.open_tasks(reference, "agreement.close")
    finance = client.person("Finance officer 1")
    body = await client.decision(stating, by=finance)
    body["answers"] = {**body["answers"], "amount": {"currency": "CAD", "value": "999.99"}}
    body["answers"].pop("comments", None)

    answer = await finance.post(f"/tasks/{stating['id']}/decision", body)

    assert answer.status_code == 422, answer.text
    assert [each["code"] for each in answer.json()["errors"]] == ["closing_differs"]
