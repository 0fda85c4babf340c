"""The feed of events: each person's own, in one order, without a gap, as pages and as a stream."""

import asyncio
import json
from datetime import timedelta

import pytest_asyncio

from commands import signing_in, watching
from tests.journeys.client import Client, a_client, costing
from tests.policy import newer_terms

SMALL = costing(300_000)


@pytest_asyncio.fixture
async def client(engine, tmp_path):
    """An installation of each test's own: the feed is of everything."""
    async with a_client(engine, tmp_path) as client:
        yield client


async def feed(person, after=None, limit=200):
    """Everything behind *after*, page by page."""
    found = []
    while True:
        asked = {"limit": limit} | ({"after": after} if after else {})
        page = await person.read("/events", params=asked)
        found += page["items"]
        if page["next"] is None:
            return found
        assert page["next"] == page["items"][-1]["cursor"]
        assert len(page["items"]) == limit
        after = page["next"]


async def histories(person):
    """The histories of all that *person* sees, by reference."""
    listed = (await person.read("/proposals", params={"limit": 200}))["items"]
    return {
        each["reference"]: (
            await person.read(f"/proposals/{each['reference']}/history", params={"limit": 200})
        )["items"]
        for each in listed
    }


def by_reference(items):
    found = {}
    for item in items:
        plain = {name: value for name, value in item.items() if name not in ("cursor", "reference")}
        found.setdefault(item["reference"], []).append(plain)
    return found


async def test_everybody_is_told_what_their_histories_tell(client):
    first, second = await client.submitted(**SMALL), await client.submitted(**SMALL)
    await client.draft(client.person("Signatory 2"))
    await client.advance(first, "agreement")
    await client.advance(second, "compliance")
    task = await client.advance_to_task(second, "compliance.norms")
    recused = await client.taker(task)
    await recused.post(f"/tasks/{task['id']}/recuse", {"reason": "My sister works there."})

    for person in client.people:
        told = await feed(person, limit=7)

        assert by_reference(told) == await histories(person), person.name
        assert len({item["cursor"] for item in told}) == len(told)
    assert second not in by_reference(await feed(recused))


async def test_whoever_reads_again_reads_the_same_and_goes_on_from_any_event(client):
    reference = await client.submitted(**SMALL)
    before = await feed(client.auditor)
    await client.advance(reference, "compliance")

    after = await feed(client.auditor)
    rest = await feed(client.auditor, before[-1]["cursor"])

    assert after[: len(before)] == before
    assert before + rest == after
    assert await feed(client.auditor, after[-1]["cursor"]) == []
    assert await feed(client.auditor, before[0]["cursor"]) == after[1:]


async def test_a_draft_is_told_to_staff_once_it_is_submitted(client):
    draft = await client.draft(**SMALL)
    own = await feed(client.signatory)
    other = await client.submitted(client.person("Signatory 2"), **SMALL)
    seen = await feed(client.auditor)

    await client.submit(draft)
    told = await feed(client.auditor, seen[-1]["cursor"])

    assert [item["type"] for item in own] == ["proposal_created"]
    assert {item["reference"] for item in seen} == {other}
    ours = [item["type"] for item in told if item["reference"] == draft]
    assert ours[:2] == ["proposal_created", "proposal_submitted"]


async def test_a_partner_is_told_of_a_decision_when_its_window_is_over(client, tmp_path):
    (tmp_path / "policy").mkdir()
    catalogue = newer_terms.catalogue_with(tmp_path / "policy", newer_terms.an_hour)
    client.installation.office.catalogue = catalogue
    reference, taken_back = await client.submitted(**SMALL), await client.submitted(**SMALL)
    before = await feed(client.signatory)
    seen = await feed(client.auditor)
    for each in (reference, taken_back):
        task = await client.advance_to_task(each, "eligibility.confirm")
        person = await client.taker(task)
        await client.decide(task, "ineligible", by=person)
    await person.post(f"/tasks/{task['id']}/undo", {"reason": "The wrong file."})

    in_the_window = await feed(client.signatory, before[-1]["cursor"])
    staff = {item["type"] for item in await feed(client.auditor, seen[-1]["cursor"])}
    client.installation.ahead += timedelta(hours=2)
    later = await Client.sign_in(client.http, client.installation)
    told = await feed(later.signatory, before[-1]["cursor"])

    assert in_the_window == []
    assert {"found_ineligible", "letter_written", "letter_taken_back"} <= staff
    assert {item["reference"] for item in told} == {reference}
    assert "letter_written" in [item["type"] for item in told]
    assert by_reference(await feed(later.signatory)) == await histories(later.signatory)


async def test_nothing_is_missed_while_many_write_at_once(client):
    async def follow():
        found, cursor = [], None
        while not done.is_set():
            page = await client.auditor.read(
                "/events", params={"limit": 5} | ({"after": cursor} if cursor else {})
            )
            found += page["items"]
            cursor = found[-1]["cursor"] if found else None
            await asyncio.sleep(0)
        return found + await feed(client.auditor, cursor)

    done = asyncio.Event()
    following = asyncio.create_task(follow())
    await asyncio.gather(*(client.submitted(**SMALL) for _ in range(30)))
    done.set()
    found = await following

    everything = await feed(client.auditor)
    assert found == everything[: len(found)]
    assert by_reference(everything) == await histories(client.auditor)


async def test_a_cursor_that_is_none_is_refused(client):
    answers = [
        await client.auditor.get(path, params={"after": "none"})
        for path in ("/events", "/events/stream")
    ]

    assert [answer.status_code for answer in answers] == [422, 422]
    assert {answer.json()["errors"][0]["code"] for answer in answers} == {"unknown_cursor"}


# ---- as a stream


def told_by(answer):
    blocks = [block.splitlines() for block in answer.text.split("\n\n")]
    fields = [dict(line.split(": ", 1) for line in block if ": " in line) for block in blocks]
    return [
        (each["id"], each["event"], json.loads(each["data"])) for each in fields if "id" in each
    ]


async def test_a_stream_tells_what_comes_and_goes_on_where_it_was_left(client, monkeypatch):
    monkeypatch.setattr(watching, "LOOK_SECONDS", 0.01)
    office, auditor = client.installation.office, client.auditor
    first = await client.submitted(**SMALL)
    seen = await feed(auditor)
    missed = await client.submitted(**SMALL)

    heard = asyncio.ensure_future(
        auditor.get(
            "/events/stream",
            params={"after": "not the one"},
            headers={"Last-Event-ID": seen[-1]["cursor"]},
        )
    )
    house = watching.watch_of(office)
    while not house.looks:  # noqa: ASYNC110 - it counts, and tells nobody
        await asyncio.sleep(0.01)
    await client.advance(first, "compliance")
    for each in (first, missed):
        await client.screened(each)
    wanted = await feed(auditor, seen[-1]["cursor"])
    looked = house.looks
    while house.looks < looked + 3:  # noqa: ASYNC110 - it counts, and tells nobody
        await asyncio.sleep(0.01)
    await house._turn.acquire()  # whatever was heard is told by now
    house._turn.release()
    await signing_in.sign_out(office, auditor.token)
    answer = await heard

    assert answer.headers["content-type"].startswith("text/event-stream")
    told = told_by(answer)
    assert [cursor for cursor, _, _ in told] == [item["cursor"] for item in wanted]
    assert all(item["type"] == event for _, event, item in told)
    assert {item["reference"] for _, _, item in told} == {first, missed}


async def test_a_stream_without_a_cursor_begins_with_what_comes(client):
    await client.screened(await client.submitted(**SMALL))

    answer = asyncio.ensure_future(client.auditor.get("/events/stream"))
    house = watching.watch_of(client.installation.office)
    while not house._watchers:  # noqa: ASYNC110 - it counts, and tells nobody
        await asyncio.sleep(0.01)
    await signing_in.sign_out(client.installation.office, client.auditor.token)

    assert told_by(await answer) == []
