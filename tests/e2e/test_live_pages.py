"""Pages that bring themselves up to date in one browser when somebody acts in another."""

from playwright.sync_api import expect


def test_a_timeline_and_a_waiting_panel_follow_what_another_does(open_as, people):
    reference = people.submitted()
    task = people.task(reference, "eligibility.confirm")
    timeline = open_as("Auditor 1")
    timeline.goto(f"/en/proposals/{reference}")
    panel = open_as("Administrator 1")
    panel.goto(f"/en/proposals/{reference}/progress")
    expect(panel.locator("main")).to_contain_text("Confirm eligibility")

    people.decide(task)

    expect(timeline.locator("#facts")).to_contain_text("Compliance")
    expect(timeline.locator("#tasks")).to_contain_text("gender equality")
    expect(panel.locator("main")).to_contain_text("gender equality")


def test_an_inbox_counts_what_comes_in(open_as, people):
    page = open_as("Programme officer 2", "fr")
    page.goto("/fr/tasks?view=group")
    before = page.locator("#inbox-views").inner_text()

    people.submitted()

    expect(page.locator("#inbox-views")).not_to_have_text(before, use_inner_text=True)


def test_a_page_whose_stream_broke_catches_up(open_as, people):
    reference = people.submitted()
    task = people.task(reference, "eligibility.confirm")
    page = open_as("Auditor 1")
    page.goto(f"/en/proposals/{reference}")
    expect(page.locator("#facts")).to_contain_text("Eligibility")

    page.context.set_offline(True)
    people.decide(task)
    page.context.set_offline(False)

    expect(page.locator("#facts")).to_contain_text("Compliance")


def test_without_scripts_a_reload_shows_the_same(open_as, people):
    reference = people.submitted()
    page = open_as("Auditor 1", scripts=False)
    page.goto(f"/en/proposals/{reference}")
    expect(page.locator("#facts")).to_contain_text("Eligibility")

    people.decide(people.task(reference, "eligibility.confirm"))
    page.reload()

    expect(page.locator("#facts")).to_contain_text("Compliance")
