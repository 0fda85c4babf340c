"""Reading policy files so that every problem names its file, its line and what to write.

A subset of YAML without surprises: `true` and `false` are the only booleans (`NO` is Norway)
and nothing becomes a binary fraction by accident (amounts are decimal strings).
"""

from __future__ import annotations

import re
import typing
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeGuard, TypeVar

import yaml
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from schemas.values import Value

try:
    from yaml import CSafeLoader as _SafeLoader
except ImportError:  # libyaml is not everywhere; the slow reader reads the same
    from yaml import SafeLoader as _SafeLoader  # type: ignore[assignment]

Location = tuple[str | int, ...]
Shape = TypeVar("Shape", bound=BaseModel)


class Problem(Value):
    """What is wrong with a policy file, and where."""

    file: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message}"


class PolicyProblems(Exception):
    """The policy files cannot be used; each problem says what to write instead."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems


class PolicyFile:
    """A policy file as it was written, and the line of everything in it."""

    def __init__(self, shown: str, data: dict[str, Any], lines: dict[Location, int]) -> None:
        self.shown = shown
        self.data = data
        self._lines = lines

    def problem(self, message: str, *location: str | int) -> Problem:
        """A problem at *location*, or at the nearest thing around it that was written."""
        while location and location not in self._lines:
            location = location[:-1]
        return Problem(file=self.shown, line=self._lines.get(location, 1), message=message)


def read(path: Path, root: Path) -> PolicyFile:
    """Read one file; unreadable YAML and a key that stands twice are problems."""
    shown = path.relative_to(root).as_posix()
    loader = _Loader(path.read_text(encoding="utf-8"))
    try:
        node = loader.get_single_node()
        if not isinstance(node, yaml.MappingNode):
            raise PolicyProblems(
                [Problem(file=shown, line=1, message="no keys: write `key: value` lines")]
            )
        twice = [
            Problem(file=shown, line=line, message=f"the key `{key}` stands twice: keep one")
            for key, line in _keys_twice(node)
        ]
        if twice:
            raise PolicyProblems(twice)
        return PolicyFile(shown, loader.construct_document(node), dict(_lines(node, ())))
    except yaml.MarkedYAMLError as error:
        line = 1 if error.problem_mark is None else error.problem_mark.line + 1
        message = f"not readable as YAML: {error.problem}"
        raise PolicyProblems([Problem(file=shown, line=line, message=message)]) from error
    finally:
        loader.dispose()


def shaped(shape: type[Shape], file: PolicyFile, problems: list[Problem]) -> Shape | None:
    """The file as a *shape*, or None after adding what is wrong to *problems*."""
    try:
        return shape.model_validate(file.data)
    except ValidationError as error:
        problems.extend(_told(detail, shape, file) for detail in error.errors())
        return None


# ---- YAML with fewer kinds of plain words


class _Loader(_SafeLoader):
    """The safe loader, without the words and numbers of YAML that surprise people."""


_KEPT = ("null", "int", "float", "timestamp")
_Loader.yaml_implicit_resolvers = {
    first: [(tag, words) for tag, words in known if tag.rpartition(":")[2] in _KEPT]
    for first, known in _SafeLoader.yaml_implicit_resolvers.items()
}
_Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"^(?:true|false)$"), list("tf"))


def _lines(node: yaml.Node, location: Location) -> Iterator[tuple[Location, int]]:
    yield location, node.start_mark.line + 1
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            here = (*location, key.value)
            yield from _lines(value, here)
            yield here, key.start_mark.line + 1
    elif isinstance(node, yaml.SequenceNode):
        for position, item in enumerate(node.value):
            yield from _lines(item, (*location, position))


def _keys_twice(node: yaml.Node) -> Iterator[tuple[str, int]]:
    if isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            if key.value in seen:
                yield key.value, key.start_mark.line + 1
            seen.add(key.value)
            yield from _keys_twice(value)
    elif isinstance(node, yaml.SequenceNode):
        for item in node.value:
            yield from _keys_twice(item)


# ---- sentences


_AUTHORITY = ("authorit", "delegation", "approv", "rung", "acting", "signing")
"""Words of a key that would put an authority into a program file."""


def _told(detail: ErrorDetails, shape: type[BaseModel], file: PolicyFile) -> Problem:
    location = tuple(part for part in detail["loc"] if part != "[key]")
    where = ".".join(map(str, location))
    match detail["type"]:
        case "extra_forbidden":
            return file.problem(_unknown_key(str(location[-1]), location, shape), *location)
        case "missing":
            return file.problem(f"`{where}` is missing: write `{location[-1]}: ...`", *location)
        case "enum" | "literal_error":
            expected = detail.get("ctx", {}).get("expected", "")
            message = f"`{where}` is {detail['input']!r}: write one of {expected}"
            return file.problem(message, *location)
        case _:
            message = f"`{where}` is {detail['input']!r}: {detail['msg']}"
            return file.problem(message, *location)


def _unknown_key(key: str, location: Location, shape: type[BaseModel]) -> str:
    around = _shape_at(shape, location[:-1])
    known = "" if around is None else f"; known here: {', '.join(around.model_fields)}"
    if any(word in key.lower() for word in _AUTHORITY):
        return f"unknown key `{key}`: who may approve what belongs in in_force/delegation{known}"
    return f"unknown key `{key}`: remove or correct it{known}"


def _shape_at(shape: type[BaseModel], location: Location) -> type[BaseModel] | None:
    """The shape that a location lies in, for naming the keys that it knows."""
    kind: object = shape
    for step in location:
        if _is_shape(kind):
            kind = kind.model_fields[str(step)].annotation
        else:
            kind = next(iter(typing.get_args(kind)[-1 if isinstance(step, str) else 0 :]), None)
        kind = _without_none(kind)
    return kind if _is_shape(kind) else None


def _without_none(kind: object) -> object:
    """The kind inside `X | None`."""
    args = typing.get_args(kind)
    if type(None) in args:
        return next(arg for arg in args if arg is not type(None))
    return kind


def _is_shape(kind: object) -> TypeGuard[type[BaseModel]]:
    return isinstance(kind, type) and issubclass(kind, BaseModel)
