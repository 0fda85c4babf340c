"""What people read for the parts of a program's terms, in both languages."""

from schemas.values import Bilingual


def label(part: str) -> Bilingual:
    """The name of a part (`policy.rules.term_changes.PARTS`); every part has one."""
    return _PARTS[part]


def _t(en: str, fr: str) -> Bilingual:
    return Bilingual(en=en, fr=fr)


_PARTS: dict[str, Bilingual] = {
    "name": _t("Name", "Nom"),
    "mandate": _t("Mandate", "Mandat"),
    "source": _t("Source", "Source"),
    "focus_areas": _t("Focus areas", "Domaines d'intervention"),
    "partner_kinds": _t("Kinds of partners", "Types de partenaires"),
    "organizations": _t("Organizations", "Organisations"),
    "assistance": _t("Forms of assistance", "Formes d'aide"),
    "regions": _t("Regions", "Régions"),
    "countries": _t("Countries", "Pays"),
    "flexible": _t("Outside the focus", "Hors des priorités"),
    "instruments": _t("Instruments", "Instruments"),
    "limits": _t("Limits of the amount", "Limites du montant"),
    "most_months": _t("Longest duration", "Durée maximale"),
    "stacking_percent": _t("Limit of other funding", "Limite du cumul des fonds"),
    "checks": _t("Automatic checks", "Vérifications automatiques"),
    "matrix": _t("Table of risk levels", "Grille des niveaux de risque"),
    "checklists": _t("Checklists", "Listes de vérification"),
    "administrative": _t("Tasks decided many at a time", "Tâches décidées en lot"),
    "stages": _t("Stages", "Étapes"),
    "findings": _t("Findings", "Constatations"),
    "task_days": _t("Days for each task", "Jours pour chaque tâche"),
    "return_days": _t("Days to answer a return", "Jours pour répondre à un renvoi"),
    "agreement_days": _t("Days to sign", "Jours pour signer"),
    "funding_wait_days": _t("Longest wait for money", "Attente maximale des fonds"),
    "decision_days": _t("Days to a decision", "Jours jusqu'à la décision"),
    "reconsideration_days": _t("Days to ask for reconsideration", "Jours pour le réexamen"),
    "reconsideration": _t(
        "Decisions that are reconsidered, and by whom", "Décisions réexaminées, et par qui"
    ),
    "undo_minutes": _t("Undo window of letters", "Délai d'annulation des lettres"),
    "low_sample_percent": _t(
        "Sample of low findings that is confirmed", "Échantillon confirmé des constatations faibles"
    ),
    "residual_levels": _t("Approver for a residual risk", "Approbateur selon le risque résiduel"),
    "gender_zero_raises": _t(
        "A gender code of 0 raises the approver", "Un code d'égalité 0 élève l'approbateur"
    ),
    "reopens": _t("What a change re-opens", "Ce qu'une modification rouvre"),
    "return_sections": _t("Sections that a return opens", "Sections ouvertes par un renvoi"),
    "holidays": _t("Days off", "Jours fériés"),
    "clocks": _t("Reminders and escalation", "Rappels et paliers"),
    "questions": _t("Questions to the partner", "Questions au partenaire"),
    "conditions": _t("How conditions are followed", "Suivi des conditions"),
    "quorum": _t("How many people answer", "Nombre de personnes qui répondent"),
    "active": _t("Reports and payments", "Rapports et paiements"),
    "standards": _t("Service standards", "Normes de service"),
}
