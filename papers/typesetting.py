"""Setting a paper as PDF/UA-1, by typst.

The template is Accord's own and the words reach it as data, so no text of a proposal can make
it open a file or an address: the compiler's root is an empty folder, and no package is loaded.
"""

import json
import re
import tempfile
from functools import cache
from pathlib import Path
from typing import Any, Literal

from papers.paper import Block, Facts, Heading, Paper, Points, Table, Words

MEDIA_TYPE = "application/pdf"
_TEMPLATE = Path(__file__).with_name("paper.typ")
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufff9-\ufffb]")
_NO_GLYPH = "could not be displayed with font"
_INCOMPLETE = {
    "en": "Some characters have no font on the machine that set this document. They are whole in "
    "Accord itself.",
    "fr": "Certains caractères n'ont pas de police sur la machine qui a composé ce document. Ils "
    "sont intacts dans Accord.",
}


def pdf(paper: Paper) -> bytes:
    """*paper* as PDF/UA-1: tagged, titled, in its language; the same paper gives the same bytes.

    A character that no font of this machine can show keeps the document from being PDF/UA: then
    it is a tagged PDF without that claim, and says so on its first lines. Control characters are
    shown as U+FFFD.
    """
    import typst  # noqa: PLC0415 - seven megabytes that only printing needs

    try:
        return _set(paper, standard="ua-1")
    except typst.TypstError as failed:
        if _NO_GLYPH not in str(failed):
            raise
    return _set(paper, standard=None, notice=_INCOMPLETE[paper.language])


def _set(paper: Paper, *, standard: Literal["ua-1"] | None, notice: str = "") -> bytes:
    blocks = [*([Words(notice)] if notice else []), *paper.blocks]
    at = paper.at
    given = {
        "title": paper.title.strip() or paper.foot,
        "language": paper.language,
        "at": {name: getattr(at, name) for name in _INSTANT},
        "foot": paper.foot,
        "marking": paper.marking,
        "blocks": [_plain(block) for block in blocks],
    }
    import typst  # noqa: PLC0415 - as above

    with tempfile.TemporaryDirectory() as root:
        # Its stubs want input and root of one type, which it does not.
        made: bytes = typst.compile(  # type: ignore[call-overload]
            _template(),
            root=root,
            format="pdf",
            pdf_standards=standard,
            sys_inputs={"paper": json.dumps(_clean(given))},
            timestamp=int(at.timestamp()),
        )
    return made


_INSTANT = ("year", "month", "day", "hour", "minute", "second")


@cache
def _template() -> bytes:
    return _TEMPLATE.read_bytes()


def _plain(block: Block) -> dict[str, Any]:
    match block:
        case Heading():
            # A heading that shows nothing would be one that a screen reader stops at for nothing.
            return {"kind": "heading", "text": block.text.strip() or "–", "level": block.level}  # noqa: RUF001
        case Words():
            parts = [part.strip("\n") for part in re.split(r"\r?\n\s*\n", block.text)]
            return {"kind": "words", "parts": [part for part in parts if part]}
        case Points():
            return {"kind": "points", "items": list(block.items)}
        case Facts():
            return {"kind": "facts", "rows": [list(row) for row in block.rows]}
        case Table():
            return {
                "kind": "table",
                "columns": list(block.columns),
                "rows": [list(row) for row in block.rows],
                "figures": list(block.figures),
            }


def _clean(value: Any) -> Any:
    if isinstance(value, str):
        return _CONTROLS.sub("\ufffd", value.replace("\r\n", "\n"))
    if isinstance(value, dict):
        return {name: _clean(each) for name, each in value.items()}
    return [_clean(each) for each in value] if isinstance(value, list) else value
