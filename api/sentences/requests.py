"""What keeps a request from being read or taken, whatever it asks for."""

# ruff: noqa: RUF001 - apostrophes and no-break spaces as French writes them

from collections.abc import Mapping

from policy.sentences import both
from schemas.values import Bilingual

REFUSED: Bilingual = both("This cannot be done.", "Cette opération est impossible.")
"""Of a code without a sentence of its own."""

REQUESTS: Mapping[str, Bilingual] = {
    "refused": REFUSED,
    "unreadable_request": both("The request cannot be read.", "La requête ne peut pas être lue."),
    "request_too_slow": both(
        "The request took too long to arrive. Send it again.",
        "La requête a mis trop de temps à arriver. Envoyez-la de nouveau.",
    ),
    "head_too_large": both(
        "The address and the headers of the request are too large.",
        "L’adresse et les en-têtes de la requête sont trop volumineux.",
    ),
    "unreadable_json": both(
        "The body is not readable JSON in UTF-8.",
        "Le corps de la requête n’est pas du JSON lisible en UTF-8.",
    ),
    "json_too_deep": both(
        "The JSON is nested more than {most} levels deep.",
        "Le JSON est imbriqué sur plus de {most} niveaux.",
    ),
    "unreadable_form": both(
        "The form cannot be read. Send it again.",
        "Le formulaire ne peut pas être lu. Envoyez-le de nouveau.",
    ),
    "not_signed_in": both(
        "Sign in first: there is no valid token.",
        "Connectez-vous d’abord : aucun jeton valide.",
    ),
    "wrong_credentials": both(
        "The user name or the password is wrong.",
        "Le nom d’utilisateur ou le mot de passe est erroné.",
    ),
    "forbidden": both(
        "Your roles do not allow this.", "Vos rôles ne permettent pas cette opération."
    ),
    "not_found": both(
        "There is nothing here, or you may not see it.",
        "Il n’y a rien ici, ou vous ne pouvez pas le voir.",
    ),
    "method_not_allowed": both(
        "This address does not take this method.", "Cette adresse n’accepte pas cette méthode."
    ),
    "too_large": both(
        "The body is too large: at most {most} bytes.",
        "Le corps de la requête est trop volumineux : au plus {most} octets.",
    ),
    "wrong_media_type": both(
        "Send the body as {expected}.", "Envoyez le corps de la requête en {expected}."
    ),
    "stale_version": both(
        "This was changed in the meantime. Read it again and repeat your change.",
        "Des modifications ont été apportées entre-temps. Relisez et refaites votre modification.",
    ),
    "if_match_missing": both(
        "Say which version you are changing: send its ETag in If-Match.",
        "Précisez la version que vous modifiez : envoyez son ETag dans If-Match.",
    ),
    "if_match_malformed": both(
        'If-Match holds no entity tag, such as "3".',
        'If-Match ne contient aucune étiquette d’entité, comme "3".',
    ),
    "idempotency_key_required": both(
        "Send an Idempotency-Key with this request, so that it can be repeated safely.",
        "Envoyez un en-tête Idempotency-Key avec cette requête, afin qu’elle puisse être répétée "
        "sans risque.",
    ),
    "idempotency_key_malformed": both(
        "An Idempotency-Key has 1 to {most} printable ASCII characters.",
        "Un en-tête Idempotency-Key compte de 1 à {most} caractères ASCII imprimables.",
    ),
    "idempotency_key_reused": both(
        "This Idempotency-Key was already used for another request. Choose a new one.",
        "Cet en-tête Idempotency-Key a déjà servi à une autre requête. Choisissez-en un nouveau.",
    ),
    "request_under_way": both(
        "The same request is still being worked on. Repeat it in a moment.",
        "La même requête est encore en cours de traitement. Répétez-la dans un instant.",
    ),
    "too_many_streams": both(
        "Too many pages listen for changes at once ({most} at most). Close one, or reload this "
        "one by hand.",
        "Trop de pages sont à l'écoute en même temps ({most} au plus). Fermez-en une, ou "
        "actualisez celle-ci vous-même.",
    ),
    "too_many_requests": both(
        "Too many requests. Repeat in {retry_after} s.",
        "Trop de requêtes. Recommencez dans {retry_after} s.",
    ),
    "too_many_attempts": both(
        "Too many failed sign-ins. Try again in {retry_after} s.",
        "Trop de tentatives de connexion échouées. Réessayez dans {retry_after} s.",
    ),
    "unavailable": both(
        "The service cannot answer now. Repeat the same request in a moment.",
        "Le service ne peut pas répondre pour le moment. Répétez la même requête dans un instant.",
    ),
    "engine_unavailable": both(
        "The engine did not answer in time. Repeat the same request: it is done once at most.",
        "Le moteur n’a pas répondu à temps. Répétez la même requête : elle ne sera exécutée "
        "qu’une fois.",
    ),
    "foreign_form": both(
        "This form was not sent by a page of Accord. Open the page here and send it again.",
        "Ce formulaire n’a pas été envoyé par une page d’Accord. Ouvrez la page ici et envoyez-le "
        "de nouveau.",
    ),
    "unexpected": both(
        "Something went wrong on our side. It was recorded.",
        "Une erreur s’est produite de notre côté. Elle a été consignée.",
    ),
}
