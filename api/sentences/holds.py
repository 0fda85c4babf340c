"""Pauses of a proposal: holds, questions to the partner, reconsideration."""

# ruff: noqa: RUF001 - apostrophes and no-break spaces as French writes them

from collections.abc import Mapping

from policy.sentences import both
from schemas.values import Bilingual

HOLDS: Mapping[str, Bilingual] = {
    "on_hold": both(
        "The proposal is paused. This can be decided once the pause has ended.",
        "La proposition est suspendue. Une décision sera possible une fois la suspension levée.",
    ),
    "not_reconsidered": both(
        "Under the terms of the program this is not reconsidered.",
        "Selon les modalités du programme, cette décision n’est pas réexaminée.",
    ),
    "already_reconsidered": both(
        "This decision was reconsidered already, or is being reconsidered.",
        "Cette décision a déjà été réexaminée ou est en cours de réexamen.",
    ),
    "reconsideration_over": both(
        "A reconsideration could be asked for until {until}.",
        "Un réexamen pouvait être demandé jusqu’au {until}.",
    ),
    "ask_inside_a_task": both(
        "Name the task inside which you ask. Only officers of the program ask outside of one.",
        "Indiquez la tâche dans le cadre de laquelle vous posez la question. Seuls les agents du "
        "programme peuvent en poser hors d’une tâche.",
    ),
    "asker_only": both(
        "Only whoever asked, or an officer of the program, may withdraw the question.",
        "Seuls l’auteur de la question ou un agent du programme peuvent la retirer.",
    ),
    "not_in_review": both(
        "Questions are asked while a proposal is reviewed.",
        "Les questions se posent pendant l’examen d’une proposition.",
    ),
    "environment_reviewers_only": both(
        "Reviewers of the environment post a notice.",
        "Les examinateurs de l’environnement affichent un avis.",
    ),
    "no_notice_to_post": both(
        "There is no notice that the lead desk has cleared.",
        "Aucun avis n’a été approuvé par le bureau responsable.",
    ),
    "notice_posted_already": both("The notice is posted already.", "L’avis est déjà affiché."),
    "notice_posted_too_early": both(
        "The notice was cleared on {cleared}: it is posted after that.",
        "L’avis a été approuvé le {cleared}\u00a0: il est affiché ensuite.",
    ),
    "date_not_reached": both("This day has not come yet.", "Ce jour n’est pas encore arrivé."),
    "notice_still_stands": both(
        "The notice was posted on {posted_on} and stands until {until}: determine after that.",
        "L’avis a été affiché le {posted_on} et reste jusqu’au {until}\u00a0: décidez ensuite.",
    ),
    "determination_open": both(
        "The environmental effects are not determined yet: the agreement waits for it.",
        "Les effets environnementaux ne sont pas encore décidés\u00a0: l’accord en dépend.",
    ),
    "no_such_review": both(
        "The program has no conditional review of this kind.",
        "Le programme ne prévoit aucun examen conditionnel de ce type.",
    ),
    "review_open_already": both("This review is open already.", "Cet examen est déjà ouvert."),
    "too_late_for_review": both(
        "The agreement is signed: no review is opened any more.",
        "L’entente est signée\u00a0: aucun examen ne peut plus être ouvert.",
    ),
    "reviewers_only": both(
        "Reviewers and officers of the program open a review.",
        "Les examinateurs et les agents du programme ouvrent un examen.",
    ),
    "no_question_here": both(
        "The partner is asked nothing from this task.",
        "Aucune question n’est posée au partenaire à partir de cette tâche.",
    ),
    "date_has_passed": both(
        "The date has passed. Choose a later one.",
        "La date est passée. Choisissez-en une autre.",
    ),
    "question_unknown": both(
        "There is no such question.",
        "Cette question n’existe pas.",
    ),
    "question_date": both(
        "Choose a day after today, and no later than {latest}.",
        "Choisissez un jour après aujourd’hui, au plus tard le {latest}.",
    ),
    "question_over": both(
        "The question is no longer open: it was answered or withdrawn, or its date has passed.",
        "La question n’est plus ouverte : elle a reçu une réponse, a été retirée ou son délai est "
        "écoulé.",
    ),
    "already_on_hold": both(
        "The proposal is on hold already. Resume it first.",
        "La proposition est déjà suspendue. Levez d’abord cette suspension.",
    ),
    "not_held_by_officer": both(
        "No programme officer holds this proposal. Whatever else pauses it ends by itself.",
        "Aucun agent de programme n’a suspendu cette proposition. Toute autre suspension prend "
        "fin d’elle-même.",
    ),
    "too_late_to_hold": both(
        "The agreement is active; a hold no longer pauses it.",
        "L’accord est en vigueur; une suspension n’a plus d’effet.",
    ),
}
