"""The sentences of the rules: what a code means, in English and French.

`CHECK_DETAILS` says what an eligibility check found, `GAPS` what keeps a proposal from being
submitted. Words in braces are facts. The rules know codes only; an edge fills the sentence
in the reader's language.
"""

# ruff: noqa: RUF001 (curly apostrophes and no-break spaces are French typography)
from __future__ import annotations

from collections.abc import Mapping

from schemas.values import Bilingual


def sentence(text: Bilingual, facts: Mapping[str, object], language: str) -> str:
    """*text* in *language* with its facts in place; a fact that is not given stays a dash."""
    return text.in_language(language).format_map(_Facts(facts))


class _Facts(dict[str, object]):
    def __missing__(self, _name: str) -> str:
        return "–"


def both(en: str, fr: str) -> Bilingual:
    """One text in both languages, short enough for tables of many."""
    return Bilingual(en=en, fr=fr)


GRANT_WARNINGS: dict[str, Bilingual] = {
    "signs_and_certifies": both(
        "This person may both sign agreements and certify entitlement (s. 34): who signs an "
        "agreement does not certify under it.",
        "Cette personne peut à la fois signer des ententes et attester le droit au paiement "
        "(art. 34) : qui signe une entente n’atteste pas au titre de celle-ci.",
    ),
    "certifies_and_requisitions": both(
        "This person may both certify entitlement (s. 34) and requisition payment (s. 33): who "
        "certifies a payment does not requisition it.",
        "Cette personne peut à la fois attester le droit au paiement (art. 34) et demander le "
        "paiement (art. 33) : qui atteste un paiement ne le demande pas.",
    ),
}
"""What an administrator is warned of; the act itself is refused to who has done the other."""

CHECK_DETAILS: dict[str, Bilingual] = {
    "programme_fits": both(
        "The proposal lies within the mandate of {programme}: {focus_areas}.",
        "La proposition relève du mandat de {programme} : {focus_areas}.",
    ),
    "programme_fit_unclear": both(
        "The proposal names no focus area, so whether it lies within the mandate of "
        "{programme} needs a judgement.",
        "La proposition ne nomme aucun domaine prioritaire; il faut juger si elle relève du "
        "mandat de {programme}.",
    ),
    "programme_does_not_fit": both(
        "No focus area of the proposal belongs to {programme}.",
        "Aucun domaine prioritaire de la proposition n’appartient à {programme}.",
    ),
    "smuggling_not_described": both(
        "The proposal does not say which smuggling it addresses: route, destination and roles.",
        "La proposition ne précise pas le passage de clandestins visé : itinéraire, "
        "destination et rôles.",
    ),
    "route_not_maritime": both(
        "The envelope is for maritime smuggling only; the route is: {route}.",
        "L’enveloppe vise uniquement le passage de clandestins par mer; l’itinéraire est : "
        "{route}.",
    ),
    "not_bound_for_canada": both(
        "The envelope is only for smuggling that is bound for Canada.",
        "L’enveloppe vise uniquement le passage de clandestins à destination du Canada.",
    ),
    "neither_origin_nor_transit": both(
        "The proposal does not say whether the countries are ones of origin or of transit.",
        "La proposition ne précise pas si les pays sont des pays d’origine ou de transit.",
    ),
    "envelope_fits": both(
        "Maritime smuggling bound for Canada; the countries are ones of: {roles}.",
        "Passage de clandestins par mer à destination du Canada; rôle des pays : {roles}.",
    ),
    "organization_named": both(
        "{organization} is among the organizations that policy names.",
        "{organization} figure parmi les organisations que nomme la politique.",
    ),
    "organization_not_named": both(
        "{organization} is not among the organizations that policy names: {organizations}.",
        "{organization} ne figure pas parmi les organisations que nomme la politique : "
        "{organizations}.",
    ),
    "partner_kind_eligible": both(
        "This kind of partner is eligible: {partner_kind}.",
        "Ce type de partenaire est admissible : {partner_kind}.",
    ),
    "partner_kind_not_eligible": both(
        "This kind of partner is not eligible: {partner_kind}.",
        "Ce type de partenaire n’est pas admissible : {partner_kind}.",
    ),
    "places_in_focus": both(
        "Every country and region lies within the program’s focus.",
        "Tous les pays et toutes les régions font partie des priorités du programme.",
    ),
    "places_outside_focus": both(
        "Outside the program’s focus, which is flexible: {places}.",
        "Hors des priorités du programme, qui sont souples : {places}.",
    ),
    "places_not_eligible": both(
        "Outside the countries and regions of the program: {places}.",
        "Hors des pays et des régions du programme : {places}.",
    ),
    "focus_area_missing": both(
        "The proposal names no focus area.",
        "La proposition ne nomme aucun domaine prioritaire.",
    ),
    "focus_area_of_another_programme": both(
        "Not a focus area of {programme}: {focus_areas}.",
        "Ne fait pas partie des domaines prioritaires de {programme} : {focus_areas}.",
    ),
    "focus_area_fits": both(
        "The focus areas belong to the program: {focus_areas}.",
        "Les domaines prioritaires appartiennent au programme : {focus_areas}.",
    ),
    "assistance_eligible": both(
        "The forms of assistance are eligible: {assistance}.",
        "Les formes d’aide sont admissibles : {assistance}.",
    ),
    "assistance_not_eligible": both(
        "The program does not offer this form of assistance: {assistance}.",
        "Le programme n’offre pas cette forme d’aide : {assistance}.",
    ),
    "amount_not_stated": both(
        "The proposal states no amount.",
        "La proposition n’indique aucun montant.",
    ),
    "amount_below_least": both(
        "The amount, {amount}, is below the least, {least}.",
        "Le montant, {amount}, est inférieur au minimum, {least}.",
    ),
    "amount_above_most": both(
        "The amount, {amount}, is above the most, {most}.",
        "Le montant, {amount}, dépasse le maximum, {most}.",
    ),
    "amount_within_limits": both(
        "The amount, {amount}, lies within the limits of the program.",
        "Le montant, {amount}, respecte les limites du programme.",
    ),
    "dates_not_stated": both(
        "The proposal does not state when it starts and ends.",
        "La proposition n’indique pas ses dates de début et de fin.",
    ),
    "dates_in_the_past": both(
        "The activity ended before today: {end_date}.",
        "L’activité s’est terminée avant aujourd’hui : {end_date}.",
    ),
    "dates_too_long": both(
        "The activity is longer than {most_months} months.",
        "L’activité dure plus de {most_months} mois.",
    ),
    "starts_before_today": both(
        "The activity starts before today, {start_date}; costs before signature are not eligible.",
        "L’activité commence avant aujourd’hui, le {start_date}; les coûts engagés avant la "
        "signature ne sont pas admissibles.",
    ),
    "dates_fit": both(
        "The activity runs from {start_date} to {end_date}.",
        "L’activité se déroule du {start_date} au {end_date}.",
    ),
    "no_costs_before_signature": both(
        "The partner declares that it asks for no costs from before signature.",
        "Le partenaire déclare ne demander aucun coût engagé avant la signature.",
    ),
    "costs_before_signature": both(
        "The partner asks for costs from before signature, which are not eligible.",
        "Le partenaire demande des coûts engagés avant la signature, qui ne sont pas admissibles.",
    ),
    "costs_not_declared": both(
        "The partner does not say whether it asks for costs from before signature.",
        "Le partenaire ne dit pas s’il demande des coûts engagés avant la signature.",
    ),
    "no_profit": both(
        "The partner declares that it makes no profit from the funding.",
        "Le partenaire déclare ne tirer aucun profit du financement.",
    ),
    "profit": both(
        "The partner would make a profit, which a transfer payment may not provide.",
        "Le partenaire tirerait un profit, ce qu’un paiement de transfert ne permet pas.",
    ),
    "profit_not_declared": both(
        "The partner does not say whether it would make a profit.",
        "Le partenaire ne dit pas s’il tirerait un profit.",
    ),
    "code_of_conduct": both(
        "The partner has a code of conduct against sexual exploitation and abuse.",
        "Le partenaire a un code de conduite contre l’exploitation et les abus sexuels.",
    ),
    "no_code_of_conduct": both(
        "The partner has no code of conduct against sexual exploitation and abuse.",
        "Le partenaire n’a pas de code de conduite contre l’exploitation et les abus sexuels.",
    ),
    "conduct_not_declared": both(
        "The partner does not say whether it has a code of conduct.",
        "Le partenaire ne dit pas s’il a un code de conduite.",
    ),
    "conflict_of_interest_declared": both(
        "The partner declares an interest that has to be weighed.",
        "Le partenaire déclare un intérêt qu’il faut évaluer.",
    ),
    "budget_not_stated": both(
        "The budget cannot be laid out by fiscal year yet.",
        "Le budget ne peut pas encore être réparti par exercice.",
    ),
    "budget_in_a_past_year": both(
        "Money of a past fiscal year cannot be committed: {fiscal_years}.",
        "Les fonds d’un exercice écoulé ne peuvent être engagés : {fiscal_years}.",
    ),
    "year_without_budget": both(
        "The activity runs through a fiscal year without a budget: {fiscal_years}.",
        "L’activité couvre un exercice sans budget : {fiscal_years}.",
    ),
    "budget_covers_every_year": both(
        "Every fiscal year of the activity has a budget: {fiscal_years}.",
        "Chaque exercice de l’activité a un budget : {fiscal_years}.",
    ),
    "no_instrument_for_partner": both(
        "The program has no instrument for this kind of partner: {partner_kind}.",
        "Le programme n’a aucun instrument pour ce type de partenaire : {partner_kind}.",
    ),
    "instrument_available": both(
        "The program can fund this partner by: {instruments}.",
        "Le programme peut financer ce partenaire par : {instruments}.",
    ),
    "no_other_funding": both(
        "The partner names no other funding.",
        "Le partenaire ne nomme aucun autre financement.",
    ),
    "other_funding_to_weigh": both(
        "Other funding of {total} has to be weighed: {sources}.",
        "D’autres fonds de {total} sont à évaluer : {sources}.",
    ),
    "stacking_above_limit": both(
        "With other funding of {total} ({sources}), the stacking limit of "
        "{stacking_percent}% is passed.",
        "Avec d’autres fonds de {total} ({sources}), la limite de cumul de "
        "{stacking_percent} % est dépassée.",
    ),
    "stacking_within_limit": both(
        "Other funding of {total} ({sources}) stays within the stacking limit of "
        "{stacking_percent}%; a person confirms it.",
        "D’autres fonds de {total} ({sources}) respectent la limite de cumul de "
        "{stacking_percent} %; une personne le confirme.",
    ),
}

GAPS: dict[str, Bilingual] = {
    "missing": both("Fill in this field.", "Remplissez ce champ."),
    "place_missing": both(
        "Name at least one country or region.",
        "Nommez au moins un pays ou une région.",
    ),
    "answer_missing": both("Answer yes or no.", "Répondez par oui ou par non."),
    "call_unknown": both(
        "There is no such call. Choose one from the list, or none.",
        "Cet appel n’existe pas. Choisissez-en un dans la liste, ou aucun.",
    ),
    "call_of_another_programme": both(
        "This call is one of the program {programme}. Choose another, or none.",
        "Cet appel relève du programme {programme}. Choisissez-en un autre, ou aucun.",
    ),
    "focus_area_unknown": both(
        "No program has the focus area “{value}”. Choose one from the list.",
        "Aucun programme n’a le domaine prioritaire « {value} ». Choisissez-en un dans la liste.",
    ),
    "region_unknown": both(
        "There is no region “{value}”. Choose one from the list.",
        "La région « {value} » n’existe pas. Choisissez-en une dans la liste.",
    ),
    "country_unknown": both(
        "There is no country or territory “{value}”. Use its two-letter ISO 3166-1 code.",
        "Le pays ou territoire « {value} » n’existe pas. Utilisez son code ISO 3166-1 à deux "
        "lettres.",
    ),
    "place_twice": both(
        "{value} is named twice. Name each place once.",
        "{value} est nommé deux fois. Nommez chaque lieu une seule fois.",
    ),
    "share_missing": both(
        "Enter the share of {place}, or choose equal shares.",
        "Entrez la part de {place}, ou choisissez des parts égales.",
    ),
    "share_too_fine": both(
        "Enter the share of {place} with at most two decimals.",
        "Entrez la part de {place} avec au plus deux décimales.",
    ),
    "share_zero": both(
        "Enter a share above zero for {place}, or leave it out.",
        "Entrez une part supérieure à zéro pour {place}, ou retirez ce lieu.",
    ),
    "shares_total": both(
        "The shares make {total} percent. Change them so that they make 100.00.",
        "Les parts totalisent {total} pour cent. Modifiez-les pour qu’elles totalisent 100,00.",
    ),
    "end_before_start": both(
        "The end, {end_date}, comes before the start, {start_date}. Change one of them.",
        "La fin, {end_date}, précède le début, {start_date}. Modifiez l’une des deux dates.",
    ),
    "fiscal_year_outside_dates": both(
        "The fiscal year {fiscal_year} lies outside the dates, {start_date} to {end_date}. "
        "Move the amount to another year or change the dates.",
        "L’exercice {fiscal_year} est hors des dates, du {start_date} au {end_date}. Déplacez "
        "le montant ou modifiez les dates.",
    ),
    "category_outside_assistance": both(
        "The budget has a category that is not among the forms of assistance: {category}. "
        "Add it to the assistance or change the line.",
        "Le budget a une catégorie qui ne figure pas parmi les formes d’aide : {category}. "
        "Ajoutez-la à l’aide ou modifiez la ligne.",
    ),
    "amount_zero": both(
        "Enter an amount above zero.",
        "Entrez un montant supérieur à zéro.",
    ),
    "amount_implausible": both(
        "The amount, {amount} CAD, is above {most} CAD. Check its digits.",
        "Le montant, {amount} CAD, dépasse {most} CAD. Vérifiez les chiffres.",
    ),
    "budget_total": both(
        "The lines of the budget make {total} CAD, the amount is {amount} CAD. Make them equal.",
        "Les lignes du budget totalisent {total} CAD, le montant est de {amount} CAD. "
        "Rendez-les égaux.",
    ),
}
