"""What only a browser can tell: scripts, the keyboard, focus, and what is printed."""

import re

from playwright.sync_api import expect


def test_a_section_saves_itself_and_adds_itself_up(open_as, people):
    reference = people.draft()
    page = open_as("Signatory 1")
    page.goto(f"/en/proposals/{reference}/edit/budget")

    page.fill("#amount", "400000")
    page.press("#amount", "Tab")
    expect(page.locator("#saved")).to_contain_text("$100,000.00 of")

    page.reload()
    assert page.input_value("#amount") == "400,000.00"


def test_the_keyboard_finds_the_language_first_and_then_the_content(open_as):
    page = open_as("Signatory 1")
    page.goto("/en/proposals")

    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_have_attribute("lang", "fr")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()


def test_the_language_is_kept_from_page_to_page(a_window):
    page = a_window()
    page.goto("/en/sign-in")

    page.click(".language button")
    expect(page).to_have_url(re.compile("/fr/sign-in$"))
    page.goto("/")

    expect(page).to_have_url(re.compile("/fr/$"))


def test_what_is_wrong_takes_the_focus_and_leads_to_its_field(open_as, people):
    reference = people.draft()
    page = open_as("Signatory 1", scripts=False)
    page.goto(f"/en/proposals/{reference}/edit/budget")

    page.fill("#amount", "a lot")
    page.click("button[name=then]")

    expect(page.locator(".faults")).to_be_focused()
    page.click(".faults a")
    assert page.url.endswith("#amount")
