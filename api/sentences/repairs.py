"""Repairs by four eyes."""

# ruff: noqa: RUF001 - apostrophes and no-break spaces as French writes them

from collections.abc import Mapping

from policy.sentences import both
from schemas.values import Bilingual

REPAIRS: Mapping[str, Bilingual] = {
    "decision_unsettled": both(
        "The decision on {task} is not settled, and the new terms have no place for it. Settle it "
        "first.",
        "La décision sur {task} n’est pas réglée et les nouvelles modalités ne la prévoient pas. "
        "Réglez-la d’abord.",
    ),
    "repair_under_way": both(
        "Another repair waits for its confirmation: {repair}. Wait until it has ended.",
        "Une autre correction attend sa confirmation : {repair}. Attendez qu’elle ait pris fin.",
    ),
    "repair_stale": both(
        "The proposal has moved on since the repair was proposed. Propose it anew if "
        "it is still needed.",
        "La proposition a avancé depuis que la correction a été proposée. "
        "Proposez-la de nouveau si elle est encore nécessaire.",
    ),
    "repair_after_decision": both(
        "The proposal is decided. No repair undoes a decision.",
        "La proposition a fait l’objet d’une décision. Aucune correction n’annule une décision.",
    ),
    "repair_not_back": both(
        "A repair only goes back: choose a stage up to the one where the proposal stands.",
        "Une correction ne fait que reculer : choisissez une étape jusqu’à celle où se trouve la "
        "proposition.",
    ),
    "repair_task_over": both(
        "This task is over and cannot be given to anybody.",
        "Cette tâche est terminée et ne peut être confiée à personne.",
    ),
    "repair_needs": both("This kind of repair needs it.", "Ce type de correction en a besoin."),
    "repair_takes_no_such": both(
        "This kind of repair takes no such field. Leave it out.",
        "Ce type de correction ne prend pas ce champ. Retirez-le.",
    ),
    "unknown_letter": both(
        "The proposal has no such letter.", "La proposition n’a pas de telle lettre."
    ),
    "letter_not_told": both(
        "The partner is told of this letter on {at}; until then there is nothing to send again.",
        "Le partenaire sera avisé de cette lettre le {at}; d’ici là, il n’y a rien à renvoyer.",
    ),
    "not_a_duplicate": both(
        "Name another proposal of the same organization.",
        "Nommez une autre proposition de la même organisation.",
    ),
    "duplicate_not_alive": both(
        "{reference} is not under way, so nothing would be left of the two.",
        "{reference} n’est pas en cours; il ne resterait rien des deux propositions.",
    ),
    "administrators_and_auditors_only": both(
        "Only administrators and auditors may do this.",
        "Seuls les administrateurs et les vérificateurs peuvent faire cette opération.",
    ),
}
