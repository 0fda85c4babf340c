"""One-time links: who makes them, for whom, and what they do."""

import re
from datetime import timedelta

import pytest
import pytest_asyncio
from sqlmodel import SQLModel, select

from commands import mailing
from store.tables import PasswordLinkRow
from tests.post_office import a_post_office, text_of

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


# ---- where e-mail is configured


@pytest_asyncio.fixture
async def post(client):
    """A mail server for as long as a test lasts."""
    office = client.installation.office
    async with a_post_office() as found:
        office.mail = found.mail()
        yield found
        office.mail = None


async def everything_kept(client):
    """Every value of every row of the store, in one text."""
    found = []
    async with client.installation.office.database.reading() as session:
        connection = await session.connection()
        for table in SQLModel.metadata.sorted_tables:
            found += [str(tuple(row)) for row in await connection.execute(table.select())]
    return "\n".join(found)


def link_in(message):
    return re.search(r"https://accord\.example/../password/(\S+)", text_of(message))[1]


async def test_the_link_travels_in_the_e_mail_and_stands_nowhere_else(client, post, capsys):
    asked = {"email": "mailed@partner.example", "name": "M", "role": "signatory", "language": "fr"}
    for _ in range(2):
        made = await client.signatory.post("/people/invitations", asked, key="k" * 9)
        assert (made.status_code, made.json()["link"]) == (201, None)
        assert made.json()["sent_to"] == "mailed@partner.example"
    await mailing.dispatch(client.installation.office)

    (message,) = [m for m in post.taken if m["To"] == "mailed@partner.example"]
    link = link_in(message)
    assert message["Subject"] == "Définissez votre mot de passe"
    assert all(link not in str(value) for value in message.values())
    assert link not in await everything_kept(client)
    assert link not in capsys.readouterr().out
    assert (await set_password(client, link, "a long password")).status_code == 200
    assert (await sign_in(client, "mailed@partner.example", "a long password")).status_code == 200


async def test_before_it_is_sent_the_link_is_kept_under_the_key_alone(client, post):
    await invite(client.signatory, email="kept@partner.example", name="K", role="signatory")
    kept = await everything_kept(client)
    await mailing.dispatch(client.installation.office)

    assert link_in(post.taken[-1]) not in kept
    async with client.installation.office.database.reading() as session:
        left = await session.exec(select(PasswordLinkRow).where(PasswordLinkRow.sealed != None))  # noqa: E711 - SQL
        assert left.first() is None


async def test_a_newer_link_takes_the_place_of_one_that_was_not_sent(client, post):
    email = "newer@partner.example"
    await invite(client.signatory, email=email, name="N", role="signatory")
    await invite(client.signatory, email=email)

    await mailing.dispatch(client.installation.office)

    (message,) = [m for m in post.taken if m["To"] == email]
    assert (await set_password(client, link_in(message), "a long password")).status_code == 200


async def test_a_link_that_has_aged_is_not_sent(client, post):
    email = "late@partner.example"
    await invite(client.signatory, email=email, name="L", role="signatory")
    installation = client.installation
    installation.ahead += timedelta(days=3, minutes=1)
    try:
        await mailing.dispatch(installation.office)
    finally:
        installation.ahead -= timedelta(days=3, minutes=1)

    assert not [m for m in post.taken if m["To"] == email]
