"""An annual voluntary contribution, from the officer who opens it to the active commitment."""

from commands import verifying
from tests.journeys.client import CONTENT

OFFICER, ANOTHER = "Programme officer 1", "Programme officer 2"
AMOUNT = {"currency": "CAD", "value": "400000.00"}


def a_contribution(**changes):
    lines = [{"fiscal_year": "2027-28", "category": "funding", "amount": AMOUNT}]
    return CONTENT | {
        "programme": "ACCBP-AVC",
        "title": "The contribution of the year",
        "focus_areas": [],
        "assistance": ["funding"],
        "countries": [],
        "beneficiaries": [],
        "named_parties": [],
        "equipment": [],
        "start_date": "2027-04-01",
        "end_date": "2028-03-31",
        "amount": AMOUNT,
        "budget": lines,
        **changes,
    }


async def opened(client, organization):
    answer = await client.person(OFFICER).post(
        "/proposals", {**a_contribution(), "organization": organization}
    )
    assert answer.status_code == 201, answer.text
    return answer.json()["reference"]


def signatory_of(client, organization):
    return next(
        person
        for person in client.people
        if any(
            (grant["role"], grant["scope"]) == ("signatory", organization)
            for grant in person.account["grants"]
        )
    )


async def test_an_officer_opens_it_and_it_ends_in_a_firm_commitment(client):
    reference = await opened(client, "unodc")
    officer, partner = client.person(OFFICER), signatory_of(client, "unodc")

    # its draft is the officers' alone
    assert (await officer.read(f"/proposals/{reference}"))["title"] == a_contribution()["title"]
    assert (await client.person(ANOTHER).get(f"/proposals/{reference}")).status_code == 200
    listed = await officer.read("/proposals", params={"programme": "ACCBP-AVC"})
    assert [each["reference"] for each in listed["items"]] == [reference]
    for other in (partner, signatory_of(client, "oas"), client.auditor,
                  client.person("Finance officer 1")):  # fmt: skip
        assert (await other.get(f"/proposals/{reference}")).status_code == 404
        assert (await other.post(f"/proposals/{reference}/submit")).status_code == 404
    assert (await officer.read(f"/proposals/{reference}/waiting"))["items"] == []
    checked = await officer.read(f"/proposals/{reference}/check")
    assert checked["gaps"] == []
    assert {each["code"]: each["result"] for each in checked["checks"]}["named_organization"] == (
        "pass"
    )

    await client.submit(reference, officer)

    # the organization sees it from submission, and what it reads names no officer
    seen = await partner.read(f"/proposals/{reference}")
    assert seen["partner_status"] == "received"
    history = await partner.read(f"/proposals/{reference}/history")
    assert "Programme officer" not in str(history)

    # who submitted it does not confirm that it is eligible
    [task] = await client.open_tasks(reference, "eligibility.confirm")
    form = (await client.auditor.read(f"/tasks/{task['id']}"))["form"]
    answer = {"outcome": "eligible", "reason": "Named.", "answers": form["examples"][0]}
    own = await officer.post(f"/tasks/{task['id']}/decision", answer)
    assert (own.status_code, own.json()["code"]) == (409, "separation_of_duties")

    await client.advance(reference, "active")

    events = [event["type"] for event in await client.events(reference)]
    kinds = {event["data"].get("kind") for event in await client.events(reference)}
    assert {"proposal_approved", "letter_written", "money_committed", "agreement_active"} <= set(
        events
    )
    assert "desk.sign_off" not in kinds
    assert "agreement.sign" not in kinds
    [commitment] = (await client.view(reference))["commitments"]
    assert (commitment["state"], commitment["amount"]) == ("committed", AMOUNT)
    assert commitment["fund"].startswith("ACCBP-AVC-")
    client.installation.office.heads = None
    report = await verifying.verify(client.installation.office, None)
    assert [each for each in report.differences if reference in str(each)] == []


async def test_an_organization_has_one_in_a_fiscal_year(client):
    reference = await opened(client, "oas")
    officer = client.person(ANOTHER)

    again = await officer.post("/proposals", {**a_contribution(), "organization": "oas"})
    assert (again.status_code, again.json()["code"]) == (409, "second_in_year")

    # one that came to nothing does not count
    deleted = await client.person(OFFICER).ask("DELETE", f"/proposals/{reference}")
    assert deleted.status_code == 204
    assert await opened(client, "oas") != reference


async def test_nobody_but_the_programs_officers_writes_it(client):
    reference = await opened(client, "demo-ngo")
    body = a_contribution(title="Other words")

    partner = signatory_of(client, "demo-ngo")
    assert (await partner.put(f"/proposals/{reference}", body, version=1)).status_code == 404
    saved = await client.person(ANOTHER).put(f"/proposals/{reference}", body, version=1)
    assert saved.json()["title"] == "Other words"

    await client.submit(reference, client.person(ANOTHER))
    late = await partner.put(f"/proposals/{reference}", body, version=2)
    assert (late.status_code, late.json()["code"]) == (403, "opened_by_officer")
