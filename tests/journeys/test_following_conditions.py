"""Conditions over HTTP: the partner gives evidence, the discipline judges, a gate opens."""

import asyncio
import hashlib
import json

import pytest

from commands.verifying import verify
from tests.journeys.client import costing

WORDS = {"words": "Every participant was trained; the list is attached."}
FILE = b"Names of those who were trained"


async def with_condition(client, gates="agreement", kept_by="partner", relies_on=()):
    """A proposal whose agreement both have before them, with one condition on human rights."""
    reference = await client.submitted(**costing(300_000))
    task = await client.advance_to_task(reference, "compliance.human_rights")
    person = client.person("Human rights reviewer 1")
    body = await client.decision(task, by=person)
    body["answers"]["conditions"][0] |= {"gates": gates, "kept_by": kept_by}
    body["answers"] |= {"relies_on": list(relies_on)} if relies_on else {}
    answer = await person.post(f"/tasks/{task['id']}/decision", body)
    assert answer.status_code == 200, answer.text
    await client.advance(reference, "agreement")
    for act in ("accept-conditions", "sign"):
        await client.signatory.post(f"/proposals/{reference}/{act}")
    return reference


async def conditions(client, reference, by=None):
    found = await (by or client.auditor).read(f"/proposals/{reference}/conditions")
    return found["items"]


async def attached(client, reference):
    answer = await client.signatory.post(
        f"/proposals/{reference}/documents",
        files={"file": ("list.txt", FILE)},
        data={"kind": "evidence", "language": "en", "marking": "unclassified"},
    )
    assert answer.status_code == 201, answer.text
    return answer.json()["id"]


async def give(client, reference, **more):
    [mine] = await conditions(client, reference, client.signatory)
    return await client.signatory.post(
        f"/proposals/{reference}/conditions/{mine['id']}/evidence", WORDS | more
    )


async def test_a_gate_opens_once_what_the_partner_gave_is_judged_to_do(client):
    reference = await with_condition(client)
    [signing] = await client.open_tasks(reference)
    signer = await client.taker(signing)
    body = await client.decision(signing, by=signer)
    refused = await signer.post(f"/tasks/{signing['id']}/decision", body)
    assert (refused.status_code, refused.json()["code"]) == (409, "condition_not_met")
    assert refused.json()["owed"][0]["judged_by"] == [{"role": "reviewer", "scope": "human_rights"}]
    [mine] = await client.waiting(reference, client.signatory)
    assert (mine["on"], mine["acts"]) == ({"kind": "partner", "who": "you"}, ["give-evidence"])

    document = await attached(client, reference)
    given = await give(client, reference, documents=[document])

    assert given.status_code == 200, given.text
    assert given.json()["state"] == "evidence_given"
    [judging] = await client.open_tasks(reference, "condition.judge")
    judge = client.person("Human rights reviewer 2")
    shown = (await judge.read(f"/tasks/{judging['id']}"))["form"]["properties"]["comments"]
    [said] = shown["x-judges"]["given"]
    assert (said["words"], said["documents"][0]["sha256"]) == (
        WORDS["words"], hashlib.sha256(FILE).hexdigest(),
    )  # fmt: skip
    listed = (await judge.read(f"/proposals/{reference}/documents"))["items"]
    assert document in {each["id"] for each in listed}

    await client.decide(judging, "met", by=judge, message_to_partner="The list will do.")
    await client.decide(signing, by=signer)

    view = await client.view(reference)
    assert (view["stage"], [c["state"] for c in view["conditions"]]) == ("active", ["met"])
    [mine] = await conditions(client, reference, client.signatory)
    assert (mine["state"], mine["message"], mine["judged_by"], mine["set_by"]) == (
        "met", "The list will do.", [], None,
    )  # fmt: skip
    report = await verify(client.installation.office, client.installation.office.gateway)
    assert not report.differences


async def test_the_partner_reads_ids_of_its_own_and_no_name(client):
    reference = await with_condition(client, kept_by="department")
    [known] = await conditions(client, reference)
    officer = client.person("Programme officer 1")
    answer = await officer.post(
        f"/proposals/{reference}/conditions/{known['id']}/evidence", {"words": "SECRET WORDS"}
    )
    assert answer.status_code == 200, answer.text

    told = [
        await conditions(client, reference, client.signatory),
        (await client.signatory.read(f"/proposals/{reference}/history"))["items"],
        await client.view(reference, client.signatory),
    ]

    text = json.dumps(told)
    assert known["id"] not in text
    assert "SECRET WORDS" not in text
    assert "Programme officer" not in text
    [event] = [e for e in told[1] if e["type"] == "condition_evidence_given"]
    assert event["data"]["condition"] == told[0][0]["id"]


async def test_a_document_is_the_partners_own_until_it_is_given(client):
    reference = await with_condition(client)
    document = await attached(client, reference)

    staff = client.person("Programme officer 1")
    listed = (await staff.read(f"/proposals/{reference}/documents"))["items"]

    assert document not in {each["id"] for each in listed}


async def test_evidence_names_only_documents_of_the_proposal(client):
    reference = await with_condition(client)

    refused = await give(client, reference, documents=["somebody-elses"])

    assert refused.status_code == 422
    assert [e["pointer"] for e in refused.json()["errors"]] == ["/documents/0"]


async def test_of_thirty_who_give_at_once_every_one_counts_and_one_judgement_is_asked_for(client):
    reference = await with_condition(client)

    answers = await asyncio.gather(*(give(client, reference) for _ in range(30)))

    assert {each.status_code for each in answers} == {200}
    assert len(await client.open_tasks(reference, "condition.judge")) == 1
    [known] = await conditions(client, reference)
    assert len(known["given"]) == 30


async def test_a_condition_is_waived_by_two(client):
    reference = await with_condition(client)
    [known] = await conditions(client, reference)
    asked = await client.person("Human rights reviewer 1").post(
        f"/proposals/{reference}/conditions/{known['id']}/judgement", {"reason": "Not needed."}
    )
    assert asked.json()["judgement"], asked.text
    [judging] = await client.open_tasks(reference, "condition.judge")

    await client.decide(judging, "waived", by=client.person("Human rights reviewer 1"))
    [known] = await conditions(client, reference)
    assert known["state"] == "open"
    [confirming] = await client.open_tasks(reference, "confirm")
    await client.decide(confirming, "agree", by=client.person("Human rights reviewer 2"))

    [known] = await conditions(client, reference)
    assert known["state"] == "waived"
    assert (await client.advance(reference))["stage"] == "active"


async def test_a_condition_on_payments_is_given_after_both_have_signed(client):
    reference = await with_condition(client, gates="first_payment")
    assert (await client.advance(reference))["stage"] == "active"

    given = await give(client, reference)
    assert given.status_code == 200, given.text
    [judging] = await client.open_tasks(reference)
    await client.decide(judging, "met")

    [known] = await conditions(client, reference)
    assert known["state"] == "met"
    again = await give(client, reference)
    assert (again.status_code, again.json()["code"]) == (409, "condition_is_over")
    report = await verify(client.installation.office, client.installation.office.gateway)
    assert not report.differences


@pytest.mark.parametrize("name", ["Norms reviewer 1", "Finance officer 1"])
async def test_others_ask_for_no_judgement(client, name):
    reference = await with_condition(client)
    [known] = await conditions(client, reference)

    refused = await client.person(name).post(
        f"/proposals/{reference}/conditions/{known['id']}/judgement", {"reason": "I say so."}
    )

    assert refused.status_code == 403
