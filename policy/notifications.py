"""Notifications in words, in both languages: what stands in lists and in e-mails.

Nothing sensitive stands in them: a reference, the kind of a task, a date and a link. No title, no
name, no sum, no finding; a task that tells of a possible match is "a task" and no more. What it is
about is read in Accord, by whoever may.
"""

from __future__ import annotations

from datetime import datetime

from policy import labels
from policy.rules.clocks import toronto_day
from schemas.notifications import NotificationKind
from schemas.tasks import TaskKind
from schemas.values import Bilingual, Value

_t = Bilingual.spaced


class Words(Value):
    """One notification in one language; `path` is where it is read, below the public address."""

    subject: str
    text: str
    path: str


_QUIET = frozenset({TaskKind.ADJUDICATE, TaskKind.LEGAL})
OF_PAYMENTS = frozenset(
    {
        NotificationKind.REPORT_REMINDED,
        NotificationKind.REPORT_OVERDUE,
        NotificationKind.REPORT_ACCEPTED,
        NotificationKind.REPORT_RETURNED,
        NotificationKind.PAYMENT_CLAIMED,
        NotificationKind.PAYMENT_RETURNED,
        NotificationKind.PAYMENT_CERTIFIED,
        NotificationKind.PAYMENT_REQUISITIONED,
        NotificationKind.PAYMENT_LATE,
        NotificationKind.PAYMENT_MADE,
        NotificationKind.OVERPAYMENT_FOUND,
        NotificationKind.OVERPAYMENT_REMINDED,
        NotificationKind.OVERPAYMENT_OVERDUE,
        NotificationKind.OVERPAYMENT_RECOVERED,
        NotificationKind.AGREEMENT_CLOSED,
    }
)
"""Read on the page of an agreement's reports and payments."""
_A_TASK = _t("A task", "Une tâche")
_K = NotificationKind
_SUBJECTS: dict[NotificationKind, Bilingual] = {
    _K.TASK_OPENED: _t("{reference}: a task for you", "{reference} : une tâche pour vous"),
    _K.TASKS_OPENED: _t("New tasks for your group", "Nouvelles tâches pour votre groupe"),
    _K.TASK_GIVEN: _t(
        "{reference}: a task was given to you", "{reference} : une tâche vous a été confiée"
    ),
    _K.TASK_NUDGED: _t(
        "{reference}: somebody asks for a task", "{reference} : une tâche est réclamée"
    ),
    _K.TASK_REMINDED: _t(
        "{reference}: a task is due soon", "{reference} : une tâche arrive à échéance"
    ),
    _K.TASK_OVERDUE: _t("{reference}: a task is overdue", "{reference} : une tâche est en retard"),
    _K.TASK_ESCALATED: _t(
        "{reference}: a task was escalated to you", "{reference} : une tâche vous a été transmise"
    ),
    _K.DUTY_ENDS_TODAY: _t(
        "A statutory duty ends today", "Une obligation légale arrive à échéance aujourd'hui"
    ),
    _K.DUTY_LATE: _t("A statutory duty is late", "Une obligation légale est en retard"),
    _K.NOBODY_LEFT: _t("A task that nobody may take", "Une tâche dont personne ne peut se charger"),
    _K.MONEY_OFFERED: _t(
        "{reference}: an offer to answer", "{reference} : une offre qui attend une réponse"
    ),
    _K.STANDARD_NEARING: _t(
        "{reference}: a service standard is near",
        "{reference} : une norme de service arrive à échéance",
    ),
    _K.STANDARD_MISSED: _t(
        "{reference}: a service standard was missed",
        "{reference} : une norme de service n'a pas été respectée",
    ),
    _K.STANDARD_ESCALATED: _t(
        "{reference}: the next level is asked",
        "{reference} : le niveau supérieur est sollicité",
    ),
    _K.CALL_EXTENDED: _t(
        "{reference}: its call is open longer", "{reference} : l'appel est prolongé"
    ),
    _K.PROPOSAL_WITHDRAWN: _t(
        "{reference}: the proposal was withdrawn", "{reference} : la proposition a été retirée"
    ),
    _K.REPAIR_DONE: _t(
        "{reference}: a repair was done", "{reference} : une correction a été effectuée"
    ),
    _K.REPAIR_NOT_DONE: _t(
        "{reference}: a repair was not done", "{reference} : une correction n'a pas été effectuée"
    ),
    _K.RETURNED: _t("{reference}: changes are asked for", "{reference} : modifications demandées"),
    _K.QUESTION_ASKED: _t(
        "{reference}: a question for you", "{reference} : une question pour vous"
    ),
    _K.QUESTION_REMINDED: _t(
        "{reference}: a question is due soon", "{reference} : une question arrive à échéance"
    ),
    _K.QUESTION_WITHDRAWN: _t(
        "{reference}: a question was withdrawn", "{reference} : une question a été retirée"
    ),
    _K.QUESTION_ANSWERED: _t(
        "{reference}: your question was answered", "{reference} : une réponse à votre question"
    ),
    _K.QUESTION_EXPIRED: _t(
        "{reference}: no answer to your question", "{reference} : votre question reste sans réponse"
    ),
    _K.LETTER: _t("{reference}: a letter for you", "{reference} : une lettre pour vous"),
    _K.AGREEMENT_TO_SIGN: _t(
        "{reference}: an agreement to sign", "{reference} : une entente à signer"
    ),
    _K.AGREEMENT_SIGNED: _t(
        "{reference}: the agreement is signed", "{reference} : l'entente est signée"
    ),
    _K.RECORD_EXPIRING: _t(
        "A baseline or vetting expires soon", "Une évaluation ou une vérification expire bientôt"
    ),
    _K.AUTHORIZATION_ENDING: _t(
        "{reference}: an authorization ends soon",
        "{reference} : une autorisation prend bientôt fin",
    ),
    _K.AUTHORIZATION_ENDED: _t(
        "{reference}: an authorization has ended", "{reference} : une autorisation a pris fin"
    ),
    _K.CONDITION_REMINDED: _t(
        "{reference}: a condition is due soon", "{reference} : une condition arrive à échéance"
    ),
    _K.CONDITION_OVERDUE: _t(
        "{reference}: a condition is overdue", "{reference} : une condition est en retard"
    ),
    _K.CONDITION_JUDGED: _t(
        "{reference}: a condition was judged", "{reference} : une condition a été jugée"
    ),
    _K.REPORT_REMINDED: _t(
        "{reference}: a report is due soon", "{reference} : un rapport arrive à échéance"
    ),
    _K.REPORT_OVERDUE: _t(
        "{reference}: a report is overdue", "{reference} : un rapport est en retard"
    ),
    _K.REPORT_ACCEPTED: _t(
        "{reference}: a report was accepted", "{reference} : un rapport a été accepté"
    ),
    _K.REPORT_RETURNED: _t(
        "{reference}: a report was returned", "{reference} : un rapport a été retourné"
    ),
    _K.PAYMENT_CLAIMED: _t(
        "{reference}: a claim was received",
        "{reference} : une demande de paiement a été reçue",
    ),
    _K.PAYMENT_RETURNED: _t(
        "{reference}: a claim was returned",
        "{reference} : une demande de paiement a été retournée",
    ),
    _K.PAYMENT_CERTIFIED: _t(
        "{reference}: a payment was certified", "{reference} : un paiement a été attesté"
    ),
    _K.PAYMENT_REQUISITIONED: _t(
        "{reference}: a payment was requisitioned", "{reference} : un paiement a été ordonné"
    ),
    _K.PAYMENT_LATE: _t(
        "{reference}: a payment is late", "{reference} : un paiement est en retard"
    ),
    _K.PAYMENT_MADE: _t(
        "{reference}: a payment was made", "{reference} : un paiement a été effectué"
    ),
    _K.OVERPAYMENT_FOUND: _t(
        "{reference}: an overpayment is to be paid back",
        "{reference} : un trop-perçu est à rembourser",
    ),
    _K.OVERPAYMENT_REMINDED: _t(
        "{reference}: an overpayment is due soon", "{reference} : un trop-perçu arrive à échéance"
    ),
    _K.OVERPAYMENT_OVERDUE: _t(
        "{reference}: an overpayment is overdue", "{reference} : un trop-perçu est en souffrance"
    ),
    _K.OVERPAYMENT_RECOVERED: _t(
        "{reference}: a repayment was received", "{reference} : un remboursement a été reçu"
    ),
    _K.AGREEMENT_CLOSED: _t(
        "{reference}: the agreement is closed", "{reference} : l'entente est close"
    ),
    _K.INCIDENT_REPORTED: _t("An incident was reported", "Un incident a été signalé"),
    _K.INCIDENT_ASSESSED: _t(
        "The assessment of an incident waits for you", "L'évaluation d'un incident vous attend"
    ),
    _K.INCIDENT_OVERDUE: _t(
        "The assessment of an incident is overdue", "L'évaluation d'un incident est en retard"
    ),
    _K.INCIDENT_CLOSED: _t(
        "An incident that you reported is closed", "Un incident que vous avez signalé est clos"
    ),
    _K.GRANT_TO_CONFIRM: _t(
        "A role waits for a second person", "Un rôle attend une deuxième personne"
    ),
    _K.GRANTED: _t("A role was granted to you", "Un rôle vous a été attribué"),
    _K.GRANT_ENDED: _t(
        "The end of a role of yours was set", "La fin d'un de vos rôles a été fixée"
    ),
    _K.MONEY_LAPSING: _t("Money lapses on 31 March", "Des fonds seront périmés le 31 mars"),
    _K.FUND_TO_CONFIRM: _t(
        "A fund waits for a second person", "Un fonds attend une deuxième personne"
    ),
    _K.FUND_OPENING_TO_CONFIRM: _t(
        "A new fund waits for a second person", "Un nouveau fonds attend une deuxième personne"
    ),
    _K.FUND_OPENED: _t("A fund was opened", "Un fonds a été ouvert"),
    _K.FUND_NOT_OPENED: _t("A fund was not opened", "Un fonds n'a pas été ouvert"),
    _K.FUND_CORRECTED: _t("A fund was corrected", "Un fonds a été rectifié"),
    _K.FUND_NOT_CORRECTED: _t("A fund was not corrected", "Un fonds n'a pas été rectifié"),
    _K.DELEGATED: _t("You act on behalf of somebody", "Vous agissez au nom de quelqu'un"),
    _K.DELEGATION_ENDED: _t("A delegation was ended", "Une délégation a pris fin"),
    _K.ACTING_TO_CONFIRM: _t(
        "An acting appointment waits for a second person",
        "Une nomination intérimaire attend une deuxième personne",
    ),
    _K.ACTING_NOT_APPOINTED: _t(
        "An acting appointment was not made", "Une nomination intérimaire n'a pas été faite"
    ),
    _K.PASSWORD_LINK: _t("Set your password", "Définissez votre mot de passe"),
}
_TEXTS: dict[NotificationKind, Bilingual] = {
    _K.TASK_OPENED: _t(
        "{task} waits for you or your group.", "{task} vous attend, vous ou votre groupe."
    ),
    _K.TASKS_OPENED: _t(
        "Tasks were opened that you or others in your group may take.",
        "Des tâches que vous ou d'autres membres de votre groupe pouvez prendre ont été ouvertes.",
    ),
    _K.TASK_GIVEN: _t("{task} was given to you.", "{task} vous a été confiée."),
    _K.TASK_NUDGED: _t(
        "{task} waits, and somebody who works on the proposal asks that it be done.",
        "{task} attend, et une personne qui travaille à la proposition demande qu'on s'en occupe.",
    ),
    _K.TASK_REMINDED: _t("{task} is due soon.", "{task} arrive bientôt à échéance."),
    _K.TASK_OVERDUE: _t("{task} is overdue.", "{task} est en retard."),
    _K.TASK_ESCALATED: _t(
        "{task} was not done in time and is now yours to take.",
        "{task} n'a pas été accomplie à temps et vous revient maintenant.",
    ),
    _K.NOBODY_LEFT: _t(
        "{task} waits, and nobody may take it: whoever could is recused, barred by separation of "
        "duties, or holds the role no more. Grant the role to somebody else.",
        "{task} attend, et personne ne peut s'en charger : les personnes qui le pourraient sont "
        "récusées, écartées par la séparation des fonctions ou n'ont plus le rôle. Attribuez le "
        "rôle à quelqu'un d'autre.",
    ),
    _K.DUTY_ENDS_TODAY: _t(
        "The clock of a duty of legal services ends today. Sign in to see which.",
        "Le délai d'une obligation des services juridiques prend fin aujourd'hui. Connectez-vous "
        "pour voir laquelle.",
    ),
    _K.DUTY_LATE: _t(
        "The clock of a duty of legal services has ended, and it is not recorded as done. Sign in "
        "to see which.",
        "Le délai d'une obligation des services juridiques est écoulé et rien n'indique qu'elle "
        "est remplie. Connectez-vous pour voir laquelle.",
    ),
    _K.MONEY_OFFERED: _t(
        "An offer waits for an answer of finance.", "Une offre attend une réponse des finances."
    ),
    _K.STANDARD_NEARING: _t(
        "What was promised of the stage, or of the decision, falls due soon.",
        "Ce qui a été promis pour l'étape ou pour la décision arrive bientôt à échéance.",
    ),
    _K.STANDARD_MISSED: _t(
        "What was promised of the stage, or of the decision, was not kept.",
        "Ce qui a été promis pour l'étape ou pour la décision n'a pas été respecté.",
    ),
    _K.STANDARD_ESCALATED: _t(
        "What was promised is late, and the next level is asked in turn wherever it may act.",
        "Ce qui a été promis est en retard; le niveau supérieur est sollicité à son tour là où il "
        "peut agir.",
    ),
    _K.CALL_EXTENDED: _t(
        "The call that your draft answers is open longer, because the service was down. Accord "
        "says until which second.",
        "L'appel auquel répond votre ébauche est prolongé, car le service était en panne. Accord "
        "indique jusqu'à quelle seconde.",
    ),
    _K.PROPOSAL_WITHDRAWN: _t(
        "The proposal was withdrawn. Nothing is left to do.",
        "La proposition a été retirée. Il ne reste rien à faire.",
    ),
    _K.REPAIR_DONE: _t(
        "The repair that you proposed was confirmed and done.",
        "La correction que vous avez proposée a été confirmée et effectuée.",
    ),
    _K.REPAIR_NOT_DONE: _t(
        "The repair that you proposed was not done. Its page says why.",
        "La correction que vous avez proposée n'a pas été effectuée. Sa page dit pourquoi.",
    ),
    _K.RETURNED: _t(
        "The department asks for changes. Change the open sections and submit again.",
        "Le ministère demande des modifications. Modifiez les sections ouvertes, puis présentez de "
        "nouveau la proposition.",
    ),
    _K.QUESTION_ASKED: _t(
        "The department asks for information about your proposal. Nothing needs to be changed.",
        "Le ministère demande des renseignements sur votre proposition. Rien ne doit être modifié.",
    ),
    _K.QUESTION_REMINDED: _t(
        "A question of the department waits for your answer.",
        "Une question du ministère attend votre réponse.",
    ),
    _K.QUESTION_WITHDRAWN: _t(
        "The department no longer asks one of its questions.",
        "Le ministère a retiré une de ses questions.",
    ),
    _K.QUESTION_ANSWERED: _t(
        "The partner has answered your question. The clock goes on.",
        "Le partenaire a répondu à votre question. Le délai court de nouveau.",
    ),
    _K.QUESTION_EXPIRED: _t(
        "The date of your question has passed without an answer. The clock goes on; nothing is "
        "decided by it.",
        "Le délai de votre question est écoulé sans réponse. Le délai d'examen court de nouveau; "
        "rien n'est décidé pour autant.",
    ),
    _K.LETTER: _t(
        "A letter about your proposal can be read.",
        "Une lettre au sujet de votre proposition peut être lue.",
    ),
    _K.AGREEMENT_TO_SIGN: _t(
        "An agreement waits for your signature.", "Une entente attend votre signature."
    ),
    _K.AGREEMENT_SIGNED: _t(
        "Both have signed the agreement.", "Les deux parties ont signé l'entente."
    ),
    _K.RECORD_EXPIRING: _t(
        "A record that reviews rely on is about to expire. Make and confirm a new one in time; "
        "otherwise the findings that rely on it are asked anew.",
        "Un dossier sur lequel des examens s'appuient est sur le point d'expirer. Faites-en et "
        "confirmez-en un nouveau à temps; sinon, les constatations qui s'y appuient seront "
        "redemandées.",
    ),
    _K.AUTHORIZATION_ENDING: _t(
        "An authorization that a finding rests on is about to end. Have another one in time; "
        "otherwise the finding is asked for anew, and nothing that rests on it goes on.",
        "Une autorisation sur laquelle repose une constatation est sur le point de prendre fin. "
        "Obtenez-en une autre à temps; sinon, la constatation sera redemandée, et rien de ce qui "
        "s'y appuie n'avancera.",
    ),
    _K.AUTHORIZATION_ENDED: _t(
        "An authorization that a finding rests on has ended. The finding is asked for anew, and "
        "nothing that rests on it goes on before it is made.",
        "Une autorisation sur laquelle repose une constatation a pris fin. La constatation est "
        "redemandée, et rien de ce qui s'y appuie n'avance avant qu'elle soit faite.",
    ),
    _K.CONDITION_REMINDED: _t(
        "A condition of the agreement falls due soon. Evidence that it is met is given in Accord.",
        "Une condition de l'entente arrive bientôt à échéance. La preuve qu'elle est remplie se "
        "fournit dans Accord.",
    ),
    _K.CONDITION_OVERDUE: _t(
        "The date of a condition has passed, and it is not met. What it holds up waits for it.",
        "La date d'une condition est passée et celle-ci n'est pas remplie. Ce qui en dépend "
        "attend.",
    ),
    _K.CONDITION_JUDGED: _t(
        "What was decided of a condition of the agreement can be read.",
        "La décision sur une condition de l'entente peut être lue.",
    ),
    _K.REPORT_REMINDED: _t(
        "A report on the agreement is to be handed in soon.",
        "Un rapport sur l'entente doit bientôt être remis.",
    ),
    _K.REPORT_OVERDUE: _t(
        "The date of a report on the agreement has passed. Payments that wait for it are not made "
        "until it is handed in and accepted.",
        "La date d'un rapport sur l'entente est passée. Les paiements qui en dépendent ne sont pas "
        "faits tant qu'il n'est pas remis et accepté.",
    ),
    _K.REPORT_ACCEPTED: _t(
        "A report on the agreement was read and accepted.",
        "Un rapport sur l'entente a été lu et accepté.",
    ),
    _K.REPORT_RETURNED: _t(
        "A report on the agreement was returned. Read in Accord what is asked, and hand it in "
        "again.",
        "Un rapport sur l'entente a été retourné. Lisez dans Accord ce qui est demandé, puis "
        "remettez-le de nouveau.",
    ),
    _K.PAYMENT_CLAIMED: _t(
        "A claim for a payment was received. Accord shows what still holds it up, and who can "
        "change that.",
        "Une demande de paiement a été reçue. Accord indique ce qui la retient encore et qui peut "
        "y changer quelque chose.",
    ),
    _K.PAYMENT_RETURNED: _t(
        "A claim for a payment was returned, and its money can be claimed anew. Accord shows what "
        "was said of it.",
        "Une demande de paiement a été retournée; ses fonds peuvent être demandés de nouveau. "
        "Accord indique ce qui en a été dit.",
    ),
    _K.PAYMENT_CERTIFIED: _t(
        "Entitlement to a payment was certified (section 34). It waits for its requisition.",
        "Le droit à un paiement a été attesté (article 34). Il attend d'être ordonné.",
    ),
    _K.PAYMENT_REQUISITIONED: _t(
        "A payment was requisitioned (section 33). It waits for the advice of the financial "
        "system.",
        "Un paiement a été ordonné (article 33). Il attend l'avis du système financier.",
    ),
    _K.PAYMENT_LATE: _t(
        "A payment that was claimed is not made in time. Accord shows which gate is closed, and "
        "who can open it.",
        "Un paiement demandé n'a pas été effectué à temps. Accord indique quelle condition n'est "
        "pas remplie et qui peut y remédier.",
    ),
    _K.PAYMENT_MADE: _t(
        "A payment of the agreement was made.", "Un paiement de l'entente a été effectué."
    ),
    _K.OVERPAYMENT_FOUND: _t(
        "More was paid on the agreement than its accepted costs come to. Sign in to read how "
        "much is to be paid back, and until when.",
        "Les versements de l'entente dépassent ses coûts admissibles. Ouvrez une session pour"
        " lire combien est à rembourser, et jusqu'à quand.",
    ),
    _K.OVERPAYMENT_REMINDED: _t(
        "What was overpaid on the agreement is to be paid back soon.",
        "Le trop-perçu de l'entente doit bientôt être remboursé.",
    ),
    _K.OVERPAYMENT_OVERDUE: _t(
        "The date for paying back what was overpaid on the agreement has passed.",
        "La date de remboursement du trop-perçu de l'entente est passée.",
    ),
    _K.OVERPAYMENT_RECOVERED: _t(
        "Money that was overpaid on the agreement has come back.",
        "Un montant versé en trop sur l'entente a été remboursé.",
    ),
    _K.AGREEMENT_CLOSED: _t(
        "Everything on the agreement is reported, paid and reconciled. Sign in to read its "
        "figures.",
        "Tout ce qui concerne l'entente est déclaré, payé et rapproché. Ouvrez une session "
        "pour en lire les chiffres.",
    ),
    _K.INCIDENT_REPORTED: _t(
        "What it touches and is not signed is paused until the incident is assessed by two people. "
        "Sign in to read it.",
        "Ce qu'il touche et qui n'est pas signé est suspendu jusqu'à ce que deux personnes aient "
        "évalué l'incident. Connectez-vous pour le lire.",
    ),
    _K.INCIDENT_ASSESSED: _t(
        "Somebody has assessed an incident. What it paused goes on once you, or another director "
        "general or above, confirm the assessment.",
        "Quelqu'un a évalué un incident. Ce qu'il a suspendu reprendra quand vous, ou une autre "
        "personne du niveau de la direction générale ou au-dessus, aurez confirmé l'évaluation.",
    ),
    _K.INCIDENT_OVERDUE: _t(
        "The assessment of an incident should be in by now. What it paused waits until two people "
        "have ended it.",
        "L'évaluation d'un incident devrait être faite. Ce qu'il a suspendu attend que deux "
        "personnes y aient mis fin.",
    ),
    _K.INCIDENT_CLOSED: _t(
        "Its assessment was confirmed, and what it paused goes on.",
        "Son évaluation a été confirmée, et ce qu'il avait suspendu reprend.",
    ),
    _K.GRANT_TO_CONFIRM: _t(
        "A role that decides was granted and holds once a second administrator confirms it.",
        "Un rôle décisionnel a été attribué; il prendra effet quand un deuxième administrateur "
        "l'aura confirmé.",
    ),
    _K.GRANTED: _t(
        "You hold a new role. Sign in to see it.",
        "Vous avez un nouveau rôle. Connectez-vous pour le voir.",
    ),
    _K.GRANT_ENDED: _t(
        "One of your roles ends on a set day. Sign in to see it.",
        "Un de vos rôles prend fin à une date fixée. Connectez-vous pour la voir.",
    ),
    _K.MONEY_LAPSING: _t(
        "Money of the ending fiscal year is reserved and not signed for. Move it to a later year, "
        "or let it go.",
        "Des fonds de l'exercice qui se termine sont réservés et aucune entente n'est signée. "
        "Reportez-les à un exercice ultérieur, ou libérez-les.",
    ),
    _K.FUND_TO_CONFIRM: _t(
        "A correction of a fund was proposed and is done once a second finance officer confirms "
        "it.",
        "La rectification d'un fonds a été proposée; elle sera faite quand un deuxième agent des "
        "finances l'aura confirmée.",
    ),
    _K.FUND_OPENING_TO_CONFIRM: _t(
        "A fund was proposed and is opened once a second finance officer confirms it.",
        "Un fonds a été proposé; il sera ouvert quand un deuxième agent des finances l'aura "
        "confirmé.",
    ),
    _K.FUND_OPENED: _t(
        "The fund that you proposed was confirmed and opened.",
        "Le fonds que vous avez proposé a été confirmé et ouvert.",
    ),
    _K.FUND_NOT_OPENED: _t(
        "The fund that you proposed was refused, or nobody confirmed it in time.",
        "Le fonds que vous avez proposé a été refusé, ou personne ne l'a confirmé à temps.",
    ),
    _K.FUND_CORRECTED: _t(
        "The correction of a fund that you proposed was confirmed and done.",
        "La rectification d'un fonds que vous avez proposée a été confirmée et faite.",
    ),
    _K.FUND_NOT_CORRECTED: _t(
        "The correction of a fund that you proposed was refused, or nobody confirmed it in time.",
        "La rectification d'un fonds que vous avez proposée a été refusée, ou personne ne l'a "
        "confirmée à temps.",
    ),
    _K.ACTING_TO_CONFIRM: _t(
        "An acting appointment was proposed and is in force once a second administrator confirms "
        "it.",
        "Une nomination intérimaire a été proposée; elle prendra effet quand un deuxième "
        "administrateur l'aura confirmée.",
    ),
    _K.ACTING_NOT_APPOINTED: _t(
        "The acting appointment that you proposed was refused, or nobody confirmed it in time.",
        "La nomination intérimaire que vous avez proposée a été refusée, ou personne ne l'a "
        "confirmée à temps.",
    ),
    _K.DELEGATED: _t(
        "Somebody has delegated roles to you for a time. Sign in to see which, and until when.",
        "Quelqu'un vous a délégué des rôles pour un temps. Connectez-vous pour voir lesquels et "
        "jusqu'à quand.",
    ),
    _K.DELEGATION_ENDED: _t(
        "A delegation that you gave or received was ended before its last day.",
        "Une délégation que vous avez donnée ou reçue a pris fin avant son dernier jour.",
    ),
    _K.PASSWORD_LINK: _t(
        "With the link below you set your password. It works once, until {day}. If you did not "
        "expect it, do nothing.",
        "Le lien ci-dessous vous permet de définir votre mot de passe. Il ne fonctionne qu'une "
        "fois, jusqu'au {day}. Si vous ne l'attendiez pas, ne faites rien.",
    ),
}
_DUE = _t("Due on {day}.", "Échéance : {day}.")

DIGEST = _t("Accord: {count} for you today", "Accord : {count} pour vous aujourd'hui")
DIGEST_INTRODUCTION = _t(
    "What was opened or told since the last message:",
    "Ce qui a été ouvert ou communiqué depuis le dernier message :",
)
MORE = _t("And {count} more.", "Et {count} de plus.")
OPEN = _t("Read it in Accord", "Consulter dans Accord")
SET_PASSWORD = _t("Set your password", "Définir votre mot de passe")
FOOTER = _t(
    "Accord sent this message by itself; nobody reads answers to it. It holds no details of a "
    "proposal: they are read in Accord. There you also choose how you are told.",
    "Accord a envoyé ce message automatiquement; personne ne lit les réponses. Il ne contient "
    "aucun détail d'une proposition : consultez-les dans Accord, où vous choisissez aussi comment "
    "vous êtes avisé.",
)

FAILURES: dict[str, Bilingual] = {
    "server_away": _t(
        "The mail server could not be reached.", "Le serveur de courriel est injoignable."
    ),
    "server_slow": _t(
        "The mail server did not answer in time.", "Le serveur de courriel n'a pas répondu à temps."
    ),
    "connection_lost": _t(
        "The mail server ended the connection before it had taken the message.",
        "Le serveur de courriel a mis fin à la connexion avant d'avoir pris le message.",
    ),
    "not_encrypted": _t(
        "The connection to the mail server could not be encrypted.",
        "La connexion au serveur de courriel n'a pas pu être chiffrée.",
    ),
    "sign_in_refused": _t(
        "The mail server refused Accord's user or password.",
        "Le serveur de courriel a refusé l'utilisateur ou le mot de passe d'Accord.",
    ),
    "sender_refused": _t(
        "The mail server refused the sender's address.",
        "Le serveur de courriel a refusé l'adresse de l'expéditeur.",
    ),
    "recipient_refused": _t(
        "The mail server refused the recipient.", "Le serveur de courriel a refusé le destinataire."
    ),
    "address_unknown": _t(
        "The recipient's address does not exist.", "L'adresse du destinataire n'existe pas."
    ),
    "message_refused": _t(
        "The mail server refused the message.", "Le serveur de courriel a refusé le message."
    ),
    "unexpected": _t(
        "Something unexpected happened; the worker's log says what.",
        "Un problème inattendu est survenu; le journal du travailleur dit lequel.",
    ),
}


def in_words(
    kind: NotificationKind,
    language: str,
    *,
    reference: str | None,
    task: str | None = None,
    task_kind: TaskKind | None = None,
    evidence: bool = False,
    due_at: datetime | None = None,
) -> Words:
    """A notification in *language*; *evidence*: its task tells of a possible match."""
    title = _A_TASK
    if task_kind is not None and task_kind not in _QUIET and not evidence:
        title = _named(labels.kind_title(task_kind))
    facts = {
        "reference": reference or "",
        "task": title.in_language(language),
        "day": toronto_day(due_at).isoformat() if due_at else "",
    }
    text = _TEXTS[kind].in_language(language).format(**facts)
    if due_at and kind is not NotificationKind.PASSWORD_LINK:
        text = f"{text} {_DUE.in_language(language).format(**facts)}"
    return Words(
        subject=_SUBJECTS[kind].in_language(language).format(**facts),
        text=text,
        path=f"/{language}{_path(reference, task)}{'/payments' if kind in OF_PAYMENTS else ''}",
    )


def _named(title: Bilingual) -> Bilingual:
    return Bilingual(en=f"The task “{title.en}”", fr=f"La tâche «\u00a0{title.fr}\u00a0»")


def _path(reference: str | None, task: str | None) -> str:
    if task is not None:
        return f"/tasks/{task}"
    return f"/proposals/{reference}" if reference is not None else "/notifications"
