"""The same request many times, the same act from many windows, and many people at once."""

import asyncio
from collections import Counter

import pytest

from tests.journeys.client import CONTENT, a_key, costing

MANY = 30
SMALL = costing(100_000)


async def test_one_key_makes_one_draft(client):
    key = a_key()
    before = len((await client.signatory.read("/proposals", params={"limit": "200"}))["items"])

    answers = await asyncio.gather(
        *(client.signatory.post("/proposals", CONTENT, key=key) for _ in range(MANY))
    )

    assert {(a.status_code, a.content, a.headers["etag"]) for a in answers} == {
        (201, answers[0].content, '"1"')
    }
    after = len((await client.signatory.read("/proposals", params={"limit": "200"}))["items"])
    assert after == before + 1


async def test_one_key_submits_once(client):
    reference = await client.draft(**SMALL)
    key = a_key()

    answers = await asyncio.gather(
        *(client.signatory.post(f"/proposals/{reference}/submit", key=key) for _ in range(MANY))
    )

    assert {(a.status_code, a.content) for a in answers} == {(200, answers[0].content)}
    assert (await client.view(reference))["revision"] == 1


async def test_two_windows_submit_once(client):
    reference = await client.draft(**SMALL)

    answers = await asyncio.gather(
        *(client.signatory.post(f"/proposals/{reference}/submit") for _ in range(MANY))
    )

    statuses = Counter(a.status_code for a in answers)
    assert statuses == {200: 1, 409: MANY - 1}
    assert {a.json()["code"] for a in answers if a.status_code == 409} <= {
        "being_submitted", "already_submitted",
    }  # fmt: skip
    types = [event["type"] for event in await client.events(reference)]
    assert types.count("proposal_submitted") == 1
    assert len(await client.open_tasks(reference)) == 1


async def test_of_many_who_claim_one_holds(client):
    reference = await client.submitted(**SMALL)
    [task] = await client.open_tasks(reference)
    officers = [client.person("Programme officer 1"), client.person("Programme officer 2")]

    answers = await asyncio.gather(
        *(officers[n % 2].post(f"/tasks/{task['id']}/claim") for n in range(MANY))
    )

    held = await client.auditor.read(f"/tasks/{task['id']}")
    for number, answer in enumerate(answers):
        if officers[number % 2].name == held["holder"]["name"]:
            assert answer.status_code == 200
        else:
            assert (answer.status_code, answer.json()["code"]) == (409, "held")
            assert answer.json()["by"]["name"] == held["holder"]["name"]
            assert answer.json()["since"] == held["held_since"]


async def test_of_many_who_decide_one_decides(client):
    reference = await client.submitted(**SMALL)
    [task] = await client.open_tasks(reference)
    officers = [client.person("Programme officer 1"), client.person("Programme officer 2")]
    decision = await client.decision(task, by=officers[0])

    answers = await asyncio.gather(
        *(officers[n % 2].post(f"/tasks/{task['id']}/decision", decision) for n in range(MANY))
    )

    assert Counter(a.status_code for a in answers) == {200: 1, 409: MANY - 1}
    decided = await client.auditor.read(f"/tasks/{task['id']}")
    for refused in (a.json() for a in answers if a.status_code == 409):
        assert refused["code"] == "already_decided"
        assert refused["by"] == decided["decided_by"]
        assert refused["at"] == decided["decided_at"]
    types = [event["type"] for event in await client.events(reference)]
    assert types.count("task_decided") == 1


async def test_one_key_decides_once_and_every_repeat_reads_the_same(client):
    reference = await client.submitted(**SMALL)
    [task] = await client.open_tasks(reference)
    officer, key = client.person("Programme officer 1"), a_key()
    decision = await client.decision(task, by=officer)

    answers = await asyncio.gather(
        *(officer.post(f"/tasks/{task['id']}/decision", decision, key=key) for _ in range(MANY))
    )

    assert {(a.status_code, a.content) for a in answers} == {(200, answers[0].content)}
    await client.advance(reference, "desk")
    late = await officer.post(f"/tasks/{task['id']}/decision", decision, key=key)
    assert late.content == answers[0].content


async def test_a_withdrawal_and_a_decision_race(client):
    reference = await client.submitted(**SMALL)
    [task] = await client.open_tasks(reference)
    officer = client.person("Programme officer 1")
    decision = await client.decision(task, by=officer)

    decided, withdrawn = await asyncio.gather(
        officer.post(f"/tasks/{task['id']}/decision", decision),
        client.signatory.post(f"/proposals/{reference}/withdraw", {"reason": "Over."}),
    )

    assert withdrawn.status_code == 200
    assert decided.status_code in (200, 409)
    assert (await client.view(reference))["outcome"] == "withdrawn"
    assert await client.open_tasks(reference) == []


# ---- the rules of the key, one by one


async def test_a_key_belongs_to_a_person(client):
    key = a_key()

    mine = await client.signatory.post("/proposals", CONTENT, key=key)
    other = await client.person("Contributor 1").post("/proposals", CONTENT, key=key)

    assert (mine.status_code, other.status_code) == (201, 201)
    assert mine.json()["reference"] != other.json()["reference"]


async def test_a_key_is_for_one_path_and_body(client):
    reference, key = await client.draft(**SMALL), a_key()
    assert (await client.signatory.post("/proposals", CONTENT, key=key)).status_code == 201

    other_body = await client.signatory.post("/proposals", CONTENT | {"title": "B"}, key=key)
    other_path = await client.signatory.post(f"/proposals/{reference}/submit", key=key)

    for answer in (other_body, other_path):
        assert (answer.status_code, answer.json()["code"]) == (409, "idempotency_key_reused")
    assert (await client.view(reference, client.signatory))["stage"] == "draft"


async def test_a_refusal_is_not_kept(client):
    reference, key = await client.draft(**SMALL | {"title": None}), a_key()
    refused = await client.signatory.post(f"/proposals/{reference}/submit", key=key)
    assert refused.status_code == 422
    await client.signatory.put(f"/proposals/{reference}", CONTENT | SMALL, version=1)

    again = await client.signatory.post(f"/proposals/{reference}/submit", key=key)

    assert again.status_code == 200


@pytest.mark.parametrize("key", ["", "x" * 65, "caf\u00e9".encode(), "a\tb"])
async def test_a_key_that_is_none_is_told(client, key):
    answer = await client.http.post(
        "/proposals",
        json=CONTENT,
        headers={
            "Authorization": f"Bearer {client.signatory.token}",
            "Idempotency-Key": key,
        },
    )

    assert answer.status_code == 422
    assert answer.json()["code"] in ("idempotency_key_required", "idempotency_key_malformed")


@pytest.mark.parametrize("language", ["en", "fr"])
async def test_a_missing_key_is_told_before_anything_is_done(client, language):
    answer = await client.http.post(
        "/proposals",
        json=CONTENT,
        headers={
            "Authorization": f"Bearer {client.signatory.token}",
            "Accept-Language": language,
        },
    )

    problem = answer.json()
    assert (answer.status_code, problem["code"]) == (422, "idempotency_key_required")
    assert ("requête" in problem["detail"]) == (language == "fr")
