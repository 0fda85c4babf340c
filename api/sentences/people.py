"""Accounts, organizations, grants of power and who may do what."""

# ruff: noqa: RUF001 - apostrophes and no-break spaces as French writes them

from collections.abc import Mapping

from policy.sentences import both
from schemas.values import Bilingual

PEOPLE: Mapping[str, Bilingual] = {
    "administrators_only": both(
        "Only administrators may do this.",
        "Seuls les administrateurs peuvent faire cette opération.",
    ),
    "staff_only": both(
        "Only staff of the department may see this.",
        "Seul le personnel du ministère peut consulter ces renseignements.",
    ),
    "officers_and_administrators_only": both(
        "Only programme officers and administrators may do this.",
        "Seuls les agents de programme et les administrateurs peuvent faire cette opération.",
    ),
    "signatories_and_officers_only": both(
        "Only the organization's signatories, programme officers and administrators may do this.",
        "Seuls les signataires de l’organisation, les agents de programme et les administrateurs "
        "peuvent faire cette opération.",
    ),
    "administrators_and_signatories_only": both(
        "Only administrators, and signatories for their own organization, may do this.",
        "Seuls les administrateurs, et les signataires pour leur propre organisation, peuvent "
        "faire cette opération.",
    ),
    "address_in_use": both(
        "This e-mail address belongs to somebody else.",
        "Cette adresse de courriel appartient à une autre personne.",
    ),
    "link_gone": both(
        "This link does not work, or no longer does. Ask for a new one.",
        "Ce lien ne fonctionne pas, ou ne fonctionne plus. Demandez-en un nouveau.",
    ),
    "not_to_oneself": both(
        "Nobody changes their own roles. Ask another administrator.",
        "Personne ne modifie ses propres rôles. Adressez-vous à un autre administrateur.",
    ),
    "second_person_needed": both(
        "Another administrator must confirm what you have granted.",
        "Un autre administrateur doit confirmer ce que vous avez accordé.",
    ),
    "nothing_to_confirm": both(
        "This grant does not wait for a second person.",
        "Cette attribution n’attend pas de seconde personne.",
    ),
    "nothing_to_attest": both(
        "This grant needs no attestation.", "Cette attribution n’a pas à être attestée."
    ),
    "grant_lapsed": both(
        "This grant lapsed: it was not attested by {on}. Grant the role anew.",
        "Cette attribution est caduque : elle n’a pas été attestée au plus tard le {on}. "
        "Attribuez le rôle de nouveau.",
    ),
    "administrators_exist": both(
        "There are {count} administrators. Let one of them propose another.",
        "Il y a {count} administrateurs. L’un d’eux peut en proposer un autre.",
    ),
    "person_not_active": both(
        "This person is deactivated. Reactivate them first.",
        "Cette personne est désactivée. Réactivez-la d’abord.",
    ),
    "active_already": both("This person is active.", "Cette personne est active."),
    "not_active_already": both(
        "This person is deactivated already.", "Cette personne est déjà désactivée."
    ),
    "neither_director_nor_owner": both(
        "Name directors and beneficial owners here.",
        "Nommez ici les administrateurs et les bénéficiaires effectifs.",
    ),
    "shares_above_whole": both(
        "The owners' shares make {sum} percent: more than the whole.",
        "Les parts des propriétaires totalisent {sum} % : plus que le tout.",
    ),
    "ends_earlier_already": both(
        "This grant already ends on {ends_on}.",
        "Cette attribution prend déjà fin le {ends_on}.",
    ),
    "ends_before_start": both(
        "The end comes before the start. Change one of the dates.",
        "La fin précède le début. Modifiez l’une des dates.",
    ),
    "end_date_needed": both(
        "Enter an end date: a role that decides is granted for a time.",
        "Entrez une date de fin : un rôle décisionnel est accordé pour une période limitée.",
    ),
    "unknown_scope": both(
        "The role {role} has no such scope.", "Le rôle {role} n’a pas cette portée."
    ),
    "administrator_holds_no_other_role": both(
        "An administrator holds no other role.",
        "Un administrateur n’exerce aucun autre rôle.",
    ),
    "not_a_candidate": both(
        "This task is not for any of your roles.",
        "Cette tâche ne correspond à aucun de vos rôles.",
    ),
    "comments_not_for_role": both(
        "Your roles read this case and do not work on it, so they make no comments.",
        "Vos rôles permettent de lire ce dossier, mais non d’y ajouter des commentaires.",
    ),
}
