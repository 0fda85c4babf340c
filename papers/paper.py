"""A document as blocks of words: what is said, in what order, and nothing of how it looks.

Every string is text and is set as it stands: no character of it is markup.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, TypeAlias


@dataclass(frozen=True)
class Heading:
    """The title of a section; a level 1 stands below the title of the document."""

    text: str
    level: Literal[1, 2, 3] = 1


@dataclass(frozen=True)
class Words:
    """Running text; an empty line begins a paragraph, a line break stays one."""

    text: str


@dataclass(frozen=True)
class Points:
    """A list without order."""

    items: Sequence[str]


@dataclass(frozen=True)
class Facts:
    """Names with their values, such as a date or a reference."""

    rows: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Table:
    """Rows below a header; `figures` are the columns, from 0, that are set to the right."""

    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    figures: Sequence[int] = ()


Block: TypeAlias = Heading | Words | Points | Facts | Table


@dataclass(frozen=True)
class Paper:
    """A document in one language.

    `foot` stands on every page, beside the number of the page; `marking` above every page where
    there is one. `at` is the instant that the document states, so that the same document is set
    to the same bytes.
    """

    title: str
    language: Literal["en", "fr"]
    at: datetime
    foot: str
    blocks: Sequence[Block] = field(default=())
    marking: str = ""
