"""Reusable records, and what waits because one no longer holds."""

# ruff: noqa: RUF001 - apostrophes and no-break spaces as French writes them

from collections.abc import Mapping

from policy.sentences import both
from schemas.values import Bilingual

REUSABLE_RECORDS: Mapping[str, Bilingual] = {
    "record_not_for_role": both(
        "Your roles do not let you make or confirm such a record.",
        "Vos rôles ne vous permettent ni d’établir ni de confirmer un tel dossier.",
    ),
    "record_own": both(
        "Who confirms a record did not make it. Somebody else must confirm this one.",
        "Qui confirme un dossier ne l’a pas établi. Une autre personne doit confirmer celui-ci.",
    ),
    "record_is_not": both(
        "This record is {state}; only one that is {needed} can be acted on in this way.",
        "Ce dossier est à l’état {state}; seul un dossier à l’état {needed} peut faire l’objet de "
        "cette opération.",
    ),
    "record_has_levels": both(
        "A country baseline has a level for each risk, and no single result.",
        "Une évaluation de référence indique un niveau par risque, et non un résultat unique.",
    ),
    "record_has_result": both(
        "Only a country baseline has levels; give a result.",
        "Seule une évaluation de référence comporte des niveaux; donnez un résultat.",
    ),
    "mitigation_in_baseline": both(
        "A baseline says what the risks are before anything is done about them. Rate it without "
        "the mitigation.",
        "Une évaluation de référence décrit les risques avant toute mesure. Évaluez-la sans tenir "
        "compte de l’atténuation.",
    ),
    "inherent_below_baseline": both(
        "For the risk {risk} the baseline that you rely on says {baseline}; the inherent level "
        "({inherent}) cannot be below it. What lowers the risk is a condition, and counts in the "
        "residual level.",
        "Pour le risque {risk}, l’évaluation de référence sur laquelle vous vous appuyez indique "
        "{baseline}; le niveau inhérent ({inherent}) ne peut lui être inférieur. Ce qui réduit le "
        "risque est une condition, et compte dans le niveau résiduel.",
    ),
    "findings_open": both(
        "A finding is asked for that is not in yet: what one relied on no longer holds, or a "
        "review was opened. Decide once it is in.",
        "Une constatation est demandée et n’est pas encore rendue\u00a0: ce sur quoi une autre "
        "s’appuyait ne vaut plus, ou un examen a été ouvert. Décidez une fois qu’elle est rendue.",
    ),
    "approval_asked_anew": both(
        "The approval is asked for anew, because the findings go beyond it: {needed} decides "
        "first.",
        "L’approbation est redemandée, car les constatations la dépassent\u00a0: {needed} "
        "décide d’abord.",
    ),
    "approval_below_risk": both(
        "The findings that were made anew ask for an approver at the level {needed}; this was "
        "approved at the level {given}. It cannot be signed under that approval.",
        "Les constatations refaites exigent une approbation au niveau {needed}; celle-ci a été "
        "donnée au niveau {given}. L’entente ne peut être signée au titre de cette approbation.",
    ),
}
