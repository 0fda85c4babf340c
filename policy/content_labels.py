"""What people read for the sections, fields and codes of a proposal's content.

Labels of tasks and their forms are in `policy.labels`; focus areas and regions have their names
in the policy files themselves, countries in CLDR.
"""

from __future__ import annotations

from schemas.proposal import (
    Assistance,
    BeneficiaryKind,
    CheckResult,
    Outcome,
    PartnerKind,
    PartnerStatus,
    Relation,
    Section,
    Stage,
)
from schemas.values import Bilingual


def section(code: Section) -> Bilingual:
    """What a section of the content is called; returns are about sections."""
    return _SECTIONS[code]


def field(code: str) -> Bilingual:
    """The label of a content field; raises KeyError for one that no content has."""
    return _FIELDS[code]


def code(name: str, value: str) -> Bilingual | None:
    """The label of *value* where the field *name* has fixed codes; None for any other."""
    return _CODES.get(name, {}).get(value)


def _t(en: str, fr: str) -> Bilingual:
    return Bilingual(en=en, fr=fr.replace(" :", "\u00a0:").replace(" %", "\u00a0%"))


_SECTIONS = {
    Section.SUMMARY: _t("Summary", "Sommaire"),
    Section.FOCUS: _t("Focus and assistance", "Domaines et formes d'aide"),
    Section.COUNTRIES: _t("Countries and regions", "Pays et régions"),
    Section.DATES: _t("Dates", "Dates"),
    Section.BUDGET: _t("Budget", "Budget"),
    Section.BENEFICIARIES: _t("Beneficiaries", "Bénéficiaires"),
    Section.PARTIES: _t("Named parties", "Parties nommées"),
    Section.EQUIPMENT: _t("Equipment", "Équipement"),
    Section.WORKS: _t("Physical works", "Travaux physiques"),
    Section.INFORMATION_SHARING: _t("Information sharing", "Échange d'information"),
    Section.HUMAN_RIGHTS: _t("Human rights", "Droits de la personne"),
    Section.GENDER: _t("Gender equality", "Égalité des genres"),
    Section.RESULTS: _t("Results", "Résultats"),
    Section.DECLARATIONS: _t("Declarations", "Déclarations"),
    Section.DOCUMENTS: _t("Documents", "Documents"),
}
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
_STAGES = {
    Stage.DRAFT: _t("Draft", "Ébauche"),
    Stage.ELIGIBILITY: _t("Eligibility", "Admissibilité"),
    Stage.COMPLIANCE: _t("Compliance", "Conformité"),
    Stage.DESK: _t("Desk", "Bureau"),
    Stage.FUNDING: _t("Funding", "Financement"),
    Stage.AGREEMENT: _t("Agreement", "Entente"),
    Stage.ACTIVE: _t("Active", "En cours"),
    Stage.CLOSED: _t("Closed", "Fermée"),
    Stage.RETURNED: _t("Returned", "Renvoyée"),
    "review": _t("In review", "En examen"),
}
_YES_NO = {"true": _t("Yes", "Oui"), "false": _t("No", "Non")}
_ROUTES = {
    "maritime": _t("Maritime", "Maritime"),
    "land": _t("Land", "Terrestre"),
    "air": _t("Air", "Aérienne"),
}
_ASSISTANCE: dict[str, Bilingual] = {
    Assistance.TRAINING: _t("Training", "Formation"),
    Assistance.FUNDING: _t("Funding", "Financement"),
    Assistance.EQUIPMENT: _t("Equipment", "Équipement"),
    Assistance.TECHNICAL: _t("Technical assistance", "Aide technique"),
    Assistance.LEGAL: _t("Legal assistance", "Aide juridique"),
}
_KINDS = {
    BeneficiaryKind.SECURITY_UNIT: _t("Security unit", "Unité de sécurité"),
    BeneficiaryKind.GOVERNMENT_ENTITY: _t("Government entity", "Entité gouvernementale"),
    BeneficiaryKind.CIVIL_SOCIETY: _t("Civil society", "Société civile"),
    BeneficiaryKind.INTERNATIONAL_ORGANIZATION: _t(
        "International organization", "Organisation internationale"
    ),
    BeneficiaryKind.INDIVIDUAL: _t("Individual", "Particulier"),
    "person": _t("Person", "Personne"),
    "organization": _t("Organization", "Organisation"),
    PartnerKind.FOREIGN_STATE: _t("Foreign state", "État étranger"),
    PartnerKind.CANADIAN_FEDERAL: _t(
        "Canadian federal department or agency", "Ministère ou organisme fédéral canadien"
    ),
    PartnerKind.CANADIAN_PROVINCIAL_MUNICIPAL: _t(
        "Canadian province or municipality", "Province ou municipalité canadienne"
    ),
    PartnerKind.CROWN_CORPORATION: _t("Crown corporation", "Société d'État"),
    PartnerKind.NGO: _t("Non-governmental organization", "Organisation non gouvernementale"),
    PartnerKind.COMMUNITY_ORGANIZATION: _t("Community organization", "Organisation communautaire"),
    PartnerKind.THINK_TANK: _t("Think tank", "Groupe de réflexion"),
    PartnerKind.ACADEMIC: _t("Academic institution", "Établissement universitaire"),
    PartnerKind.PRIVATE_SECTOR: _t("Private sector", "Secteur privé"),
}
_QUESTIONS = (
    "bound_for_canada",
    "controlled",
    "physical_works",
    "information_sharing",
    "code_of_conduct",
    "no_profit",
    "no_costs_before_signature",
)
_CODES: dict[str, dict[str, Bilingual]] = {
    "assistance": {**_ASSISTANCE},
    "category": {**_ASSISTANCE},
    "kind": {**_KINDS},
    "relation": {
        Relation.DIRECTOR: _t("Director", "Administrateur"),
        Relation.BENEFICIAL_OWNER: _t("Beneficial owner", "Propriétaire bénéficiaire"),
        Relation.SUB_PARTNER: _t("Sub-partner", "Sous-partenaire"),
        Relation.TRAINEE: _t("Trainee", "Stagiaire"),
        Relation.OTHER: _t("Other", "Autre"),
    },
    "stage": {**_STAGES},
    "outcome": {
        Outcome.INELIGIBLE: _t("Ineligible", "Non admissible"),
        Outcome.DECLINED: _t("Declined", "Refusée"),
        Outcome.UNFUNDED: _t("Unfunded", "Non financée"),
        Outcome.WITHDRAWN: _t("Withdrawn", "Retirée"),
        Outcome.LAPSED: _t("Lapsed", "Caduque"),
        Outcome.APPROVED: _t("Approved", "Approuvée"),
        Outcome.TERMINATED: _t("Terminated", "Résiliée"),
    },
    "partner_status": {
        PartnerStatus.DRAFT: _t("Draft", "Ébauche"),
        PartnerStatus.RECEIVED: _t("Received", "Reçue"),
        PartnerStatus.IN_REVIEW: _t("In review", "En examen"),
        PartnerStatus.MORE_INFORMATION_NEEDED: _t(
            "More information needed", "Complément d'information requis"
        ),
        PartnerStatus.DECISION_MADE: _t("Decision made", "Décision rendue"),
        PartnerStatus.WITHDRAWN: _t("Withdrawn", "Retirée"),
    },
    "result": {
        CheckResult.PASS: _t("Pass", "Réussie"),
        CheckResult.FAIL: _t("Fail", "Échouée"),
        CheckResult.NEEDS_JUDGEMENT: _t("Needs judgement", "À juger"),
    },
    "language": {"en": _t("English", "Anglais"), "fr": _t("French", "Français")},
    "split": {
        "given": _t("Shares as given", "Parts indiquées"),
        "equal": _t("In equal parts", "En parts égales"),
    },
    "route": {**_ROUTES},
    "roles": {"origin": _t("Origin", "Origine"), "transit": _t("Transit", "Transit")},
    "level": {
        "ultimate": _t("Ultimate outcome", "Résultat ultime"),
        "intermediate": _t("Intermediate outcome", "Résultat intermédiaire"),
        "immediate": _t("Immediate outcome", "Résultat immédiat"),
        "output": _t("Output", "Extrant"),
    },
    **dict.fromkeys(_QUESTIONS, _YES_NO),
}
