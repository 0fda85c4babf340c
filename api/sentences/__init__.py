"""The sentence of every error code, in English and French.

Words in braces are facts; one that is not given stays a dash. What keeps a proposal from being
submitted has its sentences in `policy.sentences`.
"""

# ruff: noqa: RUF001 - apostrophes and no-break spaces as French writes them

import re
from collections.abc import Mapping
from typing import Any

from api.sentences import answers, standing_in
from api.sentences.calls import CALLS
from api.sentences.cases import CASES
from api.sentences.decisions import DECISIONS
from api.sentences.documents import DOCUMENTS
from api.sentences.fields import FIELDS
from api.sentences.funds import FUNDS
from api.sentences.holds import HOLDS
from api.sentences.incidents import INCIDENTS
from api.sentences.lists import LISTS
from api.sentences.people import PEOPLE
from api.sentences.proposals import PROPOSALS
from api.sentences.repairs import REPAIRS
from api.sentences.requests import REFUSED, REQUESTS
from api.sentences.reusable_records import REUSABLE_RECORDS
from api.sentences.tasks import TASKS
from api.sentences.terms import TERMS
from policy import sentences as policy
from policy.sentences import both
from schemas.values import Bilingual


def sentence(code: str, facts: Mapping[str, Any], language: str) -> str:
    """What *code* means, to a person; a code without a sentence is told as a refusal."""
    code = standing_in.rule_of(code, facts)
    otherwise = answers.OTHER if code.startswith("answer_") else REFUSED
    instants = _TO_THE_SECOND if code in CALLS else _TO_THE_MINUTE
    return policy.sentence(SENTENCES.get(code, otherwise), _words(facts, instants), language)


def _words(facts: Mapping[str, Any], instants: re.Pattern[str]) -> dict[str, str]:
    words = {name: _word(value, instants) for name, value in facts.items() if value is not None}
    earlier = facts.get("earlier")
    if isinstance(earlier, Mapping):
        told = {"by": earlier.get("person"), "at": earlier.get("at")}
        words |= {f"earlier_{k}": _word(v, instants) for k, v in told.items() if v is not None}
    return words


def _word(value: object, instants: re.Pattern[str]) -> str:
    if isinstance(value, list | tuple):
        return ", ".join(_word(each, instants) for each in value)
    if isinstance(value, Mapping):
        return str(value.get("name") or value.get("id") or "–")
    return instants.sub(r"\1 \2 UTC", str(value))


_TO_THE_MINUTE = re.compile(r"^(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2})[\d:.]*(?:Z|\+00:00)$")
_TO_THE_SECOND = re.compile(
    r"^(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2}:\d{2}(?:\.\d*[1-9])?)\.?0*(?:Z|\+00:00)$"
)
"""Of a call each second counts, and of what was received parts of one."""


TITLES: dict[int, Bilingual] = {
    400: both("Unreadable request", "Requête illisible"),
    401: both("Not signed in", "Connexion requise"),
    403: both("Not allowed", "Non autorisé"),
    404: both("Not found", "Introuvable"),
    405: both("Method not allowed", "Méthode non autorisée"),
    408: both("Request not sent in time", "Requête non reçue à temps"),
    409: both("Refused by the rules", "Refusé par les règles"),
    412: both("Changed in the meantime", "Modifié entre-temps"),
    413: both("Too large", "Trop volumineux"),
    415: both("Wrong content type", "Type de contenu inapproprié"),
    422: both("Something needs to be corrected", "Des corrections sont nécessaires"),
    428: both("Version needed", "Version requise"),
    429: both("Too many requests", "Trop de requêtes"),
    431: both("Request head too large", "En-tête de requête trop volumineux"),
    500: both("Unexpected error", "Erreur inattendue"),
    503: both("Not available now", "Non disponible pour le moment"),
}

SENTENCES: Mapping[str, Bilingual] = {
    **policy.GAPS,
    **REQUESTS,
    **FIELDS,
    **PEOPLE,
    **CALLS,
    **TASKS,
    **HOLDS,
    **TERMS,
    **REPAIRS,
    **FUNDS,
    **PROPOSALS,
    **DECISIONS,
    **answers.ANSWERS,
    **LISTS,
    **REUSABLE_RECORDS,
    **INCIDENTS,
    **CASES,
    **DOCUMENTS,
    **standing_in.SEPARATION,
    **standing_in.STANDING_IN,
}
