"""Every message of the pages has its French; days and amounts are written as in Canada."""

from datetime import date

import pytest
from babel.messages.catalog import Catalog

from pages import messages
from policy import wording


def test_no_message_lacks_its_french():
    assert messages.problems() == []


@pytest.mark.parametrize(
    ("french", "why"),
    [
        pytest.param("", "no French", id="missing"),
        pytest.param("Nom : ici", "a space that may break", id="before a colon"),
        pytest.param("« mot »", "a space that may break", id="inside of quotation marks"),
        pytest.param("Quoi ?", "that does not belong", id="before a question mark"),
        pytest.param("%(other)s", "a placeholder", id="another placeholder"),
    ],
)
def test_french_that_is_missing_or_breaks_is_found(monkeypatch, french, why):
    wanted, known = Catalog(), Catalog(locale="fr")
    wanted.add("A word")
    known.add("A word", french)
    monkeypatch.setattr(messages, "extracted", lambda: wanted)
    monkeypatch.setattr(messages, "french", lambda: known)

    assert [problem for problem in messages.problems() if why in problem]


def test_a_doubtful_french_is_found(monkeypatch):
    wanted, known = Catalog(), Catalog(locale="fr")
    wanted.add("A word")
    known.add("A word", "Un mot", flags=["fuzzy"])
    monkeypatch.setattr(messages, "extracted", lambda: wanted)
    monkeypatch.setattr(messages, "french", lambda: known)

    assert messages.problems() == ["doubtful French: 'A word'"]


def test_days_and_amounts_are_written_as_in_canada():
    assert wording.day(date(2027, 4, 1), "en") == "April 1, 2027"
    assert wording.day(date(2027, 4, 1), "fr") == "1er\u00a0avril 2027"
    assert wording.money("1250000.50", "en") == "$1,250,000.50"
    assert wording.money("1250000.50", "fr").replace("\u202f", "\u00a0") == (
        "1\u00a0250\u00a0000,50\u00a0$"
    )
    assert wording.moment("2026-11-25T03:30:00Z", "en").startswith("November 24, 2026")


def test_countries_stand_in_the_order_of_a_dictionary():
    names = list(wording.country_names("fr").values())

    assert names.index("Égypte") < names.index("Zambie")
    assert wording.country("JO", "fr") == "Jordanie"
