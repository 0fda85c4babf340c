"""What people read for the sections, fields and codes of a proposal's content.

Labels of tasks and their forms are in `policy.labels`; focus areas and regions have their names
in the policy files themselves, countries in CLDR.
"""

# ruff: noqa: RUF001 - apostrophes as they are written
from __future__ import annotations

from schemas.proposal import Section
from schemas.values import Bilingual


def options(name: str) -> dict[str, Bilingual]:
    """All codes of a list, in order, with their labels; raises KeyError for an unknown list."""
    return _OPTIONS[name]


def section(code: Section) -> Bilingual:
    """What a section of the content is called; returns are about sections."""
    return _OPTIONS["section"][code]


def field(code: str) -> Bilingual:
    """The label of a content field; raises KeyError for one that no content has."""
    return _FIELDS[code]


def code(field: str, value: str) -> Bilingual | None:
    """The label of *value* where *field* has fixed codes; None for any other."""
    for name in _OF_FIELD.get(field, (field,)):
        if (found := _OPTIONS.get(name, {}).get(value)) is not None:
            return found
    return None


def _t(en: str, fr: str) -> Bilingual:
    return Bilingual(en=en, fr=fr.replace(" :", "\u00a0:").replace(" %", "\u00a0%"))


_AMOUNT = _t("Amount", "Montant")
_NAME = _t("Name", "Nom")
_COUNTRY = _t("Country", "Pays")
_KIND = _t("Kind", "Type")
_ROLE = _t("Role", "Rôle")
_DESCRIPTION = _t("Description", "Description")
_FIELDS = {
    "title": _t("Title", "Titre"),
    "summary": _t("Summary", "Sommaire"),
    "language": _t("Language", "Langue"),
    "canadian_interest": _t("Canada's interest", "Intérêt pour le Canada"),
    "focus_areas": _t("Focus areas", "Domaines prioritaires"),
    "assistance": _t("Forms of assistance", "Formes d'aide"),
    "smuggling": _t("Migrant smuggling", "Passage de clandestins"),
    "route": _t("Route", "Route"),
    "bound_for_canada": _t("Bound for Canada", "À destination du Canada"),
    "roles": _t("Origin or transit", "Origine ou transit"),
    "countries": _t("Countries", "Pays"),
    "regions": _t("Regions", "Régions"),
    "share": _t("Share (%)", "Part (%)"),
    "split": _t("Split", "Répartition"),
    "locations": _t("Places", "Lieux"),
    "start_date": _t("Start date", "Date de début"),
    "end_date": _t("End date", "Date de fin"),
    "amount": _AMOUNT,
    "budget": _t("Budget", "Budget"),
    "fiscal_year": _t("Fiscal year", "Exercice"),
    "category": _t("Category", "Catégorie"),
    "other_funding": _t("Other funding", "Autres sources de financement"),
    "source": _t("Source", "Source"),
    "beneficiaries": _t("Beneficiaries", "Bénéficiaires"),
    "name": _NAME,
    "kind": _KIND,
    "country": _COUNTRY,
    "parent": _t("Parent unit", "Unité mère"),
    "location": _t("Location", "Emplacement"),
    "commander": _t("Commander", "Commandant"),
    "named_parties": _t("Named parties", "Parties nommées"),
    "relation": _t("Relation", "Lien"),
    "birth_date": _t("Date of birth", "Date de naissance"),
    "share_percent": _t("Share (%)", "Part (%)"),
    "sub_partners": _t("Sub-partners", "Sous-partenaires"),
    "role": _ROLE,
    "equipment": _t("Equipment", "Équipement"),
    "description": _DESCRIPTION,
    "quantity": _t("Quantity", "Quantité"),
    "value": _t("Value", "Valeur"),
    "controlled": _t("Controlled good", "Marchandise contrôlée"),
    "physical_works": _t("There are physical works", "Il y a des travaux physiques"),
    "information_sharing": _t(
        "Information is shared with foreign entities",
        "De l'information est communiquée à des entités étrangères",
    ),
    "human_rights_analysis": _t("Human rights analysis", "Analyse des droits de la personne"),
    "risks": _t("Risks", "Risques"),
    "mitigation": _t("Mitigation", "Atténuation"),
    "gender_analysis": _t("Gender analysis", "Analyse selon le genre"),
    "gender_equality_code": _t("Gender equality code", "Code d'égalité des genres"),
    "expected_results": _t("Expected results", "Résultats attendus"),
    "results": _t("Results", "Résultats"),
    "level": _t("Level", "Niveau"),
    "statement": _t("Statement", "Énoncé"),
    "indicators": _t("Indicators", "Indicateurs"),
    "declarations": _t("Declarations", "Déclarations"),
    "code_of_conduct": _t("A code of conduct is in force", "Un code de conduite est en vigueur"),
    "no_profit": _t("The funding yields no profit", "Le financement ne procure aucun profit"),
    "no_costs_before_signature": _t(
        "No costs before the signature", "Aucun coût antérieur à la signature"
    ),
    "conflict_of_interest": _t("Conflict of interest", "Conflit d'intérêts"),
    "documents": _t("Documents", "Documents"),
    "code": _t("Code", "Code"),
}
_OPTIONS: dict[str, dict[str, Bilingual]] = {
    "section": {
        "summary": _t("Summary", "Sommaire"),
        "focus": _t("Focus and assistance", "Priorités et aide"),
        "countries": _t("Countries and regions", "Pays et régions"),
        "dates": _t("Dates", "Dates"),
        "budget": _t("Amount and budget", "Montant et budget"),
        "beneficiaries": _t("Beneficiaries", "Bénéficiaires"),
        "parties": _t(
            "People and organizations involved", "Personnes et organisations participantes"
        ),
        "equipment": _t("Equipment", "Équipement"),
        "works": _t("Physical works", "Travaux physiques"),
        "information_sharing": _t("Information sharing", "Échange d’information"),
        "human_rights": _t("Human rights", "Droits de la personne"),
        "gender": _t("Gender equality", "Égalité des genres"),
        "results": _t("Results", "Résultats"),
        "declarations": _t("Declarations", "Déclarations"),
        "documents": _t("Documents", "Documents"),
    },
    "stage": {
        "draft": _t("Draft", "Ébauche"),
        "review": _t("In review", "En examen"),
        "eligibility": _t("Eligibility", "Admissibilité"),
        "compliance": _t("Compliance", "Conformité"),
        "desk": _t("Regional desk", "Bureau régional"),
        "funding": _t("Funding", "Financement"),
        "agreement": _t("Agreement", "Accord de financement"),
        "active": _t("Active", "En cours"),
        "closed": _t("Closed", "Fermée"),
        "returned": _t("Returned to the partner", "Renvoyée au partenaire"),
    },
    "partner_status": {
        "draft": _t("Draft", "Ébauche"),
        "received": _t("Received", "Reçue"),
        "in_review": _t("In review", "En examen"),
        "more_information_needed": _t(
            "More information needed", "Renseignements supplémentaires requis"
        ),
        "decision_made": _t("Decision made", "Décision rendue"),
        "withdrawn": _t("Withdrawn", "Retirée"),
    },
    "outcome": {
        "ineligible": _t("Not eligible", "Non admissible"),
        "declined": _t("Declined", "Refusée"),
        "unfunded": _t("Not funded", "Non financée"),
        "withdrawn": _t("Withdrawn", "Retirée"),
        "lapsed": _t("Lapsed", "Caduque"),
        "approved": _t("Approved", "Approuvée"),
        "terminated": _t("Terminated", "Résiliée"),
    },
    "partner_kind": {
        "foreign_state": _t("Foreign state", "État étranger"),
        "canadian_federal": _t(
            "Federal department or agency of Canada", "Ministère ou organisme fédéral du Canada"
        ),
        "canadian_provincial_municipal": _t(
            "Province, territory or municipality of Canada",
            "Province, territoire ou municipalité du Canada",
        ),
        "crown_corporation": _t("Crown corporation", "Société d’État"),
        "international_organization": _t(
            "International organization", "Organisation internationale"
        ),
        "ngo": _t("Non-governmental organization", "Organisation non gouvernementale"),
        "community_organization": _t("Community organization", "Organisme communautaire"),
        "think_tank": _t("Think tank", "Groupe de réflexion"),
        "academic": _t("Academic institution", "Établissement d’enseignement"),
        "private_sector": _t("Private sector", "Secteur privé"),
    },
    "assistance": {
        "training": _t("Training", "Formation"),
        "funding": _t("Funding", "Financement"),
        "equipment": _t("Equipment", "Équipement"),
        "technical": _t("Technical assistance", "Aide technique"),
        "legal": _t("Legal assistance", "Aide juridique"),
    },
    "beneficiary_kind": {
        "security_unit": _t("Security unit", "Unité de sécurité"),
        "government_entity": _t("Government entity", "Entité gouvernementale"),
        "civil_society": _t("Civil society", "Société civile"),
        "international_organization": _t(
            "International organization", "Organisation internationale"
        ),
        "individual": _t("Individual", "Personne"),
    },
    "relation": {
        "director": _t("Director", "Administrateur de l’organisation"),
        "beneficial_owner": _t("Beneficial owner", "Propriétaire bénéficiaire"),
        "sub_partner": _t("Sub-partner", "Sous-partenaire"),
        "trainee": _t("Trainee", "Participant à la formation"),
        "other": _t("Other", "Autre"),
    },
    "party_kind": {
        "person": _t("Person", "Personne"),
        "organization": _t("Organization", "Organisation"),
    },
    "check": {
        "pass": _t("Fits", "Convient"),
        "fail": _t("Does not fit", "Ne convient pas"),
        "needs_judgement": _t("For a person to judge", "À évaluer par une personne"),
    },
    "language": {"en": _t("English", "Anglais"), "fr": _t("French", "Français")},
    "split": {
        "given": _t("Shares as given", "Parts indiquées"),
        "equal": _t("In equal parts", "En parts égales"),
    },
    "route": {
        "maritime": _t("Maritime", "Maritime"),
        "land": _t("Land", "Terrestre"),
        "air": _t("Air", "Aérienne"),
    },
    "roles": {"origin": _t("Origin", "Origine"), "transit": _t("Transit", "Transit")},
    "result_level": {
        "ultimate": _t("Ultimate outcome", "Résultat ultime"),
        "intermediate": _t("Intermediate outcome", "Résultat intermédiaire"),
        "immediate": _t("Immediate outcome", "Résultat immédiat"),
        "output": _t("Output", "Extrant"),
    },
}
_OF_FIELD = {
    "category": ("assistance",),
    "kind": ("beneficiary_kind", "party_kind"),
    "result": ("check",),
    "level": ("result_level",),
}
"""Fields whose codes have the name of another list, or of one of several."""
