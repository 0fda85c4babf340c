"""What pauses a proposal, over HTTP: who holds and resumes it, and who reads what of it."""

import asyncio
from datetime import timedelta

import pytest

from commands import reading
from commands.office import utc_now
from schemas.requests import TaskFilter
from tests.journeys.client import costing

AUDIT = {"reason": "The auditors look at this partner first."}
GO_ON = {"reason": "They found nothing."}


@pytest.fixture
def officer(client):
    return client.person("Programme officer 1")


async def held(client, officer):
    """A proposal in compliance that an officer has put on hold."""
    reference = await client.submitted(**costing(300_000))
    await client.advance_to_task(reference, "compliance.norms")
    answer = await officer.post(f"/proposals/{reference}/hold", AUDIT)
    assert answer.status_code == 200, answer.text
    return reference


async def test_staff_read_who_paused_it_and_why(client, officer):
    reference = await held(client, officer)

    for name, acts in (("Programme officer 2", ["resume"]), ("Norms reviewer 2", [])):
        person = client.person(name)
        view = await client.view(reference, person)
        assert [(h["kind"], h["reason"]) for h in view["holds"]] == [("hold", AUDIT["reason"])]
        assert view["clock"]["paused"]
        [item] = await client.waiting(reference, person)
        assert item["on"] == {"kind": "role", "who": "programme_officer:CTCBP"}
        assert (item["acts"], item["due_at"], item["next"]) == (acts, None, None)
        [event] = [
            each
            for each in (await person.read(f"/proposals/{reference}/history"))["items"]
            if each["type"] == "hold_set"
        ]
        assert (event["actor"]["name"], event["reason"]) == (
            "Programme officer 1",
            AUDIT["reason"],
        )


async def test_nothing_is_decided_until_it_is_resumed(client, officer):
    reference = await held(client, officer)
    [norms] = await client.open_tasks(reference, "compliance.norms")
    reviewer = client.person("Norms reviewer 1")
    decision = await client.decision(norms, by=reviewer)
    before = await client.events(reference)

    refused = await reviewer.post(f"/tasks/{norms['id']}/decision", decision)

    assert (refused.status_code, refused.json()["code"]) == (409, "on_hold")
    assert await client.events(reference) == before
    resumed = await client.person("Programme officer 2").post(
        f"/proposals/{reference}/resume", GO_ON
    )
    assert (resumed.status_code, resumed.json()["holds"]) == (200, [])
    assert not resumed.json()["clock"]["paused"]
    view = await client.advance(reference)
    assert (view["stage"], view["outcome"]) == ("active", "approved")
    again = await officer.post(f"/proposals/{reference}/hold", AUDIT)
    assert (again.status_code, again.json()["code"]) == (409, "too_late_to_hold")


async def test_the_partner_reads_of_a_hold_only_that_the_clock_stands_still(client, officer):
    reference = await held(client, officer)

    mine = await client.view(reference, client.signatory)
    history = await client.signatory.read(f"/proposals/{reference}/history")
    [item] = await client.waiting(reference, client.signatory)

    assert "holds" not in mine
    assert mine["clock"]["paused"]
    assert (mine["stage"], mine["partner_status"]) == ("review", "in_review")
    assert not [e for e in history["items"] if "hold" in e["type"]]
    assert AUDIT["reason"] not in str([mine, history, item])
    assert item["on"] == {"kind": "department", "who": "the_department"}


async def test_what_is_paused_is_not_overdue(client, officer, monkeypatch):
    reference = await client.submitted(**costing(300_000))
    office, viewer = client.installation.office, await client.installation.viewer("auditor-1")
    late = TaskFilter(overdue=True, reference=reference)
    monkeypatch.setattr(office, "clock", lambda: utc_now() + timedelta(days=60))

    async def overdue():
        found = await reading.tasks(office, viewer, view="all", asked=late)
        return [task["kind"] for task in found["items"]]

    assert await overdue() == ["eligibility.confirm"]
    monkeypatch.undo()
    await officer.post(f"/proposals/{reference}/hold", AUDIT)
    monkeypatch.setattr(office, "clock", lambda: utc_now() + timedelta(days=60))
    assert await overdue() == []


async def test_of_thirty_who_hold_it_at_once_one_does(client):
    reference = await client.submitted(**costing(300_000))
    people = [client.person(f"Programme officer {1 + n % 2}") for n in range(30)]

    answers = await asyncio.gather(
        *(each.post(f"/proposals/{reference}/hold", AUDIT) for each in people)
    )

    assert sorted(answer.status_code for answer in answers) == [200, *[409] * 29]
    assert {a.json()["code"] for a in answers if a.status_code == 409} == {"already_on_hold"}
    assert len((await client.view(reference))["holds"]) == 1


async def test_the_same_request_again_holds_once(client, officer):
    reference = await client.submitted(**costing(300_000))

    first = await officer.post(f"/proposals/{reference}/hold", AUDIT, key=f"{reference}-hold")
    second = await officer.post(f"/proposals/{reference}/hold", AUDIT, key=f"{reference}-hold")

    assert (first.status_code, second.status_code) == (200, 200)
    assert first.json() == second.json()


@pytest.mark.parametrize("act", ["hold", "resume"])
async def test_a_reason_is_needed(client, officer, act):
    reference = await client.submitted(**costing(300_000))

    for body in ({}, {"reason": " "}):
        answer = await officer.post(f"/proposals/{reference}/{act}", body)
        assert answer.status_code == 422
        assert answer.json()["errors"][0]["pointer"] == "/reason"
