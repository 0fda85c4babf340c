"""XML from outside, read without trust: elements, text and lines, and nothing that expands.

No list that is published declares a document type, and without one there are no entities to
expand or to fetch; so a declaration refuses the file. Depth and number of elements are bounded.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.parsers import expat

from policy.lists.entries import refused

MOST_ELEMENTS = 1_000_000
"""Some fifteen times the longest published list."""
MOST_DEPTH = 64


@dataclass
class Element:
    """One element: its name without namespace, and its own text with that of what is inside."""

    tag: str
    line: int
    attributes: dict[str, str]
    children: list[Element] = field(default_factory=list)
    parts: list[str | Element] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "".join(part if isinstance(part, str) else part.text for part in self.parts)

    def all(self, *path: str) -> Iterator[Element]:
        """The elements at the end of *path* below this one."""
        if not path:
            yield self
            return
        for child in self.children:
            if child.tag == path[0]:
                yield from child.all(*path[1:])

    def texts(self, *path: str) -> tuple[str, ...]:
        return tuple(text for found in self.all(*path) if (text := found.text.strip()))

    def walk(self) -> Iterator[Element]:
        yield self
        for child in self.children:
            yield from child.walk()


def read(data: bytes) -> Element:
    """The root element of *data*; Malformed where it is no XML, or none that is safe to read."""
    reader = _Reader()
    try:
        reader.parser.Parse(data, True)  # noqa: FBT003 - the parser's own signature
    except (expat.ExpatError, ValueError, LookupError) as error:
        line = reader.parser.CurrentLineNumber
        raise refused("list_xml_unreadable", line=line) from error
    if reader.root is None:
        raise refused("list_xml_unreadable", line=1)
    return reader.root


class _Reader:
    def __init__(self) -> None:
        self.root: Element | None = None
        self.parser = expat.ParserCreate(namespace_separator="}")
        self.parser.buffer_text = True
        self.parser.StartDoctypeDeclHandler = self._declared
        self.parser.StartElementHandler = self._started
        self.parser.EndElementHandler = self._ended
        self.parser.CharacterDataHandler = self._said
        self._open: list[Element] = []
        self._count = 0

    def _declared(self, *_: object) -> None:
        raise refused("list_xml_hostile", line=self.parser.CurrentLineNumber)

    def _started(self, name: str, attributes: dict[str, str]) -> None:
        self._count += 1
        line = self.parser.CurrentLineNumber
        if self._count > MOST_ELEMENTS or len(self._open) >= MOST_DEPTH:
            raise refused("list_xml_hostile", line=line)
        plain = {key.rpartition("}")[2]: value for key, value in attributes.items()}
        element = Element(name.rpartition("}")[2], line, plain)
        if self._open:
            self._open[-1].children.append(element)
            self._open[-1].parts.append(element)
        else:
            self.root = element
        self._open.append(element)

    def _ended(self, _: str) -> None:
        self._open.pop()

    def _said(self, text: str) -> None:
        self._open[-1].parts.append(text)
