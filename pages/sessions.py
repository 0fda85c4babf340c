"""Cookies: who is signed in, and which language was chosen.

The session is a token like those of the API, in the same table: signing out, a new password or the
end of one's grants ends it here and there.
"""

from dataclasses import dataclass

from fastapi import Request, Response

from commands.signing_in import LIFETIME
from pages.languages import LANGUAGES

LANGUAGE = "accord_language"
YEAR_SECONDS = 365 * 24 * 3600
MOST_TOKEN = 512


@dataclass(frozen=True)
class Cookies:
    """How cookies are set: *secure* where people reach Accord by https."""

    secure: bool = False

    @property
    def session(self) -> str:
        return "__Host-accord_session" if self.secure else "accord_session"

    def token(self, request: Request) -> str | None:
        found = request.cookies.get(self.session)
        return found if found and len(found) <= MOST_TOKEN else None

    def sign_in(self, answer: Response, token: str) -> None:
        answer.set_cookie(
            self.session, token, max_age=int(LIFETIME.total_seconds()), path="/",
            secure=self.secure, httponly=True, samesite="lax",
        )  # fmt: skip

    def sign_out(self, answer: Response) -> None:
        answer.delete_cookie(
            self.session, path="/", secure=self.secure, httponly=True, samesite="lax"
        )

    def choose(self, answer: Response, language: str) -> None:
        answer.set_cookie(
            LANGUAGE, language, max_age=YEAR_SECONDS, path="/",
            secure=self.secure, httponly=True, samesite="lax",
        )  # fmt: skip


def chosen_language(request: Request) -> str | None:
    found = request.cookies.get(LANGUAGE)
    return found if found in LANGUAGES else None
