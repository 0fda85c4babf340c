"""Lists, screening, the duty to tell the police."""

# ruff: noqa: RUF001 - apostrophes and no-break spaces as French writes them

from collections.abc import Mapping

from policy.sentences import both
from schemas.values import Bilingual

LISTS: Mapping[str, Bilingual] = {
    "screening_reviewers_only": both(
        "Only reviewers of screening may do this.",
        "Seuls les réviseurs du filtrage peuvent faire cette opération.",
    ),
    "police_duties_not_for_role": both(
        "Only legal services, reviewers of screening and auditors may see this.",
        "Seuls les services juridiques, les réviseurs du filtrage et les vérificateurs peuvent "
        "voir ceci.",
    ),
    "legal_only": both(
        "Only legal services may do this.",
        "Seuls les services juridiques peuvent faire cette opération.",
    ),
    "told_in_the_future": both(
        "Enter the day on which the police were told: today or earlier.",
        "Indiquez le jour où la police a été avisée, au plus tard aujourd’hui.",
    ),
    "police_already_told": both(
        "That the police were told on {told_on} is recorded already.",
        "Il est déjà consigné que la police a été avisée le {told_on}.",
    ),
    "may_not_import_lists": both(
        "Only administrators and reviewers of screening may import lists.",
        "Seuls les administrateurs et les réviseurs du filtrage peuvent importer des listes.",
    ),
    "unknown_kind": both("Choose person or organization.", "Choisissez person ou organization."),
    "list_id_malformed": both(
        "A list's id has small letters, digits and underscores.",
        "L’identifiant d’une liste se compose de minuscules, de chiffres et de traits de "
        "soulignement.",
    ),
    "list_too_large": both(
        "The file is too large: at most {most}.", "Le fichier est trop volumineux : au plus {most}."
    ),
    "list_not_utf8": both("Line {line} is not UTF-8.", "La ligne {line} n’est pas en UTF-8."),
    "list_format_unknown": both(
        "This is not a list in the OpenSanctions simple CSV: its first line names other columns.",
        "Ce fichier n’est pas une liste au format CSV simple d’OpenSanctions : sa première ligne "
        "nomme d’autres colonnes.",
    ),
    "list_xml_unreadable": both(
        "Line {line} is not well-formed XML. Check the download.",
        "La ligne {line} n’est pas du XML bien formé. Vérifiez le téléchargement.",
    ),
    "list_xml_hostile": both(
        "Line {line} declares a document type, or nests or repeats beyond any real list.",
        "La ligne {line} déclare un type de document, ou s’imbrique ou se répète plus qu’aucune "
        "liste véritable.",
    ),
    "list_line_unreadable": both(
        "Line {line} cannot be read.", "La ligne {line} ne peut pas être lue."
    ),
    "list_line_wrong_columns": both(
        "Line {line} has another number of columns than the first.",
        "La ligne {line} n’a pas le même nombre de colonnes que la première.",
    ),
    "list_value_too_long": both(
        "Line {line} has a value that is too long.",
        "La ligne {line} contient une valeur trop longue.",
    ),
    "list_line_without_id": both(
        "Line {line} has no id.", "La ligne {line} n’a pas d’identifiant."
    ),
    "list_line_without_name": both("Line {line} has no name.", "La ligne {line} n’a pas de nom."),
    "list_id_twice": both("Line {line} repeats an id.", "La ligne {line} répète un identifiant."),
    "list_is_empty": both(
        "The file holds no entry. Check the download.",
        "Le fichier ne contient aucune entrée. Vérifiez le téléchargement.",
    ),
}
