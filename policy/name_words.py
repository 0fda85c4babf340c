"""Names as plain words: Latin letters, no titles, no legal forms, one spelling of small words.

Not how alike two of them are (`policy.likeness`), nor whom they may mean (`policy.matching`).
"""

# ruff: noqa: PLR2004, RUF001, SIM905 - tables of letters and words

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from functools import lru_cache

MOST_LETTERS = 1_000
"""What is longer is no name; the rest is not looked at, so that nobody can make screening slow."""
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
    "el": "al", "ul": "al", "ibn": "bin", "ben": "bin", "abou": "abu",
    "abdel": "abdul", "abdal": "abdul", "ould": "wald",
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
    name = name[:MOST_LETTERS]
    # Behind the last bracket that closes, one that opens would be looked for in vain, each anew.
    closed = max(name.rfind(")"), name.rfind("]")) + 1
    head, tail = name[:closed], name[closed:]
    texts = [_IN_BRACKETS.sub(" ", head) + tail, *_IN_BRACKETS.findall(head)]
    texts += [part for text in texts[:1] if "/" in text for part in text.split("/")]
    texts += [read for text in texts if _IN_ARABIC.search(text) for read in unvowelled(text)]
    found = (_with_one_article(words_of(text, kind), kind) for text in texts)
    return tuple(dict.fromkeys(words for words in found if words))


def _with_one_article(words: tuple[str, ...], kind: str | None) -> tuple[str, ...]:
    """The article as it is spoken before some letters, and `abd al-`, written one way.

    Not in `words_of`, by which `normalized` tells whether a party is the same as it was.
    """
    if kind != "person":
        return words
    plain = " ".join("al" if word in ("ur", "ud") else word for word in words)
    return tuple(plain.replace("abd al ", "abdul ").split())


def unvowelled(text: str) -> tuple[str, ...]:
    """*text* with words in Arabic letters by their consonants in Latin ones.

    That script leaves short vowels out, and of waw and yeh no letter tells whether they are long
    vowels or consonants: each way is a spelling. With its vowels left out a word is spelt as
    `sound` spells it, from whatever script it came. The article stands apart; `abd al-` is read as
    one, and `allah` and `al-din` belong to the word before.
    """
    plain = _ABD_AL.sub("abdul ", _without_marks(text))
    plain = _JOINED_TO_IT.sub(lambda found: found[1] or found[2], plain)
    return tuple(_IN_ARABIC.sub(_in_consonants(left), plain) for left in _LEFT_OUT)


def _in_consonants(left_out: re.Pattern[str]) -> Callable[[re.Match[str]], str]:
    return lambda found: f" {_consonants(found[0], left_out)} "


def _consonants(word: str, left_out: re.Pattern[str]) -> str:
    if word in _ARABIC_PARTICLES:
        return _ARABIC_PARTICLES[word]
    article, bare = ("al ", word[2:]) if word.startswith("ال") and len(word) > 4 else ("", word)
    whole = in_latin(bare)
    short = in_latin(bare[0] + left_out.sub("", bare[1:]))
    return article + (whole if short in PARTICLES or len(short) < 2 else short)


def _without_marks(text: str) -> str:
    """Without vowel signs and the line that only stretches a word."""
    folded = unicodedata.normalize("NFKC", text)
    return "".join(c for c in folded if c != "\u0640" and unicodedata.category(c) != "Mn")


def words_of(name: str, kind: str | None = None) -> tuple[str, ...]:
    """*name* in plain lower-case words, without titles (of people) and legal forms."""
    name = name[:MOST_LETTERS]
    plain = in_latin(_INITIALS.sub(lambda found: found[0].replace(".", ""), name))
    plain = re.sub(r"['`\u2018\u2019\u02bc\u00b4\u02bb\u02bf\u02be]", "", plain)[:MOST_LETTERS]
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
_IN_ARABIC = re.compile(r"[\u0620-\u064a\u066e-\u06d3\u06fa-\u06ff]+")
_LEFT_OUT = (
    re.compile("[اويىئءآأإؤةیع]"),
    re.compile("[ايىئءآأإةیع]"),
    re.compile("[اوىءآأإؤةع]"),
)
"""Vowels behind the first letter: all, all but waw, all but yeh."""
_JOINED_TO_IT = re.compile(r"(?<=\w)\s*ال(د[يی]ن)(?!\w)|(?<=\w)\s+(الله)(?!\w)")
_ABD_AL = re.compile(r"(?<!\w)عبد\s*ال(?=\w{2})")
_ARABIC_PARTICLES = {
    "بن": "bin", "ابن": "bin", "بنت": "bint", "ابو": "abu", "أبو": "abu", "أبي": "abu",
    "ابي": "abu", "ال": "al", "آل": "al", "عبد": "abd",
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
