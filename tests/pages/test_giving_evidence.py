"""Conditions on a page: the partner gives evidence without scripts, staff read it."""

import re

from tests.journeys.client import CONTENT, costing

SMALL = CONTENT | costing(300_000)


async def test_the_partner_gives_evidence_on_a_page_and_staff_read_it(browsers, accord):
    reference = await accord.submit(SMALL)
    await accord.advance_to(reference, "agreement")
    browser = await browsers("signatory.1", "en")
    here = f"/proposals/{reference}/conditions"
    page = await browser.open(here)
    assert "Evidence asked for" in page.text
    [place] = {
        form.get("action").removeprefix("/en")
        for form in page.root.iter("form")
        if re.search(r"/conditions/[^/]+/evidence$", form.get("action", ""))
    }

    empty = await browser.fill(page, place, {"words": ""})
    assert empty.status == 422
    given = await browser.fill(page, place, {"words": "All were trained."})

    assert "Evidence given" in given.text
    assert "All were trained." in given.text
    french = await browsers("human.rights.reviewer.1", "fr")
    assert "Preuve fournie" in (await french.open(here)).text
