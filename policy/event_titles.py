"""What people read for each type of event, in both languages."""

from schemas.events import EventType
from schemas.values import Bilingual


def title(event_type: EventType) -> Bilingual:
    """The title of an event of this type; every type has one."""
    return _TITLES[event_type]


def _t(en: str, fr: str) -> Bilingual:
    return Bilingual(en=en, fr=fr)


_TITLES: dict[EventType, Bilingual] = {
    EventType.CREATED: _t("Draft opened", "Ébauche créée"),
    EventType.DELETED: _t("Draft deleted", "Ébauche supprimée"),
    EventType.SUBMITTED: _t("Proposal submitted", "Proposition présentée"),
    EventType.RESUBMITTED: _t("Proposal submitted again", "Proposition présentée de nouveau"),
    EventType.STAGE_ENTERED: _t("Stage begun", "Étape entamée"),
    EventType.RETURNED: _t("Returned for changes", "Renvoyée pour modifications"),
    EventType.WITHDRAWN: _t("Proposal withdrawn", "Proposition retirée"),
    EventType.LAPSED: _t("Proposal lapsed", "Proposition caduque"),
    EventType.UNFUNDED: _t("No money within the limit", "Aucuns fonds dans le délai prévu"),
    EventType.INELIGIBLE: _t("Found ineligible", "Jugée inadmissible"),
    EventType.DECLINED: _t("Declined", "Refusée"),
    EventType.APPROVED: _t("Approved", "Approuvée"),
    EventType.LETTER_WRITTEN: _t("Letter written", "Lettre rédigée"),
    EventType.TERMS_CHANGED: _t("Moved to newer terms", "Passage à des modalités plus récentes"),
    EventType.LETTER_TAKEN_BACK: _t(
        "Letter taken back before it was told", "Lettre reprise avant d'être communiquée"
    ),
    EventType.DECISION_UNDONE: _t(
        "Decision taken back by who took it", "Décision reprise par la personne qui l'a prise"
    ),
    EventType.CLOSED: _t("Closed", "Dossier fermé"),
    EventType.RECONSIDERATION_ASKED: _t("Reconsideration asked for", "Réexamen demandé"),
    EventType.UPHELD: _t("Decision upheld", "Décision maintenue"),
    EventType.REOPENED: _t("Reopened on reconsideration", "Rouverte après réexamen"),
    EventType.DOCUMENT_ADDED: _t("Document attached", "Document joint"),
    EventType.DOCUMENT_REMOVED: _t("Document removed", "Document retiré"),
    EventType.TASK_DOCUMENT_ADDED: _t("Document attached to a task", "Document joint à une tâche"),
    EventType.TASK_DOCUMENT_REMOVED: _t(
        "Document removed from a task", "Document retiré d'une tâche"
    ),
    EventType.TASK_OPENED: _t("Task opened", "Tâche ouverte"),
    EventType.TASK_DECIDED: _t("Task decided", "Tâche tranchée"),
    EventType.TASK_CANCELLED: _t("Task cancelled", "Tâche annulée"),
    EventType.TASK_REASSIGNED: _t("Task reassigned", "Tâche réattribuée"),
    EventType.TASK_NUDGED: _t("Reminder asked for", "Rappel demandé"),
    EventType.RETRIED: _t("Retry asked for", "Nouvelle tentative demandée"),
    EventType.TASK_COMMENTED: _t("Comment made", "Commentaire ajouté"),
    EventType.TASK_REMINDED: _t("Reminder of a task", "Rappel d'une tâche"),
    EventType.TASK_OVERDUE: _t("Task overdue", "Tâche en retard"),
    EventType.TASK_ESCALATED: _t("Task escalated", "Tâche soumise au niveau supérieur"),
    EventType.REPAIR_PROPOSED: _t("Repair proposed", "Correction proposée"),
    EventType.REPAIR_DONE: _t("Repair done", "Correction effectuée"),
    EventType.REPAIR_ENDED: _t("Repair not done", "Correction non effectuée"),
    EventType.LETTER_SENT_AGAIN: _t("Letter sent again", "Lettre envoyée de nouveau"),
    EventType.STANDARD_NEARING: _t("Service standard near", "Norme de service bientôt échue"),
    EventType.STANDARD_MISSED: _t("Service standard missed", "Norme de service non respectée"),
    EventType.STANDARD_ESCALATED: _t(
        "Service standard missed: the next level is asked",
        "Norme de service non respectée : le niveau supérieur est sollicité",
    ),
    EventType.RECUSED: _t("Person recused", "Récusation d'une personne"),
    EventType.SUBSTITUTE_DRAWN: _t("Substitute drawn", "Suppléance attribuée"),
    EventType.NOBODY_LEFT: _t(
        "Nobody may take a task", "Plus personne ne peut se charger d'une tâche"
    ),
    EventType.REROUTED: _t("Task rerouted", "Tâche réacheminée"),
    EventType.CAME_BACK: _t("Task came back", "Tâche rendue à son titulaire"),
    EventType.QUESTION_ASKED: _t("Question asked", "Question posée"),
    EventType.QUESTION_REMINDED: _t("Reminder of a question", "Rappel d'une question"),
    EventType.QUESTION_ANSWERED: _t("Question answered", "Réponse à une question"),
    EventType.QUESTION_WITHDRAWN: _t("Question withdrawn", "Question retirée"),
    EventType.QUESTION_EXPIRED: _t(
        "Question not answered in time", "Question restée sans réponse dans le délai"
    ),
    EventType.SCREENED: _t("Parties screened", "Parties filtrées"),
    EventType.SCREENING_MISSING: _t(
        "Not screened: no list is imported", "Non filtrée, car aucune liste n'est importée"
    ),
    EventType.HOLD_SET: _t("Paused", "Mise en pause"),
    EventType.RELIANCE_ENDED: _t(
        "Findings asked anew: what they relied on no longer holds",
        "Constatations redemandées : ce sur quoi elles s'appuyaient ne vaut plus",
    ),
    EventType.REVIEW_OPENED: _t(
        "Conditional review opened by a sentence", "Examen conditionnel ouvert par une phrase"
    ),
    EventType.NOTICE_POSTED: _t("Environmental notice posted", "Avis environnemental affiché"),
    EventType.APPROVAL_ASKED_ANEW: _t(
        "Approval asked anew: the findings go beyond it",
        "Approbation redemandée, car les constatations la dépassent",
    ),
    EventType.APPROVAL_RENEWED: _t("Approved anew", "Approuvée de nouveau"),
    EventType.HOLD_ENDED: _t("Resumed", "Reprise"),
    EventType.RESERVED: _t("Money reserved", "Fonds réservés"),
    EventType.QUEUED: _t("Waiting for money", "En attente de fonds"),
    EventType.OFFERED: _t("Money offered", "Fonds offerts"),
    EventType.RELEASED: _t("Money released", "Fonds libérés"),
    EventType.MONEY_LAPSING: _t(
        "Money of the ending year will lapse", "Des fonds de l'exercice seront périmés"
    ),
    EventType.REDUCED: _t("Money that was not approved released", "Fonds non approuvés libérés"),
    EventType.YEAR_LAPSED: _t(
        "Money of the ended year lapsed", "Des fonds de l'exercice terminé sont périmés"
    ),
    EventType.REPROFILE_ASKED: _t(
        "Money to be moved between years", "Report de fonds entre exercices demandé"
    ),
    EventType.REPROFILED: _t("Money moved between years", "Fonds reportés entre exercices"),
    EventType.NOT_REPROFILED: _t(
        "Money not moved between years", "Fonds non reportés entre exercices"
    ),
    EventType.COMMITTED: _t("Money committed", "Fonds engagés"),
    EventType.CERTIFIED: _t("Entitlement to money certified", "Droit au paiement attesté"),
    EventType.UNCERTIFIED: _t("Certification taken back", "Attestation retirée"),
    EventType.PAID: _t("Money paid", "Fonds versés"),
    EventType.RECOVERED: _t("Money recovered", "Fonds recouvrés"),
    EventType.DECOMMITTED: _t("Commitment let go", "Engagement libéré"),
    EventType.AGREEMENT_GENERATED: _t("Agreement prepared", "Entente préparée"),
    EventType.CONDITIONS_ACCEPTED: _t("Conditions accepted", "Conditions acceptées"),
    EventType.EVIDENCE_GIVEN: _t(
        "Evidence given for a condition", "Preuve fournie pour une condition"
    ),
    EventType.JUDGEMENT_ASKED: _t(
        "Judgement of a condition asked for", "Jugement d'une condition demandé"
    ),
    EventType.CONDITION_REMINDED: _t("Reminder of a condition", "Rappel d'une condition"),
    EventType.CONDITION_OVERDUE: _t("Condition overdue", "Condition en retard"),
    EventType.CONDITION_ESCALATED: _t("Condition escalated", "Condition transmise plus haut"),
    EventType.CONDITION_JUDGED: _t("Condition judged", "Condition jugée"),
    EventType.PARTNER_SIGNED: _t("Signed by the partner", "Signée par le partenaire"),
    EventType.DEPARTMENT_SIGNED: _t("Signed by the department", "Signée par le ministère"),
    EventType.AGREEMENT_BEGAN: _t(
        "Reports and payments scheduled", "Rapports et paiements planifiés"
    ),
    EventType.REPORT_REMINDED: _t("Reminder of a report", "Rappel d'un rapport"),
    EventType.REPORT_OVERDUE: _t("Report overdue", "Rapport en retard"),
    EventType.REPORT_SUBMITTED: _t("Report handed in", "Rapport remis"),
    EventType.REPORT_READ: _t("Report accepted or returned", "Rapport accepté ou retourné"),
    EventType.PAYMENT_CLAIMED: _t("Payment claimed", "Paiement demandé"),
    EventType.PAYMENT_RETURNED: _t("Claim returned", "Demande de paiement retournée"),
    EventType.PAYMENT_CERTIFIED: _t("Entitlement certified", "Droit au paiement attesté"),
    EventType.PAYMENT_REQUISITIONED: _t("Payment requisitioned", "Paiement ordonné"),
    EventType.PAYMENT_GIVEN_BACK: _t(
        "Payment given back to the certifier", "Paiement redonné à la personne qui atteste"
    ),
    EventType.PAYMENT_LATE: _t("Payment late", "Paiement en retard"),
    EventType.PAYMENT_MADE: _t("Payment made", "Paiement effectué"),
    EventType.OVERPAYMENT_FOUND: _t("Overpayment to be paid back", "Trop-perçu à rembourser"),
    EventType.OVERPAYMENT_REMINDED: _t("Reminder of an overpayment", "Rappel d'un trop-perçu"),
    EventType.OVERPAYMENT_OVERDUE: _t("Overpayment overdue", "Trop-perçu en souffrance"),
    EventType.OVERPAYMENT_RECOVERED: _t("Overpayment paid back", "Trop-perçu remboursé"),
    EventType.AGREEMENT_CLOSED: _t("Agreement closed", "Entente close"),
    EventType.ASSESSMENT_LAPSED: _t(
        "Payments wait for a new assessment", "Paiements en attente d'une nouvelle évaluation"
    ),
    EventType.ASSESSMENT_RENEWED: _t("Assessed anew", "Évaluation refaite"),
    EventType.ACTIVATED: _t("Agreement active", "Entente en vigueur"),
    EventType.SIGNED_IN: _t("Person signed in", "Connexion d'une personne"),
    EventType.SESSIONS_ENDED: _t("Sessions ended", "Sessions terminées"),
    EventType.SIGNED_OUT: _t("Person signed out", "Déconnexion d'une personne"),
    EventType.SIGN_IN_FAILED: _t("Sign-in failed", "Échec de connexion"),
    EventType.REFUSED_ATTEMPT: _t("Attempt refused", "Tentative refusée"),
    EventType.PASSWORD_LINK_MADE: _t("Password link made", "Lien de mot de passe créé"),
    EventType.PASSWORD_SET: _t("Password set", "Mot de passe défini"),
    EventType.GRANT_PROPOSED: _t("Role proposed", "Rôle proposé"),
    EventType.GRANTED: _t("Role granted", "Rôle attribué"),
    EventType.GRANT_DROPPED: _t("Role not granted", "Rôle non attribué"),
    EventType.GRANT_ENDED: _t("Role ended", "Fin d'un rôle"),
    EventType.GRANT_ATTESTED: _t("Role attested", "Rôle attesté"),
    EventType.GRANT_LAPSED: _t("Role lapsed", "Rôle caduc"),
    EventType.DELEGATED: _t("Delegation made", "Délégation accordée"),
    EventType.DELEGATION_ENDED: _t("Delegation ended", "Délégation terminée"),
    EventType.ACTING_PROPOSED: _t("Acting appointment proposed", "Nomination intérimaire proposée"),
    EventType.ACTING_APPOINTED: _t("Acting appointment made", "Nomination intérimaire faite"),
    EventType.ACTING_NOT_APPOINTED: _t(
        "Acting appointment not made", "Nomination intérimaire non faite"
    ),
    EventType.ABSENCE_SET: _t("Out of office", "Absence du bureau"),
    EventType.ABSENCE_ENDED: _t("Absence taken back", "Absence annulée"),
    EventType.PERSON_ADDED: _t("Person added", "Personne ajoutée"),
    EventType.PERSON_CHANGED: _t("Person changed", "Personne modifiée"),
    EventType.PERSON_DEACTIVATED: _t("Person deactivated", "Personne désactivée"),
    EventType.PERSON_REACTIVATED: _t("Person reactivated", "Personne réactivée"),
    EventType.ORGANIZATION_ADDED: _t("Organization added", "Organisation ajoutée"),
    EventType.ORGANIZATION_CHANGED: _t("Organization changed", "Organisation modifiée"),
    EventType.CALL_ANNOUNCED: _t("Call announced", "Appel annoncé"),
    EventType.CALL_CHANGED: _t("Call changed", "Appel modifié"),
    EventType.CALL_EXTENDED: _t("Call extended", "Appel prolongé"),
    EventType.CALL_CLOSED: _t("Call closed", "Appel clos"),
    EventType.LIST_IMPORTED: _t("List imported", "Liste importée"),
    EventType.NAME_CHECKED: _t("Name checked", "Nom vérifié"),
    EventType.POLICE_REMINDED: _t(
        "Legal services reminded of a duty", "Obligation rappelée aux services juridiques"
    ),
    EventType.RECORD_PROPOSED: _t("Reusable record proposed", "Dossier réutilisable proposé"),
    EventType.RECORD_CONFIRMED: _t("Reusable record confirmed", "Dossier réutilisable confirmé"),
    EventType.RECORD_REFUSED: _t("Reusable record refused", "Dossier réutilisable refusé"),
    EventType.RECORD_WITHDRAWN: _t("Reusable record withdrawn", "Dossier réutilisable retiré"),
    EventType.RECORD_SUPERSEDED: _t("Reusable record superseded", "Dossier réutilisable remplacé"),
    EventType.RECORD_EXPIRED: _t("Reusable record expired", "Dossier réutilisable expiré"),
    EventType.RECORD_EXPIRING: _t(
        "Reusable record about to expire", "Dossier réutilisable bientôt expiré"
    ),
    EventType.AUTHORIZATION_ENDING: _t("Authorization about to end", "Autorisation bientôt échue"),
    EventType.AUTHORIZATION_ENDED: _t("Authorization ended", "Autorisation échue"),
    EventType.POLICE_TOLD: _t("Police told of a match", "Police avisée d'une correspondance"),
    EventType.INCIDENT_REPORTED: _t("Incident reported", "Incident signalé"),
    EventType.INCIDENT_ASSESSED: _t("Incident assessed", "Incident évalué"),
    EventType.INCIDENT_REFUSED: _t(
        "Assessment of an incident refused", "Évaluation d'un incident refusée"
    ),
    EventType.INCIDENT_OVERDUE: _t(
        "Assessment of an incident overdue", "Évaluation d'un incident en retard"
    ),
    EventType.INCIDENT_ESCALATED: _t(
        "Overdue assessment of an incident escalated",
        "Évaluation en retard d'un incident portée plus haut",
    ),
    EventType.INCIDENT_CLOSED: _t("Incident closed", "Incident clos"),
    EventType.EVIDENCE_READ: _t("Evidence read", "Preuve consultée"),
    EventType.LANGUAGE_CHOSEN: _t("Language chosen", "Langue choisie"),
    EventType.PROBLEM_REPORTED: _t("Problem on a page reported", "Problème signalé sur une page"),
    EventType.NOTIFICATIONS_CHOSEN: _t("Notifications chosen", "Avis choisis"),
    EventType.MAIL_SENT_AGAIN: _t("E-mail sent again", "Courriel envoyé de nouveau"),
    EventType.BULK_ORDERED: _t("Act on many tasks ordered", "Opération en lot demandée"),
    EventType.BULK_ENDED: _t("Act on many tasks ended", "Opération en lot terminée"),
    EventType.FUND_OPENING_PROPOSED: _t(
        "Opening of a fund proposed", "Ouverture d'un fonds proposée"
    ),
    EventType.FUND_OPENING_ENDED: _t("Fund not opened", "Fonds non ouvert"),
    EventType.FUND_OPENED: _t("Fund opened", "Fonds ouvert"),
    EventType.FUND_CORRECTION_PROPOSED: _t(
        "Correction of a fund proposed", "Rectification d'un fonds proposée"
    ),
    EventType.FUND_CORRECTED: _t("Fund corrected", "Fonds rectifié"),
    EventType.FUND_CORRECTION_ENDED: _t("Fund not corrected", "Fonds non rectifié"),
    EventType.SEEDED: _t("Demonstration prepared", "Démonstration préparée"),
    EventType.TEXTS_DISPOSED: _t("Texts disposed of", "Textes éliminés"),
    EventType.RECORDS_HELD: _t("Records put on legal hold", "Documents mis en suspens juridique"),
    EventType.RECORDS_RELEASED: _t("Legal hold lifted", "Suspens juridique levé"),
    EventType.KEY_DESTROYED: _t("Data key destroyed", "Clé de données détruite"),
    EventType.KEY_ROTATED: _t("Wrapping key replaced", "Clé d'enveloppe remplacée"),
    EventType.PAYLOADS_DECODED: _t("Engine payloads decoded", "Données du moteur déchiffrées"),
    EventType.CASE_EXPORTED: _t("Case file exported", "Dossier exporté"),
}
