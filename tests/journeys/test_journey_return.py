"""Sent back to the partner and submitted again, from every task that may ask for it."""

import pytest

from tests.journeys.client import CONTENT as EXAMPLE
from tests.journeys.client import costing

CONTENT = EXAMPLE | costing(300_000)
"""So little that many fit into a fund."""

# What is asked, by which task, and the task that opens anew in answer to it.
RETURNS = {
    "eligibility.confirm": ("summary", {"summary": "What is planned, in more words."}),
    "compliance.norms": ("results", {"expected_results": "What is expected, in more words."}),
    "compliance.human_rights": ("human_rights", {"human_rights_analysis": "In more words."}),
    "compliance.gender": ("gender", {"gender_analysis": "In more words."}),
    "compliance.merit": ("results", {"expected_results": "In more words."}),
    "compliance.export_control": (
        "equipment", {"equipment": [CONTENT["equipment"][0] | {"quantity": 11}]},
    ),
    "desk.sign_off": ("beneficiaries", {"beneficiaries": [
        CONTENT["beneficiaries"][0] | {"commander": "A. Commander"}
    ]}),
    "funding.recommend": ("summary", {"summary": "In more words."}),
    "funding.approve": ("summary", {"summary": "In more words."}),
}  # fmt: skip


async def returned(client, kind, section):
    """A proposal that the partner holds, because a task of *kind* asked for *section*."""
    reference = await client.submitted(**costing(300_000))
    task = await client.advance_to_task(reference, kind)
    await client.decide(task, "return", sections=[section])
    if kind != "eligibility.confirm":
        release = await client.advance_to_task(reference, "return.release")
        await client.decide(release, "release", sections=[section])
    return reference, task


@pytest.mark.parametrize("kind", RETURNS)
async def test_a_return_is_answered_and_the_task_that_asked_opens_anew(client, kind):
    section, change = RETURNS[kind]
    reference, asked = await returned(client, kind, section)
    mine = await client.view(reference, client.signatory)
    assert (mine["stage"], mine["partner_status"]) == ("returned", "more_information_needed")
    [request] = mine["requests"]
    assert (request["sections"], request["message"]) == ([section], "For the partner.")
    assert mine["clock"]["paused"] is True
    waits = await client.waiting(reference, client.signatory)
    assert [(item["on"]["kind"], item["acts"]) for item in waits] == [
        ("partner", ["edit", "submit", "withdraw"])
    ]

    saved = await client.signatory.put(
        f"/proposals/{reference}", CONTENT | change, version=mine["version"]
    )
    assert saved.status_code == 200, saved.text
    receipt = await client.submit(reference)

    assert receipt["revision"] == 2
    anew = [task for task in await client.open_tasks(reference) if task["kind"] == kind]
    if not anew:
        anew = [await client.advance_to_task(reference, kind)]
    assert [task["previous"] for task in anew] == [asked["id"]]
    assert (await client.view(reference))["clock"]["paused"] is False
    view = await client.advance(reference)
    assert (view["stage"], view["outcome"]) == ("active", "approved")


async def test_only_the_sections_that_were_named_may_change(client):
    reference, _ = await returned(client, "eligibility.confirm", "summary")
    before = await client.view(reference, client.signatory)

    answer = await client.signatory.put(
        f"/proposals/{reference}",
        CONTENT | {"summary": "New.", "end_date": "2029-02-28"},
        version=before["version"],
    )

    assert (answer.status_code, answer.json()["code"]) == (409, "section_not_open")
    assert answer.json()["sections"] == ["dates"]
    assert await client.view(reference, client.signatory) == before


async def test_what_the_partner_is_writing_is_its_own_until_it_is_submitted(client):
    reference, _ = await returned(client, "eligibility.confirm", "summary")
    before = await client.view(reference)

    version = (await client.view(reference, client.signatory))["version"]
    await client.signatory.put(
        f"/proposals/{reference}", CONTENT | {"title": "Rewritten"}, version=version
    )

    after = await client.view(reference)
    assert after["title"] == before["title"] == CONTENT["title"]
    listed = (await client.auditor.read("/proposals", params={"limit": "200"}))["items"]
    assert [p["title"] for p in listed if p["reference"] == reference] == [CONTENT["title"]]
    refused = await client.auditor.get(f"/proposals/{reference}/check")
    assert (refused.status_code, refused.json()["code"]) == (403, "partner_only")


async def test_every_revision_stays_as_it_was_submitted(client):
    reference, _ = await returned(client, "eligibility.confirm", "summary")
    version = (await client.view(reference, client.signatory))["version"]
    await client.signatory.put(
        f"/proposals/{reference}", CONTENT | {"summary": "Second."}, version=version
    )
    await client.submit(reference)

    for reader in (client.signatory, client.auditor):
        first = await reader.read(f"/proposals/{reference}/revisions/1")
        second = await reader.read(f"/proposals/{reference}/revisions/2")
        assert first["content"]["summary"] == CONTENT["summary"]
        assert second["content"]["summary"] == "Second."
        assert (await reader.get(f"/proposals/{reference}/revisions/3")).status_code == 404
    assert (await client.view(reference, client.auditor))["summary"] == "Second."


async def test_while_returned_nothing_is_decided(client):
    reference = await client.submitted(**costing(300_000))
    await client.advance(reference, "compliance")
    [norms] = await client.open_tasks(reference, "compliance.norms")
    decision = await client.decision(norms, by=client.person("Norms reviewer 1"))
    for task in await client.open_tasks(reference):
        if task["kind"] != "compliance.norms":
            outcome = "return" if task["kind"] == "compliance.merit" else None
            await client.decide(task, outcome)
    while confirm := await client.open_tasks(reference, "confirm"):
        await client.decide(confirm[0])
    late = await client.person("Norms reviewer 1").post(f"/tasks/{norms['id']}/decision", decision)
    assert late.status_code == 200, late.text
    while confirm := await client.open_tasks(reference, "confirm"):
        await client.decide(confirm[0])
    await client.decide((await client.open_tasks(reference, "return.release"))[0], "release")

    view = await client.view(reference)
    assert view["stage"] == "returned"
    assert [(h["kind"], h["reason"]) for h in view["holds"]] == [("return", "returned")]


async def test_a_return_that_is_given_back_opens_the_asking_task_again(client):
    reference = await client.submitted(**costing(300_000))
    asking = await client.advance_to_task(reference, "compliance.merit")
    await client.decide(asking, "return", sections=["results"])
    release = await client.advance_to_task(reference, "return.release")

    await client.decide(release, "give_back")

    [again] = await client.open_tasks(reference, "compliance.merit")
    assert again["previous"] == asking["id"]
    view = await client.advance(reference)
    assert view["outcome"] == "approved"


@pytest.mark.parametrize(
    ("kind", "outcome", "end"),
    [
        ("compliance.merit", "recommend_refusal", "approved"),
        ("desk.sign_off", "object", "approved"),
        ("confirm", "disagree", "approved"),
        ("compliance.merit", "recommend_refusal", "declined"),
    ],
)
async def test_an_objection_is_arbitrated(client, kind, outcome, end):
    reference = await client.submitted(**costing(300_000))
    task = await client.advance_to_task(reference, kind)
    await client.decide(task, outcome)

    [arbitration] = await client.open_tasks(reference, "arbitrate")
    assert arbitration["arbitrates"] in (task["id"], task["confirms"])
    await client.decide(arbitration, "proceed" if end == "approved" else "refuse")
    view = await client.advance(reference)

    assert view["outcome"] == end


async def test_a_bar_goes_to_legal(client):
    reference = await client.submitted(**costing(300_000))
    task = await client.advance_to_task(reference, "compliance.human_rights")
    await client.decide(task, "barred")

    [disposition] = await client.open_tasks(reference, "legal.disposition")
    assert {o["code"] for o in disposition["outcomes"]} == {"authorized", "change", "refuse"}
    await client.decide(disposition)
    view = await client.advance(reference)

    assert view["outcome"] == "approved"


@pytest.mark.parametrize(
    ("kind", "outcome", "end"),
    [
        ("eligibility.confirm", "ineligible", "ineligible"),
        ("funding.approve", "decline", "declined"),
    ],
)
async def test_a_refusal_closes_and_the_partner_reads_why(client, kind, outcome, end):
    reference = await client.submitted(**costing(300_000))
    before = await client.funds()
    task = await client.advance_to_task(reference, kind)
    await client.decide(task, outcome)

    mine = await client.view(reference, client.signatory)
    assert (mine["stage"], mine["outcome"], mine["partner_status"]) == (
        "closed", end, "decision_made",
    )  # fmt: skip
    assert [letter["message"] for letter in mine["letters"]] == ["For the partner."]
    assert "For the file." not in str(mine)
    assert await client.open_tasks(reference) == []
    if kind == "eligibility.confirm":
        assert await client.funds() == before
