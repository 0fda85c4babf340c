"""The dispatcher: sends what the ledger holds, beside the housekeeping and never in its way.

No request and no decision waits for a mail server: they write rows, and this takes them from
there. Of several dispatchers each message is taken by one. It leaves once, as far as SMTP allows:
who dies between the server's yes and the mark in the ledger leaves it to be sent again, under
the same Message-ID.
"""

import asyncio
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from email.message import EmailMessage

import structlog
from sqlmodel.ext.asyncio.session import AsyncSession

from commands.mail import Mail, MailFailure, message
from commands.office import Office
from policy.notifications import Words, in_words
from policy.rules.clocks import TORONTO, toronto_day
from schemas.notifications import NotificationKind
from schemas.tasks import TaskKind
from store import mails, notifications, people
from store.tables import (
    LetterRow,
    NotificationRow,
    PasswordLinkRow,
    PersonRow,
    TaskRow,
)

log = structlog.get_logger()
_LONGEST_REST = timedelta(minutes=5)
_UNCONFIGURED_LOOKS = timedelta(minutes=1)
PASSWORD_PATH = "/{language}/password/"  # noqa: S105 - a path


class Postman:
    """Sends in a task of its own, so that a slow mail server holds up nothing else.

    While the server cannot be used it rests, longer each time up to five minutes: rows that are
    not tried meanwhile lose nothing.
    """

    def __init__(self, office: Office, *, grace_seconds: float = 2.0) -> None:
        self._office = office
        self._grace_seconds = grace_seconds
        self._stopping = False
        self._round: asyncio.Task[None] | None = None
        self._rests_until: datetime | None = None
        self._in_vain = 0

    def go_on(self) -> None:
        """Begin a round, unless one is under way or the mail server is left in peace."""
        if self._round is not None and not self._round.done():
            return
        if self._rests_until is None or self._office.now() >= self._rests_until:
            self._round = asyncio.create_task(self._send())

    async def stop(self) -> None:
        """Let what is on its way arrive; what does not in time is sent again by who leads next."""
        self._stopping = True
        if self._round is not None:
            await asyncio.wait([self._round], timeout=self._grace_seconds)
            self._round.cancel()
            with suppress(asyncio.CancelledError):
                await self._round

    async def _send(self) -> None:
        try:
            if self._office.mail is None:
                self._rests_until = self._office.now() + _UNCONFIGURED_LOOKS
                await keep_in_app(self._office)
                return
            while not self._stopping and await dispatch(self._office):
                self._in_vain = 0
        except MailFailure as failure:
            self._rest(failure.code)
        except Exception:
            log.warning("mail_round_failed", exc_info=True)
            self._rest("unexpected")

    def _rest(self, code: str) -> None:
        self._in_vain += 1
        rest = min(timedelta(seconds=2 ** min(self._in_vain, 10)), _LONGEST_REST)
        self._rests_until = self._office.now() + rest
        log.warning("mail_server_failing", code=code, rests_seconds=rest.total_seconds())


async def keep_in_app(office: Office) -> None:
    """Without a mail server nothing waits for one: what is told stands in Accord."""
    now = office.now()
    async with office.database.reading() as session:
        if not await mails.unwanted(session, now):
            return
    async with office.database.writing() as session:
        await mails.keep_in_app(session, now)


async def dispatch(office: Office) -> int:
    """Send some of what is due; returns how many messages were taken from the ledger.

    Raises MailFailure, with everything put back, where the server itself cannot be used.
    """
    mail = office.mail
    if mail is None:
        return 0
    now = office.now()
    digest_at = last_digest(now, mail.digest_hour)
    async with office.database.reading() as session:
        rows = await mails.due(session, now, digest_at)
    if not rows:
        return 0
    async with office.database.writing("mail", *_references(rows)) as session:
        taken = await mails.take(session, [r.id for r in rows], now, digest_at, mail.domain)
    ready = [found for each in taken if (found := await _prepared(office, mail, each))]
    if ready:
        await _send_all(office, mail, ready)
    return len(taken)


@dataclass(frozen=True)
class _Ready:
    """A message that can leave, and the rows that it tells."""

    rows: Sequence[NotificationRow]
    message: EmailMessage

    @property
    def ids(self) -> list[str]:
        return [row.id for row in self.rows]


async def _send_all(office: Office, mail: Mail, ready: list[_Ready]) -> None:
    """One after the other over one connection; each is marked before the next leaves."""
    left = list(ready)
    try:
        async with mail.mailer.connected() as connection:
            while left:
                each = left.pop(0)
                try:
                    await connection.send(each.message)
                except MailFailure as failure:
                    await _mark_failed(office, [each], failure)
                    if failure.connection:
                        raise
                except (ValueError, UnicodeError) as error:  # an address that cannot be written
                    log.warning("mail_not_written", failure=type(error).__name__)
                    await _mark_failed(office, [each], MailFailure("unexpected"))
                else:
                    await _mark_sent(office, each)
    except MailFailure as failure:
        if len(left) == len(ready):  # nobody was even asked
            await _mark_failed(office, left, failure)
            left.clear()
        raise
    finally:
        if left:
            async with office.database.writing("mail", *_references(_rows(left))) as session:
                await mails.put_back(session, [row.id for row in _rows(left)], office.now())


async def _mark_sent(office: Office, ready: _Ready) -> None:
    async with office.database.writing("mail", *_references(ready.rows)) as session:
        await mails.sent(session, ready.ids, office.now())
    log.info("mail_sent", message_id=ready.rows[0].message_id, notifications=len(ready.rows))


async def _mark_failed(office: Office, unsent: Sequence[_Ready], failure: MailFailure) -> None:
    rows = _rows(unsent)
    async with office.database.writing("mail", *_references(rows)) as session:
        given_up = await mails.failed(
            session,
            [row.id for row in rows],
            office.now(),
            failure.code,
            failure.answer,
            for_good=failure.for_good,
        )
    log.info("mail_failed", code=failure.code, answer=failure.answer, messages=len(unsent))
    if given_up:
        log.error("mail_given_up", code=failure.code, answer=failure.answer, count=given_up)


def _rows(ready: Iterable[_Ready]) -> list[NotificationRow]:
    return [row for each in ready for row in each.rows]


def _references(rows: Iterable[NotificationRow]) -> list[str]:
    """What the ledger is written about: so that no decision on it writes the same rows."""
    return sorted({row.reference for row in rows if row.reference is not None})


# ---- what stands in a message


async def _prepared(office: Office, mail: Mail, rows: Sequence[NotificationRow]) -> _Ready | None:
    """The message of *rows*, without those whose cause has passed; None where all have."""
    now = office.now()
    async with office.database.reading() as session:
        person = await session.get_one(PersonRow, rows[0].person)
        link = await _link(session, rows[0], now)
        tellable = await _tellable(session, person, rows, link, now)
        later = {
            row.id: letter.told_at
            for row in rows
            if row.letter is not None
            and (letter := await session.get(LetterRow, row.letter)) is not None
            and letter.told_at > now
        }
    kept = [row for row in rows if row.id in tellable]
    gone = [row.id for row in rows if row.id not in tellable and row.id not in later]
    if gone or later:
        async with office.database.writing("mail", *_references(rows)) as session:
            await mails.withdrawn(session, gone, now)
            for row_id, until in later.items():
                await mails.postponed(session, row_id, until)
    if not kept:
        return None
    secret = None
    if link is not None and link.sealed is not None:
        token = office.keys.unseal(link.sealed, link.digest)
        secret = (PASSWORD_PATH.format(language=person.language), token)
    made = message(
        mail,
        message_id=str(kept[0].message_id),
        to=person.email,
        language=person.language,
        now=now,
        items=[_words(row, tellable[row.id], person.language, link) for row in kept],
        secret=secret,
    )
    return _Ready(kept, made)


async def _link(
    session: AsyncSession, row: NotificationRow, now: datetime
) -> PasswordLinkRow | None:
    """The one-time link that *row* takes along, as long as it can be used."""
    found = await session.get(PasswordLinkRow, row.link) if row.link else None
    is_good = found is not None and found.used_at is None and found.expires_at > now
    return found if is_good else None


async def _tellable(
    session: AsyncSession,
    person: PersonRow,
    rows: Sequence[NotificationRow],
    link: PasswordLinkRow | None,
    now: datetime,
) -> dict[str, TaskRow | None]:
    """Those of *rows* that may leave now, with their tasks."""
    if not person.active:
        return {}
    if rows[0].kind == NotificationKind.PASSWORD_LINK:
        return {row.id: None for row in rows} if link else {}
    viewer = await people.viewer_of_person(session, person, toronto_day(now))
    if viewer is None:
        return {}
    found = await notifications.shown(session, viewer, [row.id for row in rows], now=now)
    return {row_id: task for row_id, (_, task) in found.items()}


def _words(
    row: NotificationRow, task: TaskRow | None, language: str, link: PasswordLinkRow | None
) -> Words:
    due_at = task.due_at if task else row.due_at
    return in_words(
        NotificationKind(row.kind),
        language,
        reference=row.reference,
        task=row.task,
        task_kind=TaskKind(task.kind) if task else None,
        evidence=bool(task and task.evidence),
        due_at=link.expires_at if link else due_at,
    )


def last_digest(now: datetime, hour: int) -> datetime:
    """The last time that it was *hour* o'clock in Toronto."""
    day = toronto_day(now)
    at = datetime.combine(day, time(hour), tzinfo=TORONTO)
    if at > now:
        at = datetime.combine(day - timedelta(days=1), time(hour), tzinfo=TORONTO)
    return at.astimezone(UTC)
