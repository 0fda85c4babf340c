"""Calls: when they open and close, and what may still change."""

# ruff: noqa: RUF001 - apostrophes and no-break spaces as French writes them

from collections.abc import Mapping

from policy.sentences import both
from schemas.values import Bilingual

CALLS: Mapping[str, Bilingual] = {
    "call_closed": both(
        "The call closed on {closes_at}; this was received on {received_at}. Nothing has changed.",
        "L’appel a pris fin le {closes_at}; ceci a été reçu le {received_at}. Rien n’a changé.",
    ),
    "call_not_open": both(
        "The call opens on {opens_at}; this was received on {received_at}.",
        "L’appel s’ouvre le {opens_at}; ceci a été reçu le {received_at}.",
    ),
    "call_opened": both(
        "The call has been open since {opens_at}, and is changed no more.",
        "L’appel est ouvert depuis le {opens_at} et n’est plus modifiable.",
    ),
    "officers_of_the_programme_only": both(
        "Only officers of the program {programme} may do this.",
        "Seuls les agents du programme {programme} peuvent faire cette opération.",
    ),
    "no_calls_in_programme": both(
        "The program {programme} takes no proposals by calls.",
        "Le programme {programme} ne reçoit pas de propositions par appel.",
    ),
    "closes_before_opening": both(
        "The call closes before it opens. Change one of the instants.",
        "L’appel prend fin avant de s’ouvrir. Modifiez l’un des moments.",
    ),
    "closes_in_the_past": both(
        "Enter a closing that is still to come.", "Entrez une fin qui est encore à venir."
    ),
    "not_a_whole_second": both("Enter a whole second.", "Entrez une seconde entière."),
    "most_below_least": both(
        "The most is below the least. Change one of them.",
        "Le maximum est inférieur au minimum. Modifiez l’un des deux.",
    ),
    "call_fixed": both(
        "The call of a proposal that was submitted does not change.",
        "L’appel d’une proposition soumise ne change pas.",
    ),
}
