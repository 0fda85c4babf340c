"""Why a proposal and each of its tasks wait, what one may do about it, and that one truly may."""

import asyncio
from datetime import timedelta

import pytest
import pytest_asyncio

from tests.journeys import waits
from tests.journeys.client import a_client, costing


@pytest_asyncio.fixture
async def task(client):
    """An open finding on norms of a proposal of its own."""
    reference = await client.submitted(**costing(300_000))
    await client.decide((await client.open_tasks(reference))[0])
    found = await client.advance_to_task(reference, "compliance.norms")
    await client.screened(reference)
    return found


async def waiting_for(person, task):
    return (await person.read(f"/tasks/{task['id']}/waiting"))["items"]


async def acts_on(person, task):
    return next(item["acts"] for item in await waiting_for(person, task) if item["task"])


# ---- every act that is named is taken


async def try_acts(client, person, item, tried):
    """Do what is named for *person*, once for each task, and undo it where it can be undone."""
    task, acts = item["task"], item["acts"]
    for act in acts:
        if (person.name, act, task) in tried:
            continue
        tried.add((person.name, act, task))
        where = f"{person.name}: {act} {item}"
        if act == "claim":
            answer = await person.post(f"/tasks/{task}/claim")
            assert answer.status_code == 200, (where, answer.text)
            acts_now = await acts_on(person, {"id": task})
            assert "release" in acts_now, (where, acts_now)
            answer = await person.post(f"/tasks/{task}/release")
        elif act == "comment":
            answer = await person.post(f"/tasks/{task}/comments", {"text": "Seen."})
        elif act == "reassign":
            receivers = (await person.read(f"/tasks/{task}/people"))["items"]
            assert receivers, where
            given = await person.post(f"/tasks/{task}/reassign", {"person": receivers[-1]["id"]})
            assert given.status_code == 200, (where, given.text)
            holder = client.person(given.json()["holder"]["name"])
            answer = await holder.post(f"/tasks/{task}/release")
        elif act == "ask":
            answer = await ask_and_withdraw(client, person, task)
        elif act == "nudge":
            answer = await person.post(f"/tasks/{task}/nudge")
        else:
            assert act in ("decide", "recuse"), where  # each ends what the others are tried on
            continue
        assert answer.is_success, (where, answer.text)


async def ask_and_withdraw(client, person, task=None):
    """Ask the partner something, inside *task* or as an officer, and take the question back."""
    reference = (await client.auditor.read(f"/tasks/{task}"))["reference"]
    day = client.installation.office.today() + timedelta(days=14)
    body = {"question": "How many?", "due_date": day.isoformat(), "task": task}
    asked = await person.post(f"/proposals/{reference}/questions", body)
    if not asked.is_success:
        return asked
    where = f"/proposals/{reference}/questions/{asked.json()['id']}/withdraw"
    return await person.post(where, {"reason": "Asked enough."})


async def test_every_act_that_is_named_is_taken_at_every_step_of_a_life(client):
    reference = await client.submitted(**costing(300_000))
    named, tried, stage = set(), set(), None
    while stage != "active":
        await client.screened(reference)
        stage = (await client.view(reference))["stage"]
        deciders = []
        for person in client.people:
            answer = await person.get(f"/proposals/{reference}/waiting")
            for item in answer.json().get("items", ()):
                named |= set(item["acts"])
                assert not person.account["organization"] or answer.json()["acts"] == []
                if person.account["organization"] is None:
                    await try_acts(client, person, item, tried)
                if "decide" in item["acts"]:
                    deciders.append((person, item["task"]))
                for act in ("accept-conditions", "sign"):
                    if act in item["acts"]:
                        done = await person.post(f"/proposals/{reference}/{act}")
                        assert done.status_code == 200, done.text
        if deciders:
            person, chosen = deciders[-1]  # not the one whom the other journeys choose
            await client.decide(await client.auditor.read(f"/tasks/{chosen}"), by=person)
        else:
            await client.installation.settle()

    assert named == {
        "accept-conditions", "ask", "claim", "comment", "decide", "nudge", "reassign", "recuse",
        "sign", "withdraw",
    }  # fmt: skip


async def test_an_officer_is_offered_to_hold_it_and_to_ask_and_nothing_twice(client, task):
    reference = task["reference"]
    officer = client.person("Programme officer 1")

    async def offered(person=officer):
        return (await person.read(f"/proposals/{reference}/waiting"))["acts"]

    assert await offered() == ["hold", "ask"]
    for name in ("Norms reviewer 1", "Administrator 1", "Auditor 1"):
        assert await offered(client.person(name)) == []
    assert await offered(client.signatory) == []

    body = {"reason": "The auditors are here."}
    assert (await officer.post(f"/proposals/{reference}/hold", body)).is_success
    assert await offered() == ["ask"]

    assert (await officer.post(f"/proposals/{reference}/resume", body)).is_success
    assert await offered() == ["hold", "ask"]
    await client.advance_to_task(reference, "agreement.sign")
    assert await offered() == ["hold"]
    await client.advance(reference)
    assert await offered() == []


async def test_the_loser_of_two_decisions_is_told_who_decided_and_when(client, task):
    await client.decide(task, by=client.person("Norms reviewer 1"))
    other = client.person("Norms reviewer 2")

    for language, said in (
        ("en", "Norms reviewer 1 already decided"),
        ("fr", "Norms reviewer 1 a déjà"),
    ):
        answer = await other.post(f"/tasks/{task['id']}/claim", language=language)
        assert (answer.status_code, answer.json()["code"]) == (409, "already_decided")
        assert said in answer.json()["detail"]
        assert answer.json()["at"][:10] in answer.json()["detail"]


async def test_who_is_named_as_free_to_recuse_themselves_may(client, task):
    reviewer = client.person("Norms reviewer 2")
    assert "recuse" in await acts_on(reviewer, task)

    answer = await reviewer.post(f"/tasks/{task['id']}/recuse", {"reason": "A friend."})

    assert answer.status_code == 200, answer.text


async def test_a_task_says_on_whom_it_waits_since_when_and_what_comes_next(client, task):
    reviewer = client.person("Norms reviewer 1")

    [item] = await waiting_for(client.auditor, task)
    assert item["on"] == {"kind": "role", "who": "reviewer:norms"}
    assert (item["task"], item["since"], item["due_at"]) == (
        task["id"],
        task["opened_at"],
        task["due_at"],
    )
    assert (item["next"]["what"], item["next"]["at"] < task["due_at"]) == ("remind", True)
    assert (item["failing"], item["acts"]) == (None, [])

    await reviewer.post(f"/tasks/{task['id']}/claim")
    [held] = await waiting_for(reviewer, task)
    assert held["on"] == {"kind": "person", "who": "Norms reviewer 1"}
    assert held["acts"] == ["release", "decide", "recuse", "ask", "comment", "reassign"]
    [seen] = await waiting_for(client.person("Norms reviewer 2"), task)
    assert seen["acts"] == ["recuse", "comment", "reassign", "nudge"]
    [watched] = await waiting_for(client.person("Administrator 1"), task)
    assert watched["acts"] == ["reassign", "nudge"]

    await client.decide(task, by=reviewer)
    assert await waiting_for(client.auditor, task) == []


# ---- every kind of wait


@pytest_asyncio.fixture
async def alone(engine, tmp_path):
    async with a_client(engine, tmp_path) as client:
        yield client


@pytest.mark.parametrize("kind", waits.ALL)
async def test_every_wait_says_on_whom_since_when_and_what_happens_next(alone, kind):
    wait = await waits.ALL[kind](alone)
    where = f"/proposals/{wait.reference}/waiting"

    told = (await alone.person(wait.reader).read(where))["items"]

    [item] = [each for each in told if each["on"] == wait.on and each["task"] == wait.task]
    assert (item["since"], item["since"] is not None) == (wait.since, True)
    assert (item["next"] and item["next"]["what"]) == wait.then
    if wait.due_at is not None:
        assert (item["due_at"], item["next"]["at"]) == (wait.due_at, wait.due_at)
    elif wait.then:
        assert item["next"]["at"] > item["since"]
    assert bool(item["failing"]) == bool(wait.fails)
    if wait.fails:
        assert item["failing"]["tries"] > 0
        assert item["failing"]["next_at"] is not None
        for language, words in zip(("en", "fr"), wait.fails, strict=True):
            read = (await alone.person(wait.reader).read(where, language=language))["items"]
            details = [each["failing"]["detail"] for each in read if each["failing"]]
            assert [said.startswith(words) for said in details] == [True], details
    if wait.ends_by:
        who, act = wait.ends_by
        offered = (await alone.person(who).read(where))["items"]
        assert act in {act for each in offered for act in each["acts"]}
    if wait.partner:
        [mine] = await alone.waiting(wait.reference, alone.signatory)
        assert mine["on"] == wait.partner
        assert mine["since"] is not None


# ---- nudging


async def test_of_thirty_who_nudge_at_once_one_does_and_the_others_are_told_who(client, task):
    officers = [client.person(f"Programme officer {n}") for n in (1, 2)]

    answers = await asyncio.gather(
        *(officers[n % 2].post(f"/tasks/{task['id']}/nudge") for n in range(30))
    )

    [event] = [e for e in await client.events(task["reference"]) if e["type"] == "task_nudged"]
    assert sorted(answer.status_code for answer in answers) == [200] + [409] * 29
    for answer in answers:
        if answer.status_code == 409:
            assert answer.json()["code"] == "nudged_today"
            assert answer.json()["by"]["name"] == event["actor"]["name"]
            assert answer.json()["at"] == event["at"]
    [item] = await waiting_for(client.auditor, task)
    assert item["nudged_at"] == event["at"]
    assert "nudge" not in await acts_on(client.person("Administrator 1"), task)


async def test_a_nudge_is_told_to_whoever_holds_the_task(client, task):
    one, two = client.person("Norms reviewer 1"), client.person("Norms reviewer 2")
    await one.post(f"/tasks/{task['id']}/claim")
    refused = await one.post(f"/tasks/{task['id']}/nudge")
    assert (refused.status_code, refused.json()["code"]) == (409, "nudging_oneself")

    assert (await two.post(f"/tasks/{task['id']}/nudge")).status_code == 200

    async def told(person):
        items = (await person.read("/notifications", params={"limit": "200"}))["items"]
        return [i["title"] for i in items if i["kind"] == "task_nudged" and i["task"] == task["id"]]

    assert await told(one) == [f"{task['reference']}: somebody asks for a task"]
    assert await told(two) == []


async def test_a_partner_may_neither_ask_why_a_task_waits_nor_nudge(client, task):
    for answer in (
        await client.signatory.get(f"/tasks/{task['id']}/waiting"),
        await client.signatory.post(f"/tasks/{task['id']}/nudge"),
    ):
        assert answer.status_code == 404


async def test_what_does_not_fail_is_not_tried_again(client, task):
    answer = await client.person("Administrator 1").post(f"/proposals/{task['reference']}/retry")

    assert (answer.status_code, answer.json()["code"]) == (409, "nothing_to_retry")
