"""Conditional reviews over the API: why each is asked for, and one opened by a sentence."""

import asyncio

import yaml

from policy.catalogue import Catalogue
from tests.journeys.client import CONTENT, a_key, costing
from tests.policy import newer_terms

REASON = "Sinaloa is named in the annex, where a listed group controls roads."
LEBANON = {
    "countries": [{"code": "LB", "share": 100}],
    "beneficiaries": [{**CONTENT["beneficiaries"][0], "country": "LB"}],
}


async def reviews(client, reference, by="Norms reviewer 1"):
    return (await client.person(by).read(f"/proposals/{reference}/reviews"))["items"]


async def test_each_review_appears_with_the_sentence_that_says_why(client):
    reference = await client.submitted(**costing(300_000))
    task = await client.advance_to_task(reference, "compliance.export_control")

    found = await reviews(client, reference)

    assert [(each["review"], each["because"], each["task"]) for each in found] == [
        ("export_control", "declared", task["id"])
    ]
    assert found[0]["sentence"] == "The proposal provides equipment or technology."
    read = await client.person("Export control reviewer 1").read(f"/tasks/{task['id']}")
    assert read["because"]["sentence"] == found[0]["sentence"]


async def test_lists_that_are_read_whole_are_paged_by_what_tells_their_items_apart(client):
    reference = await client.submitted(**costing(300_000))
    await client.advance_to_task(reference, "compliance.norms")
    officer = client.person("Finance officer 1")
    [fund, *_] = (await officer.read("/funds"))["items"]

    for path in (f"/proposals/{reference}/reviews", f"/funds/{fund['id']}/months", "/authorities"):
        whole = (await officer.read(path))["items"]
        found, cursor = [], ""
        while cursor is not None:
            page = await officer.read(f"{path}?limit=1{cursor}")
            found += page["items"]
            cursor = page["next"] and f"&cursor={page['next']}"
        assert found == whole, path
        refused = await officer.get(f"{path}?cursor=0")
        assert (refused.status_code, refused.json()["code"]) == (422, "malformed"), path


async def test_a_reviewer_opens_a_review_by_a_sentence_and_the_partner_reads_nothing_of_it(client):
    reference = await client.submitted(**costing(300_000))
    await client.advance_to_task(reference, "compliance.norms")
    before = (await client.signatory.read(f"/proposals/{reference}/history"))["items"]
    body = {"review": "territory", "reason": REASON}

    made = await client.person("Norms reviewer 1").post(f"/proposals/{reference}/reviews", body)

    assert made.status_code == 201, made.text
    assert (made.json()["because"], made.json()["sentence"]) == ("reviewer", REASON)
    assert made.json()["by"]["name"] == "Norms reviewer 1"
    [task] = await client.open_tasks(reference, "compliance.territory")
    read = await client.person("Territory reviewer 1").read(f"/tasks/{task['id']}")
    assert read["because"]["sentence"] == REASON
    assert (await client.signatory.read(f"/proposals/{reference}/history"))["items"] == before
    asked = await client.signatory.get(f"/proposals/{reference}/reviews")
    assert (asked.status_code, asked.json()["code"]) == (403, "staff_only")


async def test_of_thirty_who_open_the_same_review_at_once_one_does(client):
    reference = await client.submitted(**costing(300_000))
    await client.advance_to_task(reference, "compliance.norms")
    by, body = client.person("Norms reviewer 1"), {"review": "environment", "reason": "A road."}

    answers = await asyncio.gather(
        *(by.post(f"/proposals/{reference}/reviews", body) for _ in range(30))
    )

    told = sorted((each.status_code, each.json().get("code")) for each in answers if each.is_error)
    assert told == [(409, "review_open_already")] * 29
    assert len(await client.open_tasks(reference, "compliance.environment")) == 1


async def test_the_same_request_opens_a_review_once(client):
    reference = await client.submitted(**costing(300_000))
    await client.advance_to_task(reference, "compliance.norms")
    by, body = client.person("Norms reviewer 1"), {"review": "environment", "reason": "A road."}
    key = {"Idempotency-Key": a_key()}

    first = await by.post(f"/proposals/{reference}/reviews", body, headers=key)
    again = await by.post(f"/proposals/{reference}/reviews", body, headers=key)

    assert (first.status_code, again.status_code) == (201, 201)
    assert again.json() == first.json()


async def test_what_touches_an_embargo_is_answered_measure_by_measure(client):
    reference = await client.submitted(**costing(300_000), **LEBANON)
    task = await client.advance_to_task(reference, "compliance.country_measures")
    by = client.person("Country measures reviewer 1")
    read = await by.read(f"/tasks/{task['id']}")
    answers = read["form"]["examples"][0]
    unanswered = {**answers, "measures": {}}
    body = {"outcome": "no_objection", "answers": unanswered}

    refused = await by.post(f"/tasks/{task['id']}/decision", body)
    taken = await by.post(f"/tasks/{task['id']}/decision", body | {"answers": answers})

    assert read["because"]["sentence"] == "Measures in force touch it: Arms embargo, Lebanon."
    assert refused.status_code == 422
    assert [e["pointer"] for e in refused.json()["errors"]] == ["/answers/measures/lebanon_arms"]
    assert taken.status_code == 200, taken.text
    decided = [e for e in await client.events(reference) if e["type"] == "task_decided"]
    facts = decided[-1]["data"]["facts"]
    assert facts["measures"] == "country_measures/2026-04-01"
    assert facts["rests_on"] == {"lebanon_arms": "exception:not_related"}


async def test_a_risk_found_after_the_approval_brings_it_to_the_minister(client):
    reference = await client.submitted(**costing(300_000))
    await client.advance(reference, "agreement")
    for act in ("accept-conditions", "sign"):
        assert (await client.signatory.post(f"/proposals/{reference}/{act}")).status_code == 200
    body = {"review": "environment", "reason": "The annex shows a road through a reserve."}
    opened = await client.person("Norms reviewer 1").post(f"/proposals/{reference}/reviews", body)
    assert opened.status_code == 201, opened.text

    [task] = await client.open_tasks(reference, "compliance.environment")
    by = await client.taker(task)
    decision = await client.decision(task, by=by)
    for rating in decision["answers"]["ratings"]:
        rating["risks"][0] |= {
            "likelihood": "very_likely", "severity": "grave",
            "residual_likelihood": "very_likely", "residual_severity": "grave",
        }  # fmt: skip
    taken = await by.post(f"/tasks/{task['id']}/decision", decision)
    assert taken.status_code == 200, taken.text
    await client.decide((await client.open_tasks(reference, "confirm"))[0])

    [again] = await client.open_tasks(reference, "funding.record_decision")
    [sign] = await client.open_tasks(reference, "agreement.sign")
    signing = await client.taker(sign)
    body = await client.decision(sign, by=signing)
    early = await signing.post(f"/tasks/{sign['id']}/decision", body)
    await client.decide(again)
    await client.decide((await client.open_tasks(reference, "confirm"))[0])
    await client.decide(sign)

    assert (early.status_code, early.json()["code"]) == (409, "approval_asked_anew")
    assert early.json()["needed"] == "minister"
    assert (await client.view(reference))["stage"] == "active"
    types = [event["type"] for event in await client.events(reference)]
    assert types.index("approval_asked_anew") < types.index("approval_renewed")


async def test_works_rest_on_a_notice_that_holds_up_the_signature_for_thirty_days(client):
    reference = await client.submitted(**costing(300_000), physical_works=True)
    task = await client.advance_to_task(reference, "compliance.environment")
    by = client.person("Environment reviewer 1")
    decision = await client.decision(task, by=by)
    decision["answers"]["environment"] = {
        "basis": "notice", "reference": "Draft notice", "reason": "A border post is built.",
    }  # fmt: skip
    assert (await by.post(f"/tasks/{task['id']}/decision", decision)).status_code == 200
    path, body = f"/proposals/{reference}/notice", {"posted_on": "2020-01-01", "where": "Registry"}
    states = [(await by.read(path))["state"]]
    early = await by.post(path, body)
    await client.decide((await client.open_tasks(reference, "notice.clear"))[0])
    today = client.installation.office.today().isoformat()
    posted = await by.post(path, {**body, "posted_on": today})
    states += [posted.json()["state"]]
    [determine] = await client.open_tasks(reference, "notice.determine")
    answers = await client.decision(determine, by=by)
    too_soon = await by.post(f"/tasks/{determine['id']}/decision", answers)
    other = await client.person("Norms reviewer 1").post(path, body)
    waits = await by.read(f"/tasks/{determine['id']}/waiting")

    assert (early.status_code, early.json()["code"]) == (409, "no_notice_to_post")
    assert states == ["to_clear", "posted"]
    assert (posted.json()["where"], posted.json()["posted_on"]) == ("Registry", today)
    assert (too_soon.status_code, too_soon.json()["code"]) == (409, "notice_still_stands")
    assert (other.status_code, other.json()["code"]) == (403, "environment_reviewers_only")
    [item] = waits["items"]
    assert item["next"]["what"] == "notice_ends"
    assert "decide" not in item["acts"]


def an_embargo_of_jordan(folder):
    """The policy files, and beside them measures of the next day that touch Jordan too."""
    root = newer_terms.policy_with(folder, newer_terms.nothing)
    measures = root / "in_force" / "country_measures"
    data = yaml.safe_load((measures / "2026-04-01.yaml").read_text(encoding="utf-8"))
    lebanon = next(each for each in data["measures"] if each["code"] == "lebanon_arms")
    jordan = {**lebanon, "code": "jordan_arms", "countries": ["JO"]}
    newer = {"effective": newer_terms.EFFECTIVE, "measures": [*data["measures"], jordan]}
    newer_terms.write(measures / f"{newer_terms.EFFECTIVE}.yaml", newer)
    return Catalogue.load(root)


async def test_a_measure_that_takes_effect_later_keeps_anybody_from_approving(client, tmp_path):
    reference = await client.submitted(**costing(300_000))
    approval = await client.advance_to_task(reference, "funding.approve")
    office = client.installation.office
    before, office.catalogue = office.catalogue, an_embargo_of_jordan(tmp_path / "policy")
    try:
        by = await client.taker(approval)
        decision = await client.decision(approval, by=by)
        refused = await by.post(f"/tasks/{approval['id']}/decision", decision)
        body = {"review": "country_measures", "reason": "Jordan is under an embargo since today."}
        opened = await client.person("Norms reviewer 1").post(
            f"/proposals/{reference}/reviews", body
        )
        await client.decide(await client.advance_to_task(reference, "compliance.country_measures"))
        again = await client.advance_to_task(reference, "funding.approve")
        await client.decide(again)
    finally:
        office.catalogue = before

    assert (refused.status_code, refused.json()["code"]) == (409, "measure_not_reviewed")
    assert refused.json()["measures"] == ["jordan_arms"]
    assert opened.status_code == 201, opened.text
    assert again["id"] != approval["id"]
    assert (await client.view(reference))["outcome"] == "approved"
