"""Pages that bring themselves up to date, as a browser with scripts asks for it."""

import asyncio

import pytest

from commands import signing_in, watching
from pages.routers.live import marks_of
from tests.journeys.client import CONTENT, costing

SMALL = CONTENT | costing(300_000)


@pytest.fixture(autouse=True)
def _looks_at_once(monkeypatch):
    monkeypatch.setattr(watching, "LOOK_SECONDS", 0.01)


async def screened(accord):
    reference = await accord.submit(SMALL)
    while (await accord.view(reference))["screening"]["state"] != "done":
        await accord.settle()
    return reference


async def listening(accord, watchers):
    """Once so many listen, and the first look has learnt what is there."""
    house = watching.watch_of(accord.office)
    while len(house._watchers) < watchers:  # noqa: ASYNC110 - it counts, and tells nobody
        await asyncio.sleep(0.01)
    looked = house.looks
    while house.looks < looked + 2:  # noqa: ASYNC110 - it counts, and tells nobody
        await asyncio.sleep(0.01)


@pytest.mark.parametrize("part", ["", "/progress"])
async def test_a_page_says_what_it_shows_and_hears_what_changes(accord, browsers, part):
    reference = await screened(accord)
    browser = await browsers("auditor.1")
    page = await browser.open(f"/proposals/{reference}{part}")
    live = [each for each in page.root.iter() if each.get("data-live")]
    known = {each.get("data-live-known") for each in live}
    assert len(known) == 1
    assert all(each.get("id") for each in live)

    heard = asyncio.ensure_future(
        browser.http.get("/en/live", params={"on": f"proposal:{reference}", "known": known.pop()})
    )
    await listening(accord, 1)
    await accord.decide(reference, "eligibility.confirm", "eligible")
    await listening(accord, 1)
    await signing_in.sign_out(accord.office, browser.http.cookies["accord_session"])
    answer = await heard

    assert answer.headers["content-type"].startswith("text/event-stream")
    events = [each for each in answer.text.split("\n\n") if each.startswith("event:")]
    assert events[0].startswith("event: here")  # what the page shows is what is read
    assert events[1].startswith("event: changed")
    assert f"data: proposal:{reference}" in events[1]
    assert all("compliance" not in each for each in events)


async def test_an_inbox_and_the_menu_are_live(accord, browsers):
    await accord.submit(SMALL)
    browser = await browsers("programme.officer.1")

    page = await browser.open("/tasks")

    by_id = {each.get("id"): each for each in page.root.iter() if each.get("id")}
    assert by_id["inbox-views"].get("data-live") == "inbox"
    assert by_id["menu-notifications"].get("data-live-also") == ""
    assert page.root.find("body").get("data-live-at") == "/en/live"


async def test_nothing_is_said_of_what_one_may_not_read(accord, browsers):
    reference = await accord.submit(SMALL)
    other = await browsers("signatory.2")

    unknown = await other.open("/live?on=installation")
    heard = asyncio.ensure_future(
        other.http.get("/en/live", params={"on": f"proposal:{reference}"})
    )
    await listening(accord, 1)
    await signing_in.sign_out(accord.office, other.http.cookies["accord_session"])

    assert unknown.status == 404
    assert f"proposal:{reference}=gone" in (await heard).text


async def test_who_is_not_signed_in_is_asked_to(browsers):
    browser = await browsers()

    assert (await browser.open("/live?on=inbox")).heading == "Sign in"


def test_an_id_that_is_none_of_ours_is_no_mark():
    assert marks_of("inbox=ab proposal:X-1=cd =x nothing") == {"inbox": "ab", "proposal:X-1": "cd"}
