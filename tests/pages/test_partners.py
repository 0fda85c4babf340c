"""What a partner does on pages, without scripts: from an idea to a signed agreement."""

import re

import pytest

from schemas.proposal import Section
from tests.documents import files
from tests.journeys.client import CONTENT, costing

SMALL = CONTENT | costing(300_000)


async def a_draft(browser, programme="CTCBP"):
    page = await browser.open("/programs")
    written = await browser.send("/proposals", {"programme": programme, "key": "a-draft"})
    assert page.status == 200
    return re.search(r"CTCBP-\d{4}-\d{6}", written.path)[0]


@pytest.fixture
def partner(browsers):
    return lambda language="en": browsers("signatory.1", language)


async def test_the_guide_says_which_program_fits_and_why(partner):
    browser = await partner()

    page = await browser.open(
        "/programs?kind=ngo&focus=border_transport&country=JO&assistance=training&amount=100000"
    )

    text = page.text
    assert text.index("Counter-Terrorism Capacity Building Program") >= 0
    assert "Fits" in text
    assert "The amount, $100,000.00, lies within the limits of the program." in text
    assert "Not a focus area of ACCBP" in text


async def test_a_proposal_is_written_section_by_section_and_submitted(partner, accord):
    browser = await partner()
    reference = await a_draft(browser)
    here = f"/proposals/{reference}/edit"

    missing = await browser.open(f"/proposals/{reference}/submit")
    assert "things are missing" in missing.text
    answers = {
        "summary": {"title": "Border security", "summary": "What we do.", "language": "en"},
        "focus": {"focus_areas": "border_transport", "assistance": ["training", "equipment"]},
        "countries": {"countries.0.code": "JO", "countries.0.share": "100", "split": "given"},
        "dates": {"start_date": "2027-04-01", "end_date": "2029-03-31"},
        "budget": {
            "amount": "300,000", "budget.0.fiscal_year": "2027-28",
            "budget.0.category": "training", "budget.0.amount": "$150,000.00",
        },
        "beneficiaries": {
            "beneficiaries.0.name": "A directorate", "beneficiaries.0.kind": "government_entity",
        },
        "works": {"physical_works": "false"},
        "information_sharing": {"information_sharing": "false"},
        "human_rights": {"human_rights_analysis": "..."},
        "gender": {"gender_analysis": "...", "gender_equality_code": "2"},
        "results": {"expected_results": "..."},
        "declarations": {
            f"declarations.{name}": "true"
            for name in ("code_of_conduct", "no_profit", "no_costs_before_signature")
        },
    }  # fmt: skip
    for section, changes in answers.items():
        page = await browser.open(f"{here}/{section}")
        saved = await browser.fill(page, f"{here}/{section}", changes)
        assert "Saved." in saved.text, (section, saved.text[:300])
    budget = await browser.open(f"{here}/budget")
    assert "$150,000.00 of the amount are not in the budget yet." in budget.text
    more = await browser.fill(budget, f"{here}/budget", {"add": "budget"})
    whole = await browser.fill(
        more, f"{here}/budget",
        {"budget.1.fiscal_year": "2028-29", "budget.1.category": "equipment",
         "budget.1.amount": "150000"},
    )  # fmt: skip
    assert "The budget comes to the amount that you ask for." in whole.text

    ready = await browser.open(f"/proposals/{reference}/submit")
    assert "Nothing is missing." in ready.text
    receipt = await browser.fill(ready, f"/proposals/{reference}/submit", {})

    assert receipt.heading == "Receipt"
    assert "Your proposal was received" in receipt.text
    view = await accord.view(reference)
    assert (view["stage"], view["amount"]["value"]) == ("eligibility", "300000.00")
    shown = await browser.open(f"/proposals/{reference}")
    assert "Border security" in shown.heading
    assert "the department's" in shown.text


async def test_a_check_says_in_words_what_of_the_terms_it_comes_from(partner, accord):
    reference = await accord.draft(SMALL)

    english = await (await partner()).open(f"/proposals/{reference}/submit")
    french = await (await partner("fr")).open(f"/proposals/{reference}/submit")

    assert "Terms CTCBP/2026-04-01, the kinds of partners" in english.text
    assert "Modalités CTCBP/2026-04-01, les types de partenaires" in french.text
    assert "partner_kinds" not in english.text + french.text


async def test_sending_a_form_twice_makes_one_proposal(partner):
    browser = await partner()

    for _ in range(2):
        await browser.send("/proposals", {"programme": "CTCBP", "key": "the same"})

    page = await browser.open("/proposals")
    assert len(re.findall(r"CTCBP-\d{4}-\d{6}", page.text)) == 1


async def test_amounts_and_shares_are_read_as_each_language_writes_them(partner, accord):
    reference = await accord.draft({"programme": "CTCBP", "assistance": ["training"]})
    browser = await partner("fr")
    here = f"/proposals/{reference}/edit"

    page = await browser.open(f"{here}/budget")
    saved = await browser.fill(
        page, f"{here}/budget",
        {"amount": "1\u202f250\u202f000,50 $", "budget.0.fiscal_year": "2027-28",
         "budget.0.category": "training", "budget.0.amount": "1 250 000,50"},
    )  # fmt: skip

    assert saved.form(f"/fr{here}/budget")["amount"][0].replace("\u202f", "\u00a0") == (
        "1\u00a0250\u00a0000,50"
    )
    view = await accord.view(reference, accord.signatory)
    assert view["amount"]["value"] == "1250000.50"
    assert view["budget"][0]["amount"]["value"] == "1250000.50"


async def test_what_cannot_be_read_stays_in_its_field_and_says_so(partner, accord):
    reference = await accord.draft({"programme": "CTCBP"})
    browser = await partner()
    here = f"/proposals/{reference}/edit/budget"

    page = await browser.fill(await browser.open(here), here, {"amount": "a lot"})

    assert page.status == 422
    assert page.form(f"/en{here}")["amount"] == ["a lot"]
    assert "#amount" in page.answer.text


async def test_what_another_wrote_in_another_section_stays(partner, browsers, accord):
    reference = await accord.draft({"programme": "CTCBP"})
    mine, theirs = await partner(), await browsers("contributor.1")
    here = f"/proposals/{reference}/edit"
    page = await mine.open(f"{here}/dates")
    await theirs.fill(await theirs.open(f"{here}/summary"), f"{here}/summary", {"title": "Theirs"})

    saved = await mine.fill(page, f"{here}/dates", {"start_date": "2027-04-01"})

    assert "Saved." in saved.text
    view = await accord.view(reference, accord.signatory)
    assert (view["title"], view["start_date"]) == ("Theirs", "2027-04-01")


async def test_what_both_wrote_in_one_section_is_shown_before_it_is_lost(partner, browsers, accord):
    reference = await accord.draft({"programme": "CTCBP"})
    mine, theirs = await partner(), await browsers("contributor.1")
    here = f"/proposals/{reference}/edit/summary"
    page = await mine.open(here)
    await theirs.fill(await theirs.open(here), here, {"title": "Theirs"})

    warned = await mine.fill(page, here, {"title": "Mine"})

    assert warned.status == 412
    assert "Theirs" in warned.text
    assert warned.form(f"/en{here}")["title"] == ["Mine"]
    assert (await accord.view(reference, accord.signatory))["title"] == "Theirs"
    await mine.fill(warned, here, {})
    assert (await accord.view(reference, accord.signatory))["title"] == "Mine"


async def test_saving_what_saved_itself_a_moment_ago_meets_nobody(partner, accord):
    reference = await accord.draft({"programme": "CTCBP"})
    browser = await partner()
    here = f"/proposals/{reference}/edit/summary"
    page = await browser.open(here)
    await browser.fill(page, here, {"title": "Mine"}, headers={"HX-Request": "true"})

    saved = await browser.fill(page, here, {"title": "Mine"})

    assert saved.status == 200
    assert "Saved." in saved.text


async def test_by_script_a_section_is_saved_and_only_its_sums_come_back(partner, accord):
    reference = await accord.draft({"programme": "CTCBP", "assistance": ["training"]})
    browser = await partner()
    here = f"/proposals/{reference}/edit/budget"
    page = await browser.open(here)

    part = await browser.fill(
        page, here,
        {"amount": "10", "budget.0.fiscal_year": "2027-28", "budget.0.category": "training",
         "budget.0.amount": "10"},
        headers={"HX-Request": "true"},
    )  # fmt: skip

    assert part.status == 200
    assert part.answer.text.lstrip().startswith('<div id="saved"')
    assert "The budget comes to the amount" in part.answer.text


async def test_a_document_is_attached_and_taken_away(partner, accord):
    reference = await accord.draft({"programme": "CTCBP"})
    browser = await partner()
    here = f"/proposals/{reference}/edit/documents"
    page = await browser.open(here)
    fields = {"kind": "budget", "marking": "unclassified", "language": "en", "key": "k"}

    missing = await browser.send(here, fields)
    page = await browser.send(
        here, fields, files={"file": ("budget.pdf", files.PDF, "application/pdf")}
    )

    assert missing.status == 422
    assert "budget.pdf" in page.text
    link = page.links()["budget.pdf"]
    answer = await browser.http.get(link)
    assert answer.headers["content-disposition"].startswith("attachment")
    gone = await browser.send(f"{here}/{link.rsplit('/', 1)[1]}/remove", {"key": "k2"})
    assert "No document is attached." in gone.text


async def test_a_return_opens_the_sections_that_it_names_and_no_others(partner, accord):
    reference = await accord.submit(SMALL)
    await accord.decide(reference, "eligibility.confirm", "return", sections=("summary",))
    browser = await partner()
    here = f"/proposals/{reference}/edit"

    page = await browser.open(f"/proposals/{reference}")
    assert "The department asks for changes" in page.text
    assert "For the partner." in page.text
    closed = await browser.open(f"{here}/budget")
    assert "This section cannot be changed now." in closed.text
    await browser.fill(
        await browser.open(f"{here}/summary"), f"{here}/summary", {"summary": "In other words."}
    )
    await browser.fill(
        await browser.open(f"/proposals/{reference}/submit"), f"/proposals/{reference}/submit", {}
    )

    submitted = await browser.open(f"/proposals/{reference}/revisions/1")
    assert CONTENT["summary"] in submitted.text
    compared = await browser.open(f"/proposals/{reference}/compare?older=1&newer=2")
    assert "In other words." in "".join(each.text or "" for each in compared.root.iter("ins"))


async def test_while_returned_it_says_which_sections_were_changed_already(partner, accord):
    reference = await accord.submit(SMALL)
    await accord.decide(reference, "eligibility.confirm", "return", sections=("summary", "results"))
    browser = await partner()
    here = f"/proposals/{reference}/edit"
    before = await browser.open(here)

    await browser.fill(await browser.open(f"{here}/summary"), f"{here}/summary", {"title": "New"})
    after = await browser.open(here)

    assert (before.text.count("To change"), before.text.count("Changed since")) == (2, 0)
    assert (after.text.count("To change"), after.text.count("Changed since")) == (1, 1)


async def test_conditions_are_accepted_and_the_agreement_is_signed(partner, accord):
    reference = await accord.submit(SMALL)
    await accord.advance_to(reference, "agreement")
    browser = await partner()
    here = f"/proposals/{reference}"

    page = await browser.open(here)
    assert "The agreement waits for you" in page.text
    accepted = await browser.fill(page, f"{here}/accept-conditions", {})
    signed = await browser.fill(accepted, f"{here}/sign", {})

    assert "The agreement waits for you" not in signed.text
    assert (await accord.view(reference))["agreement"]["partner_signed_at"]


async def test_letter_agreement_and_case_are_taken_away_as_pdf(partner, browsers, accord):
    reference = await accord.submit(SMALL)
    await accord.advance_to(reference, "agreement")
    browser, auditor = await partner(), await browsers("auditor.1")

    links = (await browser.open(f"/proposals/{reference}")).links()
    own = [links[f"The {what} as PDF"] for what in ("letter", "agreement", "whole case")]
    staffs = (await auditor.open(f"/proposals/{reference}")).links()["The whole case as PDF"]

    for one, link in [*((browser, each) for each in own), (auditor, staffs)]:
        answer = await one.http.get(link)
        assert (answer.status_code, answer.content[:4]) == (200, b"%PDF")
        assert answer.headers["content-disposition"].startswith("attachment")


async def test_who_may_not_take_a_case_is_not_offered_it(browsers, accord):
    reference = await accord.submit(SMALL)
    await accord.decide(reference, "eligibility.confirm")
    reviewer = await browsers("norms.reviewer.1")

    page = await reviewer.open(f"/proposals/{reference}")

    assert page.status == 200
    assert "The whole case as PDF" not in page.links()


async def test_a_proposal_is_withdrawn_with_a_reason(partner, accord):
    reference = await accord.submit(SMALL)
    browser = await partner()
    here = f"/proposals/{reference}/withdraw"

    page = await browser.open((await browser.open(here[:-9])).links()["Withdraw the proposal"])
    missing = await browser.fill(page, here, {})
    done = await browser.fill(page, here, {"reason": "Another plan."})

    assert missing.status == 422
    assert "Withdrawn" in done.text


async def test_no_page_of_a_partner_shows_what_the_api_would_not(partner, browsers, accord):
    reference = await accord.submit(SMALL)
    await accord.decide(reference, "eligibility.confirm")
    stranger = await browsers("signatory.2")
    browser = await partner()

    page = await browser.open(f"/proposals/{reference}")
    assert "Programme officer" not in page.text
    assert "screening" not in page.text.lower()
    for path in ("", "/edit", "/edit/summary", "/submit", "/receipt", "/revisions/1", "/compare",
                 "/withdraw"):  # fmt: skip
        assert (await stranger.open(f"/proposals/{reference}{path}")).status == 404, path


@pytest.mark.parametrize("language", ["en", "fr"])
async def test_every_section_is_whole_in_both_languages(partner, accord, language):
    reference = await accord.draft(CONTENT)
    browser = await partner(language)

    for section in Section:
        page = await browser.open(f"/proposals/{reference}/edit/{section.value}")
        assert page.status == 200
    for path in ("", "/edit", "/submit"):
        assert (await browser.open(f"/proposals/{reference}{path}")).status == 200
    assert (await browser.open("/programs?kind=ngo&focus=border_transport")).status == 200
