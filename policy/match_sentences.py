"""Why two names are thought alike, in sentences for people: made of the features of a score.

The score and its parts are codes and numbers, kept with the hit (`policy.matching`); the words
are made here when somebody reads, in the language of the reader.
"""

# ruff: noqa: RUF001 - French apostrophes

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from schemas.values import Bilingual


def _said(en: str, fr: str) -> Bilingual:
    return Bilingual(en=en, fr=fr)


_NAME = _said("The names agree to {percent} %.", "Les noms concordent à {percent} %.")
_SAME = _said("The same in both: {words}.", "Identique des deux côtés : {words}.")
_ALIKE = _said(
    "“{one}” may be “{other}” ({percent} %).", "« {one} » peut être « {other} » ({percent} %)."
)
_MISSING = _said("Not in the listed name: {words}.", "Absent du nom inscrit : {words}.")
_EXTRA = _said("Only in the listed name: {words}.", "Seulement dans le nom inscrit : {words}.")
_JOINED = _said(
    "The letters agree once the gaps between words are ignored.",
    "Les lettres concordent si l’on ne tient pas compte des espaces entre les mots.",
)
_ALIAS = _said("It is another name of the entry.", "C’est un autre nom de l’inscription.")
_WEAK = _said(
    "It is a weak alias, which counts for less: the word must be the same.",
    "C’est un pseudonyme faible, qui compte moins : le mot doit être le même.",
)
_QUALIFIERS = {
    "birth_date": {
        "same": _said("The birth dates are the same", "Les dates de naissance sont identiques"),
        "same_year": _said("The years of birth are the same", "Les années de naissance concordent"),
        "other_day": _said(
            "The year of birth is the same, the day is another",
            "L’année de naissance concorde, le jour diffère",
        ),
        "near": _said(
            "The years of birth are one apart", "Les années de naissance diffèrent d’un an"
        ),
        "differs": _said("The years of birth differ", "Les années de naissance diffèrent"),
    },
    "country": {
        "same": _said("The countries are the same", "Les pays concordent"),
        "differs": _said("The countries differ", "Les pays diffèrent"),
    },
    "kind": {
        "same": _said(
            "Both are persons, or both organizations",
            "Ce sont deux personnes, ou deux organisations",
        ),
        "differs": _said(
            "One is a person, the other an organization",
            "L’une est une personne, l’autre une organisation",
        ),
    },
}
_WEIGHT = _said("{text} ({weight}).", "{text} ({weight}).")


def explain(features: Mapping[str, Any], language: str) -> tuple[str, ...]:
    """What the score is made of, one sentence for each part, the name first."""
    return tuple(_sentences(features, language))


def in_both(features: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    return {"en": explain(features, "en"), "fr": explain(features, "fr")}


def _sentences(features: Mapping[str, Any], language: str) -> Iterator[str]:
    def say(sentence: Bilingual, **facts: object) -> str:
        return sentence.in_language(language).format(**facts)

    yield say(_NAME, percent=_percent(features["name"]))
    pairs = features.get("pairs", [])
    if same := [one for one, other, likeness in pairs if one == other and likeness == 1]:
        yield say(_SAME, words=", ".join(same))
    for one, other, likeness in pairs:
        if one != other:
            yield say(_ALIKE, one=one, other=other, percent=_percent(likeness))
    if missing := features.get("missing"):
        yield say(_MISSING, words=", ".join(missing))
    if extra := features.get("extra"):
        yield say(_EXTRA, words=", ".join(extra))
    if features.get("joined"):
        yield say(_JOINED)
    if features.get("weak_alias"):
        yield say(_WEAK)
    elif features.get("alias"):
        yield say(_ALIAS)
    for feature, results in _QUALIFIERS.items():
        told = features.get(feature)
        if told is not None:
            text = results[told["result"]].in_language(language)
            if not told["weight"]:
                yield f"{text}."
                continue
            weight = f"{told['weight']:+.2f}"
            weight = weight.replace(".", ",") if language == "fr" else weight
            yield say(_WEIGHT, text=text, weight=weight)


def _percent(likeness: float) -> int:
    return round(float(likeness) * 100)
