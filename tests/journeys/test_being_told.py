"""Notifications as a client of the API knows them."""

import pytest

from tests.journeys.client import costing


async def test_an_officer_reads_what_is_told_marks_it_and_chooses(client):
    officer = client.person("Programme officer 1")
    reference = await client.submitted(**costing(300_000))

    listed = (await officer.read("/notifications", params={"unread": "true"}))["items"]
    item = next(each for each in listed if each["reference"] == reference)
    assert (item["kind"], item["title"]) == ("task_opened", f"{reference}: a task for you")
    french = (await officer.read("/notifications", language="fr"))["items"]
    titles = {each["id"]: each["title"] for each in french}
    assert titles[item["id"]] == f"{reference}\u00a0: une tâche pour vous"
    before = await officer.read("/notifications/counts")

    read = await officer.post(f"/notifications/{item['id']}/read")
    assert (read.status_code, read.json()["read_at"] is None) == (200, False)
    after = await officer.read("/notifications/counts")
    assert after == {"unread": before["unread"] - 1, "all": before["all"]}
    assert (await officer.post("/notifications/read-all")).json() == {"read": after["unread"]}
    assert (await officer.read("/notifications/counts"))["unread"] == 0

    chosen = await officer.get("/me/notification-preferences")
    assert (chosen.json()["email"], chosen.headers["etag"]) == ("immediate", '"0"')
    put = await officer.put("/me/notification-preferences", {"email": "digest"}, version=0)
    assert (put.status_code, put.headers["etag"], put.json()["email"]) == (200, '"1"', "digest")
    stale = await officer.put("/me/notification-preferences", {"email": "none"}, version=0)
    assert stale.status_code == 412


async def test_a_partner_is_told_of_its_own_and_of_no_task(client):
    reference = await client.submitted(**costing(300_000))
    await client.advance(reference, "agreement")

    for name, kinds in (
        ("Signatory 1", ["agreement_to_sign", "letter"]),
        ("Contributor 1", ["letter"]),
        ("Signatory 2", []),
    ):
        listed = (await client.person(name).read("/notifications"))["items"]
        mine = [each for each in listed if each["reference"] == reference]
        assert sorted(each["kind"] for each in mine) == kinds
        assert not [each for each in listed if each["task"]]


async def test_an_administrator_reads_the_ledger_by_state(client):
    await client.submitted(**costing(300_000))
    admin = client.person("Administrator 1")

    page = await admin.read("/operations/mail", params={"state": "waiting", "limit": "2"})

    assert [each["state"] for each in page["items"]] == ["waiting", "waiting"]
    following = await admin.read(
        "/operations/mail", params={"state": "waiting", "limit": "2", "cursor": page["next"]}
    )
    assert not {e["id"] for e in page["items"]} & {e["id"] for e in following["items"]}
    answer = await admin.post(f"/operations/mail/{page['items'][0]['id']}/retry")
    assert (answer.status_code, answer.json()["code"]) == (409, "mail_not_unsent")


@pytest.mark.parametrize(
    ("path", "params"),
    [
        ("/notifications", {"cursor": "nonsense"}),
        ("/notifications", {"limit": "201"}),
        ("/notifications", {"unread": "perhaps"}),
        ("/operations/mail", {"state": "nonsense"}),
        ("/operations/mail", {"cursor": "nonsense"}),
    ],
)
async def test_what_cannot_be_asked(client, path, params):
    answer = await client.person("Administrator 1").get(path, params=params)

    assert answer.status_code == 422


async def test_a_role_is_told_to_the_administrators_and_then_to_the_person(client):
    first, second = client.person("Administrator 1"), client.person("Administrator 2")
    person = client.person("Certifier 2")
    asked = {"role": "certifier", "scope": "ACCBP", "starts_on": "2026-01-01",
             "ends_on": "2027-03-31", "reason": "Stands in."}  # fmt: skip
    granted = await first.post("/people/demo-certifier-2/grants", asked)
    assert granted.status_code == 201, granted.text

    async def kinds(reader):
        listed = (await reader.read("/notifications", params={"limit": "200"}))["items"]
        return [each["kind"] for each in listed if not each["reference"]]

    assert await kinds(first) == []
    assert await kinds(second) == ["grant_to_confirm"]
    assert await kinds(person) == []
    confirmed = await second.post(f"/grants/{granted.json()['id']}/confirm")
    assert confirmed.status_code == 200, confirmed.text
    assert await kinds(person) == ["granted"]
