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
    "fund_takes_no_commitment": both(
        "The money of the fiscal year of the signature is not there to be committed: {fund} is "
        "{state}. Wait until it is voted, or ask a finance officer.",
        "Les fonds de l’exercice de la signature ne peuvent pas être engagés : {fund} est dans "
        "l’état {state}. Attendez qu’ils soient votés, ou demandez à un agent des finances.",
    ),
    "fund_not_voted": both(
        "Nothing is paid from {fund} before Parliament has voted it; it is {state}.",
        "Rien n’est versé à partir de {fund} avant que le Parlement ne l’ait voté; il est dans "
        "l’état {state}.",
    ),
    "no_commitment": both(
        "There is no commitment {reservation} to take money from.",
        "Il n’y a pas d’engagement {reservation} duquel prélever des fonds.",
    ),
    "commitment_has_not_as_much": both(
        "The commitment has only {there} CAD {state} of {fund}. Name less.",
        "L’engagement n’a que {there} CAD dans l’état {state} de {fund}. Indiquez un montant "
        "moindre.",
    ),
    "approval_not_told": both(
        "The approval can still be taken back. Move the money once the partner has been told.",
        "L’approbation peut encore être annulée. Reportez les fonds une fois que le partenaire en "
        "est informé.",
    ),
    "nothing_reserved": both(
        "No money is reserved here that could be moved: it is not reserved yet, or signed for.",
        "Aucun montant n’est réservé ici qui puisse être reporté : il ne l’est pas encore, ou "
        "l’entente est signée.",
    ),
    "year_not_reserved": both(
        "Nothing is reserved for {fiscal_year}. Name a year that has money.",
        "Rien n’est réservé pour {fiscal_year}. Nommez un exercice qui a des fonds.",
    ),
    "year_not_later": both(
        "Money moves to a later year only.",
        "Les fonds ne sont reportés qu’à un exercice ultérieur.",
    ),
    "year_after_the_project": both(
        "The project ends in {fiscal_year}. Name a year in which it runs.",
        "Le projet se termine en {fiscal_year}. Nommez un exercice pendant lequel il se déroule.",
    ),
    "nothing_would_be_left": both(
        "This would let all of the money go. Name the year that it moves to.",
        "Tous les fonds seraient libérés. Nommez l’exercice auquel ils sont reportés.",
    ),
    "agreement_outdated": both(
        "Money of a year in this agreement has lapsed. A finance officer draws it up anew first.",
        "Des fonds d’un exercice prévu par cette entente sont périmés. Un agent des finances "
        "l’établit d’abord de nouveau.",
    ),
    "no_fiscal_year": both(
        "Name a fiscal year as its two calendar years, such as 2027-28.",
        "Nommez l’exercice par ses deux années civiles, par exemple 2027-28.",
    ),
    "fiscal_year_over": both(
        "This fiscal year is over. Open a fund for the current one, or for one to come.",
        "Cet exercice est terminé. Ouvrez un fonds pour l’exercice en cours ou pour un exercice "
        "à venir.",
    ),
    "fund_is_there": both(
        "The fund {fund} is there already. Correct it instead.",
        "Le fonds {fund} existe déjà. Rectifiez-le plutôt.",
    ),
    "opening_under_way": both(
        "The fund {fund} waits to be confirmed already: {opening}. Wait until that has ended.",
        "Le fonds {fund} attend déjà sa confirmation : {opening}. Attendez qu’elle ait pris fin.",
    ),
    "opening_over": both(
        "This is over since {at} ({state}). Propose the fund anew if it is still needed.",
        "Cette ouverture a pris fin le {at} ({state}). Proposez de nouveau le fonds s’il est "
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
