"""The one form in which words are kept for search, and in which a search is asked.

Not for names of parties: those are compared by `policy.matching`.
"""

import unicodedata

_LETTERS = str.maketrans(
    {
        "œ": "oe",
        "æ": "ae",
        "ø": "o",
        "ł": "l",
        "đ": "d",
        "\u2019": "'",
        "\u02bc": "'",
        "\u2010": "-",
        "\u2011": "-",
    }
)


def folded(text: str) -> str:
    """*text* without accents, case and double spaces, so that `Ecole` finds `École`."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(letter for letter in apart if not unicodedata.combining(letter))
    return " ".join(plain.casefold().translate(_LETTERS).split())
