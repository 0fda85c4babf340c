"""Reading a list, whichever of its published shapes the file has (domain.md 3.1 to 3.4).

The file itself tells which: the root of its XML, or the header of its CSV. Dirt that changes
nothing is cleaned; what could hide an entry (a broken line, a missing name, an id that comes
twice) refuses the whole file, naming the line. What the entries mean for a proposal is told by
`policy.matching` and by people.
"""

from __future__ import annotations

from collections.abc import Callable

from policy.lists import canadian, simple_csv, terrorist, united_nations, xml_tree
from policy.lists.entries import MOST_BYTES, ListedEntry, refused
from policy.lists.xml_tree import Element

__all__ = ["MOST_BYTES", "ListedEntry", "read_list"]

_BY_ROOT: dict[str, Callable[[Element], tuple[ListedEntry, ...]]] = {
    "data-set": canadian.read,
    "Regulation": terrorist.read_regulation,
    "feed": terrorist.read_feed,
    "CONSOLIDATED_LIST": united_nations.read,
}
_BEGINNINGS = (b"<", b"\xef\xbb\xbf<", b"\xff\xfe<", b"\xfe\xff\x00<")


def read_list(data: bytes) -> tuple[ListedEntry, ...]:
    """All entries of the file *data*; Malformed names each line that cannot be read."""
    if len(data) > MOST_BYTES:
        raise refused("list_too_large", most=MOST_BYTES)
    if data[:512].lstrip().startswith(_BEGINNINGS):
        root = xml_tree.read(data.lstrip())
        if root.tag not in _BY_ROOT:
            raise refused("list_format_unknown", line=root.line)
        return _BY_ROOT[root.tag](root)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise refused("list_not_utf8", line=line) from error
    if text.lstrip()[:1] in ("<", "{", "[") or "\x00" in text:
        raise refused("list_format_unknown", line=1)
    return simple_csv.read(text)
