"""Signing in: tokens, what ends them, and what guessing costs."""

from datetime import date, timedelta

import pytest
from screening_office import a_person, an_office, rows

from commands.signing_in import TooMany, me, sign_in, viewer_of
from schemas.errors import NotSignedIn
from schemas.people import Role
from store.database import Database
from store.tables import EventRow, TokenRow


@pytest.fixture
async def office(tmp_path):
    office = await an_office(tmp_path)
    await a_person(office, "ada", grants=[(Role.REVIEWER, "norms", date(2026, 9, 30))])
    yield office
    await office.database.close()


async def test_a_person_signs_in_and_is_known_by_their_token(office):
    token, expires_in = await sign_in(office, " ADA@accord.example ", "correct horse")

    viewer = await viewer_of(office, token)

    assert expires_in == 12 * 3600
    assert (await me(office, viewer))["grants"] == [{"role": "reviewer", "scope": "norms"}]
    assert token not in {row.digest for row in await rows(office, TokenRow)}


async def test_a_token_survives_a_restart_and_ends_after_twelve_hours(office):
    token, _ = await sign_in(office, "ada@accord.example", "correct horse")
    await office.database.close()
    office.database = Database(office.database.url.render_as_string())

    assert (await viewer_of(office, token)).id == "ada"

    office.today += timedelta(hours=12)
    with pytest.raises(NotSignedIn):
        await viewer_of(office, token)


async def test_a_token_dies_with_the_last_grant(office):
    office.today = office.today.replace(day=30, hour=20)
    token, _ = await sign_in(office, "ada@accord.example", "correct horse")

    office.today += timedelta(hours=10)

    with pytest.raises(NotSignedIn):
        await viewer_of(office, token)
    with pytest.raises(NotSignedIn, match="wrong_credentials"):
        await sign_in(office, "ada@accord.example", "correct horse")


@pytest.mark.parametrize(
    ("username", "password"),
    [("ada@accord.example", "wrong"), ("nobody@accord.example", "correct horse")],
    ids=["wrong password", "unknown account"],
)
async def test_a_failure_is_told_alike_and_kept_without_the_address(office, username, password):
    with pytest.raises(NotSignedIn, match="wrong_credentials"):
        await sign_in(office, username, password)

    [event] = await rows(office, EventRow)
    assert event.type == "sign_in_failed"
    assert "@" not in str(event.data) + event.actor


async def test_after_ten_failures_an_account_waits_and_then_may_again(office):
    for _ in range(10):
        with pytest.raises(NotSignedIn):
            await sign_in(office, "ada@accord.example", "wrong", "192.0.2.1")

    with pytest.raises(TooMany) as refusal:
        await sign_in(office, "ada@accord.example", "correct horse", "192.0.2.1")
    office.today += timedelta(seconds=refusal.value.facts["retry_after"])

    token, _ = await sign_in(office, "ada@accord.example", "correct horse", "192.0.2.1")
    assert token
