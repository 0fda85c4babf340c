"""What the engine adds: one decision counts, nothing is lost, everything goes on and replays."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import select
from temporalio.worker import Replayer

from cli.working import build_worker
from commands import drafting, submitting
from commands.partner_acts import withdraw
from schemas.errors import Refused, Unavailable
from schemas.events import Event, EventType
from schemas.messages import Notice, NoticeKind
from schemas.people import SYSTEM
from schemas.proposal import Content
from store import chain
from store.database import Database
from store.tables import AlarmRow
from store.trail import StoreTrail
from tests.installation import Installation, a_request
from tests.policy.proposals import a_proposal
from tests.workflows.moves import CHANGES
from workflows.gateway import TemporalGateway, workflow_id
from workflows.proposal import ProposalWorkflow

JORDAN = a_proposal().model_dump(mode="json")


def handle(accord: Installation, reference: str) -> Any:
    return accord.client.get_workflow_handle_for(ProposalWorkflow.run, workflow_id(reference))


async def events(accord: Installation, reference: str) -> list[Any]:
    async with accord.office.database.reading() as session:
        return list(await chain.events_of(session, reference))


async def replayed(accord: Installation, reference: str) -> int:
    """Replay the history of *reference* from nothing; returns how many events it has."""
    history = await handle(accord, reference).fetch_history()
    replayer = Replayer(
        workflows=[ProposalWorkflow], data_converter=accord.client.config()["data_converter"]
    )
    await replayer.replay_workflow(history)
    return len(history.events)


@asynccontextmanager
async def a_worker(accord: Installation, queue: str) -> AsyncIterator[None]:
    """A worker that the test starts and stops by itself."""
    local = Database(str(accord.office.database.engine.url), busy_ms=400)
    worker = build_worker(accord.office, accord.client, local, task_queue=queue, versioned=False)
    try:
        async with worker:
            yield
    finally:
        await local.close()


# ---- which decision counts


async def test_of_thirty_decisions_at_once_one_counts(accord: Installation):
    reference = await accord.submit(JORDAN)
    task = await accord.task(reference, "eligibility.confirm")
    officers = await accord.takers(task)

    async def one(number: int) -> str:
        try:
            await accord.decide_task(task, "eligible", by=officers[number % len(officers)])
        except Refused as refused:
            return refused.code
        return "taken"

    answers = await asyncio.gather(*(one(number) for number in range(30)))

    assert sorted(set(answers)) == ["already_decided", "taken"]
    assert answers.count("taken") == 1
    decided = [e for e in await events(accord, reference) if e.type == EventType.TASK_DECIDED]
    assert len(decided) == 1
    await replayed(accord, reference)


async def test_the_same_request_decides_once_and_gets_the_same_answer(accord: Installation):
    reference = await accord.submit(JORDAN)
    task = await accord.task(reference, "eligibility.confirm")
    officer = (await accord.takers(task))[0]
    request = a_request()

    answers = await asyncio.gather(
        *(accord.decide_task(task, "eligible", by=officer, request=request) for _ in range(3))
    )
    later = await accord.decide_task(task, "eligible", by=officer, request=request)

    assert {a["task"]["outcome"] for a in (*answers, later)} == {"eligible"}
    decided = [e for e in await events(accord, reference) if e.request_id == request]
    assert len(decided) == 1


async def test_a_late_act_on_a_closed_proposal_is_refused(accord: Installation):
    # Screening answers while the workflow ends: the engine then refuses the task that ends it
    # and gives it out again, at another instant. Nothing of the first may be in the store.
    reference = await accord.submit(JORDAN)
    await withdraw(accord.office, accord.signatory, reference, "Changed.", a_request())
    assert await handle(accord, reference).result() == "withdrawn"

    with pytest.raises(Refused) as refused:
        await withdraw(accord.office, accord.signatory, reference, "Again.", a_request())

    assert refused.value.code == "proposal_closed"


# ---- the store away, workers that come and go


async def test_while_the_store_is_away_a_decision_waits_and_nothing_is_lost(accord: Installation):
    reference = await accord.submit(JORDAN)
    await screened(accord, reference)
    seal = Notice(id="seal-1", kind=NoticeKind.SEAL, data={"seal": "other-T01"})
    before = await emitted(accord, reference)
    elsewhere = Database(str(accord.office.database.engine.url))
    async with elsewhere.writing():
        told = asyncio.create_task(accord.office.gateway.notify(reference, seal))
        await until(lambda: has_emitted(accord, reference, before + 1))
        assert not told.done()
    await told
    await elsewhere.close()

    types = [e.type for e in await events(accord, reference)]
    assert types.count(EventType.HOLD_SET) == 1
    await replayed(accord, reference)


async def test_while_the_store_is_away_what_time_brings_waits(accord: Installation):
    reference = await accord.submit(JORDAN)
    await accord.decide(reference, "eligibility.confirm", "return", sections=("summary",))
    elsewhere = Database(str(accord.office.database.engine.url))
    async with elsewhere.writing():
        passing = asyncio.create_task(accord.pass_time(reference, timedelta(days=200)))
        await until(lambda: is_being_recorded(accord, reference))
        assert not passing.done()
    await passing
    await elsewhere.close()

    await accord.until(reference, stage="closed")
    assert [e.type for e in await events(accord, reference)].count(EventType.LAPSED) == 1
    await replayed(accord, reference)


async def emitted(accord: Installation, reference: str) -> int:
    return int((await handle(accord, reference).query(ProposalWorkflow.snapshot)).emitted)


async def has_emitted(accord: Installation, reference: str, count: int) -> bool:
    return await emitted(accord, reference) >= count


async def is_being_recorded(accord: Installation, reference: str) -> bool:
    """Whether the activity that never gives up has begun."""
    pending = (await handle(accord, reference).describe()).raw_description.pending_activities
    return any(activity.activity_type.name == "record" for activity in pending)


async def test_a_proposal_goes_on_with_another_worker(accord: Installation):
    queue = f"test-{a_request()}"
    recorded = StoreTrail(accord.office.database, accord.now)
    accord.office.gateway = TemporalGateway(accord.client, recorded, queue)
    async with a_worker(accord, queue):
        reference = await accord.submit(JORDAN)
    async with a_worker(accord, queue):
        await goes_on(accord, reference)
        await accord.advance_to(reference, "desk")

    async with a_worker(accord, queue):
        await goes_on(accord, reference)
        await accord.advance_to(reference, "active")

    assert (await accord.view(reference))["outcome"] == "approved"
    await replayed(accord, reference)


async def goes_on(accord: Installation, reference: str) -> None:
    """The first decision after a worker has gone: the same request until it is answered.

    The engine offers it to the worker that has gone first, for as long as a gateway waits.
    """
    task, request = (await accord.open_tasks(reference))[0], a_request()
    while True:
        try:
            await accord.decide_task(task, request=request)
        except Unavailable:
            continue
        return


async def test_recording_again_from_the_beginning_changes_nothing(accord: Installation):
    reference = await accord.submit(JORDAN)
    await accord.advance_to(reference, "compliance")
    await screened(accord, reference)
    before = await events(accord, reference)

    await accord.office.gateway.redrain(reference, 0, a_request())
    await accord.office.gateway.redrain(reference, 3, a_request())

    assert await events(accord, reference) == before
    await accord.advance_to(reference, "active")
    await replayed(accord, reference)


async def test_other_content_under_an_events_key_stops_recording_and_raises_one_alarm(
    accord: Installation,
):
    reference = await accord.submit(JORDAN)
    await screened(accord, reference)
    recorded = [e for e in await events(accord, reference) if e.source == "workflow"]
    conflicting = Event(
        subject=reference,
        source="workflow",
        source_seq=len(recorded) + 1,
        type=EventType.SCREENING_MISSING,
        occurred_at=accord.now(),
        actor=SYSTEM,
    )
    async with accord.office.database.writing() as session:
        await chain.append(session, conflicting, now=accord.now())

    for number in (1, 2):
        seal = Notice(id=f"seal-{number}", kind=NoticeKind.SEAL, data={"seal": "other-T01"})
        with pytest.raises(chain.EventConflict):
            await accord.office.gateway.notify(reference, seal)

    async with accord.office.database.reading() as session:
        alarms = list(await session.exec(select(AlarmRow)))
    assert [(a.code, a.subject) for a in alarms] == [("event_conflict", reference)]
    assert EventType.HOLD_SET not in [e.type for e in await events(accord, reference)]


async def screened(accord: Installation, reference: str) -> None:
    async def is_screened() -> bool:
        return EventType.SCREENED in [e.type for e in await events(accord, reference)]

    await until(is_screened)


async def until(holds: Callable[[], Awaitable[bool]]) -> None:
    """Wait for what the engine does by itself."""
    while not await holds():  # noqa: ASYNC110 - another process's state
        await asyncio.sleep(0.02)


# ---- what it costs, and that it replays


async def test_the_history_of_an_approved_proposal_does_not_grow(accord: Installation):
    reference = await accord.submit(JORDAN)
    await accord.advance_to(reference, "active")

    history = await handle(accord, reference).fetch_history()
    updates = sum(
        e.HasField("workflow_execution_update_accepted_event_attributes") for e in history.events
    )
    scheduled = sum(e.HasField("activity_task_scheduled_event_attributes") for e in history.events)
    bare = 2 + 5 * updates

    # Fifteen acts are 77 events bare (a confirmation more or less: low ratings are sampled by
    # reference). Whoever acts records it (decision 0013), so that three activities with the
    # workflow task that follows each are left: the screening, what it found, and the money that
    # is asked for. Beside them: the timer, and three times an earlier one in its place. That the
    # agreement begins costs none (decision 0019).
    assert updates <= 18
    assert scheduled == 3
    assert len(history.events) <= bare + 6 * scheduled + 7
    assert len(history.events) <= 1.35 * bare
    assert sum(len(e.SerializeToString()) for e in history.events) <= 96 * 1024
    assert await replayed(accord, reference) == len(history.events)


async def test_a_returned_and_resubmitted_proposal_replays(accord: Installation):
    reference = await accord.submit(JORDAN)
    await accord.decide(reference, "eligibility.confirm", "return", sections=("summary",))
    _, version = await drafting.save(
        accord.office,
        accord.signatory,
        reference,
        Content.model_validate({**JORDAN, **CHANGES["summary"]}),
        1,
    )
    await submitting.submit(accord.office, accord.signatory, reference, a_request(), version)

    await accord.advance_to(reference, "active")

    await replayed(accord, reference)
