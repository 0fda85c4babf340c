"""People: who there is, what is written of them, and who may no longer sign in.

What they are granted is told by `commands.grants`, how they get a password by
`commands.passwords`. Names and addresses are texts beside the chain.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, exists, false, func, or_
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from commands import grants
from commands.office import Office
from policy.rules.clocks import toronto_day
from schemas.errors import Forbidden, NotFound, Refused, Stale
from schemas.events import EventType
from schemas.people import PARTNER_ROLES, Actor, Role, Viewer
from schemas.requests import PersonRequest
from store import people as store
from store import search, texts
from store.chain import append, installation_event
from store.tables import GrantRow, PersonRow


async def people(
    office: Office,
    viewer: Viewer,
    *,
    q: str | None = None,
    role: Role | None = None,
    organization: str | None = None,
    active: bool | None = None,
    limit: int,
    cursor: str | None,
) -> dict[str, Any]:
    """Everybody with every grant (administrators, auditors); a signatory's own organization.

    `role` finds those who hold it, and those who are proposed for it or will begin.
    """
    day = toronto_day(office.now())
    conditions = [_shown_to(viewer)]
    if q:
        like = search.contains(q.strip().casefold())
        conditions.append(
            or_(
                func.lower(col(PersonRow.name)).like(like, escape="\\"),
                col(PersonRow.email).like(like, escape="\\"),
            )
        )
    if role is not None:
        conditions.append(_has(_not_over(day), col(GrantRow.role) == role))
    if organization is not None:
        conditions.append(col(PersonRow.organization) == organization)
    if active is not None:
        conditions.append(col(PersonRow.active).is_(active))
    async with office.database.reading() as session:
        found, following = await store.page(
            session, conditions=conditions, limit=limit, cursor=cursor
        )
        items = await _views(session, viewer, found, day)
    return {"items": items, "next": following}


async def person(office: Office, viewer: Viewer, person_id: str) -> dict[str, Any]:
    """One person, to whoever may list them."""
    async with office.database.reading() as session:
        return await _shown(session, viewer, person_id, toronto_day(office.now()))


async def names(office: Office, viewer: Viewer, ids: Collection[str]) -> dict[str, str]:
    """What people are called, of those whom the reader may list."""
    async with office.database.reading() as session:
        found = await session.exec(
            select(PersonRow.id, PersonRow.name).where(
                col(PersonRow.id).in_(ids), _shown_to(viewer)
            )
        )
        return dict(found.all())


async def change(
    office: Office,
    viewer: Viewer,
    person_id: str,
    asked: PersonRequest,
    version: int,
    request_id: str,
) -> dict[str, Any]:
    """Another name, e-mail address or language (administrator; signatory, its own people).

    With another address, whoever waits with a link to a password is signed out of it too.
    """
    now = office.now()
    async with office.database.writing() as session:
        row, actor = await _changeable(session, viewer, person_id)
        if row.version != version:
            raise Stale(version=row.version)
        email = store.plain_email(asked.email)
        after = {"name": asked.name, "email": email, "language": asked.language.value}
        before = {"name": row.name, "email": row.email, "language": row.language}
        changed = sorted(name for name in after if after[name] != before[name])
        if changed:
            other = await store.by_email(session, email)
            if other is not None and other.id != row.id:
                raise Refused("address_in_use")
            row.name, row.email, row.language = asked.name, email, asked.language.value
            row.version += 1
            session.add(row)
            await session.flush()
            if "email" in changed:
                await store.end_sessions(session, row.id)
            ref = await texts.put(
                session, f"person:{row.id}", f"person-{row.id}-{row.version}", after, now=now
            )
            event = installation_event(
                EventType.PERSON_CHANGED, actor, f"person:{row.id}:{row.version}", now,
                data={"person": row.id, "changed": changed, "version": row.version},
                texts={"person": ref}, request_id=request_id,
            )  # fmt: skip
            await append(session, event, now=now)
        return await _shown(session, viewer, person_id, toronto_day(now))


async def set_active(
    office: Office, viewer: Viewer, person_id: str, reason: str, request_id: str, *, active: bool
) -> dict[str, Any]:
    """Let a person sign in no more, or again (administrators), never oneself.

    Deactivating ends every session and every link at once; grants stay as they are and give
    nothing meanwhile. Reactivating gives back what has neither ended nor lapsed.
    """
    grants.check_administers(viewer)
    if person_id == viewer.id:
        raise Refused("not_to_oneself")
    now = office.now()
    async with office.database.writing() as session:
        row = await session.get(PersonRow, person_id, with_for_update=True)
        if row is None:
            raise NotFound
        if row.active == active:
            raise Refused("active_already" if active else "not_active_already")
        row.active = active
        row.version += 1
        session.add(row)
        await session.flush()
        await store.end_sessions(session, row.id)
        type_ = EventType.PERSON_REACTIVATED if active else EventType.PERSON_DEACTIVATED
        ref = await texts.put(
            session, f"person:{row.id}", f"person-{row.id}-{row.version}-reason", reason, now=now
        )
        event = installation_event(
            type_, Actor(id=viewer.id, role=Role.ADMINISTRATOR), f"person:{row.id}:{row.version}",
            now, data={"person": row.id}, texts={"reason": ref}, request_id=request_id,
        )  # fmt: skip
        await append(session, event, now=now)
        return await _shown(session, viewer, person_id, toronto_day(now))


async def _changeable(
    session: AsyncSession, viewer: Viewer, person_id: str
) -> tuple[PersonRow, Actor]:
    """The person, if *viewer* may write about them, and who writes."""
    row = await session.get(PersonRow, person_id, with_for_update=True)
    if viewer.holds(Role.ADMINISTRATOR):
        if row is None:
            raise NotFound
        return row, Actor(id=viewer.id, role=Role.ADMINISTRATOR)
    if not viewer.holds(Role.SIGNATORY):
        raise Forbidden("administrators_and_signatories_only")
    rows = await store.grants_of(session, person_id) if row is not None else []
    # Whoever is also something else is not the organization's own to rename.
    if row is None or not rows or not all(grants.is_of_own(viewer, [each]) for each in rows):
        raise NotFound
    return row, Actor(id=viewer.id, role=Role.SIGNATORY, organization=viewer.organization)


def _shown_to(viewer: Viewer) -> ColumnElement[bool]:
    if viewer.holds(Role.ADMINISTRATOR) or viewer.holds(Role.AUDITOR):
        return ~false()
    own = [grant.scope for grant in viewer.grants if grant.role is Role.SIGNATORY]
    if not own:
        raise Forbidden("administrators_only")
    return _has(col(GrantRow.role).in_(PARTNER_ROLES), col(GrantRow.scope).in_(own))


def _has(*conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists().where(col(GrantRow.person) == col(PersonRow.id), *conditions)


def _not_over(day: date) -> ColumnElement[bool]:
    ends_on = col(GrantRow.ends_on)
    return col(GrantRow.dropped_by).is_(None) & or_(ends_on.is_(None), ends_on >= day)


async def _shown(
    session: AsyncSession, viewer: Viewer, person_id: str, day: date
) -> dict[str, Any]:
    only = [_shown_to(viewer), col(PersonRow.id) == person_id]
    found, _ = await store.page(session, conditions=only, limit=1, cursor=None)
    if not found:
        raise NotFound
    [shown] = await _views(session, viewer, found, day)
    return shown


async def _views(
    session: AsyncSession,
    viewer: Viewer,
    found: Sequence[tuple[PersonRow, list[GrantRow]]],
    day: date,
) -> list[dict[str, Any]]:
    """People as they are shown; the grants of all of them are read at once."""
    every = await grants.views(session, viewer, [row for _, rows in found for row in rows], day)
    told = {each["id"]: each for each in every}
    return [_view(person, [told[row.id] for row in rows]) for person, rows in found]


def _view(row: PersonRow, told: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "id": row.id,
        "name": row.name,
        "email": row.email,
        "organization": row.organization,
        "language": row.language,
        "active": row.active,
        "demonstration": row.demonstration,
        "version": row.version,
        "grants": told,
    }
