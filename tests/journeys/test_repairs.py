"""Repairs as administrators, owners of stages and partners know them, on the engine and store."""

import asyncio
from collections import Counter
from datetime import timedelta

import pytest_asyncio

from commands import repairs_of_closed, verifying
from schemas.messages import NoticeKind
from store import messages
from store.tables import MessageRow
from tests.journeys.client import Client, a_client, costing

WHY = "The desk signed for the wrong revision of the plan."


@pytest_asyncio.fixture
async def reference(client):
    """A proposal at the desk."""
    made = await client.submitted(**costing(300_000))
    await client.advance_to_task(made, "desk.sign_off")
    await client.screened(made)
    return made


def admin(client):
    return client.person("Administrator 1")


async def proposed(client, reference, kind, **plan):
    answer = await admin(client).post(
        f"/proposals/{reference}/repairs", {"kind": kind, "reason": WHY, **plan}
    )
    assert answer.status_code == 201, answer.text
    assert answer.headers["location"].endswith(answer.json()["id"])
    return answer.json()


async def confirmed(client, reference, repair, outcome=None):
    [task] = [t for t in await client.open_tasks(reference, "confirm") if t["repair"]]
    assert task["id"] == repair["confirm"]
    return await client.decide(task, outcome)


async def repair_now(client, reference, repair):
    return await admin(client).read(f"/proposals/{reference}/repairs/{repair['id']}")


async def is_clean(client):
    office = client.installation.office
    report = await verifying.verify(office, office.gateway)
    assert report.differences == []


async def test_a_proposal_goes_back_once_a_second_person_agrees(client, reference):
    repair = await proposed(client, reference, "rewind", stage="compliance")
    asked = client.person("Programme officer 1")
    [waits] = [w for w in await client.waiting(reference, asked) if w["task"] == repair["confirm"]]
    assert waits["next"] == {"at": repair["due_at"], "what": "repair_ends", "to": None}
    assert waits["acts"][:2] == ["claim", "decide"]
    assert (await asked.read(f"/proposals/{reference}/repairs/{repair['id']}"))["reason"] == WHY
    assert (await client.view(reference))["stage"] == "desk"

    await confirmed(client, reference, repair)

    assert (await client.view(reference))["stage"] == "compliance"
    done = await repair_now(client, reference, repair)
    assert (done["state"], done["reason"], done["why"]) == ("done", WHY, None)
    assert done["proposed_by"]["name"] == "Administrator 1"
    assert done["ended_by"]["name"].startswith("Programme officer")
    history = {e["type"]: e for e in await client.events(reference) if e["type"].startswith("rep")}
    assert [history[t]["reason"] for t in ("repair_proposed", "repair_done")] == [WHY, WHY]
    assert history["repair_proposed"]["actor"]["name"] == "Administrator 1"
    assert history["repair_done"]["actor"]["name"] == done["ended_by"]["name"]
    told = (await admin(client).read("/notifications"))["items"]
    assert [n["kind"] for n in told if n["reference"] == reference] == ["repair_done"]
    theirs = await client.signatory.read(f"/proposals/{reference}/history")
    assert not [e for e in theirs["items"] if "repair" in e["type"]]
    await client.advance(reference, "active")
    await is_clean(client)


async def test_of_thirty_proposed_at_once_one_is_under_way_and_the_others_are_told_which(
    client, reference
):
    body = {"kind": "rewind", "stage": "compliance", "reason": WHY}
    path = f"/proposals/{reference}/repairs"
    persons = [client.person("Administrator 1"), client.person("Administrator 2")]

    answers = await asyncio.gather(*(persons[n % 2].post(path, body) for n in range(30)))

    assert Counter(answer.status_code for answer in answers) == {201: 1, 409: 29}
    [repair] = (await admin(client).read(path))["items"]
    refused = [answer.json() for answer in answers if answer.status_code == 409]
    assert {(r["code"], r["repair"], r["task"]) for r in refused} == {
        ("repair_under_way", repair["id"], repair["confirm"])
    }


async def test_of_thirty_who_confirm_at_once_one_does(client, reference):
    repair = await proposed(client, reference, "rewind", stage="compliance")
    officers = [client.person("Programme officer 1"), client.person("Programme officer 2")]
    body = await client.decision({"id": repair["confirm"]}, by=officers[0])

    answers = await asyncio.gather(
        *(officers[n % 2].post(f"/tasks/{repair['confirm']}/decision", body) for n in range(30))
    )

    assert Counter(answer.status_code for answer in answers) == {200: 1, 409: 29}
    types = Counter(event["type"] for event in await client.events(reference))
    assert types["repair_done"] == 1
    await is_clean(client)


async def test_who_confirms_too_late_is_told_what_has_moved_on(client, reference):
    repair = await proposed(client, reference, "rewind", stage="compliance")
    officer = client.person("Programme officer 1")
    body = await client.decision({"id": repair["confirm"]}, by=officer)
    await client.decide((await client.open_tasks(reference, "desk.sign_off"))[0])

    answer = await officer.post(f"/tasks/{repair['confirm']}/decision", body)

    assert (answer.status_code, answer.json()["code"]) == (409, "repair_stale")
    assert answer.json()["changed"] == ["answers"]
    ended = await repair_now(client, reference, repair)
    assert (ended["why"], ended["changed"]) == ("stale", ["answers"])


async def test_a_task_changes_hands_with_the_agreement_and_not_before(client, reference):
    [task] = await client.open_tasks(reference, "desk.sign_off")
    one, two = client.person("Head of desk 1"), client.person("Head of desk 2")
    await one.post(f"/tasks/{task['id']}/claim")
    repair = await proposed(
        client, reference, "reassign", task=task["id"], person="demo-head-of-desk-2"
    )
    assert (await one.read(f"/tasks/{task['id']}"))["holder"]["name"] == one.name

    await confirmed(client, reference, repair)

    assert (await one.read(f"/tasks/{task['id']}"))["holder"]["name"] == two.name
    await is_clean(client)


async def test_a_task_is_not_given_to_who_has_stepped_aside_meanwhile(client, reference):
    [task] = await client.open_tasks(reference, "desk.sign_off")
    one, two = client.person("Head of desk 1"), client.person("Head of desk 2")
    repair = await proposed(
        client, reference, "reassign", task=task["id"], person="demo-head-of-desk-2"
    )
    aside = await two.post(f"/tasks/{task['id']}/recuse", {"reason": "A friend."})
    assert aside.status_code == 200

    await confirmed(client, reference, repair)

    assert (await one.read(f"/tasks/{task['id']}"))["holder"]["name"] == one.name
    await is_clean(client)


async def test_a_task_is_given_to_nobody_who_may_not_take_it(client, reference):
    [task] = await client.open_tasks(reference, "desk.sign_off")

    answer = await admin(client).post(
        f"/proposals/{reference}/repairs",
        {"kind": "reassign", "task": task["id"], "person": "demo-legal-1", "reason": WHY},
    )

    assert (answer.status_code, answer.json()["code"]) == (409, "receiver_not_a_candidate")


async def test_what_is_stuck_is_recorded_again_and_delivered_at_once(client, reference):
    office = client.installation.office
    before = await client.events(reference)
    async with office.database.writing(reference) as session:
        await messages.leave(
            session,
            message_id=f"rescreen-{reference}",
            reference=reference,
            kind=NoticeKind.RESCREEN,
            payload={},
            now=office.now(),
            held_for=timedelta(hours=5),
        )
    repair = await proposed(client, reference, "unstick")

    await confirmed(client, reference, repair)
    await client.installation.settle()

    async with office.database.reading() as session:
        row = await session.get_one(MessageRow, f"rescreen-{reference}")
    assert row.delivered_at is not None
    events = await client.events(reference)
    assert events[: len(before)] == before
    await client.screened(reference)
    await is_clean(client)
    assert (await client.advance(reference, "active"))["outcome"] == "approved"


async def test_a_duplicate_is_closed_as_withdrawn_by_the_department(client, reference):
    twin = await client.submitted(**costing(300_000))
    repair = await proposed(client, reference, "cancel_duplicate", duplicate_of=twin)

    await confirmed(client, reference, repair)

    view = await client.view(reference, client.signatory)
    assert (view["stage"], view["outcome"], view["partner_status"]) == (
        "closed",
        "withdrawn",
        "withdrawn",
    )
    theirs = (await client.signatory.read(f"/proposals/{reference}/history"))["items"]
    [withdrawn] = [e for e in theirs if e["type"] == "proposal_withdrawn"]
    assert withdrawn["actor"] == {"name": "The department", "role": None}
    assert (await client.view(twin))["stage"] != "closed"
    await is_clean(client)


async def test_only_another_live_proposal_of_the_organization_is_a_duplicate(client, reference):
    others = await client.submitted(client.person("Signatory 2"), **costing(300_000))
    for duplicate_of in (reference, others, "CTCBP-2026-999999"):
        answer = await admin(client).post(
            f"/proposals/{reference}/repairs",
            {"kind": "cancel_duplicate", "duplicate_of": duplicate_of, "reason": WHY},
        )
        assert answer.status_code == 422
        assert answer.json()["errors"][0]["code"] == "not_a_duplicate"


async def test_each_kind_names_what_it_needs_and_nothing_else(client, reference):
    for body, pointer in (
        ({"kind": "rewind"}, "/stage"),
        ({"kind": "unstick", "stage": "desk"}, "/stage"),
        ({"kind": "reassign", "task": "none"}, "/person"),
        ({"kind": "resend"}, "/letter"),
        ({"kind": "resend", "letter": "none"}, "/letter"),
    ):
        answer = await admin(client).post(
            f"/proposals/{reference}/repairs", {**body, "reason": WHY}
        )
        assert answer.status_code == 422, body
        assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]


async def ended_one(client):
    reference = await client.submitted(**costing(300_000))
    await client.advance(reference, "active")
    [letter] = [e for e in await client.events(reference) if e["type"] == "letter_written"]
    return reference, letter["data"]["letter"]


async def letters_told(client, reference):
    told = (await client.signatory.read("/notifications", params={"limit": "200"}))["items"]
    return [n["kind"] for n in told if n["reference"] == reference].count("letter")


async def test_a_letter_is_sent_again_after_the_end(client):
    reference, letter = await ended_one(client)
    assert await letters_told(client, reference) == 1
    path = f"/proposals/{reference}/repairs"
    body = {"kind": "resend", "letter": letter, "reason": WHY}

    answers = await asyncio.gather(*(admin(client).post(path, body) for _ in range(30)))

    assert Counter(answer.status_code for answer in answers) == {201: 1, 409: 29}
    [repair] = (await admin(client).read(path))["items"]
    officers = [client.person("Programme officer 1"), client.person("Programme officer 2")]
    decision = await client.decision({"id": repair["confirm"]}, by=officers[0])
    agreed = await asyncio.gather(
        *(officers[n % 2].post(f"/tasks/{repair['confirm']}/decision", decision) for n in range(30))
    )
    assert Counter(answer.status_code for answer in agreed) == {200: 1, 409: 29}
    assert await letters_told(client, reference) == 2
    theirs = (await client.signatory.read(f"/proposals/{reference}/history"))["items"]
    assert [e["data"] for e in theirs if e["type"] == "letter_sent_again"] == [{"letter": letter}]
    await is_clean(client)


async def test_after_the_end_nothing_else_is_repaired(client):
    reference, _ = await ended_one(client)
    closed = await client.submitted(**costing(300_000))
    await client.signatory.post(f"/proposals/{closed}/withdraw", {"reason": "No longer."})
    body = {"kind": "rewind", "stage": "compliance", "reason": WHY}

    for which, code in ((reference, "repair_after_decision"), (closed, "proposal_closed")):
        answer = await admin(client).post(f"/proposals/{which}/repairs", body)
        assert (answer.status_code, answer.json()["code"]) == (409, code)
        assert answer.json()["detail"]


@pytest_asyncio.fixture
async def alone(engine, tmp_path):
    """An installation whose time may pass: whoever was signed in is so no more."""
    async with a_client(engine, tmp_path) as client:
        yield client


async def after_days(client, days):
    client.installation.ahead += timedelta(days=days)
    return await Client.sign_in(client.http, client.installation)


async def test_silence_ends_a_repair_and_changes_nothing(alone):
    reference = await alone.submitted(**costing(300_000))
    await alone.advance_to_task(reference, "desk.sign_off")
    repair = await proposed(alone, reference, "rewind", stage="compliance")

    await alone.installation.pass_time(reference, timedelta(days=40))
    later = await after_days(alone, 0)
    while (await repair_now(later, reference, repair))["state"] == "proposed":
        await later.installation.settle()

    ended = await repair_now(later, reference, repair)
    assert (ended["state"], ended["why"], ended["ended_by"]) == ("ended", "silent", None)
    assert (await later.view(reference))["stage"] == "desk"


async def test_after_the_end_silence_and_disagreement_end_a_repair_too(alone):
    reference, letter = await ended_one(alone)
    first = await proposed(alone, reference, "resend", letter=letter)
    await confirmed(alone, reference, first, "disagree")
    assert (await repair_now(alone, reference, first))["why"] == "disagreed"
    second = await proposed(alone, reference, "resend", letter=letter)
    assert await repairs_of_closed.end_silent(alone.installation.office) == 0

    later = await after_days(alone, 40)

    assert await repairs_of_closed.end_silent(later.installation.office) == 1
    assert (await repair_now(later, reference, second))["why"] == "silent"
    assert await letters_told(later, reference) == 1
    await is_clean(later)
