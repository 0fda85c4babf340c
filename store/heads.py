"""The signed heads of chains, in a file beside the database.

The database can be rewritten by whoever has it: hashes agree again, and nothing shows. What was
signed here before, outside of it, shows it. Each line names the line before, and is signed.
"""

import hashlib
import json
import os
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

from schemas.values import canonical, instant
from store.signing import Signer, is_signed

HEADS = "heads"
KEY = "key"
AT_A_TIME = 200
"""Heads in a line: what is read and checked at once."""

_BLOCK = 65536


class Head(NamedTuple):
    """The last link of a chain, at the moment of signing."""

    subject: str
    position: int
    hash: str


class Line(NamedTuple):
    """A line of the file: what it states, and what is wrong with it, if anything is."""

    number: int
    said: dict[str, Any]
    wrong: str | None


class HeadsFile:
    """Lines are only ever added; one that a crash left unfinished is passed over."""

    def __init__(self, path: Path) -> None:
        self.path = path

    # ---- writing

    def add_heads(self, signer: Signer, heads: Sequence[Head], now: datetime) -> int:
        """Sign *heads* and keep them, durably; returns how many lines were written."""
        parts = [heads[i : i + AT_A_TIME] for i in range(0, len(heads), AT_A_TIME)]
        previous = self._last_digest()
        lines = b""
        for number, part in enumerate(parts, start=1):
            statement: dict[str, Any] = {
                "kind": HEADS,
                "at": instant(now),
                "previous": previous,
                "more": number < len(parts),
                "heads": [list(head) for head in part],
            }
            line = canonical({**statement, "signature": signer.sign(statement)})
            previous = _digest(line)
            lines += line + b"\n"
        if lines:
            self._append(lines)
        return len(parts)

    def add_key(self, old: Signer, new: Signer, now: datetime) -> None:
        """The old key names the new one, and the new one agrees: both are trusted from here on."""
        statement: dict[str, Any] = {
            "kind": KEY,
            "at": instant(now),
            "previous": self._last_digest(),
            "old": old.public_key,
            "new": new.public_key,
        }
        signatures = {"signature": old.sign(statement), "countersignature": new.sign(statement)}
        self._append(canonical({**statement, **signatures}) + b"\n")

    def _append(self, lines: bytes) -> None:
        descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(descriptor, "r+b", buffering=0) as file:
            if self._is_unfinished():
                lines = b"\n" + lines
            file.write(lines)
            os.fsync(file.fileno())

    def _is_unfinished(self) -> bool:
        if not self.path.exists() or not self.path.stat().st_size:
            return False
        with self.path.open("rb") as file:
            file.seek(-1, os.SEEK_END)
            return file.read(1) != b"\n"

    # ---- reading

    def last(self) -> dict[str, Any] | None:
        """The last whole line that signs heads; None when nothing was signed yet."""
        for line in self._backwards():
            said = _parsed(line)
            if said is not None and said["kind"] == HEADS:
                return said
        return None

    def lines(self, public_key: str) -> Iterator[Line]:
        """Every line with what is wrong with it; *public_key* is trusted, and what it vouches for.

        `not_signed`: not by a trusted key; `line_missing`: the line before was taken away.
        """
        trusted = self.trusted(public_key)
        previous = ""
        for number, raw in self._raw_lines():
            said = _parsed(raw)
            if said is None:
                continue
            wrong = None
            if not _is_right(said, trusted):
                wrong = "not_signed"
            elif said["previous"] != previous:
                wrong = "line_missing"
            previous = _digest(raw)
            yield Line(number, said, wrong)

    def trusted(self, public_key: str) -> set[str]:
        """*public_key* and the keys before it, as far as each is vouched for by the next."""
        keys = {public_key}
        changes = [
            said
            for _, raw in self._raw_lines()
            if (said := _parsed(raw)) is not None and said["kind"] == KEY
        ]
        for said in reversed(changes):
            if said["new"] in keys and _is_right(said, {said["old"], said["new"]}):
                keys.add(said["old"])
        return keys

    def _raw_lines(self) -> Iterator[tuple[int, bytes]]:
        if self.path.exists():
            with self.path.open("rb") as file:
                for number, line in enumerate(file, start=1):
                    if line.endswith(b"\n"):
                        yield number, line[:-1]

    def _backwards(self) -> Iterator[bytes]:
        """The whole lines, last first, without reading the whole file."""
        if not self.path.exists():
            return
        with self.path.open("rb") as file:
            rest, end = b"", file.seek(0, os.SEEK_END)
            is_last = True
            while end > 0:
                start = max(0, end - _BLOCK)
                file.seek(start)
                parts = (file.read(end - start) + rest).split(b"\n")
                rest, end = parts[0], start
                for part in reversed(parts[1:]):
                    if not is_last:  # what stands behind the last newline is unfinished
                        yield part
                    is_last = False
            if not is_last and rest:
                yield rest

    def _last_digest(self) -> str:
        for line in self._backwards():
            if _parsed(line) is not None:
                return _digest(line)
        return ""


def _parsed(line: bytes) -> dict[str, Any] | None:
    try:
        said = json.loads(line)
    except ValueError:
        return None
    return said if isinstance(said, dict) and said.get("kind") in (HEADS, KEY) else None


def _is_right(said: dict[str, Any], trusted: set[str]) -> bool:
    signatures = {"signature", "countersignature"}
    statement = {name: value for name, value in said.items() if name not in signatures}
    try:
        if said["kind"] == HEADS:
            return said["signature"]["public_key"] in trusted and is_signed(
                statement, said["signature"]
            )
        old, new = said["signature"], said["countersignature"]
        return (
            said["old"] in trusted
            and (old["public_key"], new["public_key"]) == (said["old"], said["new"])
            and is_signed(statement, old)
            and is_signed(statement, new)
        )
    except (KeyError, TypeError, ValueError):
        return False


def _digest(line: bytes) -> str:
    return hashlib.sha256(line).hexdigest()
