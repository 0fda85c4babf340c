"""Papers as PDF: accessible, the same bytes for the same words, and words stay words."""

import io
from datetime import UTC, datetime

import pypdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from papers.paper import Facts, Heading, Paper, Points, Table, Words
from papers.typesetting import pdf

AT = datetime(2026, 11, 24, 15, 30, tzinfo=UTC)


def a_paper(*blocks, **change):
    given = {"title": "A letter", "language": "en", "at": AT, "foot": "CTCBP-2026-000001"}
    return Paper(**{**given, **change}, blocks=blocks)


def read(body):
    return pypdf.PdfReader(io.BytesIO(body))


def text(body):
    return "\n".join(page.extract_text() for page in read(body).pages)


def test_a_paper_is_tagged_titled_and_in_its_language():
    body = pdf(a_paper(Heading("Décision"), Words("Bonjour."), title="Lettre", language="fr"))

    document = read(body)
    root = document.trailer["/Root"]
    assert document.metadata.title == "Lettre"
    assert root["/Lang"] == "fr-CA"
    assert root["/MarkInfo"]["/Marked"]
    assert b"pdfuaid" in root["/Metadata"].get_data()


def test_every_kind_of_block_is_set_with_its_words():
    body = pdf(
        a_paper(
            Heading("One"),
            Words("First line\nsecond line\n\nAnother paragraph"),
            Points(["a point", "another point"]),
            Facts([("Reference", "CTCBP-2026-000001")]),
            Table(["Year", "Amount"], [["2027-28", "$1.00"], ["2028-29", "$2.00"]], figures=[1]),
            marking="Protected B",
        )
    )

    said = text(body)
    for words in ("One", "second line", "another point", "Reference", "2028-29", "Protected B"):
        assert words in said
    assert "Page 1 of 1" in said


def test_the_same_paper_gives_the_same_bytes():
    assert pdf(a_paper(Words("Same."))) == pdf(a_paper(Words("Same.")))


def test_a_table_over_many_pages_repeats_its_header():
    body = pdf(a_paper(Table(["Year", "Amount"], [[str(n), "x"] for n in range(200)])))

    pages = [page.extract_text() for page in read(body).pages]
    assert len(pages) > 3
    assert all("Amount" in page for page in pages)


@pytest.mark.parametrize(
    "hostile",
    [
        "#panic()",
        '#read("/etc/hostname")',
        "$x$ *bold* _it_ @ref <label>",
        "\\u{41}",
        "// no",
        "`x`",
    ],
)
def test_words_of_a_file_are_never_markup(hostile):
    body = pdf(a_paper(Heading(hostile), Words(hostile), Facts([(hostile, hostile)])))

    assert text(body).replace("\n", " ").count(hostile) >= 2


def test_a_character_without_a_font_costs_the_claim_and_not_the_paper():
    body = pdf(a_paper(Words("\U0001fae8 \U000131d0 \U00016f00")))

    root = read(body).trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    claims = b"pdfuaid" in root["/Metadata"].get_data()
    assert ("no font" in text(body)) is not claims


@settings(max_examples=60, deadline=None)
@given(words=st.text(max_size=60))
def test_any_text_can_be_set(words):
    body = pdf(
        a_paper(
            Heading(words), Words(words), Points([words]), Table([words], [[words]]), foot=words
        )
    )

    assert body.startswith(b"%PDF")
