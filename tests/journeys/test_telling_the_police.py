"""A true match is told to the police: a dated record with its own clock, which no partner sees."""

from datetime import datetime, timedelta

import pytest

from commands import notifications, telling_police, verifying
from tests.journeys.client import Client, a_client, costing
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


async def test_legal_services_are_reminded_on_the_last_day_and_once_it_is_late(world):
    matched = await judged(world, "match")
    accord = world.installation
    office = accord.office
    assert await telling_police.remind(office) == 0

    async def told(title):
        listed = await notifications.listed(
            office, await accord.viewer(title), unread=None, limit=200, cursor=None
        )
        kinds = ("duty_ends_today", "duty_late")
        return [(i["kind"], i["reference"]) for i in listed["items"] if i["kind"] in kinds]

    [duty] = (await world.person("Legal 1").read(DUTIES))["items"]
    due_at = datetime.fromisoformat(duty["due_at"])
    for at, expected in (
        (due_at - timedelta(hours=2), 1),
        (due_at - timedelta(hours=1), 0),
        (due_at + timedelta(hours=1), 1),
        (due_at + timedelta(days=9), 0),
    ):
        await accord.pass_time(matched, at - office.now())
        assert await telling_police.remind(office) == expected
    for title in ("legal-1", "legal-2"):
        assert sorted(await told(title)) == [("duty_ends_today", None), ("duty_late", None)]
    for title in ("screening-reviewer-1", "administrator-1", "programme-officer-1"):
        assert await told(title) == []

    later = await Client.sign_in(world.http, accord)
    said = {
        "authority": "csis",
        "told_on": office.today().isoformat(),
        "file_number": "F-1",
        "what": "All.",
    }
    answer = await later.person("Legal 1").post(f"{DUTIES}/{duty['task']}/told", said)
    assert answer.status_code == 201, answer.text
    assert await told("legal-1") == []
    history = await later.signatory.read(f"/proposals/{matched}/history?limit=200")
    assert "police" not in str(history)
    assert "duty" not in str(history)


async def test_who_has_told_in_time_is_reminded_of_nothing(world):
    matched = await judged(world, "match")
    accord = world.installation
    legal = world.person("Legal 1")
    [duty] = (await legal.read(DUTIES))["items"]
    today = accord.office.today().isoformat()
    said = {"authority": "rcmp", "told_on": today, "file_number": "F-1", "what": "All."}
    await legal.post(f"{DUTIES}/{duty['task']}/told", said)

    await accord.pass_time(matched, timedelta(days=9))

    assert await telling_police.remind(accord.office) == 0
