"""Moving a proposal to newer terms."""

# ruff: noqa: RUF001 - apostrophes and no-break spaces as French writes them

from collections.abc import Mapping

from policy.sentences import both
from schemas.values import Bilingual

TERMS: Mapping[str, Bilingual] = {
    "terms_fixed_by_approval": both(
        "The proposal was approved under {version}; its terms no longer change.",
        "La proposition a été approuvée selon {version}; ses modalités ne changent plus.",
    ),
    "terms_of_another_programme": both(
        "These are the terms of another program. Choose a version of {programme}.",
        "Ces modalités sont celles d’un autre programme. Choisissez une version de {programme}.",
    ),
    "terms_not_newer": both(
        "The proposal is under {version}. Choose newer terms.",
        "La proposition suit {version}. Choisissez des modalités plus récentes.",
    ),
    "terms_not_in_force": both(
        "These terms take effect on {effective}; nothing moves to them before.",
        "Ces modalités prennent effet le {effective}; rien n’y passe avant cette date.",
    ),
    "terms_moved": both(
        "The proposal has moved to {version} meanwhile. Check it again and submit.",
        "La proposition est passée à {version} entre-temps. Vérifiez-la et soumettez-la.",
    ),
    "preview_stale": both(
        "The proposal has gone on since you saw the preview. Look at the preview again.",
        "La proposition a progressé depuis l’aperçu. Consultez de nouveau l’aperçu.",
    ),
}
