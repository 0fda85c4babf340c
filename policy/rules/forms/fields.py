"""The pieces that forms are built of: labelled JSON Schemas in one reader's language.

Every piece carries `title` in that language and `x-labels` with both.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from policy import labels
from schemas.values import Bilingual

Schema = dict[str, Any]

MOST_TEXT = 20_000
MOST_LINE = 400


@dataclass
class Draft:
    """A form while it is being put together: its fields, and a valid answer for this task."""

    language: str
    properties: dict[str, Schema] = field(default_factory=dict)
    required: list[str] = field(default_factory=list)
    example: dict[str, Any] = field(default_factory=dict)

    def ask(self, name: str, schema: Schema, *, required: bool = False) -> None:
        self.properties[name] = schema
        if required:
            self.required.append(name)

    def answer(self, name: str, schema: Schema, value: object) -> None:
        """Asks a required field and puts its answer into the example."""
        self.ask(name, schema, required=True)
        self.example[name] = value

    def comments(self) -> None:
        self.ask("comments", text("comments", self.language))


def named(schema: Schema, label: Bilingual, language: str) -> Schema:
    """The schema with its title in the reader's language and in both."""
    return {
        "title": label.in_language(language),
        "x-labels": {"en": label.en, "fr": label.fr},
        **schema,
    }


def labelled(schema: Schema, code: str, language: str) -> Schema:
    return named(schema, labels.field(code), language)


def text(code: str, language: str, *, needed: bool = False) -> Schema:
    """Text of several lines; *needed*: not empty."""
    schema: Schema = {"type": "string", "maxLength": MOST_TEXT, "x-lines": 4}
    return labelled({**schema, **_not_blank(needed=needed)}, code, language)


def line(code: str, language: str, *, needed: bool = False) -> Schema:
    schema: Schema = {"type": "string", "maxLength": MOST_LINE}
    return labelled({**schema, **_not_blank(needed=needed)}, code, language)


def day(code: str, language: str) -> Schema:
    schema = {"type": "string", "format": "date", "pattern": r"^\d{4}-\d{2}-\d{2}$"}
    return labelled(schema, code, language)


def flag(label: Bilingual, language: str) -> Schema:
    return named({"type": "boolean"}, label, language)


def choice(code: str, options: Mapping[Any, Bilingual], language: str) -> Schema:
    """Exactly one of *options*; each carries its own labels."""
    return labelled({"oneOf": _consts(options, language)}, code, language)


def choices(code: str, options: Mapping[Any, Bilingual], language: str) -> Schema:
    """At least one of *options*, each once."""
    schema = {
        "type": "array",
        "items": {"oneOf": _consts(options, language)},
        "minItems": 1,
        "uniqueItems": True,
    }
    return labelled(schema, code, language)


def record(properties: Mapping[str, Schema], required: Iterable[str]) -> Schema:
    """An object with these fields and no others."""
    return {
        "type": "object",
        "additionalProperties": False,
        "properties": dict(properties),
        "required": list(required),
    }


def rows(code: str, item: Schema, language: str, *, most: int, least: int = 0) -> Schema:
    """A table: an array of records."""
    schema = {"type": "array", "items": item, "minItems": least, "maxItems": most}
    return labelled(schema, code, language)


def plain(codes: Iterable[str]) -> dict[str, Bilingual]:
    """Options that are read as they stand (place codes, fund ids)."""
    return {code: Bilingual(en=code, fr=code) for code in codes}


def _consts(options: Mapping[Any, Bilingual], language: str) -> list[Schema]:
    return [named({"const": code}, label, language) for code, label in options.items()]


def _not_blank(*, needed: bool) -> Schema:
    return {"minLength": 1, "pattern": r"\S"} if needed else {}
