"""Listed terrorist entities (domain.md 3.2): the regulation's XML, or the department's feed.

Both give other names in one string with nested brackets. Neither says who is a person, and the
two give different ids: a department keeps to one of them.
"""

from __future__ import annotations

from collections.abc import Iterator

from policy.lists import entries
from policy.lists.aliases import listed_names, split_known_as
from policy.lists.entries import ListedEntry, clean, slug
from policy.lists.xml_tree import Element

KIND = "entity"


def read_regulation(root: Element) -> tuple[ListedEntry, ...]:
    """SOR/2002-284: an item of the list in section 1 is an entity."""
    return entries.collect(_items(root))


def _items(root: Element) -> Iterator[tuple[int, ListedEntry | str]]:
    for section in root.all("Body", "Section"):
        for item in section.all("List", "Item"):
            text = clean(" ".join(found.text for found in item.all("Text")))
            if not text:
                continue
            # `fid` stays when an item is amended; `id` names the version.
            key = item.attributes.get("fid") or item.attributes.get("id") or slug(text)
            listed_on = item.attributes.get("inforce-start-date", "")
            name, others = split_known_as(text)
            details = {"listed_on": [listed_on] if listed_on else [], "text": [text]}
            yield item.line, _entry(key, name, others, details)


def read_feed(root: Element) -> tuple[ListedEntry, ...]:
    """The Atom feed: title is the name, summary the other names, content what is said of it."""
    return entries.collect(_fed(root))


def _fed(root: Element) -> Iterator[tuple[int, ListedEntry | str]]:
    for fed in root.all("entry"):
        told = {tag: clean(" ".join(fed.texts(tag))) for tag in
                ("id", "title", "summary", "content", "published", "updated")}  # fmt: skip
        if not any(told.values()):
            continue
        name, within = split_known_as(told["title"])
        others = ", ".join(part for part in (within, told["summary"]) if part)
        # What is not a name moves with the editors: kept to be read, no cause for rework.
        details = {
            "listed_on": [told["published"]],
            "reviewed_on": [told["updated"]],
            "notes": [told["content"]],
            "links": [link.attributes.get("href", "") for link in fed.all("link")],
        }
        yield fed.line, _entry(slug(told["id"]), name, others, details)


def _entry(key: str, name: str, others: str, details: dict[str, list[str]]) -> ListedEntry | str:
    if max(len(name), len(others), *(len(v) for vs in details.values() for v in vs)) > (
        entries.MOST_CHARACTERS
    ):
        return "list_value_too_long"
    if not key:
        return "list_line_without_id"
    (names, short), (aliases, weak) = listed_names(name), listed_names(others)
    if not names:
        return "list_line_without_name"
    return entries.entry_of(
        key, KIND, names=names[:1], aliases=(*names[1:], *aliases), weak_aliases=(*short, *weak),
        details=details,
    )  # fmt: skip
