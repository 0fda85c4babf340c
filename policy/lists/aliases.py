"""Other names as lists write them: one string of commas, semicolons and nested brackets.

Nothing is lost where the punctuation is broken: a bracket that never closes ends with the
string, and a part that cannot be taken apart stays whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from policy.lists.entries import clean

_FORM = re.compile(
    r"^(?:ltd|limited|inc|incorporated|llc|l\.l\.c|plc|co|corp|gmbh|s\.?a|s\.?a\.?r\.?l|jsc|pte"
    r"|pvt|bv|b\.v|n\.?v|ag|s\.?p\.?a|jr|sr)\.?$",
    re.IGNORECASE,
)
_KNOWN_AS = re.compile(
    r"\b(?:(?:also|formerly|commonly|better|previously)\s+)?known\s+(?:also\s+)?"
    r"(?:among\s+other\s+names\s+)?(?:as|under\s+the\s+names?)\b[:\s]*"
    r"|(?<![a-z])[af]\.?k\.?a\.?(?![a-z])[:\s]*|\balias(?:es)?\b[:\s]*",
    re.IGNORECASE,
)
_AND = re.compile(r"^(?:and|or|et|ou)\s+", re.IGNORECASE)
_QUOTES = "\"'\u201c\u201d\u00ab\u00bb\u2018\u2019 "


def split_known_as(text: str) -> tuple[str, str]:
    """A name, and what follows it as other names: `Al A (B) (also known as C, D)`."""
    for start, inner in _bracketed(text):
        known = _KNOWN_AS.match(inner.lstrip())
        if known is not None:
            rest = inner.lstrip()[known.end() :]
            after = text[start + len(inner) + 2 :].strip(" ;,.")
            return text[:start], f"{rest}, {after}" if after else rest
    return text, ""


def listed_names(text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The names in a string of them, and the weak ones: single words in brackets."""
    names: dict[str, None] = {}
    weak: dict[str, None] = {}
    for part in _parts(text):
        _take(part, names, weak)
    return tuple(names), tuple(name for name in weak if name not in names)


def _take(part: str, names: dict[str, None], weak: dict[str, None], *, inner: bool = False) -> None:
    inside = list(_bracketed(part))
    bare = _stripped(_without(part, inside))
    if inner and bare and " " not in bare:
        weak.setdefault(bare)
    elif inner and "/" in bare:
        names.update(dict.fromkeys(each for half in bare.split("/") if (each := _stripped(half))))
    elif bare:
        names.setdefault(bare)
    for _, held in inside:
        for each in _parts(_KNOWN_AS.sub(" ", held)):
            # Where nothing stands before the bracket, what it holds is the name.
            _take(each, names, weak, inner=inner or bool(bare))


def _parts(text: str) -> Iterator[str]:
    """What commas and semicolons part outside of brackets; a legal form stays with its name."""
    found: list[str] = []
    for part in _outside(text, ",;\n\t"):
        if found and _FORM.match(part.strip()):
            found[-1] = f"{found[-1].rstrip()}, {part.strip()}"
        elif part.strip():
            found.append(part.strip())
    yield from (_AND.sub("", part) for part in found)
    if len(found) > 1 and not _AND.match(found[-1]):
        yield from _halves(found[-1])


def _halves(part: str) -> tuple[str, ...]:
    """`B and C` at the end of a list is two names, or one: both readings are kept."""
    masked = list(part)
    for start, held in _bracketed(part):
        masked[start : start + len(held) + 2] = "." * len(part[start : start + len(held) + 2])
    joints = list(re.finditer(r"\s+(?:and|or)\s+", "".join(masked)))
    if len(joints) != 1:
        return ()
    return part[: joints[0].start()], part[joints[0].end() :]


def _outside(text: str, marks: str) -> list[str]:
    depth, start, found = 0, 0, []
    for position, character in enumerate(text):
        if character in "([":
            depth += 1
        elif character in ")]":
            depth = max(depth - 1, 0)
        elif character in marks and depth == 0:
            found.append(text[start:position])
            start = position + 1
    return [*found, text[start:]]


def _bracketed(text: str) -> Iterator[tuple[int, str]]:
    """Where each outermost bracket opens, and what it holds."""
    depth, start = 0, 0
    for position, character in enumerate(text):
        if character in "([":
            start = position if depth == 0 else start
            depth += 1
        elif character in ")]" and depth:
            depth -= 1
            if depth == 0:
                yield start, text[start + 1 : position]
    if depth:
        yield start, text[start + 1 :]


def _without(text: str, inside: Iterable[tuple[int, str]]) -> str:
    kept, after = [], 0
    for start, inner in inside:
        kept.append(text[after:start])
        after = start + len(inner) + 2
    return " ".join([*kept, text[after:]])


def _stripped(name: str) -> str:
    return clean(_KNOWN_AS.sub(" ", name)).strip(_QUOTES + ",;:.").strip() if name.strip() else ""
