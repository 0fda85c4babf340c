"""The Consolidated Canadian Autonomous Sanctions List (domain.md 3.1), in its three sets of tags.

The list gives no ids: an entry is known by its place (regime, schedule, item). `Country` is the
regime under which somebody is listed, not where they are from, and is never weighed as such.
"""

from __future__ import annotations

from collections.abc import Iterator

from policy.lists import entries
from policy.lists.aliases import listed_names
from policy.lists.entries import ListedEntry, clean, refused, slug
from policy.lists.xml_tree import Element

_TAGS = {
    "country": "regime", "entity": "entity", "entityorship": "entity", "lastname": "last_name",
    "givenname": "given_name", "aliases": "aliases", "dateofbirth": "born",
    "dateofbirthorshipbuilddate": "born", "title": "title", "titleorship": "title",
    "titleorshiptype": "title", "shipimonumber": "imo", "schedule": "schedule", "item": "item",
    "dateoflisting": "listed_on",
}  # fmt: skip
"""Every generation of tags, in lower case; of the newest, the English half before the hyphen."""
_EMPTY = frozenset({"n/a", "na", "none", "-", "s/o"})
_WORDS_OF_A_NAME = 2


def read(root: Element) -> tuple[ListedEntry, ...]:
    records = [(record.line, _values(record)) for record in root.all("record")]
    told = {key for _, values in records for key in values}
    if records and not told & {"entity", "last_name"}:
        raise refused("list_format_unknown", line=records[0][0])
    return entries.collect(_apart([(line, _entry(values)) for line, values in records if values]))


def _values(record: Element) -> dict[str, str]:
    found: dict[str, str] = {}
    for child in record.children:
        key = _TAGS.get(child.tag.split("-")[0].lower(), f"other_{slug(child.tag)}")
        value = clean(child.text)
        if value and value.casefold() not in _EMPTY:
            found[key] = f"{found[key]}; {value}" if key in found else value
    return found


def _entry(values: dict[str, str]) -> ListedEntry | str:
    if max(map(len, values.values())) > entries.MOST_CHARACTERS:
        return "list_value_too_long"
    regime = values.get("regime", "").split(" / ")[0].strip()
    place = "--".join(
        part for key in (regime, values.get("schedule", ""), values.get("item", ""))
        if (part := slug(key))
    )  # fmt: skip
    person = " ".join(part for key in ("given_name", "last_name") if (part := values.get(key, "")))
    aliases, weak = listed_names(values.get("aliases", ""))
    whole = values.get("aliases", "")
    if person and whole.count(",") == 1 and all(" " not in name for name in aliases):
        aliases = (*aliases, whole)  # "Korovin, Viktor": one name, or two short ones
    names = [name for name in (values.get("entity", ""), person) if name]
    if not names:
        names, aliases = list(aliases[:1]), aliases[1:]
    if not names:
        return "list_line_without_name"
    if not place:
        return "list_line_without_id"
    kind = "thing" if "imo" in values else "organization" if "entity" in values else "person"
    return entries.entry_of(
        place,
        kind,
        names=names,
        aliases=aliases,
        weak_aliases=weak,
        by_place=True,
        # Of a ship it is when it was built.
        birth_dates=entries.dates(values.get("born", "")),
        details={
            "identifiers": _one(values, "imo"),
            "titles": _one(values, "title"),
            "regime": _one(values, "regime"),
            "schedule": _one(values, "schedule"),
            "item": _one(values, "item"),
            "listed_on": _one(values, "listed_on"),
            "other": [value for key, value in sorted(values.items()) if key.startswith("other_")],
        },
    )


def _one(values: dict[str, str], key: str) -> list[str]:
    return [values[key]] if key in values else []


def _apart(found: list[tuple[int, ListedEntry | str]]) -> Iterator[tuple[int, ListedEntry | str]]:
    """Two entries at one place are both kept: the place is then told with what differs."""
    at: dict[str, set[str]] = {}
    for _, entry in found:
        if isinstance(entry, ListedEntry):
            at.setdefault(entry.entry, set()).add(entry.identity)
    for line, entry in found:
        if isinstance(entry, ListedEntry) and len(at[entry.entry]) > 1:
            named = f"{entry.entry}--{entry.identity[:8]}"
            yield line, entry.model_copy(update={"entry": named})
        else:
            yield line, entry
