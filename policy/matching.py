"""Whether a name may be that of a listed person or entity: how alike, and why.

Not whether it *is* that person: a reviewer judges. Never replayed, so it may use rapidfuzz.

The way (domain.md 3.5): write both names in plain Latin letters, drop titles and legal forms, pair
the words in whatever order they stand, count what agrees, what contradicts and what is merely
missing, then weigh birth date, country and kind. Every part of the sum is kept with the score.
"""

# ruff: noqa: PLR2004, RUF001, SIM905 - a table of letters, and weights read in their sum

from __future__ import annotations

import math
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any

from rapidfuzz import process
from rapidfuzz.distance import OSA

VERSION = "1"
"""Stands in each hit's features: a later way of scoring does not silently explain an old score."""

# ---- what an extra costs (domain.md 3.5, after logic-v2, softened where a partner's own
# statement is the only source)

WEAK_ALIAS = 0.8
OTHER_BIRTH_YEAR = -0.25
OTHER_BIRTH_DAY = -0.1
SAME_BIRTH_DAY = 0.05
SAME_BIRTH_YEAR = 0.02
OTHER_COUNTRY = -0.1
SAME_COUNTRY = 0.02
OTHER_KIND = -0.15

CONTRADICTION = 0.15
"""What a word on each side without counterpart takes away beside its share."""
EXTRA_WORD = {"person": 0.04, "organization": 0.1}
ONE_WORD_OF_MANY = 0.3
OTHER_NUMBER = 0.3
MOST_CANDIDATES = 400
"""Names scored in full per question; the rarest shared words come first."""


@dataclass(frozen=True)
class Entry:
    """What matching needs of a list entry."""

    list_id: str
    entry: str
    kind: str
    names: tuple[str, ...]
    aliases: tuple[str, ...] = ()
    weak_aliases: tuple[str, ...] = ()
    birth_dates: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    identity: str = ""


@dataclass(frozen=True)
class Scored:
    """An entry, the name of it that came closest, the score from 0 to 1 and what it is made of."""

    entry: Entry
    name: str
    score: float
    features: dict[str, Any]

    @property
    def list_id(self) -> str:
        return self.entry.list_id


@dataclass(frozen=True)
class _Name:
    """One way of writing an entry's name."""

    written: str
    words: tuple[str, ...]
    position: int
    alias: bool
    weak: bool


class Matcher:
    """All entries of some lists, indexed by word. Built once per set of snapshots."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self.entries = tuple(entries)
        self._names: list[_Name] = []
        self._by_word: dict[str, list[int]] = defaultdict(list)
        self._by_sound: dict[str, set[str]] = defaultdict(set)
        self._by_joined: dict[str, list[int]] = defaultdict(list)
        for position, entry in enumerate(self.entries):
            for name in _names_of(entry, position):
                number = len(self._names)
                self._names.append(name)
                for word in set(name.words):
                    self._by_word[word].append(number)
                self._by_joined["".join(name.words)].append(number)
        self._words = list(self._by_word)
        for word in self._words:
            self._by_sound[sound(word)].add(word)
        self._joined = list(self._by_joined)
        self._alike = lru_cache(maxsize=20_000)(self._alike_words)

    def candidates(
        self,
        name: str,
        kind: str | None = None,
        birth_date: date | str | None = None,
        country: str | None = None,
        threshold: float = 0.7,
    ) -> list[Scored]:
        """Entries at or above *threshold*, best first; each once, by its closest name."""
        best: dict[int, Scored] = {}
        for words in spellings(name, kind):
            for number in self._worth_scoring(words):
                found = self._names[number]
                entry = self.entries[found.position]
                scored = _score(words, found, entry, kind, birth_date, country)
                known = best.get(found.position)
                if known is None or scored.score > known.score:
                    best[found.position] = scored
        kept = [scored for scored in best.values() if scored.score >= threshold]
        return sorted(kept, key=lambda s: (-s.score, s.entry.list_id, s.entry.entry))

    def _worth_scoring(self, words: tuple[str, ...]) -> list[int]:
        total = len(self._names) or 1
        weights: dict[int, float] = defaultdict(float)
        for word in set(words):
            for alike in self._alike(word):
                numbers = self._by_word[alike]
                rarity = math.log(1 + total / len(numbers))
                if word in PARTICLES:
                    rarity *= 0.1
                for number in numbers:
                    weights[number] += rarity
        joined = "".join(words)
        if len(joined) > 4:
            close = process.extract(
                joined,
                self._joined,
                scorer=OSA.normalized_similarity,
                score_cutoff=0.85,
                limit=50,
            )
            for written, _, _ in close:
                for number in self._by_joined[written]:
                    weights[number] += 100.0
        ranked = sorted(weights, key=lambda number: (-weights[number], number))
        return ranked[:MOST_CANDIDATES]

    def _alike_words(self, word: str) -> tuple[str, ...]:
        if len(word) == 1:
            return tuple(w for w in self._words if w == word)
        found = set(self._by_sound.get(sound(word), ()))
        found.update(
            other
            for other, _, _ in process.extract(
                word,
                self._words,
                scorer=OSA.normalized_similarity,
                score_cutoff=_least_alike(word),
                limit=300,
            )
        )
        return tuple(sorted(found))


def _names_of(entry: Entry, position: int) -> Iterable[_Name]:
    seen: set[tuple[str, ...]] = set()
    told = [(False, False, name) for name in entry.names]
    told += [(True, False, name) for name in entry.aliases]
    told += [(True, True, name) for name in entry.weak_aliases]
    for alias, called_weak, written in told:
        for words in spellings(written, entry.kind):
            if words in seen:
                continue
            seen.add(words)
            weak = called_weak or ((alias or len(seen) > 1) and is_weak(words))
            yield _Name(written, words, position, alias, weak)


def is_weak(words: Sequence[str]) -> bool:
    """A nickname or an acronym: one short word says little by itself."""
    return len(words) == 1 and len(words[0]) <= 6


# ---- names as words

TITLES = frozenset(
    "mr mrs ms dr prof professor sir shaikh sheikh shaykh cheikh mullah mulla maulavi mawlawi"
    " maulvi haji hajj hajji qari general gen colonel col major maj captain capt lieutenant lt"
    " president prasident minister mv mt na".split()
)
PARTICLES = frozenset(
    "al el ul ad ar as at az bin ibn ben bint abu abou abd abdul de da del di du la le van von der"
    " den the of and for et des y".split()
)
_SAME_PARTICLE = {
    "el": "al", "ul": "al", "ibn": "bin", "ben": "bin", "abou": "abu", "abdel": "abdul",
    "abdal": "abdul", "ould": "wald",
}  # fmt: skip
_FORMS = (
    "limited liability company", "societatea cu raspundere limitata", "public limited company",
    "joint stock company", "joynt stock company", "societe a responsabilite limitee",
    "societe anonyme", "obsestvo s ogranicennoi otvetstvennostiu", "akcionernoe obsestvo",
    "aktiengesellschaft", "aktiengeselschaft", "incorporated", "incorporee", "corporation",
    "company", "limited", "limitee", "private", "public", "gmbh", "ltd", "ltda", "llc", "inc",
    "corp", "plc", "llp", "pjsc", "ojsc", "cjsc", "jsc", "ooo", "oao", "pao", "zao", "ao", "ano",
    "sarl", "srl", "spa", "sas", "sa", "bv", "nv", "ag", "akg", "se", "kg", "oy", "ab", "pte",
    "pty", "sdn", "bhd", "co", "cie", "sp z oo", "foundation trust", "stiftung",
)  # fmt: skip
_FORM = re.compile(r"\b(?:" + "|".join(_FORMS) + r")\b")
_FORM_BESIDE_A_PERSON = re.compile(
    r"\b(?:" + "|".join(form for form in _FORMS if len(form) > 2) + r")\b"
)
_INITIALS = re.compile(r"\b(?:[^\W\d_]\.){2,}[^\W\d_]?\b\.?")
_IN_BRACKETS = re.compile(r"[(\[]([^)\]]*)[)\]]")
_NUMBERS = {
    "first": "1", "1st": "1", "second": "2", "2nd": "2", "third": "3", "3rd": "3", "one": "1",
    "two": "2", "three": "3", "four": "4", "five": "5", "six": "6", "seven": "7", "eight": "8",
    "nine": "9", "ten": "10",
}  # fmt: skip
_SAME_WORD = {
    "organisation": "organization", "organisations": "organizations", "intl": "international",
    "int": "international", "internationale": "international", "us": "united states",
    "usa": "united states", "uk": "united kingdom", "un": "united nations", "dept": "department",
}  # fmt: skip
_ABDUL = re.compile(r"^abd(?:[aeou]l|ur|ar|us|as)([a-z]{3,})$")


@lru_cache(maxsize=50_000)
def spellings(name: str, kind: str | None = None) -> tuple[tuple[str, ...], ...]:
    """The ways to read *name*, each as plain words: without its brackets, each part of a slash,
    and what stands in brackets where it is a name of its own."""
    texts = [_IN_BRACKETS.sub(" ", name), *_IN_BRACKETS.findall(name)]
    texts += [part for text in texts[:1] if "/" in text for part in text.split("/")]
    found = (words_of(text, kind) for text in texts)
    return tuple(dict.fromkeys(words for words in found if words))


def words_of(name: str, kind: str | None = None) -> tuple[str, ...]:
    """*name* in plain lower-case words, without titles (of people) and legal forms."""
    plain = in_latin(_INITIALS.sub(lambda found: found[0].replace(".", ""), name))
    plain = re.sub(r"['`\u2018\u2019\u02bc\u00b4\u02bb\u02bf\u02be]", "", plain)
    plain = " ".join(re.findall(r"[^\W_]+", plain))
    if kind != "person":
        plain = re.sub(r"\bsp z o o\b", "sp z oo", plain)
    form = _FORM_BESIDE_A_PERSON if kind == "person" else _FORM
    bare = " ".join(form.sub(" ", plain).split())
    words: list[str] = []
    for written in (bare or plain).split():
        word = written
        if kind != "organization" and word in TITLES:
            continue
        if kind == "person" and (glued := _ABDUL.match(word)):
            words += ["abdul", glued[1]]
            continue
        if kind != "person":
            word = _NUMBERS.get(word, _SAME_WORD.get(word, word))
        words += _SAME_PARTICLE.get(word, word).split()
    return tuple(words or plain.split())


def normalized(name: str, kind: str | None = None) -> str:
    """One form of a name for telling whether two requests mean the same party."""
    return " ".join(sorted(words_of(name, kind)))


_CYRILLIC = dict(
    zip(
        "абвгдежзийклмнопрстуфхцчшщъыьэюяіїєґўјљњћђџ",
        "a b v g d e zh z i i k l m n o p r s t u f kh ts ch sh shch _ y _ e yu ya i yi ye g u j lj"
        " nj c dj dz".replace("_", "-").split(),
        strict=True,
    )
)
_ARABIC = dict(
    zip(
        "ابتثجحخدذرزسشصضطظعغفقكلمنهويةىءآأإؤئپچژگکی",
        "a b t th j h kh d dh r z s sh s d t z a gh f q k l m n h w y a a - a a i w y p ch zh g k"
        " y".split(),
        strict=True,
    )
)
_OTHER = {
    "ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ł": "l", "ı": "i", "þ": "th", "ð": "d",
    "&": " and ",
}  # fmt: skip
_LETTERS = {k: v.replace("-", "") for k, v in (_CYRILLIC | _ARABIC | _OTHER).items()}
_BY_INITIAL = ("ARMENIAN", "GEORGIAN", "HEBREW")
_BY_SYLLABLE = ("HANGUL SYLLABLE", "KATAKANA LETTER", "HIRAGANA LETTER")


def in_latin(text: str) -> str:
    """*text* in lower-case Latin letters without marks, as far as small tables reach.

    Unicode's own letter names give the sound of Hangul and kana and the first sound of Armenian,
    Georgian, Greek and Hebrew letters; Chinese characters stay as they are.
    """
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(_letter(character) for character in folded)


@lru_cache(maxsize=10_000)
def _letter(character: str) -> str:
    if character.isascii():
        return character
    if character in _LETTERS:
        return _LETTERS[character]
    plain = "".join(
        c for c in unicodedata.normalize("NFKD", character) if not unicodedata.combining(c)
    )
    if plain.isascii():
        return plain
    name = unicodedata.name(character, "")
    if name.startswith(_BY_SYLLABLE):
        return name.rsplit(" ", 1)[-1].lower()
    if name.startswith(_BY_INITIAL) and " LETTER " in name:
        return name.rsplit(" ", 1)[-1][:1].lower()
    if name.startswith("GREEK") and " LETTER " in name:
        return _greek(name.split(" LETTER ")[1].split(" WITH ")[0])
    if unicodedata.category(character) in ("Mn", "Cf", "Lm"):
        return ""
    return _LETTERS.get(plain, plain)


def _greek(letter: str) -> str:
    special = {"THETA": "th", "CHI": "ch", "PSI": "ps", "PHI": "f", "ETA": "i", "UPSILON": "y",
               "FINAL SIGMA": "s", "XI": "x"}  # fmt: skip
    return special.get(letter, letter[:1].lower())


_SOUNDS = (
    ("shch", "s"), ("sch", "s"), ("tch", "s"), ("ch", "s"), ("sh", "s"), ("kh", "k"), ("gh", "g"),
    ("ph", "f"), ("th", "t"), ("dh", "d"), ("zh", "j"), ("ck", "k"), ("q", "k"), ("c", "k"),
    ("x", "ks"), ("w", "v"), ("z", "s"), ("dj", "j"),
)  # fmt: skip


@lru_cache(maxsize=200_000)
def sound(word: str) -> str:
    """The consonants of a word, spelt one way: Usama and Osama, Hussein and Husayn."""
    for letters, spelt in _SOUNDS:
        word = word.replace(letters, spelt)
    first = "a" if word[:1] in "aeiouy" else word[:1]
    rest = re.sub(r"[aeiouy]", "", word[1:])
    return re.sub(r"(.)\1+", r"\1", first + rest)


# ---- how alike


def _least_alike(word: str) -> float:
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
    least = max(_least_alike(one), _least_alike(other))
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


def _score(
    words: tuple[str, ...],
    found: _Name,
    entry: Entry,
    kind: str | None,
    birth_date: date | str | None,
    country: str | None,
) -> Scored:
    likeness = compare(words, found.words, kind or entry.kind)
    name_score = likeness.score
    features: dict[str, Any] = {
        "version": VERSION,
        "name": name_score,
        "pairs": [list(pair) for pair in likeness.pairs],
        "missing": list(likeness.missing),
        "extra": list(likeness.extra),
        "alias": found.alias,
        "weak_alias": found.weak,
    }
    if likeness.joined:
        features["joined"] = True
    score = name_score
    if found.weak:
        # A short alias has to be the same word, and even then says little.
        score = score * WEAK_ALIAS if words == found.words else 0.0
    for feature, outcome, weight in (
        ("birth_date", *weigh_birth_date(birth_date, entry.birth_dates)),
        ("country", *_weigh_country(country, entry.countries)),
        ("kind", *_weigh_kind(kind, entry.kind)),
    ):
        if outcome is not None:
            features[feature] = {"result": outcome, "weight": weight}
            score += weight
    score = round(min(max(score, 0.0), 1.0), 3)
    return Scored(entry, found.written, score, features)


def weigh_birth_date(given: date | str | None, listed: Sequence[str]) -> tuple[str | None, float]:
    """`same`, `same_year`, `near` (a year apart: listed dates are often guesses) or `differs`."""
    if given is None or not listed:
        return None, 0.0
    wanted = given.isoformat() if isinstance(given, date) else given
    if wanted in listed and len(wanted) == 10:
        return "same", SAME_BIRTH_DAY
    year = int(wanted[:4])
    apart = [(abs(int(value[:4]) - year), len(value) == 10) for value in listed]
    nearest = min(years for years, _ in apart)
    if nearest == 0:
        exact = all(precise for years, precise in apart if years == 0) and len(wanted) == 10
        return ("other_day", OTHER_BIRTH_DAY) if exact else ("same_year", SAME_BIRTH_YEAR)
    return ("near", 0.0) if nearest == 1 else ("differs", OTHER_BIRTH_YEAR)


def _weigh_country(given: str | None, listed: Sequence[str]) -> tuple[str | None, float]:
    if given is None or not listed:
        return None, 0.0
    return ("same", SAME_COUNTRY) if given in listed else ("differs", OTHER_COUNTRY)


def _weigh_kind(given: str | None, listed: str) -> tuple[str | None, float]:
    if given not in ("person", "organization") or listed not in ("person", "organization"):
        return None, 0.0
    return ("same", 0.0) if given == listed else ("differs", OTHER_KIND)
