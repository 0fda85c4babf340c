"""The headings of the general terms of an agreement, by the edition that they were signed under.

Only headings (domain.md, section 1.2: General Terms of a contribution agreement of Global Affairs
Canada, in effect from 2024-12-11); their text is the department's. An edition is never edited.
"""

from __future__ import annotations

from schemas.values import Bilingual


def headings(edition: int) -> tuple[Bilingual, ...]:
    """Those of *edition*, in order; raises KeyError for one that does not exist."""
    return _EDITIONS[edition]


def _t(en: str, fr: str) -> Bilingual:
    return Bilingual(en=en, fr=fr)


_FIRST = (
    _t("Definitions and interpretation", "Définitions et interprétation"),
    _t("Assignment and successors", "Cession et ayants droit"),
    _t("Access to information", "Accès à l'information"),
    _t("Subcontracts and sub-agreements", "Sous-contrats et sous-ententes"),
    _t("Procurement and disposal of assets", "Acquisition et aliénation des biens"),
    _t("Monitoring and evaluation", "Suivi et évaluation"),
    _t("Financial records and audit", "Documents financiers et vérification"),
    _t("Termination or suspension", "Résiliation ou suspension"),
    _t("Default and remedies", "Défaut et recours"),
    _t("Dispute resolution", "Règlement des différends"),
    _t("Overpayment, repayment and recovery", "Trop-perçu, remboursement et recouvrement"),
    _t("Code of conduct and non-discrimination", "Code de conduite et non-discrimination"),
    _t("Liability and security", "Responsabilité et sécurité"),
    _t("Appropriation", "Affectation de crédits"),
)
_SECOND = (
    _t("Definitions", "Définitions"),
    _t("Interpretation", "Interprétation"),
    _t("Assignment", "Cession"),
    _t("Successors", "Ayants droit"),
    _t(
        "Access to information and confidential information",
        "Accès à l'information et renseignements confidentiels",
    ),
    _t("Commitments with third parties", "Engagements envers des tiers"),
    _t("Subcontracts and sub-agreements", "Sous-contrats et sous-ententes"),
    _t("Procurement and disposal of assets", "Acquisition et aliénation des biens"),
    _t("Drugs and medical supplies", "Médicaments et fournitures médicales"),
    _t("Monitoring and evaluation", "Suivi et évaluation"),
    _t("Financial records and audit", "Documents financiers et vérification"),
    _t(
        "Termination or suspension for convenience",
        "Résiliation ou suspension pour raisons de commodité",
    ),
    _t("Default and remedies", "Défaut et recours"),
    _t("Dispute resolution", "Règlement des différends"),
    _t("Indemnification", "Indemnisation"),
    _t("Intellectual property", "Propriété intellectuelle"),
    _t("Overpayment, repayment and recovery", "Trop-perçu, remboursement et recouvrement"),
    _t("Set-off", "Compensation"),
    _t("Declarations and guarantees", "Déclarations et garanties"),
    _t("Code of conduct and non-discrimination", "Code de conduite et non-discrimination"),
    _t("Liability and security", "Responsabilité et sécurité"),
    _t("No employee relationship", "Absence de lien d'emploi"),
    _t("Appropriation", "Affectation de crédits"),
    _t("Health protection abroad", "Protection de la santé à l'étranger"),
    _t("Briefings", "Séances d'information"),
    _t(
        "Capacity building of the beneficiary in financial management",
        "Renforcement des capacités du bénéficiaire en gestion financière",
    ),
)
_EDITIONS = {1: _FIRST, 2: _SECOND}
