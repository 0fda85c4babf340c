"""What fails is told with its cause, and is tried at once when an administrator asks for it."""

from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlmodel import select

from commands import nudging, reading, retrying
from commands.verifying import verify
from schemas.errors import Forbidden, Refused, Unavailable
from schemas.events import EventType
from schemas.messages import NoticeKind
from schemas.notifications import MailState
from store import messages
from store.tables import MessageRow, NotificationRow
from tests.installation import AN_AUDITOR, Installation, a_request
from tests.policy.proposals import a_proposal
from tests.workflows.test_durability import events

JORDAN = a_proposal().model_dump(mode="json")


class an_engine_that_is_away:  # noqa: N801 - reads as words
    async def troubles(self, _reference):
        raise Unavailable("engine_unavailable")


async def failing(accord, reference, by=AN_AUDITOR):
    items = (await reading.waiting(accord.office, by, reference))["items"]
    return [item for item in items if item["failing"]]


async def after_tries(accord, reference, by, *, tries=6):
    """What fails, when it has failed so often that its next try is seconds away."""
    for _ in range(2000):
        found = await failing(accord, reference, by)
        if found and found[0]["failing"]["tries"] >= tries:
            [item] = found
            return item
        await accord.settle()
    raise AssertionError(f"nothing of {reference} failed {tries} times")


async def change_store(accord, statement):
    async with accord.office.database.writing() as session:
        await (await session.connection()).execute(text(statement))


async def recorded(accord, reference, event_type):
    return [e for e in await events(accord, reference) if e.type is event_type]


@pytest.mark.on_both_databases
async def test_work_that_fails_is_told_and_tried_at_once_when_an_administrator_asks(
    accord: Installation,
):
    administrator = await accord.viewer("administrator-1")
    await change_store(accord, "ALTER TABLE lists RENAME TO lists_away")
    reference = await accord.submit(JORDAN)
    item = await after_tries(accord, reference, administrator)
    assert item["on"] == {"kind": "system", "who": "screening"}
    assert (item["failing"]["work"], item["acts"]) == ("screen", ["retry"])
    assert item["failing"]["cause"] in ("OperationalError", "ProgrammingError")
    assert (await failing(accord, reference))[0]["acts"] == []
    await change_store(accord, "ALTER TABLE lists_away RENAME TO lists")
    [still] = await failing(accord, reference, administrator)

    asked = await retrying.retry(accord.office, administrator, reference, a_request())

    assert asked == {"works": ["screen"], "messages": 0, "mails": 0}
    await accord.screened(reference)
    [screened] = await recorded(accord, reference, EventType.SCREENED)
    assert screened.model_dump(mode="json")["occurred_at"] < still["failing"]["next_at"]
    [event] = await recorded(accord, reference, EventType.RETRIED)
    assert (event.actor.id, event.actor.role) == (administrator.id, "administrator:all")
    assert await failing(accord, reference) == []
    assert (await verify(accord.office, None)).differences == []


async def test_a_message_that_waits_for_its_next_try_is_due_at_once(accord: Installation):
    administrator = await accord.viewer("administrator-1")
    reference = await accord.submit(JORDAN)
    await accord.screened(reference)
    async with accord.office.database.writing() as session:
        await messages.leave(
            session,
            message_id=f"rescreen-{reference}",
            reference=reference,
            kind=NoticeKind.RESCREEN,
            payload={},
            now=accord.now(),
        )
        await messages.failed(
            session,
            f"rescreen-{reference}",
            "engine_unavailable",
            accord.now() + timedelta(hours=1),
        )
    [item] = await failing(accord, reference, administrator)
    assert (item["failing"]["what"], item["failing"]["work"]) == ("engine_unavailable", "message")
    assert (item["failing"]["tries"], item["acts"]) == (1, ["retry"])

    asked = await retrying.retry(accord.office, administrator, reference, a_request())

    assert asked == {"works": [], "messages": 1, "mails": 0}
    async with accord.office.database.reading() as session:
        row = await session.get(MessageRow, f"rescreen-{reference}")
        assert row.next_at <= accord.now()
    await accord.settle()
    assert await failing(accord, reference) == []
    with pytest.raises(Refused, match="nothing_to_retry"):
        await retrying.retry(accord.office, administrator, reference, a_request())


async def test_e_mails_about_a_proposal_that_failed_leave_at_once(accord: Installation):
    administrator = await accord.viewer("administrator-1")
    reference = await accord.submit(JORDAN)
    await accord.screened(reference)
    in_an_hour = accord.now() + timedelta(hours=1)
    async with accord.office.database.writing() as session:
        rows = await session.exec(
            select(NotificationRow).where(NotificationRow.reference == reference)
        )
        for row in rows:
            row.mail_state, row.failure, row.tries = MailState.FAILED, "server_away", 3
            row.next_at = in_an_hour
            session.add(row)
    [item] = await failing(accord, reference, administrator)
    assert (item["on"]["who"], item["failing"]["what"], item["failing"]["tries"]) == (
        "mail",
        "server_away",
        3,
    )
    assert await failing(accord, reference, await accord.viewer("programme-officer-1")) == []

    asked = await retrying.retry(accord.office, administrator, reference, a_request())

    assert asked["mails"] > 0
    async with accord.office.database.reading() as session:
        rows = await session.exec(
            select(NotificationRow.mail_state, NotificationRow.next_at).where(
                NotificationRow.reference == reference
            )
        )
        assert {(state, at <= accord.now()) for state, at in rows} == {("waiting", True)}


async def test_a_repeated_request_is_recorded_once(accord: Installation):
    administrator = await accord.viewer("administrator-1")
    reference = await accord.submit(JORDAN)
    await accord.screened(reference)
    async with accord.office.database.writing() as session:
        await messages.leave(
            session,
            message_id=f"rescreen-{reference}",
            reference=reference,
            kind=NoticeKind.RESCREEN,
            payload={},
            now=accord.now(),
            held_for=timedelta(hours=1),
        )
    request = a_request()

    once = await retrying.retry(accord.office, administrator, reference, request)

    assert await retrying.retry(accord.office, administrator, reference, request) == once
    assert len(await recorded(accord, reference, EventType.RETRIED)) == 1


@pytest.mark.parametrize("person", ["programme-officer-1", "auditor-1"])
async def test_only_an_administrator_lets_it_be_tried_again(accord: Installation, person):
    reference = await accord.submit(JORDAN)

    with pytest.raises(Forbidden, match="administrators_only"):
        await retrying.retry(accord.office, await accord.viewer(person), reference, a_request())


async def test_an_engine_that_does_not_answer_is_told_as_what_fails(accord: Installation):
    reference = await accord.submit(JORDAN)
    await accord.screened(reference)
    accord.office.gateway = an_engine_that_is_away()

    [item] = await failing(accord, reference)

    assert item["on"] == {"kind": "system", "who": "engine"}
    assert (item["failing"]["what"], item["acts"]) == ("engine_unavailable", [])


async def test_a_task_that_a_seal_pauses_waits_for_legal_and_is_not_nudged(accord: Installation):
    administrator = await accord.viewer("administrator-1")
    reference = await accord.submit(JORDAN)
    task = await accord.task(reference, "eligibility.confirm")
    async with accord.office.database.writing() as session:
        await messages.leave(
            session,
            message_id=f"seal-{reference}",
            reference=reference,
            kind=NoticeKind.SEAL,
            payload={"seal": "elsewhere"},
            now=accord.now(),
        )
    await accord.settle()

    for reader in (AN_AUDITOR, administrator):
        found = await reading.task_waiting(accord.office, reader, task["id"])
        assert [item["on"]["who"] for item in found["items"]] == ["ask_legal"]
        assert [item["acts"] for item in found["items"]] == [[]]
    with pytest.raises(Refused) as refused:
        await nudging.nudge(accord.office, administrator, task["id"], a_request())
    assert (refused.value.code, refused.value.facts) == ("on_hold", {"hold": "hold"})


async def test_a_task_is_nudged_again_on_the_next_day_in_toronto(accord: Installation):
    officer, other = [await accord.viewer(f"programme-officer-{n}") for n in (1, 2)]
    reference = await accord.submit(JORDAN)
    task = await accord.task(reference, "eligibility.confirm")
    await nudging.nudge(accord.office, officer, task["id"], a_request())
    with pytest.raises(Refused, match="nudged_today"):
        await nudging.nudge(accord.office, other, task["id"], a_request())

    accord.ahead += timedelta(days=1)

    await nudging.nudge(accord.office, other, task["id"], a_request())
    nudges = await recorded(accord, reference, EventType.TASK_NUDGED)
    assert [event.actor.id for event in nudges] == [officer.id, other.id]
    assert [t["due_at"] for t in await accord.open_tasks(reference)] == [task["due_at"]]
    assert (await verify(accord.office, None)).differences == []
