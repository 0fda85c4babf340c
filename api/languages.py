"""Which of the two official languages a client asks for."""

FRENCH, ENGLISH = "fr", "en"
MOST_PARTS = 30


def preferred(accept_language: str | None, otherwise: str = ENGLISH) -> str:
    """The language of an `Accept-Language` header; *otherwise* where it prefers neither.

    Of two languages with the same weight the one named first wins.
    """
    weights: dict[str, float] = {}
    for part in (accept_language or "").split(",")[:MOST_PARTS]:
        name, *parameters = (piece.strip().lower() for piece in part.split(";"))
        language = name.split("-")[0]
        if language in (FRENCH, ENGLISH):
            weights[language] = max(_weight(parameters), weights.get(language, 0.0))
    wanted = {language: weight for language, weight in weights.items() if weight > 0}
    return max(wanted, key=wanted.__getitem__) if wanted else otherwise


def _weight(parameters: list[str]) -> float:
    for parameter in parameters:
        if parameter.startswith("q="):
            try:
                weight = float(parameter[2:])
            except ValueError:
                return 0.0
            return weight if 0 <= weight <= 1 else 0.0
    return 1.0
