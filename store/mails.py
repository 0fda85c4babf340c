"""The e-mail side of the ledger: what is due, what is on its way, and what became of it.

A message is one row, or all of a person's rows that wait for the day's digest. It is marked as on
its way before it leaves, by one dispatcher of several; after a crash it leaves again under the
same Message-ID. That is as much as SMTP allows: between "accepted" and "marked" nobody knows.
"""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, func, or_, update
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from schemas.notifications import UNDER_WAY, UNSENT, MailState, MailWish, NotificationKind
from schemas.values import digest
from store import paging
from store.notifications import GIVEN_UP_AFTER, KEPT_FOR
from store.tables import NotificationRow, PasswordLinkRow, PersonRow, TaskRow

AT_A_TIME = 10
LEFT_FOR_DEAD = timedelta(minutes=15)
"""More than a dispatcher takes for what it has taken; then another one sends it again."""
LONGEST_PAUSE = timedelta(hours=2)
_FIRST_PAUSE = timedelta(minutes=1)


async def due(
    session: AsyncSession, now: datetime, digest_at: datetime
) -> Sequence[NotificationRow]:
    """What is to leave now, the longest waiting first; of a digest all that belongs to it.

    *digest_at*: the last hour of digests that has come.
    """
    rows = list(
        await session.exec(
            select(NotificationRow)
            .where(_is_due(now, digest_at))
            .order_by(col(NotificationRow.next_at), col(NotificationRow.id))
            .limit(AT_A_TIME)
        )
    )
    of_digests = {row.person for row in rows if row.mail == MailWish.DIGEST}
    if not of_digests:
        return rows
    rows = [row for row in rows if row.mail != MailWish.DIGEST]
    whole = await session.exec(
        select(NotificationRow)
        .where(
            _is_due(now, digest_at),
            NotificationRow.mail == MailWish.DIGEST.value,
            col(NotificationRow.person).in_(sorted(of_digests)),
        )
        .order_by(col(NotificationRow.not_before), col(NotificationRow.id))
    )
    return [*rows, *whole]


def _is_due(now: datetime, digest_at: datetime) -> ColumnElement[bool]:
    row = NotificationRow
    return and_(
        col(row.mail_state).in_(UNDER_WAY),
        col(row.next_at) <= now,
        or_(col(row.mail) == MailWish.IMMEDIATE.value, col(row.not_before) <= digest_at),
    )


async def take(
    session: AsyncSession,
    ids: Collection[str],
    now: datetime,
    digest_at: datetime,
    domain: str,
) -> list[list[NotificationRow]]:
    """Mark as on its way what of *ids* is still due; message by message.

    What another dispatcher has taken meanwhile is not among them.
    """
    rows = await session.exec(
        select(NotificationRow)
        .where(col(NotificationRow.id).in_(sorted(ids)), _is_due(now, digest_at))
        .order_by(col(NotificationRow.next_at), col(NotificationRow.not_before))
        .with_for_update()
    )
    messages: dict[str, list[NotificationRow]] = {}
    for row in rows:
        new = f"digest of {row.person}" if row.mail == MailWish.DIGEST else row.id
        messages.setdefault(row.message_id or new, []).append(row)
        row.mail_state, row.tries = MailState.SENDING.value, row.tries + 1
        row.next_at = now + LEFT_FOR_DEAD
        session.add(row)
    for rows_of in messages.values():
        if rows_of[0].message_id is None:
            ids_of = sorted(row.id for row in rows_of)
            name = ids_of[0] if rows_of[0].mail != MailWish.DIGEST else digest(ids_of)[:32]
            for row in rows_of:
                row.message_id = f"{name}@{domain}"
    return list(messages.values())


async def sent(session: AsyncSession, ids: Collection[str], now: datetime) -> None:
    """The mail server has taken it."""
    await _mark(
        session, ids, mail_state=MailState.SENT.value, sent_at=now, next_at=None, failure=None,
        answer=None,
    )  # fmt: skip
    await _forget_links(session, ids)


async def failed(
    session: AsyncSession,
    ids: Collection[str],
    now: datetime,
    code: str,
    answer: int | None,
    *,
    for_good: bool = False,
) -> int:
    """Try again later, with longer pauses, or give up; returns how many were given up."""
    given_up = 0
    rows = await session.exec(
        select(NotificationRow)
        .where(
            col(NotificationRow.id).in_(sorted(ids)),
            col(NotificationRow.mail_state) == MailState.SENDING.value,
        )
        .with_for_update()
    )
    for row in rows:
        row.failure, row.answer = code, answer
        if row.withdrawn_at is not None:
            row.mail_state, row.next_at = MailState.WITHDRAWN.value, None
        elif for_good or (row.give_up_at is not None and row.give_up_at <= now):
            row.mail_state, row.next_at = MailState.GIVEN_UP.value, None
            given_up += 1
        else:
            pause = min(_FIRST_PAUSE * 2 ** min(row.tries - 1, 10), LONGEST_PAUSE)
            row.mail_state, row.next_at = MailState.FAILED.value, now + pause
        session.add(row)
    return given_up


async def put_back(session: AsyncSession, ids: Collection[str], now: datetime) -> None:
    """It was taken and not tried; that counts for nothing."""
    await _mark(
        session, ids, mail_state=MailState.WAITING.value, next_at=now,
        tries=col(NotificationRow.tries) - 1,
    )  # fmt: skip


async def withdrawn(session: AsyncSession, ids: Collection[str], now: datetime) -> None:
    """What it was about has passed, or is not for this person to see any more."""
    await _mark(session, ids, mail_state=MailState.WITHDRAWN.value, next_at=None)
    await session.exec(
        update(NotificationRow)
        .where(
            col(NotificationRow.id).in_(sorted(ids)), col(NotificationRow.withdrawn_at).is_(None)
        )
        .values(withdrawn_at=now)
    )
    await _forget_links(session, ids)


async def postponed(session: AsyncSession, row_id: str, until: datetime) -> None:
    """It may not be told yet after all."""
    await _mark(session, [row_id], mail_state=MailState.WAITING.value, next_at=until,
                not_before=until)  # fmt: skip


async def _mark(session: AsyncSession, ids: Collection[str], **values: Any) -> None:
    await session.exec(
        update(NotificationRow)
        .where(
            col(NotificationRow.id).in_(sorted(ids)),
            col(NotificationRow.mail_state) == MailState.SENDING.value,
        )
        .values(**values)
        .execution_options(synchronize_session=False)
    )


async def _forget_links(session: AsyncSession, ids: Collection[str]) -> None:
    links = select(NotificationRow.link).where(
        col(NotificationRow.id).in_(sorted(ids)), col(NotificationRow.link).is_not(None)
    )
    await session.exec(
        update(PasswordLinkRow)
        .where(col(PasswordLinkRow.digest).in_(links))
        .values(sealed=None)
        .execution_options(synchronize_session=False)
    )


async def unwanted(session: AsyncSession, now: datetime) -> bool:
    """Whether anything waits for an e-mail that nobody will send."""
    row = NotificationRow
    found = await session.exec(
        select(row.id).where(col(row.mail_state).in_(UNSENT), col(row.next_at) <= now).limit(1)
    )
    return found.first() is not None


async def keep_in_app(session: AsyncSession, now: datetime) -> None:
    """No mail server is configured: what waits is told in Accord alone, also once one is."""
    row = NotificationRow
    await session.exec(
        update(row)
        .where(col(row.mail_state).in_(UNSENT), col(row.next_at) <= now)
        .values(mail_state=MailState.NONE.value, next_at=None)
        .execution_options(synchronize_session=False)
    )


async def choose(session: AsyncSession, person: str, wish: MailWish) -> None:
    """What waits for *person* goes the way that is now wished; links go in any case."""
    row = NotificationRow
    values: dict[str, Any] = {"mail": wish.value}
    if wish is MailWish.NONE:
        values |= {"mail_state": MailState.NONE.value, "next_at": None}
    await session.exec(
        update(row)
        .where(
            col(row.person) == person,
            col(row.mail_state).in_(UNSENT),
            col(row.kind) != NotificationKind.PASSWORD_LINK.value,
        )
        .values(**values)
        .execution_options(synchronize_session=False)
    )


async def again(session: AsyncSession, row_id: str, now: datetime) -> NotificationRow | None:
    """Send what failed or was given up again, at once; the row as it was, or None."""
    row = await session.get(NotificationRow, row_id, with_for_update=True)
    if row is not None and row.mail_state in (MailState.FAILED, MailState.GIVEN_UP):
        row.mail_state, row.tries, row.next_at = MailState.WAITING.value, 0, now
        row.give_up_at = now + GIVEN_UP_AFTER
        session.add(row)
    return row


async def page(
    session: AsyncSession, *, state: str | None, limit: int, cursor: str | None
) -> tuple[Sequence[tuple[NotificationRow, PersonRow, TaskRow | None]], str | None]:
    """One page of the ledger, the newest first, and the cursor of the next."""
    row = NotificationRow
    by, key = col(row.created_at), col(row.id)
    query = (
        select(row, PersonRow, TaskRow)
        .join(PersonRow, col(PersonRow.id) == col(row.person))
        .outerjoin(TaskRow, col(TaskRow.id) == col(row.task))
        .order_by(by.desc(), key.desc())
        .limit(limit + 1)
    )
    if state is not None:
        query = query.where(row.mail_state == state)
    if cursor:
        value, last = paging.read_cursor(cursor, instant=True)
        query = query.where(*paging.behind(by, key, value, last, descending=True))
    found = (await session.exec(query)).all()
    items = found[:limit]
    following = None
    if len(found) > limit:
        following = paging.cursor_after(items[-1][0].created_at, items[-1][0].id)
    return items, following


async def standing(session: AsyncSession) -> tuple[dict[str, int], datetime | None]:
    """How many mails are in each state that is not over, and since when the oldest waits."""
    row = NotificationRow
    watched = [*UNDER_WAY, MailState.GIVEN_UP]
    counts = await session.exec(
        select(row.mail_state, func.count())
        .where(col(row.mail_state).in_(watched))
        .group_by(col(row.mail_state))
    )
    oldest = await session.exec(
        select(func.min(row.not_before)).where(
            col(row.mail_state).in_(UNDER_WAY), row.mail == MailWish.IMMEDIATE.value
        )
    )
    return {state.value: 0 for state in watched} | dict(counts.all()), oldest.one()


async def forget_old(session: AsyncSession, now: datetime) -> None:
    """Drop what was told long ago; what was given up stays until somebody has looked."""
    row = NotificationRow
    await session.exec(
        delete(row).where(
            col(row.created_at) <= now - KEPT_FOR,
            col(row.mail_state).not_in([*UNDER_WAY, MailState.GIVEN_UP]),
        )
    )
