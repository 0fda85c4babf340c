"""Who is told of the reports and payments of an agreement, and how little it says."""

import pytest
import pytest_asyncio

from policy.notifications import in_words
from schemas.notifications import NotificationKind
from tests.journeys.agreements import events
from tests.journeys.client import a_client, money
from tests.journeys.test_payments import (
    TO_THE_FIRST_REPORT,
    WORDS,
    claimed,
    condition_met,
    later,
    running,
)


@pytest_asyncio.fixture
async def client(engine, tmp_path):
    """One of each test's own: its clock goes years ahead."""
    async with a_client(engine, tmp_path) as client:
        yield client


async def told(client, name, reference, about=("report_", "payment_")):
    """What *name* was told of the agreement's reports and payments, and the items themselves."""
    listed = await client.person(name).read("/notifications", params={"limit": "200"})
    items = [
        each
        for each in listed["items"]
        if each["reference"] == reference and each["kind"].startswith(about)
    ]
    return sorted(each["kind"] for each in items), items


async def test_each_step_of_a_payment_is_told_once_to_whoever_no_task_tells(client):
    reference = await running(client)
    await condition_met(client, reference)

    payment = await claimed(client, reference, 1_000)
    [certifying] = await client.open_tasks(reference, "payment.certify")
    await client.decide(certifying, by=client.person("Certifier 1"))
    [ordering] = await client.open_tasks(reference, "payment.requisition")
    await client.decide(ordering, by=client.person("Payment authority 1"))
    advice = {"number": "1900012345", "paid_on": "2027-06-30", "amount": money(1_000)}
    for _ in range(2):
        paid = await client.person("Finance officer 1").post(
            f"/proposals/{reference}/payments/{payment}/paid", advice
        )
    assert paid.status_code == 409, "a second advice of the same payment is refused"

    only = ("payment_",)
    assert (await told(client, "Signatory 1", reference, only))[0] == ["payment_made"]
    assert (await told(client, "Contributor 1", reference, only))[0] == [
        "payment_claimed",
        "payment_made",
    ]
    assert (await told(client, "Finance officer 2", reference, only))[0] == [
        "payment_requisitioned"
    ]
    kinds, items = await told(client, "Programme officer 1", reference, only)
    assert kinds == ["payment_certified", "payment_made"]
    for item in items:
        assert "1000" not in item["text"]
        assert "1,000" not in item["text"]
    assert (await told(client, "Signatory 2", reference))[0] == []


async def test_a_returned_claim_is_told_to_the_partner_and_to_the_officers(client):
    reference = await running(client)
    await claimed(client, reference, 1_000)
    [certifying] = await client.open_tasks(reference, "payment.certify")

    await client.decide(
        certifying,
        "return",
        by=client.person("Certifier 1"),
        message_to_partner="Name the course that the invoice is for.",
    )

    for name in ("Signatory 1", "Contributor 1", "Programme officer 1"):
        kinds, items = await told(client, name, reference, ("payment_returned",))
        assert kinds == ["payment_returned"]
        assert "invoice" not in items[0]["text"]


async def test_a_report_is_told_when_due_when_overdue_and_when_it_was_read(client):
    reference = await running(client)

    await later(client, reference, TO_THE_FIRST_REPORT)
    await until(client, reference, "report_overdue")

    kinds, _ = await told(client, "Signatory 1", reference, ("report_",))
    assert {"report_reminded", "report_overdue"} == set(kinds)
    assert kinds == sorted(
        e.type for e in await events(client, reference) if e.type in set(kinds)
    ), "each reminder once"
    officers, items = await told(client, "Programme officer 1", reference, ("report_",))
    assert set(officers) == {"report_overdue"}
    assert items[0]["text"].endswith(".")

    await client.signatory.post(f"/proposals/{reference}/reports/R01", WORDS)
    [reading] = await client.open_tasks(reference, "report.review")
    await client.decide(reading, "accept", by=client.person("Programme officer 1"))

    kinds, _ = await told(client, "Contributor 1", reference, ("report_accepted",))
    assert kinds == ["report_accepted"]


async def test_a_payment_that_is_late_is_told_to_staff_alone(client):
    reference = await running(client)
    await claimed(client, reference, 1_000)

    await later(client, reference, TO_THE_FIRST_REPORT)
    await until(client, reference, "payment_late")

    for name in ("Programme officer 1", "Finance officer 1"):
        kinds, items = await told(client, name, reference, ("payment_late",))
        assert kinds == ["payment_late"]
        assert "who can open it" in items[0]["text"]
    for name in ("Signatory 1", "Contributor 1"):
        assert (await told(client, name, reference, ("payment_late",)))[0] == []


async def until(client, reference, said):
    """The engine has told the store so: it works beside what passes the time."""
    for _ in range(200):
        if said in [e.type for e in await events(client, reference)]:
            return
        await client.installation.settle()
    raise AssertionError(said)


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize(
    "kind", [k for k in NotificationKind if k.startswith(("report_", "payment_"))]
)
def test_what_is_told_leads_to_the_reports_and_payments_and_names_no_sum(kind, language):
    said = in_words(kind, language, reference="CTCBP-2026-000001")

    assert said.path == f"/{language}/proposals/CTCBP-2026-000001/payments"
    assert "$" not in said.subject + said.text
    assert "{" not in said.subject + said.text
