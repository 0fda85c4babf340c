"""An annual voluntary contribution, opened, written and submitted by an officer on pages."""

import re

FIELDS = {
    "summary": {"title": "The contribution of the year", "summary": "What.", "language": "en"},
    "focus": {"assistance": ["funding"]},
    "dates": {"start_date": "2027-04-01", "end_date": "2028-03-31"},
    "budget": {
        "amount": "400,000", "budget.0.fiscal_year": "2027-28", "budget.0.category": "funding",
        "budget.0.amount": "400,000",
    },
    "human_rights": {"human_rights_analysis": "..."},
    "results": {"expected_results": "..."},
    "declarations": {"declarations.code_of_conduct": "true", "declarations.no_profit": "true"},
}  # fmt: skip


async def opened(browser, organization="unodc"):
    page = await browser.open("/annual-contributions")
    written = await browser.fill(page, "/annual-contributions", {"organization": organization})
    assert written.status == 200, written.text
    return re.search(r"ACCBP-AVC-\d{4}-\d{6}", written.path)[0]


async def written(browser, reference):
    here = f"/proposals/{reference}/edit"
    for section, changes in FIELDS.items():
        page = await browser.open(f"{here}/{section}")
        for name in changes:  # the row that a table lacks
            if name.endswith(".0.amount") and name not in page.form(f"/en{here}/{section}"):
                page = await browser.fill(page, f"{here}/{section}", {"add": "budget"})
        saved = await browser.fill(page, f"{here}/{section}", changes | {"then": "next"})
        assert saved.status == 200, saved.text


async def test_an_officer_opens_writes_and_submits_one(browsers):
    officer = await browsers("programme.officer.1")
    reference = await opened(officer)

    overview = await officer.open(f"/proposals/{reference}/edit")
    await written(officer, reference)
    check = await officer.open(f"/proposals/{reference}/submit")
    receipt = await officer.fill(check, f"/proposals/{reference}/submit", {})

    for useless in ("Countries", "Beneficiaries", "Equipment", "Physical works"):
        assert useless not in overview.text
    assert "Nothing is missing" in check.text
    assert "Your proposal was received" in receipt.text
    listed = await officer.open("/annual-contributions")
    assert reference in listed.links()
    assert "Eligibility" in listed.text


async def test_its_draft_is_the_officers_and_says_how_to_go_on(browsers):
    officer, another = await browsers("programme.officer.1"), await browsers("programme.officer.2")
    reference = await opened(officer, "oas")

    draft = await another.open(f"/proposals/{reference}")

    assert "Officers of the program alone see it" in draft.text
    assert f"/en/proposals/{reference}/edit" in draft.links().values()
    for account in ("finance.officer.1", "auditor.1", "signatory.3", "signatory.1"):
        stranger = await browsers(account)
        for path in ("", "/edit", "/edit/summary", "/submit"):
            assert (await stranger.open(f"/proposals/{reference}{path}")).status == 404, account


async def test_a_second_in_the_year_is_not_offered_and_is_refused(browsers):
    officer = await browsers("programme.officer.1")
    before = await officer.open("/annual-contributions")
    reference = await opened(officer)

    after = await officer.open("/annual-contributions")
    late = await officer.fill(before, "/annual-contributions", {"organization": "unodc"})
    chosen = await officer.fill(after, "/annual-contributions", {})

    assert "organization" not in after.form("/en/annual-contributions")
    assert 'value="unodc"' not in after.answer.text
    assert (late.status, reference in late.text) == (409, True)
    assert (chosen.status, "Choose an organization." in chosen.text) == (422, True)


async def test_a_return_comes_to_the_officers_who_submit_again(browsers, accord):
    officer = await browsers("programme.officer.1")
    reference = await opened(officer)
    await written(officer, reference)
    check = await officer.open(f"/proposals/{reference}/submit")
    await officer.fill(check, f"/proposals/{reference}/submit", {})
    await accord.decide(reference, "eligibility.confirm", "return", sections=("summary",))

    page = await officer.open(f"/proposals/{reference}")
    section = await officer.open(f"/proposals/{reference}/edit/summary")
    saved = await officer.fill(
        section, f"/proposals/{reference}/edit/summary", {"summary": "Less."}
    )
    again = await officer.open(f"/proposals/{reference}/submit")
    receipt = await officer.fill(again, f"/proposals/{reference}/submit", {})
    seen = await officer.open(f"/proposals/{reference}")

    assert "For the partner." in page.text
    assert (saved.status, receipt.status) == (200, 200)
    assert f"/en/proposals/{reference}/revisions/2" in seen.links().values()


async def test_who_is_no_officer_of_the_program_opens_none(browsers):
    for account in ("signatory.3", "auditor.1", "norms.reviewer.1"):
        browser = await browsers(account)
        page = await browser.open("/annual-contributions")
        sent = await browser.send("/annual-contributions", {"organization": "oas", "key": "k"})
        assert (page.status, sent.status) == (403, 403), account


async def test_the_page_stands_in_french(browsers):
    officer = await browsers("programme.officer.1", "fr")

    page = await officer.open("/annual-contributions")

    assert page.heading == "Contributions volontaires annuelles"
