"""Money in figures: funds month by month, their queue, and who holds which authority."""

import csv
import io

from tests.journeys.client import CONTENT, costing

SMALL = CONTENT | costing(300_000)


async def rows_of(browser, path):
    answer = await browser.http.get(f"/{browser.language}{path}")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    return list(csv.reader(io.StringIO(answer.text.removeprefix("\ufeff"))))


async def test_a_fund_is_drawn_month_by_month_beside_its_table_and_file(accord, browsers):
    reference = await accord.submit(SMALL)
    await accord.advance_to(reference, "agreement")
    finance = await browsers("finance.officer.1")
    known = await rows_of(finance, "/funds.csv")
    [fund] = [row[0] for row in known if row[5] == "150000.00" and row[3] == "2027-28"]

    page = await finance.open(f"/funds/{fund}")
    months = await rows_of(finance, f"/funds/{fund}/months.csv")

    assert "Month by month" in page.text
    assert "$150,000.00 reserved" in page.text
    assert months[-1][2] == "150000.00"
    french = await browsers("finance.officer.2", "fr")
    assert "Mois par mois" in (await french.open(f"/funds/{fund}")).text


async def test_who_holds_which_authority_is_counted_and_what_nobody_holds_is_named(browsers):
    auditor = await browsers("auditor.1")

    page = await auditor.open("/authorities")
    rows = await rows_of(auditor, "/authorities.csv")

    assert "Who holds which authority" in page.text
    of = {(row[0], row[1]): row for row in rows}
    general = of["Approve the activity", "director general"]
    assert (general[2], general[3]) == ("250000.00", "1000000.00")
    assert of["Approve the activity", "minister"][6] == "Decides on paper"
    assert of["Certify entitlement (s. 34)", "CTCBP"][4] == "2"


async def test_partners_are_shown_neither(browsers):
    signatory = await browsers("signatory.1")

    for path in ("/funds.csv", "/authorities", "/authorities.csv"):
        answer = await signatory.http.get(f"/en{path}")
        assert answer.status_code == 403, path
