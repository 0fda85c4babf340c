"""An agreement is reported on and paid over HTTP: one certifies, another requisitions."""

from datetime import date, timedelta

import pytest_asyncio

from store.tables import GrantRow
from tests.journeys.agreements import differences, events, signed
from tests.journeys.client import Client, a_client, money
from tests.journeys.test_following_conditions import give, with_condition

TO_THE_FIRST_REPORT = timedelta(days=158)
WORDS = {"words": "The first course was held; the invoices are attached."}


@pytest_asyncio.fixture
async def client(engine, tmp_path):
    """One of each test's own: its clock goes years ahead."""
    async with a_client(engine, tmp_path) as client:
        yield client


async def running(client, gates="payment", passed=timedelta(days=200), relies_on=()):
    """An agreement that runs since its first day, with one condition that holds up payments."""
    reference = await with_condition(client, gates=gates, relies_on=relies_on)
    await signed(client, reference)
    await later(client, reference, passed)
    return reference


async def later(client, reference, time):
    """So much later: everybody signs in again."""
    if not time:
        return
    await client.installation.pass_time(reference, time)
    client.people = (await Client.sign_in(client.http, client.installation)).people


async def shown(client, reference, by=None):
    return await (by or client.auditor).read(f"/proposals/{reference}/payments")


def training(dollars):
    return [{"category": "training", "amount": money(dollars)}]


async def claimed(client, reference, dollars, tranche="T01"):
    answer = await client.signatory.post(
        f"/proposals/{reference}/payments",
        {
            "tranche": tranche,
            "costs": training(dollars),
            **WORDS,
        },
    )
    assert answer.status_code == 200, answer.text
    return answer.json()["payments"][-1]["id"]


async def condition_met(client, reference):
    await give(client, reference)
    [judging] = await client.open_tasks(reference, "condition.judge")
    await client.decide(judging, "met", by=client.person("Human rights reviewer 2"))


async def refused(client, task, by):
    body = await client.decision(task, by=by)
    answer = await by.post(f"/tasks/{task['id']}/decision", body)
    return answer.status_code, answer.json()


async def also(client, person, role):
    """Grant a role beside those that a person has."""
    async with client.installation.office.database.writing() as session:
        session.add(
            GrantRow(
                id=f"{role}-{person.account_id}",
                person=person.account_id,
                role=role,
                scope="all",
                starts_on=date(2026, 11, 1),
                confirmed_by="demo-administrator-2",
                confirmed_on=date(2026, 11, 1),
                granted_by="demo-administrator-1",
            )
        )


async def fund(client, reference):
    tranche = (await shown(client, reference))["tranches"][0]["fund"]
    [found] = [each for each in await client.funds() if each["id"] == tranche]
    return found


async def test_a_payment_is_claimed_certified_requisitioned_and_paid_by_different_people(client):
    reference = await running(client)
    await condition_met(client, reference)
    before = await fund(client, reference)

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
    [one] = (await shown(client, reference))["payments"]
    assert (one["state"], one["number"], one["certified"]) == ("paid", "1900012345", money(1_000))
    [own] = (await shown(client, reference, client.signatory))["payments"]
    assert (own["state"], own["paid_on"]) == ("paid", "2027-06-30")
    after = await fund(client, reference)
    assert cents(after["paid"]) - cents(before["paid"]) == 1_000_00
    assert cents(before["committed"]) - cents(after["committed"]) == 1_000_00
    assert await differences(client) == []


def cents(amount):
    return round(float(amount["value"]) * 100)


async def test_a_stopped_payment_names_each_closed_gate_and_who_can_open_it(client):
    reference = await running(client, passed=timedelta(0))
    await claimed(client, reference, 1_000)
    [certifying] = await client.open_tasks(reference, "payment.certify")

    code, told = await refused(client, certifying, client.person("Certifier 1"))

    assert (code, told["code"]) == (409, "payment_stopped")
    assert [(g["gate"], g["by_partner"]) for g in told["gates"]] == [
        ("day", False), ("condition", True),
    ]  # fmt: skip
    assert told["gates"][1]["candidates"] == [{"role": "reviewer", "scope": "human_rights"}]
    read = await shown(client, reference)
    assert read["payments"][0]["gates"] == told["gates"]
    own = await shown(client, reference, client.signatory)
    assert [g["candidates"] for g in own["payments"][0]["gates"]] == [[], []]


async def test_who_certifies_does_not_requisition(client):
    reference = await running(client)
    await condition_met(client, reference)
    both = client.person("Certifier 1")
    await also(client, both, "payment_authority")
    await claimed(client, reference, 1_000)
    [certifying] = await client.open_tasks(reference, "payment.certify")
    await client.decide(certifying, by=both)
    [ordering] = await client.open_tasks(reference, "payment.requisition")

    code, told = await refused(client, ordering, both)

    assert (code, told["code"], told["rule"]) == (409, "separation_of_duties", "two_authorities")
    assert ordering["id"] not in await client.installation.inbox(
        await client.installation.viewer("certifier-1"), reference
    )


async def test_a_report_that_is_returned_is_handed_in_again_and_then_opens_a_tranche(client):
    reference = await running(client)
    await condition_met(client, reference)
    for report, costs in (("R01", []), ("F01", training(500))):
        handed = {**WORDS, "costs": costs}
        answer = await client.signatory.post(f"/proposals/{reference}/reports/{report}", handed)
        assert answer.status_code == 200, answer.text
    of = {t["subject"]: t for t in await client.open_tasks(reference, "report.review")}
    officer = client.person("Programme officer 1")

    await client.decide(of["R01"], "return", by=officer, message_to_partner="Say who took part.")
    again = await client.signatory.post(f"/proposals/{reference}/reports/R01", WORDS)
    assert again.status_code == 200, again.text
    [reading] = [
        t for t in await client.open_tasks(reference, "report.review")
        if t["subject"] == "R01"
    ]  # fmt: skip
    await client.decide(reading, "accept", by=officer)
    await client.decide(of["F01"], "accept", by=client.person("Finance officer 1"))

    states = {r["id"]: r["state"] for r in (await shown(client, reference))["reports"]}
    assert (states["R01"], states["F01"]) == ("accepted", "accepted")
    once_more = await client.signatory.post(f"/proposals/{reference}/reports/R01", WORDS)
    assert (once_more.status_code, once_more.json()["code"]) == (409, "report_not_owed")
    assert await differences(client) == []


async def test_no_claim_goes_beyond_its_tranche(client):
    reference = await running(client)
    [first, *_] = (await shown(client, reference))["tranches"]
    most = cents(first["left"]) // 100

    await claimed(client, reference, most - 10)
    beyond = await client.signatory.post(
        f"/proposals/{reference}/payments",
        {"tranche": "T01", "costs": training(11), **WORDS},
    )

    assert (beyond.status_code, beyond.json()["code"]) == (409, "claim_above_tranche")


async def test_a_claim_that_is_returned_leaves_its_money_to_the_next(client):
    reference = await running(client)
    await condition_met(client, reference)
    await claimed(client, reference, 1_000)
    [certifying] = await client.open_tasks(reference, "payment.certify")
    left = (await shown(client, reference))["tranches"][0]["left"]

    await client.decide(
        certifying, "return", by=client.person("Certifier 1"), message_to_partner="No invoice."
    )

    now = await shown(client, reference)
    assert cents(now["tranches"][0]["left"]) - cents(left) == 1_000_00
    assert (now["payments"][0]["state"], now["payments"][0]["message"]) == (
        "returned",
        "No invoice.",
    )


async def test_what_is_given_back_is_certified_again_and_moves_its_money_once(client):
    reference = await running(client)
    await condition_met(client, reference)
    await claimed(client, reference, 1_000)
    before = await fund(client, reference)
    for outcome in ("give_back", "requisition"):
        [certifying] = await client.open_tasks(reference, "payment.certify")
        await client.decide(certifying, by=client.person("Certifier 1"))
        [ordering] = await client.open_tasks(reference, "payment.requisition")
        await client.decide(ordering, outcome, by=client.person("Payment authority 1"))

    after = await fund(client, reference)
    assert cents(after["certified"]) - cents(before["certified"]) == 1_000_00
    assert await differences(client) == []


async def test_the_partner_is_reminded_of_a_report_and_told_that_it_is_overdue(client):
    reference = await running(client)

    await later(client, reference, TO_THE_FIRST_REPORT)

    for _ in range(200):
        said = [e.type for e in await events(client, reference)]
        if "report_overdue" in said:
            break
        await client.installation.settle()
    assert "report_reminded" in said
    assert any(r["overdue"] for r in (await shown(client, reference))["reports"])
    assert await differences(client) == []
