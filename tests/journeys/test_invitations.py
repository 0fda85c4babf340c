"""One-time links: who makes them, for whom, and what they do."""

import pytest

NEW = "a.person@partner.example"


async def invite(person, **asked):
    return await person.post("/people/invitations", asked)


async def set_password(client, link, password, key="0" * 8):
    return await client.http.post(
        "/people/passwords",
        json={"link": link, "password": password},
        headers={"Idempotency-Key": key},
    )


async def sign_in(client, email, password):
    return await client.http.post("/token", data={"username": email, "password": password})


async def test_a_signatory_invites_somebody_and_ends_their_access(client):
    invited = await invite(client.signatory, email=NEW, name="A. Person", role="contributor")
    assert invited.status_code == 201, invited.text
    link = invited.json()["link"]
    assert (await sign_in(client, NEW, "a long password")).status_code == 401

    done = await set_password(client, link, "a long password")

    assert (done.status_code, done.json()) == (200, {"email": NEW})
    signed_in = await sign_in(client, NEW, "a long password")
    bearer = {"Authorization": f"Bearer {signed_in.json()['access_token']}"}
    me = (await client.http.get("/me", headers=bearer)).json()
    assert me["organization"] == "demo-international-organization"
    assert me["grants"] == [{"role": "contributor", "scope": "demo-international-organization"}]
    people = (await client.signatory.read("/people", params={"limit": "200"}))["items"]
    assert {p["organization"] for p in people} == {"demo-international-organization"}
    [grant] = next(p["grants"] for p in people if p["email"] == NEW)
    ended = await client.signatory.post(f"/grants/{grant['id']}/end", {"ends_on": "2020-01-01"})
    assert ended.status_code == 200, ended.text
    assert (await client.http.get("/me", headers=bearer)).status_code == 401


async def test_a_link_works_once_and_a_newer_one_ends_it(client):
    email = "twice@partner.example"
    first = (await invite(client.signatory, email=email, name="B", role="signatory")).json()
    second = (await invite(client.signatory, email=email)).json()

    assert first["person"] == second["person"]
    gone = await set_password(client, first["link"], "a long password")
    assert (gone.status_code, gone.json()["code"]) == (404, "link_gone")
    assert (await set_password(client, second["link"], "a long password")).status_code == 200
    again = await set_password(client, second["link"], "another password", key="1")
    assert (again.status_code, again.json()["code"]) == (404, "link_gone")
    assert (await sign_in(client, email, "a long password")).status_code == 200


async def test_the_same_request_gets_the_same_link(client):
    asked = {"email": "same@partner.example", "name": "C", "role": "contributor"}

    answers = [
        await client.signatory.post("/people/invitations", asked, key="invite-c") for _ in "12"
    ]

    assert answers[0].content == answers[1].content


async def test_setting_a_password_ends_every_session(client):
    email = "sessions@partner.example"
    link = (await invite(client.signatory, email=email, name="D", role="contributor")).json()
    await set_password(client, link["link"], "the first password")
    token = (await sign_in(client, email, "the first password")).json()["access_token"]
    bearer = {"Authorization": f"Bearer {token}"}
    link = (await invite(client.person("Administrator 1"), email=email)).json()

    await set_password(client, link["link"], "the second password")

    assert (await client.http.get("/me", headers=bearer)).status_code == 401
    assert (await sign_in(client, email, "the first password")).status_code == 401
    assert (await sign_in(client, email, "the second password")).status_code == 200


@pytest.mark.parametrize(
    ("who", "asked", "status", "code"),
    [
        ("Contributor 1", {"email": NEW}, 403, "administrators_and_signatories_only"),
        ("Programme officer 1", {"email": NEW}, 403, "administrators_and_signatories_only"),
        ("Auditor 1", {"email": NEW}, 403, "administrators_and_signatories_only"),
        ("Signatory 1",
         {"email": "x@partner.example", "name": "X", "role": "contributor", "organization": "oas"},
         403, "other_organization"),
        ("Signatory 1", {"email": "signatory.2@accord.example"}, 409, "address_in_use"),
        ("Signatory 1", {"email": "administrator.1@accord.example"}, 409, "address_in_use"),
        ("Administrator 1", {"email": "administrator.1@accord.example"}, 409, "not_to_oneself"),
        ("Administrator 1",
         {"email": "x@partner.example", "name": "X", "organization": "nil", "role": "signatory"},
         422, "malformed"),
        ("Signatory 1", {"email": "x@partner.example"}, 422, "malformed"),
        ("Signatory 1", {"email": "nonsense", "name": "X", "role": "signatory"}, 422, "malformed"),
        ("Signatory 1", {"email": "x@partner.example", "name": "X", "role": "legal"},
         422, "malformed"),
    ],
)  # fmt: skip
async def test_an_invitation_that_may_not_be_made(client, who, asked, status, code):
    before = await client.person("Administrator 1").read("/people", params={"limit": "200"})

    for language in ("en", "fr"):
        answer = await client.person(who).post("/people/invitations", asked, language=language)
        assert (answer.status_code, answer.json()["code"]) == (status, code)

    after = await client.person("Administrator 1").read("/people", params={"limit": "200"})
    assert after == before


async def test_an_administrator_invites_staff_without_a_role(client):
    made = await invite(client.person("Administrator 1"), email="staff@dept.example", name="E")

    assert made.status_code == 201
    assert (await set_password(client, made.json()["link"], "a long password")).status_code == 200
    # Nothing is granted yet, so there is nothing to sign in to.
    assert (await sign_in(client, "staff@dept.example", "a long password")).status_code == 401


async def test_a_short_password_is_refused_and_the_link_stays(client):
    link = (
        await invite(client.signatory, email="f@partner.example", name="F", role="contributor")
    ).json()["link"]

    short = await set_password(client, link, "short")
    assert (short.status_code, short.json()["errors"][0]["pointer"]) == (422, "/password")
    assert (await set_password(client, link, "long enough, really")).status_code == 200
