"""The name of an uploaded file as it is kept: one that does nothing where it is saved."""

from __future__ import annotations

import unicodedata

from schemas.documents import FileType

MOST_STEM = 120
EXTENSIONS: dict[FileType, tuple[str, ...]] = {
    each: (each.value,) for each in FileType if each is not FileType.JPEG
} | {FileType.JPEG: ("jpg", "jpeg", "jpe")}
"""The endings that a file of each type may have; the first is given to a name without one."""

_DROPPED = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
"""Control and format characters: among them those that turn the direction of writing around."""
_RESERVED = str.maketrans(dict.fromkeys('<>:"|?*', "_"))
"""What some file systems do not allow in a name."""
_UNNAMED = "document"


def extension(name: str) -> str:
    """The ending of a cleaned name, in lower case; empty where it has none."""
    stem, dot, ending = name.rpartition(".")
    return ending.lower() if dot and stem else ""


def clean(name: str) -> str:
    """*name* without folders, control characters and what turns text around."""
    last = name.replace("\\", "/").rstrip("/").rsplit("/", 1)[-1]
    shown = "".join(
        " " if unicodedata.category(each) == "Zs" else each
        for each in unicodedata.normalize("NFC", last)
        if unicodedata.category(each) not in _DROPPED or each == "\t"
    )
    shown = " ".join(shown.translate(_RESERVED).split()).strip(" .") or _UNNAMED
    stem, dot, ending = shown.rpartition(".")
    if not (dot and stem):
        return shown[:MOST_STEM]
    return f"{stem[:MOST_STEM].rstrip(' .') or _UNNAMED}.{ending[:20]}"


def named(name: str, found: FileType) -> str | None:
    """A cleaned *name* that fits the type; None where its ending is that of another type."""
    ending = extension(name)
    if not ending:
        return f"{name}.{EXTENSIONS[found][0]}"
    return name if ending in EXTENSIONS[found] else None
