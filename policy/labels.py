"""What people read for the codes of tasks, outcomes and form fields, in both languages.

Sentences of errors and events are not here: they are made at the edges.
"""

from __future__ import annotations

from schemas.tasks import TaskKind
from schemas.values import Bilingual


def kind_title(kind: TaskKind) -> Bilingual:
    """The title of a task of *kind*."""
    return _KINDS[kind]


def label(kind: TaskKind, outcome: str) -> Bilingual:
    """What an outcome of a task of *kind* is called; raises KeyError for one that is not its."""
    return _OF_KIND.get((kind, outcome)) or (
        _FINDING[outcome] if kind.is_finding else _OUTCOMES[outcome]
    )


def field(code: str) -> Bilingual:
    """The label of a form's field."""
    return _FIELDS[code]


def option(field_code: str, code: str) -> Bilingual:
    """The label of one of a field's codes."""
    return _OPTIONS[field_code][code]


def options(field_code: str) -> dict[str, Bilingual]:
    """All codes of a field that has a fixed list, in order, with their labels."""
    return _OPTIONS[field_code]


def _t(en: str, fr: str) -> Bilingual:
    # Canadian French sets a no-break space before a colon and before a percent sign.
    return Bilingual(en=en, fr=fr.replace(" :", "\u00a0:").replace(" %", "\u00a0%"))


_KINDS: dict[TaskKind, Bilingual] = {
    TaskKind.ELIGIBILITY: _t("Confirm eligibility", "Confirmer l'admissibilité"),
    TaskKind.ADJUDICATE: _t(
        "Judge possible screening matches", "Évaluer les correspondances possibles du filtrage"
    ),
    TaskKind.NORMS: _t("Finding: international norms", "Constatation : normes internationales"),
    TaskKind.HUMAN_RIGHTS: _t("Finding: human rights", "Constatation : droits de la personne"),
    TaskKind.GENDER: _t("Finding: gender equality", "Constatation : égalité des genres"),
    TaskKind.MERIT: _t("Finding: merit", "Constatation : mérite"),
    TaskKind.EXPORT_CONTROL: _t(
        "Finding: export control", "Constatation : contrôle des exportations"
    ),
    TaskKind.ENVIRONMENT: _t("Finding: environment", "Constatation : environnement"),
    TaskKind.INFORMATION_SHARING: _t(
        "Finding: information sharing", "Constatation : échange d'information"
    ),
    TaskKind.TERRITORY: _t(
        "Finding: territory controlled by a terrorist group",
        "Constatation : territoire contrôlé par un groupe terroriste",
    ),
    TaskKind.COUNTRY_MEASURES: _t(
        "Finding: country measures", "Constatation : mesures visant un pays"
    ),
    TaskKind.CONFIRM: _t("Confirm a colleague's decision", "Confirmer la décision d'un collègue"),
    TaskKind.ARBITRATE: _t("Arbitrate a disagreement", "Trancher un désaccord"),
    TaskKind.LEGAL: _t("Give the legal disposition", "Rendre la décision juridique"),
    TaskKind.CONSULT: _t("Answer the desk consultation", "Répondre à la consultation du bureau"),
    TaskKind.SIGN_OFF: _t("Sign off for the lead desk", "Donner l'aval du bureau responsable"),
    TaskKind.RELEASE: _t(
        "Release the return to the partner", "Autoriser le renvoi de la proposition au partenaire"
    ),
    TaskKind.RECOMMEND: _t("Recommend funding", "Recommander le financement"),
    TaskKind.APPROVE: _t("Approve the activity", "Approuver l'activité"),
    TaskKind.RECORD_DECISION: _t(
        "Record a decision taken on paper", "Consigner une décision prise sur papier"
    ),
    TaskKind.SIGN_AGREEMENT: _t("Sign the agreement", "Signer l'accord"),
    TaskKind.CONDITION: _t("Judge a condition", "Juger une condition"),
    TaskKind.CLEAR_NOTICE: _t(
        "Clear an environmental notice", "Approuver la diffusion d'un avis environnemental"
    ),
    TaskKind.DETERMINE: _t(
        "Determine environmental effects", "Décider des effets environnementaux"
    ),
    TaskKind.REPORT: _t("Read a report", "Lire un rapport"),
    TaskKind.CERTIFY: _t("Certify entitlement to a payment", "Attester le droit à un paiement"),
    TaskKind.REQUISITION: _t("Requisition a payment", "Demander un paiement"),
    TaskKind.CLOSE: _t("Close the agreement", "Clore l'entente"),
    TaskKind.RECONSIDER: _t("Reconsider a decision", "Réexaminer une décision"),
    TaskKind.RECORD_RECONSIDERATION: _t(
        "Record a reconsideration decided on paper",
        "Consigner un réexamen tranché sur papier",
    ),
}

_RETURN = _t("Return for changes", "Renvoyer pour modification")
_OUTCOMES: dict[str, Bilingual] = {
    "eligible": _t("Eligible", "Admissible"),
    "ineligible": _t("Ineligible", "Non admissible"),
    "return": _RETURN,
    "no_match": _t("No match", "Aucune correspondance"),
    "match": _t("Match", "Correspondance"),
    "unsure": _t("Unsure", "Incertain"),
    "agree": _t("Agree", "D'accord"),
    "disagree": _t("Disagree", "En désaccord"),
    "proceed": _t("Proceed", "Poursuivre"),
    "refuse": _t("Refuse", "Refuser"),
    "not_applicable": _t("Not the listed party", "Il ne s'agit pas de l'entité inscrite"),
    "authorized": _t("Authorized", "Autorisé"),
    "change": _t("The proposal must change", "La proposition doit être modifiée"),
    "concur": _t("Concur", "Souscrire"),
    "concur_with_comments": _t("Concur with comments", "Souscrire avec commentaires"),
    "object": _t("Object", "S'opposer"),
    "sign": _t("Sign", "Signer"),
    "release": _t("Send to the partner", "Envoyer au partenaire"),
    "give_back": _t("Give back to the reviewer", "Redonner à l'évaluateur"),
    "recommend": _t("Recommend", "Recommander"),
    "pass_over": _t("Pass the money on", "Céder les fonds"),
    "approve": _t("Approve", "Approuver"),
    "approve_in_part": _t("Approve in part", "Approuver en partie"),
    "decline": _t("Decline", "Rejeter"),
    "approved": _t("Approved on paper", "Approuvé sur papier"),
    "approved_in_part": _t("Approved in part on paper", "Approuvé en partie sur papier"),
    "declined": _t("Declined on paper", "Rejeté sur papier"),
    "reopen": _t("Reopen the proposal", "Rouvrir la proposition"),
    "uphold": _t("Uphold the decision", "Maintenir la décision"),
    "reopened": _t("Reopened on paper", "Rouverte sur papier"),
    "upheld": _t("Upheld on paper", "Maintenue sur papier"),
    "met": _t("Met", "Remplie"),
    "not_met": _t("Not met", "Non remplie"),
    "waived": _t("Waive it", "Y renoncer"),
    "accept": _t("Accept", "Accepter"),
    "certify": _t("Certify (section 34)", "Attester (article 34)"),
    "close": _t("Close the agreement", "Clore l'entente"),
    "requisition": _t("Requisition (section 33)", "Demander le paiement (article 33)"),
}
_FINDING: dict[str, Bilingual] = {
    "no_objection": _t("No objection", "Aucune objection"),
    "return": _RETURN,
    "recommend_refusal": _t("Recommend refusal", "Recommander le refus"),
    "barred": _t("Barred", "Interdit"),
    "refer": _t("Refer to the deputy minister", "Renvoyer au sous-ministre"),
}
_OF_KIND: dict[tuple[TaskKind, str], Bilingual] = {
    (TaskKind.CLEAR_NOTICE, "clear"): _t("Clear it", "L'approuver"),
    (TaskKind.CLEAR_NOTICE, "change"): _t("The notice must change", "L'avis doit être modifié"),
    (TaskKind.DETERMINE, "no_significant_effects"): _t(
        "No significant adverse effects are likely", "Aucun effet négatif important probable"
    ),
    (TaskKind.DETERMINE, "significant_effects"): _t(
        "Significant adverse effects are likely", "Effets négatifs importants probables"
    ),
    (TaskKind.SIGN_OFF, "sign"): _t("Sign off", "Donner l'aval"),
    (TaskKind.REPORT, "return"): _t("Return to the partner", "Retourner au partenaire"),
    (TaskKind.CERTIFY, "return"): _t("Return to the partner", "Retourner au partenaire"),
    (TaskKind.REQUISITION, "give_back"): _t(
        "Give back to the certifier", "Redonner à la personne qui atteste"
    ),
}

_FIELDS: dict[str, Bilingual] = {
    "interest": _t("Declaration of interest", "Déclaration d'intérêts"),
    "declared": _t("I have an interest in this proposal", "J'ai un intérêt dans cette proposition"),
    "detail": _t("What the interest is", "Nature de l'intérêt"),
    "comments": _t("Comments", "Commentaires"),
    "eligible_amount": _t("Eligible costs in all", "Total des coûts admissibles"),
    "certified_amount": _t("Amount certified", "Montant attesté"),
    "entitled": _t(
        "I certify that the payee is eligible for or entitled to the payment (Financial "
        "Administration Act, section 34)",
        "J'atteste que le bénéficiaire est admissible ou a droit au paiement (Loi sur la gestion "
        "des finances publiques, article 34)",
    ),
    "comment": _t("Comment", "Commentaire"),
    "reason": _t("Reason", "Motif"),
    "triggers": _t("Reviews that the proposal needs", "Examens requis par la proposition"),
    "failed_checks": _t(
        "Reason for each check that failed", "Motif pour chaque vérification en échec"
    ),
    "code": _t("Check", "Vérification"),
    "hits": _t("Possible matches", "Correspondances possibles"),
    "judgement": _t("Judgement", "Jugement"),
    "compared": _t("Data compared", "Données comparées"),
    "checklist": _t("Checklist", "Liste de contrôle"),
    "checklist_evidence": _t("What proves it", "Ce qui le prouve"),
    "measures": _t("Measures in force", "Mesures en vigueur"),
    "basis": _t("What it rests on", "Ce sur quoi elle repose"),
    "exception": _t("Exception cited", "Exception invoquée"),
    "authorization": _t("Authorization on file", "Autorisation au dossier"),
    "issued_on": _t("Issued on", "Délivrée le"),
    "valid_until": _t("Valid until", "Valide jusqu'au"),
    "territory": _t("Area controlled by a listed entity", "Zone contrôlée par une entité inscrite"),
    "environment": _t("What the works rest on", "Ce sur quoi reposent les ouvrages"),
    "provision": _t("Provision or class cited", "Disposition ou catégorie invoquée"),
    "comments_received": _t("Comments received", "Observations reçues"),
    "comments_answered": _t("How they were answered", "Réponses données"),
    "published_at": _t("Where the determination is posted", "Où la décision est affichée"),
    "substantial_risks": _t(
        "Substantial risk after mitigation", "Risque sérieux après les mesures d'atténuation"
    ),
    "remains": _t("Does a substantial risk remain?", "Un risque sérieux subsiste-t-il?"),
    "evidence_documents": _t("Documents attached", "Documents joints"),
    "evidence_reference": _t("Reference", "Référence"),
    "answer": _t("Answer", "Réponse"),
    "ratings": _t("Risk ratings", "Cotes de risque"),
    "criteria": _t("Criteria", "Critères"),
    "overall": _t("Overall rating", "Cote globale"),
    "subject": _t("Place or unit", "Lieu ou unité"),
    "subject_organization": _t("The organization", "L'organisation"),
    "risks": _t("Risks", "Risques"),
    "type": _t("Type of risk", "Type de risque"),
    "likelihood": _t("Likelihood", "Probabilité"),
    "severity": _t("Severity", "Gravité"),
    "residual_likelihood": _t(
        "Likelihood after mitigation", "Probabilité après les mesures d'atténuation"
    ),
    "residual_severity": _t("Severity after mitigation", "Gravité après les mesures d'atténuation"),
    "inherent": _t("Inherent risk", "Risque inhérent"),
    "residual": _t("Residual risk", "Risque résiduel"),
    "levels": _t("Inherent and residual risk of each", "Risque inhérent et résiduel de chacun"),
    "conditions": _t("Conditions", "Conditions"),
    "id": _t("Number", "Numéro"),
    "text": _t("What must be done", "Ce qui doit être fait"),
    "owner": _t("Who must do it", "Responsable"),
    "due_date": _t("Due date", "Date d'échéance"),
    "evidence": _t("Evidence asked for", "Preuve demandée"),
    "kept_by": _t("Who gives the evidence", "Qui fournit la preuve"),
    "gates": _t("Step that waits for it", "Étape qui en dépend"),
    "relies_on": _t("Relies on", "S'appuie sur"),
    "consulted": _t("Who was consulted", "Personnes consultées"),
    "dropped": _t("Places and units to drop", "Lieux et unités à retirer"),
    "recommendation": _t("Recommendation", "Recommandation"),
    "gender_code": _t("Gender equality code", "Code d'égalité des genres"),
    "level": _t("Level of risk that stands", "Niveau de risque retenu"),
    "picked": _t("Recommendation that counts", "Recommandation retenue"),
    "instrument": _t("Instrument", "Instrument"),
    "legal_instrument": _t("Instrument that authorizes it", "Instrument qui l'autorise"),
    "instrument_kind": _t("Kind of instrument", "Type d'instrument"),
    "number": _t("Number", "Numéro"),
    "authority": _t("Issued by", "Délivré par"),
    "date": _t("Date", "Date"),
    "places": _t("Answer for each place", "Réponse pour chaque lieu"),
    "slices": _t("Money by fund", "Montants par fonds"),
    "part": _t(
        "What is approved, if in part: less money, or fewer years",
        "Ce qui est approuvé, si en partie : moins de fonds ou moins d'exercices",
    ),
    "fund": _t("Fund", "Fonds"),
    "amount": _t("Amount", "Montant"),
    "currency": _t("Currency", "Devise"),
    "value": _t("Value", "Valeur"),
    "priority": _t("Priority", "Priorité"),
    "document": _t(
        "Approval document (SHA-256 digest)", "Document d'approbation (empreinte SHA-256)"
    ),
    "page": _t("Signed page", "Page signée"),
    "page_number": _t("Number of the page", "Numéro de la page"),
    "signed_by": _t("Signed by", "Signée par"),
    "signed_on": _t("Signed on", "Signée le"),
}

_RATING = {
    "strong": _t("Strong", "Fort"),
    "acceptable": _t("Acceptable", "Acceptable"),
    "needs_improvement": _t("Needs improvement", "À améliorer"),
    "weak": _t("Weak", "Faible"),
    "unacceptable": _t("Unacceptable", "Inacceptable"),
}
_OPTIONS: dict[str, dict[str, Bilingual]] = {
    "triggers": {
        "equipment": _t("Equipment or technology", "Équipement ou technologie"),
        "works": _t("Physical works", "Travaux physiques"),
        "information": _t("Information sharing", "Échange d'information"),
        "places": _t("Territory or places of concern", "Territoire ou lieux préoccupants"),
        "units": _t("Security units", "Unités de sécurité"),
    },
    "judgement": {
        "no_match": _OUTCOMES["no_match"],
        "match": _OUTCOMES["match"],
        "unsure": _OUTCOMES["unsure"],
    },
    "compared": {
        "name": _t("Name", "Nom"),
        "birth_date": _t("Date of birth", "Date de naissance"),
        "country": _t("Country", "Pays"),
        "address": _t("Address", "Adresse"),
        "identifiers": _t("Identifiers", "Identifiants"),
    },
    "answer": {
        "yes": _t("Yes", "Oui"),
        "no": _t("No", "Non"),
        "not_applicable": _t("Not applicable", "Sans objet"),
    },
    "measure_basis": {
        "exception": _t("An exception of the regulation", "Une exception du règlement"),
        "authorization": _t("An authorization on file", "Une autorisation au dossier"),
    },
    "territory_basis": {
        "no_control": _t(
            "No listed entity controls the area", "Aucune entité inscrite ne contrôle la zone"
        ),
        "humanitarian": _t(
            "Humanitarian assistance by an impartial organization",
            "Aide humanitaire d'un organisme impartial",
        ),
        "authorization": _t("An authorization on file", "Une autorisation au dossier"),
        "department_seeks": _t(
            "The department seeks the authorization", "Le ministère demande l'autorisation"
        ),
    },
    "environment_basis": {
        "no_project": _t("No project in the sense of the Act", "Pas un projet au sens de la Loi"),
        "class_exclusion": _t("A class of projects that is excluded", "Une catégorie exclue"),
        "exemption": _t("An exemption of the Act", "Une exemption de la Loi"),
        "notice": _t("A notice, then a determination", "Un avis, puis une décision"),
    },
    "remains": {
        "no": _t("No", "Non"),
        "yes": _t("Yes", "Oui"),
        "undecided": _t("Cannot be told", "On ne peut le dire"),
    },
    "step": {
        "assess": _t("assess", "évaluer"),
        "identify": _t("identify", "cerner"),
        "mitigate": _t("mitigate", "atténuer"),
        "strengthen": _t("strengthen", "renforcer"),
        "monitor": _t("monitor", "suivre"),
    },
    "place_answer": {
        "concur": _OUTCOMES["concur"],
        "concur_with_comments": _OUTCOMES["concur_with_comments"],
        "object": _OUTCOMES["object"],
    },
    "criteria": {
        "interest": _t("Interest for Canada's security", "Intérêt pour la sécurité du Canada"),
        "results": _t("Results", "Résultats"),
        "capacity": _t("Capacity of the partner", "Capacité du partenaire"),
        "sustainability": _t("Sustainability", "Durabilité"),
        "value": _t("Value for money", "Optimisation des ressources"),
    },
    "rating": _RATING,
    "gender_code": {
        "0": _t(
            "GE-0: no gender equality results",
            "EG-0 : aucun résultat en matière d'égalité des genres",
        ),
        "1": _t(
            "GE-1: gender equality partially integrated",
            "EG-1 : égalité des genres partiellement intégrée",
        ),
        "2": _t(
            "GE-2: gender equality fully integrated",
            "EG-2 : égalité des genres pleinement intégrée",
        ),
        "3": _t(
            "GE-3: gender equality is the principal objective",
            "EG-3 : l'égalité des genres est l'objectif principal",
        ),
    },
    "level": {
        "low": _t("Low", "Faible"),
        "medium": _t("Medium", "Moyen"),
        "high": _t("High", "Élevé"),
    },
    "record_kind": {
        "country_baseline": _t("Country baseline", "Évaluation de référence du pays"),
        "unit_vetting": _t("Vetting of a unit", "Vérification d'une unité"),
        "person_vetting": _t("Vetting of a person", "Vérification d'une personne"),
        "partner_due_diligence": _t(
            "Due diligence on a partner", "Diligence raisonnable sur un partenaire"
        ),
    },
    "gates": {
        "agreement": _t("Signature of the agreement", "Signature de l'accord"),
        "first_payment": _t("First payment", "Premier paiement"),
        "payment": _t("Every payment", "Chaque paiement"),
        "closing": _t("Closing", "Clôture"),
    },
    "kept_by": {
        "partner": _t("The partner", "Le partenaire"),
        "department": _t("The department", "Le ministère"),
    },
    "payment_gate": {
        "day": _t("Not before", "Pas avant le"),
        "report": _t("Report to be accepted", "Rapport à accepter"),
        "condition": _t("Condition", "Condition"),
        "assessment": _t("Assessment to be made anew", "Évaluation à refaire"),
        "suspension": _t("Suspended", "Suspendu"),
    },
    "record_state": {
        "expired": _t("The record expired", "Le dossier a expiré"),
        "withdrawn": _t("The record was withdrawn", "Le dossier a été retiré"),
        "superseded": _t("The record says something else now", "Le dossier dit autre chose"),
    },
    "payment_state": {
        "claimed": _t("Claimed", "Demandé"),
        "certified": _t("Certified", "Attesté"),
        "requisitioned": _t("Requisitioned", "Ordonné"),
        "paid": _t("Paid", "Payé"),
        "returned": _t("Returned", "Retourné"),
    },
    "closing_state": {
        "owed": _t("To be paid back", "À rembourser"),
        "closed": _t("Closed", "Close"),
    },
    "payment_basis": {
        "advance": _t("Before the costs", "Avant les coûts"),
        "reimbursement": _t("Against the costs", "Sur présentation des coûts"),
    },
    "report_state": {
        "due": _t("To be handed in", "À remettre"),
        "submitted": _t("Being read", "En lecture"),
        "returned": _t("Returned", "Retourné"),
        "accepted": _t("Accepted", "Accepté"),
    },
    "report_kind": {
        "progress": _t("Progress report", "Rapport d'étape"),
        "financial": _t("Financial report", "Rapport financier"),
    },
    "condition_state": {
        "open": _t("To be met", "À remplir"),
        "evidence_given": _t("Evidence given", "Preuve fournie"),
        "not_met": _t("Not met", "Non remplie"),
        "met": _t("Met", "Remplie"),
        "waived": _t("Waived", "Levée"),
    },
    "document_kind": {
        "annex": _t("Annex", "Annexe"),
        "budget": _t("Budget", "Budget"),
        "work_plan": _t("Work plan", "Plan de travail"),
        "results_framework": _t("Results framework", "Cadre de résultats"),
        "risk_analysis": _t("Risk analysis", "Analyse des risques"),
        "needs_assessment": _t("Needs assessment", "Évaluation des besoins"),
        "letter_of_support": _t("Letter of support", "Lettre d'appui"),
        "registration": _t("Proof of registration", "Preuve d'enregistrement"),
        "financial_statements": _t("Financial statements", "États financiers"),
        "audit_report": _t("Audit report", "Rapport d'audit"),
        "curriculum_vitae": _t("Curriculum vitae", "Curriculum vitæ"),
        "map": _t("Map", "Carte"),
        "photograph": _t("Photograph", "Photographie"),
        "evidence": _t("Evidence", "Preuve"),
        "signed_page": _t("Signed page", "Page signée"),
        "signed_agreement": _t("Signed copy of the agreement", "Exemplaire signé de l'entente"),
        "correspondence": _t("Correspondence", "Correspondance"),
        "other": _t("Other document", "Autre document"),
    },
    "marking": {
        "unclassified": _t("Unclassified", "Non classifié"),
        "protected_a": _t("Protected A", "Protégé A"),
        "protected_b": _t("Protected B", "Protégé B"),
    },
    "instrument": {
        "grant": _t("Grant", "Subvention"),
        "contribution": _t("Contribution", "Contribution"),
        "memorandum": _t("Memorandum of understanding", "Protocole d'entente"),
    },
    "legal_instrument": {
        "permit": _t("Permit", "Permis"),
        "authorization": _t("Ministerial authorization", "Autorisation ministérielle"),
        "certificate": _t("Certificate", "Certificat"),
        "exemption": _t("Exemption", "Exemption"),
    },
}
