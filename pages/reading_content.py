"""The content of a proposal as it is read: section by section, and what differs between two."""

import difflib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from commands.office import Office
from pages.schema_forms import ABSENT, Control, draw
from pages.sections import WRITTEN, Forms, asked_under, section_of
from schemas.proposal import Content, Section
from schemas.terms import Terms

_WORDS = re.compile(r"\s+|\S+")
MOST_WORDS_COMPARED = 4000


@dataclass(frozen=True)
class Change:
    """One answer that differs: pieces of text, each `same`, `gone` or `new`."""

    section: str
    label: str
    pieces: tuple[tuple[str, str], ...]


def sections(office: Office, view: Mapping[str, Any], language: str) -> list[Control]:
    """The sections of what a proposal says now."""
    content = {name: view[name] for name in Content.model_fields if name in view}
    terms = terms_of(office, str(view["programme"]), view.get("policy_version"))
    return _drawn(office, terms, content, language)


def of_revision(office: Office, revision: Mapping[str, Any], language: str) -> list[Control]:
    content = revision["content"]
    terms = terms_of(office, content["programme"], revision["policy_version"])
    return _drawn(office, terms, content, language)


def changes(
    office: Office, older: Mapping[str, Any], newer: Mapping[str, Any], language: str
) -> list[Change]:
    """What differs between two revisions, in the order of the form."""
    found = []
    before = {each.name: each for each in of_revision(office, older, language)}
    for section in of_revision(office, newer, language):
        earlier = before.get(section.name)
        first, second = _flat(earlier) if earlier else {}, _flat(section)
        for label in list(dict.fromkeys([*first, *second])):
            if first.get(label, "") != second.get(label, ""):
                pieces = _pieces(first.get(label, ""), second.get(label, ""))
                found.append(Change(section.label, label, pieces))
    return found


def gaps(found: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The gaps of a draft, each with the section and the control in which it is mended."""
    shown = []
    for gap in found:
        section = section_of(gap["pointer"]) or Section.SUMMARY
        field = gap["pointer"].strip("/").replace("/", ".")
        shown.append({**gap, "section": section.value, "field": field})
    return shown


def terms_of(office: Office, programme: str, version: str | None) -> Terms:
    """The terms that a proposal is read under: those of its submission, before that today's."""
    if version:
        return office.catalogue.terms(version)
    return office.catalogue.terms_in_force(programme, office.today())


def _drawn(
    office: Office, terms: Terms, content: Mapping[str, Any], language: str
) -> list[Control]:
    forms = Forms(office, terms, language, Content.model_validate(content))
    drawn = []
    asked, empty = asked_under(terms), Content(programme=terms.code).model_dump(mode="json")
    for section in WRITTEN:
        schema = forms.of(section)
        says_nothing = all(content.get(n, empty[n]) == empty[n] for n in schema["properties"])
        if section not in asked and says_nothing:
            continue
        held = {name: content.get(name, ABSENT) for name in schema["properties"]}
        control = draw(schema, held, "", language)
        drawn.append(Control(section.value, section.value, control.label, parts=control.parts))
    return drawn


def _flat(control: Control, label: str = "") -> dict[str, str]:
    """Every answer by its whole label."""
    flat: dict[str, str] = {}
    for part in control.parts:
        whole = ", ".join(each for each in (label, part.label) if each)
        if part.parts or part.kind in ("group", "rows"):
            flat |= _flat(part, whole)
        elif part.shown:
            flat[whole] = part.shown
    return flat


def _pieces(before: str, after: str) -> tuple[tuple[str, str], ...]:
    """Word by word what went and what came; of very long texts the whole."""
    first, second = _WORDS.findall(before), _WORDS.findall(after)
    if max(len(first), len(second)) > MOST_WORDS_COMPARED:
        return (("gone", before), ("new", after))
    found: list[tuple[str, str]] = []
    matcher = difflib.SequenceMatcher(None, first, second, autojunk=False)
    for kind, i, j, k, m in matcher.get_opcodes():
        if kind == "equal":
            found.append(("same", "".join(first[i:j])))
            continue
        if i < j:
            found.append(("gone", "".join(first[i:j])))
        if k < m:
            found.append(("new", "".join(second[k:m])))
    return tuple(found)
