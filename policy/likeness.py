"""How alike two names are, word by word, in whatever order their words stand.

Words that agree count for, words that contradict count against, words that are merely missing
count little. Every part of the sum is kept.
"""

# ruff: noqa: PLR2004 - weights that are read in their sum

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from rapidfuzz.distance import OSA

from policy.name_words import PARTICLES, sound

CONTRADICTION = 0.15
"""What a word on each side without counterpart takes away beside its share."""
EXTRA_WORD = {"person": 0.04, "organization": 0.1}
ONE_WORD_OF_MANY = 0.3
OTHER_NUMBER = 0.3


def least_alike(word: str) -> float:
    return 0.7 if len(word) >= 5 else 0.74


@lru_cache(maxsize=200_000)
def alike(one: str, other: str) -> float:
    """From 0 to 1, how alike two words are; 0 below what could be the same word."""
    if one == other:
        return 1.0
    if one.isdigit() or other.isdigit():
        return 0.0
    short, long = sorted((one, other), key=len)
    if len(short) == 1:
        return 0.8 if long[0] == short and short.isalpha() else 0.0
    likeness = OSA.normalized_similarity(one, other)
    least = max(least_alike(one), least_alike(other))
    best = likeness if likeness >= least else 0.0
    if len(sound(one)) > 1 and sound(one) == sound(other):
        without_vowels = not re.search(r"[aeiou]", one[1:]) or not re.search(r"[aeiou]", other[1:])
        if likeness >= 0.55 or without_vowels:
            best = max(best, 0.92)
    return best


@dataclass(frozen=True)
class Likeness:
    """How alike two names are, and which words were paired."""

    score: float
    pairs: tuple[tuple[str, str, float], ...] = ()
    missing: tuple[str, ...] = ()
    """Words of the name asked about that have no counterpart."""
    extra: tuple[str, ...] = ()
    """Words of the listed name that have none."""
    joined: bool = field(default=False)
    """The names agree once the gaps between words are ignored."""


def compare(words: Sequence[str], others: Sequence[str], kind: str | None = None) -> Likeness:
    """How alike two names are, in whatever order their words stand."""
    if tuple(words) == tuple(others):
        return Likeness(1.0, tuple((word, word, 1.0) for word in words))
    possible = sorted(
        (-likeness, i, j)
        for i, word in enumerate(words)
        for j, other in enumerate(others)
        if (likeness := alike(word, other)) > 0
    )
    paired: dict[int, int] = {}
    taken: set[int] = set()
    pairs: list[tuple[str, str, float]] = []
    for likeness, i, j in possible:
        if i not in paired and j not in taken:
            paired[i] = j
            taken.add(j)
            pairs.append((words[i], others[j], round(-likeness, 3)))
    missing = tuple(word for i, word in enumerate(words) if i not in paired)
    extra = tuple(other for j, other in enumerate(others) if j not in taken)
    score = _sum(pairs, missing, extra, kind)
    joined = OSA.normalized_similarity("".join(words), "".join(others))
    if joined >= 0.9 and joined > score and not _numbers(missing + extra):
        return Likeness(round(joined, 3), tuple(pairs), missing, extra, joined=True)
    return Likeness(round(score, 3), tuple(pairs), missing, extra)


def _sum(
    pairs: Sequence[tuple[str, str, float]],
    missing: Sequence[str],
    extra: Sequence[str],
    kind: str | None,
) -> float:
    matched = sum(_weight(word) for word, _, _ in pairs)
    if matched == 0:
        return 0.0
    quality = sum(_weight(word) * likeness for word, _, likeness in pairs) / matched
    without = sum(map(_weight, missing)), sum(map(_weight, extra))
    against, over = min(without), max(without) - min(without)
    score = quality * matched / (matched + against) - CONTRADICTION * min(against, 1.0)
    score -= over * EXTRA_WORD.get(kind or "person", 0.05)
    if over >= 0.5 and matched < 1.5:
        score -= ONE_WORD_OF_MANY
    if _numbers(missing) and _numbers(extra):
        score -= OTHER_NUMBER
    return max(score, 0.0)


def _weight(word: str) -> float:
    if word in PARTICLES:
        return 0.2
    return 0.5 if len(word) == 1 and word.isalpha() else 1.0


def _numbers(words: Sequence[str]) -> bool:
    return any(word.isdigit() for word in words)
