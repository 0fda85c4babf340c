"""Lists as files for spreadsheets: the same rows, the same filters, the same sight."""

import csv
import io

from pages import proposal_files
from tests.journeys.client import CONTENT, costing

SMALL = CONTENT | costing(300_000)


def rows_of(file):
    lines = list(csv.reader(io.StringIO(file.answer.text.removeprefix("\ufeff"))))
    names = [heading.partition(" / ")[0] for heading in lines[0]]
    return [dict(zip(names, line, strict=True)) for line in lines[1:]]


async def test_the_list_is_a_file_under_its_own_filters(accord, browsers, monkeypatch):
    monkeypatch.setattr(proposal_files, "AT_A_TIME", 2)  # so that it comes in several parts
    references = [await accord.submit(SMALL) for _ in range(5)]
    await accord.decide(references[0], "eligibility.confirm")
    officer = await browsers("programme.officer.1")

    page = await officer.open("/proposals?stage=eligibility")
    link = page.links()["Download as CSV"]
    some = await officer.open(link)
    everything = await officer.open("/proposals.csv")

    assert some.answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert "attachment" in some.answer.headers["content-disposition"]
    assert [row["Reference"] for row in rows_of(some)] == references[:0:-1]
    assert [row["Reference"] for row in rows_of(everything)] == references[::-1]
    first = rows_of(everything)[-1]
    assert (first["Requested"], first["Stage"]) == ("300000.00", "Compliance")


async def test_a_partner_takes_what_it_sees_and_nothing_else(accord, browsers):
    reference = await accord.submit(SMALL | {"title": "=1+1"})
    await accord.decide(reference, "eligibility.confirm")
    own, other = await browsers("signatory.1"), await browsers("signatory.2")

    [row] = rows_of(await own.open("/proposals.csv"))
    nothing = rows_of(await other.open("/proposals.csv"))

    assert nothing == []
    assert (row["Title"], row["Stage"], row["Status"]) == ("'=1+1", "In review", "In review")
    assert row["Outcome"] == ""


async def test_nobody_takes_a_list_without_signing_in(browser):
    asked = await browser.open("/proposals.csv")

    assert asked.heading == "Sign in"
