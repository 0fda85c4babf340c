"""Granting roles: proposed, confirmed, refused, ended early and attested once a year.

Roles that decide, and the administrator's, are granted by two people, never to oneself: one
administrator proposes, another confirms, and until then the grant gives nothing (product.md,
section 2). Which roles these are and how long a grant holds is told by `policy.rules.grants`.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from commands.office import Office
from policy.rules import grants as rules
from policy.rules.clocks import toronto_day
from policy.sentences import GRANT_WARNINGS, sentence
from schemas.errors import Forbidden, Gap, Malformed, NotFound, Refused
from schemas.events import EventType, TextRef
from schemas.people import (
    ALL,
    LEVELS,
    ON_PAPER,
    PARTNER_ROLES,
    SYSTEM,
    Actor,
    Desk,
    Discipline,
    GrantState,
    Role,
    Viewer,
)
from schemas.requests import GrantRequest
from store import notifications, texts
from store import people as store
from store.chain import installation_event
from store.paging import cursor_after, read_cursor
from store.tables import GrantRow, PersonRow

_PROGRAMME = re.compile(r"^[A-Z]{3,6}(-[A-Z]{3})?$")
_DESK_ROLES = (Role.DESK_OFFICER, Role.HEAD_OF_DESK)
_EVERYWHERE = (Role.LEGAL, Role.ADMINISTRATOR, Role.AUDITOR)
_READS_GRANTS = (Role.ADMINISTRATOR, Role.AUDITOR)
TO_ATTEST = "to_attest"
"""Beside the states of a grant: in force, and to be attested within the next days."""


async def grants(
    office: Office,
    viewer: Viewer,
    *,
    state: str | None = None,
    role: Role | None = None,
    person: str | None = None,
    limit: int,
    cursor: str | None,
) -> dict[str, Any]:
    """Grants as operations read them: what waits for a second person, what lapses soon."""
    if not any(viewer.holds(each) for each in _READS_GRANTS):
        raise Forbidden("administrators_only")
    day = toronto_day(office.now())
    query = select(GrantRow)
    if role is not None:
        query = query.where(GrantRow.role == role)
    if person is not None:
        query = query.where(GrantRow.person == person)
    if cursor is not None:
        starts_on, last = _position(cursor)
        query = query.where(
            (col(GrantRow.starts_on) < starts_on)
            | ((col(GrantRow.starts_on) == starts_on) & (col(GrantRow.id) > last))
        )
    async with office.database.reading() as session:
        rows = await session.exec(query.order_by(col(GrantRow.starts_on).desc(), GrantRow.id))
        found = [row for row in rows if state is None or _is_in(row, state, day)]
        page = found[:limit]
        following = None
        if len(found) > limit:
            following = cursor_after(page[-1].starts_on.isoformat(), page[-1].id)
        items = await views(session, viewer, page, day)
    return {"items": items, "next": following}


def _position(cursor: str) -> tuple[date, str]:
    written, last = read_cursor(cursor, instant=False)
    try:
        return date.fromisoformat(written), last
    except ValueError:
        raise Malformed(Gap(pointer="", code="unknown_cursor")) from None


def _is_in(row: GrantRow, state: str, day: date) -> bool:
    if state == TO_ATTEST:
        return rules.is_to_be_attested(store.grant_of(row), day)
    return rules.state_on(store.grant_of(row), day) == state


# ---- what administrators do


async def grant(
    office: Office, viewer: Viewer, person: str, asked: GrantRequest, request_id: str
) -> dict[str, Any]:
    """Grant a role; one that needs two people is only proposed until another confirms it."""
    check_administers(viewer)
    if person == viewer.id:
        raise Refused("not_to_oneself")
    _check_asked(asked)
    now = office.now()
    day = toronto_day(now)
    needs_two = asked.role in rules.TWO_PERSON_ROLES
    async with office.database.writing() as session:
        who = await session.get(PersonRow, person, with_for_update=True)
        if who is None:
            raise NotFound
        _check_scope(asked.role, asked.scope, who)
        await _check_may_receive(session, who, asked.role, day)
        row = GrantRow(
            id=uuid.uuid4().hex,
            person=person,
            role=asked.role,
            scope=asked.scope,
            starts_on=asked.starts_on,
            ends_on=asked.ends_on,
            granted_by=viewer.id,
        )
        reasons = {}
        if asked.reason:
            ref = await texts.put(
                session, f"person:{person}", f"grant-{row.id}-reason", asked.reason, now=now
            )
            row.reason, reasons = ref.id, {"reason": ref}
        session.add(row)
        type_ = EventType.GRANT_PROPOSED if needs_two else EventType.GRANTED
        await _record(session, type_, _administrator(viewer), row, now, request_id, reasons)
        return (await views(session, viewer, [row], day))[0]


async def confirm_grant(
    office: Office, viewer: Viewer, grant_id: str, request_id: str
) -> dict[str, Any]:
    """The second person's yes; neither the one who proposed nor the one who receives."""
    check_administers(viewer)
    now = office.now()
    day = toronto_day(now)
    async with office.database.writing() as session:
        row = await _locked(session, grant_id)
        if viewer.id == row.person:
            raise Refused("not_to_oneself")
        if viewer.id == row.granted_by:
            raise Refused("second_person_needed")
        _check_is_proposed(row, day)
        who = await session.get_one(PersonRow, row.person, with_for_update=True)
        await _check_may_receive(session, who, Role(row.role), day, besides=row)
        row.confirmed_by, row.confirmed_on = viewer.id, day
        session.add(row)
        await _record(session, EventType.GRANTED, _administrator(viewer), row, now, request_id)
        return (await views(session, viewer, [row], day))[0]


async def drop_grant(
    office: Office, viewer: Viewer, grant_id: str, reason: str, request_id: str
) -> dict[str, Any]:
    """Withdraw what one proposed, or refuse what another did; for good."""
    check_administers(viewer)
    now = office.now()
    day = toronto_day(now)
    async with office.database.writing() as session:
        row = await _locked(session, grant_id)
        if viewer.id == row.person:
            raise Refused("not_to_oneself")
        _check_is_proposed(row, day)
        row.dropped_by = viewer.id
        session.add(row)
        ref = await texts.put(
            session, f"person:{row.person}", f"grant-{row.id}-dropped", reason, now=now
        )
        await _record(
            session, EventType.GRANT_DROPPED, _administrator(viewer), row, now, request_id,
            {"reason": ref},
        )  # fmt: skip
        return (await views(session, viewer, [row], day))[0]


async def end_grant(
    office: Office, viewer: Viewer, grant_id: str, ends_on: date, request_id: str
) -> dict[str, Any]:
    """End a grant on a day, earlier than it said; never later, and never one's own.

    One person's act. A signatory ends those of its own organization. Who holds nothing any more
    is signed out at once.
    """
    administers = viewer.holds(Role.ADMINISTRATOR)
    if not administers and not viewer.holds(Role.SIGNATORY):
        raise Forbidden("administrators_only")
    now = office.now()
    day = toronto_day(now)
    async with office.database.writing() as session:
        row = await session.get(GrantRow, grant_id, with_for_update=True)
        if row is None or not (administers or is_of_own(viewer, [row])):
            raise NotFound
        if row.person == viewer.id:
            raise Refused("not_to_oneself")
        if row.ends_on is not None and row.ends_on <= ends_on:
            raise Refused("ends_earlier_already", ends_on=row.ends_on.isoformat())
        row.ends_on = ends_on
        session.add(row)
        role = Role.ADMINISTRATOR if administers else Role.SIGNATORY
        actor = Actor(
            id=viewer.id, role=role, organization=None if administers else viewer.organization
        )
        await _record(session, EventType.GRANT_ENDED, actor, row, now, request_id)
        await store.end_sessions_without_grants(session, row.person, day)
        return (await views(session, viewer, [row], day))[0]


async def attest_grant(
    office: Office, viewer: Viewer, grant_id: str, request_id: str
) -> dict[str, Any]:
    """Say that a grant that decides is still needed; it holds for another year at most.

    One that has lapsed is granted anew, by two people.
    """
    check_administers(viewer)
    now = office.now()
    day = toronto_day(now)
    async with office.database.writing() as session:
        row = await _locked(session, grant_id)
        if viewer.id == row.person:
            raise Refused("not_to_oneself")
        standing = store.grant_of(row)
        state = rules.state_on(standing, day)
        if state is GrantState.LAPSED:
            raise Refused("grant_lapsed", on=_day(rules.attest_by(standing)))
        if rules.attest_by(standing) is None or not rules.may_hold_later(standing, day):
            raise Refused("nothing_to_attest", state=state)
        row.attested_by, row.attested_on = viewer.id, day
        session.add(row)
        await _record(
            session, EventType.GRANT_ATTESTED, _administrator(viewer), row, now, request_id
        )
        return (await views(session, viewer, [row], day))[0]


async def record_lapses(office: Office) -> int:
    """Record once that a grant lapsed for want of attestation; it has held no more since then."""
    now = office.now()
    day = toronto_day(now)
    async with office.database.reading() as session:
        found = [row.id for row in await _not_recorded(session) if _has_lapsed(row, day)]
    if not found:
        return 0
    async with office.database.writing() as session:
        for row in await _not_recorded(session):
            if not _has_lapsed(row, day):
                continue
            last = rules.attest_by(store.grant_of(row))
            assert last is not None  # noqa: S101 - it lapsed after that day
            row.lapsed_on = last + timedelta(days=1)
            session.add(row)
            await _record(
                session, EventType.GRANT_LAPSED, SYSTEM, row, now, None, lapsed_on=row.lapsed_on
            )
            await store.end_sessions_without_grants(session, row.person, day)
    return len(found)


async def _not_recorded(session: AsyncSession) -> list[GrantRow]:
    rows = await session.exec(
        select(GrantRow)
        .where(
            col(GrantRow.role).in_(rules.DECIDING_ROLES),
            col(GrantRow.confirmed_by).is_not(None),
            col(GrantRow.lapsed_on).is_(None),
        )
        .order_by(GrantRow.id)
    )
    return list(rows)


def _has_lapsed(row: GrantRow, day: date) -> bool:
    return rules.state_on(store.grant_of(row), day) is GrantState.LAPSED


# ---- what is checked


def check_administers(viewer: Viewer) -> None:
    if not viewer.holds(Role.ADMINISTRATOR):
        raise Forbidden("administrators_only")


def is_of_own(viewer: Viewer, rows: Iterable[GrantRow]) -> bool:
    """Whether one of *rows* is a role in an organization that *viewer* signs for."""
    return any(
        row.role in PARTNER_ROLES and viewer.holds(Role.SIGNATORY, row.scope) for row in rows
    )


def _check_asked(asked: GrantRequest) -> None:
    gaps = []
    if asked.ends_on is not None and asked.ends_on < asked.starts_on:
        gaps.append(Gap(pointer="/ends_on", code="ends_before_start"))
    if asked.role in rules.DECIDING_ROLES and asked.ends_on is None:
        gaps.append(Gap(pointer="/ends_on", code="end_date_needed"))
    if asked.role in rules.TWO_PERSON_ROLES and not (asked.reason or "").strip():
        gaps.append(Gap(pointer="/reason", code="reason_missing"))
    if gaps:
        raise Malformed(*gaps)


def _check_scope(role: Role, scope: str, who: PersonRow) -> None:
    if role in PARTNER_ROLES:
        known = scope == who.organization
    elif role is Role.REVIEWER:
        known = scope in set(Discipline)
    elif role in _DESK_ROLES:
        known = scope == ALL or scope in set(Desk)
    elif role is Role.APPROVER:
        known = scope in {level for level in LEVELS if level not in ON_PAPER}
    elif role in _EVERYWHERE:
        known = scope == ALL
    else:
        known = scope == ALL or _PROGRAMME.match(scope) is not None
    if not known:
        raise Malformed(Gap(pointer="/scope", code="unknown_scope", facts={"role": role.value}))


async def _check_may_receive(
    session: AsyncSession,
    who: PersonRow,
    role: Role,
    day: date,
    besides: GrantRow | None = None,
) -> None:
    """Only who is active; and an administrator holds no other role, nor is proposed for one."""
    if not who.active:
        raise Refused("person_not_active")
    if rules.mixes_administration(role, await _roles(session, who.id, day, besides)):
        raise Refused("administrator_holds_no_other_role")


def _check_is_proposed(row: GrantRow, day: date) -> None:
    state = rules.state_on(store.grant_of(row), day)
    if state is not GrantState.PROPOSED:
        raise Refused("nothing_to_confirm", state=state)


async def _roles(
    session: AsyncSession, person: str, day: date, besides: GrantRow | None = None
) -> set[Role]:
    """The roles that the person holds, or may come to hold by what is granted already."""
    return {
        Role(row.role)
        for row in await store.grants_of(session, person)
        if (besides is None or row.id != besides.id)
        and rules.may_hold_later(store.grant_of(row), day)
    }


async def _locked(session: AsyncSession, grant_id: str) -> GrantRow:
    row = await session.get(GrantRow, grant_id, with_for_update=True)
    if row is None:
        raise NotFound
    return row


# ---- how it is recorded and shown


def _administrator(viewer: Viewer) -> Actor:
    return Actor(id=viewer.id, role=Role.ADMINISTRATOR)


async def _record(
    session: AsyncSession,
    type_: EventType,
    actor: Actor,
    row: GrantRow,
    now: datetime,
    request_id: str | None,
    reasons: dict[str, TextRef] | None = None,
    lapsed_on: date | None = None,
) -> None:
    await session.flush()
    event = installation_event(
        type_, actor, f"grant:{row.id}:{type_}:{request_id or lapsed_on}", now,
        data=facts(row) | ({"lapsed_on": lapsed_on.isoformat()} if lapsed_on else {}),
        texts=reasons, request_id=request_id,
    )  # fmt: skip
    await notifications.record(session, event, now=now)


def facts(row: GrantRow) -> dict[str, Any]:
    """What an event tells of a grant."""
    return {
        "grant": row.id,
        "person": row.person,
        "role": row.role,
        "scope": row.scope,
        "starts_on": row.starts_on.isoformat(),
        "ends_on": _day(row.ends_on),
    }


async def views(
    session: AsyncSession, viewer: Viewer, rows: Iterable[GrantRow], day: date
) -> list[dict[str, Any]]:
    """Grants as they are shown; why one was proposed is read by administrators and auditors."""
    shown = list(rows)
    reads = any(viewer.holds(role) for role in _READS_GRANTS)
    words = await texts.read(session, [row.reason for row in shown if row.reason and reads])
    held: dict[str, set[Role]] = {row.person: set() for row in shown}
    for each in await store.grants_of(session, *held):
        if rules.may_hold_later(store.grant_of(each), day):
            held[each.person].add(Role(each.role))
    return [_view(row, words.get(row.reason or ""), held[row.person], day, viewer) for row in shown]


def _view(
    row: GrantRow, reason: str | None, held: set[Role], day: date, viewer: Viewer
) -> dict[str, Any]:
    standing = store.grant_of(row)
    state = rules.state_on(standing, day)
    codes = rules.warnings(standing.role, held) if rules.may_hold_later(standing, day) else ()
    return {
        "id": row.id,
        "person": row.person,
        "role": row.role,
        "scope": row.scope,
        "starts_on": row.starts_on.isoformat(),
        "ends_on": _day(row.ends_on),
        "reason": reason,
        "granted_by": row.granted_by,
        "confirmed_by": row.confirmed_by,
        "confirmed_on": _day(row.confirmed_on),
        "dropped_by": row.dropped_by,
        "attested_by": row.attested_by,
        "attested_on": _day(row.attested_on),
        "attest_by": _day(rules.attest_by(standing)),
        "state": state,
        "in_force": state is GrantState.IN_FORCE,
        "warnings": [
            {"code": code, "detail": sentence(GRANT_WARNINGS[code], {}, viewer.language)}
            for code in codes
        ],
    }


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None
