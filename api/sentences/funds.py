"""Funds and their corrections by four eyes."""

# ruff: noqa: RUF001 - apostrophes and no-break spaces as French writes them

from collections.abc import Mapping

from policy.sentences import both
from schemas.values import Bilingual

FUNDS: Mapping[str, Bilingual] = {
    "finance_officers_of_the_programme_only": both(
        "Only finance officers of {programme} may do this.",
        "Seuls les agents des finances de {programme} peuvent faire cette opération.",
    ),
    "correction_needs": both(
        "This kind of correction needs it.", "Ce type de rectification en a besoin."
    ),
    "correction_takes_no_such": both(
        "This kind of correction takes no such field. Leave it out.",
        "Ce type de rectification ne prend pas ce champ. Retirez-le.",
    ),
    "correction_changes_nothing": both(
        "This would change nothing. Enter something else.",
        "Cela ne changerait rien. Saisissez autre chose.",
    ),
    "correction_under_way": both(
        "Another correction of {fund} waits for its confirmation: {correction}. Wait until it has "
        "ended.",
        "Une autre rectification de {fund} attend sa confirmation : {correction}. Attendez "
        "qu’elle ait pris fin.",
    ),
    "correction_over": both(
        "This correction is over since {at} ({state}). Propose it anew if it is still needed.",
        "Cette rectification a pris fin le {at} ({state}). Proposez-la de nouveau si elle est "
        "encore nécessaire.",
    ),
    "transfer_within_vote_line": both(
        "Money is transferred between fiscal years of one program and one vote line only: name "
        "another fund of {programme}, {vote}.",
        "Les fonds ne sont transférés qu’entre les exercices d’un même programme et d’un même "
        "crédit : nommez un autre fonds de {programme}, {vote}.",
    ),
    "fund_has_not_as_much": both(
        "The fund {fund} has not as much that nobody has taken. Transfer less, or wait until money "
        "comes free.",
        "Le fonds {fund} n’a pas autant d’argent disponible. Transférez un montant moindre, ou "
        "attendez que des fonds se libèrent.",
    ),
}
