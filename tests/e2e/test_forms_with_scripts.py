"""What scripts add to forms: questions that come and go, the progress of a file, nothing lost."""

import re

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import sign_in

EN_FR = pytest.mark.parametrize("language", ["en", "fr"])


@EN_FR
def test_a_question_comes_and_goes_with_the_answer_that_asks_it(open_as, people, language):
    task = people.task(people.submitted(), "compliance.gender")
    page = open_as(people.taker(task), language)
    page.goto(f"/{language}/tasks/{task['id']}")
    asks, asked = "answers.checklist.gba_plus", "answers.checklist.gba_plus_missing"
    question = page.locator(f'[id="{asked}"]')

    expect(question).to_be_hidden()
    page.check(f'[name="{asks}.answer"][value="no"]')
    expect(question).to_be_visible()
    page.check(f'[name="{asked}.answer"][value="yes"]')
    page.check(f'[name="{asks}.answer"][value="yes"]')
    expect(question).to_be_hidden()
    page.click(".acts button[value=save]")
    page.wait_for_load_state()

    kept = people.ask(people.taker(task), "GET", f"/tasks/{task['id']}")["answers"]["checklist"]
    assert kept["gba_plus"]["answer"] == "yes"
    assert "gba_plus_missing" not in kept


def test_without_scripts_every_question_stands_there_and_says_when_it_is_asked(open_as, people):
    task = people.task(people.submitted(), "compliance.gender")
    page = open_as(people.taker(task), scripts=False)
    page.goto(f"/en/tasks/{task['id']}")

    question = page.locator('[id="answers.checklist.gba_plus_missing"]')

    expect(question).to_be_visible()
    expect(question).to_contain_text("Asked only where")


def test_what_goes_to_the_partner_is_asked_where_something_goes_to_the_partner(open_as, people):
    task = people.task(people.submitted(), "eligibility.confirm")
    page = open_as(people.taker(task))
    page.goto(f"/en/tasks/{task['id']}")

    page.check("#outcome-eligible")
    expect(page.locator("#message_to_partner")).to_be_hidden()
    expect(page.locator("#sections")).to_be_hidden()
    page.check("#outcome-return")
    expect(page.locator("#sections")).to_be_visible()
    page.check("#outcome-ineligible")
    expect(page.locator("#message_to_partner")).to_be_visible()
    expect(page.locator("#sections")).to_be_hidden()


def test_a_file_shows_how_far_it_has_come_and_can_be_stopped(open_as, people):
    reference = people.draft()
    page = open_as("Signatory 1")
    page.goto(f"/en/proposals/{reference}/edit/documents")
    page.route("**/edit/documents", lambda _: None)  # never arrives

    choose_a_file(page, "stopped.txt")
    page.click("main form[enctype] button[type=submit]")
    expect(page.locator(".sending progress")).to_be_visible()
    page.click(".sending button")
    expect(page.locator(".sending [role=alert]")).to_have_text("Stopped. Nothing was attached.")

    page.unroute("**/edit/documents")
    page.click("main form[enctype] button[type=submit]")
    expect(page.locator(".task-list")).to_contain_text("stopped.txt")
    assert page.locator(".task-list li").count() == 1


def test_what_is_wrong_with_a_file_takes_the_focus(open_as, people):
    reference = people.draft()
    page = open_as("Signatory 1", "fr")
    page.goto(f"/fr/proposals/{reference}/edit/documents")

    choose_a_file(page, "program.exe", b"MZ\x90\x00")
    page.click("main form[enctype] button[type=submit]")

    expect(page.locator(".faults")).to_be_focused()
    expect(page).to_have_title(re.compile("^Erreur"))


def choose_a_file(page, name, content=b"A note."):
    page.set_input_files(
        "#file", {"name": name, "mimeType": "application/octet-stream", "buffer": content}
    )
    page.select_option("#kind", "other")
    page.select_option("#marking", "unclassified")


def test_what_was_typed_outlives_the_session(open_as, people):
    reference = people.draft()
    page = open_as("Signatory 1")
    page.goto(f"/en/proposals/{reference}/edit/summary")
    page.context.clear_cookies()

    page.fill("#summary", "Written after the session had ended.")
    page.press("#summary", "Tab")
    expect(page.locator("#saved")).to_contain_text("You are no longer signed in.")
    page.click("button[name=then]")
    account = people.accounts["Signatory 1"]
    page.fill("#email", account["email"])
    page.fill("#password", account["password"])
    page.click("main form button[type=submit]")
    page.click("text=Send what I typed")
    page.wait_for_load_state()

    said = people.ask("Signatory 1", "GET", f"/proposals/{reference}")["summary"]
    assert said == "Written after the session had ended."


def test_a_form_goes_on_saving_itself_once_one_is_signed_in_again(open_as, people):
    reference = people.draft()
    page = open_as("Signatory 1")
    page.goto(f"/en/proposals/{reference}/edit/summary")
    page.context.clear_cookies()
    page.fill("#summary", "First.")
    page.press("#summary", "Tab")
    expect(page.locator("#saved")).to_contain_text("You are no longer signed in.")

    other = page.context.new_page()
    sign_in(other, "en", people.accounts["Signatory 1"])
    page.fill("#summary", "And then.")
    page.press("#summary", "Tab")

    expect(page.locator("#saved")).to_contain_text("Saved at")
    assert people.ask("Signatory 1", "GET", f"/proposals/{reference}")["summary"] == "And then."


def test_what_could_not_be_saved_is_told_and_saved_later(open_as, people):
    reference = people.draft()
    page = open_as("Signatory 1")
    page.goto(f"/en/proposals/{reference}/edit/summary")
    page.route("**/edit/summary", lambda route: route.abort())

    page.fill("#summary", "While nothing answers.")
    page.press("#summary", "Tab")
    expect(page.locator("#saved")).to_contain_text("Not saved")
    page.unroute("**/edit/summary")

    expect(page.locator("#saved")).to_contain_text("Saved at")
