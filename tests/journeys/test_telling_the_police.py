"""A true match is told to the police: a dated record with its own clock, which no partner sees."""

from datetime import timedelta

import pytest

from commands import verifying
from tests.journeys.client import a_client, costing
from tests.journeys.test_partner_view import HIT, LISTED, party

DUTIES = "/screening/police-duties"


@pytest.fixture
async def world(engine, tmp_path):
    async with a_client(engine, tmp_path) as client:
        await client.person("Administrator 1").post(
            "/lists/invented/snapshots", files={"file": ("invented.csv", LISTED, "text/csv")}
        )
        yield client


async def judged(client, judgement):
    """A proposal whose hit was judged so; returns its reference."""
    reference = await client.submitted(**costing(300_000) | party(HIT))
    await client.screened(reference)
    (task,) = await client.open_tasks(reference, "screening.adjudicate")
    by = client.person("Screening reviewer 1")
    body = await client.decision(task, judgement, by=by)
    for hit in body["answers"]["hits"].values():
        hit["judgement"] = judgement
    answer = await by.post(f"/tasks/{task['id']}/decision", body)
    assert answer.status_code == 200, answer.text
    return reference


async def test_a_match_is_to_be_told_and_a_doubt_is_not(world):
    legal = world.person("Legal 1")
    doubted = await judged(world, "unsure")
    before = (await legal.read(DUTIES))["items"]
    matched = await judged(world, "match")
    today = world.installation.office.today()

    [duty] = (await legal.read(DUTIES))["items"]

    assert doubted != matched
    assert before == []
    assert (duty["reference"], duty["told"], duty["late"]) == (matched, None, False)
    path = f"{DUTIES}/{duty['task']}/told"
    told = {"authority": "rcmp", "told_on": today.isoformat(), "file_number": "F-1", "what": "All."}
    tomorrow = told | {"told_on": (today + timedelta(days=1)).isoformat()}
    assert (await legal.post(path, tomorrow)).json()["errors"][0]["code"] == "told_in_the_future"
    answer = await legal.post(path, told)
    assert answer.status_code == 201, answer.text
    assert answer.json()["told"]["authority"] == "rcmp"
    again = await world.person("Legal 2").post(path, told)
    assert (again.status_code, again.json()["code"]) == (409, "police_already_told")
    for name in ("Signatory 1", "Programme officer 1", "Administrator 1"):
        assert (await world.person(name).get(DUTIES)).status_code == 403, name
    office = world.installation.office
    report = await verifying.verify(office, office.gateway)
    assert [d for d in report.differences if d["subject"] in ("installation", matched)] == []
    history = await world.signatory.read(f"/proposals/{matched}/history?limit=200")
    assert "police" not in str(history)
