"""What fails and is tried again, in plain words, in both languages."""

# ruff: noqa: RUF001 - apostrophes as French writes them

from typing import Any

from api.sentences import sentence
from policy.notifications import FAILURES as OF_MAIL
from policy.sentences import both
from policy.sentences import sentence as in_words
from schemas.values import Bilingual

FAILURES: dict[str, Bilingual] = {
    "not_delivered_yet": both(
        "It is on its way to the engine.", "Le message est en route vers le moteur."
    ),
    "engine_unavailable": both("The engine does not answer.", "Le moteur ne répond pas."),
    "store_away": both("The database could not do it.", "La base de données n’a pas pu le faire."),
    "took_too_long": both(
        "A try did not end in time.", "Une tentative ne s’est pas terminée à temps."
    ),
    "step_not_taken": both(
        "No worker takes the next step, or each fails at it. The worker’s log says why.",
        "Aucun travailleur ne prend la prochaine étape, ou chacun y échoue. Le journal du "
        "travailleur dit pourquoi.",
    ),
    "event_conflict": both(
        "Another content stands under the key of an event. Nothing more is recorded before an "
        "operator has looked.",
        "Un autre contenu porte la clé d’un événement. Rien de plus n’est consigné tant qu’un "
        "opérateur n’a pas vérifié.",
    ),
    "money_conflict": both(
        "A move of money was not reserved. Nothing more is recorded before an operator has looked.",
        "Un mouvement de fonds n’était pas réservé. Rien de plus n’est consigné tant qu’un "
        "opérateur n’a pas vérifié.",
    ),
    "unexpected": both(
        "Something unexpected failed ({cause}). The worker’s log says more.",
        "Un problème inattendu est survenu ({cause}). Le journal du travailleur en dit plus.",
    ),
}


def worded(waiting: dict[str, Any], language: str) -> dict[str, Any]:
    """What waits, with a sentence for whatever fails."""
    return {**waiting, "items": [_worded(item, language) for item in waiting["items"]]}


def _worded(item: dict[str, Any], language: str) -> dict[str, Any]:
    failing = item["failing"]
    if failing is None:
        return item
    known = OF_MAIL if failing["work"] == "mail" else FAILURES
    code, facts = failing["what"], {"cause": failing["cause"]} if failing["cause"] else {}
    words = known.get(code)
    detail = in_words(words, facts, language) if words else sentence(code, facts, language)
    return {**item, "failing": {**failing, "detail": detail}}
