"""Incidents and country events: what was reported, and how it ends."""

# ruff: noqa: RUF001 - apostrophes and no-break spaces as French writes them

from collections.abc import Mapping

from policy.sentences import both
from schemas.values import Bilingual

INCIDENTS: Mapping[str, Bilingual] = {
    "incident_not_for_role": both(
        "Your roles do not let you report an incident.",
        "Vos rôles ne vous permettent pas de signaler un incident.",
    ),
    "country_event_staff_only": both(
        "Events in a country are reported by the department. Report what happened in your own "
        "work as an incident.",
        "Les événements dans un pays sont signalés par le ministère. Signalez comme un incident "
        "ce qui s’est produit dans vos propres activités.",
    ),
    "incident_of_own_organization_only": both(
        "You report incidents for your own organization.",
        "Vous signalez les incidents au nom de votre propre organisation.",
    ),
    "incident_touches_nothing": both(
        "Name whom or what it is about: proposals, a partner, countries, or a unit or person.",
        "Indiquez qui ou ce que l’incident concerne : des propositions, un partenaire, des pays, "
        "une unité ou une personne.",
    ),
    "incident_is_not": both(
        "This incident is {state}; only one that is {needed} can be acted on in this way.",
        "Cet incident est à l’état {state}; seul un incident à l’état {needed} peut faire l’objet "
        "de cette opération.",
    ),
    "incident_assessment_not_for_role": both(
        "Program officers, reviewers of norms and human rights, and legal services assess "
        "incidents.",
        "Les agents de programme, les évaluateurs des normes et des droits de la personne et les "
        "services juridiques évaluent les incidents.",
    ),
    "incident_confirmation_not_for_role": both(
        "A director general or above confirms the assessment of an incident.",
        "Une directrice générale ou un directeur général, ou un niveau supérieur, confirme "
        "l’évaluation d’un incident.",
    ),
    "incident_assessment_own": both(
        "Who confirms an assessment did not make it. Somebody else must confirm this one.",
        "Qui confirme une évaluation ne l’a pas faite. Une autre personne doit confirmer celle-ci.",
    ),
    "after_it_was_known": both(
        "It cannot have happened after it was known. Correct one of the two.",
        "Les faits ne peuvent être postérieurs au moment où ils ont été connus. Corrigez l’un des "
        "deux.",
    ),
    "in_the_future": both(
        "This lies in the future. Give an instant that has passed.",
        "Cet instant est dans l’avenir. Indiquez un instant passé.",
    ),
}
