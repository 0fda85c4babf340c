"""Second looks on pages: a partner has a decision reconsidered, who decided takes it back."""

import pytest

from tests.journeys.client import CONTENT, costing
from tests.pages.test_reviewers import account_of, decide
from tests.policy import newer_terms

SMALL = CONTENT | costing(300_000)
MESSAGE = {"message_to_partner": "It does not fit."}


async def ineligible(accord, browsers):
    """A proposal that an officer has decided on a page, and the page of that decision."""
    reference = await accord.submit(SMALL)
    officer = await accord.viewer("programme-officer-1")
    browser = await browsers(account_of(officer))
    task = await accord.task(reference, "eligibility.confirm")
    await decide(accord, browser, task, officer, "ineligible", **MESSAGE)
    return reference, task, browser


@pytest.fixture
def an_hour(accord, tmp_path):
    """Terms under which letters are told an hour after they were written."""
    (tmp_path / "terms").mkdir()
    accord.office.catalogue = newer_terms.catalogue_with(tmp_path / "terms", newer_terms.an_hour)


async def test_a_partner_asks_and_others_decide_on_the_page_of_the_task(accord, browsers):
    reference, _, _ = await ineligible(accord, browsers)
    here = f"/proposals/{reference}"
    partner = await browsers("signatory.1")
    page = await partner.open(here)
    asking = await partner.open(page.links()["Ask for the decision to be reconsidered"])

    unsaid = await partner.fill(asking, f"{here}/reconsider", {})
    asked = await partner.fill(unsaid, f"{here}/reconsider", {"reason": "A convention is new."})

    assert unsaid.status == 422
    assert "It is being looked at." in asked.text
    task = await accord.task(reference, "reconsider")
    director = await accord.viewer("director-1")
    browser = await browsers(account_of(director))
    assert "A convention is new." in (await browser.open(here)).text
    assert "A convention is new." in (await browser.open(f"/tasks/{task['id']}")).text
    done = await decide(accord, browser, task, director, "reopen")
    assert "Your decision is recorded." in done.text
    assert (await accord.view(reference))["stage"] == "eligibility"


@pytest.mark.usefixtures("an_hour")
async def test_who_decided_takes_it_back_while_the_letter_is_not_told(accord, browsers):
    reference, task, browser = await ineligible(accord, browsers)
    page = await browser.open(f"/tasks/{task['id']}")
    assert "The letter is not told yet" in page.text
    assert "The letter is not told yet" in (await browser.open(f"/proposals/{reference}")).text
    here = f"/tasks/{task['id']}/undo"

    asking = await browser.open(page.links()["Take the decision back"])
    unsaid = await browser.fill(asking, here, {})
    back = await browser.fill(unsaid, here, {"reason": "The wrong file."})

    assert "The letter goes out" in asking.text
    assert unsaid.status == 422
    assert back.heading == SMALL["title"]
    view = await accord.view(reference)
    assert (view["stage"], view["outcome"]) == ("eligibility", None)


@pytest.mark.usefixtures("an_hour")
async def test_others_and_the_partner_read_nothing_that_they_may_not(accord, browsers):
    reference, task, _ = await ineligible(accord, browsers)
    other, partner = await browsers("programme.officer.2"), await browsers("signatory.1")

    theirs = await other.open(f"/tasks/{task['id']}")
    refused = await other.send(f"/tasks/{task['id']}/undo", {"reason": "Mine?", "key": "k"})
    mine = await partner.open(f"/proposals/{reference}")

    assert "Until then whoever decided may take the decision back." in theirs.text
    assert "Take the decision back" not in theirs.links()
    assert refused.status == 403
    assert "letter" not in mine.text
    assert "reconsidered" not in mine.text


async def test_there_is_no_button_once_the_letter_is_told(accord, browsers):
    _, task, browser = await ineligible(accord, browsers)

    page = await browser.open(f"/tasks/{task['id']}")
    late = await browser.send(f"/tasks/{task['id']}/undo", {"reason": "Late.", "key": "k"})

    assert "Take the decision back" not in page.text
    assert late.status == 409
