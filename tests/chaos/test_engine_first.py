"""What the store is told, the engine has kept already: a dead worker leaves no act in one alone."""

from typing import Any

import pytest
from temporalio.api.enums.v1 import EventType as HistoryEvent

from activities import proposals
from store.recording import record
from tests.installation import Installation
from tests.policy.proposals import a_proposal
from workflows.gateway import workflow_id


async def test_an_act_is_recorded_only_when_the_engine_has_it(
    accord: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    recorded: dict[str, bool] = {}

    async def record_and_look(session: Any, batch: Any, *, now: Any) -> Any:
        history = await accord.client.get_workflow_handle(
            workflow_id(batch.reference)
        ).fetch_history()
        accepted = {
            event.workflow_execution_update_accepted_event_attributes.protocol_instance_id
            for event in history.events
            if event.event_type == HistoryEvent.EVENT_TYPE_WORKFLOW_EXECUTION_UPDATE_ACCEPTED
        }
        asked = {entry.event.request_id for entry in batch.entries} - {None}
        recorded.update({request: request in accepted for request in asked})
        return await record(session, batch, now=now)

    monkeypatch.setattr(proposals, "record", record_and_look)
    reference = await accord.submit(a_proposal().model_dump(mode="json"))
    await accord.decide(reference, "eligibility.confirm")

    assert len(recorded) == 2
    assert all(recorded.values())


async def test_who_was_answered_finds_what_follows_from_the_act(accord: Installation) -> None:
    reference = await accord.submit(a_proposal().model_dump(mode="json"))
    await accord.advance_to(reference, "funding")

    await accord.decide(reference, "funding.recommend")

    assert await accord.open_kinds(reference) == ["funding.approve"]
