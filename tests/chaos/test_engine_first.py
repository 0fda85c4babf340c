"""What the store is told, the engine has kept already; who dies in between loses nothing."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import select
from structlog.testing import capture_logs
from temporalio.api.enums.v1 import EventType as HistoryEvent

from commands import housekeeping, submitting, verifying
from commands.partner_acts import withdraw
from schemas.engine import Then
from schemas.errors import Refused
from schemas.events import EventType
from schemas.messages import Batch
from store import chain, trail
from store.recording import record
from store.tables import MessageRow
from store.trail import StoreTrail
from tests.installation import Installation, a_request
from tests.policy.proposals import a_proposal
from workflows.gateway import TemporalGateway, workflow_id

JORDAN = a_proposal().model_dump(mode="json")
LATER = timedelta(seconds=30)


class Died(Exception):
    """The process that asked is no more."""


class LastBreath(StoreTrail):
    """The trail of a process that dies when it has the engine's answer."""

    async def record(self, batch: Batch, request_id: str | None, then: Then | None = None) -> None:
        raise Died(batch.reference, request_id, then)


@asynccontextmanager
async def a_dying_asker(accord: Installation) -> AsyncIterator[None]:
    """Whoever acts inside gets no further than the engine's answer."""
    living = accord.office.gateway
    dying = LastBreath(accord.office.database, accord.office.now)
    accord.office.gateway = TemporalGateway(accord.client, dying, accord.queue)
    with pytest.raises(Died):
        yield
    accord.office.gateway = living


async def types_of(accord: Installation, reference: str) -> list[EventType]:
    async with accord.office.database.reading() as session:
        return [event.type for event in await chain.events_of(session, reference)]


async def acts_under_way(accord: Installation) -> int:
    async with accord.office.database.reading() as session:
        return len((await session.exec(select(MessageRow).where(MessageRow.kind == "act"))).all())


async def differences(accord: Installation) -> list[dict[str, Any]]:
    report = await verifying.verify(accord.office, accord.office.gateway)
    return report.differences


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

    monkeypatch.setattr(trail, "record", record_and_look)
    reference = await accord.submit(JORDAN)
    await accord.decide(reference, "eligibility.confirm")

    assert len(recorded) == 2
    assert all(recorded.values())


async def test_who_was_answered_finds_what_follows_from_the_act(accord: Installation) -> None:
    reference = await accord.submit(JORDAN)
    await accord.advance_to(reference, "funding")

    await accord.decide(reference, "funding.recommend")

    assert await accord.open_kinds(reference) == ["funding.approve"]


async def test_an_act_whose_asker_died_is_found_and_recorded(accord: Installation) -> None:
    reference = await accord.submit(JORDAN)
    async with a_dying_asker(accord):
        await accord.decide(reference, "eligibility.confirm")
    assert EventType.TASK_DECIDED not in await types_of(accord, reference)
    assert await differences(accord) == []  # it is under way, and no loss

    accord.ahead += LATER
    await housekeeping.relay(accord.office)

    assert (await types_of(accord, reference)).count(EventType.TASK_DECIDED) == 1
    assert "compliance.norms" in await accord.open_kinds(reference)
    assert await differences(accord) == []


async def test_the_same_request_finds_what_its_first_asker_left(accord: Installation) -> None:
    reference = await accord.submit(JORDAN)
    task, request = await accord.task(reference, "eligibility.confirm"), a_request()
    async with a_dying_asker(accord):
        await accord.decide_task(task, request=request)

    answer = await accord.decide_task(task, request=request)

    assert answer["task"]["state"] == "done"
    assert (await types_of(accord, reference)).count(EventType.TASK_DECIDED) == 1
    assert await acts_under_way(accord) == 0


async def test_the_next_act_brings_along_what_a_dead_asker_left(accord: Installation) -> None:
    reference = await accord.submit(JORDAN)
    async with a_dying_asker(accord):
        await accord.decide(reference, "eligibility.confirm")

    await withdraw(accord.office, accord.signatory, reference, "Plans changed.", a_request())

    told = await types_of(accord, reference)
    assert told.index(EventType.TASK_DECIDED) < told.index(EventType.WITHDRAWN)
    assert await differences(accord) == []


async def test_an_act_that_ended_the_proposal_is_found_too(accord: Installation) -> None:
    reference = await accord.submit(JORDAN)
    request = a_request()
    async with a_dying_asker(accord):
        await withdraw(accord.office, accord.signatory, reference, "Plans changed.", request)
    await accord.client.get_workflow_handle(workflow_id(reference)).result()

    await withdraw(accord.office, accord.signatory, reference, "Plans changed.", request)

    assert (await types_of(accord, reference)).count(EventType.WITHDRAWN) == 1
    assert (await accord.view(reference))["outcome"] == "withdrawn"
    assert await differences(accord) == []


async def test_housekeeping_finds_an_act_that_ended_the_proposal(accord: Installation) -> None:
    reference = await accord.submit(JORDAN)
    async with a_dying_asker(accord):
        await withdraw(accord.office, accord.signatory, reference, "Changed.", a_request())

    accord.ahead += LATER
    await housekeeping.relay(accord.office)

    assert (await accord.view(reference))["outcome"] == "withdrawn"
    assert await differences(accord) == []


async def test_a_submission_whose_asker_died_arrives(accord: Installation) -> None:
    reference = await accord.draft(JORDAN)
    async with a_dying_asker(accord):
        await submitting.submit(accord.office, accord.signatory, reference, a_request(), None)

    accord.ahead += LATER
    await housekeeping.relay(accord.office)

    assert await accord.open_kinds(reference) == ["eligibility.confirm"]
    assert await differences(accord) == []


async def test_an_act_is_looked_for_a_few_times_and_then_no_more(accord: Installation) -> None:
    reference = await accord.submit(JORDAN)
    async with a_dying_asker(accord):
        await accord.decide(reference, "eligibility.confirm")
    looks = 0
    with capture_logs() as told:
        while await acts_under_way(accord):
            accord.ahead += LATER
            looks += await housekeeping.relay(accord.office)

    assert looks == 4
    # The first look found it; operators are not told of those that found nothing.
    assert [line["event"] for line in told].count("act_recovered") == 1


async def test_a_refused_act_leaves_nothing_under_way(accord: Installation) -> None:
    reference = await accord.submit(JORDAN)
    await withdraw(accord.office, accord.signatory, reference, "Changed.", a_request())
    # While it closes, the engine may say that it cannot answer now.
    await accord.client.get_workflow_handle(workflow_id(reference)).result()

    with pytest.raises(Refused):
        await withdraw(accord.office, accord.signatory, reference, "Again.", a_request())

    assert await acts_under_way(accord) == 0


async def test_what_the_store_lost_without_anybody_on_the_way_is_a_difference(
    accord: Installation,
) -> None:
    reference = await accord.submit(JORDAN)
    async with a_dying_asker(accord):
        await accord.decide(reference, "eligibility.confirm")
    async with accord.office.database.writing() as session:
        for row in await session.exec(select(MessageRow).where(MessageRow.kind == "act")):
            await session.delete(row)

    assert [found["what"] for found in await differences(accord)] == ["events_missing"]

    report = await verifying.verify(accord.office, accord.office.gateway, repair=True)
    assert [found["what"] for found in report.repaired] == ["events_missing"]
    assert await differences(accord) == []
