"""Work on tasks: who holds one, hands it over or decides it; bulk acts and undoing."""

# ruff: noqa: RUF001 - apostrophes and no-break spaces as French writes them

from collections.abc import Mapping

from policy.sentences import both
from schemas.values import Bilingual

TASKS: Mapping[str, Bilingual] = {
    "task_unknown": both(
        "There is no such task, or you may not see it.",
        "Cette tâche n’existe pas, ou vous ne pouvez pas la voir.",
    ),
    "held": both(
        "{by} has held this task since {since}.",
        "{by} détient cette tâche depuis {since}.",
    ),
    "nudges_not_for_role": both(
        "Only those who work on proposals may ask for a reminder.",
        "Seules les personnes qui travaillent aux propositions peuvent demander un rappel.",
    ),
    "nudging_oneself": both("You hold this task yourself.", "Vous détenez vous-même cette tâche."),
    "nudged_today": both(
        "{by} has asked for a reminder today already, on {at}. Try again tomorrow.",
        "{by} a déjà demandé un rappel aujourd’hui, le {at}. Réessayez demain.",
    ),
    "nothing_to_retry": both(
        "Nothing fails for this proposal at the moment.",
        "Rien n’est en échec pour cette proposition en ce moment.",
    ),
    "engine_cannot_hasten": both(
        "This engine cannot try again before its time. It goes on by itself.",
        "Ce moteur ne peut pas devancer une tentative. Il continue de lui-même.",
    ),
    "not_administrative": both(
        "Tasks of this kind are decided one by one.",
        "Les tâches de ce type font l’objet d’une décision à la fois.",
    ),
    "not_for_this_act": both(
        "This act takes no such field. Leave it out.",
        "Cette opération ne prend pas ce champ. Retirez-le.",
    ),
    "items_not_for_role": both(
        "What became of each task is for the person who ordered it.",
        "Le détail de chaque tâche est réservé à la personne qui a demandé l’opération.",
    ),
    "bulk_ended": both(
        "Nothing is left to stop: this ended on {at}.",
        "Il n’y a plus rien à arrêter, car l’opération s’est terminée le {at}.",
    ),
    "receiver_not_a_candidate": both(
        "This task is not for any role of {person}. Choose somebody who may take it.",
        "Cette tâche ne correspond à aucun rôle de {person}. Choisissez une personne qui peut "
        "la prendre.",
    ),
    "receiver_barred": both(
        "{person} may not decide this on this proposal. Choose somebody else.",
        "{person} ne peut pas prendre cette décision dans cette proposition. Choisissez une autre "
        "personne.",
    ),
    "unknown_person": both(
        "There is no person with this id.", "Aucune personne ne porte cet identifiant."
    ),
    "already_decided": both(
        "{by} already decided this task, on {at}.",
        "{by} a déjà pris une décision sur cette tâche, le {at}.",
    ),
    "task_cancelled": both(
        "This task is no longer needed: it was cancelled on {at}.",
        "Cette tâche n’est plus nécessaire : elle a été annulée le {at}.",
    ),
    "undo_window_over": both(
        "The partner was told of this decision on {at}. It can no longer be taken back.",
        "Le partenaire a été informé de cette décision le {at}. Elle ne peut plus être reprise.",
    ),
    "already_undone": both(
        "{by} took this decision back already, on {at}.",
        "{by} a déjà repris cette décision, le {at}.",
    ),
    "no_letter_to_undo": both(
        "No letter to the partner waits on this task: there is no decision to take back.",
        "Aucune lettre au partenaire ne dépend de cette tâche : il n’y a pas de décision à "
        "reprendre.",
    ),
    "not_your_decision": both(
        "Only whoever took this decision, or confirmed it, may take it back.",
        "Seule la personne qui a pris ou confirmé cette décision peut la reprendre.",
    ),
    "no_decision_yet": both(
        "There is no decision to reconsider.",
        "Il n’y a pas de décision à réexaminer.",
    ),
    "outcome_not_offered": both(
        "This task does not offer that outcome. Choose one of these: {offered}.",
        "Cette tâche n’offre pas ce résultat. Choisissez parmi : {offered}.",
    ),
    "unknown_outcome": both(
        "This task does not offer that outcome.", "Cette tâche n’offre pas ce résultat."
    ),
    "condition_not_met": both(
        "Conditions that must be met first are open: {conditions}. Whoever owes one gives "
        "evidence; the discipline that set it judges or waives it.",
        "Des conditions à remplir d’abord sont en suspens : {conditions}. Le responsable de "
        "chacune fournit la preuve; la discipline qui l’a fixée la juge ou la lève.",
    ),
    "report_unknown": both(
        "The agreement has no report {report}.", "L’accord n’a pas de rapport {report}."
    ),
    "report_not_owed": both(
        "Report {report} is not owed now: it is being read, or was accepted.",
        "Le rapport {report} n’est pas attendu : il est en lecture ou a été accepté.",
    ),
    "costs_missing": both(
        "A financial report says what was spent, by category.",
        "Un rapport financier indique les dépenses, par catégorie.",
    ),
    "tranche_unknown": both(
        "The agreement has no tranche {tranche}.", "L’accord n’a pas de versement {tranche}."
    ),
    "claim_above_tranche": both(
        "A claim on tranche {tranche} is of more than nothing, and of no more than it has left.",
        "Une demande sur le versement {tranche} est supérieure à zéro et ne dépasse pas ce qu’il "
        "en reste.",
    ),
    "payment_unknown": both(
        "The agreement has no payment {payment}.", "L’accord n’a pas de paiement {payment}."
    ),
    "payment_stopped": both(
        "Payment {payment} is held up; the facts name each gate that is closed, and who can open "
        "it.",
        "Le paiement {payment} est retenu; les faits nomment chaque point de contrôle fermé et qui "
        "peut l’ouvrir.",
    ),
    "certified_above_claim": both(
        "What is certified is more than nothing, and no more than was claimed.",
        "Le montant attesté est supérieur à zéro et ne dépasse pas le montant demandé.",
    ),
    "payment_not_requisitioned": both(
        "Payment {payment} was not requisitioned, or was paid already.",
        "Le paiement {payment} n’a pas été ordonné, ou a déjà été effectué.",
    ),
    "payment_differs": both(
        "The advice is of another amount than was certified for payment {payment}.",
        "L’avis porte sur un autre montant que celui attesté pour le paiement {payment}.",
    ),
    "closing_agreed": both(
        "Two people have agreed what the agreement comes to: nothing more is claimed on it.",
        "Deux personnes se sont entendues sur le total de l’entente : plus rien n’y est demandé.",
    ),
    "closing_differs": both(
        "The amount is another than the {reported} that was reported: say why.",
        "Le montant diffère des {reported} déclarés : dites pourquoi.",
    ),
    "eligible_above_agreed": both(
        "Eligible costs are no more than what was agreed.",
        "Les coûts admissibles ne dépassent pas ce qui a été convenu.",
    ),
    "nothing_owed": both(
        "Nothing is to be paid back on this agreement.",
        "Rien n’est à rembourser sur cette entente.",
    ),
    "receipt_above_debt": both(
        "What is received is more than nothing, and no more than is still to be paid back.",
        "Le montant reçu est supérieur à zéro et ne dépasse pas ce qui reste à rembourser.",
    ),
    "condition_unknown": both(
        "No condition of the approval has this id.",
        "Aucune condition de l’approbation ne porte cet identifiant.",
    ),
    "condition_is_over": both(
        "This condition is met or waived: nothing more is needed.",
        "Cette condition est remplie ou levée : rien d’autre n’est requis.",
    ),
    "condition_of_another": both(
        "Evidence for this condition is not yours to give.",
        "La preuve pour cette condition ne vous revient pas.",
    ),
    "judgement_under_way": both(
        "The condition is being judged: {task}.",
        "La condition est en cours de jugement : {task}.",
    ),
    "screening_open": both(
        "Screening found something new that must be judged first.",
        "Le filtrage a trouvé un nouvel élément qui doit d’abord être évalué.",
    ),
    "own_organization": both(
        "Nobody decides on their own organization's proposal.",
        "Personne ne décide de la proposition de sa propre organisation.",
    ),
    "separation_of_duties": both(
        "You have already taken another part in this proposal; somebody else must decide this.",
        "Vous êtes déjà intervenu à un autre titre dans cette proposition; une autre personne "
        "doit prendre cette décision.",
    ),
}
