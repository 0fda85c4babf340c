"""The annual register as a page and as files."""

from pages.register_tables import TABLES
from tests.journeys.client import CONTENT, costing

SVG = "{http://www.w3.org/2000/svg}"


async def test_the_register_has_plots_their_tables_and_their_files(accord, browsers):
    reference = await accord.submit(CONTENT | costing(300_000))
    await accord.decide(reference, "eligibility.confirm")
    await accord.decide(reference, "compliance.norms")
    browser = await browsers("auditor.1", "fr")

    page = await browser.open("/register?discipline=norms&programme=CTCBP")

    assert page.heading == "Registre annuel des évaluations"
    assert "1 évaluation de propositions que vous voyez" in page.text
    plotted = [each for each in page.root.iter(f"{SVG}svg") if each.get("role") == "img"]
    assert len(plotted) == 2
    links = [link for link in page.root.iter("a") if ".csv" in link.get("href", "")]
    assert len(links) == len(TABLES)
    assert all("programme=CTCBP&discipline=norms" in link.get("href") for link in links)
    for name in TABLES:
        file = await browser.open(f"/register/{name}.csv")
        assert file.answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert (await browser.open("/register/none.csv")).status == 404


async def test_partners_have_no_register(browsers):
    browser = await browsers("signatory.1")

    assert (await browser.open("/register")).status == 403
