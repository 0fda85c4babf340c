"""The words of the pages in both languages: English stands in the source, French in a catalogue.

Catalogues are read from their source, so that nothing has to be compiled beforehand.
"""

import gettext
from functools import cache
from io import BytesIO
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

FOLDER = Path(__file__).parent
FRENCH_CATALOGUE = FOLDER / "locale" / "fr" / "LC_MESSAGES" / "pages.po"
LANGUAGES = ("en", "fr")


def N_(message: str) -> str:  # noqa: N802 - gettext's own name for a message said later
    """Marks a message that is translated where it is shown."""
    return message


def other(language: str) -> str:
    return "en" if language == "fr" else "fr"


@cache
def translations(language: str) -> gettext.NullTranslations:
    """What turns the messages of templates and modules into *language*."""
    if language == "en":
        return gettext.NullTranslations()
    with FRENCH_CATALOGUE.open("rb") as source:
        catalogue = read_po(source, locale=language)
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)
