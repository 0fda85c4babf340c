"""What an administrator cannot do, over HTTP; and the whole end of a record in one drill."""

import json
from datetime import timedelta
from operator import itemgetter

from commands import case_files, records, rotating_keys, signing_heads, verifying
from commands.partner_acts import withdraw
from store.keys import KeyRing, RotatingWrappingKey
from store.signing import Signer
from store.trail import StoreTrail
from tests.installation import AN_AUDITOR, SECRET, Installation, a_request, an_api
from tests.journeys.client import Client
from tests.policy.proposals import a_proposal
from tests.records.test_case_files import check
from workflows.gateway import TemporalGateway
from workflows.operating import Operations

JORDAN = a_proposal().model_dump(mode="json")
A_ROLE = {
    "role": "reviewer",
    "scope": "norms",
    "starts_on": "2026-01-01",
    "ends_on": "2036-12-31",
    "reason": "For the team.",
}


async def test_an_administrator_gets_no_deciding_role_in_any_way(accord: Installation):
    reference = await accord.submit(JORDAN)
    task = await accord.task(reference, "eligibility.confirm")
    async with an_api(accord.office) as http:
        client = await Client.sign_in(http, accord)
        one, other = client.person("Administrator 1"), client.person("Administrator 2")
        own, me_email = itemgetter("id", "email")(await one.read("/me"))
        others = (await other.read("/me"))["id"]

        to_oneself = await one.post(f"/people/{own}/grants", json=A_ROLE)
        to_another = await one.post(f"/people/{others}/grants", json=A_ROLE)
        to_a_reviewer = await one.post(
            "/people/demo-finance-officer-1/grants", json={**A_ROLE, "role": "administrator",
            "scope": "all"},
        )  # fmt: skip
        invited = await one.post(
            "/people/invitations", json={"email": "second.self@accord.example", "name": "S"}
        )
        as_partner = await one.post(
            "/people/invitations", json={"email": me_email, "name": "S", "organization": "oas",
            "role": "signatory"},
        )  # fmt: skip
        second_self = f"/people/{invited.json()['person']}/grants"
        sham = await one.post(second_self, json={**A_ROLE, "role": "administrator", "scope": "all"})
        sham_alone = await one.post(f"/grants/{sham.json()['id']}/confirm")
        mixed = await one.post(second_self, json=A_ROLE)
        proposed = await one.post("/people/demo-finance-officer-1/grants", json=A_ROLE)
        alone = await one.post(f"/grants/{proposed.json()['id']}/confirm")
        decides = await one.post(f"/tasks/{task['id']}/decision", json={"outcome": "eligible"})
        me = await one.read("/me")

    refusals = (to_oneself, to_another, to_a_reviewer, alone, as_partner, sham_alone, mixed)
    assert [(r.status_code, r.json()["code"]) for r in refusals] == [
        (409, "not_to_oneself"),
        (409, "administrator_holds_no_other_role"),
        (409, "administrator_holds_no_other_role"),
        (409, "second_person_needed"),
        (409, "not_to_oneself"),
        (409, "second_person_needed"),
        (409, "administrator_holds_no_other_role"),
    ]
    assert (sham.json()["state"], proposed.json()["state"]) == ("proposed", "proposed")
    assert decides.status_code == 403
    assert me["grants"] == [{"role": "administrator", "scope": "all"}]


async def test_the_end_of_a_record(accord: Installation):
    """Years after closing: the words go, the keys change and go, and everything still verifies."""
    office, operations = accord.office, Operations(accord.client)
    gateway = TemporalGateway(accord.client, StoreTrail(office.database, office.now))
    reference, living = await accord.submit(JORDAN), await accord.submit(JORDAN)
    await accord.decide(reference, "eligibility.confirm")
    await withdraw(office, accord.signatory, reference, "We changed plans.", a_request())
    await signing_heads.sign_changed(office)
    while await operations.is_running(reference):
        await accord.settle()
    accord.ahead += timedelta(days=4 * 366)

    new = b"n" * 32
    office.keys = KeyRing(office.database, RotatingWrappingKey(lambda: [new, SECRET]))
    await rotating_keys.rewrap_all(office, new)
    await rotating_keys.record(office, new)
    office.signer = Signer(new)
    await records.dispose(office)
    await records.destroy_key(office, operations, reference)
    await signing_heads.sign_changed(office)

    report = await verifying.verify(office, gateway)
    case = json.loads(json.dumps(await case_files.case_file(office, AN_AUDITOR, reference)))
    assert report.differences == []
    assert {each["under"] for each in report.disposed} == {"retention/2026-04-01#refused_cases"}
    check(case)
    assert case["revisions"][0]["content"] is None
    assert JORDAN["title"] not in json.dumps(case)
    assert await office.keys.find(reference) is None
    assert await office.keys.find(living) is not None
