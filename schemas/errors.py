"""The few errors that are expected: codes and facts, no sentences.

The sentence that a person reads is made once at each edge, in the reader's language.
Anything else that is raised is a bug and may be loud.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from schemas.values import Value


class AccordError(Exception):
    """A refusal with a stable *code* for programs and *facts* for the sentence."""

    status = 500

    def __init__(self, code: str, **facts: Any) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts


class Refused(AccordError):
    """The rules say no (409)."""

    status = 409


class Forbidden(AccordError):
    """The person holds no grant that would allow this (403)."""

    status = 403


class NotFound(AccordError):
    """Unknown, or not visible to this person: the two are never told apart (404)."""

    status = 404

    def __init__(self, code: str = "not_found", **facts: Any) -> None:
        super().__init__(code, **facts)


class NotSignedIn(AccordError):
    """No valid token (401)."""

    status = 401

    def __init__(self, code: str = "not_signed_in", **facts: Any) -> None:
        super().__init__(code, **facts)


class Stale(AccordError):
    """The edit is based on an old version (412)."""

    status = 412

    def __init__(self, code: str = "stale_version", **facts: Any) -> None:
        super().__init__(code, **facts)


class Unavailable(AccordError):
    """Engine or store cannot answer now; the same request may be repeated (503)."""

    status = 503

    def __init__(self, code: str = "unavailable", **facts: Any) -> None:
        super().__init__(code, **facts)


class TooLarge(AccordError):
    """What was sent is larger than is taken (413)."""

    status = 413


class WrongMediaType(AccordError):
    """What was sent is of a type that is not taken here (415)."""

    status = 415


class Gap(Value):
    """One thing that is missing or inconsistent: where (JSON Pointer), what, with which facts."""

    pointer: str
    code: str
    facts: dict[str, Any] = {}


def pointer_to(path: Iterable[str | int]) -> str:
    """The JSON Pointer (RFC 6901) of a place in a body."""
    return "".join(f"/{str(step).replace('~', '~0').replace('/', '~1')}" for step in path)


class Malformed(AccordError):
    """The request has gaps or inconsistencies, one per item (422)."""

    status = 422

    def __init__(self, *gaps: Gap, code: str = "malformed") -> None:
        super().__init__(code)
        self.gaps = gaps
