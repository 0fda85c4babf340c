"""The sentences of this package about who may act: separation of duties, and standing in."""

# ruff: noqa: RUF001 - apostrophes and no-break spaces as French writes them

from collections.abc import Mapping
from typing import Any

from policy.sentences import both
from schemas.values import Bilingual


def rule_of(code: str, facts: Mapping[str, Any]) -> str:
    """The code of the sentence that names the rule and the earlier act, where both may be told."""
    by_rule = f"{code}.{facts.get('rule')}"
    if by_rule not in SEPARATION:
        return code
    told_alone = by_rule in _OF_NO_TASK
    return by_rule if facts.get("earlier") or told_alone else code


_OF_NO_TASK = (
    "separation_of_duties.own_submission",
    "separation_of_duties.own_evidence",
    "separation_of_duties.two_authorities",
    "separation_of_duties.own_correction",
    "separation_of_duties.own_appointment",
)
"""Rules in whose way no earlier task stands."""

SEPARATION: dict[str, Bilingual] = {
    "separation_of_duties.own_submission": both(
        "Who submitted a proposal does not confirm its eligibility. Somebody else must do it.",
        "Qui a présenté une proposition n’en confirme pas l’admissibilité. Une autre personne "
        "doit le faire.",
    ),
    "separation_of_duties.own_appointment": both(
        "Who proposed an acting appointment does not confirm it. Another administrator must do it.",
        "Qui a proposé une nomination intérimaire ne la confirme pas. Un autre administrateur doit "
        "le faire.",
    ),
    "separation_of_duties.own_correction": both(
        "Who proposed the correction of a fund does not confirm it. Another finance officer must "
        "do it.",
        "Qui a proposé la rectification d’un fonds ne la confirme pas. Un autre agent des "
        "finances doit le faire.",
    ),
    "separation_of_duties.two_authorities": both(
        "Who signs an agreement does not certify its payments, and who certifies or recommends "
        "does not requisition them (Financial Administration Act, sections 32 to 34).",
        "La personne qui signe un accord n’en atteste pas les paiements, et celle qui atteste ou "
        "recommande ne les demande pas (Loi sur la gestion des finances publiques, articles 32 à "
        "34).",
    ),
    "separation_of_duties.own_evidence": both(
        "Who gave the evidence for a condition does not judge it. Somebody else must do it.",
        "Qui a fourni la preuve pour une condition ne la juge pas. Une autre personne doit le "
        "faire.",
    ),
    "separation_of_duties.own_decision": both(
        "Who confirms a decision did not make it. “{earlier}” was decided by {earlier_by} on "
        "{earlier_at}; somebody else must confirm it.",
        "Qui confirme une décision ne l’a pas prise. « {earlier} » a fait l’objet d’une décision "
        "de {earlier_by} le {earlier_at}; une autre personne doit la confirmer.",
    ),
    "separation_of_duties.own_finding": both(
        "Who confirms a decision made no finding that still stands. “{earlier}” by {earlier_by} "
        "of {earlier_at} stands; somebody else must confirm this.",
        "Qui confirme une décision n’a rendu aucune constatation toujours valable. « {earlier} » "
        "de {earlier_by}, du {earlier_at}, est toujours valable; une autre personne doit "
        "confirmer.",
    ),
    "separation_of_duties.one_arbitrator": both(
        "One person arbitrates for a proposal: {earlier_by}, who did so on {earlier_at} "
        "(“{earlier}”).",
        "Une seule personne tranche pour une proposition : {earlier_by}, qui l’a fait le "
        "{earlier_at} (« {earlier} »).",
    ),
    "separation_of_duties.arbitrator_approves": both(
        "Who arbitrates does not approve. “{earlier}” was decided by {earlier_by} on "
        "{earlier_at}; somebody else must approve.",
        "Qui tranche un désaccord n’approuve pas. « {earlier} » a fait l’objet d’une décision de "
        "{earlier_by} le {earlier_at}; une autre personne doit approuver.",
    ),
    "separation_of_duties.one_duty": both(
        "One person takes one part in a proposal: eligibility, compliance, desk, arbitration, "
        "recommendation or approval. “{earlier}” was decided by {earlier_by} on {earlier_at}; "
        "somebody else must decide this.",
        "Une personne n’intervient qu’à un titre dans une proposition : admissibilité, "
        "conformité, secteur, arbitrage, recommandation ou approbation. « {earlier} » a fait "
        "l’objet d’une décision de {earlier_by} le {earlier_at}; une autre personne doit prendre "
        "cette décision.",
    ),
}

STANDING_IN: dict[str, Bilingual] = {
    "interest_declared": both(
        "You declared an interest, so nothing was decided: you are recused from this proposal, "
        "and somebody else takes your place.",
        "Vous avez déclaré un intérêt : aucune décision n’a été prise. Vous êtes récusé de cette "
        "proposition, et une autre personne vous remplace.",
    ),
    "task_not_open": both(
        "This task is no longer open.",
        "Cette tâche n’est plus ouverte.",
    ),
    "delegation_ended": both(
        "You held this task on behalf of {giver}, under a delegation that ended on {ended_on}. "
        "It has gone back; nothing was decided.",
        "Vous déteniez cette tâche au nom de {giver}, en vertu d’une délégation qui a pris fin le "
        "{ended_on}. Elle a été rendue; aucune décision n’a été prise.",
    ),
    "delegation_over": both(
        "This delegation was over on {ended_on} already.",
        "Cette délégation avait déjà pris fin le {ended_on}.",
    ),
    "delegation_to_oneself": both(
        "Name somebody else: nobody stands in for themselves.",
        "Désignez une autre personne : nul ne se remplace soi-même.",
    ),
    "role_not_delegable": both(
        "The role {role} is never delegated.",
        "Le rôle {role} ne se délègue jamais.",
    ),
    "delegation_of_a_delegation": both(
        "You hold {role} ({scope}) by delegation only, and a delegation is not passed on.",
        "Vous détenez {role} ({scope}) par délégation seulement, et une délégation ne se "
        "transmet pas.",
    ),
    "not_yours_to_delegate": both(
        "You do not hold {role} ({scope}) yourself, so you cannot delegate it.",
        "Vous ne détenez pas vous-même {role} ({scope}); vous ne pouvez donc pas le déléguer.",
    ),
    "acts_for_oneself": both(
        "Name two people: nobody acts in their own position.",
        "Nommez deux personnes : nul n’assure l’intérim de son propre poste.",
    ),
    "nothing_to_act_in": both(
        "This person holds nothing that another could do in their place.",
        "Cette personne ne détient rien qu’une autre pourrait faire à sa place.",
    ),
    "not_held_by_holder": both(
        "The person acted for does not hold {role} ({scope}) themselves today.",
        "La personne remplacée ne détient pas elle-même {role} ({scope}) aujourd’hui.",
    ),
    "appointment_over": both(
        "This is over since {at} ({state}). Propose the appointment anew if it is still needed.",
        "Cette proposition a pris fin le {at} ({state}). Proposez de nouveau la nomination si elle "
        "est encore nécessaire.",
    ),
    "appointment_not_made": both(
        "This appointment was not made ({state}): there is nothing to end. Refuse it instead if it "
        "waits.",
        "Cette nomination n’a pas été faite ({state}) : il n’y a rien à terminer. Refusez-la "
        "plutôt si elle attend.",
    ),
    "receiver_not_eligible": both(
        "Only staff who hold a role of their own can stand in for you; administrators and "
        "auditors cannot.",
        "Seul un membre du personnel qui détient lui-même un rôle peut vous remplacer; les "
        "administrateurs et les vérificateurs ne le peuvent pas.",
    ),
    "authorities_apart": both(
        "Who holds {held} does not hold {role} for the same program: who signs does not certify, "
        "and who certifies does not requisition.",
        "Qui détient {held} ne détient pas {role} pour le même programme : qui signe n’atteste "
        "pas, et qui atteste ne demande pas le paiement.",
    ),
    "unknown_person": both(
        "Nobody is known by this id or address.",
        "Personne n’est connu sous cet identifiant ou cette adresse.",
    ),
    "ends_in_the_past": both(
        "The last day has passed. Choose another.",
        "Le dernier jour est passé. Choisissez-en un autre.",
    ),
}
