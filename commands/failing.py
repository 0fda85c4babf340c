"""What Accord itself fails at for a proposal and tries again: messages, e-mails, the engine's work.

An administrator may let all of it be tried at once (`commands.retrying`).
"""

from datetime import datetime
from typing import Any

from sqlalchemy import and_, or_
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from commands.office import Office
from schemas.engine import Trouble, Work
from schemas.errors import Forbidden, Unavailable
from schemas.messages import NoticeKind
from schemas.notifications import MailState
from schemas.people import Role, Viewer
from schemas.proposal import Stage
from schemas.values import instant
from store import messages, visibility
from store.tables import AlarmRow, MessageRow, NotificationRow, ProposalRow, TaskRow

RETRY = "retry"
MOST_LISTED = 1000
_OF_A_MATCH = (NoticeKind.SEAL.value, NoticeKind.UNSEAL.value)
_WHO = {
    Work.RECORD: "recording",
    Work.SCREEN: "screening",
    Work.READ_AGREEMENT: "recording",
    Work.NEXT_STEP: "engine",
}


async def of_engine(office: Office, row: ProposalRow) -> tuple[Trouble, ...]:
    """What the engine fails at; that it does not answer is itself such a thing."""
    if row.submitted_at is None or row.stage in (Stage.DRAFT, Stage.ACTIVE):
        return ()
    try:
        return await office.gateway.troubles(row.reference)
    except Unavailable as error:
        return (Trouble(work=Work.NEXT_STEP, code=error.code, tries=1),)


async def undelivered(session: AsyncSession, reference: str, now: datetime) -> list[MessageRow]:
    """Messages that the engine has not taken yet, as far as they tell of no match."""
    rows = await session.exec(
        select(MessageRow)
        .where(
            MessageRow.reference == reference,
            col(MessageRow.delivered_at).is_(None),
            col(MessageRow.kind).not_in(_OF_A_MATCH),
            # An act under way is its asker's for as long as it may take; an agreement that is to
            # begin keeps nobody waiting, unless that fails.
            or_(
                col(MessageRow.kind).not_in(messages.APART),
                and_(col(MessageRow.kind) == messages.ACT, col(MessageRow.next_at) <= now),
                and_(col(MessageRow.kind) == messages.BEGIN, col(MessageRow.tries) > 0),
            ),
        )
        .order_by(col(MessageRow.created_at), col(MessageRow.id))
    )
    return list(rows)


async def unsent(session: AsyncSession, reference: str) -> list[NotificationRow]:
    """E-mails about the proposal that failed and will be tried again; none tells of a match."""
    rows = await session.exec(
        select(NotificationRow)
        .outerjoin(TaskRow, col(TaskRow.id) == col(NotificationRow.task))
        .where(
            NotificationRow.reference == reference,
            NotificationRow.mail_state == MailState.FAILED.value,
            or_(col(TaskRow.id).is_(None), col(TaskRow.evidence).is_(False)),
        )
        .order_by(col(NotificationRow.created_at), col(NotificationRow.id))
    )
    return list(rows)


async def listed(office: Office, viewer: Viewer) -> list[dict[str, Any]]:
    """Proposals for which a message, an e-mail or a record fails; the longest first.

    For administrators and auditors. What the engine fails at inside of one proposal is asked of
    the engine, and told by that proposal alone (`commands.waiting_for`).
    """
    if not (viewer.holds(Role.ADMINISTRATOR) or viewer.holds(Role.AUDITOR)):
        raise Forbidden("administrators_only")
    told = (
        select(MessageRow.reference, MessageRow.created_at)
        .where(
            col(MessageRow.delivered_at).is_(None),
            MessageRow.tries > 0,
            col(MessageRow.kind).not_in(_OF_A_MATCH),
        )
        .limit(MOST_LISTED)
    )
    mailed = (
        select(NotificationRow.reference, NotificationRow.created_at)
        .outerjoin(TaskRow, col(TaskRow.id) == col(NotificationRow.task))
        .where(
            NotificationRow.mail_state == MailState.FAILED.value,
            or_(col(TaskRow.id).is_(None), col(TaskRow.evidence).is_(False)),
        )
        .limit(MOST_LISTED)
    )
    alarmed = select(AlarmRow.subject, AlarmRow.raised_at).limit(MOST_LISTED)
    found: dict[str, dict[str, Any]] = {}
    async with office.database.reading() as session:
        for what, query in (("messages", told), ("mails", mailed), ("alarms", alarmed)):
            for reference, since in (await session.exec(query)).all():
                _count(found, what, reference, since)
        seen = await session.exec(
            select(ProposalRow.reference).where(
                col(ProposalRow.reference).in_(found), visibility.visible(viewer)
            )
        )
        shown = [found[reference] for reference in seen]
    ordered = sorted(shown, key=lambda each: each["since"])
    return [{**each, "since": instant(each["since"])} for each in ordered]


def _count(found: dict[str, dict[str, Any]], what: str, reference: str | None, since: Any) -> None:
    if reference is None:
        return
    empty = {"reference": reference, "since": since, "messages": 0, "mails": 0, "alarms": 0}
    kept = found.setdefault(reference, empty)
    kept[what] += 1
    kept["since"] = min(kept["since"], since)


async def items(
    session: AsyncSession,
    row: ProposalRow,
    viewer: Viewer,
    found: tuple[Trouble, ...],
    now: datetime,
) -> list[dict[str, Any]]:
    """One item for each thing that fails, and for each alarm that stops the proposal."""
    acts = (RETRY,) if viewer.holds(Role.ADMINISTRATOR) else ()
    shown = [
        _item(
            "engine",
            message.created_at,
            "message",
            message.failure or "not_delivered_yet",
            message.tries,
            message.next_at,
            acts,
        )
        for message in await undelivered(session, row.reference, now)
    ]
    shown += [_of_trouble(trouble, acts) for trouble in found]
    if viewer.holds(Role.ADMINISTRATOR) or viewer.holds(Role.AUDITOR):
        shown += _of_mails(await unsent(session, row.reference), acts)
    alarms = await session.exec(select(AlarmRow).where(AlarmRow.subject == row.reference))
    shown += [
        _item("event_conflict", alarm.raised_at, "record", alarm.code, 1, None, ())
        for alarm in alarms
    ]
    return shown


def _of_trouble(trouble: Trouble, acts: tuple[str, ...]) -> dict[str, Any]:
    may = acts if trouble.work is not Work.NEXT_STEP else ()
    item = _item(
        _WHO[trouble.work],
        trouble.since,
        trouble.work.value,
        trouble.code,
        trouble.tries,
        trouble.next_at,
        may,
    )
    item["failing"]["cause"] = trouble.cause
    return item


def _of_mails(mails: list[NotificationRow], acts: tuple[str, ...]) -> list[dict[str, Any]]:
    """One item for all e-mails: whom they were for is told under `/operations/mail`."""
    if not mails:
        return []
    tries = max(mail.tries for mail in mails)
    next_at = min((mail.next_at for mail in mails if mail.next_at), default=None)
    code = mails[-1].failure or "unexpected"
    return [_item("mail", mails[0].created_at, "mail", code, tries, next_at, acts)]


def _item(
    who: str,
    since: datetime | None,
    work: str,
    code: str,
    tries: int,
    next_at: datetime | None,
    acts: tuple[str, ...],
) -> dict[str, Any]:
    return {
        "on": {"kind": "system", "who": who},
        "task": None,
        "since": instant(since) if since else None,
        "due_at": None,
        "next": None,
        "nudged_at": None,
        "failing": {
            "what": code,
            "work": work,
            "cause": None,
            "tries": tries,
            "next_at": instant(next_at) if next_at else None,
        },
        "acts": list(acts),
    }
