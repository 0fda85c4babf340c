"""Documents of proposals and tasks."""

# ruff: noqa: RUF001 - apostrophes and no-break spaces as French writes them

from collections.abc import Mapping

from policy.sentences import both
from schemas.values import Bilingual

DOCUMENTS: Mapping[str, Bilingual] = {
    "document_empty": both(
        "The file is empty. Choose the file again.",
        "Le fichier est vide. Choisissez-le de nouveau.",
    ),
    "document_too_large": both(
        "The file is too large: at most {most} bytes are taken.",
        "Le fichier est trop volumineux : {most} octets au plus sont acceptés.",
    ),
    "document_type_refused": both(
        "A file of this type cannot be attached, whatever its name says. Attach one of: {allowed}.",
        "Un fichier de ce type ne peut pas être joint, quel que soit son nom. "
        "Joignez l’un des types suivants : {allowed}.",
    ),
    "document_active_content": both(
        "The file holds macros, scripts or other parts that act by themselves. Save it without "
        "them, as one of: {allowed}.",
        "Le fichier contient des macros, des scripts ou d’autres éléments actifs. Enregistrez-le "
        "sans ceux-ci, dans l’un des types suivants : {allowed}.",
    ),
    "document_name_differs": both(
        "The name ends in .{ending}, but the file is of the type {found}. Rename it.",
        "Le nom se termine par .{ending}, mais le fichier est du type {found}. Renommez-le.",
    ),
    "document_infected": both(
        "The scanner found {found} in the file. It was not kept.",
        "L’antivirus a trouvé {found} dans le fichier. Celui-ci n’a pas été conservé.",
    ),
    "scanner_unavailable": both(
        "The file could not be scanned, so it was not kept. Send it again later.",
        "Le fichier n’a pas pu être analysé et n’a donc pas été conservé. "
        "Envoyez-le de nouveau plus tard.",
    ),
    "marking_too_high": both(
        "Accord takes nothing above Protected B. Do not send this document; ask the department how "
        "to hand it over.",
        "Accord n’accepte rien au-delà de Protégé B. N’envoyez pas ce document; demandez au "
        "ministère comment le remettre.",
    ),
    "document_unknown": both(
        "No such document is attached to this proposal. Attach it first.",
        "Aucun document de ce genre n’est joint à cette proposition. Joignez-le d’abord.",
    ),
    "document_frozen": both(
        "The document was submitted and stays with its revision.",
        "Le document a été présenté et demeure joint à sa version.",
    ),
    "document_disposed": both(
        "The document was disposed of on {at} under {under}.",
        "Le document a été éliminé le {at} en vertu de {under}.",
    ),
    "too_many_documents": both(
        "At most {most} documents can be attached here.",
        "Au plus {most} documents peuvent être joints ici.",
    ),
    "documents_too_large_together": both(
        "The documents would be too large together: at most {most} bytes, {used} are used.",
        "Les documents seraient trop volumineux ensemble : au plus {most} octets, "
        "dont {used} sont utilisés.",
    ),
    "not_your_document": both(
        "Only the person who attached the document can remove it.",
        "Seule la personne qui a joint le document peut le retirer.",
    ),
    "answers_not_for_role": both(
        "Your role does not include the answers and documents of tasks.",
        "Votre rôle ne donne pas accès aux réponses ni aux documents des tâches.",
    ),
}
