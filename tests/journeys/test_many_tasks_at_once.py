"""One act on many tasks: previewed, ordered, done item by item, resumed after a crash, stopped."""

import asyncio

import pytest
import pytest_asyncio
from sqlmodel import select

from commands import bulk_running, deciding, verifying
from schemas.errors import Unavailable
from store import bulk as store
from store.tables import BulkJobRow, GrantRow, TextRow
from tests.journeys.client import a_client, a_key, costing

TWO = "demo-norms-reviewer-2"


@pytest_asyncio.fixture
async def client(engine, tmp_path):
    """An installation of its own: who works through the jobs is the test, and nobody beside it."""
    async with a_client(engine, tmp_path) as client:
        yield client


@pytest.fixture(autouse=True)
def unhurried(monkeypatch):
    """A round goes on until nothing is due, however slow the machine is."""
    monkeypatch.setattr(bulk_running, "SECONDS", 600)


@pytest.fixture
def office(client):
    return client.installation.office


async def findings(client, count):
    """Open findings on norms, each of a proposal of its own."""
    found = []
    for _ in range(count):
        reference = await client.submitted(**costing(300_000))
        await client.decide((await client.open_tasks(reference))[0])
        found.append(await client.advance_to_task(reference, "compliance.norms"))
        await client.screened(reference)
    return [task["id"] for task in found]


async def ordered(by, **request):
    answer = await by.post("/bulk", request)
    assert answer.status_code == 201, answer.text
    return answer.json()["id"]


async def state_of(person, job):
    told = await person.read(f"/bulk/{job}")
    return {name: told[name] for name in ("state", "done", "failed", "left")}


async def codes(person, job):
    items = (await person.read(f"/bulk/{job}/items"))["items"]
    return [(item["state"], item["refused"] and item["refused"]["code"]) for item in items]


async def holder(client, task):
    return ((await client.auditor.read(f"/tasks/{task}"))["holder"] or {}).get("id")


async def reassignments(client, tasks):
    return [
        event["data"]
        for task in tasks
        for event in await client.events(task.rpartition("-")[0])
        if event["type"] == "task_reassigned"
    ]


# ---- previewed


async def test_a_preview_says_of_each_task_what_would_happen_and_changes_nothing(client):
    mine, held, other = [*await findings(client, 2), "CTCBP-2026-999999-T01"]
    one, two = client.person("Norms reviewer 1"), client.person("Norms reviewer 2")
    await two.post(f"/tasks/{held}/claim")

    answer = await one.post("/bulk/preview", {"act": "claim", "tasks": [mine, held, other, mine]})

    told = answer.json()
    assert (told["would"], told["refused"]) == (1, 2)
    assert [(i["task"], i["would"]) for i in told["items"]] == [
        (mine, "claim"),
        (held, None),
        (other, None),
    ]
    assert [i["refused"] and i["refused"]["code"] for i in told["items"]] == [
        None,
        "held",
        "not_found",
    ]
    assert told["items"][1]["refused"]["detail"].startswith("Norms reviewer 2 has held this task")
    assert await holder(client, mine) is None
    assert (await one.read("/bulk"))["items"] == []


async def test_nothing_but_what_the_terms_mark_is_decided_many_at_a_time(client, office):
    (finding,) = await findings(client, 1)
    one = client.person("Norms reviewer 1")
    decision = await client.decision({"id": finding}, by=one)
    request = {"act": "decide", "tasks": [finding], "decision": decision}

    previewed = (await one.post("/bulk/preview", request)).json()["items"][0]
    job = await ordered(one, **request)
    await bulk_running.go_on(office)

    assert previewed["refused"]["code"] == "not_administrative"
    assert await codes(one, job) == [("failed", "not_administrative")]
    assert (await client.auditor.read(f"/tasks/{finding}"))["state"] == "open"


@pytest.mark.parametrize(
    ("request_", "pointer"),
    [
        ({"act": "reassign"}, "/person"),
        ({"act": "decide"}, "/decision"),
        ({"act": "claim", "person": TWO}, "/person"),
        ({"act": "release", "reason": "Over."}, "/reason"),
        ({"act": "approve"}, "/act"),
    ],
    ids=str,
)
async def test_an_order_that_says_too_little_or_too_much_is_refused(client, request_, pointer):
    one = client.person("Norms reviewer 1")

    answer = await one.post("/bulk", {"tasks": ["x"]} | request_)

    assert answer.status_code == 422
    assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]


# ---- done


async def test_each_item_has_its_own_result(client, office):
    mine, held = await findings(client, 2)
    one, two = client.person("Norms reviewer 1"), client.person("Norms reviewer 2")
    await two.post(f"/tasks/{held}/claim")
    job = await ordered(one, act="claim", tasks=[mine, held])
    assert await state_of(one, job) == {"state": "running", "done": 0, "failed": 0, "left": 2}

    await bulk_running.go_on(office)

    assert await state_of(one, job) == {"state": "done", "done": 1, "failed": 1, "left": 0}
    assert await codes(one, job) == [("done", None), ("failed", "held")]
    assert await holder(client, mine) == "demo-norms-reviewer-1"
    failed = (await one.read(f"/bulk/{job}/items", params={"state": "failed"}))["items"]
    assert [(each["position"], each["task"]) for each in failed] == [(1, held)]


async def test_returns_are_released_together_and_history_tells_each(client, office):
    tasks = await findings(client, 2)
    for task in tasks:
        await client.decide({"id": task}, "return", by=client.person("Norms reviewer 1"))
    references = [task.rpartition("-")[0] for task in tasks]
    releases = [await client.advance_to_task(each, "return.release") for each in references]
    officer = await client.taker(releases[0])
    decision = await client.decision(releases[0], "release", by=officer)
    request = {
        "act": "decide",
        "tasks": [release["id"] for release in releases],
        "decision": decision,
    }

    previewed = (await officer.post("/bulk/preview", request)).json()
    job = await ordered(officer, **request)
    await bulk_running.go_on(office)

    assert (previewed["would"], previewed["refused"]) == (2, 0)
    assert await codes(officer, job) == [("done", None)] * 2
    for reference in references:
        assert (await client.view(reference))["stage"] == "returned"
    async with office.database.reading() as session:
        assert (await session.get_one(BulkJobRow, job)).decision is None  # its words are forgotten


async def test_rights_are_those_at_the_moment_of_each_item(client, office):
    first, second = await findings(client, 2)
    one = client.person("Norms reviewer 1")
    job = await ordered(one, act="claim", tasks=[first, second])
    async with office.database.writing() as session:
        grants = await session.exec(
            select(GrantRow).where(GrantRow.person == "demo-norms-reviewer-1")
        )
        for grant in grants.all():
            await session.delete(grant)

    await bulk_running.go_on(office)

    async with office.database.reading() as session:
        counts = await store.counts(session, job)
    assert counts == {"done": 0, "failed": 2, "left": 0}
    assert await holder(client, first) is None


async def test_items_done_for_another_say_so_and_are_gone_where_either_is_recused(client, office):
    mine, other = await findings(client, 2)
    giver, receiver = client.person("Norms reviewer 1"), client.person("Desk officer 1")
    today = office.today().isoformat()
    given = await giver.post(
        "/me/delegations",
        {
            "receiver": "demo-desk-officer-1",
            "grants": [{"role": "reviewer", "scope": "norms"}],
            "starts_on": today,
            "ends_on": today,
            "reason": "A course.",
        },
    )
    assert given.status_code == 201
    await giver.post(f"/tasks/{other}/recuse", {"reason": "My sister works there."})
    request = {"act": "claim", "tasks": [mine, other]}

    previewed = (await receiver.post("/bulk/preview", request)).json()["items"]
    job = await ordered(receiver, **request)
    await bulk_running.go_on(office)

    assert [i["on_behalf_of"] and i["on_behalf_of"]["name"] for i in previewed] == [
        "Norms reviewer 1",
        None,
    ]
    assert await codes(receiver, job) == [("done", None), ("failed", "not_found")]
    held = await client.auditor.read(f"/tasks/{mine}")
    assert held["holder"]["name"] == "Desk officer 1"
    assert held["held_on_behalf_of"]["name"] == "Norms reviewer 1"

    await receiver.post(f"/tasks/{mine}/recuse", {"reason": "A friend."})

    items = (await receiver.get(f"/bulk/{job}/items")).text
    assert mine not in items


async def test_an_engine_that_is_away_leaves_the_item_for_later(client, office, monkeypatch):
    (task,) = await findings(client, 1)
    await client.decide({"id": task}, "return", by=client.person("Norms reviewer 1"))
    release = await client.advance_to_task(task.rpartition("-")[0], "return.release")
    officer = await client.taker(release)
    decision = await client.decision(release, "release", by=officer)
    job = await ordered(officer, act="decide", tasks=[release["id"]], decision=decision)

    async def away(*_args, **_more):
        raise Unavailable("engine_unavailable")

    with monkeypatch.context() as patch:
        patch.setattr(office.gateway, "decide", away)
        await bulk_running.go_on(office)

    assert await state_of(officer, job) == {"state": "running", "done": 0, "failed": 0, "left": 1}
    assert await codes(officer, job) == [("left", "engine_unavailable")]
    client.installation.ahead += bulk_running.AT_A_TIME * store.LONGEST_PAUSE
    await bulk_running.go_on(office)
    assert await state_of(officer, job) == {"state": "done", "done": 1, "failed": 0, "left": 0}


# ---- once, whatever happens


class KilledError(BaseException):
    """What a process that is killed leaves behind: nothing that comes after."""


@pytest.mark.parametrize("act", ["claim", "release", "reassign"])
@pytest.mark.parametrize("after", [0, 1, 2], ids=lambda n: f"after {n} items")
async def test_a_crash_in_the_middle_repeats_nothing(client, office, monkeypatch, act, after):
    tasks = await findings(client, 3)
    one = client.person("Norms reviewer 1")
    if act == "release":
        for task in tasks:
            await one.post(f"/tasks/{task}/claim")
    more = {"person": TWO} if act == "reassign" else {}
    job = await ordered(one, act=act, tasks=tasks, **more)
    noted = 0
    keep = store.ended

    async def killed_before_it_is_noted(*args, **facts):
        nonlocal noted
        if noted == after:
            raise KilledError
        noted += 1
        await keep(*args, **facts)

    with monkeypatch.context() as patch:
        patch.setattr(bulk_running, "AT_A_TIME", 1)
        patch.setattr(store, "ended", killed_before_it_is_noted)
        with pytest.raises(KilledError):
            await bulk_running.go_on(office)
    told = await state_of(one, job)
    assert (told["state"], told["done"], told["left"]) == ("running", after, 3 - after)

    await bulk_running.go_on(office)

    assert await state_of(one, job) == {"state": "done", "done": 3, "failed": 0, "left": 0}
    held = {"claim": "demo-norms-reviewer-1", "release": None, "reassign": TWO}[act]
    assert [await holder(client, task) for task in tasks] == [held] * 3
    if act == "reassign":
        assert len(await reassignments(client, tasks)) == 3


async def test_two_workers_at_once_do_each_item_once(client, office):
    tasks = await findings(client, 4)
    one = client.person("Norms reviewer 1")
    job = await ordered(one, act="reassign", tasks=tasks, person=TWO)

    await asyncio.gather(*(bulk_running.go_on(office) for _ in range(3)))

    assert await state_of(one, job) == {"state": "done", "done": 4, "failed": 0, "left": 0}
    assert len(await reassignments(client, tasks)) == 4
    async with office.database.reading() as session:
        texts = await session.exec(select(TextRow.id).where(TextRow.subject == "installation"))
        assert texts.all() == []
    report = await verifying.verify(office, office.gateway)
    assert report.differences == []


async def test_the_same_request_orders_once(client):
    (task,) = await findings(client, 1)
    one, key = client.person("Norms reviewer 1"), a_key()

    answers = await asyncio.gather(
        *(one.post("/bulk", {"act": "claim", "tasks": [task]}, key=key) for _ in range(5))
    )

    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert len((await one.read("/bulk"))["items"]) == 1


# ---- stopped


async def test_what_is_left_when_a_job_is_stopped_stays_undone_and_is_told(
    client, office, monkeypatch
):
    tasks = await findings(client, 3)
    one = client.person("Norms reviewer 1")
    job = await ordered(one, act="claim", tasks=tasks)
    claim = deciding.claim

    async def stopped_meanwhile(*args):
        stopped = await one.post(f"/bulk/{job}/stop")
        assert stopped.json()["state"] == "stopped"
        return await claim(*args)

    with monkeypatch.context() as patch:
        patch.setattr(bulk_running, "AT_A_TIME", 1)
        patch.setattr(deciding, "claim", stopped_meanwhile)
        await bulk_running.go_on(office)
    await bulk_running.go_on(office)

    assert await state_of(one, job) == {"state": "stopped", "done": 1, "failed": 0, "left": 2}
    assert [await holder(client, task) for task in tasks] == ["demo-norms-reviewer-1", None, None]
    again = await one.post(f"/bulk/{job}/stop")
    assert (again.status_code, again.json()["state"]) == (200, "stopped")


async def test_what_has_ended_cannot_be_stopped(client, office):
    (task,) = await findings(client, 1)
    one = client.person("Norms reviewer 1")
    job = await ordered(one, act="claim", tasks=[task])
    await bulk_running.go_on(office)

    late = await one.post(f"/bulk/{job}/stop")

    assert (late.status_code, late.json()["code"]) == (409, "bulk_ended")


async def test_a_job_is_its_owners_and_those_who_oversee_see_how_far_it_is(client):
    (task,) = await findings(client, 1)
    one = client.person("Norms reviewer 1")
    job = await ordered(one, act="claim", tasks=[task])
    administrator = client.person("Administrator 1")

    assert (await client.person("Norms reviewer 2").get(f"/bulk/{job}")).status_code == 404
    assert (await administrator.read(f"/bulk/{job}"))["left"] == 1
    assert (await administrator.get(f"/bulk/{job}/items")).status_code == 403
    assert (await client.auditor.read(f"/bulk/{job}/items"))["items"][0]["task"] == task
    assert (await client.auditor.post(f"/bulk/{job}/stop")).status_code == 403
    assert (await administrator.post(f"/bulk/{job}/stop")).json()["state"] == "stopped"
    assert [each["id"] for each in (await administrator.read("/bulk"))["items"]] == [job]
