"""Journeys in a real browser, with scripts and without, in both languages."""

import uuid

import httpx
import pytest

from tests.e2e.conftest import URL
from tests.journeys.client import CONTENT, costing

pytestmark = pytest.mark.e2e

BOTH = pytest.mark.parametrize("language", ["en", "fr"])
SCRIPTS = pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])


def a_draft(account, **changes):
    """A draft whose other sections are written, so that a journey is about one of them."""
    signed_in = httpx.post(
        f"{URL}/api/v1/token",
        data={"username": account["email"], "password": account["password"]},
    ).json()
    made = httpx.post(
        f"{URL}/api/v1/proposals",
        json=CONTENT | costing(300_000) | changes,
        headers={
            "Authorization": f"Bearer {signed_in['access_token']}",
            "Idempotency-Key": uuid.uuid4().hex,
        },
    )
    assert made.status_code == 201, made.text
    return made.json()["reference"]


@BOTH
@SCRIPTS
def test_a_partner_submits_and_an_officer_decides(open_as, accounts, language, scripts):
    reference = a_draft(accounts["Signatory 1"], title=None)
    partner = open_as("Signatory 1", language, scripts=scripts)

    partner.goto(f"/{language}/proposals/{reference}/submit")
    partner.click(".faults a >> nth=0")
    partner.fill("#title", f"A title {reference}")
    partner.click("button[name=then]")
    partner.goto(f"/{language}/proposals/{reference}/submit")
    partner.click("main form button[type=submit]")
    partner.wait_for_url("**/receipt**")
    assert reference in partner.inner_text("main")

    officer = open_as("Programme officer 1", language, scripts=scripts)
    officer.goto(f"/{language}/tasks?view=group&q={reference}")
    officer.click("tbody th a")
    for question in officer.locator("fieldset[id^='answers.'] input[value=false]").all():
        question.check()
    officer.check("#outcome-eligible")
    officer.click("button[value=review]")
    officer.click(".acts form >> nth=0 >> button")
    officer.wait_for_url("**/tasks?decided=**")
    assert (partner.problems, officer.problems) == ([], [])


def test_a_section_saves_itself_and_adds_itself_up(open_as, accounts):
    reference = a_draft(accounts["Signatory 1"])
    page = open_as("Signatory 1")
    page.goto(f"/en/proposals/{reference}/edit/budget")

    page.fill("#amount", "400000")
    page.press("#amount", "Tab")
    page.wait_for_function("document.querySelector('#saved').innerText.includes('$100,000.00 of')")

    page.reload()
    assert page.input_value("#amount") == "400,000.00"
    assert page.problems == []


def test_the_keyboard_finds_the_language_first_and_then_the_content(open_as):
    page = open_as("Signatory 1")
    page.goto("/en/proposals")

    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.lang") == "fr"
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


def test_what_is_wrong_takes_the_focus_and_leads_to_its_field(open_as, accounts):
    reference = a_draft(accounts["Signatory 1"])
    page = open_as("Signatory 1", scripts=False)
    page.goto(f"/en/proposals/{reference}/edit/budget")

    page.fill("#amount", "a lot")
    page.click("button[name=then]")

    assert page.locator(".faults").count() == 1
    page.click(".faults a")
    assert page.url.endswith("#amount")


PAGES = {
    "Signatory 1": ["/proposals", "/programs?kind=ngo&focus=border_transport", "/account",
                    "/notifications", "/report-a-problem"],
    "Programme officer 1": ["/tasks?view=all&state=any", "/proposals"],
    "Administrator 1": ["/problem-reports", "/proposals"],
}  # fmt: skip


@pytest.mark.parametrize(("language", "width"), [("en", 1280), ("fr", 320)])
@pytest.mark.parametrize("account", PAGES)
def test_pages_are_accessible(open_as, is_accessible, account, language, width):
    page = open_as(account, language, width=width)

    for path in PAGES[account]:
        page.goto(f"/{language}{path}")
        is_accessible(page)
        links = page.locator("tbody th a")
        if links.count():
            links.first.click()
            page.wait_for_load_state()
            is_accessible(page)


@pytest.mark.parametrize(("language", "width"), [("en", 1280), ("fr", 320)])
def test_every_section_is_accessible(open_as, is_accessible, accounts, language, width):
    reference = a_draft(accounts["Signatory 1"])
    page = open_as("Signatory 1", language, width=width)

    for path in ("", "/edit", "/edit/summary", "/edit/focus", "/edit/countries", "/edit/budget",
                 "/edit/beneficiaries", "/edit/parties", "/edit/equipment", "/edit/human_rights",
                 "/edit/results", "/edit/declarations", "/edit/documents", "/submit"):  # fmt: skip
        page.goto(f"/{language}/proposals/{reference}{path}")
        is_accessible(page)
