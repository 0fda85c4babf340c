"""Whoever is drawn or counted may take the task, and whoever may take it is counted."""

from datetime import timedelta

import pytest
import pytest_asyncio
from sqlmodel import select

from commands import taking
from schemas.events import EventType
from schemas.people import Actor
from store import attendance, duties, inboxes
from store.tables import DelegationRow, PersonRow, ProposalRow, TaskRow
from tests.commands import notified
from tests.commands.notified import (
    REFERENCE,
    a_person,
    an_office,
    happen,
    open_task,
    submitted,
    viewer_of,
)

PEOPLE = ("rosa", "ravi", "dora", "ines", "oren")


@pytest_asyncio.fixture
async def office(database_url):
    """Two reviewers of norms, two who stand in, one of the partner's; and what was done."""
    async with an_office(database_url) as office:
        await submitted(office)
        await a_person(office, "rosa", notified.NORMS)
        await a_person(office, "ravi", notified.NORMS, ("reviewer", "gender"))
        await a_person(office, "dora", ("desk_officer", "africa"))
        await a_person(office, "ines", ("head_of_desk", "africa"))
        await a_person(office, "oren", notified.NORMS, organization="org")
        today = office.today()
        for giver, receiver in (("rosa", "dora"), ("ravi", "ines"), ("ravi", "rosa")):
            async with office.database.writing() as session:
                row = DelegationRow(
                    id=f"{giver}-{receiver}", giver=giver, receiver=receiver, reason="why",
                    grants=[{"role": "reviewer", "scope": "norms"}], starts_on=today,
                    ends_on=today + timedelta(days=9), made_at=office.now(),
                )  # fmt: skip
                session.add(row)
        for seat in (1, 2, 3):
            await open_task(office, seat, detail={"seat": seat, "of": 3})
        await open_task(office, 4, "compliance.gender", ("reviewer", "gender"))
        await open_task(office, 5, "desk.sign_off", ("head_of_desk", "africa"))
        yield office


async def decided(office, number, by, *, kind="compliance.norms", on_behalf_of=None):
    data = {"task": f"{REFERENCE}-T{number:02d}", "kind": kind, "outcome": "no_objection",
            "effect": "advance", "sections": [], "facts": {}, "joined": True}  # fmt: skip
    actor = Actor(id=by, role="reviewer:norms", on_behalf_of=on_behalf_of)
    await happen(office, 600 + number, EventType.TASK_DECIDED, data, actor=actor)


async def recused(office, person):
    await happen(
        office, 700, EventType.RECUSED, {"task": f"{REFERENCE}-T01", "declared": False},
        actor=Actor(id=person),
    )  # fmt: skip


async def who_may_take(office):
    """Each open task with who may take it: as drawing tells, and as inboxes do."""
    drawn, listed = {}, {}
    async with office.database.reading() as session:
        row = await session.get_one(ProposalRow, REFERENCE)
        tasks = (await session.exec(select(TaskRow).where(TaskRow.state == "open"))).all()
        alone = await session.exec(
            select(TaskRow.id)
            .join(ProposalRow, ProposalRow.reference == TaskRow.reference)
            .where(TaskRow.state == "open", duties.nobody_may_take(office.today()))
        )
        nobody = set(alone)
        found = await attendance.nobody_may_take(session, office.today(), most=100)
        assert set(found) == nobody
        viewers = [await viewer_of(office, name) for name in PEOPLE]
        assert len((await session.exec(select(PersonRow))).all()) == len(PEOPLE)
        for task in tasks:
            found = await taking.takers(session, row, task, office.today())
            drawn[task.id[-3:]] = {each.person for each in found}
            listed[task.id[-3:]] = {
                v.id for v in viewers if await inboxes.may_take(session, v, task.id)
            }
    assert drawn == listed
    assert {task[-3:] for task in nobody} == {task for task, who in drawn.items() if not who}
    return drawn


@pytest.mark.on_both_databases
async def test_of_several_seats_one_person_takes_one_for_themselves_or_for_another(office):
    before = await who_may_take(office)
    assert before["T01"] == {"rosa", "ravi", "dora", "ines"}  # not the partner's own

    await decided(office, 1, "rosa", on_behalf_of="ravi")

    after = await who_may_take(office)
    assert after["T02"] == set()  # rosa and ravi have answered, and none stands in for others
    assert after["T04"] == {"ravi"}
    assert after["T05"] == {"ines"}


async def test_a_finding_made_for_another_bars_both_from_the_desks_signature(office):
    await decided(office, 1, "ines", on_behalf_of="ravi")

    after = await who_may_take(office)

    assert after["T05"] == set()
    assert after["T02"] == {"rosa", "dora"}


async def test_whoever_stands_in_for_a_recused_person_only_is_not_asked_either(office):
    await recused(office, "ravi")

    after = await who_may_take(office)

    assert after["T01"] == {"rosa", "dora"}
    assert after["T04"] == set()
