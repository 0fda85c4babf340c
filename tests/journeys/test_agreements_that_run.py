"""A signed agreement has a life of its own: begun once, followed for years, continued as new."""

import asyncio

from temporalio.worker import Replayer

from activities import agreements
from schemas.events import AGREEMENT
from tests.journeys.agreements import differences, events, signed
from tests.journeys.test_following_conditions import give, with_condition
from workflows.agreement import AgreementWorkflow
from workflows.ids import agreement_id, proposal_id
from workflows.proposal import ProposalWorkflow


async def replayed(client, workflow_id):
    """Replay the current execution from nothing; returns its number of events."""
    handle = client.installation.client.get_workflow_handle(workflow_id)
    history = await handle.fetch_history()
    replayer = Replayer(
        workflows=[ProposalWorkflow, AgreementWorkflow],
        data_converter=client.installation.client.config()["data_converter"],
    )
    await replayer.replay_workflow(history)
    return len(history.events)


async def test_the_signature_begins_the_agreement_with_its_schedule(client):
    reference = await with_condition(client, gates="payment")

    [began] = await signed(client, reference)

    engine = client.installation.client
    assert await engine.get_workflow_handle(proposal_id(reference)).result() == "approved"
    assert began.type == "agreement_schedule_set"
    tranches = began.data["tranches"]
    signed_for = [e for e in await events(client, reference) if e.type == "proposal_approved"]
    assert sum(t["cents"] for t in tranches) == sum(
        part["cents"] for part in signed_for[0].data["slices"]
    )
    assert {r["kind"] for r in began.data["reports"]} == {"progress", "financial"}
    assert await replayed(client, proposal_id(reference))
    assert await replayed(client, agreement_id(reference))
    assert await differences(client) == []


async def test_a_condition_that_gates_payments_is_followed_in_the_agreements_life(client):
    reference = await with_condition(client, gates="payment")
    await signed(client, reference)

    given = await give(client, reference)

    assert given.status_code == 200, given.text
    [judging] = await client.open_tasks(reference, "condition.judge")
    await client.decide(judging, "met", by=client.person("Human rights reviewer 2"))
    view = await client.view(reference)
    assert [c["state"] for c in view["conditions"]] == ["met"]
    assert {e.source for e in (await events(client, reference))[-3:]} == {AGREEMENT}
    assert await differences(client) == []


async def test_what_is_asked_for_at_the_signature_is_taken_along(client):
    reference = await with_condition(client, gates="payment")
    await give(client, reference)
    [judging] = await client.open_tasks(reference, "condition.judge")

    await signed(client, reference)

    assert judging["id"] in {t["id"] for t in await client.open_tasks(reference)}
    await client.decide(judging, "met", by=client.person("Human rights reviewer 2"))
    assert await client.open_tasks(reference, "condition.judge") == []
    assert await differences(client) == []


async def test_a_life_is_continued_as_new_and_loses_nothing(client, monkeypatch):
    monkeypatch.setattr(agreements, "MOST_HISTORY", 20)
    reference = await with_condition(client, gates="payment")
    await signed(client, reference)
    engine = client.installation.client
    first = (await engine.get_workflow_handle(agreement_id(reference)).describe()).run_id
    runs = {first}

    for _ in range(4):
        assert (await give(client, reference)).status_code == 200
        [judging] = await client.open_tasks(reference, "condition.judge")
        await client.decide(judging, "not_met", by=client.person("Human rights reviewer 2"))
        runs.add((await engine.get_workflow_handle(agreement_id(reference)).describe()).run_id)

    assert len(runs) > 1
    said = [e.source_seq for e in await events(client, reference) if e.source == AGREEMENT]
    assert said == list(range(1, len(said) + 1))
    assert await replayed(client, agreement_id(reference))
    assert await differences(client) == []


async def test_an_act_repeated_after_the_life_was_continued_counts_once(client, monkeypatch):
    monkeypatch.setattr(agreements, "MOST_HISTORY", 5)
    reference = await with_condition(client, gates="payment")
    await signed(client, reference)
    gateway = client.installation.office.gateway
    told = []
    tell = gateway.act

    async def twice(of, act):
        told.append((of, act))
        await tell(of, act)

    monkeypatch.setattr(gateway, "act", twice)
    assert (await give(client, reference)).status_code == 200
    before = len(await events(client, reference))

    for of, act in told:
        await asyncio.gather(*(tell(of, act) for _ in range(5)), return_exceptions=True)

    assert len(await events(client, reference)) == before
    assert await differences(client) == []
