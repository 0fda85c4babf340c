"""Acts on a proposal: writing, submitting, withdrawing, accepting, signing."""

# ruff: noqa: RUF001 - apostrophes and no-break spaces as French writes them

from collections.abc import Mapping

from policy.sentences import both
from schemas.values import Bilingual

PROPOSALS: Mapping[str, Bilingual] = {
    "proposal_closed": both("The proposal is closed.", "La proposition est fermée."),
    "too_late_to_withdraw": both(
        "The agreement is signed by both sides; it is too late to withdraw.",
        "L’accord est signé par les deux parties; il est trop tard pour retirer la proposition.",
    ),
    "no_agreement_yet": both(
        "There is no agreement to accept or sign yet.",
        "Il n’y a pas encore d’accord à accepter ou à signer.",
    ),
    "conditions_not_accepted": both(
        "Accept the conditions before signing.",
        "Acceptez les conditions avant de signer.",
    ),
    "not_active": both(
        "Only what both sides have signed has an agreement to begin.",
        "Seul ce que les deux parties ont signé a un accord à commencer.",
    ),
    "handed_over": both(
        "The agreement has begun; say it to the agreement.",
        "L’accord a commencé; adressez-vous à l’accord.",
    ),
    "already_signed": both("You have already signed.", "Vous avez déjà signé."),
    "already_accepted": both(
        "The conditions are already accepted.", "Les conditions sont déjà acceptées."
    ),
    "not_returned": both(
        "The proposal is under review; it can be submitted again only after a return.",
        "La proposition est à l’étude; elle ne peut être soumise de nouveau qu’après un renvoi.",
    ),
    "revision_out_of_order": both(
        "Another revision came first. Read the proposal again.",
        "Une autre révision est arrivée avant. Relisez la proposition.",
    ),
    "section_not_open": both(
        "These sections are not open for changes: {sections}.",
        "Ces sections ne peuvent pas être modifiées : {sections}.",
    ),
    "opened_by_officer": both(
        "A programme officer opens proposals of this program.",
        "Un agent de programme ouvre les propositions de ce programme.",
    ),
    "second_in_year": both(
        "This organization has its annual contribution for {fiscal_year} already: {reference}. "
        "Amend that one.",
        "Cette organisation a déjà sa contribution annuelle pour {fiscal_year} : {reference}. "
        "Modifiez celle-là.",
    ),
    "unknown_organization": both(
        "There is no organization with this id.",
        "Aucune organisation ne porte cet identifiant.",
    ),
    "partner_only": both(
        "Only the partner may do this.", "Seul le partenaire peut faire cette opération."
    ),
    "other_organization": both(
        "You may do this for your own organization only.",
        "Vous ne pouvez faire cette opération que pour votre propre organisation.",
    ),
    "not_editable": both(
        "The proposal cannot be changed now: it is neither a draft nor returned to you.",
        "La proposition ne peut pas être modifiée : elle n’est ni une ébauche ni renvoyée.",
    ),
    "being_submitted": both(
        "The proposal is being submitted. Repeat in a moment.",
        "La proposition est en cours de soumission. Recommencez dans un instant.",
    ),
    "already_submitted": both(
        "The proposal was already submitted.", "La proposition a déjà été soumise."
    ),
    "programme_fixed": both(
        "The program of a proposal cannot be changed. Open a new proposal.",
        "Le programme d’une proposition ne peut pas être modifié. Ouvrez une nouvelle proposition.",
    ),
    "unknown_programme": both(
        "No program with this code takes proposals now.",
        "Aucun programme portant ce code n’accepte de propositions en ce moment.",
    ),
    "programme_unknown": both(
        "There is no program {programme}.", "Le programme {programme} n’existe pas."
    ),
    "terms_unknown": both(
        "There are no terms {version}.", "Les modalités {version} n’existent pas."
    ),
    "policy_not_in_force": both(
        "No policy of this kind was in force on {day}.",
        "Aucune politique de ce type n’était en vigueur le {day}.",
    ),
    "reason_missing": both("Enter a reason.", "Entrez un motif."),
    "not_held": both("Nobody holds this task.", "Personne ne détient cette tâche."),
    "below_rung_in_force": both(
        "Under the delegation in force this needs a higher level of approver: {rung}.",
        "Selon la délégation en vigueur, un niveau d’approbation supérieur est requis : {rung}.",
    ),
    "signatory_only": both(
        "Only a signatory of the organization may do this.",
        "Seul un signataire de l’organisation peut faire cette opération.",
    ),
    "not_submitted": both(
        "The proposal was not submitted yet.",
        "La proposition n’a pas encore été soumise.",
    ),
    "incomplete": both(
        "Before it can be submitted, {count} items need to be completed or corrected.",
        "Avant la soumission, {count} éléments doivent être remplis ou corrigés.",
    ),
    "message_missing": both("Enter a message to the partner.", "Entrez un message au partenaire."),
}
