"""Delegates, substitutes and administrators are told of what is theirs now."""

from datetime import timedelta

import pytest
import pytest_asyncio

from commands import notifications, unattended
from schemas.events import EventType
from schemas.people import Actor
from store.tables import DelegationRow, GrantRow
from tests.commands import notified
from tests.commands.notified import (
    REFERENCE,
    a_person,
    an_office,
    cancel,
    happen,
    open_task,
    submitted,
    viewer_of,
)

TASK = f"{REFERENCE}-T01"


@pytest_asyncio.fixture
async def office(database_url):
    async with an_office(database_url) as found:
        await submitted(found)
        yield found


async def a_delegation(office, giver, receiver, *, days=10, scope="norms"):
    today = office.today()
    async with office.database.writing() as session:
        session.add(
            DelegationRow(
                id=f"{giver}-{receiver}", giver=giver, receiver=receiver, reason="why",
                grants=[{"role": "reviewer", "scope": scope}], starts_on=today,
                ends_on=today + timedelta(days=days), made_at=office.now(),
            )
        )  # fmt: skip


async def told(office, name):
    viewer = await viewer_of(office, name)
    listed = await notifications.listed(office, viewer, unread=None, limit=200, cursor=None)
    assert (await notifications.counts(office, viewer))["all"] == len(listed["items"])
    return [(item["kind"], item["reference"], item["task"]) for item in listed["items"]]


async def recuse(office, person):
    await happen(
        office, 500, EventType.RECUSED, {"task": TASK, "declared": False},
        actor=Actor(id=person, role="reviewer:norms"),
    )  # fmt: skip


@pytest.mark.on_both_databases
async def test_whoever_stands_in_is_told_of_new_tasks_for_as_long_as_they_do(office):
    await a_person(office, "rosa", notified.NORMS)
    await a_person(office, "dora", ("desk_officer", "africa"))
    await a_delegation(office, "rosa", "dora", days=2)

    await open_task(office, 1)
    notified.later(office, days=3)
    await open_task(office, 2)

    assert await told(office, "dora") == []  # the delegation is over, and the sight with it
    assert len(await told(office, "rosa")) == 2
    assert [row.person for row in await notified.ledger(office)].count("dora") == 1


async def test_a_delegation_is_worth_no_more_than_its_givers_own_grant(office):
    await a_person(office, "rosa", notified.NORMS)
    await a_person(office, "dora", ("desk_officer", "africa"))
    await a_delegation(office, "rosa", "dora", scope="all")

    await open_task(office, 1)

    assert await told(office, "dora") == []


async def test_of_a_recusal_nothing_stays_with_the_recused_or_with_who_stands_in_for_them(office):
    await a_person(office, "rosa", notified.NORMS)
    await a_person(office, "ravi", notified.NORMS)
    await a_person(office, "dora", ("desk_officer", "africa"))
    await a_delegation(office, "rosa", "dora")
    await open_task(office, 1)
    assert await told(office, "dora") == [("task_opened", REFERENCE, TASK)]

    await recuse(office, "rosa")
    drawn = {"task": TASK, "person": "ravi", "on_behalf_of": None, "delegation": None}
    await happen(office, 501, EventType.SUBSTITUTE_DRAWN, drawn)

    assert await told(office, "rosa") == []
    assert await told(office, "dora") == []
    assert ("task_given", REFERENCE, TASK) in await told(office, "ravi")


async def test_a_task_that_is_rerouted_or_comes_back_is_told_to_whoever_has_it_now(office):
    for name in ("rosa", "ravi"):
        await a_person(office, name, notified.NORMS)
    await open_task(office, 1)
    move = {"task": TASK, "on_behalf_of": None, "delegation": None, "why": "absent"}

    await happen(office, 500, EventType.REROUTED, {**move, "from": "rosa", "to": None})
    assert len(await told(office, "ravi")) == 2  # it is the group's again
    assert len(await told(office, "rosa")) == 1

    await happen(office, 501, EventType.CAME_BACK, {**move, "from": None, "to": "rosa"})
    assert ("task_given", REFERENCE, TASK) in await told(office, "rosa")


async def test_an_administrator_is_told_of_a_task_that_nobody_may_take_until_somebody_may(office):
    await a_person(office, "rosa", notified.NORMS)
    await a_person(office, "ada", ("administrator", "all"))
    await open_task(office, 1)
    await recuse(office, "rosa")

    for _ in range(2):
        assert await unattended.look(office) == 1
        assert await told(office, "ada") == [("nobody_left", REFERENCE, TASK)]

    await a_person(office, "ravi", notified.NORMS)
    assert await unattended.look(office) == 0
    assert await told(office, "ada") == []

    async with office.database.writing() as session:
        await session.delete(await session.get_one(GrantRow, "ravi-reviewer-norms"))
    notified.later(office, hours=1)
    assert await unattended.look(office) == 1
    assert await told(office, "ada") == [("nobody_left", REFERENCE, TASK)]
    await cancel(office, 1)
    assert await told(office, "ada") == []


async def test_nobody_left_for_a_screening_is_told_without_its_proposal(office):
    await a_person(office, "ada", ("administrator", "all"))
    await a_person(office, "lea", ("auditor", "all"))
    await open_task(
        office, 1, "screening.adjudicate", ("reviewer", "screening"), detail={"hits": []}
    )

    assert await unattended.look(office) == 1

    assert await told(office, "ada") == [("nobody_left", None, None)]
    (item,) = await unattended.listed(office, await viewer_of(office, "ada"))
    assert REFERENCE not in str(item)
    assert item["candidates"] == [{"role": "reviewer", "scope": "screening"}]
    (item,) = await unattended.listed(office, await viewer_of(office, "lea"))
    assert item["reference"] == REFERENCE
