"""Who holds a task, who is given it, and what is said beside it; the engine hears nothing of it."""

import asyncio
from collections import Counter

import pytest_asyncio

from commands import case_files, commenting, verifying
from schemas.requests import CommentRequest
from schemas.values import instant
from tests.installation import AN_AUDITOR, a_request
from tests.journeys.client import costing
from tests.journeys.test_partner_view import HIT, LISTED, party
from workflows.gateway import workflow_id

ONE, TWO = "demo-norms-reviewer-1", "demo-norms-reviewer-2"
SAID = "The treaty was ratified in March; see the second annex."


@pytest_asyncio.fixture
async def task(client):
    """An open finding on norms of a proposal of its own."""
    reference = await client.submitted(**costing(300_000))
    await client.decide((await client.open_tasks(reference))[0])
    found = await client.advance_to_task(reference, "compliance.norms")
    await client.screened(reference)
    return found


async def events_in_the_engine(client, reference):
    handle = client.installation.client.get_workflow_handle(workflow_id(reference))
    return len((await handle.fetch_history()).events)


async def names_and_words(client, reference, type_):
    return [event for event in await client.events(reference) if event["type"] == type_]


# ---- holding


async def test_of_thirty_who_claim_at_once_one_holds_it_and_the_others_are_told_who(client, task):
    reviewers = [client.person("Norms reviewer 1"), client.person("Norms reviewer 2")]

    answers = await asyncio.gather(
        *(reviewers[n % 2].post(f"/tasks/{task['id']}/claim") for n in range(30))
    )

    held = (await client.auditor.read(f"/tasks/{task['id']}"))["holder"]
    for number, answer in enumerate(answers):
        if reviewers[number % 2].name == held["name"]:
            assert answer.json()["holder"] == held
        else:
            assert (answer.status_code, answer.json()["code"]) == (409, "held")
            assert answer.json()["by"] == held
    assert (await client.auditor.read(f"/tasks/{task['id']}"))["version"] == 1


async def test_what_stays_in_the_store_costs_the_engine_nothing(client, task):
    one, two = client.person("Norms reviewer 1"), client.person("Norms reviewer 2")
    path = f"/tasks/{task['id']}"
    before = await events_in_the_engine(client, task["reference"])

    claimed = await one.post(f"{path}/claim")
    await one.put(f"{path}/answers", {"checklist": {}}, claimed.headers["etag"])
    await one.post(f"{path}/comments", {"text": SAID})
    await one.post(f"{path}/release")
    await two.post(f"{path}/claim")
    given = await two.post(f"{path}/reassign", {"person": ONE, "reason": "I am away."})

    assert given.json()["holder"]["id"] == ONE
    assert await events_in_the_engine(client, task["reference"]) == before


# ---- giving


async def test_an_administrator_gives_a_task_away_and_its_holder_loses_it(client, task):
    one, two = client.person("Norms reviewer 1"), client.person("Norms reviewer 2")
    path = f"/tasks/{task['id']}"
    await one.post(f"{path}/claim")

    given = await client.person("Administrator 1").post(
        f"{path}/reassign", {"person": TWO, "reason": "Away until May."}
    )

    assert (given.status_code, given.json()["holder"]["id"]) == (200, TWO)
    refused = await one.post(f"{path}/decision", await client.decision(task, by=one))
    assert (refused.json()["code"], refused.json()["by"]["id"]) == ("held", TWO)
    inboxes = {
        person.name: [
            item["id"]
            for item in (
                await person.read("/tasks", params={"view": "mine", "reference": task["reference"]})
            )["items"]
        ]
        for person in (one, two)
    }
    assert inboxes == {one.name: [], two.name: [task["id"]]}
    (event,) = await names_and_words(client, task["reference"], "task_reassigned")
    assert event["data"] == {"task": task["id"], "from": ONE, "to": TWO}
    assert event["actor"] == {"name": "Administrator 1", "role": "administrator:all"}
    assert event["reason"] == "Away until May."


async def test_a_task_goes_to_nobody_who_could_not_decide_it(client, task):
    administrator = client.person("Administrator 1")
    path = f"/tasks/{task['id']}/reassign"
    officer = client.person("Programme officer 1")

    refused = {
        person: (answer.status_code, answer.json()["code"])
        for person in ("demo-gender-reviewer-1", "demo-auditor-1", "nobody")
        for answer in [await administrator.post(path, {"person": person})]
    }
    not_mine = await officer.post(path, {"person": TWO})

    assert refused == {
        "demo-gender-reviewer-1": (409, "receiver_not_a_candidate"),
        "demo-auditor-1": (409, "receiver_not_a_candidate"),
        "nobody": (422, "malformed"),
    }
    assert (not_mine.status_code, not_mine.json()["code"]) == (403, "not_a_candidate")
    assert (await client.auditor.read(f"/tasks/{task['id']}"))["holder"] is None


async def test_a_task_is_not_given_to_whom_separation_of_duties_bars(client, task):
    finding = await client.advance_to_task(task["reference"], "compliance.human_rights")
    one = client.person("Human rights reviewer 1")
    await client.decide(finding, by=one)
    confirm = await client.advance_to_task(task["reference"], "confirm")
    administrator, path = client.person("Administrator 1"), f"/tasks/{confirm['id']}"

    refused = await administrator.post(
        f"{path}/reassign", {"person": "demo-human-rights-reviewer-1"}
    )

    assert (refused.status_code, refused.json()["code"]) == (409, "receiver_barred")
    assert refused.json()["person"]["name"] == one.name
    able = (await administrator.read(f"{path}/people"))["items"]
    assert [each["name"] for each in able] == ["Human rights reviewer 2"]


async def test_who_may_be_given_a_task_is_told_with_what_they_hold(client, task):
    one = client.person("Norms reviewer 1")
    await one.post(f"/tasks/{task['id']}/claim")

    found = (await one.read(f"/tasks/{task['id']}/people"))["items"]

    assert {each["id"] for each in found} == {ONE, TWO}
    assert next(each for each in found if each["id"] == ONE)["holds"] >= 1


async def test_giving_a_task_to_whom_has_it_changes_nothing(client, task):
    one = client.person("Norms reviewer 1")
    await one.post(f"/tasks/{task['id']}/claim")

    again = await one.post(f"/tasks/{task['id']}/reassign", {"person": ONE})

    assert (again.status_code, again.json()["version"]) == (200, 1)
    assert await names_and_words(client, task["reference"], "task_reassigned") == []


async def test_of_thirty_who_give_a_task_at_once_each_says_whom_it_was_taken_from(client, task):
    administrator, path = client.person("Administrator 1"), f"/tasks/{task['id']}/reassign"

    answers = await asyncio.gather(
        *(administrator.post(path, {"person": (ONE, TWO)[n % 2]}) for n in range(30))
    )

    assert {answer.status_code for answer in answers} == {200}
    told = [
        event["data"]
        for event in await names_and_words(client, task["reference"], "task_reassigned")
    ]
    assert [data["from"] for data in told] == [None, *(data["to"] for data in told[:-1])]
    holder = (await client.auditor.read(f"/tasks/{task['id']}"))["holder"]
    assert holder["id"] == told[-1]["to"]


async def test_of_thirty_who_give_a_task_as_they_saw_it_one_does(client, task):
    administrator, path = client.person("Administrator 1"), f"/tasks/{task['id']}/reassign"

    answers = await asyncio.gather(
        *(administrator.post(path, {"person": (ONE, TWO)[n % 2]}, version=0) for n in range(30))
    )

    assert Counter(answer.status_code for answer in answers) == {200: 1, 412: 29}
    given = next(a.json()["holder"] for a in answers if a.status_code == 200)
    assert all(a.json()["by"] == given for a in answers if a.status_code == 412)
    assert len(await names_and_words(client, task["reference"], "task_reassigned")) == 1


async def test_the_same_request_gives_and_says_once(client, task):
    one, path = client.person("Norms reviewer 1"), f"/tasks/{task['id']}"
    keys = [a_request(), a_request()]

    given = [await one.post(f"{path}/reassign", {"person": TWO}, key=keys[0]) for _ in range(3)]
    said = await asyncio.gather(
        *(one.post(f"{path}/comments", {"text": SAID}, key=keys[1]) for _ in range(3))
    )

    assert {answer.text for answer in given} == {given[0].text}
    assert {answer.json()["id"] for answer in said} == {said[0].json()["id"]}
    assert len(await names_and_words(client, task["reference"], "task_reassigned")) == 1
    assert len(await names_and_words(client, task["reference"], "task_commented")) == 1


# ---- saying


async def test_a_comment_is_read_by_who_works_on_the_case_and_never_by_the_partner(client, task):
    one, path = client.person("Norms reviewer 1"), f"/tasks/{task['id']}"
    before = instant(client.installation.now())
    made = await one.post(f"{path}/comments", {"text": SAID})

    assert made.json()["by"] == {"id": ONE, "name": "Norms reviewer 1"}
    assert made.json()["role"] == "reviewer:norms"
    for name in ("Norms reviewer 2", "Gender reviewer 1", "Programme officer 1", "Auditor 1"):
        reader = client.person(name)
        assert (await reader.read(f"{path}/comments"))["items"] == [made.json()], name
        assert (await reader.read(path))["comments"] == [made.json()], name
    administrator = client.person("Administrator 1")
    assert (await administrator.read(f"{path}/comments"))["items"] == []
    assert (await administrator.read(path))["comments"] == []

    reference = task["reference"]
    case = await case_files.case_file(client.installation.office, AN_AUDITOR, reference)
    of_case = next(each for each in case["tasks"] if each["id"] == task["id"])
    assert [each["text"] for each in of_case["comments"]] == [SAID]
    for at, said in ((before, []), (instant(client.installation.now()), [SAID])):
        then = await client.auditor.read(f"/proposals/{reference}/as-of", params={"at": at})
        known = next(each for each in then["tasks"] if each["id"] == task["id"])
        assert [each["text"] for each in known["comments"]] == said

    signatory = client.signatory
    for where in ("", "/history", "/tasks", "/waiting", "/case.json"):
        told = await signatory.get(f"/proposals/{reference}{where}")
        assert told.status_code == 200
        assert SAID not in told.text
        assert "comment" not in told.text
    assert (await signatory.get(f"{path}/comments")).status_code == 404


async def test_what_was_said_stays_with_the_task_that_is_decided(client, task):
    one = client.person("Norms reviewer 1")
    await one.post(f"/tasks/{task['id']}/comments", {"text": SAID})
    await client.decide(task, by=one)

    late = await client.person("Norms reviewer 2").post(
        f"/tasks/{task['id']}/comments", {"text": "Agreed."}
    )

    assert late.status_code == 201
    found = (await client.auditor.read(f"/tasks/{task['id']}"))["comments"]
    assert [each["text"] for each in found] == [SAID, "Agreed."]


async def test_comments_on_screening_are_for_those_who_see_its_evidence(client):
    imported = await client.person("Administrator 1").post(
        "/lists/invented/snapshots", files={"file": ("invented.csv", LISTED, "text/csv")}
    )
    assert imported.status_code == 201, imported.text
    reference = await client.submitted(**costing(300_000) | party(HIT))
    await client.screened(reference)
    (judged,) = await client.open_tasks(reference, "screening.adjudicate")
    path = f"/tasks/{judged['id']}/comments"
    reviewer = client.person("Screening reviewer 1")

    assert (await reviewer.post(path, {"text": SAID})).status_code == 201

    assert [c["text"] for c in (await reviewer.read(path))["items"]] == [SAID]
    for name in ("Programme officer 1", "Administrator 1", "Finance officer 1", "Signatory 1"):
        other = client.person(name)
        assert (await other.get(path)).status_code == 404, name
        assert (await other.post(path, {"text": "?"})).status_code == 404, name
        history = await other.get(f"/proposals/{reference}/history", params={"limit": 200})
        assert "task_commented" not in history.text, name


async def test_the_chain_and_the_read_model_agree_afterwards(client, task):
    administrator = client.person("Administrator 1")
    await administrator.post(f"/tasks/{task['id']}/reassign", {"person": TWO, "reason": "Away."})
    office = client.installation.office
    viewer = await client.installation.viewer("norms-reviewer-1")
    await commenting.comment(office, viewer, task["id"], CommentRequest(text=SAID), a_request())

    report = await verifying.verify(office, office.gateway)

    assert [d for d in report.differences if d["subject"] == task["reference"]] == []
