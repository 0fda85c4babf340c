"""Acts on many tasks on pages: chosen in the inbox, looked at, ordered, stopped, gone on with."""

from urllib.parse import urlsplit

import pytest

from commands import bulk
from store import bulk as store
from store.tables import BulkJobRow
from tests.journeys.client import CONTENT, costing

SMALL = CONTENT | costing(300_000)


@pytest.fixture
async def two(accord):
    """The tasks of two proposals that an officer may take."""
    references = [await accord.submit(SMALL) for _ in range(2)]
    return [(await accord.task(each, "eligibility.confirm"))["id"] for each in references]


async def look(browser, act, tasks, **more):
    page = await browser.open("/tasks?view=group")
    return await browser.fill(page, "/tasks/together", {"act": act, "tasks": tasks, **more})


async def counted(accord, job):
    officer = await accord.viewer("programme-officer-1")
    found = await bulk.one(accord.office, officer, job)
    return {name: found[name] for name in ("state", "done", "failed", "left")}


async def test_chosen_tasks_are_looked_at_then_taken_together(accord, browsers, two):
    browser = await browsers("programme.officer.1")

    seen = await look(browser, "claim", two)
    ordered = await browser.fill(seen, "/tasks/together/order", {})

    assert "It can be done to 2 tasks." in seen.text
    assert ordered.heading == "Take"
    job = urlsplit(ordered.path).path.rsplit("/", 1)[-1]
    assert sum(v for v in (await counted(accord, job)).values() if isinstance(v, int)) == 2


async def test_all_on_the_page_are_chosen_by_one_button(browsers, two):
    browser = await browsers("programme.officer.1")

    seen = await look(browser, "claim", [], all="yes")

    assert f"{len(two)} tasks are chosen." in seen.text


async def test_what_is_refused_says_why_before_anything_is_ordered(browsers, two):
    browser = await browsers("programme.officer.1", "fr")

    seen = await look(browser, "release", two)

    assert "2 sont refusées." in seen.text
    assert not [f for f in seen.root.iter("form") if (f.get("action") or "").endswith("/order")]


async def test_nothing_chosen_is_told(browsers, two):
    browser = await browsers("programme.officer.1")

    seen = await look(browser, "claim", [])

    assert two
    assert seen.status == 422
    assert "Choose at least one task" in seen.text


async def test_tasks_are_given_to_a_person_who_is_asked_for(accord, browsers, two):
    browser = await browsers("programme.officer.1")
    receiver = await accord.viewer("programme-officer-2")

    asking = await look(browser, "reassign", two)
    nobody = await browser.fill(asking, "/tasks/together", {})
    seen = await browser.fill(nobody, "/tasks/together", {"person": receiver.id})

    assert asking.status == 200
    assert nobody.status == 422
    assert "#person" in nobody.links().values()
    assert "It can be done to 2 tasks." in seen.text
    ordered = await browser.fill(seen, "/tasks/together/order", {})
    assert ordered.heading == "Give to somebody"


async def test_only_what_the_terms_let_be_decided_together_is(browsers, two):
    browser = await browsers("programme.officer.1")
    asking = await look(browser, "decide", two)

    seen = await browser.fill(asking, "/tasks/together", {"outcome": "release"})

    assert "2 are refused." in seen.text


async def a_stopped_job(accord, act, tasks):
    officer = await accord.viewer("programme-officer-1")
    now = accord.office.now()
    async with accord.office.database.writing() as session:
        job = BulkJobRow(
            id="bulk-stopped", person=officer.id, act=act, receiver=None, decision={},
            state=store.STOPPED, created_at=now,
        )  # fmt: skip
        await store.order(session, job, tasks, now=now)


async def test_what_a_stopped_job_left_is_gone_on_with(accord, browsers, two):
    await a_stopped_job(accord, "claim", two)
    browser = await browsers("programme.officer.1")
    page = await browser.open("/operations/jobs/bulk-stopped")

    seen = await browser.fill(page, "/operations/jobs/bulk-stopped/go-on", {})

    assert "It can be done to 2 tasks." in seen.text


async def test_decisions_that_were_stopped_are_said_again_and_gone_on_with(accord, browsers, two):
    await a_stopped_job(accord, "decide", two)
    browser = await browsers("programme.officer.1")
    page = await browser.open("/operations/jobs/bulk-stopped")

    asking = await browser.fill(page, "/operations/jobs/bulk-stopped/go-on", {})
    seen = await browser.fill(asking, "/tasks/together", {"outcome": "release"})

    assert "is forgotten once it was stopped" in page.text
    assert "2 tasks are chosen." in asking.text
    assert "2 are refused." in seen.text  # the terms let nobody decide eligibility together
