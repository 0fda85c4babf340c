"""Reports and payments on a page, without scripts: the partner hands in and claims, staff read."""

import re

from tests.journeys.client import CONTENT, costing

SMALL = CONTENT | costing(300_000)


async def test_the_partner_reports_and_claims_on_a_page_and_staff_read_it(browsers, accord):
    agreement = await accord.submit(SMALL)
    await accord.advance_to(agreement, "active")
    browser = await browsers("signatory.1", "en")
    here = f"/proposals/{agreement}/payments"
    page = await browser.open(here)
    assert "Not before" in page.text

    empty = await browser.fill(page, f"/proposals/{agreement}/reports/F01", {})
    assert empty.status == 422
    handed = await browser.fill(
        page,
        f"/proposals/{agreement}/reports/F01",
        {"words-F01": "All was spent on courses.", "training-F01": "1,250.50"},
    )
    assert "Being read" in handed.text
    claimed = await browser.fill(
        handed, here, {"words-claim": "The first course.", "training-claim": "1000"}
    )

    assert "The first course." in claimed.text
    officer = await browsers("finance.officer.1", "fr")
    read = await officer.open(here)
    assert "Demandé" in read.text
    assert "All was spent on courses." in read.text
    kinds = await accord.open_kinds(agreement)
    assert {"payment.certify", "report.review"} <= set(kinds)
    others = await browsers("contributor.1", "en")
    told = await others.open("/notifications")
    assert "a claim was received" in told.text
    first = re.search(r"/en(/notifications/[^\"]+)\"", told.answer.text)
    assert first is not None
    opened = await others.fill(told, first[1], {})
    assert "Not before" in opened.text
