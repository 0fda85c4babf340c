"""People and their grants (administrators), and organizations.

Roles that decide are granted by two people, never to oneself, with an end date: the grant is
proposed by one administrator and holds once another has confirmed it (product.md, section 2).
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable
from datetime import date, datetime
from typing import Annotated, Any

from pydantic import Field
from sqlmodel.ext.asyncio.session import AsyncSession

from commands.office import Office
from policy.rules.clocks import toronto_day
from schemas.errors import Forbidden, Gap, Malformed, NotFound, Refused, Stale
from schemas.events import EventType
from schemas.people import (
    ALL,
    LEVELS,
    ON_PAPER,
    PARTNER_ROLES,
    Actor,
    Desk,
    Discipline,
    Role,
    Viewer,
)
from schemas.proposal import Line, NamedParty, PartnerKind
from schemas.values import CountryCode, Language, Value
from store import people as store
from store import texts
from store.chain import append, installation_event
from store.hits import ask_rescreening
from store.tables import GrantRow, OrganizationRow, PersonRow

_PROGRAMME = re.compile(r"^[A-Z]{3,6}(-[A-Z]{3})?$")
_DESK_ROLES = (Role.DESK_OFFICER, Role.HEAD_OF_DESK)
_EVERYWHERE = (Role.LEGAL, Role.ADMINISTRATOR, Role.AUDITOR)
_KEEPS_ORGANIZATIONS = (Role.PROGRAMME_OFFICER, Role.ADMINISTRATOR)


_Identifiers = dict[Annotated[str, Field(max_length=64)], Annotated[str, Field(max_length=200)]]


class OrganizationContent(Value):
    """An organization as it is written down; `people` are its directors and owners."""

    name: Annotated[Line, Field(min_length=1)]
    kind: PartnerKind
    country: CountryCode | None = None
    identifiers: _Identifiers = Field(default={}, max_length=20)
    language: Language = Language.ENGLISH
    people: Annotated[tuple[NamedParty, ...], Field(max_length=200)] = ()


# ---- grants


async def people(office: Office, viewer: Viewer) -> list[dict[str, Any]]:
    """Everybody with every grant (administrators, auditors); a signatory's own organization."""
    everybody = viewer.holds(Role.ADMINISTRATOR) or viewer.holds(Role.AUDITOR)
    if not everybody and not viewer.holds(Role.SIGNATORY):
        raise Forbidden("administrators_only")
    today = toronto_day(office.now())
    async with office.database.reading() as session:
        found = await store.all_people(session)
        return [
            {
                "id": person.id,
                "name": person.name,
                "email": person.email,
                "organization": person.organization,
                "active": person.active,
                "demonstration": person.demonstration,
                "grants": [_grant(row, today) for row in grants],
            }
            for person, grants in found
            if everybody or _is_of_own(viewer, grants)
        ]


async def grant(
    office: Office,
    viewer: Viewer,
    *,
    person: str,
    role: Role,
    scope: str,
    starts_on: date,
    ends_on: date | None,
    request_id: str,
) -> dict[str, Any]:
    """Grant a role; one that decides holds only once another administrator has confirmed it."""
    _check_administers(viewer)
    if person == viewer.id:
        raise Refused("not_to_oneself")
    if ends_on is not None and ends_on < starts_on:
        raise Malformed(Gap(pointer="/ends_on", code="ends_before_start"))
    if role in store.DECIDING_ROLES and ends_on is None:
        raise Malformed(Gap(pointer="/ends_on", code="end_date_needed"))
    now = office.now()
    async with office.database.writing() as session:
        who = await session.get(PersonRow, person)
        if who is None:
            raise NotFound
        _check_scope(role, scope, who)
        await _check_administers_only(session, who, role, toronto_day(now))
        row = GrantRow(
            id=uuid.uuid4().hex,
            person=person,
            role=role,
            scope=scope,
            starts_on=starts_on,
            ends_on=ends_on,
            granted_by=viewer.id,
        )
        session.add(row)
        await _record_grant(session, office, viewer, row, "proposed", request_id)
    return _grant(row, toronto_day(now))


async def confirm_grant(
    office: Office, viewer: Viewer, grant_id: str, request_id: str
) -> dict[str, Any]:
    """The second person's yes; neither the one who granted nor the one who receives."""
    _check_administers(viewer)
    async with office.database.writing() as session:
        row = await session.get(GrantRow, grant_id)
        if row is None:
            raise NotFound
        if viewer.id == row.person:
            raise Refused("not_to_oneself")
        if viewer.id == row.granted_by:
            raise Refused("second_person_needed")
        if row.role not in store.DECIDING_ROLES or row.confirmed_by is not None:
            raise Refused("nothing_to_confirm")
        who = await session.get_one(PersonRow, row.person)
        await _check_administers_only(session, who, Role(row.role), toronto_day(office.now()))
        row.confirmed_by = viewer.id
        session.add(row)
        await _record_grant(session, office, viewer, row, "confirmed", request_id)
    return _grant(row, toronto_day(office.now()))


async def end_grant(
    office: Office, viewer: Viewer, grant_id: str, ends_on: date, request_id: str
) -> dict[str, Any]:
    """End a grant on a day, earlier than it said; never later, and never one's own.

    A signatory ends those of its own organization.
    """
    administers = viewer.holds(Role.ADMINISTRATOR)
    if not administers and not viewer.holds(Role.SIGNATORY):
        raise Forbidden("administrators_only")
    async with office.database.writing() as session:
        row = await session.get(GrantRow, grant_id)
        if row is None or not (administers or _is_of_own(viewer, [row])):
            raise NotFound
        if row.person == viewer.id:
            raise Refused("not_to_oneself")
        if row.ends_on is not None and row.ends_on <= ends_on:
            raise Refused("ends_earlier_already", ends_on=row.ends_on.isoformat())
        row.ends_on = ends_on
        session.add(row)
        await _record_grant(session, office, viewer, row, "ended", request_id)
    return _grant(row, toronto_day(office.now()))


def _is_of_own(viewer: Viewer, grants: Iterable[GrantRow]) -> bool:
    """Whether one of *grants* is a role in an organization that *viewer* signs for."""
    return any(
        row.role in PARTNER_ROLES and viewer.holds(Role.SIGNATORY, row.scope) for row in grants
    )


def _check_administers(viewer: Viewer) -> None:
    if not viewer.holds(Role.ADMINISTRATOR):
        raise Forbidden("administrators_only")


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


async def _check_administers_only(
    session: AsyncSession, who: PersonRow, role: Role, today: date
) -> None:
    others = {
        row.role
        for row in await store.grants_of(session, who.id)
        if row.ends_on is None or row.ends_on >= today
    }
    if role is Role.ADMINISTRATOR and others - {Role.ADMINISTRATOR}:
        raise Refused("administrator_holds_no_other_role")
    if role is not Role.ADMINISTRATOR and Role.ADMINISTRATOR in others:
        raise Refused("administrator_holds_no_other_role")


async def _record_grant(
    session: AsyncSession,
    office: Office,
    viewer: Viewer,
    row: GrantRow,
    act: str,
    request_id: str,
) -> None:
    data = {
        "act": act,
        "grant": row.id,
        "person": row.person,
        "role": row.role,
        "scope": row.scope,
        "starts_on": row.starts_on.isoformat(),
        "ends_on": row.ends_on.isoformat() if row.ends_on else None,
    }
    now = office.now()
    role = Role.ADMINISTRATOR if viewer.holds(Role.ADMINISTRATOR) else Role.SIGNATORY
    actor = Actor(id=viewer.id, role=role)
    await session.flush()
    event = installation_event(
        EventType.GRANTED, actor, f"grant:{row.id}:{act}:{request_id}", now, data=data,
        request_id=request_id,
    )  # fmt: skip
    await append(session, event, now=now)


def _grant(row: GrantRow, today: date) -> dict[str, Any]:
    return {
        "id": row.id,
        "person": row.person,
        "role": row.role,
        "scope": row.scope,
        "starts_on": row.starts_on.isoformat(),
        "ends_on": row.ends_on.isoformat() if row.ends_on else None,
        "granted_by": row.granted_by,
        "confirmed_by": row.confirmed_by,
        "in_force": store.holds_on(row, today),
    }


# ---- organizations


async def organizations(office: Office, viewer: Viewer) -> list[dict[str, Any]]:
    """All for staff; a partner's own."""
    async with office.database.reading() as session:
        rows = await store.organizations(session)
        return [_organization(row) for row in rows if _sees(viewer, row.id)]


async def organization(office: Office, viewer: Viewer, organization_id: str) -> dict[str, Any]:
    async with office.database.reading() as session:
        row = await session.get(OrganizationRow, organization_id)
        if row is None or not _sees(viewer, row.id):
            raise NotFound
        return _organization(row)


async def create_organization(
    office: Office, viewer: Viewer, content: OrganizationContent, request_id: str
) -> dict[str, Any]:
    """Write down a new organization; its kind counts as confirmed when an officer writes it."""
    role = _keeper_role(viewer)
    if role is None:
        raise Forbidden("officers_and_administrators_only")
    now = office.now()
    row = OrganizationRow(
        id=uuid.uuid4().hex, name="", kind="", people=[], identifiers={},
        demonstration=office.demonstration,
    )  # fmt: skip
    _fill(row, content)
    row.kind_confirmed = role is Role.PROGRAMME_OFFICER
    async with office.database.writing() as session:
        session.add(row)
        await session.flush()
        await _record_organization(
            session, EventType.ORGANIZATION_ADDED, Actor(id=viewer.id, role=role), row,
            {"kind": row.kind, "kind_confirmed": row.kind_confirmed}, request_id, now,
        )  # fmt: skip
    return _organization(row)


async def update_organization(
    office: Office,
    viewer: Viewer,
    organization_id: str,
    content: OrganizationContent,
    version: int,
    request_id: str,
) -> dict[str, Any]:
    """Replace what is written about an organization.

    A programme officer's edit confirms its kind; anybody else's change of kind needs to be
    confirmed again. A change of its name or people screens what is alive of it anew.
    """
    role = _keeper_role(viewer)
    if role is None and viewer.holds(Role.SIGNATORY, organization_id):
        role = Role.SIGNATORY
    now = office.now()
    async with office.database.writing() as session:
        row = await session.get(OrganizationRow, organization_id, with_for_update=True)
        if row is None or not _sees(viewer, organization_id):
            raise NotFound
        if role is None:
            raise Forbidden("signatories_and_officers_only")
        if row.version != version:
            raise Stale(version=row.version)
        before = _organization(row)
        _fill(row, content)
        if role is Role.PROGRAMME_OFFICER:
            row.kind_confirmed = True
        elif row.kind != before["kind"]:
            row.kind_confirmed = False
        after = _organization(row)
        changed = sorted(key for key in after if after[key] != before[key])
        if not changed:
            return before
        row.version += 1
        session.add(row)
        data = {"changed": changed, "kind": row.kind, "kind_confirmed": row.kind_confirmed,
                "version": row.version}  # fmt: skip
        actor = Actor(
            id=viewer.id,
            role=role,
            organization=organization_id if role is Role.SIGNATORY else None,
        )
        await _record_organization(
            session, EventType.ORGANIZATION_CHANGED, actor, row, data, request_id, now
        )
        if {"name", "people", "country"} & set(changed):
            await ask_rescreening(
                session, f"organization:{row.id}:{row.version}", {"organization": row.id},
                now=now, organization=row.id,
            )  # fmt: skip
    return _organization(row)


def _sees(viewer: Viewer, organization_id: str) -> bool:
    return viewer.is_staff or any(
        grant.role in PARTNER_ROLES and grant.scope == organization_id for grant in viewer.grants
    )


def _keeper_role(viewer: Viewer) -> Role | None:
    return next((role for role in _KEEPS_ORGANIZATIONS if viewer.holds(role)), None)


def _fill(row: OrganizationRow, content: OrganizationContent) -> None:
    dumped = content.model_dump(mode="json")
    row.name, row.kind, row.country = dumped["name"], dumped["kind"], dumped["country"]
    row.identifiers, row.language = dumped["identifiers"], dumped["language"]
    row.people = dumped["people"]


async def _record_organization(
    session: AsyncSession,
    type_: EventType,
    actor: Actor,
    row: OrganizationRow,
    data: dict[str, Any],
    request_id: str,
    now: datetime,
) -> None:
    written = _organization(row)
    ref = await texts.put(
        session, f"organization:{row.id}", f"organization-{row.id}-{row.version}", written, now=now
    )
    event = installation_event(
        type_,
        actor,
        f"organization:{row.id}:{row.version}",
        now,
        data={"organization": row.id, **data},
        texts={"organization": ref},
        request_id=request_id,
    )
    await append(session, event, now=now)


def _organization(row: OrganizationRow) -> dict[str, Any]:
    return {
        "id": row.id,
        "name": row.name,
        "kind": row.kind,
        "kind_confirmed": row.kind_confirmed,
        "country": row.country,
        "identifiers": dict(row.identifiers),
        "language": row.language,
        "people": list(row.people),
        "version": row.version,
        "demonstration": row.demonstration,
    }
