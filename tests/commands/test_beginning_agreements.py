"""Agreements that were signed before agreements had lives of their own begin when asked to."""

import pytest_asyncio

from cli import working
from commands import beginning_agreements
from tests.journeys.agreements import begun, differences
from tests.journeys.client import a_client
from tests.journeys.test_following_conditions import give, with_condition
from tests.workflows.before_agreements import EarlierProposal
from workflows.ids import proposal_id


@pytest_asyncio.fixture
async def client(engine, tmp_path, monkeypatch):
    monkeypatch.setattr(working, "ProposalWorkflow", EarlierProposal)
    async with a_client(engine, tmp_path) as client:
        yield client


async def signed_long_ago(client, gates):
    reference = await with_condition(client, gates=gates)
    if gates == "agreement":
        assert (await give(client, reference)).status_code == 200
        [judging] = await client.open_tasks(reference, "condition.judge")
        await client.decide(judging, "met", by=client.person("Human rights reviewer 2"))
    [signing] = await client.open_tasks(reference, "agreement.sign")
    await client.decide(signing, by=await client.taker(signing))
    return reference


async def test_what_its_proposal_still_follows_is_handed_over_with_its_conditions(client):
    reference = await signed_long_ago(client, "payment")
    assert (await give(client, reference)).status_code == 200

    assert await beginning_agreements.begin_all(client.installation.office) == [reference]

    await begun(client, reference)
    [judging] = await client.open_tasks(reference, "condition.judge")
    await client.decide(judging, "met", by=client.person("Human rights reviewer 2"))
    assert await beginning_agreements.begin_all(client.installation.office) == []
    assert await differences(client) == []


async def test_an_agreement_whose_proposal_has_ended_begins_from_the_store(client):
    reference = await signed_long_ago(client, "agreement")
    [mine] = (await client.auditor.read(f"/proposals/{reference}/conditions"))["items"]
    assert mine["state"] == "met"
    handle = client.installation.client.get_workflow_handle(proposal_id(reference))
    assert await handle.result() == "approved"

    assert await beginning_agreements.begin_all(client.installation.office) == [reference]

    [began] = await begun(client, reference)
    assert began.data["tranches"]
    assert await differences(client) == []
