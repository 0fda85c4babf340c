"""Who has an interest in a proposal: it is gone from their sight, and somebody else is drawn."""

import asyncio
import re
from collections import defaultdict
from datetime import UTC, datetime

import pytest

from api.openapi import routes_of
from api.routers import ROUTERS
from commands.verifying import verify
from tests.journeys.client import a_key, costing

NOTE = {
    "files": {"file": ("note.txt", "A note.")},
    "data": {"kind": "other", "language": "en", "marking": "unclassified"},
}
REASON = {"reason": "My sister works there."}


async def in_compliance(client, reference=None):
    """A proposal whose findings are open, with its norms finding."""
    reference = reference or await client.submitted(**costing(300_000))
    await client.decide((await client.open_tasks(reference))[0])
    task = await client.advance_to_task(reference, "compliance.norms")
    await client.screened(reference)
    return reference, task


async def attach(person, where):
    answer = await person.post(f"{where}/documents", **NOTE)
    assert answer.status_code == 201, answer.text
    return answer.json()["id"]


async def holder(client, task):
    held = (await client.auditor.read(f"/tasks/{task['id']}"))["holder"]
    return held["name"] if held else None


async def test_a_recused_person_loses_every_way_to_read_of_it_at_once(client):
    draft = await client.draft(**costing(300_000))
    places = {
        "n": "1",
        "letter_id": "L1",
        "document_id": await attach(client.signatory, f"/proposals/{draft}"),
    }
    await client.submit(draft)
    reference, task = await in_compliance(client, draft)
    partner = await client.signatory.read(f"/proposals/{reference}/history")
    person = client.person("Norms reviewer 1")
    await person.post(f"/tasks/{task['id']}/claim")
    ordered = await person.post("/bulk", {"act": "claim", "tasks": [task["id"]]})
    places |= {
        "reference": reference,
        "task_id": task["id"],
        "attachment_id": await attach(person, f"/tasks/{task['id']}"),
        "job_id": ordered.json()["id"],
        "fund_id": "CTCBP-contributions-2027-28",
        "organization_id": "demo-international-organization",
    }
    for route in ("", "/history", "/documents/{document_id}"):
        assert (await person.get(f"/proposals/{{reference}}{route}".format(**places))).is_success
    document = "/tasks/{task_id}/documents/{attachment_id}".format(**places)
    assert (await person.get(document)).is_success
    assert reference in (await person.get("/notifications")).text
    assert reference in (await person.get("/proposals", params={"limit": "200"})).text
    before = await person.read("/tasks/counts")

    answer = await person.post(f"/tasks/{task['id']}/recuse", REASON)

    assert answer.status_code == 200, answer.text
    assert answer.json() == {"task": task["id"], "reference": reference, "recused": True}
    walked = set()
    for route in routes_of(ROUTERS):
        if "GET" not in route.methods or route.path.endswith("/stream"):
            continue
        named = [name for name in ("{reference}", "{task_id}") if name in route.path]
        if not named and not set(re.findall(r"{(\w+)}", route.path)) <= places.keys():
            continue
        asked = {"at": datetime.now(UTC).isoformat()} if route.path.endswith("/as-of") else {}
        path = route.path.format_map(defaultdict(lambda: "none", places))
        read = await person.get(path, params=asked)
        walked.add(route.path)
        assert reference not in read.text, route.path
        if named:
            assert read.status_code == 404, (route.path, read.text)
    assert {"/proposals", "/tasks", "/notifications", "/bulk/{job_id}/items"} <= walked
    assert {"/funds/{fund_id}/commitments", "/proposals/{reference}/case.json"} <= walked
    for query in ({"q": reference}, {"view": "mine"}, {"view": "group"}, {"reference": reference}):
        assert reference not in (await person.get("/tasks", params=query)).text
    found = await person.read("/proposals", params={"q": reference})
    assert found["items"] == []
    after = await person.read("/tasks/counts")
    assert after["all"] < before["all"]
    for act in ("claim", "release", "recuse", "decision"):
        body = {"recuse": REASON, "decision": {"outcome": "no_objection"}}.get(act, {})
        refused = await person.post(f"/tasks/{task['id']}/{act}", body)
        assert refused.status_code == 404, act

    assert await client.signatory.read(f"/proposals/{reference}/history") == partner
    assert await holder(client, task) == "Norms reviewer 2"
    events = {e["type"]: e for e in await client.events(reference)}
    assert events["person_recused"]["actor"]["name"] == "Norms reviewer 1"
    assert events["person_recused"]["reason"] == REASON["reason"]
    assert events["substitute_drawn"]["data"]["person"] == "demo-norms-reviewer-2"
    assert (await verify(client.installation.office, None)).differences == []


async def test_when_nobody_is_left_an_administrator_reads_it_before_the_clock_runs_out(client):
    reference, task = await in_compliance(client)
    administrator = client.person("Administrator 1")
    for name in ("Norms reviewer 1", "Norms reviewer 2"):
        await client.person(name).post(f"/tasks/{task['id']}/recuse", REASON)

    items = (await administrator.read("/operations/unattended"))["items"]
    waits = await client.waiting(reference, administrator)
    assert [(i["id"], i["why"]) for i in items if i["reference"] == reference] == [
        (task["id"], "nobody_may_take")
    ]
    assert "nobody_may_take" in [w["on"]["who"] for w in waits if w["task"] == task["id"]]
    assert "nobody_left" in [e["type"] for e in await client.events(reference)]


async def test_declaring_an_interest_recuses_and_decides_nothing(client):
    reference, task = await in_compliance(client)
    person = client.person("Norms reviewer 2")
    body = await client.decision(task, by=person)
    body["answers"]["interest"] = {"declared": True, "detail": REASON["reason"]}

    answer = await person.post(f"/tasks/{task['id']}/decision", body)

    assert (answer.status_code, answer.json()["code"]) == (409, "interest_declared")
    assert (await person.get(f"/proposals/{reference}")).status_code == 404
    assert await holder(client, task) == "Norms reviewer 1"
    (recused,) = [e for e in await client.events(reference) if e["type"] == "person_recused"]
    assert (recused["data"]["declared"], recused["reason"]) == (True, REASON["reason"])
    assert (await client.open_tasks(reference, "compliance.norms"))[0]["id"] == task["id"]


async def test_of_thirty_who_recuse_and_claim_at_once_the_recused_person_holds_nothing(client):
    reference, task = await in_compliance(client)
    person = client.person("Norms reviewer 1")

    answers = await asyncio.gather(
        *(person.post(f"/tasks/{task['id']}/recuse", REASON) for _ in range(15)),
        *(person.post(f"/tasks/{task['id']}/claim") for _ in range(15)),
    )

    assert {a.status_code for a in answers[:15]} == {200, 404}
    assert {a.status_code for a in answers[15:]} <= {200, 404, 409}
    assert sum(a.status_code == 200 for a in answers[:15]) == 1
    assert await holder(client, task) == "Norms reviewer 2"
    kinds = [e["type"] for e in await client.events(reference)]
    assert kinds.count("person_recused") == 1
    assert kinds.count("substitute_drawn") == 1


async def test_of_two_candidates_who_recuse_themselves_at_once_neither_is_left(client):
    reference, task = await in_compliance(client)
    both = [client.person(f"Norms reviewer {n}") for n in (1, 2)]

    answers = await asyncio.gather(
        *(who.post(f"/tasks/{task['id']}/recuse", REASON) for who in both for _ in range(15))
    )

    assert {a.status_code for a in answers} == {200, 404}
    assert sum(a.status_code == 200 for a in answers) == 2
    assert await holder(client, task) is None
    kinds = [e["type"] for e in await client.events(reference)]
    assert (kinds.count("person_recused"), kinds.count("nobody_left")) == (2, 1)
    assert kinds.count("substitute_drawn") <= 1
    assert (await verify(client.installation.office, None)).differences == []


async def test_after_a_recusal_nobody_decides_whatever_was_sent_at_once(
    client,
):
    reference, task = await in_compliance(client)
    person = client.person("Norms reviewer 1")
    body = await client.decision(task, by=person)

    answers = await asyncio.gather(
        *(person.post(f"/tasks/{task['id']}/recuse", REASON) for _ in range(15)),
        *(person.post(f"/tasks/{task['id']}/decision", body) for _ in range(15)),
    )

    assert {a.status_code for a in answers} <= {200, 404, 409}
    assert (await client.auditor.read(f"/tasks/{task['id']}"))["state"] in ("open", "done")
    later = await person.post(f"/tasks/{task['id']}/decision", body)
    kinds = [e["type"] for e in await client.events(reference)]
    assert later.status_code == (404 if "person_recused" in kinds else 409)
    assert (await verify(client.installation.office, None)).differences == []


async def test_a_declared_interest_that_is_sent_again_gets_the_same_answer(client):
    reference, task = await in_compliance(client)
    person, key = client.person("Norms reviewer 2"), a_key()
    body = await client.decision(task, by=person)
    body["answers"]["interest"] = {"declared": True, "detail": REASON["reason"]}

    answers = [await person.post(f"/tasks/{task['id']}/decision", body, key=key) for _ in range(2)]

    assert [(a.status_code, a.json()["code"]) for a in answers] == [(409, "interest_declared")] * 2
    kinds = [e["type"] for e in await client.events(reference)]
    assert kinds.count("person_recused") == 1


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "One person takes one part in a proposal"), ("fr", "Une personne n\u2019intervient")],
)
async def test_who_is_barred_is_told_by_which_rule_and_which_earlier_act(client, language, words):
    reference, task = await in_compliance(client)
    await client.decide(task, by=client.person("Norms reviewer 1"))
    office = client.installation.office
    giver = client.person("Finance officer 1")
    given = await giver.post(
        "/me/delegations",
        {
            "receiver": "norms.reviewer.1@accord.example",
            "grants": [{"role": "finance_officer", "scope": "CTCBP"}],
            "starts_on": office.today().isoformat(),
            "ends_on": office.today().isoformat(),
            "reason": "A course.",
        },
    )
    assert given.status_code == 201, given.text
    recommend = await client.advance_to_task(reference, "funding.recommend")
    person = client.person("Norms reviewer 1")
    body = await client.decision(recommend, by=person)

    answer = await person.post(f"/tasks/{recommend['id']}/decision", body, language=language)

    problem = answer.json()
    assert (answer.status_code, problem["code"]) == (409, "separation_of_duties")
    assert (problem["rule"], problem["earlier"]["task"]) == ("one_duty", task["id"])
    assert problem["detail"].startswith(words)
    assert "Norms reviewer 1" in problem["detail"]
    assert problem["earlier"]["name"] in problem["detail"]


async def test_who_made_a_finding_does_not_hold_its_confirmation(client):
    """Holding it they would keep the one other reviewer from it, and could not decide it."""
    reference, _ = await in_compliance(client)
    finding = await client.advance_to_task(reference, "compliance.human_rights")
    maker, other = (client.person(f"Human rights reviewer {n}") for n in (1, 2))
    await client.decide(finding, by=maker)
    [confirm] = [
        each
        for each in await client.open_tasks(reference, "confirm")
        if each["confirms"] == finding["id"]
    ]

    for language in ("en", "fr"):
        refused = await maker.post(f"/tasks/{confirm['id']}/claim", language=language)
        problem = refused.json()
        assert (refused.status_code, problem["code"]) == (409, "separation_of_duties")
        assert (problem["rule"], problem["earlier"]["task"]) == ("own_decision", finding["id"])
        assert maker.name in problem["detail"]
    [shown] = (
        await maker.post("/bulk/preview", {"act": "claim", "tasks": [confirm["id"]]})
    ).json()["items"]

    assert shown["refused"]["code"] == "separation_of_duties"
    assert await holder(client, confirm) is None
    assert (await other.post(f"/tasks/{confirm['id']}/claim")).status_code == 200
