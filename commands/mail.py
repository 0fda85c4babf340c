"""What sending needs of a mail server, and what stands in a message; see `commands.smtp`."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from html import escape
from typing import Protocol

from policy import notifications as words
from policy.notifications import Words

MOST_LINES = 50
"""A digest says of the rest only how many there are."""


class MailFailure(Exception):
    """A message was not taken: a code of `policy.notifications.FAILURES`, the server's number.

    *for_good*: trying again will not help. *connection*: it concerns the connection, and so
    every message that was to follow.
    """

    def __init__(
        self,
        code: str,
        answer: int | None = None,
        *,
        for_good: bool = False,
        connection: bool = False,
    ) -> None:
        super().__init__(code)
        self.code = code
        self.answer = answer
        self.for_good = for_good
        self.connection = connection


class Connection(Protocol):
    """A mail server that answers."""

    async def send(self, message: EmailMessage) -> None:
        """Return once the server has taken it; raises MailFailure."""


class Mailer(Protocol):
    """Opens connections to the mail server; see `commands.smtp.SmtpMailer`."""

    def connected(self) -> AbstractAsyncContextManager[Connection]:
        """Raises MailFailure where the server cannot be used."""


@dataclass(frozen=True)
class Mail:
    """How e-mail leaves this installation; an office without one tells people in Accord alone."""

    mailer: Mailer
    sender: str
    public_url: str
    digest_hour: int = 7
    """When digests leave, in Toronto."""

    @property
    def domain(self) -> str:
        return self.sender.rpartition("@")[2]


def message(
    mail: Mail,
    *,
    message_id: str,
    to: str,
    language: str,
    now: datetime,
    items: Sequence[Words],
    secret: tuple[str, str] | None = None,
) -> EmailMessage:
    """One message: of one notification, or the digest of several.

    *secret* (a path and a one-time link) stands in the text alone, never in a header.
    """
    subject = items[0].subject
    if len(items) > 1:
        subject = words.DIGEST.in_language(language).format(count=len(items))
    made = EmailMessage(policy=SMTP.clone(cte_type="7bit"))
    made["From"] = Address(display_name="Accord", addr_spec=mail.sender)
    made["To"] = Address(addr_spec=to)
    made["Subject"] = subject
    made["Date"] = format_datetime(now)
    made["Message-ID"] = f"<{message_id}>"
    made["Auto-Submitted"] = "auto-generated"
    made.set_content(_plain(mail, language, items, secret))
    made.add_alternative(_html(mail, language, subject, items, secret), subtype="html")
    made["Content-Language"] = "fr-CA" if language == "fr" else "en-CA"
    return made


def _plain(
    mail: Mail, language: str, items: Sequence[Words], secret: tuple[str, str] | None
) -> str:
    parts = []
    if len(items) > 1:
        parts.append(words.DIGEST_INTRODUCTION.in_language(language))
    for item in items[:MOST_LINES]:
        head = f"{item.subject}\n" if len(items) > 1 else ""
        parts.append(f"{head}{item.text}\n{_address(mail, item, secret)}")
    if len(items) > MOST_LINES:
        parts.append(_more(language, items))
    parts.append(f"-- \n{words.FOOTER.in_language(language)}")
    return "\n\n".join(parts) + "\n"


def _html(
    mail: Mail,
    language: str,
    subject: str,
    items: Sequence[Words],
    secret: tuple[str, str] | None,
) -> str:
    """The same, readable without styles or pictures: one heading, paragraphs, named links."""
    named = words.SET_PASSWORD if secret else words.OPEN
    shown = []
    for item in items[:MOST_LINES]:
        label = named.in_language(language)
        if len(items) > 1:
            shown.append(f"<h2>{escape(item.subject)}</h2>")
            label = f"{label} ({item.subject})"  # links are told apart out of their context too
        address = escape(_address(mail, item, secret), quote=True)
        shown.append(f'<p>{escape(item.text)}</p>\n<p><a href="{address}">{escape(label)}</a></p>')
    if len(items) > 1:
        shown.insert(0, f"<p>{escape(words.DIGEST_INTRODUCTION.in_language(language))}</p>")
    if len(items) > MOST_LINES:
        shown.append(f"<p>{escape(_more(language, items))}</p>")
    body = "\n".join(shown)
    return (
        f'<!doctype html>\n<html lang="{language}">\n<head><meta charset="utf-8">'
        f"<title>{escape(subject)}</title></head>\n<body>\n<h1>{escape(subject)}</h1>\n{body}\n"
        f"<hr>\n<p>{escape(words.FOOTER.in_language(language))}</p>\n</body>\n</html>\n"
    )


def _address(mail: Mail, item: Words, secret: tuple[str, str] | None) -> str:
    path = f"{secret[0]}{secret[1]}" if secret else item.path
    return f"{mail.public_url.rstrip('/')}{path}"


def _more(language: str, items: Sequence[Words]) -> str:
    return words.MORE.in_language(language).format(count=len(items) - MOST_LINES)
