"""While the undo window of a decision runs, nothing that a partner asks tells of the decision."""

import asyncio
from datetime import timedelta

import pytest
import pytest_asyncio

from commands import verifying
from tests.journeys.client import Client, a_client, costing
from tests.policy import newer_terms


@pytest_asyncio.fixture
async def client(engine, tmp_path):
    async with a_client(engine, tmp_path) as client:
        (tmp_path / "policy").mkdir()
        catalogue = newer_terms.catalogue_with(tmp_path / "policy", newer_terms.an_hour)
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


async def undo(task, person):
    return await person.post(f"/tasks/{task['id']}/undo", {"reason": "The wrong file."})


async def taken(client, kind, outcome):
    """A decision, what the partner read before it, the task, and who decided."""
    reference = await client.submitted(**costing(300_000))
    task = await client.advance_to_task(reference, kind)
    before, person = await answers(client, reference), await client.taker(task)
    await client.decide(task, outcome, by=person)
    return reference, before, task, person


@pytest.mark.parametrize(("kind", "outcome"), DECISIONS)
async def test_who_decided_takes_it_back_and_the_partner_reads_of_nothing(client, kind, outcome):
    held = [(f["reserved"], f["committed"]) for f in await client.funds()]
    reference, before, task, person = await taken(client, kind, outcome)
    [item] = (await person.read(f"/tasks/{task['id']}/waiting"))["items"]
    assert (item["on"]["who"], item["acts"]) == ("undo_window", ["undo"])
    assert (await client.auditor.read(f"/tasks/{task['id']}/waiting"))["items"][0]["acts"] == []

    answer = await undo(task, person)

    assert answer.status_code == 200, answer.text
    assert await answers(client, reference) == before
    again = await client.advance_to_task(reference, kind)
    assert again["previous"] == task["id"]
    view = await client.view(reference)
    assert (view["outcome"], view["decided_at"]) == (None, None)
    assert view["stage"] == kind.partition(".")[0]
    client.installation.ahead += timedelta(hours=2)
    later = await Client.sign_in(client.http, client.installation)
    assert await answers(later, reference) == before
    told = (await later.signatory.read("/notifications", params={"limit": "200"}))["items"]
    assert "letter" not in [each["kind"] for each in told if each["reference"] == reference]
    await later.decide(again, outcome, by=later.person(person.name))
    await later.signatory.post(f"/proposals/{reference}/withdraw", {"reason": "No longer."})
    assert [(f["reserved"], f["committed"]) for f in await later.funds()] == held
    office = client.installation.office
    assert (await verifying.verify(office, office.gateway)).differences == []


async def test_of_thirty_at_once_one_takes_it_back(client):
    reference, _, task, person = await taken(client, "eligibility.confirm", "ineligible")

    tried = await asyncio.gather(*(undo(task, person) for _ in range(30)))

    assert sorted(answer.status_code for answer in tried) == [200] + [409] * 29
    refused = [answer.json() for answer in tried if answer.status_code == 409]
    assert {(each["code"], each["by"]["name"]) for each in refused} == {
        ("already_undone", person.name)
    }
    types = [event["type"] for event in await client.events(reference)]
    assert types.count("decision_taken_back") == types.count("letter_taken_back") == 1
    assert len(await client.open_tasks(reference, "eligibility.confirm")) == 1


async def test_nobody_else_takes_it_back_and_nobody_once_it_is_told(client):
    reference, _, task, person = await taken(client, "eligibility.confirm", "ineligible")
    other = next(
        each
        for each in client.people
        if each.name.startswith("Programme officer") and each.name != person.name
    )
    answer = await undo(task, other)
    assert (answer.status_code, answer.json()["code"]) == (403, "not_your_decision")
    assert (await undo(task, client.signatory)).status_code == 404
    told_at = (await person.read(f"/tasks/{task['id']}/waiting"))["items"][0]["due_at"]

    await client.installation.pass_time(reference, timedelta(hours=2))
    later = await Client.sign_in(client.http, client.installation)
    answer = await undo(task, later.person(person.name))

    assert (answer.status_code, answer.json()["code"]) == (409, "undo_window_over")
    assert answer.json()["at"] == told_at
    assert (await later.view(reference, later.signatory))["outcome"] == "ineligible"


def without_agreement(data):
    newer_terms.an_hour(data)
    data["stages"] = [stage for stage in data["stages"] if stage != "agreement"]
    del data["standards"]["stage_days"]["agreement"]


async def test_money_that_was_firm_at_once_is_reserved_again(client, tmp_path):
    office = client.installation.office
    office.catalogue = newer_terms.catalogue_with(tmp_path / "policy", without_agreement)
    reference, before, task, person = await taken(client, "funding.approve", "approve")
    firm = await client.funds()
    assert (await client.view(reference))["money"]["state"] == "committed"

    for _ in range(2):
        assert (await undo(task, person)).status_code == 200
        assert await answers(client, reference) == before
        assert (await client.view(reference))["money"]["state"] == "reserved"
        [task] = await client.open_tasks(reference, "funding.approve")
        await client.decide(task, "approve", by=person)
        assert await client.funds() == firm

    assert await answers(client, reference) == before
    assert (await verifying.verify(office, office.gateway)).differences == []
    await client.installation.pass_time(reference, timedelta(hours=2))
    later = await Client.sign_in(client.http, client.installation)
    answer = await undo(task, later.person(person.name))
    assert (answer.status_code, answer.json()["code"]) == (409, "undo_window_over")
    assert (await later.view(reference, later.signatory))["outcome"] == "approved"


async def test_whoever_withdraws_then_gives_firm_money_back(client, tmp_path):
    held = await client.funds()
    office = client.installation.office
    office.catalogue = newer_terms.catalogue_with(tmp_path / "policy", without_agreement)
    reference, before, _, _ = await taken(client, "funding.approve", "approve")
    assert await answers(client, reference) == before

    body = {"reason": "No longer."}
    answer = await client.signatory.post(f"/proposals/{reference}/withdraw", body)

    assert answer.status_code == 200, answer.text
    assert await client.funds() == held
    assert (await verifying.verify(office, office.gateway)).differences == []
