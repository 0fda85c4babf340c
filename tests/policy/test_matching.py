"""Names that may be a listed person's, made-up ones and real ones."""

import csv
import xml.etree.ElementTree as ET
from time import perf_counter

import pytest

from policy.matching import Entry, Matcher, compare, spellings
from tests.real_data import real

KINDS = {"Person": "person", "Company": "organization", "Organization": "organization",
         "Vessel": "organization"}  # fmt: skip


def a_matcher(*names, kind="person", **other):
    return Matcher([Entry("l", str(n), kind, (name,), **other) for n, name in enumerate(names)])


@pytest.mark.parametrize(
    ("asked", "listed", "kind"),
    [
        ("Korovin, Viktor", "Viktor Korovin", "person"),
        ("Виктор Коровин", "Viktor Korovin", "person"),
        ("محمد حسن", "Mohammed Hassan", "person"),
        ("V. Korovin", "Viktor Korovin", "person"),
        ("ViktorKorovin", "Viktor Korovin", "person"),
        ("Viktor Korovin", "Dr. Viktor Ivanovich Korovin", "person"),
        ("Usama ibn Ladin", "Osama bin Laden", "person"),
        ("Abdulrahman Salih", "Abd al-Rahman Salih", "person"),
        ("Brasko Mill", "Brasko Mill Joint Stock Company", "organization"),
        ("Brasko Mill LLC", "JSC Brasko Mill (BM)", "organization"),
    ],
    ids=["order", "cyrillic", "arabic", "initial", "joined", "partial", "spelling", "abd al",
         "form", "brackets"],
)  # fmt: skip
def test_a_name_written_another_way_is_found(asked, listed, kind):
    [found] = a_matcher(listed, kind=kind).candidates(asked, kind, threshold=0.7)

    assert found.score >= 0.7
    assert found.features["pairs"] or found.features["joined"]


@pytest.mark.parametrize(
    ("asked", "listed"),
    [("Hafez Korovin", "Viktor Korovin"), ("Viktor", "Viktor Korovin"), ("Anna Li", "Pol Pot")],
    ids=["given name differs", "one word of many", "nothing alike"],
)
def test_a_name_that_is_another_is_not_found(asked, listed):
    assert a_matcher(listed).candidates(asked, "person", threshold=0.7) == []


def test_birth_date_and_country_weigh_and_say_so():
    matcher = a_matcher("Viktor Korovin", birth_dates=("1961-03-04",), countries=("RU",))

    [same] = matcher.candidates("Viktor Korovin", "person", "1961-03-04", "RU", 0.0)
    [other] = matcher.candidates("Viktor Korovin", "person", "1990-01-01", "CL", 0.0)

    assert same.score == 1.0
    assert other.score < 0.7
    assert other.features["birth_date"] == {"result": "differs", "weight": -0.25}
    assert other.features["country"]["result"] == "differs"


def test_a_weak_alias_has_to_be_the_same_word_and_counts_for_less():
    matcher = a_matcher("Viktor Korovin", aliases=("Vitya",))

    [found] = matcher.candidates("Vitya", "person", threshold=0.7)

    assert found.features["weak_alias"]
    assert found.score == 0.8
    assert matcher.candidates("Vityo", "person", threshold=0.7) == []


def the_pairs():
    path = real("name_matching", "name_pairs.csv")
    with path.open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_the_labelled_pairs_are_told_apart_well_enough():
    right = wrong = missed = 0
    for row in the_pairs():
        kind = KINDS.get(row["schema"])
        score = max(
            compare(one, other, kind).score
            for one in spellings(row["name1"], kind)
            for other in spellings(row["name2"], kind)
        )
        match, found = row["is_match"] == "true", score >= 0.7
        right, wrong = right + (match and found), wrong + (found and not match)
        missed += match and not found

    assert right / (right + missed) >= 0.82
    assert right / (right + wrong) >= 0.85


def test_real_names_are_found_among_ten_thousand_and_fast():
    path = real("sanctions", "un_consolidated_2020-03-20.xml")
    people = ET.parse(path).getroot().iter("INDIVIDUAL")  # noqa: S314 - a file of ours
    tags = ("FIRST_NAME", "SECOND_NAME", "THIRD_NAME", "FOURTH_NAME")
    parts = [[p.findtext(tag, "").strip() for tag in tags] for p in people]
    names = [" ".join(filter(None, part)) for part in parts]
    invented = [f"{a.split()[0]} {b.split()[-1]}" for a in names[:100] for b in names[100:195]]
    matcher = a_matcher(*names, *invented)
    several = [name for name in names if len(name.split()) > 2][:50]

    started = perf_counter()
    found = [
        any(s.entry.entry == str(names.index(name)) for s in matcher.candidates(asked, "person"))
        for name in several
        for asked in [" ".join(reversed(name.split()))]
    ]

    assert sum(found) >= 49
    assert (perf_counter() - started) / len(several) < 0.5
