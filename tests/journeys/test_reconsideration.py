"""Reconsideration over HTTP: asked by the partner, decided by others, told by letter."""

import asyncio
import json

import pytest

from tests.journeys.client import costing

NEW_FACTS = {"reason": "Parliament has ratified the convention since."}


async def ineligible(client):
    reference = await client.submitted(**costing(300_000))
    [task] = await client.open_tasks(reference)
    await client.decide(task, "ineligible")
    return reference


async def asked(client):
    reference = await ineligible(client)
    answer = await client.signatory.post(f"/proposals/{reference}/reconsider", NEW_FACTS)
    assert answer.status_code == 200, answer.text
    return reference, answer.json()


async def test_the_partner_reads_until_when_it_may_ask(client):
    reference = await ineligible(client)

    mine = await client.view(reference, client.signatory)
    [item] = await client.waiting(reference, client.signatory)

    assert mine["reconsideration"]["state"] == "open"
    assert item["due_at"] == mine["reconsideration"]["until"]
    assert (item["on"]["who"], item["next"]["what"], item["acts"]) == (
        "you", "closes", ["reconsider"],
    )  # fmt: skip
    assert await client.waiting(reference) == []


async def test_others_read_the_new_facts_and_reopen_it_by_letter(client):
    reference, mine = await asked(client)
    assert (mine["reconsideration"]["state"], mine["outcome"]) == ("asked", "ineligible")
    [task] = await client.open_tasks(reference, "reconsider")
    director = client.person("Director 1")

    view = await client.view(reference, director)
    assert view["reconsideration"]["reason"] == NEW_FACTS["reason"]
    [item] = await client.waiting(reference, director)
    assert item["task"] == task["id"]
    assert "decide" in item["acts"]
    await client.decide(task, "reopen", by=director)

    mine = await client.view(reference, client.signatory)
    assert (mine["stage"], mine["outcome"], mine["partner_status"]) == ("review", None, "received")
    assert [letter["kind"] for letter in mine["letters"]] == ["ineligible", "reopened"]
    assert mine["clock"]["due_at"] is not None
    view = await client.advance(reference)
    assert (view["stage"], view["outcome"]) == ("active", "approved")


async def test_it_is_upheld_by_letter_and_not_asked_again(client):
    reference, _ = await asked(client)
    [task] = await client.open_tasks(reference, "reconsider")
    await client.decide(task, "uphold", by=client.person("Director 2"))

    mine = await client.view(reference, client.signatory)
    again = await client.signatory.post(f"/proposals/{reference}/reconsider", NEW_FACTS)
    history = (await client.signatory.read(f"/proposals/{reference}/history"))["items"]

    assert (mine["stage"], mine["outcome"]) == ("closed", "ineligible")
    assert mine["reconsideration"]["state"] == "upheld"
    assert [letter["kind"] for letter in mine["letters"]] == ["ineligible", "upheld"]
    assert mine["letters"][-1]["message"] == "For the partner."
    assert (again.status_code, again.json()["code"]) == (409, "already_reconsidered")
    assert "reconsideration_asked" in [event["type"] for event in history]
    assert "Director 2" not in json.dumps([mine, history])
    assert await client.waiting(reference, client.signatory) == []


async def test_of_thirty_who_ask_at_once_one_counts(client):
    reference = await ineligible(client)
    where = f"/proposals/{reference}/reconsider"

    answers = await asyncio.gather(
        *(client.signatory.post(where, {"reason": f"Fact {n}."}) for n in range(30))
    )

    assert sorted(answer.status_code for answer in answers) == [200, *[409] * 29]
    assert len(await client.open_tasks(reference, "reconsider")) == 1


@pytest.mark.parametrize(
    ("name", "status", "code"),
    [
        ("Contributor 1", 403, "signatory_only"),
        ("Programme officer 1", 403, "partner_only"),
        ("Signatory 2", 404, "not_found"),
    ],
)
async def test_a_signatory_of_the_partner_alone_asks(client, name, status, code):
    reference = await ineligible(client)

    answer = await client.person(name).post(f"/proposals/{reference}/reconsider", NEW_FACTS)

    assert (answer.status_code, answer.json()["code"]) == (status, code)
    empty = await client.signatory.post(f"/proposals/{reference}/reconsider", {"reason": " "})
    assert empty.status_code == 422


async def test_what_was_withdrawn_is_not_reconsidered(client):
    reference = await client.submitted(**costing(300_000))
    await client.signatory.post(f"/proposals/{reference}/withdraw", {"reason": "Over."})

    answer = await client.signatory.post(f"/proposals/{reference}/reconsider", NEW_FACTS)

    assert (answer.status_code, answer.json()["code"]) == (409, "not_reconsidered")
    assert (await client.view(reference))["reconsideration"] is None
