"""An answer that does not fit the form of its task or section."""

# ruff: noqa: RUF001 - apostrophes and no-break spaces as French writes them

from collections.abc import Mapping

from policy.sentences import both
from schemas.values import Bilingual

ANSWERS: Mapping[str, Bilingual] = {
    "answer_required": both("This must be answered.", "Il faut répondre à cette question."),
    "answer_enum": both(
        "Choose one of these: {allowed}.", "Choisissez l’une de ces valeurs : {allowed}."
    ),
    "answer_const": both("This must be {allowed}.", "Cette valeur doit être {allowed}."),
    "answer_type": both(
        "This answer is of the wrong type: {allowed} is needed.",
        "Cette réponse n’est pas du bon type : {allowed} est requis.",
    ),
    "answer_minLength": both("Fill in this field.", "Remplissez ce champ."),
    "answer_maxLength": both(
        "Shorten this to at most {allowed} characters.",
        "Raccourcissez ce texte à au plus {allowed} caractères.",
    ),
    "answer_minItems": both(
        "Enter at least {allowed} of these.", "Entrez au moins {allowed} de ces éléments."
    ),
    "answer_maxItems": both(
        "Enter at most {allowed} of these.", "Entrez au plus {allowed} de ces éléments."
    ),
    "answer_uniqueItems": both(
        "Name each of these once.", "Nommez chacun de ces éléments une seule fois."
    ),
    "answer_minimum": both(
        "Enter a number of at least {allowed}.", "Entrez un nombre d’au moins {allowed}."
    ),
    "answer_maximum": both(
        "Enter a number of at most {allowed}.", "Entrez un nombre d’au plus {allowed}."
    ),
    "answer_pattern": both(
        "This answer does not have the form that is needed here.",
        "Cette réponse n’a pas la forme attendue ici.",
    ),
    "answer_additionalProperties": both(
        "There is an answer that the form does not ask for. Remove it.",
        "Une réponse n’est pas demandée par le formulaire. Retirez-la.",
    ),
}

OTHER: Bilingual = both(
    "This answer does not fit the form.", "Cette réponse ne convient pas au formulaire."
)
"""An answer that fails a rule without a sentence of its own."""
