"""Several people answer one question: none of them is led by what another has said."""

import json
from collections import defaultdict
from datetime import UTC, datetime

import pytest
import pytest_asyncio

from api.openapi import routes_of
from api.routers import ROUTERS
from commands.verifying import verify
from tests.journeys.client import a_client, costing
from tests.workflows.test_quorum_on_the_engine import asking_two

KIND = "compliance.human_rights"
WORDS = "The commander is remarkable."
NOTE = {
    "files": {"file": ("remarkable.txt", "A remarkable note.")},
    "data": {"kind": "other", "language": "en", "marking": "unclassified"},
}


@pytest_asyncio.fixture
async def client(engine, tmp_path):
    """An installation of its own, whose terms ask two people to find on human rights."""
    async with a_client(engine, tmp_path) as client:
        client.installation.office.catalogue = asking_two(KIND, tmp_path / "policy")
        yield client


@pytest_asyncio.fixture
async def asked(client):
    """The reference and the two tasks; the first is answered, with all that one may add to it."""
    reference = await client.submitted(**costing(300_000))
    await client.decide((await client.open_tasks(reference))[0])
    await client.advance_to_task(reference, KIND)
    seats = await client.open_tasks(reference, KIND)
    first, where = client.person("Human rights reviewer 1"), f"/tasks/{seats[0]['id']}"
    attached = await first.post(f"{where}/documents", **NOTE)
    said = await first.post(f"{where}/comments", {"text": WORDS})
    body = await client.decision(seats[0], by=first)
    assert body["answers"]["conditions"]
    body["answers"]["conditions"][0]["text"] = WORDS
    decided = await first.post(f"{where}/decision", body | {"reason": WORDS})
    assert [a.status_code for a in (attached, said, decided)] == [201, 201, 200]
    return reference, seats, attached.json()["id"]


async def everything(person, reference, seats, document):
    """All that a person can read of the proposal, as one text."""
    places = {"reference": reference, "n": "1", "attachment_id": document}
    found = {}
    for route in routes_of(ROUTERS):
        if "GET" not in route.methods or not {"{reference}", "{task_id}"} & set(
            route.path.split("/")
        ):
            continue
        for seat in seats:
            if "{document_id}" in route.path:
                continue
            path = route.path.format_map(
                defaultdict(lambda: "none", places | {"task_id": seat["id"]})
            )
            asked = {"at": datetime.now(UTC).isoformat()} if path.endswith("/as-of") else {}
            found[path] = (await person.get(path, params=asked)).text
    found["/tasks"] = (await person.get("/tasks", params={"view": "all"})).text
    return found


@pytest.mark.parametrize(
    "name", ["Human rights reviewer 2", "Programme officer 1", "Norms reviewer 1"]
)
async def test_what_one_of_two_has_said_is_read_by_nobody_else_before_both_have(
    client, asked, name
):
    reference, seats, document = asked
    person = client.person(name)

    texts = await everything(person, reference, seats, document)

    assert len(texts) > 15
    for path, text in texts.items():
        assert "remarkable" not in text, path
    answered = json.loads(texts[f"/tasks/{seats[0]['id']}"])
    assert (answered["state"], answered["outcome"], answered["answers"]) == ("done", None, None)
    assert answered["decided_by"]["name"] == "Human rights reviewer 1"
    (decided,) = [
        e for e in json.loads(texts[f"/proposals/{reference}/history"])["items"]
        if e["type"] == "task_decided" and e["data"]["kind"] == KIND
    ]  # fmt: skip
    assert decided["data"] == {"task": seats[0]["id"], "kind": KIND}
    view = json.loads(texts[f"/proposals/{reference}"])
    assert (view["conditions"], view["residual_risk"]) == ([], None)
    download = await person.get(f"/tasks/{seats[0]['id']}/documents/{document}")
    assert download.status_code == 404
    again = await person.post(
        f"/tasks/{seats[0]['id']}/decision", await client.decision(seats[1], by=person)
    )
    assert "no_objection" not in again.text


async def test_who_gave_the_answer_and_the_auditor_read_it(client, asked):
    reference, seats, document = asked

    for person in (client.person("Human rights reviewer 1"), client.auditor):
        texts = await everything(person, reference, seats, document)
        assert json.loads(texts[f"/tasks/{seats[0]['id']}"])["outcome"] == "no_objection"
        assert WORDS in texts[f"/tasks/{seats[0]['id']}"]
        assert WORDS in texts[f"/tasks/{seats[0]['id']}/comments"]
    case = json.loads(texts[f"/proposals/{reference}/case.json"])
    assert WORDS in str(case["texts"])
    assert case["chain"] is not None


async def test_once_both_have_answered_each_reads_both(client, asked):
    reference, seats, document = asked
    second = client.person("Human rights reviewer 2")

    await client.decide(seats[1], by=second)

    texts = await everything(second, reference, seats, document)
    assert WORDS in texts[f"/tasks/{seats[0]['id']}"]
    assert WORDS in texts[f"/tasks/{seats[0]['id']}/comments"]
    assert (await second.get(f"/tasks/{seats[0]['id']}/documents/{document}")).is_success
    view = json.loads(texts[f"/proposals/{reference}"])
    assert (len(view["conditions"]), view["residual_risk"]) == (2, "low")
    assert (await verify(client.installation.office, None)).differences == []
