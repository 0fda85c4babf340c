"""What a person is told and how they wish to be told it; the ledger of e-mails for operators."""

from typing import Any

from commands.office import Office
from policy.notifications import FAILURES, in_words
from policy.rules import access
from schemas.errors import Forbidden, NotFound, Refused, Stale
from schemas.events import INSTALLATION, EventType
from schemas.notifications import MailState, MailWish, NotificationKind
from schemas.people import Actor, Role, Viewer
from schemas.tasks import TaskKind
from schemas.values import instant
from store import chain, mails, notifications
from store.tables import NotificationPreferenceRow, NotificationRow, PersonRow, TaskRow


async def listed(
    office: Office, viewer: Viewer, *, unread: bool | None, limit: int, cursor: str | None
) -> dict[str, Any]:
    """One page of what *viewer* is told, the newest first."""
    async with office.database.reading() as session:
        rows, following = await notifications.page(
            session, viewer, unread=unread, limit=limit, cursor=cursor, now=office.now()
        )
    return {"items": [_item(row, task, viewer) for row, task in rows], "next": following}


async def counts(office: Office, viewer: Viewer) -> dict[str, Any]:
    """How many notifications the list holds, and how many of them are unread."""
    now = office.now()
    async with office.database.reading() as session:
        return {
            "unread": await notifications.count(session, viewer, unread=True, now=now),
            "all": await notifications.count(session, viewer, unread=None, now=now),
        }


async def unread(office: Office, viewer: Viewer) -> int | str:
    """How many are unread, for the menu of every page."""
    async with office.database.reading() as session:
        if not await notifications.may_have_unread(session, viewer):
            return 0
        return await notifications.count(session, viewer, unread=True, now=office.now())


async def read(office: Office, viewer: Viewer, notification_id: str) -> dict[str, Any]:
    """Mark one as read; a second time changes nothing."""
    now = office.now()
    async with office.database.writing() as session:
        await notifications.mark_read(session, viewer, now=now, only=notification_id)
    async with office.database.reading() as session:
        found = await notifications.shown(session, viewer, [notification_id], now=now)
    if notification_id not in found:
        raise NotFound
    row, task = found[notification_id]
    return _item(row, task, viewer)


async def read_all(office: Office, viewer: Viewer) -> dict[str, Any]:
    """Mark everything that *viewer* is shown now as read."""
    async with office.database.writing() as session:
        marked = await notifications.mark_read(session, viewer, now=office.now())
    return {"read": marked}


def _item(row: NotificationRow, task: TaskRow | None, viewer: Viewer) -> dict[str, Any]:
    due_at = task.due_at if task else row.due_at
    words = in_words(
        NotificationKind(row.kind),
        viewer.language,
        reference=row.reference,
        task=row.task,
        task_kind=TaskKind(task.kind) if task else None,
        evidence=bool(task and task.evidence),
        due_at=due_at,
    )
    return {
        "id": row.id,
        "kind": row.kind,
        "title": words.subject,
        "text": words.text,
        "reference": row.reference,
        "task": row.task,
        "letter": row.letter,
        "due_at": instant(due_at) if due_at else None,
        "at": instant(row.not_before),
        "read_at": instant(row.read_at) if row.read_at else None,
    }


# ---- preferences


async def preferences(office: Office, viewer: Viewer) -> tuple[dict[str, Any], int]:
    """How *viewer* is told by e-mail, and the version of that choice."""
    async with office.database.reading() as session:
        row = await session.get(NotificationPreferenceRow, viewer.id)
        return await _preferences(office, session, viewer, row), row.version if row else 0


async def choose(
    office: Office, viewer: Viewer, wish: MailWish, version: int, request_id: str
) -> tuple[dict[str, Any], int]:
    """Choose how to be told by e-mail; what waits to leave goes that way too."""
    now = office.now()
    async with office.database.writing() as session:
        row = await session.get(NotificationPreferenceRow, viewer.id)
        if version != (row.version if row else 0):
            raise Stale(version=row.version if row else 0)
        if row is None:
            row = NotificationPreferenceRow(person=viewer.id, email=wish.value, version=0)
        if row.version == 0 or row.email != wish:
            row.email, row.version = wish.value, row.version + 1
            session.add(row)
            await mails.choose(session, viewer.id, wish)
            chosen = chain.installation_event(
                EventType.NOTIFICATIONS_CHOSEN,
                Actor(id=viewer.id),
                f"notifications:{viewer.id}:{row.version}",
                now,
                data={"person": viewer.id, "email": wish.value},
                request_id=request_id,
            )
            await chain.append(session, chosen, now=now)
        return await _preferences(office, session, viewer, row), row.version


async def _preferences(
    office: Office, session: Any, viewer: Viewer, row: NotificationPreferenceRow | None
) -> dict[str, Any]:
    person = await session.get(PersonRow, viewer.id)
    return {
        "email": row.email if row else MailWish.IMMEDIATE.value,
        "language": person.language if person else viewer.language,
        "sends_mail": office.mail is not None,
        "digest_hour": office.mail.digest_hour if office.mail else None,
    }


# ---- the ledger


async def ledger(
    office: Office, viewer: Viewer, *, state: MailState | None, limit: int, cursor: str | None
) -> dict[str, Any]:
    """One page of all e-mails with their state (administrators, auditors), the newest first."""
    if not viewer.holds(Role.ADMINISTRATOR) and not viewer.holds(Role.AUDITOR):
        raise Forbidden("administrators_only")
    async with office.database.reading() as session:
        rows, following = await mails.page(session, state=state, limit=limit, cursor=cursor)
    return {"items": [_mail(*each, viewer) for each in rows], "next": following}


async def send_again(
    office: Office, viewer: Viewer, notification_id: str, request_id: str
) -> dict[str, Any]:
    """Let an e-mail that failed, or was given up, leave again at once (administrators)."""
    if not viewer.holds(Role.ADMINISTRATOR):
        raise Forbidden("administrators_only")
    now = office.now()
    async with office.database.writing() as session:
        before = await session.get(NotificationRow, notification_id)
        state = before.mail_state if before else ""
        repeated = await chain.recorded_request(session, INSTALLATION, request_id)
        if before is None:
            raise NotFound
        if not repeated:
            if state not in (MailState.FAILED, MailState.GIVEN_UP):
                raise Refused("mail_not_unsent", state=state)
            await mails.again(session, notification_id, now)
            event = chain.installation_event(
                EventType.MAIL_SENT_AGAIN,
                Actor(id=viewer.id, role=Role.ADMINISTRATOR),
                f"mail:{notification_id}:{request_id}",
                now,
                data={"notification": notification_id, "was": state},
                request_id=request_id,
            )
            await chain.append(session, event, now=now)
        await session.flush()
        row = await session.get_one(NotificationRow, notification_id)
        person = await session.get_one(PersonRow, row.person)
        task = await session.get(TaskRow, row.task) if row.task else None
        return _mail(row, person, task, viewer)


def _mail(
    row: NotificationRow, person: PersonRow, task: TaskRow | None, viewer: Viewer
) -> dict[str, Any]:
    hidden = bool(task and task.evidence) and not access.may_see_evidence(
        viewer, row.reference or ""
    )
    failure = FAILURES.get(row.failure or "")
    return {
        "id": row.id,
        "kind": row.kind,
        "person": {"id": person.id, "name": person.name},
        # That a task tells of a possible match is screening evidence too.
        "reference": None if hidden else row.reference,
        "task": None if hidden else row.task,
        "mail": row.mail,
        "state": row.mail_state,
        "created_at": instant(row.created_at),
        "not_before": instant(row.not_before),
        "tries": row.tries,
        "next_at": instant(row.next_at) if row.next_at else None,
        "sent_at": instant(row.sent_at) if row.sent_at else None,
        "message_id": row.message_id,
        "failure": {
            "code": row.failure,
            "text": failure.in_language(viewer.language),
            "answer": row.answer,
        }
        if failure
        else None,
    }
