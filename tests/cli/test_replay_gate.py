"""Before a new version takes over, what is under way is replayed with it."""

from cli import replay_gate
from tests.histories.make import approved
from tests.installation import an_engine, an_installation
from tests.policy.proposals import a_proposal
from workflows.ids import agreement_id, proposal_id
from workflows.life import Life


async def test_proposals_and_agreements_that_new_code_cannot_go_on_with_are_named(
    tmp_path, monkeypatch
):
    async with an_engine() as engine, an_installation(engine, tmp_path) as accord:
        proposal = await accord.submit(a_proposal().model_dump(mode="json"))
        agreement = await approved(accord)
        assert await replay_gate.replay_open(accord.client) == replay_gate.Replayed(2, ())

        monkeypatch.setattr(Life, "next_deadline", lambda _self: None)
        found = await replay_gate.replay_open(accord.client)

        assert found == replay_gate.Replayed(2, (agreement_id(agreement),))
        assert proposal_id(proposal) not in found.failed
