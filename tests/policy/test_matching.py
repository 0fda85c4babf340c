"""Names that may be a listed person's, made-up ones and real ones."""

import csv

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench import names
from policy.likeness import compare
from policy.list_files import read_list
from policy.matching import Entry, Matcher
from policy.name_words import spellings, words_of
from tests.real_data import real


def a_matcher(*names, kind="person", **other):
    return Matcher([Entry("l", str(n), kind, (name,), **other) for n, name in enumerate(names)])


@pytest.mark.parametrize(
    ("asked", "listed", "kind"),
    [
        ("Korovin, Viktor", "Viktor Korovin", "person"),
        ("Виктор Коровин", "Viktor Korovin", "person"),
        ("محمد حسن", "Mohammed Hassan", "person"),
        ("يوسف الخطيب", "Yusuf al-Khatib", "person"),
        ("عبد الكريم نوري", "Abd al-Karim Nuri", "person"),
        ("حبيب الله بن خولة", "Habibullah bin Khawla", "person"),
        ("حمید رستمی", "Hamid Rostami", "person"),
        ("أبو طارق السوري", "Abu Tariq al-Suri", "person"),
        ("Abdul Rahman Salih", "Abd al-Rahman Salih", "person"),
        ("V. Korovin", "Viktor Korovin", "person"),
        ("ViktorKorovin", "Viktor Korovin", "person"),
        ("Viktor Korovin", "Dr. Viktor Ivanovich Korovin", "person"),
        ("Usama ibn Ladin", "Osama bin Laden", "person"),
        ("Abdulrahman Salih", "Abd al-Rahman Salih", "person"),
        ("Brasko Mill", "Brasko Mill Joint Stock Company", "organization"),
        ("Brasko Mill LLC", "JSC Brasko Mill (BM)", "organization"),
    ],
    ids=["order", "cyrillic", "arabic", "arabic with an article", "arabic abd al",
         "arabic compound", "persian", "arabic father of", "abdul and abd al", "initial",
         "joined", "partial", "spelling", "abd al", "form", "brackets"],
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


HOSTILE = {
    "nothing": "", "a space": " ", "punctuation": "...!?-", "emoji": "😀 😀", "a digit": "7",
    "ten thousand letters": "A" * 10_000, "ten thousand words": "ab " * 10_000,
    "brackets that open": "(" * 100_000, "brackets that close": ")" * 100_000,
    "brackets the wrong way round": ")" * 50_000 + "(" * 50_000,
    "slashes": "a/" * 50_000, "initials": "a." * 50_000,
    "one sign that stands for many letters": "\ufdfa" * 10_000, "a lone surrogate": "\ud800",
    "a zero byte": "\x00", "written from the right": "\u202eabc", "Chinese": "中" * 10_000,
    "only a title": "Mr", "only a legal form": "Ltd", "only a particle": "the",
}  # fmt: skip


@pytest.mark.parametrize("asked", HOSTILE.values(), ids=HOSTILE)
def test_whatever_is_asked_is_answered_and_is_nobody(asked):
    matcher = Matcher(
        [
            Entry("x", "1", "person", ("Viktor Korovin",), weak_aliases=("Vitya",)),
            Entry("x", "2", "organization", ("Brasko Mill (Northern Works) Ltd",)),
        ]
    )

    for kind in ("person", "organization", None):
        assert matcher.candidates(asked, kind) == []


@given(st.text(max_size=80), st.sampled_from(["person", "organization", "vessel", None]))
def test_any_name_on_a_list_is_found_by_itself(written, kind):
    """What has a letter or a digit that is read at all; whatever script, marks and dirt."""
    matcher = Matcher([Entry("x", "1", kind or "person", (written,))])

    found = matcher.candidates(written, kind or "person")

    assert bool(found) is bool(words_of(written, kind or "person"))


@given(st.text(max_size=200), st.text(max_size=200))
def test_scores_lie_between_nothing_and_one_and_say_what_they_are_made_of(asked, listed):
    matcher = Matcher([Entry("x", "1", "person", (listed,))])

    for scored in matcher.candidates(asked, "person", threshold=0.0):
        assert 0 <= scored.score <= 1
        assert scored.features["name"] <= 1


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


def test_the_labelled_pairs_are_told_apart_better_than_by_what_went_before():
    path = real("name_matching", "name_pairs.csv")
    with path.open(encoding="utf-8") as file:
        pairs = [
            names.Pair(
                row["name1"],
                row["name2"],
                "person" if row["schema"] == "Person" else "organization",
                row["is_match"] == "true",
            )
            for row in csv.DictReader(file)
        ]

    judged = names.judge("Accord", names.likeness, pairs)

    assert judged.validated[2] > names.ORACLE[2]
    assert judged.fixed[2] > names.ORACLE[2]


def test_among_thousands_of_names_the_index_leaves_out_none_that_comparing_all_would_find():
    entries = names.invented(3_000)
    matcher = Matcher(entries)
    lost = []

    for asked, entry in names.questions(entries):
        alike = max(
            compare(one, other, entry.kind).score
            for one in spellings(asked, entry.kind)
            for other in spellings(entry.names[0], entry.kind)
        )
        hits = matcher.candidates(asked, entry.kind, threshold=0.7)
        if alike >= 0.7 and all(hit.entry is not entry for hit in hits):
            lost.append((asked, entry.names))

    assert lost == []


def test_what_many_names_share_does_not_hide_the_one_that_is_meant():
    crowd = [f"Mohammed Ali {chr(97 + n % 26)}{chr(97 + n // 26 % 26)}rgan" for n in range(600)]
    matcher = a_matcher(*crowd, "Mohammed Ali Korovin")

    [best, *_] = matcher.candidates("Korovin, Muhammad Aly", "person", threshold=0.7)

    assert best.name == "Mohammed Ali Korovin"


def test_a_name_that_stands_twice_on_a_list_is_found_twice():
    found = a_matcher("Viktor Korovin", "Korovin Viktor").candidates("Viktor Korovin", "person")

    assert [hit.entry.entry for hit in found] == ["0", "1"]


def test_the_weak_aliases_of_a_list_are_weak_however_long():
    matcher = a_matcher("Viktor Korovin", weak_aliases=("The Old Ferryman",))

    [found] = matcher.candidates("The Old Ferryman", "person", threshold=0.7)

    assert (found.features["weak_alias"], found.score) == (True, 0.8)
    assert matcher.candidates("Old Ferryman", "person", threshold=0.7) == []


def test_real_names_are_found_in_reverse_order():
    path = real("sanctions", "un_consolidated_2020-03-20.xml")
    listed = [entry for entry in read_list(path.read_bytes()) if entry.kind == "person"]
    matcher = Matcher(
        [Entry("un", e.entry, e.kind, e.names, e.aliases, e.weak_aliases) for e in listed]
    )
    several = [entry for entry in listed if len(entry.names[0].split()) > 2][:50]

    found = [
        any(hit.entry.entry == entry.entry for hit in matcher.candidates(asked, "person"))
        for entry in several
        for asked in [" ".join(reversed(entry.names[0].split()))]
    ]

    assert sum(found) >= 49
