"""Answers about notifications and mail."""

from pydantic import Field

from api.described.base import Answer, Instant, Named
from schemas.notifications import MailState, MailWish, NotificationKind
from schemas.values import Language


class Notification(Answer):
    id: str
    kind: NotificationKind
    title: str
    text: str
    reference: str | None
    task: str | None
    letter: str | None
    due_at: Instant | None
    at: Instant
    read_at: Instant | None


class NotificationCounts(Answer):
    unread: int | str
    all: int | str


class NotificationsRead(Answer):
    read: int


class NotificationPreferences(Answer):
    email: MailWish
    language: Language = Field(description="The language that the e-mails are written in.")
    sends_mail: bool = Field(description="Whether this installation sends e-mail at all.")
    digest_hour: int | None = Field(description="When digests leave, in Toronto.")


class MailFailure(Answer):
    code: str
    text: str
    answer: int | None = Field(description="The number with which the mail server refused.")


class Mail(Answer):
    id: str
    kind: NotificationKind
    person: Named
    reference: str | None
    task: str | None
    mail: MailWish
    state: MailState
    created_at: Instant
    not_before: Instant
    tries: int
    next_at: Instant | None
    sent_at: Instant | None
    message_id: str | None
    failure: MailFailure | None
