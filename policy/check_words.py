"""What an automatic check found, as a sentence in which codes have their names."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache

from policy import content_labels, labels, wording
from policy.sentences import CHECK_DETAILS, sentence
from schemas.proposal import Check
from schemas.values import Bilingual

Names = Mapping[str, Bilingual]
"""Of focus areas and regions, which the policy files name themselves (`Catalogue.names`)."""


def in_words(check: Check, names: Names, language: str) -> str:
    """The sentence of *check*; its code where it has none."""
    words = CHECK_DETAILS.get(check.detail)
    if words is None:
        return check.detail
    facts = {name: _fact(name, fact, names, language) for name, fact in check.facts.items()}
    return sentence(words, facts, language)


def _fact(name: str, fact: str, names: Names, language: str) -> str:
    if name in _WRITTEN:
        return _written(name, fact, language)
    codes = fact.split(", ")
    if name == "places":
        return ", ".join(_place(code, names, language) for code in codes)
    known = names if name == "focus_areas" else _LISTS.get(name)
    if known is None:
        return fact
    return ", ".join(known[c].in_language(language) if c in known else c for c in codes)


def _place(code: str, names: Names, language: str) -> str:
    return names[code].in_language(language) if code in names else wording.country(code, language)


@lru_cache(maxsize=4096)
def _written(name: str, fact: str, language: str) -> str:
    """Kept, since a proposal is shown again and again and its amounts and days stay the same."""
    return _WRITTEN[name](fact, language)


_WRITTEN: dict[str, Callable[[str, str], str]] = {
    "amount": wording.money,
    "least": wording.money,
    "most": wording.money,
    "total": wording.money,
    "start_date": wording.day,
    "end_date": wording.day,
}
_LISTS: dict[str, Names] = {
    "assistance": content_labels.options("assistance"),
    "partner_kind": content_labels.options("partner_kind"),
    "route": content_labels.options("route"),
    "roles": content_labels.options("roles"),
    "instruments": labels.options("instrument"),
}
