"""The agreement in words: what an edition said, it says for good."""

import pytest

from policy.agreements import EDITION, sections
from policy.general_terms import headings

FIRST = {
    "template": "agreement/1",
    "reference": "CTCBP-2026-000001",
    "revision": 1,
    "organization": "An organization",
    "title": "Border crossing",
    "language": "en",
    "expected_results": "Fewer delays.",
    "start_date": "2027-04-01",
    "end_date": "2029-03-31",
    "instrument": "contribution",
    "schedule": [{"fiscal_year": "2027-28", "amount": "1700000.00"}],
    "conditions": [
        {"id": "T1-c1", "text": "Train first.", "gates": "payment", "due_date": "2028-03-31"}
    ],
}
SECOND = FIRST | {
    "edition": 2,
    "plan": {
        "drawn_on": "2026-11-24",
        "basis": "reimbursement",
        "reports": [
            {
                "id": "R01", "kind": "progress", "covers_from": "2027-04-01",
                "covers_to": "2027-09-30", "due_on": "2027-11-15", "final": False,
            },
            {
                "id": "F02", "kind": "financial", "covers_from": "2027-10-01",
                "covers_to": "2029-03-31", "due_on": "2029-06-29", "final": True,
            },
        ],
        "tranches": [
            {
                "id": "T01", "fiscal_year": "2027-28", "amount": "1615000.00",
                "from_day": "2027-10-01", "reports": ["R01"], "holdback": False,
            },
            {
                "id": "T02", "fiscal_year": "2027-28", "amount": "85000.00",
                "from_day": "2029-03-31", "reports": ["R01", "F02"], "holdback": True,
            },
        ],
    },
}  # fmt: skip


def test_what_was_frozen_without_an_edition_keeps_the_words_of_the_first():
    shown = sections(FIRST, "en")["sections"]

    assert [each["heading"] for each in shown] == [
        "1. The parties",
        "2. The project",
        "3. Maximum funding, by fiscal year",
        "4. Conditions",
        "5. Costs and payments",
        "6. General terms",
        "7. Signatures",
    ]
    assert shown[2]["paragraphs"] == ["2027-28: 1700000.00 CAD"]
    assert shown[3]["paragraphs"] == ["Train first."]
    assert len(shown[5]["paragraphs"]) == 14
    assert shown[5]["paragraphs"][0] == "Definitions and interpretation"


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_second_edition_names_all_twenty_six_general_terms(language):
    terms = next(s for s in sections(SECOND, language)["sections"] if s.get("listed"))

    assert EDITION == 2
    assert terms["paragraphs"] == [each.in_language(language) for each in headings(2)]
    assert len(set(terms["paragraphs"])) == 26


def test_the_second_edition_tells_reports_tranches_and_conditions_in_tables():
    tables = [s["table"] for s in sections(SECOND, "en")["sections"] if "table" in s]
    french = [s["table"] for s in sections(SECOND, "fr")["sections"] if "table" in s]

    funding, reports, tranches, conditions = tables
    assert funding["rows"] == [["2027-28", "$1,700,000.00"]]
    assert reports["rows"] == [
        ["R01", "Progress report", "April 1, 2027", "September 30, 2027", "November 15, 2027"],
        ["F02", "Financial report (final)", "October 1, 2027", "March 31, 2029", "June 29, 2029"],
    ]
    assert [row[3:] for row in tranches["rows"]] == [
        ["R01", "$1,615,000.00"],
        ["Every report (holdback)", "$85,000.00"],
    ]
    assert conditions["rows"] == [["Train first.", "Every payment", "March 31, 2028"]]
    assert [[len(row) for row in table["rows"]] for table in french] == [
        [len(row) for row in table["rows"]] for table in tables
    ]
    assert french[1]["rows"][1][1] == "Rapport financier (final)"
