"""The ledger of what people are told: written with its cause, listed while it may be seen.

A row is unique by event, person and kind, so that what is recorded twice is told once. Its
e-mail leaves later (`store.mails`). Whom an event concerns is told by `policy.telling`; the
people are those whose grants hold when it is recorded. Whoever loses sight of the proposal loses
the notification with it: nothing here is shown, counted or sent without asking `showing` first.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, case, exists, func, or_, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from policy.rules.clocks import toronto_day
from policy.telling import ended_tasks, told_of
from schemas.events import Event, EventType, Recorded
from schemas.notifications import (
    UNSENT,
    MailState,
    MailWish,
    NotificationKind,
    Reader,
    Told,
)
from schemas.people import ALL, Candidate, Role, Viewer
from schemas.values import digest
from store import chain, delegations, inboxes, paging, people
from store.tables import (
    ClaimRow,
    GrantRow,
    LetterRow,
    NotificationPreferenceRow,
    NotificationRow,
    PersonRow,
    ProposalRow,
    TaskRow,
)
from store.visibility import of_own_organization, visible

LARGE = 25
"""A group of more people than this is told of new tasks once a day, not of each."""
GIVEN_UP_AFTER = timedelta(days=5)
"""As long as mail servers commonly go on trying (RFC 5321, section 4.5.4.1: 4-5 days)."""
KEPT_FOR = timedelta(days=400)
_NO_CHOICE = frozenset({NotificationKind.PASSWORD_LINK})
"""Sent whatever the person chose: nothing else brings it."""


async def record(session: AsyncSession, event: Event, *, now: datetime) -> None:
    """Append *event* to its chain, and tell whom it concerns; a second time changes nothing."""
    recorded = await chain.append(session, event, now=now)
    await tell(session, [recorded] if recorded else [], now=now)


async def tell(session: AsyncSession, events: Iterable[Recorded], *, now: datetime) -> None:
    """Write what *events*, just recorded in this transaction, tell people; and withdraw what they
    end. A second time under the same event changes nothing."""
    wanted: list[tuple[Recorded, Told]] = []
    ended: set[str] = set()
    untold: set[str] = set()
    for event in events:
        if event.type is EventType.LETTER_TAKEN_BACK:
            untold.add(event.subject)
            wanted = [(cause, told) for cause, told in wanted if not told.not_before]
        gone = ended_tasks(event)
        ended |= gone
        wanted = [(cause, told) for cause, told in wanted if told.task not in gone]
        wanted += [(event, told) for told in told_of(event)]
    if untold:
        to_come = and_(
            col(NotificationRow.reference).in_(sorted(untold)),
            col(NotificationRow.reader) == Reader.PARTNER.value,
            col(NotificationRow.not_before) > now,
        )
        await withdraw(session, to_come, now=now)
    await tell_all(session, wanted, now=now)
    if ended:
        await withdraw(session, col(NotificationRow.task).in_(sorted(ended)), now=now)


async def tell_all(
    session: AsyncSession, wanted: Sequence[tuple[Recorded, Told]], *, now: datetime
) -> None:
    """Write each thing for each of its people."""
    if not wanted:
        return
    groups = [await _candidates(session, event, told) for event, told in wanted]
    holders = await _holders(session, groups, toronto_day(now))
    rows: dict[str, dict[str, Any]] = {}
    for (event, told), groups_of in zip(wanted, groups, strict=True):
        persons = await _persons(session, told, groups_of, holders)
        for row in _rows(event, told, groups_of, persons, now):
            rows.setdefault(row["id"], row)
    await _insert(session, rows, now)


async def withdraw(session: AsyncSession, which: ColumnElement[bool], *, now: datetime) -> None:
    """What was told is over: it leaves the lists, and its e-mail stays if it has not left."""
    unsent = col(NotificationRow.mail_state).in_(UNSENT)
    await session.exec(
        update(NotificationRow)
        .where(which, col(NotificationRow.withdrawn_at).is_(None))
        .values(
            withdrawn_at=now,
            mail_state=case(
                (unsent, MailState.WITHDRAWN.value), else_=col(NotificationRow.mail_state)
            ),
        )
        .execution_options(synchronize_session=False)
    )


# ---- who


async def _candidates(session: AsyncSession, event: Recorded, told: Told) -> tuple[Candidate, ...]:
    if told.partner:
        row = await session.get(ProposalRow, event.subject)
        organization = row.organization if row else ""
        return tuple(Candidate(role=Role(r), scope=organization) for r in told.partner)
    if told.officers:
        row = await session.get(ProposalRow, event.subject)
        return (Candidate(role=Role.PROGRAMME_OFFICER, scope=row.programme),) if row else ()
    if told.office:
        row = await session.get(ProposalRow, event.subject)
        return tuple(Candidate(role=Role(r), scope=row.programme) for r in told.office if row)
    if told.task and not told.candidates and not told.person:
        task = await session.get(TaskRow, told.task)
        return tuple(Candidate.model_validate(each) for each in task.candidates) if task else ()
    return told.candidates


async def _holders(
    session: AsyncSession, groups: Iterable[Collection[Candidate]], day: Any
) -> dict[Candidate, list[str]]:
    """Who holds each of the candidates' grants on *day*, in one question for all."""
    asked = {candidate for group in groups for candidate in group}
    if not asked:
        return {}
    found = await session.exec(
        select(GrantRow)
        .join(PersonRow, col(PersonRow.id) == col(GrantRow.person))
        .where(
            col(PersonRow.active).is_(True),
            col(GrantRow.role).in_({each.role.value for each in asked}),
            col(GrantRow.scope).in_({each.scope for each in asked} | {ALL}),
        )
        .order_by(GrantRow.person)
    )
    held = [grant for grant in found if people.holds_on(grant, day)]
    may_act = [(grant.person, grant.role, grant.scope) for grant in held]
    may_act += await _stand_in(session, held, day)
    holders: dict[Candidate, list[str]] = {each: [] for each in asked}
    for person, role, scope in may_act:
        for each, persons in holders.items():
            if role == each.role.value and scope in (each.scope, ALL) and person not in persons:
                persons.append(person)
    return holders


async def _stand_in(
    session: AsyncSession, held: Sequence[GrantRow], day: Any
) -> list[tuple[str, str, str]]:
    """Who may use which of the grants *held* on behalf of those who hold them."""
    given = [
        (row.giver, row.receiver, each["role"], each["scope"])
        for row, _ in await delegations.in_force(session, day)
        for each in row.grants
    ]
    return [
        (receiver, role, scope)
        for giver, receiver, role, scope in given
        if any(g.person == giver and g.role == role and g.scope in (scope, ALL) for g in held)
    ]


async def _persons(
    session: AsyncSession,
    told: Told,
    group: Sequence[Candidate],
    holders: Mapping[Candidate, list[str]],
) -> list[str]:
    if told.person:
        found = [told.person]
    elif told.those_told:
        rows = await session.exec(
            select(NotificationRow.person)
            .where(
                NotificationRow.reference == told.reference,
                col(NotificationRow.task).is_not(None),
                col(NotificationRow.withdrawn_at).is_(None),
            )
            .distinct()
        )
        found = sorted(rows)
    else:
        found = await _holder_of(session, told) or _first_asked(group, holders)
    return [person for person in found if person != told.but]


async def _holder_of(session: AsyncSession, told: Told) -> list[str]:
    claim = await session.get(ClaimRow, told.task) if told.holder and told.task else None
    return [claim.person] if claim and claim.person else []


def _first_asked(group: Sequence[Candidate], holders: Mapping[Candidate, list[str]]) -> list[str]:
    """All candidates; of levels the lowest that has anybody, though any above may take it too."""
    found: list[str] = []
    for candidate in group:
        if found and candidate.role is Role.APPROVER:
            break
        found += [person for person in holders[candidate] if person not in found]
    return found


# ---- the rows


def _rows(
    event: Recorded, told: Told, group: Sequence[Candidate], persons: list[str], now: datetime
) -> Iterable[dict[str, Any]]:
    cause: list[Any] = [event.subject, event.source, event.source_seq, told.reader]
    if told.kind is NotificationKind.TASK_OPENED and len(persons) > LARGE:
        cause = [[each.model_dump(mode="json") for each in group], toronto_day(now).isoformat()]
        told = Told(kind=NotificationKind.TASKS_OPENED, reader=Reader.SELF)
    not_before = max(told.not_before or now, now)
    for person in persons:
        yield {
            "id": digest([*cause, told.kind, person])[:32],
            "person": person,
            "kind": told.kind.value,
            "reader": told.reader.value,
            "reference": told.reference,
            "task": told.task,
            "letter": told.letter,
            "link": told.link,
            "due_at": told.due_at,
            "event": event.id,
            "position": event.position,
            "created_at": now,
            "not_before": not_before,
            "tries": 0,
        }


async def _insert(session: AsyncSession, rows: Mapping[str, dict[str, Any]], now: datetime) -> None:
    if not rows:
        return
    wishes = await wishes_of(session, {row["person"] for row in rows.values()})
    for row in rows.values():
        wish = wishes.get(row["person"], MailWish.IMMEDIATE)
        if row["kind"] in _NO_CHOICE:
            wish = MailWish.IMMEDIATE
            row["read_at"] = now  # it is for who cannot sign in yet
        elif row["kind"] == NotificationKind.TASKS_OPENED and wish is MailWish.IMMEDIATE:
            wish = MailWish.DIGEST
        wanted = wish is not MailWish.NONE
        row |= {
            "mail": wish.value,
            "mail_state": (MailState.WAITING if wanted else MailState.NONE).value,
            "next_at": row["not_before"] if wanted else None,
            "give_up_at": row["not_before"] + GIVEN_UP_AFTER if wanted else None,
            "read_at": row.get("read_at"),
        }
    await session.flush()
    of_dialect = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    statement = of_dialect.insert(NotificationRow).on_conflict_do_nothing(index_elements=["id"])
    await session.exec(statement, params=list(rows.values()))


async def wishes_of(session: AsyncSession, persons: Collection[str]) -> dict[str, MailWish]:
    """What those of *persons* wish who have chosen."""
    found = await session.exec(
        select(NotificationPreferenceRow).where(
            col(NotificationPreferenceRow.person).in_(sorted(persons))
        )
    )
    return {row.person: MailWish(row.email) for row in found}


# ---- reading


def showing(viewer: Viewer, now: datetime) -> list[ColumnElement[bool]]:
    """The conditions under which a notification is shown, counted, or sent to its person.

    They are asked of `NotificationRow` joined (where there is one) with its proposal and task:
    of a task only those are told who may take it now, as it stands in their inbox, and that
    nobody may, those who see it.
    """
    row = NotificationRow
    own = of_own_organization(viewer)
    as_staff = and_(
        col(row.reader) == Reader.STAFF.value,
        or_(
            and_(col(row.task).is_(None), visible(viewer), ~own),
            and_(*inboxes.task_conditions(viewer, "group")),
            and_(
                col(row.kind) == NotificationKind.NOBODY_LEFT.value,
                col(TaskRow.state) == "open",
                *inboxes.task_conditions(viewer, "all"),
            ),
        ),
    )
    told = exists().where(and_(col(LetterRow.id) == col(row.letter), col(LetterRow.told_at) <= now))
    as_partner = and_(
        col(row.reader) == Reader.PARTNER.value,
        visible(viewer),
        own,
        or_(col(row.letter).is_(None), told),
    )
    return [
        col(row.person) == viewer.id,
        col(row.withdrawn_at).is_(None),
        col(row.not_before) <= now,
        or_(col(row.reader) == Reader.SELF.value, as_staff, as_partner),
    ]


def _joined(query: Any) -> Any:
    row = NotificationRow
    return (
        query.select_from(row)
        .outerjoin(ProposalRow, col(ProposalRow.reference) == col(row.reference))
        .outerjoin(TaskRow, col(TaskRow.id) == col(row.task))
    )


async def shown(
    session: AsyncSession, viewer: Viewer, ids: Collection[str], *, now: datetime
) -> dict[str, tuple[NotificationRow, TaskRow | None]]:
    """Those of *ids* that *viewer* may be told of now, with their tasks."""
    query = _joined(select(NotificationRow, TaskRow)).where(
        col(NotificationRow.id).in_(sorted(ids)), *showing(viewer, now)
    )
    return {row.id: (row, task) for row, task in await session.exec(query)}


async def page(
    session: AsyncSession,
    viewer: Viewer,
    *,
    unread: bool | None,
    limit: int,
    cursor: str | None,
    now: datetime,
) -> tuple[Sequence[tuple[NotificationRow, TaskRow | None]], str | None]:
    """One page of what *viewer* is told, the newest first, and the cursor of the next."""
    row = NotificationRow
    by, key = col(row.not_before), col(row.id)
    wanted = [*showing(viewer, now), *_unread(unread)]
    if cursor:
        value, last = paging.read_cursor(cursor, instant=True)
        wanted += paging.behind(by, key, value, last, descending=True)
    query = _joined(select(row, TaskRow)).where(*wanted)
    query = query.order_by(by.desc(), key.desc()).limit(limit + 1)
    found = (await session.exec(query)).all()
    items = found[:limit]
    following = None
    if len(found) > limit:
        following = paging.cursor_after(items[-1][0].not_before, items[-1][0].id)
    return items, following


def _unread(unread: bool | None) -> list[ColumnElement[bool]]:  # noqa: FBT001 - a filter
    if unread is None:
        return []
    read_at = col(NotificationRow.read_at)
    return [read_at.is_(None) if unread else read_at.is_not(None)]


async def count(
    session: AsyncSession, viewer: Viewer, *, unread: bool | None, now: datetime
) -> int | str:
    """How many; exact up to 10,000, then `10000+`."""
    query = _joined(select(NotificationRow.id)).where(*showing(viewer, now), *_unread(unread))
    inner = query.limit(paging.COUNTED + 1).subquery()
    found: int = (await session.exec(select(func.count()).select_from(inner))).one()
    return found if found <= paging.COUNTED else f"{paging.COUNTED}+"


async def may_have_unread(session: AsyncSession, viewer: Viewer) -> bool:
    """Whether anything of theirs is unread, shown or not: most have nothing, and this is quick."""
    row = NotificationRow
    asked = select(row.id).where(row.person == viewer.id, col(row.read_at).is_(None)).limit(1)
    return (await session.exec(asked)).first() is not None


async def mark_read(
    session: AsyncSession, viewer: Viewer, *, now: datetime, only: str | None = None
) -> int:
    """Mark what *viewer* is shown, or *only* one of it, as read; returns how many there were."""
    wanted = [*showing(viewer, now), col(NotificationRow.read_at).is_(None)]
    if only is not None:
        wanted.append(col(NotificationRow.id) == only)
    ids = _joined(select(NotificationRow.id)).where(*wanted)
    marked = await session.exec(
        update(NotificationRow)
        .where(col(NotificationRow.id).in_(ids))
        .values(read_at=now)
        .execution_options(synchronize_session=False)
    )
    return int(marked.rowcount)
