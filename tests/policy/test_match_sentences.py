"""Every score says what it is made of, in both languages."""

import pytest

from policy.match_sentences import explain, in_both
from policy.matching import Entry, Matcher


def scored(asked, listed="Viktor Korovin", kind="person", born=None, country=None, **entry):
    matcher = Matcher([Entry("l", "1", "person", (listed,), **entry)])
    [found] = matcher.candidates(asked, kind, born, country, 0.0)
    return found.features


def test_each_part_of_a_score_is_a_sentence():
    features = scored(
        "Korovin, Victor", "Viktor Ivanovich Korovin", born="1990-01-01", country="RU",
        birth_dates=("1961-03-04",), countries=("RU",),
    )  # fmt: skip

    assert explain(features, "en") == (
        f"The names agree to {round(features['name'] * 100)} %.",
        "The same in both: korovin.",
        "“victor” may be “viktor” (92 %).",
        "Only in the listed name: ivanovich.",
        "The years of birth differ (-0.25).",
        "The countries are the same (+0.02).",
        "Both are persons, or both organizations.",
    )


@pytest.mark.parametrize(
    "features",
    [
        scored("ViktorKorovin"),
        scored("Vitya", aliases=("Vitya",)),
        scored("Victor Korovine", aliases=("Viktor Korovine",)),
        scored("Viktor Korovin", kind="organization"),
        scored("Viktor Petrov Korovin", born="1961-03-04", birth_dates=("1961-03-04",)),
        scored("Viktor Korovin", born="1962-03-04", birth_dates=("1961",)),
        scored("Viktor Korovin", born="1961-03-05", birth_dates=("1961-03-04",)),
        scored("Viktor Korovin", country="CL", countries=("RU",)),
    ],
    ids=["joined", "weak", "alias", "kind", "same day", "near", "other day", "country"],
)
def test_french_says_as_much_as_english(features):
    said = in_both(features)

    assert len(said["en"]) == len(said["fr"]) > 1
    assert all(one != other for one, other in zip(said["en"], said["fr"], strict=True))
    assert not any("{" in sentence for sentences in said.values() for sentence in sentences)
