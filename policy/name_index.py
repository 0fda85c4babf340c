"""Which of very many listed names are worth comparing with one that is asked about.

A name is found by any word of it that is the same, sounds the same or is a few letters away, or
by all its letters without the gaps. Words are looked up by their pairs of letters: of a hundred
thousand names some hundred remain, and only those are compared in full.
"""

# ruff: noqa: PLR2004 - bounds of what could be the same word

from __future__ import annotations

import heapq
import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import lru_cache

from rapidfuzz import process
from rapidfuzz.distance import OSA

from policy.likeness import least_alike
from policy.name_words import PARTICLES, sound

MOST_CANDIDATES = 150
"""Names compared in full per question; the rarest shared words come first."""
_WORTH = 0.3
"""Of the weight that the closest name shares: whoever shares less is not compared."""
_MOST_SLIPS = 2
_ENDS = 3
"""Letters at the start or the end that joined names have in common."""
_JOINED = 0.85


class NameIndex:
    """Names by number, each as its words."""

    def __init__(self, names: Sequence[tuple[str, ...]]) -> None:
        self._total = len(names) or 1
        self._by_word: dict[str, list[int]] = defaultdict(list)
        self._by_ends: dict[str, list[str]] = defaultdict(list)
        self._by_joined: dict[str, list[int]] = defaultdict(list)
        for number, words in enumerate(names):
            for word in set(words):
                self._by_word[word].append(number)
            self._by_joined["".join(words)].append(number)
        for joined in self._by_joined:
            for ends in _ends(joined):
                self._by_ends[ends].append(joined)
        self._by_sound: dict[str, list[str]] = defaultdict(list)
        self._by_pair: dict[tuple[str, int], list[str]] = defaultdict(list)
        for word in self._by_word:
            self._by_sound[sound(word)].append(word)
            for pair in _pairs(word):
                self._by_pair[pair, len(word)].append(word)
        self._alike = lru_cache(maxsize=20_000)(self._alike_words)

    def near(self, words: tuple[str, ...]) -> list[int]:
        """The numbers of the names that share most with *words*, the best first."""
        weights: dict[int, float] = defaultdict(float)
        for word in set(words):
            least = 0.1 if word in PARTICLES else 1.0
            for other, likeness in self._alike(word):
                numbers = self._by_word[other]
                rarity = math.log(1 + self._total / len(numbers)) * least * likeness
                for number in numbers:
                    weights[number] += rarity
        least = _WORTH * max(weights.values(), default=0.0)
        worth = (number for number, weight in weights.items() if weight >= least)
        ranked = heapq.nlargest(MOST_CANDIDATES, worth, key=weights.__getitem__)
        joined = self._joined_like("".join(words))
        together = [number for name in joined for number in self._by_joined[name]]
        return list(dict.fromkeys([*ranked, *together[:MOST_CANDIDATES]]))

    def _joined_like(self, joined: str) -> list[str]:
        if len(joined) <= 4:
            return []
        near = {name for ends in _ends(joined) for name in self._by_ends.get(ends, ())}
        close = process.extract(
            joined, near, scorer=OSA.normalized_similarity, score_cutoff=_JOINED, limit=50
        )
        return sorted(name for name, _, _ in close)

    def _alike_words(self, word: str) -> tuple[tuple[str, float], ...]:
        """Words of the list that could be *word*, with how much of it they are."""
        if len(word) == 1:
            return ((word, 1.0),) if word in self._by_word else ()
        found = dict.fromkeys(self._by_sound.get(sound(word), ()), 0.8)
        close = process.extract(
            word,
            self._near_words(word),
            scorer=OSA.normalized_similarity,
            score_cutoff=least_alike(word),
            limit=300,
        )
        found.update({other: likeness for other, likeness, _ in close})
        return tuple(sorted(found.items()))

    def _near_words(self, word: str) -> set[str]:
        """Words of about its length that share a pair of letters which a few slips leave alone.

        A letter changed spoils two pairs, two letters swapped spoil three: of any pairs but so
        many one is left. So the rarest are enough.
        """
        slips = min(max(1, len(word) * 3 // 10), _MOST_SLIPS)
        lengths = range(len(word) - slips, len(word) + slips + 1)
        held = [[self._by_pair.get((pair, length), ()) for length in lengths]
                for pair in _pairs(word)]  # fmt: skip
        held.sort(key=lambda lists: sum(map(len, lists)))
        return set().union(*(words for lists in held[: 3 * slips + 1] for words in lists))


def _pairs(word: str) -> set[str]:
    bounded = f"^{word}$"
    return {bounded[at : at + 2] for at in range(len(bounded) - 1)}


def _ends(joined: str) -> Iterable[str]:
    return (f"^{joined[:_ENDS]}", f"{joined[-_ENDS:]}$")
