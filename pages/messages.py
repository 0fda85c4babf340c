"""The messages of the pages as their catalogue needs them: found in the source, and lacking in it.

`make check` refuses a message that has no French, one whose French is doubtful, and French that
breaks where it must not: a no-break space stands before a colon and inside of quotation marks.
"""

import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from pages.languages import FOLDER, FRENCH_CATALOGUE

_METHODS = [("**.py", "python"), ("templates/**.html", "jinja2")]
_OPTIONS = {"templates/**.html": {"silent": "false", "trimmed": "true"}}
_KEYWORDS = ("gettext", "ngettext", "N_", "_")
_HEAD = """\
# The pages of Accord in French. `make messages` brings in what the source says now.
msgid ""
msgstr ""
"Language: fr\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals=2; plural=(n > 1);\\n"

"""
_BREAKING = re.compile("(?<! )(?<!\\d) :(?!\\w)|« | »|\\d [$%]| [;!?]")
_PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]")


def extracted(folder: Path = FOLDER) -> Catalog:
    """Every message of the source, with the places where it stands."""
    catalogue = Catalog(project="Accord", version="1", charset="utf-8", fuzzy=False)
    for file, line, message, _, context in extract_from_dir(
        str(folder), _METHODS, _OPTIONS, _keywords()
    ):
        catalogue.add(message, locations=[(f"pages/{file}", line)], context=context)
    return catalogue


def french() -> Catalog:
    with FRENCH_CATALOGUE.open("rb") as source:
        return read_po(source, locale="fr")


def update() -> None:
    """Bring what the source says now into the catalogue; what is new has no French yet."""
    catalogue = french() if FRENCH_CATALOGUE.exists() else Catalog(locale="fr")
    catalogue.update(extracted(), no_fuzzy_matching=True)
    keep(catalogue)


def keep(catalogue: Catalog) -> None:
    """Write the catalogue down, the same for the same messages: no day, no tool, no line."""
    written = BytesIO()
    write_po(
        written, catalogue, width=100, sort_output=True, no_location=True, omit_header=True,
        ignore_obsolete=True,
    )  # fmt: skip
    FRENCH_CATALOGUE.write_bytes(_HEAD.encode() + written.getvalue())


def problems() -> list[str]:
    """What keeps the French catalogue from being complete and right."""
    known, wanted = french(), extracted()
    found = [
        f"no longer said: {message.id!r}"
        for message in known
        if message.id and message.id not in wanted
    ]
    for message in wanted:
        if not message.id:
            continue
        translated = known.get(message.id)
        found += [f"{why}: {message.id!r}" for why in _wrong(message, translated)]
    return found


def _wrong(message: Message, translated: Message | None) -> Iterator[str]:
    forms = _forms(translated.string) if translated is not None else ()
    if translated is None or not forms or not all(forms):
        yield "no French"
        return
    if translated.fuzzy:
        yield "doubtful French"
    sources = _forms(message.id)
    named = {name for form in sources for name in _PLACEHOLDER.findall(form)}
    for form in forms:
        if _BREAKING.search(form):
            yield "a space that may break, or that does not belong"
        if not set(_PLACEHOLDER.findall(form)) <= named:
            yield "a placeholder that is not in the English"


def _forms(text: str | list[str] | tuple[str, ...] | None) -> tuple[str, ...]:
    return (text or "",) if isinstance(text, str) or text is None else tuple(text)


def _keywords() -> dict[str, tuple[int, ...] | None]:
    return {name: (1, 2) if name == "ngettext" else None for name in _KEYWORDS}
