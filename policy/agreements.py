"""The funding agreement as a document: data frozen at approval, and its sections in words.

The data is a text beside the chain; its digest stands in the events, so that what both sides
sign can be shown for good. The general terms are named by their headings (domain: GAC General
Terms of a contribution agreement, in effect from 2024-12-11); their text is the department's.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from schemas.values import Bilingual

TEMPLATE = "agreement/1"


def _t(en: str, fr: str) -> Bilingual:
    return Bilingual(en=en, fr=fr.replace(" :", "\u00a0:").replace(" $", "\u00a0$"))


DEPARTMENT = _t(
    "The Department of Foreign Affairs, Trade and Development",
    "Le ministère des Affaires étrangères, du Commerce et du Développement",
)
"""Who speaks in letters and agreements, by its name in law."""

_INSTRUMENTS = {
    "grant": _t("Grant agreement", "Entente de subvention"),
    "contribution": _t("Contribution agreement", "Entente de contribution"),
    "memorandum": _t("Memorandum of understanding", "Protocole d'entente"),
}
_HEADINGS = {
    "parties": _t("1. The parties", "1. Les parties"),
    "purpose": _t("2. The project", "2. Le projet"),
    "funding": _t("3. Maximum funding, by fiscal year", "3. Financement maximal, par exercice"),
    "conditions": _t("4. Conditions", "4. Conditions"),
    "costs": _t("5. Costs and payments", "5. Coûts et paiements"),
    "terms": _t("6. General terms", "6. Conditions générales"),
    "signatures": _t("7. Signatures", "7. Signatures"),
}
_NO_CONDITIONS = _t("There are no special conditions.", "Il n'y a aucune condition particulière.")
_COSTS = _t(
    "No cost before the date of the last signature is eligible. The funding may yield no profit. "
    "Every payment is subject to an appropriation by Parliament for its fiscal year (Financial "
    "Administration Act, section 40).",
    "Aucun coût antérieur à la date de la dernière signature n'est admissible. Le financement ne "
    "peut procurer de profit. Tout paiement est subordonné à l'existence d'un crédit du Parlement "
    "pour l'exercice visé (Loi sur la gestion des finances publiques, article 40).",
)
_SIGNATURES = _t(
    "The partner accepts the conditions and signs; then the department signs. The agreement is in "
    "effect from the second signature.",
    "Le partenaire accepte les conditions et signe; le ministère signe ensuite. L'entente prend "
    "effet à la seconde signature.",
)
_GENERAL_TERMS = (
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


def sections(data: Mapping[str, Any], language: str) -> dict[str, Any]:
    """The agreement in *language*: a title, and sections of a heading with paragraphs."""

    def words(text: Bilingual) -> str:
        return text.in_language(language)

    conditions = [str(c["text"]) for c in data["conditions"]] or [words(_NO_CONDITIONS)]
    bodies: dict[str, list[str]] = {
        "parties": [
            words(DEPARTMENT),
            str(data["organization"]),
        ],
        "purpose": [
            f"{data['reference']} – {data['title']}",  # noqa: RUF001 - a dash between the two
            str(data["expected_results"]),
            f"{data['start_date']} / {data['end_date']}",
        ],
        "funding": [f"{line['fiscal_year']}: {line['amount']} CAD" for line in data["schedule"]],
        "conditions": conditions,
        "costs": [words(_COSTS)],
        "terms": [words(term) for term in _GENERAL_TERMS],
        "signatures": [words(_SIGNATURES)],
    }
    return {
        "title": words(_INSTRUMENTS[data["instrument"]]),
        "sections": [
            {"heading": words(_HEADINGS[name]), "paragraphs": paragraphs}
            for name, paragraphs in bodies.items()
        ],
    }
