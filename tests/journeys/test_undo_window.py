"""While the undo window of a decision runs, nothing that a partner asks tells of the decision."""

from datetime import timedelta

import pytest
import pytest_asyncio

from commands import verifying
from tests.journeys.client import Client, a_client, costing
from tests.policy import newer_terms


def an_hour(data):
    data["undo_minutes"] = 60


@pytest_asyncio.fixture
async def client(engine, tmp_path):
    async with a_client(engine, tmp_path) as client:
        (tmp_path / "policy").mkdir()
        catalogue = newer_terms.catalogue_with(tmp_path / "policy", an_hour)
        client.installation.office.catalogue = catalogue
        yield client


async def decided(client, kind, outcome):
    reference = await client.submitted(**costing(300_000))
    await client.decide(await client.advance_to_task(reference, kind), outcome)
    return reference


async def in_review(client, kind):
    reference = await client.submitted(**costing(300_000))
    await client.advance_to_task(reference, kind)
    return reference


DECISIONS = [
    ("eligibility.confirm", "ineligible"),
    ("funding.approve", "decline"),
    ("funding.approve", "approve"),
]


async def answers(client, reference):
    """Everything that the partner may ask, told without what names the proposal or an instant."""
    partner, found = client.signatory, {}
    for path in ("", "/history", "/waiting", "/documents", "/receipt"):
        found[path] = (await partner.get(f"/proposals/{reference}{path}")).json()
    for act in ("accept-conditions", "sign"):
        refused = await partner.post(f"/proposals/{reference}/{act}")
        found[act] = (refused.status_code, refused.json()["code"])
    refused = await partner.post(f"/proposals/{reference}/submit")
    found["submit"] = (refused.status_code, refused.json()["code"])
    view = found[""]
    keep = ("stage", "partner_status", "outcome", "letters", "conditions", "agreement", "requests")
    found[""] = {name: view[name] for name in keep} | {"decided": view["decided_at"] is not None}
    found["/history"] = [item["type"] for item in found["/history"]["items"]]
    found["/waiting"] = [(w["on"], w["acts"]) for w in found["/waiting"]["items"]]
    found.pop("/receipt")
    return found


@pytest.mark.parametrize(("kind", "outcome"), DECISIONS)
async def test_a_withdrawal_in_the_window_is_one_from_a_review(client, kind, outcome):
    known = await in_review(client, kind)
    reference = await decided(client, kind, outcome)
    assert await answers(client, reference) == await answers(client, known)

    withdrawn = [
        await client.signatory.post(f"/proposals/{each}/withdraw", {"reason": "No longer."})
        for each in (known, reference)
    ]

    assert [answer.status_code for answer in withdrawn] == [200, 200]
    assert await answers(client, reference) == await answers(client, known)
    assert (await client.view(reference))["outcome"] == "withdrawn"
    client.installation.ahead += timedelta(hours=2)
    later = await Client.sign_in(client.http, client.installation)
    assert await answers(later, reference) == await answers(later, known)
    told = (await later.signatory.read("/notifications", params={"limit": "200"}))["items"]
    kinds = {
        which: [n["kind"] for n in told if n["reference"] == which] for which in (known, reference)
    }
    assert kinds[known] == kinds[reference]
    office = client.installation.office
    assert (await verifying.verify(office, office.gateway)).differences == []


async def test_after_the_window_a_decision_stands(client):
    reference = await decided(client, "eligibility.confirm", "ineligible")
    await client.installation.pass_time(reference, timedelta(hours=2))
    later = await Client.sign_in(client.http, client.installation)

    answer = await later.signatory.post(f"/proposals/{reference}/withdraw", {"reason": "Late."})

    assert (answer.status_code, answer.json()["code"]) == (409, "proposal_closed")
    assert (await later.view(reference, later.signatory))["outcome"] == "ineligible"
