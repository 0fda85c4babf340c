"""Whatever bytes a list file holds, reading it answers with entries or with a refusal."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policy.list_files import read_list
from policy.lists.aliases import listed_names, split_known_as
from policy.lists.countries import codes_of
from policy.lists.entries import dates
from policy.matching import Entry, Matcher
from schemas.errors import Malformed
from tests.lists.published import a_record, canadian, feed, regulation, united_nations

CSV = b"id,schema,name,aliases,birth_date,countries\nx1,Person,Viktor Korovin,Vitya;VK,1961,ru\n"
FILES = {
    "csv": CSV,
    "canadian": canadian(a_record(last="Korovin", given="Viktor", aliases="Vitya, (V (K))")),
    "regulation": regulation("Army of the Marsh (AoM) (also known as A, B (C/D) and E)"),
    "feed": feed({"id": "1", "title": "Army (A)", "summary": "B; C (D (E)), F"}),
    "united_nations": united_nations(),
}
PIECES = st.sampled_from(
    [b"<", b">", b"</", b"&", b"&#0;", b"&#x10FFFF;", b"<!DOCTYPE a>", b"<![CDATA[", b"]]>", b'"',
     b",", b";", b"\n", b"\x00", b"\xff", b"\xef\xbb\xbf", b"(", b")", b"<record/>", b"<?a b?>",
     "\u202e\u200b\u0300é".encode(), b"99999999999999999999", b"1961-99-99"]
) | st.binary(max_size=6)  # fmt: skip


def read_or_refused(data: bytes) -> None:
    try:
        entries = read_list(data)
    except Malformed:
        return
    assert entries
    assert all(entry.entry and entry.names and all(entry.names) for entry in entries)
    assert len({entry.entry for entry in entries}) == len(entries)
    matcher = Matcher(
        Entry("l", e.entry, e.kind, e.names, e.aliases, e.weak_aliases, e.birth_dates, e.countries)
        for e in entries
    )
    matcher.candidates(entries[0].names[0], "person", "1961-03-04", "RU", 0.5)


@pytest.mark.parametrize("kind", FILES)
@settings(max_examples=150, deadline=None)
@given(st.data())
def test_a_damaged_list_is_read_or_refused(kind, data):
    spoiled = FILES[kind]
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(spoiled)))
        end = min(len(spoiled), start + data.draw(st.integers(0, 30)))
        spoiled = spoiled[:start] + data.draw(PIECES) + spoiled[end:]

    read_or_refused(spoiled)


@settings(deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(data):
    read_or_refused(data)


SIGNS = "ab AB(),;[]/-.\t\u201c\u0410\u00e91\u0663"
TEXT = st.text(st.sampled_from(SIGNS) | st.characters(), max_size=60)


@given(TEXT)
def test_no_word_of_a_name_is_lost_in_taking_aliases_apart(text):
    name, others = split_known_as(text)
    names, weak = listed_names(text)

    assert all(part == part.strip() and part for part in (*names, *weak))
    assert len(name) <= len(text)
    assert len(others) <= len(text) + 2


@given(TEXT)
def test_dates_and_countries_are_told_in_their_form_or_not_at_all(text):
    assert all(len(day) in (4, 7, 10) for day in dates(text))
    assert all(len(code) == 2 for code in codes_of(text))
