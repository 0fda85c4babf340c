"""Journeys of people through a real browser, with scripts and without, in both languages."""

import pytest
from playwright.sync_api import expect

from schemas.proposal import SECTION_FIELDS, Section
from tests.e2e.acting import decide, fill
from tests.e2e.conftest import sign_in
from tests.e2e.people import SMALL, fields_of

WAYS = pytest.mark.parametrize(
    ("language", "scripts"), [("en", True), ("fr", False)], ids=["with scripts", "sans scripts"]
)
OTHER_WAYS = pytest.mark.parametrize(
    ("language", "scripts"), [("fr", True), ("en", False)], ids=["avec scripts", "without scripts"]
)


class Colleagues:
    """Everybody of the department, each in a browser that stays open."""

    def __init__(self, open_as, people, language, *, scripts):
        self.people, self.language = people, language
        self._opened = {}
        self._open_as = lambda name: open_as(name, language, scripts=scripts)

    def window(self, name):
        if name not in self._opened:
            self._opened[name] = self._open_as(name)
        return self._opened[name]

    def decide(self, task, outcome=None, by=None, **more):
        name = by or self.people.taker(task)
        assert name, f"nobody may take {task['id']}"
        decide(self.window(name), self.language, self.people, name, task, outcome, **more)
        return name


@pytest.fixture
def colleagues(open_as, people, language, scripts):
    return Colleagues(open_as, people, language, scripts=scripts)


def reference_in(page):
    return page.url.split("/proposals/")[1].split("/")[0]


@WAYS
def test_a_proposal_goes_from_a_first_sign_in_to_a_signed_agreement(
    a_window, colleagues, people, language, scripts
):
    account = {"email": f"first.{language}@partner.example", "password": "a password of mine"}
    asked = {"email": account["email"], "name": "A. Partner", "role": "signatory"}
    link = people.ask("Signatory 2", "POST", "/people/invitations", json=asked)["link"]
    page = a_window(language, scripts=scripts)

    page.goto(f"/{language}/password/{link}")
    page.fill("#password", account["password"])
    page.fill("#again", account["password"])
    page.click("main form button[type=submit]")
    sign_in(page, language, account)
    find_a_program(page, language)
    reference = reference_in(page)
    write_everything(page, reference)
    page.goto(f"/{language}/proposals/{reference}/submit")
    page.click("main form button[type=submit]")
    page.wait_for_url("**/receipt*")
    expect(page.locator("main")).to_contain_text(reference)

    kinds = []
    while (stage := people.view(reference)["stage"]) != "active":
        if stage == "agreement":
            sign_as_partner(page, language, reference)
        task = next((t for t in people.open_tasks(reference) if people.taker(t)), None)
        if task is not None:
            colleagues.decide(task)
            kinds.append(task["kind"])

    assert {"eligibility.confirm", "compliance.norms", "compliance.human_rights",
            "compliance.gender", "compliance.merit", "confirm", "desk.sign_off",
            "funding.recommend", "funding.approve", "agreement.sign"} <= set(kinds)  # fmt: skip
    page.goto(f"/{language}/proposals/{reference}")
    expect(page.locator("main")).to_contain_text({"en": "Approved", "fr": "Approuvée"}[language])


def find_a_program(page, language):
    """Answer the guide, and begin under the program that it says fits."""
    page.goto(f"/{language}/")
    page.click(f".main-menu a[href='/{language}/programs']")
    page.select_option("#kind", "ngo")
    page.click("details > summary >> nth=0")
    page.check("#focus-CTCBP-border_transport")
    page.select_option("#country", "JO")
    page.check("#assistance-training")
    page.fill("#amount", "300000")
    page.click("main form[method=get] button[type=submit]")
    page.click("form:has(input[name=programme][value=CTCBP]) button")
    page.wait_for_url("**/edit")


def write_everything(page, reference):
    """Every section, one after the other, and a document."""
    page.click(f"a[href$='/{reference}/edit/summary']")
    page.wait_for_url("**/edit/summary")
    while not page.url.endswith("/documents"):
        section = page.url.rpartition("/")[2]
        content = {name: SMALL[name] for name in SECTION_FIELDS[Section(section)] if name in SMALL}
        fill(page, fields_of(content, ""))
        with page.expect_navigation():
            page.click("button[name=then]")
        assert page.locator(".faults").count() == 0, page.inner_text(".faults")
        assert not page.url.endswith(f"/{section}"), f"{section} was not saved"
    file = {"name": "budget.csv", "mimeType": "text/csv", "buffer": b"year,amount\n2027,1\n"}
    page.set_input_files("#file", file)
    page.select_option("#kind", "budget")
    page.select_option("#marking", "unclassified")
    page.click("form[enctype] button[type=submit]")
    expect(page.locator("main")).to_contain_text("budget.csv")


def sign_as_partner(page, language, reference):
    page.goto(f"/{language}/proposals/{reference}")
    for act in ("accept-conditions", "sign"):
        button = page.locator(f"form[action$='/{act}'] button")
        if button.count():
            button.click()
            page.wait_for_load_state()


@OTHER_WAYS
def test_what_is_sent_back_is_changed_and_submitted_again(open_as, colleagues, people, language,
                                                          scripts):  # fmt: skip
    reference = people.submitted()
    colleagues.decide(
        people.task(reference, "eligibility.confirm"), "return",
        sections=("summary",), message="Please say more.",
    )  # fmt: skip
    partner = open_as("Signatory 1", language, scripts=scripts)

    partner.goto(f"/{language}/proposals/{reference}")
    expect(partner.locator(".notice")).to_contain_text("Please say more.")
    partner.click(".notice a[href$='/edit/summary']")
    partner.fill("#summary", "What is planned, in more words.")
    partner.click("button[name=then]")
    partner.goto(f"/{language}/proposals/{reference}/submit")
    partner.click("main form button[type=submit]")
    partner.wait_for_url("**/receipt**")

    task = people.task(reference, "eligibility.confirm")
    name = people.taker(task)
    officer = colleagues.window(name)
    officer.goto(f"/{language}/tasks/{task['id']}")
    officer.click("main section.notice a")
    expect(officer.locator("main")).to_contain_text("What is planned, in more words.")
    colleagues.decide(task, "eligible", by=name)
    view = people.view(reference)
    assert (view["revision"], view["stage"]) == (2, "compliance")


@OTHER_WAYS
def test_whoever_has_an_interest_steps_aside_and_sees_nothing_more(colleagues, people, language):
    reference = people.submitted()
    task = people.task(reference, "compliance.norms")
    name = people.taker(task)
    page = colleagues.window(name)

    page.goto(f"/{language}/tasks/{task['id']}")
    page.click("a[href$='/recuse']")
    page.click("main form button[type=submit]")
    page.click(".faults a")
    page.fill("#reason", "My sister works there.")
    page.click("main form button[type=submit]")
    page.wait_for_url("**/tasks")

    assert page.goto(f"/{language}/tasks/{task['id']}").status == 404
    assert page.goto(f"/{language}/proposals/{reference}").status == 404
    page.goto(f"/{language}/tasks?view=all&state=any&q={reference}")
    assert page.locator("tbody").count() == 0
    [other] = [each for each in people.takers(task) if each != name]
    colleagues.decide(task, by=other)


@WAYS
def test_a_repair_is_proposed_by_one_and_done_by_another(colleagues, people, language):
    reference = people.submitted()
    people.task(reference, "compliance.norms")
    administrator = colleagues.window("Administrator 1")
    here = f"/{language}/proposals/{reference}"

    administrator.goto(f"{here}/progress")
    administrator.click(f"a[href='{here}/repairs']")
    administrator.click("a[href$='?kind=rewind']")
    administrator.select_option("#stage", "eligibility")
    administrator.click("main form button[type=submit]")
    administrator.click(".faults a")  # nobody repairs without saying why
    administrator.fill("#reason", "The annex was read in its old version.")
    administrator.click("main form button[type=submit]")
    administrator.wait_for_url("**/repairs")
    [task] = [each for each in people.open_tasks(reference) if each["kind"] == "confirm"]
    expect(administrator.locator(".card .tag.wait")).to_be_visible()
    assert people.view(reference)["stage"] == "compliance"
    assert "Administrator 1" not in people.takers(task)
    second = colleagues.decide(task, "agree")

    assert people.view(reference)["stage"] == "eligibility"
    administrator.goto(f"{here}/repairs")
    expect(administrator.locator(".card .tag.good")).to_be_visible()
    auditor = colleagues.window("Auditor 1")
    for page in (administrator, auditor):
        page.goto(f"{here}/history")
        for name in ("Administrator 1", second):
            expect(page.locator(".timeline")).to_contain_text(name)
    expect(auditor.locator(".timeline")).to_contain_text("read in its old version")
