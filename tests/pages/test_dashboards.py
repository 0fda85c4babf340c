"""Dashboards as pages and as files."""

import csv
import io

from pages import figure_tables, plots, spreadsheets
from pages.spreadsheets import Column, Table
from tests.journeys.client import CONTENT, costing

SMALL = CONTENT | costing(300_000)
SVG = "{http://www.w3.org/2000/svg}"
FIGURES = list(figure_tables.TABLES)


async def test_every_figure_has_its_table_its_words_and_its_file(accord, browsers):
    await accord.submit(SMALL)
    browser = await browsers("auditor.1")

    page = await browser.open("/dashboards")

    assert "1 proposal that you see" in page.text
    plotted = [each for each in page.root.iter(f"{SVG}svg") if each.get("role") == "img"]
    assert len(plotted) == len(FIGURES)
    for each in plotted:
        assert [child.tag for child in each][:2] == [f"{SVG}title", f"{SVG}desc"]
    assert (
        len(list(page.root.iter("table"))) == len(FIGURES) - 2
    )  # nobody has left a stage, or waits for money
    for name in FIGURES:
        file = await browser.open(f"/dashboards/{name}.csv")
        assert file.answer.headers["content-type"] == "text/csv; charset=utf-8"
        assert "attachment" in file.answer.headers["content-disposition"]


async def test_the_filters_stand_in_the_address_and_hold_for_the_files(accord, browsers):
    await accord.submit(SMALL)
    browser = await browsers("auditor.1", "fr")

    page = await browser.open("/dashboards?programme=ACCBP&desk=africa&period=all")

    assert "0 proposition que vous voyez" in page.text
    form = page.form("/fr/dashboards")
    assert form == {"programme": ["ACCBP"], "desk": ["africa"], "period": ["all"]}
    links = [link for link in page.root.iter("a") if ".csv" in link.get("href", "")]
    assert all("programme=ACCBP&desk=africa&period=all" in link.get("href") for link in links)


async def test_an_address_with_filters_that_are_none_shows_everything(accord, browsers):
    await accord.submit(SMALL)
    browser = await browsers("auditor.1")

    page = await browser.open("/dashboards?programme=NONE&desk=moon&period=soon")

    assert page.status == 200
    assert "1 proposal that you see" in page.text


async def test_a_file_says_its_headings_in_both_languages(accord, browsers):
    await accord.submit(SMALL)
    browser = await browsers("programme.officer.1", "fr")

    file = await browser.open("/dashboards/flow.csv")

    lines = list(csv.reader(io.StringIO(file.answer.text.removeprefix("\ufeff"))))
    assert lines[0][0] == "Stage / Étape"
    assert lines[1][:3] == ["Admissibilité", "1", "1"]
    assert lines[1][4] == "300000.00"


def test_no_cell_of_a_file_is_a_formula():
    rows = [[each, 1] for each in ("=1+1", "+1", "-1", "@a", "\tx", "plain, quoted")]

    said = spreadsheets.as_csv(Table((Column("Stage"), Column("Paid", "number")), rows))

    cells = [line[0] for line in csv.reader(io.StringIO(said.removeprefix("\ufeff")))]
    assert cells[1:] == ["'=1+1", "'+1", "'-1", "'@a", "'\tx", "plain, quoted"]


async def test_partners_are_shown_no_dashboards(browsers):
    browser = await browsers("signatory.1")

    assert (await browser.open("/dashboards")).status == 403
    assert "Dashboards" not in (await browser.open("/")).text


def test_the_area_of_a_mark_is_its_number_and_small_ones_lie_on_top():
    marks = plots.marks([("JO", "Jordan", 25), ("ML", "Mali", 100), ("ZZ", "Nowhere", 7)])

    assert [(each.name, each.radius) for each in marks] == [("Mali", 22.0), ("Jordan", 11.0)]


def test_a_bar_is_never_longer_than_the_plot_and_what_is_there_is_seen():
    made = plots.bars([plots.Row("a", (1_000_000, 1), ""), plots.Row("b", (0, 0), "")], ("x", "y"))

    first, second = made.bars
    assert [(part.drawn, part.x, part.width) for part in first.parts] == [
        ("x", 0.0, 400.0),
        ("y", 398.5, 1.5),
    ]
    assert list(second.parts) == []
