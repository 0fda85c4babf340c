"""Questions to the partner over HTTP: asked inside a task, answered in place, told to both."""

import asyncio
import json
from datetime import timedelta

import pytest

from tests.journeys.client import costing

WORDS = "How many of the officers were trained before?"
ANSWER = {"answer": "Twelve, of whom four are women."}


def a_question(client, days=10, **more):
    day = client.installation.office.today() + timedelta(days=days)
    return {"question": WORDS, "due_date": day.isoformat(), **more}


async def asked(client, name="Norms reviewer 1"):
    """A proposal in compliance whose partner is asked something from the finding of norms."""
    reference = await client.submitted(**costing(300_000))
    task = await client.advance_to_task(reference, "compliance.norms")
    answer = await client.person(name).post(
        f"/proposals/{reference}/questions", a_question(client, task=task["id"])
    )
    assert answer.status_code == 201, answer.text
    return reference, answer.json()


async def test_a_reviewer_asks_and_the_partner_answers_in_place(client):
    reference, question = await asked(client)
    assert (question["state"], question["question"]) == ("open", WORDS)
    assert question["asked_by"]["name"] == "Norms reviewer 1"

    mine = await client.view(reference, client.signatory)
    assert mine["partner_status"] == "more_information_needed"
    assert mine["clock"]["paused"]
    [request] = mine["requests"]
    assert (request["kind"], request["id"], request["message"], request["office"]) == (
        "question", question["id"], WORDS, "The department",
    )  # fmt: skip
    [item] = await client.waiting(reference, client.signatory)
    assert (item["on"], item["due_at"], item["next"]["what"], item["acts"]) == (
        {"kind": "partner", "who": "you"}, question["due_at"], "clock_goes_on",
        ["answer", "withdraw"],
    )  # fmt: skip

    done = await client.signatory.post(
        f"/proposals/{reference}/questions/{question['id']}/answer", ANSWER
    )

    assert done.status_code == 200, done.text
    assert (done.json()["state"], done.json()["answer"]) == ("answered", ANSWER["answer"])
    mine = await client.view(reference, client.signatory)
    assert (mine["requests"], mine["clock"]["paused"]) == ([], False)
    assert mine["partner_status"] == "in_review"
    [staff] = (await client.auditor.read(f"/proposals/{reference}/questions"))["items"]
    assert staff["answer"] == ANSWER["answer"]
    assert staff["answered_by"]["name"] == "Signatory 1"
    view = await client.advance(reference)
    assert (view["stage"], view["outcome"], view["revision"]) == ("active", "approved", 1)


async def attached(client, reference):
    answer = await client.signatory.post(
        f"/proposals/{reference}/documents",
        files={"file": ("trained.txt", b"Twelve officers, of whom four are women.")},
        data={"kind": "correspondence", "language": "en", "marking": "unclassified"},
    )
    assert answer.status_code == 201, answer.text
    return answer.json()


async def test_an_answer_brings_documents_that_staff_read_from_then_on(client):
    reference, question = await asked(client)
    document = await attached(client, reference)
    where = f"/proposals/{reference}"
    staff = client.person("Norms reviewer 1")
    assert (await staff.read(f"{where}/documents"))["items"] == []
    assert "document_added" not in {
        event["type"] for event in (await staff.read(f"{where}/history"))["items"]
    }

    done = await client.signatory.post(
        f"{where}/questions/{question['id']}/answer", ANSWER | {"documents": [document["id"]]}
    )

    assert done.status_code == 200, done.text
    told = [{name: document[name] for name in ("id", "sha256", "name")}]
    [read] = (await staff.read(f"{where}/questions"))["items"]
    assert (done.json()["documents"], read["documents"]) == (told, told)
    assert [each["id"] for each in (await staff.read(f"{where}/documents"))["items"]] == [
        document["id"]
    ]
    history = (await staff.read(f"{where}/history"))["items"]
    assert "document_added" in {event["type"] for event in history}
    [event] = [event for event in history if event["type"] == "question_answered"]
    assert event["data"]["documents"] == [{n: document[n] for n in ("id", "sha256")}]
    assert (await client.view(reference))["revision"] == 1


async def test_an_answer_names_only_documents_of_the_proposal(client):
    reference, question = await asked(client)

    refused = await client.signatory.post(
        f"/proposals/{reference}/questions/{question['id']}/answer",
        ANSWER | {"documents": ["somebody-elses"]},
    )

    assert refused.status_code == 422
    assert [e["pointer"] for e in refused.json()["errors"]] == ["/documents/0"]
    assert (await client.view(reference, client.signatory))["requests"]


async def test_nothing_is_attached_once_no_question_waits(client):
    reference, question = await asked(client)
    await client.signatory.post(f"/proposals/{reference}/questions/{question['id']}/answer", ANSWER)

    late = await client.signatory.post(
        f"/proposals/{reference}/documents",
        files={"file": ("late.txt", b"Too late.")},
        data={"kind": "correspondence", "language": "en", "marking": "unclassified"},
    )

    assert (late.status_code, late.json()["code"]) == (409, "not_editable")


async def test_the_partner_reads_an_office_and_nothing_of_the_task(client):
    reference, question = await asked(client)

    told = [
        (await client.signatory.read(f"/proposals/{reference}/questions"))["items"],
        (await client.signatory.read(f"/proposals/{reference}/history"))["items"],
        await client.view(reference, client.signatory),
        (await client.signatory.read("/notifications", params={"limit": "200"}))["items"],
    ]

    [mine] = told[0]
    assert (mine["id"], mine["office"], mine["asked_by"], mine["task"]) == (
        question["id"], "The department", None, None,
    )  # fmt: skip
    [event] = [e for e in told[1] if e["type"] == "question_asked"]
    assert event["actor"] == {"name": "The department", "role": None}
    everything = json.dumps(told, ensure_ascii=False)
    assert "Norms reviewer" not in everything
    assert "norms" not in everything
    assert question["task"] not in everything


async def test_staff_read_why_it_waits_and_who_may_take_the_question_back(client):
    reference, question = await asked(client)

    for name, acts in (
        ("Norms reviewer 1", ["withdraw_question"]),
        ("Programme officer 1", ["withdraw_question"]),
        ("Norms reviewer 2", []),
    ):
        [item] = await client.waiting(reference, client.person(name))
        assert item["on"]["kind"] == "partner"
        assert (item["acts"], item["next"]["what"]) == (acts, "clock_goes_on")
        holds = (await client.view(reference, client.person(name)))["holds"]
        assert [(h["kind"], h["reason"]) for h in holds] == [("question", WORDS)]
    where = f"/proposals/{reference}/questions/{question['id']}/withdraw"
    other = await client.person("Norms reviewer 2").post(where, {"reason": "Not mine."})
    assert (other.status_code, other.json()["code"]) == (403, "asker_only")
    mine = await client.person("Norms reviewer 1").post(where, {"reason": "It stands there."})
    assert (mine.status_code, mine.json()["state"]) == (200, "withdrawn")
    assert (await client.view(reference))["holds"] == []


async def test_the_asker_is_told_of_the_answer_and_the_partner_of_the_question(client):
    reference, question = await asked(client, "Norms reviewer 2")

    async def told(name):
        items = (await client.person(name).read("/notifications", params={"limit": "200"}))["items"]
        return [n["kind"] for n in items if n["reference"] == reference and "question" in n["kind"]]

    assert await told("Signatory 1") == ["question_asked"]
    assert await told("Contributor 1") == ["question_asked"]
    await client.signatory.post(f"/proposals/{reference}/questions/{question['id']}/answer", ANSWER)
    assert await told("Norms reviewer 2") == ["question_answered"]
    assert await told("Norms reviewer 1") == []


async def test_of_thirty_answers_at_once_one_counts(client):
    reference, question = await asked(client)
    where = f"/proposals/{reference}/questions/{question['id']}/answer"

    answers = await asyncio.gather(
        *(client.signatory.post(where, {"answer": f"Answer {n}."}) for n in range(30))
    )

    assert sorted(answer.status_code for answer in answers) == [200, *[409] * 29]
    assert {a.json()["code"] for a in answers if a.status_code == 409} == {"question_over"}
    [kept] = (await client.auditor.read(f"/proposals/{reference}/questions"))["items"]
    [won] = [a.json()["answer"] for a in answers if a.status_code == 200]
    assert kept["answer"] == won


async def test_who_holds_no_grant_for_the_task_does_not_ask_inside_it(client):
    reference = await client.submitted(**costing(300_000))
    task = await client.advance_to_task(reference, "compliance.norms")
    where = f"/proposals/{reference}/questions"
    inside = a_question(client, task=task["id"])

    other = await client.person("Gender reviewer 1").post(where, inside)
    outside = await client.person("Norms reviewer 1").post(where, a_question(client))
    await client.person("Norms reviewer 1").post(f"/tasks/{task['id']}/claim")
    held = await client.person("Norms reviewer 2").post(where, inside)
    partner = await client.signatory.post(where, a_question(client))

    assert [(a.status_code, a.json()["code"]) for a in (other, outside, held, partner)] == [
        (403, "not_a_candidate"), (403, "ask_inside_a_task"), (409, "held"), (403, "staff_only"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("body", "pointer", "code"),
    [
        ({"days": 0}, "/due_date", "question_date"),
        ({"days": -1}, "/due_date", "question_date"),
        ({"days": 300}, "/due_date", "question_date"),
        ({"task": "none"}, "/task", "task_unknown"),
        ({"question": " "}, "/question", None),
    ],
)
async def test_what_is_malformed_says_where(client, body, pointer, code):
    reference = await client.submitted(**costing(300_000))
    officer = client.person("Programme officer 1")

    answer = await officer.post(f"/proposals/{reference}/questions", a_question(client, **body))

    assert answer.status_code == 422, answer.text
    [error] = answer.json()["errors"]
    assert error["pointer"] == pointer
    assert code in (None, error["code"])
