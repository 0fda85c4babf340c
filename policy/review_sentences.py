"""Why a conditional review is asked for, in a sentence of each language."""

from collections.abc import Sequence

from schemas.proposal import Trigger
from schemas.values import Bilingual

_DECLARED: dict[Trigger, Bilingual] = {
    Trigger.EQUIPMENT: Bilingual(
        en="The proposal provides equipment or technology.",
        fr="La proposition fournit de l'équipement ou de la technologie.",
    ),
    Trigger.WORKS: Bilingual(
        en="The proposal contains physical works.",
        fr="La proposition comporte des travaux physiques.",
    ),
    Trigger.INFORMATION: Bilingual(
        en="The proposal says that information may be shared with foreign entities.",
        fr="La proposition indique que des renseignements pourraient être communiqués à des "
        "entités étrangères.",
    ),
    Trigger.PLACES: Bilingual(
        en="The proposal names places where it takes place.",
        fr="La proposition nomme des lieux où elle se déroule.",
    ),
    Trigger.UNITS: Bilingual(
        en="The proposal assists security units.",
        fr="La proposition aide des unités de sécurité.",
    ),
}
_TICKED: dict[Trigger, Bilingual] = {
    Trigger.EQUIPMENT: Bilingual(
        en="The programme officer found equipment or technology in the proposal.",
        fr="L'agent de programme a relevé de l'équipement ou de la technologie.",
    ),
    Trigger.WORKS: Bilingual(
        en="The programme officer found physical works in the proposal.",
        fr="L'agent de programme a relevé des travaux physiques dans la proposition.",
    ),
    Trigger.INFORMATION: Bilingual(
        en="The programme officer found that information may be shared with foreign entities.",
        fr="L'agent de programme a relevé que des renseignements pourraient être communiqués à des "
        "entités étrangères.",
    ),
    Trigger.PLACES: Bilingual(
        en="The programme officer found territory or places of concern.",
        fr="L'agent de programme a relevé un territoire ou des lieux préoccupants.",
    ),
    Trigger.UNITS: Bilingual(
        en="The programme officer found that security units are assisted.",
        fr="L'agent de programme a relevé que des unités de sécurité sont aidées.",
    ),
}
_MEASURES = Bilingual(en="Measures in force touch it", fr="Des mesures en vigueur la touchent")
_NO_LONGER = Bilingual(
    en="Measures touched it when it was submitted; none in force does today.",
    fr="Des mesures la touchaient à sa présentation; aucune en vigueur ne la touche aujourd'hui.",
)


def because(trigger: Trigger, why: str, language: str) -> str:
    """*why*: `declared` by the partner, or `ticked` by the officer."""
    return (_DECLARED if why == "declared" else _TICKED)[trigger].in_language(language)


def measures(names: Sequence[Bilingual], language: str) -> str:
    """The measures that touch the proposal, by name."""
    if not names:
        return _NO_LONGER.in_language(language)
    listed = "; ".join(name.in_language(language) for name in names)
    space = "\u00a0" if language == "fr" else ""
    return f"{_MEASURES.in_language(language)}{space}: {listed}."
