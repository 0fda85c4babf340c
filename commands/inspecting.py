"""What an uploaded file is, told by its own bytes and never by its name.

Only types that are told apart for certain are recognized: an exact signature, a container whose
main part says what it is, or text. General libraries answer what a file *may* be, which takes
a text that begins with "MZ" for a program and cannot tell a workbook from one with macros.
What is found is no more than the type: whether a file does harm is the scanner's question.
"""

import codecs
import lzma
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from typing import BinaryIO

from schemas.documents import MEDIA_TYPES, FileType
from schemas.errors import WrongMediaType

_SIGNATURES = {
    b"%PDF-": FileType.PDF,
    b"\x89PNG\r\n\x1a\n": FileType.PNG,
    b"\xff\xd8\xff": FileType.JPEG,
}
_ZIP = b"PK\x03\x04"
_CHUNK = 1024 * 1024
_MOST_ENTRIES = 10_000
_MOST_PART_BYTES = 1024 * 1024

_ACTIVE_PDF = (b"/JavaScript", b"/Launch", b"/RichMedia")
"""What a PDF runs or opens by itself, where it stands uncompressed."""

_CONTENT_TYPES = "[Content_Types].xml"
_OOXML_MAIN = {
    "wordprocessingml.document.main+xml": FileType.DOCX,
    "spreadsheetml.sheet.main+xml": FileType.XLSX,
    "presentationml.presentation.main+xml": FileType.PPTX,
}
_OOXML_ACTIVE = re.compile(
    r"(^|/)(vbaproject|vbadata)[^/]*$|(^|/)activex/|(^|/)embeddings/.*(?<!\.docx)(?<!\.xlsx)(?<!\.pptx)$"
)
_ODF_ACTIVE = re.compile(r"^(basic|scripts)/")
_ODF = {MEDIA_TYPES[each]: each for each in (FileType.ODT, FileType.ODS)}

_BINARY = re.compile(rb"[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f]")
"""Bytes that no text has, in whatever 8-bit encoding (WHATWG, MIME Sniffing, 3)."""
_MARKUP = re.compile(r"\s*(<[a-z!?]|#!|%!|\{\\rtf)", re.IGNORECASE)
"""How web pages, drawings, scripts and programs for printers begin."""
_WIDE = {codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
_TEXTS = {"csv": FileType.CSV, "txt": FileType.TXT, "": FileType.TXT}

_DAMAGED = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    lzma.LZMAError,
    EOFError,
    LookupError,
    NotImplementedError,
    OSError,
    OverflowError,
    RuntimeError,
    ValueError,
)
"""What reading a container raises that is cut off, encrypted, or none."""


def file_type(file: BinaryIO, ending: str) -> FileType:
    """The type of *file*; *ending*, of its name, tells a table from other text and nothing else.

    Raises WrongMediaType for what is none of the types that are known, and for what would run by
    itself. Reads the file, so that it takes a thread.
    """
    file.seek(0)
    head = file.read(16)
    for signature, found in _SIGNATURES.items():
        if head.startswith(signature):
            if found is FileType.PDF:
                _check_pdf(file)
            return found
    if head.startswith(_ZIP):
        return _container(file)
    if _is_text(file):
        return _TEXTS.get(ending, FileType.TXT)
    raise _unknown()


def _check_pdf(file: BinaryIO) -> None:
    longest = max(map(len, _ACTIVE_PDF))
    tail = b""
    for chunk in _chunks(file):
        seen = tail + chunk
        if any(each in seen for each in _ACTIVE_PDF):
            raise _active()
        tail = seen[-longest:]


def _container(file: BinaryIO) -> FileType:
    try:
        with zipfile.ZipFile(file) as archive:
            entries = archive.infolist()
            names = [each.filename.replace("\\", "/").lower() for each in entries]
            # Of two parts with one name, this reader and another may take each a different one.
            ambiguous = len(set(names)) < len(names)
            encrypted = any(each.flag_bits & 1 for each in entries)
            if len(names) > _MOST_ENTRIES or ambiguous or encrypted:
                raise _unknown()
            if _CONTENT_TYPES in archive.NameToInfo:
                return _office(_part(archive, _CONTENT_TYPES), names)
            if entries[0].filename == "mimetype":
                return _open_document(_part(archive, "mimetype"), names)
    except _DAMAGED:
        raise _unknown() from None
    raise _unknown()


def _office(types: str, names: list[str]) -> FileType:
    if "macroenabled" in types or any(_OOXML_ACTIVE.search(name) for name in names):
        raise _active()
    for main, found in _OOXML_MAIN.items():
        if main in types:
            return found
    raise _unknown()


def _open_document(media_type: str, names: list[str]) -> FileType:
    if media_type not in _ODF:
        raise _unknown()
    if any(_ODF_ACTIVE.search(name) for name in names):
        raise _active()
    return _ODF[media_type]


def _part(archive: zipfile.ZipFile, name: str) -> str:
    with archive.open(name) as part:
        data = part.read(_MOST_PART_BYTES + 1)
    if len(data) > _MOST_PART_BYTES:
        raise ValueError(name)
    return data.decode().lower()


def _is_text(file: BinaryIO) -> bool:
    file.seek(0)
    head = file.read(1024)
    encoding = _WIDE.get(head[:2])
    begins = codecs.getincrementaldecoder(encoding or "utf-8")("replace")
    if _MARKUP.match(begins.decode(head).lstrip("\ufeff")):
        raise _active()
    if encoding is None:
        return not any(_BINARY.search(chunk) for chunk in _chunks(file))
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    try:
        for chunk in _chunks(file):
            if "\x00" in decoder.decode(chunk):
                return False
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _chunks(file: BinaryIO) -> Iterator[bytes]:
    file.seek(0)
    while chunk := file.read(_CHUNK):
        yield chunk


def _unknown() -> WrongMediaType:
    return WrongMediaType("document_type_refused")


def _active() -> WrongMediaType:
    return WrongMediaType("document_active_content")
