"""Two APIs and three workers on one PostgreSQL and one Temporal: some die, nothing is lost."""

import asyncio
import shutil

import httpx
import pytest
import pytest_asyncio
from sqlalchemy import make_url

from cli.settings import REPOSITORY
from store.database import Database
from store.tables import LeaseRow
from tests import postgres
from tests.chaos.load import Load
from tests.fleet.running import a_fleet

pytestmark = [
    pytest.mark.fleet,
    pytest.mark.skipif(not postgres.is_available(), reason=f"set {postgres.NAMED}"),
]

CODE = ("schemas", "policy", "workflows", "store", "activities", "commands", "api", "cli")


@pytest_asyncio.fixture
async def fleet(tmp_path):
    """Its tables are the owner's; every process runs as a role that owns none of them."""
    async with (
        postgres.a_database(empty=True) as url,
        postgres.a_role(url) as role,
        a_fleet(tmp_path, url) as fleet,
    ):
        for words in (("keys", "new"), ("migrate", "--grant-to", role)):
            ended = await asyncio.to_thread(fleet.run, *words)
            assert ended.returncode == 0, ended.stdout + ended.stderr
        running = make_url(url).set(username=role, password=role)
        fleet.environment["ACCORD_DATABASE_URL"] = running.render_as_string(hide_password=False)
        yield fleet


async def lease_holder(fleet):
    database = Database(fleet.environment["ACCORD_DATABASE_URL"])
    async with database.reading() as session:
        row = await session.get(LeaseRow, "housekeeping")
    await database.close()
    return row and row.holder


async def check_nothing_differs(fleet):
    verified = await asyncio.to_thread(fleet.run, "verify")

    assert verified.returncode == 0, verified.stdout + verified.stderr
    assert ": 0 differences" in verified.stdout


async def test_processes_die_and_others_go_on(fleet):
    accounts = await fleet.seed()
    apis = [fleet.serve() for _ in range(2)]
    workers = [fleet.work() for _ in range(3)]
    await asyncio.gather(*(each.until_ready() for each in apis))
    await asyncio.gather(*(each.until_it_says("worker_ready") for each in workers))
    async with (
        httpx.AsyncClient(base_url=apis[0].url, timeout=30) as first,
        httpx.AsyncClient(base_url=apis[1].url, timeout=30) as second,
    ):
        loads = [Load(client, accounts, seed) for seed, client in enumerate((first, second))]
        acts = asyncio.Event()

        def count(_):
            if sum(len(load.ledger.acts) for load in loads) >= 6:
                acts.set()

        for load in loads:
            load.ledger.watchers.append(count)
        under_way = asyncio.gather(
            *(course for load in loads for course in (load.is_approved(), load.is_withdrawn()))
        )
        await acts.wait()

        holder = await lease_holder(fleet)
        leader = next(each for each in workers if each.said(holder))
        leader.kill()
        first.base_url = second.base_url  # what stands before them sends nobody to a dead one
        apis[0].kill()
        await under_way

        while await lease_holder(fleet) == holder:  # noqa: ASYNC110 - another process's state
            await asyncio.sleep(0.1)
        again = fleet.serve()
        await again.until_ready()
        first.base_url = again.url
        for load in loads:
            for act in load.ledger.acts:
                answer = await loads[0].repeat(act)
                assert answer.content == act.answer
    await check_nothing_differs(fleet)


def another_version(folder):
    """The same source with a harmless change where replay would see a harmful one."""
    for each in CODE:
        shutil.copytree(
            REPOSITORY / each, folder / each, ignore=shutil.ignore_patterns("__pycache__")
        )
    changed = folder / "workflows" / "proposal.py"
    changed.write_text(changed.read_text() + "\n# Another version of the same.\n")
    return folder


async def test_a_new_version_takes_over_what_is_under_way(fleet, tmp_path):
    accounts = await fleet.seed()
    api, old = fleet.serve(), fleet.work()
    await api.until_ready()
    async with httpx.AsyncClient(base_url=api.url, timeout=30) as client:
        load = Load(client, accounts, 1)
        begun = asyncio.Event()
        load.ledger.watchers.append(lambda acts: acts >= 3 and begun.set())
        under_way = asyncio.gather(load.is_approved(), load.is_returned_and_improved())
        await begun.wait()

        tree = another_version(tmp_path / "next")
        new = fleet.work(tree)
        await new.until_it_says("worker_ready")
        assert old.end() == 0
        again = fleet.work()
        await again.until_it_says("worker_superseded")
        await under_way

        assert not again.said("worker_ready")
        assert new.is_running
    await check_nothing_differs(fleet)

    back = await asyncio.to_thread(fleet.run, "take-over")
    assert back.returncode == 0, back.stderr
    await again.until_it_says("worker_ready")
