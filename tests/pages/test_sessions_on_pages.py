"""Sessions on pages: where one is signed in, signing out there, and an administrator's doing so."""

import pytest
from sqlmodel import select

from commands import sessions
from pages.browsers import named
from store.tables import EventRow

HERE = "/account/sessions"
WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:143.0) Gecko/20100101 Firefox/143.0"


async def signed_in(browsers, account, agent):
    browser = await browsers()
    browser.http.headers["user-agent"] = agent
    await browser.sign_in(account)
    return browser


async def ended(accord):
    async with accord.office.database.reading() as session:
        found = await session.exec(select(EventRow).where(EventRow.type == "sessions_ended"))
        return [(event.actor, event.data) for event in found]


async def test_one_sees_ones_sessions_and_signs_out_of_another(accord, browsers):
    here = await signed_in(browsers, "merit.reviewer.2", WINDOWS)
    there = await signed_in(browsers, "merit.reviewer.2", "curl/8.5.0")
    page = await here.open(HERE)
    assert "Firefox on Windows This one" in page.text
    assert "curl/8.5.0" in page.text
    reviewer = await accord.viewer("merit-reviewer-2")
    found = await sessions.mine(accord.office, reviewer, "none")
    [other] = [each["id"] for each in found if each["agent"] == "curl/8.5.0"]

    after = await here.fill(page, f"{HERE}/{other}/end", {})

    assert "You are signed out there." in after.text
    assert "curl/8.5.0" not in after.text
    assert (await there.open(HERE)).heading == "Sign in"
    assert ("demo-merit-reviewer-2", {"person": "demo-merit-reviewer-2", "count": 1}) in (
        await ended(accord)
    )


async def test_one_signs_out_everywhere_else(browsers):
    here = await signed_in(browsers, "gender.reviewer.2", WINDOWS)
    others = [await signed_in(browsers, "gender.reviewer.2", "curl/8.5.0") for _ in range(2)]

    after = await here.fill(await here.open(HERE), f"{HERE}/end-others", {})

    assert "curl" not in after.text
    assert [(await each.open(HERE)).heading for each in others] == ["Sign in"] * 2
    assert (await here.open(HERE)).heading == "Where you are signed in"


async def test_nobody_ends_the_session_of_another(accord, browsers):
    await signed_in(browsers, "norms.reviewer.2", WINDOWS)
    theirs = await sessions.mine(accord.office, await accord.viewer("norms-reviewer-2"), "none")
    browser = await browsers("norms.reviewer.1")

    refused = await browser.send(f"{HERE}/{theirs[0]['id']}/end", {"key": "k"})
    also = await browser.send("/people/demo-norms-reviewer-2/sessions/end", {"key": "k"})

    assert (refused.status, also.status) == (404, 403)


async def test_an_administrator_signs_somebody_out_who_may_sign_in_again(browsers):
    theirs = await signed_in(browsers, "certifier.2", WINDOWS)
    browser = await browsers("administrator.1")
    page = await browser.open("/people/demo-certifier-2")

    after = await browser.fill(page, "/people/demo-certifier-2/sessions/end", {})

    assert "This person is signed out everywhere" in after.text
    assert (await theirs.open(HERE)).heading == "Sign in"
    again = await signed_in(browsers, "certifier.2", WINDOWS)
    assert (await again.open(HERE)).heading == "Where you are signed in"


async def test_when_a_session_was_last_used_is_kept_to_the_hour(accord, browsers):
    browser = await signed_in(browsers, "territory.reviewer.1", WINDOWS)
    reviewer = await accord.viewer("territory-reviewer-1")

    async def used_at():
        await browser.open(HERE)
        return (await sessions.mine(accord.office, reviewer, "none"))[0]["used_at"]

    first = await used_at()
    assert await used_at() == first


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        pytest.param(WINDOWS, "Firefox sous Windows", id="firefox"),
        pytest.param(f"{WINDOWS} Chrome/140 Safari/537 Edg/140", "Edge sous Windows", id="edge"),
        pytest.param("accord-client/1.0 (batch)", "accord-client/1.0", id="no browser"),
        pytest.param(None, "Un navigateur qui ne dit rien de lui-même", id="silent"),
    ],
)
def test_a_browser_is_called_by_its_name(agent, name):
    assert named(agent, "fr") == name
