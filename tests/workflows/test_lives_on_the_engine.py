"""Lives that were lived on the pure case, lived again on the engine: they go the same way."""

import asyncio
import random
from typing import Any

import pytest
from temporalio.worker import Replayer

from commands import drafting, reading, submitting
from schemas.events import WORKFLOW
from schemas.messages import Decision, PartnerAct
from schemas.proposal import Content, Stage
from store import chain, recording
from store.projection import fold
from tests.installation import Installation, a_request
from tests.policy.proposals import a_proposal
from tests.workflows import moves
from tests.workflows.cases import AFRICA_AND_JORDAN, Life, Standing, agreed
from workflows.gateway import workflow_id
from workflows.proposal import ProposalWorkflow

MOVES = (
    moves.decide,
    moves.decide,
    moves.decide,
    moves.go_on,
    moves.partner_acts,
    moves.resubmit,
    moves.seal_elsewhere,
    moves.record_no_longer_holds,
    moves.try_anything,
)
MOST_LOOKS = 500
SEED = "5eed" * 8
"""What the ids of tasks are drawn from, so that both lives name the same tasks."""


def a_life(seed: int, content: Content, reference: str) -> Life:
    """A life of some length, the same for the same seed (and the same sample of the low)."""
    chance = random.Random(seed)  # noqa: S311 - the same every time is the point
    life = Life(content, reference=reference, seed=SEED)
    for _ in range(40):
        chance.choice(MOVES)(life, chance.randrange)
        agreed(life)
        if life.stage in (Stage.CLOSED, Stage.ACTIVE):
            break
    return life


@pytest.mark.parametrize("seed", [4, 13, 21, 23])
async def test_a_life_goes_the_same_way_on_the_engine(accord: Installation, seed, monkeypatch):
    monkeypatch.setattr(submitting.secrets, "token_hex", lambda _bytes: SEED)
    content = a_proposal(**(AFRICA_AND_JORDAN if seed % 2 else {}))
    reference = await accord.draft(content.model_dump(mode="json"))
    life = a_life(seed, content, reference)
    await submitting.submit(accord.office, accord.signatory, reference, a_request(), None)

    for act, standing in life.taken:
        await tell(accord, reference, act)
        await stands(accord, reference, standing)

    await tells_the_same(accord, reference)
    await replays(accord, reference)


async def tell(accord: Installation, reference: str, act: Any) -> None:
    """Say to the running proposal what was said to the case."""
    gateway, request = accord.office.gateway, a_request()
    match act:
        case Decision():
            await gateway.decide(reference, act.model_copy(update={"request_id": request}))
        case PartnerAct():
            await gateway.act(reference, act.model_copy(update={"request_id": request}))
        case Content():
            _, version = await reading.proposal(accord.office, accord.signatory, reference)
            await drafting.save(accord.office, accord.signatory, reference, act, version)
            await submitting.submit(accord.office, accord.signatory, reference, request, None)
        case _:
            await gateway.notify(reference, act)


async def stands(accord: Installation, reference: str, expected: Standing) -> None:
    """Wait until the running proposal stands where the case stood after the same act."""
    handle = accord.client.get_workflow_handle_for(ProposalWorkflow.run, workflow_id(reference))
    found = None
    for _ in range(MOST_LOOKS):
        seen = await handle.query(ProposalWorkflow.snapshot)
        still_open = tuple(task[-3:] for task in seen.open_tasks)
        found = Standing(seen.stage, seen.outcome, seen.emitted, still_open)
        if found == expected and await recorded(accord, reference) == seen.emitted:
            return
        await asyncio.sleep(0.01)
    raise AssertionError(f"stands at {found} where {expected} was expected")


async def recorded(accord: Installation, reference: str) -> int:
    async with accord.office.database.reading() as session:
        return await chain.last_of(session, reference, WORKFLOW)


async def tells_the_same(accord: Installation, reference: str) -> None:
    """The kept read model is what the events amount to, and the chain holds."""
    async with accord.office.database.reading() as session:
        events = await chain.events_of(session, reference)
        kept = await recording.load(session, reference)
        assert recording.differences(kept, fold(events)) == []
    assert chain.broken_links(events) == []
    spoken = [event.source_seq for event in events if event.source == "workflow"]
    assert spoken == list(range(1, len(spoken) + 1))


async def replays(accord: Installation, reference: str) -> None:
    handle = accord.client.get_workflow_handle(workflow_id(reference))
    replayer = Replayer(
        workflows=[ProposalWorkflow], data_converter=accord.client.config()["data_converter"]
    )
    await replayer.replay_workflow(await handle.fetch_history())
