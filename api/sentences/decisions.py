"""What is missing or wrong in a decision."""

# ruff: noqa: RUF001 - apostrophes and no-break spaces as French writes them

from collections.abc import Mapping

from policy.sentences import both
from schemas.values import Bilingual

DECISIONS: Mapping[str, Bilingual] = {
    "check_reason_missing": both(
        "Give a reason for the failed check: {check}.",
        "Donnez un motif pour la vérification échouée : {check}.",
    ),
    "hit_not_judged": both(
        "Judge every possible match.", "Évaluez chaque correspondance possible."
    ),
    "outcome_disagrees": both(
        "The outcome does not agree with the answers: they say {expected}.",
        "Le résultat ne concorde pas avec les réponses : elles indiquent {expected}.",
    ),
    "region_reason_missing": both(
        "Give a reason for the rating of a region.",
        "Donnez un motif pour la cote d’une région.",
    ),
    "risk_twice": both("The risk {risk} is rated twice.", "Le risque {risk} est coté deux fois."),
    "residual_above_inherent": both(
        "The residual level ({residual}) is above the inherent level ({inherent}).",
        "Le niveau résiduel ({residual}) dépasse le niveau inhérent ({inherent}).",
    ),
    "residual_without_condition": both(
        "The residual level is below the inherent level: name a condition for the risk {risk}.",
        "Le niveau résiduel est inférieur au niveau inhérent : nommez une condition pour le "
        "risque {risk}.",
    ),
    "subject_rated_twice": both("{subject} is rated twice.", "{subject} est coté deux fois."),
    "subject_dropped_twice": both("{subject} is dropped twice.", "{subject} est retiré deux fois."),
    "subject_rated_and_dropped": both(
        "{subject} is both rated and dropped.", "{subject} est à la fois coté et retiré."
    ),
    "subject_not_rated": both("Rate {subject}, or drop it.", "Cotez {subject} ou retirez-le."),
    "nothing_left": both(
        "Everything is dropped. Keep at least one place, or recommend refusal.",
        "Tout est retiré. Gardez au moins un lieu, ou recommandez le refus.",
    ),
    "gender_zero_reason_missing": both(
        "Say why the code is GE-0.", "Précisez pourquoi le code est EG-0."
    ),
    "checklist_item_missing": both("Answer the question {item}.", "Répondez à la question {item}."),
    "checklist_item_not_asked": both(
        "The question {item} is not asked with these answers: leave it out.",
        "La question {item} n’est pas posée avec ces réponses : retirez-la.",
    ),
    "checklist_evidence_missing": both(
        "Name a document or a reference for the question {item}.",
        "Nommez un document ou une référence pour la question {item}.",
    ),
    "measure_not_reviewed": both(
        "Measures in force touch the proposal that no review has answered: {measures}. Open the "
        "review of country measures.",
        "Des mesures en vigueur touchent la proposition sans qu’aucun examen n’y ait "
        "répondu\u00a0: {measures}. Ouvrez l’examen des mesures visant un pays.",
    ),
    "measure_not_answered": both(
        "Say what {measure} is answered with: an exception or an authorization.",
        "Précisez ce qui répond à {measure}\u00a0: une exception ou une autorisation.",
    ),
    "exception_not_cited": both(
        "Cite the exception of {measure} that applies.",
        "Citez l’exception de {measure} qui s’applique.",
    ),
    "authorization_missing": both(
        "Enter the authorization on file.", "Entrez l’autorisation au dossier."
    ),
    "authorization_not_on_file": both(
        "Attach the authorization or say where it is kept.",
        "Joignez l’autorisation ou précisez où elle est conservée.",
    ),
    "authorization_not_in_force": both(
        "The authorization is not in force today.",
        "L’autorisation n’est pas en vigueur aujourd’hui.",
    ),
    "authorization_ends_early": both(
        "The authorization ends before the activity: set a condition that names the risk {risk}.",
        "L’autorisation prend fin avant l’activité\u00a0: fixez une condition qui nomme le "
        "risque {risk}.",
    ),
    "authorization_not_sought": both(
        "The department seeks the authorization: set a condition, kept by the department, that the "
        "agreement waits for.",
        "Le ministère demande l’autorisation\u00a0: fixez une condition, à la charge du "
        "ministère, dont dépend l’accord.",
    ),
    "provision_not_cited": both(
        "Cite the provision or the class that applies.",
        "Citez la disposition ou la catégorie qui s’applique.",
    ),
    "notice_not_drafted": both(
        "Attach the draft of the notice or say where it is.",
        "Joignez le projet d’avis ou précisez où il se trouve.",
    ),
    "comments_not_answered": both(
        "Say how the comments were answered.", "Précisez les réponses données aux observations."
    ),
    "checklist_disagrees": both(
        "The risk {risk} is rated: answer yes to the question {item}.",
        "Le risque {risk} est coté : répondez oui à la question {item}.",
    ),
    "assured_risk_not_rated": both(
        "The answers say that {risk} may follow: rate this risk.",
        "Les réponses disent que le risque {risk} existe : cotez-le.",
    ),
    "assurance_missing": both(
        "Written assurances are needed for the risk {risk}: name what holds them, set a condition "
        "that the agreement waits for, or leave the risk high.",
        "Des assurances écrites sont requises pour le risque {risk} : nommez la pièce, fixez une "
        "condition dont dépend l’accord, ou laissez le risque élevé.",
    ),
    "condition_id_taken": both(
        "Another condition has this id: {id}.", "Une autre condition porte cet identifiant : {id}."
    ),
    "level_missing": both("Name the level that stands.", "Nommez le niveau qui est retenu."),
    "recommendation_not_picked": both(
        "Name the recommendation that counts.", "Nommez la recommandation qui est retenue."
    ),
    "instrument_missing": both(
        "Name the instrument that authorizes it.", "Nommez l’instrument qui l’autorise."
    ),
    "place_not_answered": both("Answer for {place}.", "Répondez pour {place}."),
    "comment_missing": both("Enter a comment.", "Entrez un commentaire."),
    "unknown_fund": both(
        "The fund {fund} is not one of this program.", "Le fonds {fund} n’est pas de ce programme."
    ),
    "amount_is_zero": both("Enter an amount above zero.", "Entrez un montant supérieur à zéro."),
    "vote_disagrees": both(
        "The fund is of another vote line than the instrument.",
        "Le fonds relève d’un autre crédit que l’instrument.",
    ),
    "part_above_reserved": both(
        "Of {fund}, at most {most} can be approved, and more than nothing. Leave the fund out to "
        "approve none of it.",
        "De {fund}, on peut approuver au plus {most}, et plus que rien. Omettez le fonds pour n’en "
        "rien approuver.",
    ),
    "fund_named_twice": both(
        "Name the fund {fund} once.", "Nommez le fonds {fund} une seule fois."
    ),
    "part_is_no_part": both(
        "Name what is approved, by fund: less than the whole of {whole}. To approve all of it, "
        "choose Approve.",
        "Indiquez ce qui est approuvé, par fonds : moins que le total de {whole}. Pour tout "
        "approuver, choisissez Approuver.",
    ),
    "year_needs_one_slice": both(
        "Take the money of {fiscal_year} from one fund.",
        "Prenez l’argent de {fiscal_year} dans un seul fonds.",
    ),
    "slices_do_not_add_up": both(
        "The slices do not make the budget of the year.",
        "Les tranches ne totalisent pas le budget de l’exercice.",
    ),
    "document_outdated": both(
        "The approval document was renewed. Read the new one.",
        "Le document d’approbation a été renouvelé. Lisez le nouveau.",
    ),
    "signed_page_missing": both("Name the signed page.", "Nommez la page signée."),
}
