"""Letters to the partner, in words: a kind and a template version, in the partner's language.

A letter is kept as data; it is put into words when it is read. The deciding official's message
stands in it as it was written. It names an office, never a person, and no reason of the file.
"""

from __future__ import annotations

from typing import NamedTuple

from schemas.values import Bilingual

_t = Bilingual.spaced


_SUBJECTS = {
    "approved": _t("Your proposal is approved", "Votre proposition est approuvée"),
    "approved_in_part": _t(
        "Your proposal is approved in part", "Votre proposition est approuvée en partie"
    ),
    "ineligible": _t("Your proposal is not eligible", "Votre proposition n'est pas admissible"),
    "declined": _t("Your proposal is declined", "Votre proposition est refusée"),
    "unfunded": _t(
        "No funding is available for your proposal",
        "Aucun financement n'est disponible pour votre proposition",
    ),
    "lapsed": _t("Your proposal has lapsed", "Votre proposition est caduque"),
    "upheld": _t(
        "The decision on your proposal stands", "La décision sur votre proposition est maintenue"
    ),
    "reopened": _t("Your proposal is open again", "Votre proposition est rouverte"),
    "returned": _t(
        "Changes to your proposal are needed", "Des modifications à votre proposition s'imposent"
    ),
}
_BODIES = {
    "approved": _t(
        "The department approves your proposal {reference}. An agreement is ready: please accept "
        "its conditions and sign it by the date given there. No cost before both signatures is "
        "eligible.",
        "Le ministère approuve votre proposition {reference}. Une entente est prête : veuillez en "
        "accepter les conditions et la signer avant la date qui y figure. Aucun coût antérieur aux "
        "deux signatures n'est admissible.",
    ),
    "approved_in_part": _t(
        "The department approves your proposal {reference} in part: with less money, or for fewer "
        "years, than was asked for. The agreement names what is approved, by fiscal year. If you "
        "accept it, please accept its conditions and sign it by the date given there; if you do "
        "not, withdraw the proposal. No cost before both signatures is eligible.",
        "Le ministère approuve votre proposition {reference} en partie : pour un montant moindre, "
        "ou pour moins d'exercices, que ce qui était demandé. L'entente indique ce qui est "
        "approuvé, par exercice. Si vous l'acceptez, veuillez en accepter les conditions et la "
        "signer avant la date qui y figure; sinon, retirez la proposition. Aucun coût antérieur "
        "aux deux signatures n'est admissible.",
    ),
    "ineligible": _t(
        "Your proposal {reference} does not meet the terms of the program.",
        "Votre proposition {reference} ne répond pas aux modalités du programme.",
    ),
    "declined": _t(
        "The department has decided not to fund your proposal {reference}.",
        "Le ministère a décidé de ne pas financer votre proposition {reference}.",
    ),
    "unfunded": _t(
        "Your proposal {reference} was recommended, and no money became available within the time "
        "that the program allows.",
        "Votre proposition {reference} a été recommandée, mais aucuns fonds ne se sont libérés "
        "dans le délai que prévoit le programme.",
    ),
    "lapsed": _t(
        "No answer to your proposal {reference} reached the department in time, and it is closed.",
        "Aucune réponse au sujet de votre proposition {reference} n'est parvenue au ministère à "
        "temps; le dossier est fermé.",
    ),
    "upheld": _t(
        "The department has reconsidered its decision on your proposal {reference} in the light of "
        "what you wrote. The decision stands.",
        "Le ministère a réexaminé sa décision sur votre proposition {reference} à la lumière de ce "
        "que vous avez écrit. La décision est maintenue.",
    ),
    "reopened": _t(
        "The department has reconsidered its decision on your proposal {reference} in the light of "
        "what you wrote, and reviews the proposal again. No money is held for it meanwhile.",
        "Le ministère a réexaminé sa décision sur votre proposition {reference} à la lumière de ce "
        "que vous avez écrit et reprend l'examen de la proposition. Aucuns fonds ne sont réservés "
        "entre-temps.",
    ),
    "returned": _t(
        "Please change the sections of your proposal {reference} that are open, and submit it "
        "again by the date given.",
        "Veuillez modifier les sections ouvertes de votre proposition {reference} et la présenter "
        "de nouveau avant la date indiquée.",
    ),
}


_AUTHORITY = _t(
    "Decided under the delegation of authority in effect from {day}.",
    "Décision prise en vertu de la délégation de pouvoirs en vigueur depuis le {day}.",
)
_ACTING = _t(
    "Decided under the delegation of authority in effect from {day}, by an official who acts in "
    "the position (appointment {acting}).",
    "Décision prise en vertu de la délégation de pouvoirs en vigueur depuis le {day}, par un "
    "fonctionnaire qui assure l'intérim du poste (nomination {acting}).",
)


class Authority(NamedTuple):
    """What a decision relied on: a version of the delegation of authority, and who acted."""

    delegation: str
    acting: str | None = None
    """The appointment under which somebody acted in the position; None for its holder."""


def in_words(
    template: str,
    *,
    reference: str,
    message: str | None,
    language: str,
    authority: Authority | None = None,
) -> dict[str, str]:
    """Subject and text of a letter; raises KeyError for a template that does not exist.

    The authority is named last: the version of the delegation by its day, nobody by name.
    """
    kind, _, _version = template.partition("/")
    parts = [_BODIES[kind].in_language(language).format(reference=reference), message]
    if authority is not None:
        day = authority.delegation.rpartition("/")[2]
        words = _ACTING if authority.acting else _AUTHORITY
        parts.append(words.in_language(language).format(day=day, acting=authority.acting))
    return {
        "subject": _SUBJECTS[kind].in_language(language),
        "text": "\n\n".join(part for part in parts if part),
    }
