"""Nothing acknowledged is lost or done twice, whatever is killed (product.md, Promises).

One installation, started as people start it, works on proposals while its processes are killed;
the tests look at what is left. `ACCORD_CHAOS_SEED` names the schedule of an earlier run.
"""

import asyncio
import os
import secrets
import socket
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio

from tests.chaos import aftermath
from tests.chaos.kills import CTRL_C, SUPERVISOR, Killer, schedule
from tests.chaos.load import Load
from tests.chaos.running import PARTS, Running
from tests.chaos.working import a_load, work_under_fire

FIRST, LAST = 6, 60
"""Between which acknowledged acts the kills fall; the load has some more."""


@dataclass
class Left:
    """What a run left behind; the installation still runs."""

    accord: Running
    load: Load
    killer: Killer
    second_start: str


async def every_way(load: Load) -> None:
    """Proposals on every way there is, all at once."""
    await asyncio.gather(
        load.is_approved(),
        load.is_returned_and_improved(),
        load.is_ineligible(),
        load.is_declined(),
        load.is_withdrawn(),
        load.lapses(),
        load.is_held(),
        load.waits_for_money(),
    )


@pytest_asyncio.fixture(scope="module")
async def left(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Left]:
    seed = int(os.environ.get("ACCORD_CHAOS_SEED") or secrets.randbelow(10**6))
    kills = schedule(seed, FIRST, LAST, [*PARTS, SUPERVISOR, CTRL_C])
    # Shown when a test fails.
    print(f"ACCORD_CHAOS_SEED={seed}:", "; ".join(map(str, kills)))  # noqa: T201
    accord = Running(tmp_path_factory.mktemp("chaos") / "data")
    accord.start()
    try:
        accord.until_ready()
        second = await asyncio.to_thread(accord.run, "up")
        killer = Killer(accord)
        async with a_load(accord, seed) as load:
            await work_under_fire(load, killer, kills, every_way(load))
            await asyncio.to_thread(accord.until_ready)
            yield Left(accord, load, killer, f"{second.returncode} {second.stderr}")
    finally:
        accord.end()


async def test_every_part_was_killed_and_another_process_took_its_place(left: Left) -> None:
    killed = Counter(kill.victim for kill in left.killer.done)
    replaced = {part for part, before, now in left.killer.replaced if before != now}

    assert killed == Counter([*PARTS, SUPERVISOR, CTRL_C])
    assert replaced == set(PARTS)


async def test_every_acknowledged_act_is_in_the_history_exactly_once(left: Left) -> None:
    assert left.load.ledger.acts
    assert [told async for told in aftermath.losses(left.load)] == []
    assert [told async for told in aftermath.duplicates(left.load)] == []


async def test_every_proposal_ends_where_its_decisions_take_it(left: Left) -> None:
    assert [told async for told in aftermath.wrong_ends(left.load)] == []


async def test_the_funds_hold_what_the_proposals_hold_of_them(left: Left) -> None:
    assert [told async for told in aftermath.wrong_funds(left.load)] == []


async def test_whoever_asks_again_gets_the_first_answer_and_does_nothing(left: Left) -> None:
    acts = left.load.ledger.acts

    assert [told async for told in aftermath.other_answers(left.load, acts)] == []
    assert [told async for told in aftermath.losses(left.load)] == []


async def test_verify_finds_no_difference(left: Left) -> None:
    assert await asyncio.to_thread(aftermath.differences, left.accord) == []


async def test_words_of_people_stand_in_the_store_alone(left: Left) -> None:
    assert await asyncio.to_thread(aftermath.told_outside, left.accord) == []


async def test_a_second_start_on_the_same_folder_is_refused_in_one_sentence(left: Left) -> None:
    assert "Another `accord up` (process" in left.second_start
    assert left.second_start.startswith("78 ")
    assert left.second_start.count("\n") == 1


def test_a_taken_port_is_one_sentence(tmp_path: Path) -> None:
    accord = Running(tmp_path / "data")
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", accord.port))
        listening.listen()

        ended = accord.run("up")

    assert ended.returncode == 78
    assert ended.stderr.count("\n") == 1
    assert f"port {accord.port} cannot be listened on" in ended.stderr
