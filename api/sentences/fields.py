"""What is wrong with one field of a request."""

# ruff: noqa: RUF001 - apostrophes and no-break spaces as French writes them

from collections.abc import Mapping

from policy.sentences import both
from schemas.values import Bilingual

FIELDS: Mapping[str, Bilingual] = {
    "malformed": both(
        "{count} items need to be corrected.", "{count} éléments doivent être corrigés."
    ),
    "required": both("Fill in this field.", "Remplissez ce champ."),
    "unknown_field": both(
        "This field is not known here. Remove it.", "Ce champ n’est pas connu ici. Retirez-le."
    ),
    "unknown_parameter": both(
        "This parameter is not known here. Remove it.",
        "Ce paramètre n’est pas connu ici. Retirez-le.",
    ),
    "unknown_value": both(
        "Choose one of these: {expected}.", "Choisissez l’une de ces valeurs : {expected}."
    ),
    "wrong_value": both("This value does not fit here.", "Cette valeur ne convient pas ici."),
    "wrong_format": both(
        "This value does not have the form that is needed here.",
        "Cette valeur n’a pas la forme attendue ici.",
    ),
    "forbidden_character": both(
        "This text holds a character that cannot be kept. Remove it.",
        "Ce texte contient un caractère qui ne peut pas être conservé. Retirez-le.",
    ),
    "too_long": both(
        "Shorten this to at most {most} characters.",
        "Raccourcissez ce texte à au plus {most} caractères.",
    ),
    "too_many": both(
        "There are too many entries: at most {most}.",
        "Il y a trop d’entrées : au plus {most}.",
    ),
    "too_few": both(
        "There are too few entries: at least {least}.",
        "Il n’y a pas assez d’entrées : au moins {least}.",
    ),
    "number_too_small": both(
        "Enter a number of at least {least}.", "Entrez un nombre d’au moins {least}."
    ),
    "number_too_large": both(
        "Enter a number of at most {most}.", "Entrez un nombre d’au plus {most}."
    ),
    "too_many_decimals": both("Enter at most {most} decimals.", "Entrez au plus {most} décimales."),
    "too_many_digits": both("Enter at most {most} digits.", "Entrez au plus {most} chiffres."),
    "not_a_number": both("Enter a number.", "Entrez un nombre."),
    "not_a_whole_number": both("Enter a whole number.", "Entrez un nombre entier."),
    "not_a_boolean": both("Answer true or false.", "Répondez true ou false."),
    "not_a_text": both("This must be a text.", "Cette valeur doit être un texte."),
    "not_a_list": both("This must be a list.", "Cette valeur doit être une liste."),
    "not_an_object": both("This must be an object.", "Cette valeur doit être un objet."),
    "not_a_date": both("Enter a date such as 2027-04-01.", "Entrez une date comme 2027-04-01."),
    "not_an_instant": both(
        "Enter an instant such as 2027-04-01T12:00:00Z.",
        "Entrez un instant comme 2027-04-01T12:00:00Z.",
    ),
    "not_an_amount": both(
        'Enter an amount as a text with at most two decimals, such as "1250000.00".',
        'Entrez un montant sous forme de texte avec au plus deux décimales, comme "1250000.00".',
    ),
    "unknown_cursor": both(
        "This cursor is not one of this list. Start again from the first page.",
        "Ce curseur n’est pas de cette liste. Recommencez à la première page.",
    ),
}
