"""Inboxes under filters and sorts: what the plain rules say, whatever comes and goes."""

from unittest.mock import patch

import pytest
from sqlmodel import delete

from schemas.people import Candidate, Desk, Role
from schemas.requests import TaskFilter
from schemas.tasks import TaskKind
from store import inbox_counts, inboxes, paging
from store.tables import TaskRow
from tests.store.others import NOW
from tests.store.test_visibility import (
    AUDITOR,
    WORLDS,
    a_submitted,
    a_task,
    a_viewer,
    add,
    build,
    day,
    inbox,
    of_any_world,
    stores,
    task_rows,
)

__all__ = ["stores"]

SOON = day(1)
VIEWS = ("mine", "group", "all")
FILTERS = [
    {"state": "open"},
    {"state": "done"},
    {"overdue": True},
    {"overdue": False},
    {"due_soon": True},
    {"due_soon": False},
    {"due_before": day(1)},
    {"stage": "desk"},
    {"kind": TaskKind.CONFIRM},
    {"programme": "ACCBP"},
    {"programme": "ACCBP-HSE"},
    {"desk": Desk.AFRICA},
    {"reference": "CTCBP-2026-000001"},
    {"q": "securite"},
    {"q": "2026 œuvre"},
    {"q": "ctcbp-2026-000000"},
    {"state": "open", "programme": "CTCBP", "overdue": True, "q": "a_b"},
]


def holds(asked, row, made):
    """Whether the task is asked for, in plain words."""
    is_open = row.state == "open"
    late = is_open and row.due_at < NOW
    near = is_open and NOW <= row.due_at <= SOON
    title = made["title"].casefold().replace("é", "e").replace("œ", "oe")
    words = f"{row.reference} {title}".casefold()
    asks_desk = row.kind in (TaskKind.CONSULT, TaskKind.SIGN_OFF) and row.subject == asked.desk
    return all(
        (
            asked.state in (None, row.state),
            asked.overdue in (None, late),
            asked.due_soon in (None, near),
            asked.due_before is None or row.due_at < asked.due_before,
            asked.stage in (None, row.stage),
            asked.kind in (None, row.kind),
            asked.programme in (None, made["programme"]),
            asked.desk is None or asks_desk,
            asked.reference in (None, row.reference),
            all(word.casefold().replace("œ", "oe") in words for word in (asked.q or "").split()),
        )
    )


async def every_task(session, viewer, view, asked, sort="due_at"):
    found, cursor = [], None
    while True:
        rows, cursor = await inboxes.tasks(
            session,
            viewer,
            view=view,
            now=NOW,
            soon=SOON,
            asked=asked,
            sort=sort,
            limit=2,
            cursor=cursor,
        )
        found += rows
        if cursor is None:
            return found


async def _filters(database, world, viewer):
    made = {f"CTCBP-2026-{number:06d}": each for number, each in enumerate(world)}
    rows = {
        row.id: row
        for reference, each in made.items()
        for row, _ in task_rows(reference, each["tasks"], each["programme"])
    }
    async with database.reading() as session:
        for view in VIEWS:
            mine = inbox(viewer, world, view)
            for written in FILTERS:
                asked = TaskFilter(**written)
                should_be = {i for i in mine if holds(asked, rows[i], made[rows[i].reference])}
                found = [row.id for row in await every_task(session, viewer, view, asked)]
                assert len(found) == len(should_be), (view, written)
                assert set(found) == should_be, (view, written)
                counted = await inboxes.count(
                    session, viewer, view, now=NOW, soon=SOON, asked=asked
                )
                assert counted == len(should_be), (view, written)


test_filters_and_counts_hold_what_the_plain_rules_say = of_any_world(_filters)


async def _sorts(database, world, viewer):
    async with database.reading() as session:
        for view in VIEWS:
            should_be = inbox(viewer, world, view)
            for name in ("due_at", "opened_at", "kind", "reference"):
                up = await every_task(session, viewer, view, inboxes.EVERYTHING, name)
                down = await every_task(session, viewer, view, inboxes.EVERYTHING, f"-{name}")
                assert {row.id for row in up} == should_be
                assert up == sorted(up, key=lambda row: (getattr(row, name), row.id))
                assert [row.id for row in down] == [row.id for row in reversed(up)]


test_every_sort_is_stable_and_the_other_way_round_backwards = of_any_world(_sorts)


async def _may_take(database, world, viewer):
    group = inbox(viewer, world, "group")
    everything = [
        row.id
        for number, made in enumerate(world)
        for row, _ in task_rows(f"CTCBP-2026-{number:06d}", made["tasks"])
    ]
    async with database.reading() as session:
        for task_id in everything:
            assert await inboxes.may_take(session, viewer, task_id) is (task_id in group)


test_one_may_take_what_is_in_the_inbox_of_ones_group = of_any_world(_may_take)


# ---- while tasks come and go

NORMS = a_viewer(("reviewer", "norms"))


def of_norms(**changes):
    return a_submitted(
        entries=frozenset([Candidate(role=Role.REVIEWER, scope="norms")]),
        tasks=[a_task(TaskKind.NORMS, **changes)],
    )


@pytest.mark.on_both_databases
@pytest.mark.parametrize("sort", ["due_at", "-due_at", "kind", "reference", "-reference"])
async def test_pages_neither_skip_nor_repeat_while_tasks_appear_and_vanish(database, sort):
    await build(database, [of_norms(due=number % 3) for number in range(12)])
    stays = {f"CTCBP-2026-{number:06d}-T00" for number in range(12) if number % 4}
    read, cursor = [], None

    for turn in range(50):
        async with database.reading() as session:
            rows, cursor = await inboxes.tasks(
                session, NORMS, view="group", now=NOW, sort=sort, limit=3, cursor=cursor
            )
        read += [row.id for row in rows]
        if cursor is None:
            break
        async with database.writing() as session:
            gone = f"CTCBP-2026-{turn % 3 * 4:06d}-T00"
            await session.exec(delete(TaskRow).where(TaskRow.id == gone))
            add(session, f"CTCBP-2026-{900 + turn:06d}", of_norms(due=turn % 3))

    assert len(read) == len(set(read))
    assert stays <= set(read)


@pytest.mark.on_both_databases
async def test_counts_are_exact_up_to_a_limit_and_then_say_so(database, monkeypatch):
    monkeypatch.setattr("store.paging.COUNTED", 3)
    await build(database, [of_norms() for _ in range(3)])

    async with database.reading() as session:
        assert await inboxes.count(session, NORMS, "group", now=NOW) == 3
    async with database.writing() as session:
        add(session, "CTCBP-2026-000009", of_norms())
    async with database.reading() as session:
        assert await inboxes.count(session, NORMS, "group", now=NOW) == "3+"
        assert await inboxes.count(session, AUDITOR, "mine", now=NOW) == 0


OFFICERS = Candidate(role=Role.PROGRAMME_OFFICER, scope="CTCBP")


def with_a_first_task(made):
    """As it is with whatever was submitted: its eligibility is asked of the program's officers."""
    if made["submitted"] is None:
        return made
    officers = OFFICERS.model_copy(update={"scope": made["programme"]})
    first = a_task(TaskKind.ELIGIBILITY, candidates=frozenset([officers]), state="cancelled")
    return made | {
        "tasks": [first, *made["tasks"]],
        "entries": made["entries"] | {officers},
    }


async def _many(database, world, viewer):
    everything = {"all": ("all", inboxes.EVERYTHING)}
    with patch.object(paging, "COUNTED", 2):
        async with database.reading() as session:
            counted = await inbox_counts.counts(session, viewer, everything, now=NOW, soon=SOON)
    number = len(inbox(viewer, world, "all"))
    assert counted["all"] == ("2+" if number > 2 else number)


test_more_than_is_counted_is_told_of_any_world = of_any_world(
    _many, worlds=WORLDS.map(lambda world: [with_a_first_task(made) for made in world])
)
