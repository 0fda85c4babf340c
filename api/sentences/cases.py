"""Case files, disposal, the codec; mail that was not sent."""

# ruff: noqa: RUF001 - apostrophes and no-break spaces as French writes them

from collections.abc import Mapping

from policy.sentences import both
from schemas.values import Bilingual

CASES: Mapping[str, Bilingual] = {
    "mail_not_unsent": both(
        "Only an e-mail that failed or was given up can be sent again. This one is in the state "
        "{state}.",
        "Seul un courriel en échec ou abandonné peut être envoyé de nouveau. Celui-ci est "
        "dans l’état {state}.",
    ),
    "as_of_in_the_future": both(
        "Name an instant that has passed.", "Indiquez un instant qui est passé."
    ),
    "not_there_yet": both(
        "There was nothing to see of it yet on {at}.", "Il n’y avait encore rien à voir le {at}."
    ),
    "proposal_unknown": both(
        "There is no proposal {reference}.", "La proposition {reference} n’existe pas."
    ),
    "key_unknown": both(
        "There is no key for {reference}.", "Il n’y a pas de clé pour {reference}."
    ),
    "not_on_legal_hold": both(
        "There is no legal hold on {reference}.",
        "Aucune obligation de conservation ne vise {reference}.",
    ),
    "not_closed": both(
        "{reference} is not closed: it stands at {stage}.",
        "{reference} n’est pas fermée : elle en est à {stage}.",
    ),
    "workflow_running": both(
        "{reference} is still under way in the engine. Repeat this once it has ended.",
        "{reference} est encore en cours dans le moteur. Recommencez une fois qu’elle sera "
        "terminée.",
    ),
    "case_file_not_for_role": both(
        "Your roles see findings, not the case as a whole.",
        "Vos rôles donnent accès aux constatations, et non au dossier complet.",
    ),
    "codec_never_encodes": both(
        "Payloads are decoded here, never encoded.",
        "Les données sont déchiffrées ici, jamais chiffrées.",
    ),
}
