"""The United Nations Security Council Consolidated List (domain.md 3.3)."""

from __future__ import annotations

from collections.abc import Iterator

from policy.lists import entries
from policy.lists.countries import codes_of
from policy.lists.entries import ListedEntry, clean, slug
from policy.lists.xml_tree import Element

_NAMES = ("FIRST_NAME", "SECOND_NAME", "THIRD_NAME", "FOURTH_NAME")
_WEAK = "low"
_PLACE = ("STREET", "CITY", "STATE_PROVINCE", "ZIP_CODE", "COUNTRY", "NOTE")
_DOCUMENT = ("TYPE_OF_DOCUMENT", "TYPE_OF_DOCUMENT2", "NUMBER", "ISSUING_COUNTRY",
             "COUNTRY_OF_ISSUE", "CITY_OF_ISSUE", "DATE_OF_ISSUE", "NOTE")  # fmt: skip
_EMPTY = frozenset({"na", "n/a", "nil"})


def read(root: Element) -> tuple[ListedEntry, ...]:
    return entries.collect(_listed(root))


def _listed(root: Element) -> Iterator[tuple[int, ListedEntry | str]]:
    for group, tag, kind in (
        ("INDIVIDUALS", "INDIVIDUAL", "person"),
        ("ENTITIES", "ENTITY", "organization"),
    ):
        for listed in root.all(group, tag):
            if listed.text.strip():
                yield listed.line, _entry(listed, tag, kind)


def _entry(listed: Element, tag: str, kind: str) -> ListedEntry | str:
    if any(len(part) > entries.MOST_CHARACTERS for part in _own_texts(listed)):
        return "list_value_too_long"
    key = slug(_first(listed, "DATAID") or _first(listed, "REFERENCE_NUMBER"))
    if not key:
        return "list_line_without_id"
    name = " ".join(part for each in _NAMES for part in _texts(listed, each))
    strong, weak = _aliases(listed, f"{tag}_ALIAS")
    names = [name] if name else strong[:1]
    if not names:
        return "list_line_without_name"
    nationalities = _texts(listed, "NATIONALITY", "VALUE")
    return entries.entry_of(
        key,
        kind,
        names=names,
        aliases=(*_texts(listed, "NAME_ORIGINAL_SCRIPT"), *strong),
        weak_aliases=weak,
        birth_dates=_born(listed, tag),
        countries=[code for text in nationalities for code in codes_of(text)],
        details={
            "nationalities": nationalities,
            "birth_places": _together(listed, f"{tag}_PLACE_OF_BIRTH", _PLACE),
            "identifiers": _together(listed, f"{tag}_DOCUMENT", _DOCUMENT),
            "genders": _texts(listed, "GENDER"),
            "addresses": _together(listed, f"{tag}_ADDRESS", _PLACE),
            "titles": _texts(listed, "TITLE", "VALUE"),
            "positions": _texts(listed, "DESIGNATION", "VALUE"),
            "regime": _texts(listed, "UN_LIST_TYPE"),
            "reference": _texts(listed, "REFERENCE_NUMBER"),
            "listed_on": _texts(listed, "LISTED_ON"),
            "updated_on": _texts(listed, "LAST_DAY_UPDATED", "VALUE"),
            "notes": _texts(listed, "COMMENTS1"),
        },
    )


def _aliases(listed: Element, tag: str) -> tuple[list[str], list[str]]:
    strong: list[str] = []
    weak: list[str] = []
    for alias in listed.all(tag):
        quality = _first(alias, "QUALITY").casefold()
        (weak if quality == _WEAK else strong).extend(_texts(alias, "ALIAS_NAME"))
    return strong, weak


def _born(listed: Element, tag: str) -> list[str]:
    found = [day for text in _texts(listed, f"{tag}_ALIAS", "DATE_OF_BIRTH")
             for day in entries.dates(text)]  # fmt: skip
    for born in listed.all(f"{tag}_DATE_OF_BIRTH"):
        told = [day for part in ("DATE", "YEAR") for text in _texts(born, part)
                for day in entries.dates(text)]  # fmt: skip
        first, last = _first(born, "FROM_YEAR"), _first(born, "TO_YEAR")
        told += entries.years(first or last, last or first)
        # A note is read only where nothing better is told: "approximately 1970".
        found += told or [day for text in _texts(born, "NOTE") for day in entries.dates(text)]
    return found


def _together(listed: Element, tag: str, parts: tuple[str, ...]) -> list[str]:
    return [
        told
        for each in listed.all(tag)
        if (told := ", ".join(text for part in parts for text in _texts(each, part)))
    ]


def _texts(element: Element, *path: str) -> list[str]:
    found = (clean(text) for text in element.texts(*path))
    return [text for text in found if text and text.casefold() not in _EMPTY]


def _first(element: Element, *path: str) -> str:
    return next(iter(_texts(element, *path)), "")


def _own_texts(element: Element) -> Iterator[str]:
    for each in element.walk():
        yield "".join(part for part in each.parts if isinstance(part, str))
