"""The sentence of every error code, in English and French.

Words in braces are facts; one that is not given stays a dash. What keeps a proposal from being
submitted has its sentences in `policy.sentences`.
"""

# ruff: noqa: RUF001 - apostrophes and no-break spaces as French writes them

import re
from collections.abc import Mapping
from typing import Any

from api import sentences_of_people
from policy import sentences as policy
from schemas.values import Bilingual


def sentence(code: str, facts: Mapping[str, Any], language: str) -> str:
    """What *code* means, to a person; a code without a sentence is told as a refusal."""
    code = sentences_of_people.rule_of(code, facts)
    otherwise = _ANSWER if code.startswith("answer_") else _REFUSED
    instants = _TO_THE_SECOND if code in _CALLS else _TO_THE_MINUTE
    return policy.sentence(SENTENCES.get(code, otherwise), _words(facts, instants), language)


def _words(facts: Mapping[str, Any], instants: re.Pattern[str]) -> dict[str, str]:
    words = {name: _word(value, instants) for name, value in facts.items() if value is not None}
    earlier = facts.get("earlier")
    if isinstance(earlier, Mapping):
        told = {"by": earlier.get("person"), "at": earlier.get("at")}
        words |= {f"earlier_{k}": _word(v, instants) for k, v in told.items() if v is not None}
    return words


def _word(value: object, instants: re.Pattern[str]) -> str:
    if isinstance(value, list | tuple):
        return ", ".join(_word(each, instants) for each in value)
    if isinstance(value, Mapping):
        return str(value.get("name") or value.get("id") or "–")
    return instants.sub(r"\1 \2 UTC", str(value))


_TO_THE_MINUTE = re.compile(r"^(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2})[\d:.]*(?:Z|\+00:00)$")
_TO_THE_SECOND = re.compile(
    r"^(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2}:\d{2}(?:\.\d*[1-9])?)\.?0*(?:Z|\+00:00)$"
)
"""Of a call each second counts, and of what was received parts of one."""


def _both(en: str, fr: str) -> Bilingual:
    return Bilingual(en=en, fr=fr)


TITLES: dict[int, Bilingual] = {
    400: _both("Unreadable request", "Requête illisible"),
    401: _both("Not signed in", "Connexion requise"),
    403: _both("Not allowed", "Non autorisé"),
    404: _both("Not found", "Introuvable"),
    405: _both("Method not allowed", "Méthode non autorisée"),
    408: _both("Request not sent in time", "Requête non reçue à temps"),
    409: _both("Refused by the rules", "Refusé par les règles"),
    412: _both("Changed in the meantime", "Modifié entre-temps"),
    413: _both("Too large", "Trop volumineux"),
    415: _both("Wrong content type", "Type de contenu inapproprié"),
    422: _both("Something needs to be corrected", "Des corrections sont nécessaires"),
    428: _both("Version needed", "Version requise"),
    429: _both("Too many requests", "Trop de requêtes"),
    431: _both("Request head too large", "En-tête de requête trop volumineux"),
    500: _both("Unexpected error", "Erreur inattendue"),
    503: _both("Not available now", "Non disponible pour le moment"),
}

_REFUSED = _both("This cannot be done.", "Cette opération est impossible.")

_REQUESTS: dict[str, Bilingual] = {
    "refused": _REFUSED,
    "unreadable_request": _both("The request cannot be read.", "La requête ne peut pas être lue."),
    "request_too_slow": _both(
        "The request took too long to arrive. Send it again.",
        "La requête a mis trop de temps à arriver. Envoyez-la de nouveau.",
    ),
    "head_too_large": _both(
        "The address and the headers of the request are too large.",
        "L’adresse et les en-têtes de la requête sont trop volumineux.",
    ),
    "unreadable_json": _both(
        "The body is not readable JSON in UTF-8.",
        "Le corps de la requête n’est pas du JSON lisible en UTF-8.",
    ),
    "json_too_deep": _both(
        "The JSON is nested more than {most} levels deep.",
        "Le JSON est imbriqué sur plus de {most} niveaux.",
    ),
    "unreadable_form": _both(
        "The form cannot be read. Send it again.",
        "Le formulaire ne peut pas être lu. Envoyez-le de nouveau.",
    ),
    "not_signed_in": _both(
        "Sign in first: there is no valid token.",
        "Connectez-vous d’abord : aucun jeton valide.",
    ),
    "wrong_credentials": _both(
        "The user name or the password is wrong.",
        "Le nom d’utilisateur ou le mot de passe est erroné.",
    ),
    "forbidden": _both(
        "Your roles do not allow this.", "Vos rôles ne permettent pas cette opération."
    ),
    "not_found": _both(
        "There is nothing here, or you may not see it.",
        "Il n’y a rien ici, ou vous ne pouvez pas le voir.",
    ),
    "method_not_allowed": _both(
        "This address does not take this method.", "Cette adresse n’accepte pas cette méthode."
    ),
    "too_large": _both(
        "The body is too large: at most {most} bytes.",
        "Le corps de la requête est trop volumineux : au plus {most} octets.",
    ),
    "wrong_media_type": _both(
        "Send the body as {expected}.", "Envoyez le corps de la requête en {expected}."
    ),
    "stale_version": _both(
        "This was changed in the meantime. Read it again and repeat your change.",
        "Des modifications ont été apportées entre-temps. Relisez et refaites votre modification.",
    ),
    "if_match_missing": _both(
        "Say which version you are changing: send its ETag in If-Match.",
        "Précisez la version que vous modifiez : envoyez son ETag dans If-Match.",
    ),
    "if_match_malformed": _both(
        'If-Match holds no entity tag, such as "3".',
        'If-Match ne contient aucune étiquette d’entité, comme "3".',
    ),
    "idempotency_key_required": _both(
        "Send an Idempotency-Key with this request, so that it can be repeated safely.",
        "Envoyez un en-tête Idempotency-Key avec cette requête, afin qu’elle puisse être répétée "
        "sans risque.",
    ),
    "idempotency_key_malformed": _both(
        "An Idempotency-Key has 1 to {most} printable ASCII characters.",
        "Un en-tête Idempotency-Key compte de 1 à {most} caractères ASCII imprimables.",
    ),
    "idempotency_key_reused": _both(
        "This Idempotency-Key was already used for another request. Choose a new one.",
        "Cet en-tête Idempotency-Key a déjà servi à une autre requête. Choisissez-en un nouveau.",
    ),
    "request_under_way": _both(
        "The same request is still being worked on. Repeat it in a moment.",
        "La même requête est encore en cours de traitement. Répétez-la dans un instant.",
    ),
    "too_many_requests": _both(
        "Too many requests. Repeat in {retry_after} s.",
        "Trop de requêtes. Recommencez dans {retry_after} s.",
    ),
    "too_many_attempts": _both(
        "Too many failed sign-ins. Try again in {retry_after} s.",
        "Trop de tentatives de connexion échouées. Réessayez dans {retry_after} s.",
    ),
    "unavailable": _both(
        "The service cannot answer now. Repeat the same request in a moment.",
        "Le service ne peut pas répondre pour le moment. Répétez la même requête dans un instant.",
    ),
    "engine_unavailable": _both(
        "The engine did not answer in time. Repeat the same request: it is done once at most.",
        "Le moteur n’a pas répondu à temps. Répétez la même requête : elle ne sera exécutée "
        "qu’une fois.",
    ),
    "foreign_form": _both(
        "This form was not sent by a page of Accord. Open the page here and send it again.",
        "Ce formulaire n’a pas été envoyé par une page d’Accord. Ouvrez la page ici et envoyez-le "
        "de nouveau.",
    ),
    "unexpected": _both(
        "Something went wrong on our side. It was recorded.",
        "Une erreur s’est produite de notre côté. Elle a été consignée.",
    ),
}

_FIELDS: dict[str, Bilingual] = {
    "malformed": _both(
        "{count} items need to be corrected.", "{count} éléments doivent être corrigés."
    ),
    "required": _both("Fill in this field.", "Remplissez ce champ."),
    "unknown_field": _both(
        "This field is not known here. Remove it.", "Ce champ n’est pas connu ici. Retirez-le."
    ),
    "unknown_parameter": _both(
        "This parameter is not known here. Remove it.",
        "Ce paramètre n’est pas connu ici. Retirez-le.",
    ),
    "unknown_value": _both(
        "Choose one of these: {expected}.", "Choisissez l’une de ces valeurs : {expected}."
    ),
    "wrong_value": _both("This value does not fit here.", "Cette valeur ne convient pas ici."),
    "wrong_format": _both(
        "This value does not have the form that is needed here.",
        "Cette valeur n’a pas la forme attendue ici.",
    ),
    "forbidden_character": _both(
        "This text holds a character that cannot be kept. Remove it.",
        "Ce texte contient un caractère qui ne peut pas être conservé. Retirez-le.",
    ),
    "too_long": _both(
        "Shorten this to at most {most} characters.",
        "Raccourcissez ce texte à au plus {most} caractères.",
    ),
    "too_many": _both(
        "There are too many entries: at most {most}.",
        "Il y a trop d’entrées : au plus {most}.",
    ),
    "too_few": _both(
        "There are too few entries: at least {least}.",
        "Il n’y a pas assez d’entrées : au moins {least}.",
    ),
    "number_too_small": _both(
        "Enter a number of at least {least}.", "Entrez un nombre d’au moins {least}."
    ),
    "number_too_large": _both(
        "Enter a number of at most {most}.", "Entrez un nombre d’au plus {most}."
    ),
    "too_many_decimals": _both(
        "Enter at most {most} decimals.", "Entrez au plus {most} décimales."
    ),
    "too_many_digits": _both("Enter at most {most} digits.", "Entrez au plus {most} chiffres."),
    "not_a_number": _both("Enter a number.", "Entrez un nombre."),
    "not_a_whole_number": _both("Enter a whole number.", "Entrez un nombre entier."),
    "not_a_boolean": _both("Answer true or false.", "Répondez true ou false."),
    "not_a_text": _both("This must be a text.", "Cette valeur doit être un texte."),
    "not_a_list": _both("This must be a list.", "Cette valeur doit être une liste."),
    "not_an_object": _both("This must be an object.", "Cette valeur doit être un objet."),
    "not_a_date": _both("Enter a date such as 2027-04-01.", "Entrez une date comme 2027-04-01."),
    "not_an_instant": _both(
        "Enter an instant such as 2027-04-01T12:00:00Z.",
        "Entrez un instant comme 2027-04-01T12:00:00Z.",
    ),
    "not_an_amount": _both(
        'Enter an amount as a text with at most two decimals, such as "1250000.00".',
        'Entrez un montant sous forme de texte avec au plus deux décimales, comme "1250000.00".',
    ),
    "unknown_cursor": _both(
        "This cursor is not one of this list. Start again from the first page.",
        "Ce curseur n’est pas de cette liste. Recommencez à la première page.",
    ),
}

_PEOPLE: dict[str, Bilingual] = {
    "administrators_only": _both(
        "Only administrators may do this.",
        "Seuls les administrateurs peuvent faire cette opération.",
    ),
    "staff_only": _both(
        "Only staff of the department may see this.",
        "Seul le personnel du ministère peut consulter ces renseignements.",
    ),
    "officers_and_administrators_only": _both(
        "Only programme officers and administrators may do this.",
        "Seuls les agents de programme et les administrateurs peuvent faire cette opération.",
    ),
    "signatories_and_officers_only": _both(
        "Only the organization's signatories, programme officers and administrators may do this.",
        "Seuls les signataires de l’organisation, les agents de programme et les administrateurs "
        "peuvent faire cette opération.",
    ),
    "administrators_and_signatories_only": _both(
        "Only administrators, and signatories for their own organization, may do this.",
        "Seuls les administrateurs, et les signataires pour leur propre organisation, peuvent "
        "faire cette opération.",
    ),
    "address_in_use": _both(
        "This e-mail address belongs to somebody else.",
        "Cette adresse de courriel appartient à une autre personne.",
    ),
    "link_gone": _both(
        "This link does not work, or no longer does. Ask for a new one.",
        "Ce lien ne fonctionne pas, ou ne fonctionne plus. Demandez-en un nouveau.",
    ),
    "not_to_oneself": _both(
        "Nobody changes their own roles. Ask another administrator.",
        "Personne ne modifie ses propres rôles. Adressez-vous à un autre administrateur.",
    ),
    "second_person_needed": _both(
        "Another administrator must confirm what you have granted.",
        "Un autre administrateur doit confirmer ce que vous avez accordé.",
    ),
    "nothing_to_confirm": _both(
        "This grant does not wait for a second person.",
        "Cette attribution n’attend pas de seconde personne.",
    ),
    "nothing_to_attest": _both(
        "This grant needs no attestation.", "Cette attribution n’a pas à être attestée."
    ),
    "grant_lapsed": _both(
        "This grant lapsed: it was not attested by {on}. Grant the role anew.",
        "Cette attribution est caduque : elle n’a pas été attestée au plus tard le {on}. "
        "Attribuez le rôle de nouveau.",
    ),
    "administrators_exist": _both(
        "There are {count} administrators. Let one of them propose another.",
        "Il y a {count} administrateurs. L’un d’eux peut en proposer un autre.",
    ),
    "person_not_active": _both(
        "This person is deactivated. Reactivate them first.",
        "Cette personne est désactivée. Réactivez-la d’abord.",
    ),
    "active_already": _both("This person is active.", "Cette personne est active."),
    "not_active_already": _both(
        "This person is deactivated already.", "Cette personne est déjà désactivée."
    ),
    "neither_director_nor_owner": _both(
        "Name directors and beneficial owners here.",
        "Nommez ici les administrateurs et les bénéficiaires effectifs.",
    ),
    "shares_above_whole": _both(
        "The owners' shares make {sum} percent: more than the whole.",
        "Les parts des propriétaires totalisent {sum} % : plus que le tout.",
    ),
    "ends_earlier_already": _both(
        "This grant already ends on {ends_on}.",
        "Cette attribution prend déjà fin le {ends_on}.",
    ),
    "ends_before_start": _both(
        "The end comes before the start. Change one of the dates.",
        "La fin précède le début. Modifiez l’une des dates.",
    ),
    "end_date_needed": _both(
        "Enter an end date: a role that decides is granted for a time.",
        "Entrez une date de fin : un rôle décisionnel est accordé pour une période limitée.",
    ),
    "unknown_scope": _both(
        "The role {role} has no such scope.", "Le rôle {role} n’a pas cette portée."
    ),
    "administrator_holds_no_other_role": _both(
        "An administrator holds no other role.",
        "Un administrateur n’exerce aucun autre rôle.",
    ),
    "not_a_candidate": _both(
        "This task is not for any of your roles.",
        "Cette tâche ne correspond à aucun de vos rôles.",
    ),
    "comments_not_for_role": _both(
        "Your roles read this case and do not work on it, so they make no comments.",
        "Vos rôles permettent de lire ce dossier, mais non d’y ajouter des commentaires.",
    ),
}

_CALLS: dict[str, Bilingual] = {
    "call_closed": _both(
        "The call closed on {closes_at}; this was received on {received_at}. Nothing has changed.",
        "L’appel a pris fin le {closes_at}; ceci a été reçu le {received_at}. Rien n’a changé.",
    ),
    "call_not_open": _both(
        "The call opens on {opens_at}; this was received on {received_at}.",
        "L’appel s’ouvre le {opens_at}; ceci a été reçu le {received_at}.",
    ),
    "call_opened": _both(
        "The call has been open since {opens_at}, and is changed no more.",
        "L’appel est ouvert depuis le {opens_at} et n’est plus modifiable.",
    ),
    "officers_of_the_programme_only": _both(
        "Only officers of the program {programme} may do this.",
        "Seuls les agents du programme {programme} peuvent faire cette opération.",
    ),
    "no_calls_in_programme": _both(
        "The program {programme} takes no proposals by calls.",
        "Le programme {programme} ne reçoit pas de propositions par appel.",
    ),
    "closes_before_opening": _both(
        "The call closes before it opens. Change one of the instants.",
        "L’appel prend fin avant de s’ouvrir. Modifiez l’un des moments.",
    ),
    "closes_in_the_past": _both(
        "Enter a closing that is still to come.", "Entrez une fin qui est encore à venir."
    ),
    "not_a_whole_second": _both("Enter a whole second.", "Entrez une seconde entière."),
    "most_below_least": _both(
        "The most is below the least. Change one of them.",
        "Le maximum est inférieur au minimum. Modifiez l’un des deux.",
    ),
    "call_fixed": _both(
        "The call of a proposal that was submitted does not change.",
        "L’appel d’une proposition soumise ne change pas.",
    ),
}

_ACTS: dict[str, Bilingual] = {
    "task_unknown": _both(
        "There is no such task, or you may not see it.",
        "Cette tâche n’existe pas, ou vous ne pouvez pas la voir.",
    ),
    "held": _both(
        "{by} has held this task since {since}.",
        "{by} détient cette tâche depuis {since}.",
    ),
    "nudges_not_for_role": _both(
        "Only those who work on proposals may ask for a reminder.",
        "Seules les personnes qui travaillent aux propositions peuvent demander un rappel.",
    ),
    "nudging_oneself": _both("You hold this task yourself.", "Vous détenez vous-même cette tâche."),
    "nudged_today": _both(
        "{by} has asked for a reminder today already, on {at}. Try again tomorrow.",
        "{by} a déjà demandé un rappel aujourd’hui, le {at}. Réessayez demain.",
    ),
    "nothing_to_retry": _both(
        "Nothing fails for this proposal at the moment.",
        "Rien n’est en échec pour cette proposition en ce moment.",
    ),
    "engine_cannot_hasten": _both(
        "This engine cannot try again before its time. It goes on by itself.",
        "Ce moteur ne peut pas devancer une tentative. Il continue de lui-même.",
    ),
    "not_administrative": _both(
        "Tasks of this kind are decided one by one.",
        "Les tâches de ce type font l’objet d’une décision à la fois.",
    ),
    "not_for_this_act": _both(
        "This act takes no such field. Leave it out.",
        "Cette opération ne prend pas ce champ. Retirez-le.",
    ),
    "items_not_for_role": _both(
        "What became of each task is for the person who ordered it.",
        "Le détail de chaque tâche est réservé à la personne qui a demandé l’opération.",
    ),
    "bulk_ended": _both(
        "Nothing is left to stop: this ended on {at}.",
        "Il n’y a plus rien à arrêter, car l’opération s’est terminée le {at}.",
    ),
    "receiver_not_a_candidate": _both(
        "This task is not for any role of {person}. Choose somebody who may take it.",
        "Cette tâche ne correspond à aucun rôle de {person}. Choisissez une personne qui peut "
        "la prendre.",
    ),
    "receiver_barred": _both(
        "{person} may not decide this on this proposal. Choose somebody else.",
        "{person} ne peut pas prendre cette décision dans cette proposition. Choisissez une autre "
        "personne.",
    ),
    "unknown_person": _both(
        "There is no person with this id.", "Aucune personne ne porte cet identifiant."
    ),
    "already_decided": _both(
        "This task was already decided on {at}.",
        "Cette tâche a déjà fait l’objet d’une décision le {at}.",
    ),
    "task_cancelled": _both(
        "This task is no longer needed: it was cancelled on {at}.",
        "Cette tâche n’est plus nécessaire : elle a été annulée le {at}.",
    ),
    "on_hold": _both(
        "The proposal is paused. This can be decided once the pause has ended.",
        "La proposition est suspendue. Une décision sera possible une fois la suspension levée.",
    ),
    "undo_window_over": _both(
        "The partner was told of this decision on {at}. It can no longer be taken back.",
        "Le partenaire a été informé de cette décision le {at}. Elle ne peut plus être reprise.",
    ),
    "already_undone": _both(
        "This decision was taken back already, on {at}.",
        "Cette décision a déjà été reprise, le {at}.",
    ),
    "no_letter_to_undo": _both(
        "No letter to the partner waits on this task: there is no decision to take back.",
        "Aucune lettre au partenaire ne dépend de cette tâche : il n’y a pas de décision à "
        "reprendre.",
    ),
    "not_your_decision": _both(
        "Only whoever took this decision, or confirmed it, may take it back.",
        "Seule la personne qui a pris ou confirmé cette décision peut la reprendre.",
    ),
    "no_decision_yet": _both(
        "There is no decision to reconsider.",
        "Il n’y a pas de décision à réexaminer.",
    ),
    "not_reconsidered": _both(
        "Under the terms of the program this is not reconsidered.",
        "Selon les modalités du programme, cette décision n’est pas réexaminée.",
    ),
    "already_reconsidered": _both(
        "This decision was reconsidered already, or is being reconsidered.",
        "Cette décision a déjà été réexaminée ou est en cours de réexamen.",
    ),
    "reconsideration_over": _both(
        "A reconsideration could be asked for until {until}.",
        "Un réexamen pouvait être demandé jusqu’au {until}.",
    ),
    "ask_inside_a_task": _both(
        "Name the task inside which you ask. Only officers of the program ask outside of one.",
        "Indiquez la tâche dans le cadre de laquelle vous posez la question. Seuls les agents du "
        "programme peuvent en poser hors d’une tâche.",
    ),
    "asker_only": _both(
        "Only whoever asked, or an officer of the program, may withdraw the question.",
        "Seuls l’auteur de la question ou un agent du programme peuvent la retirer.",
    ),
    "not_in_review": _both(
        "Questions are asked while a proposal is reviewed.",
        "Les questions se posent pendant l’examen d’une proposition.",
    ),
    "no_question_here": _both(
        "The partner is asked nothing from this task.",
        "Aucune question n’est posée au partenaire à partir de cette tâche.",
    ),
    "date_has_passed": _both(
        "The date has passed. Choose a later one.",
        "La date est passée. Choisissez-en une autre.",
    ),
    "question_unknown": _both(
        "There is no such question.",
        "Cette question n’existe pas.",
    ),
    "question_date": _both(
        "Choose a day after today, and no later than {latest}.",
        "Choisissez un jour après aujourd’hui, au plus tard le {latest}.",
    ),
    "question_over": _both(
        "The question is no longer open: it was answered or withdrawn, or its date has passed.",
        "La question n’est plus ouverte : elle a reçu une réponse, a été retirée ou son délai est "
        "écoulé.",
    ),
    "already_on_hold": _both(
        "The proposal is on hold already. Resume it first.",
        "La proposition est déjà suspendue. Levez d’abord cette suspension.",
    ),
    "not_held_by_officer": _both(
        "No programme officer holds this proposal. Whatever else pauses it ends by itself.",
        "Aucun agent de programme n’a suspendu cette proposition. Toute autre suspension prend "
        "fin d’elle-même.",
    ),
    "too_late_to_hold": _both(
        "The agreement is active; a hold no longer pauses it.",
        "L’accord est en vigueur; une suspension n’a plus d’effet.",
    ),
    "outcome_not_offered": _both(
        "This task does not offer that outcome. Choose one of these: {offered}.",
        "Cette tâche n’offre pas ce résultat. Choisissez parmi : {offered}.",
    ),
    "unknown_outcome": _both(
        "This task does not offer that outcome.", "Cette tâche n’offre pas ce résultat."
    ),
    "condition_not_met": _both(
        "A condition that must be met before the agreement is open: {conditions}.",
        "Une condition à remplir avant l’entente est en suspens : {conditions}.",
    ),
    "screening_open": _both(
        "Screening found something new that must be judged first.",
        "Le filtrage a trouvé un nouvel élément qui doit d’abord être évalué.",
    ),
    "own_organization": _both(
        "Nobody decides on their own organization's proposal.",
        "Personne ne décide de la proposition de sa propre organisation.",
    ),
    "separation_of_duties": _both(
        "You have already taken another part in this proposal; somebody else must decide this.",
        "Vous êtes déjà intervenu à un autre titre dans cette proposition; une autre personne "
        "doit prendre cette décision.",
    ),
    "terms_fixed_by_approval": _both(
        "The proposal was approved under {version}; its terms no longer change.",
        "La proposition a été approuvée selon {version}; ses modalités ne changent plus.",
    ),
    "terms_of_another_programme": _both(
        "These are the terms of another program. Choose a version of {programme}.",
        "Ces modalités sont celles d’un autre programme. Choisissez une version de {programme}.",
    ),
    "terms_not_newer": _both(
        "The proposal is under {version}. Choose newer terms.",
        "La proposition suit {version}. Choisissez des modalités plus récentes.",
    ),
    "terms_not_in_force": _both(
        "These terms take effect on {effective}; nothing moves to them before.",
        "Ces modalités prennent effet le {effective}; rien n’y passe avant cette date.",
    ),
    "terms_moved": _both(
        "The proposal has moved to {version} meanwhile. Check it again and submit.",
        "La proposition est passée à {version} entre-temps. Vérifiez-la et soumettez-la.",
    ),
    "preview_stale": _both(
        "The proposal has gone on since you saw the preview. Look at the preview again.",
        "La proposition a progressé depuis l’aperçu. Consultez de nouveau l’aperçu.",
    ),
    "decision_unsettled": _both(
        "The decision on {task} is not settled, and the new terms have no place for it. Settle it "
        "first.",
        "La décision sur {task} n’est pas réglée et les nouvelles modalités ne la prévoient pas. "
        "Réglez-la d’abord.",
    ),
    "repair_under_way": _both(
        "Another repair waits for its confirmation: {repair}. Wait until it has ended.",
        "Une autre correction attend sa confirmation : {repair}. Attendez qu’elle ait pris fin.",
    ),
    "repair_stale": _both(
        "The proposal has moved on since the repair was proposed. Propose it anew if "
        "it is still needed.",
        "La proposition a avancé depuis que la correction a été proposée. "
        "Proposez-la de nouveau si elle est encore nécessaire.",
    ),
    "repair_after_decision": _both(
        "The proposal is decided. No repair undoes a decision.",
        "La proposition a fait l’objet d’une décision. Aucune correction n’annule une décision.",
    ),
    "repair_not_back": _both(
        "A repair only goes back: choose a stage up to the one where the proposal stands.",
        "Une correction ne fait que reculer : choisissez une étape jusqu’à celle où se trouve la "
        "proposition.",
    ),
    "repair_task_over": _both(
        "This task is over and cannot be given to anybody.",
        "Cette tâche est terminée et ne peut être confiée à personne.",
    ),
    "repair_needs": _both("This kind of repair needs it.", "Ce type de correction en a besoin."),
    "repair_takes_no_such": _both(
        "This kind of repair takes no such field. Leave it out.",
        "Ce type de correction ne prend pas ce champ. Retirez-le.",
    ),
    "unknown_letter": _both(
        "The proposal has no such letter.", "La proposition n’a pas de telle lettre."
    ),
    "letter_not_told": _both(
        "The partner is told of this letter on {at}; until then there is nothing to send again.",
        "Le partenaire sera avisé de cette lettre le {at}; d’ici là, il n’y a rien à renvoyer.",
    ),
    "not_a_duplicate": _both(
        "Name another proposal of the same organization.",
        "Nommez une autre proposition de la même organisation.",
    ),
    "duplicate_not_alive": _both(
        "{reference} is not under way, so nothing would be left of the two.",
        "{reference} n’est pas en cours; il ne resterait rien des deux propositions.",
    ),
    "administrators_and_auditors_only": _both(
        "Only administrators and auditors may do this.",
        "Seuls les administrateurs et les vérificateurs peuvent faire cette opération.",
    ),
    "proposal_closed": _both("The proposal is closed.", "La proposition est fermée."),
    "too_late_to_withdraw": _both(
        "The agreement is signed by both sides; it is too late to withdraw.",
        "L’accord est signé par les deux parties; il est trop tard pour retirer la proposition.",
    ),
    "no_agreement_yet": _both(
        "There is no agreement to accept or sign yet.",
        "Il n’y a pas encore d’accord à accepter ou à signer.",
    ),
    "conditions_not_accepted": _both(
        "Accept the conditions before signing.",
        "Acceptez les conditions avant de signer.",
    ),
    "already_signed": _both("You have already signed.", "Vous avez déjà signé."),
    "already_accepted": _both(
        "The conditions are already accepted.", "Les conditions sont déjà acceptées."
    ),
    "not_returned": _both(
        "The proposal is under review; it can be submitted again only after a return.",
        "La proposition est à l’étude; elle ne peut être soumise de nouveau qu’après un renvoi.",
    ),
    "revision_out_of_order": _both(
        "Another revision came first. Read the proposal again.",
        "Une autre révision est arrivée avant. Relisez la proposition.",
    ),
    "section_not_open": _both(
        "These sections are not open for changes: {sections}.",
        "Ces sections ne peuvent pas être modifiées : {sections}.",
    ),
    "opened_by_officer": _both(
        "A programme officer opens proposals of this program.",
        "Un agent de programme ouvre les propositions de ce programme.",
    ),
    "annual_contributions_not_open": _both(
        "This version of Accord does not take annual voluntary contributions yet.",
        "Cette version d’Accord ne prend pas encore en charge les contributions volontaires "
        "annuelles.",
    ),
    "unknown_organization": _both(
        "There is no organization with this id.",
        "Aucune organisation ne porte cet identifiant.",
    ),
    "partner_only": _both(
        "Only the partner may do this.", "Seul le partenaire peut faire cette opération."
    ),
    "other_organization": _both(
        "You may do this for your own organization only.",
        "Vous ne pouvez faire cette opération que pour votre propre organisation.",
    ),
    "not_editable": _both(
        "The proposal cannot be changed now: it is neither a draft nor returned to you.",
        "La proposition ne peut pas être modifiée : elle n’est ni une ébauche ni renvoyée.",
    ),
    "being_submitted": _both(
        "The proposal is being submitted. Repeat in a moment.",
        "La proposition est en cours de soumission. Recommencez dans un instant.",
    ),
    "already_submitted": _both(
        "The proposal was already submitted.", "La proposition a déjà été soumise."
    ),
    "programme_fixed": _both(
        "The program of a proposal cannot be changed. Open a new proposal.",
        "Le programme d’une proposition ne peut pas être modifié. Ouvrez une nouvelle proposition.",
    ),
    "unknown_programme": _both(
        "No program with this code takes proposals now.",
        "Aucun programme portant ce code n’accepte de propositions en ce moment.",
    ),
    "programme_unknown": _both(
        "There is no program {programme}.", "Le programme {programme} n’existe pas."
    ),
    "terms_unknown": _both(
        "There are no terms {version}.", "Les modalités {version} n’existent pas."
    ),
    "policy_not_in_force": _both(
        "No policy of this kind was in force on {day}.",
        "Aucune politique de ce type n’était en vigueur le {day}.",
    ),
    "reason_missing": _both("Enter a reason.", "Entrez un motif."),
    "not_held": _both("Nobody holds this task.", "Personne ne détient cette tâche."),
    "below_rung_in_force": _both(
        "Under the delegation in force this needs a higher level of approver: {rung}.",
        "Selon la délégation en vigueur, un niveau d’approbation supérieur est requis : {rung}.",
    ),
    "signatory_only": _both(
        "Only a signatory of the organization may do this.",
        "Seul un signataire de l’organisation peut faire cette opération.",
    ),
    "not_submitted": _both(
        "The proposal was not submitted yet.",
        "La proposition n’a pas encore été soumise.",
    ),
    "incomplete": _both(
        "Before it can be submitted, {count} items need to be completed or corrected.",
        "Avant la soumission, {count} éléments doivent être remplis ou corrigés.",
    ),
    "message_missing": _both("Enter a message to the partner.", "Entrez un message au partenaire."),
}

_DECISIONS: dict[str, Bilingual] = {
    "check_reason_missing": _both(
        "Give a reason for the failed check: {check}.",
        "Donnez un motif pour la vérification échouée : {check}.",
    ),
    "hit_not_judged": _both(
        "Judge every possible match.", "Évaluez chaque correspondance possible."
    ),
    "outcome_disagrees": _both(
        "The outcome does not agree with the answers: they say {expected}.",
        "Le résultat ne concorde pas avec les réponses : elles indiquent {expected}.",
    ),
    "region_reason_missing": _both(
        "Give a reason for the rating of a region.",
        "Donnez un motif pour la cote d’une région.",
    ),
    "risk_twice": _both("The risk {risk} is rated twice.", "Le risque {risk} est coté deux fois."),
    "residual_above_inherent": _both(
        "The residual level ({residual}) is above the inherent level ({inherent}).",
        "Le niveau résiduel ({residual}) dépasse le niveau inhérent ({inherent}).",
    ),
    "residual_without_condition": _both(
        "The residual level is below the inherent level: name a condition for the risk {risk}.",
        "Le niveau résiduel est inférieur au niveau inhérent : nommez une condition pour le "
        "risque {risk}.",
    ),
    "subject_rated_twice": _both("{subject} is rated twice.", "{subject} est coté deux fois."),
    "subject_dropped_twice": _both(
        "{subject} is dropped twice.", "{subject} est retiré deux fois."
    ),
    "subject_rated_and_dropped": _both(
        "{subject} is both rated and dropped.", "{subject} est à la fois coté et retiré."
    ),
    "subject_not_rated": _both("Rate {subject}, or drop it.", "Cotez {subject} ou retirez-le."),
    "nothing_left": _both(
        "Everything is dropped. Keep at least one place, or recommend refusal.",
        "Tout est retiré. Gardez au moins un lieu, ou recommandez le refus.",
    ),
    "gender_zero_reason_missing": _both(
        "Say why the code is GE-0.", "Précisez pourquoi le code est EG-0."
    ),
    "checklist_item_twice": _both(
        "The question {item} is answered twice.", "La question {item} a deux réponses."
    ),
    "checklist_item_missing": _both(
        "Answer the question {item}.", "Répondez à la question {item}."
    ),
    "condition_id_taken": _both(
        "Another condition has this id: {id}.", "Une autre condition porte cet identifiant : {id}."
    ),
    "level_missing": _both("Name the level that stands.", "Nommez le niveau qui est retenu."),
    "instrument_missing": _both(
        "Name the instrument that authorizes it.", "Nommez l’instrument qui l’autorise."
    ),
    "place_not_answered": _both("Answer for {place}.", "Répondez pour {place}."),
    "comment_missing": _both("Enter a comment.", "Entrez un commentaire."),
    "unknown_fund": _both(
        "The fund {fund} is not one of this program.", "Le fonds {fund} n’est pas de ce programme."
    ),
    "amount_is_zero": _both("Enter an amount above zero.", "Entrez un montant supérieur à zéro."),
    "vote_disagrees": _both(
        "The fund is of another vote line than the instrument.",
        "Le fonds relève d’un autre crédit que l’instrument.",
    ),
    "year_needs_one_slice": _both(
        "Take the money of {fiscal_year} from one fund.",
        "Prenez l’argent de {fiscal_year} dans un seul fonds.",
    ),
    "slices_do_not_add_up": _both(
        "The slices do not make the budget of the year.",
        "Les tranches ne totalisent pas le budget de l’exercice.",
    ),
    "document_outdated": _both(
        "The approval document was renewed. Read the new one.",
        "Le document d’approbation a été renouvelé. Lisez le nouveau.",
    ),
    "signed_page_missing": _both("Name the signed page.", "Nommez la page signée."),
}

_ANSWERS: dict[str, Bilingual] = {
    "answer_required": _both("This must be answered.", "Il faut répondre à cette question."),
    "answer_enum": _both(
        "Choose one of these: {allowed}.", "Choisissez l’une de ces valeurs : {allowed}."
    ),
    "answer_const": _both("This must be {allowed}.", "Cette valeur doit être {allowed}."),
    "answer_type": _both(
        "This answer is of the wrong type: {allowed} is needed.",
        "Cette réponse n’est pas du bon type : {allowed} est requis.",
    ),
    "answer_minLength": _both("Fill in this field.", "Remplissez ce champ."),
    "answer_maxLength": _both(
        "Shorten this to at most {allowed} characters.",
        "Raccourcissez ce texte à au plus {allowed} caractères.",
    ),
    "answer_minItems": _both(
        "Enter at least {allowed} of these.", "Entrez au moins {allowed} de ces éléments."
    ),
    "answer_maxItems": _both(
        "Enter at most {allowed} of these.", "Entrez au plus {allowed} de ces éléments."
    ),
    "answer_uniqueItems": _both(
        "Name each of these once.", "Nommez chacun de ces éléments une seule fois."
    ),
    "answer_minimum": _both(
        "Enter a number of at least {allowed}.", "Entrez un nombre d’au moins {allowed}."
    ),
    "answer_maximum": _both(
        "Enter a number of at most {allowed}.", "Entrez un nombre d’au plus {allowed}."
    ),
    "answer_pattern": _both(
        "This answer does not have the form that is needed here.",
        "Cette réponse n’a pas la forme attendue ici.",
    ),
    "answer_additionalProperties": _both(
        "There is an answer that the form does not ask for. Remove it.",
        "Une réponse n’est pas demandée par le formulaire. Retirez-la.",
    ),
}
_ANSWER = _both(
    "This answer does not fit the form.", "Cette réponse ne convient pas au formulaire."
)

_MAIL: dict[str, Bilingual] = {
    "mail_not_unsent": _both(
        "Only an e-mail that failed or was given up can be sent again. This one is in the state "
        "{state}.",
        "Seul un courriel en échec ou abandonné peut être envoyé de nouveau. Celui-ci est "
        "dans l’état {state}.",
    ),
}

_LISTS: dict[str, Bilingual] = {
    "screening_reviewers_only": _both(
        "Only reviewers of screening may do this.",
        "Seuls les réviseurs du filtrage peuvent faire cette opération.",
    ),
    "police_duties_not_for_role": _both(
        "Only legal services, reviewers of screening and auditors may see this.",
        "Seuls les services juridiques, les réviseurs du filtrage et les vérificateurs peuvent "
        "voir ceci.",
    ),
    "legal_only": _both(
        "Only legal services may do this.",
        "Seuls les services juridiques peuvent faire cette opération.",
    ),
    "told_in_the_future": _both(
        "Enter the day on which the police were told: today or earlier.",
        "Indiquez le jour où la police a été avisée, au plus tard aujourd’hui.",
    ),
    "police_already_told": _both(
        "That the police were told on {told_on} is recorded already.",
        "Il est déjà consigné que la police a été avisée le {told_on}.",
    ),
    "may_not_import_lists": _both(
        "Only administrators and reviewers of screening may import lists.",
        "Seuls les administrateurs et les réviseurs du filtrage peuvent importer des listes.",
    ),
    "unknown_kind": _both("Choose person or organization.", "Choisissez person ou organization."),
    "list_id_malformed": _both(
        "A list's id has small letters, digits and underscores.",
        "L’identifiant d’une liste se compose de minuscules, de chiffres et de traits de "
        "soulignement.",
    ),
    "list_too_large": _both(
        "The file is too large: at most {most}.", "Le fichier est trop volumineux : au plus {most}."
    ),
    "list_not_utf8": _both("Line {line} is not UTF-8.", "La ligne {line} n’est pas en UTF-8."),
    "list_format_unknown": _both(
        "This is not a list in the OpenSanctions simple CSV: its first line names other columns.",
        "Ce fichier n’est pas une liste au format CSV simple d’OpenSanctions : sa première ligne "
        "nomme d’autres colonnes.",
    ),
    "list_xml_unreadable": _both(
        "Line {line} is not well-formed XML. Check the download.",
        "La ligne {line} n’est pas du XML bien formé. Vérifiez le téléchargement.",
    ),
    "list_xml_hostile": _both(
        "Line {line} declares a document type, or nests or repeats beyond any real list.",
        "La ligne {line} déclare un type de document, ou s’imbrique ou se répète plus qu’aucune "
        "liste véritable.",
    ),
    "list_line_unreadable": _both(
        "Line {line} cannot be read.", "La ligne {line} ne peut pas être lue."
    ),
    "list_line_wrong_columns": _both(
        "Line {line} has another number of columns than the first.",
        "La ligne {line} n’a pas le même nombre de colonnes que la première.",
    ),
    "list_value_too_long": _both(
        "Line {line} has a value that is too long.",
        "La ligne {line} contient une valeur trop longue.",
    ),
    "list_line_without_id": _both(
        "Line {line} has no id.", "La ligne {line} n’a pas d’identifiant."
    ),
    "list_line_without_name": _both("Line {line} has no name.", "La ligne {line} n’a pas de nom."),
    "list_id_twice": _both("Line {line} repeats an id.", "La ligne {line} répète un identifiant."),
    "list_is_empty": _both(
        "The file holds no entry. Check the download.",
        "Le fichier ne contient aucune entrée. Vérifiez le téléchargement.",
    ),
}

_CASES: dict[str, Bilingual] = {
    "as_of_in_the_future": _both(
        "Name an instant that has passed.", "Indiquez un instant qui est passé."
    ),
    "not_there_yet": _both(
        "There was nothing to see of it yet on {at}.", "Il n’y avait encore rien à voir le {at}."
    ),
    "proposal_unknown": _both(
        "There is no proposal {reference}.", "La proposition {reference} n’existe pas."
    ),
    "key_unknown": _both(
        "There is no key for {reference}.", "Il n’y a pas de clé pour {reference}."
    ),
    "not_on_legal_hold": _both(
        "There is no legal hold on {reference}.",
        "Aucune obligation de conservation ne vise {reference}.",
    ),
    "not_closed": _both(
        "{reference} is not closed: it stands at {stage}.",
        "{reference} n’est pas fermée : elle en est à {stage}.",
    ),
    "workflow_running": _both(
        "{reference} is still under way in the engine. Repeat this once it has ended.",
        "{reference} est encore en cours dans le moteur. Recommencez une fois qu’elle sera "
        "terminée.",
    ),
    "case_file_not_for_role": _both(
        "Your roles see findings, not the case as a whole.",
        "Vos rôles donnent accès aux constatations, et non au dossier complet.",
    ),
    "codec_never_encodes": _both(
        "Payloads are decoded here, never encoded.",
        "Les données sont déchiffrées ici, jamais chiffrées.",
    ),
}

_DOCUMENTS: dict[str, Bilingual] = {
    "document_empty": _both(
        "The file is empty. Choose the file again.",
        "Le fichier est vide. Choisissez-le de nouveau.",
    ),
    "document_too_large": _both(
        "The file is too large: at most {most} bytes are taken.",
        "Le fichier est trop volumineux : {most} octets au plus sont acceptés.",
    ),
    "document_type_refused": _both(
        "A file of this type cannot be attached, whatever its name says. Attach one of: {allowed}.",
        "Un fichier de ce type ne peut pas être joint, quel que soit son nom. "
        "Joignez l’un des types suivants : {allowed}.",
    ),
    "document_active_content": _both(
        "The file holds macros, scripts or other parts that act by themselves. Save it without "
        "them, as one of: {allowed}.",
        "Le fichier contient des macros, des scripts ou d’autres éléments actifs. Enregistrez-le "
        "sans ceux-ci, dans l’un des types suivants : {allowed}.",
    ),
    "document_name_differs": _both(
        "The name ends in .{ending}, but the file is of the type {found}. Rename it.",
        "Le nom se termine par .{ending}, mais le fichier est du type {found}. Renommez-le.",
    ),
    "document_infected": _both(
        "The scanner found {found} in the file. It was not kept.",
        "L’antivirus a trouvé {found} dans le fichier. Celui-ci n’a pas été conservé.",
    ),
    "scanner_unavailable": _both(
        "The file could not be scanned, so it was not kept. Send it again later.",
        "Le fichier n’a pas pu être analysé et n’a donc pas été conservé. "
        "Envoyez-le de nouveau plus tard.",
    ),
    "marking_too_high": _both(
        "Accord takes nothing above Protected B. Do not send this document; ask the department how "
        "to hand it over.",
        "Accord n’accepte rien au-delà de Protégé B. N’envoyez pas ce document; demandez au "
        "ministère comment le remettre.",
    ),
    "document_unknown": _both(
        "No such document is attached to this proposal. Attach it first.",
        "Aucun document de ce genre n’est joint à cette proposition. Joignez-le d’abord.",
    ),
    "document_frozen": _both(
        "The document was submitted and stays with its revision.",
        "Le document a été présenté et demeure joint à sa version.",
    ),
    "document_disposed": _both(
        "The document was disposed of on {at} under {under}.",
        "Le document a été éliminé le {at} en vertu de {under}.",
    ),
    "too_many_documents": _both(
        "At most {most} documents can be attached here.",
        "Au plus {most} documents peuvent être joints ici.",
    ),
    "documents_too_large_together": _both(
        "The documents would be too large together: at most {most} bytes, {used} are used.",
        "Les documents seraient trop volumineux ensemble : au plus {most} octets, "
        "dont {used} sont utilisés.",
    ),
    "not_your_document": _both(
        "Only the person who attached the document can remove it.",
        "Seule la personne qui a joint le document peut le retirer.",
    ),
    "answers_not_for_role": _both(
        "Your role does not include the answers and documents of tasks.",
        "Votre rôle ne donne pas accès aux réponses ni aux documents des tâches.",
    ),
}

SENTENCES: dict[str, Bilingual] = {
    **policy.GAPS,
    **_REQUESTS,
    **_FIELDS,
    **_PEOPLE,
    **_CALLS,
    **_ACTS,
    **_DECISIONS,
    **_ANSWERS,
    **_MAIL,
    **_LISTS,
    **_CASES,
    **_DOCUMENTS,
    **sentences_of_people.SEPARATION,
    **sentences_of_people.STANDING_IN,
}
