"""A changed list asks everything alive to be screened again: durably, in parts, once each."""

import pytest
from screening_office import a_list, a_viewer, an_office, rows
from test_screening import KOROV, REVIEWER, a_proposal

from commands import rescreening as commands
from commands.screening import import_list, lists
from schemas.people import Role
from store import rescreening
from store.tables import MessageRow, ProposalRow, RescreeningRow


@pytest.fixture
async def office(tmp_path):
    office = await an_office(tmp_path)
    yield office
    await office.database.close()


@pytest.fixture
async def five(office, monkeypatch):
    """Five proposals are alive, and two are asked at a time."""
    monkeypatch.setattr(rescreening, "AT_A_TIME", 2)
    for number in range(1, 6):
        await a_proposal(office, f"CTCBP-2026-00000{number}")
    return office


async def asked(office):
    return sorted(row.reference[-1] for row in await rows(office, MessageRow))


async def the_progress(office):
    shown = await lists(office, a_viewer(Role.AUDITOR))
    told = next(row["rescreening"] for row in shown if row["id"] == "un_sc")
    return told["asked"], told["of"], told["ended_at"] is not None


async def test_the_import_asks_a_first_part_and_housekeeping_the_rest(five):
    answer = await import_list(five, REVIEWER, "un_sc", None, a_list(KOROV))
    at_once, told = await asked(five), await the_progress(five)

    more = await commands.go_on(five)

    assert answer["rescreening"] == 5
    assert (at_once, told) == (["1", "2"], (2, 5, False))
    assert more == 3
    assert await asked(five) == ["1", "2", "3", "4", "5"]
    assert await the_progress(five) == (5, 5, True)
    assert await commands.go_on(five) == 0


async def test_a_part_that_dies_is_asked_again_as_a_whole_and_nobody_twice(five, monkeypatch):
    await import_list(five, REVIEWER, "un_sc", None, a_list(KOROV))
    leave = rescreening.messages.leave

    async def die(session, *, reference, **given):
        await leave(session, reference=reference, **given)
        if reference.endswith("4"):
            raise RuntimeError("the machine went away")

    monkeypatch.setattr(rescreening.messages, "leave", die)
    with pytest.raises(RuntimeError, match="went away"):
        await commands.go_on(five)
    died = await asked(five)
    monkeypatch.setattr(rescreening.messages, "leave", leave)
    await commands.go_on(five)

    assert died == ["1", "2"]
    assert await asked(five) == ["1", "2", "3", "4", "5"]


async def test_two_imports_at_a_time_each_ask_everybody_once(five):
    await import_list(five, REVIEWER, "un_sc", None, a_list(KOROV))
    await import_list(five, REVIEWER, "ca_sema", None, a_list(KOROV))

    while await commands.go_on(five):
        pass

    assert await asked(five) == sorted("1122334455")
    assert all(row.ended_at for row in await rows(five, RescreeningRow))


async def test_a_removal_alone_asks_nobody(five):
    await import_list(five, REVIEWER, "un_sc", None, a_list(KOROV, KOROV.replace("p1", "p2")))
    while await commands.go_on(five):
        pass
    five.today = five.today.replace(hour=16)

    answer = await import_list(five, REVIEWER, "un_sc", None, a_list(KOROV))

    assert (answer["removed"], answer["rescreening"]) == (1, 0)
    assert await commands.go_on(five) == 0


async def test_what_is_closed_meanwhile_is_left_alone(five):
    await import_list(five, REVIEWER, "un_sc", None, a_list(KOROV))
    async with five.database.writing() as session:
        row = await session.get(ProposalRow, "CTCBP-2026-000004")
        row.stage = "closed"
        session.add(row)

    while await commands.go_on(five):
        pass

    assert await asked(five) == ["1", "2", "3", "5"]
