"""Organizations: who they are, and who directs and owns them.

Staff confirm the kind. A change of the name, the country or the people screens what is alive of
the organization anew: the messages that ask for it are left in the transaction of the change.
"""

from __future__ import annotations

import uuid
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any

from pydantic import Field
from sqlmodel.ext.asyncio.session import AsyncSession

from commands.office import Office
from schemas.errors import Forbidden, Gap, Malformed, NotFound, Stale
from schemas.events import EventType
from schemas.people import PARTNER_ROLES, Actor, Role, Viewer
from schemas.proposal import Line, NamedParty, PartnerKind, Relation
from schemas.values import CountryCode, Language, Value
from store import people as store
from store import rescreening, texts
from store.chain import append, installation_event
from store.tables import OrganizationRow

_KEEPS_ORGANIZATIONS = (Role.PROGRAMME_OFFICER, Role.ADMINISTRATOR)
RELATIONS = (Relation.DIRECTOR, Relation.BENEFICIAL_OWNER)
_WHOLE = Decimal(100)

_Identifiers = dict[Annotated[str, Field(max_length=64)], Annotated[str, Field(max_length=200)]]


class OrganizationContent(Value):
    """An organization as it is written down; `people` are its directors and owners."""

    name: Annotated[Line, Field(min_length=1)]
    kind: PartnerKind
    country: CountryCode | None = None
    identifiers: _Identifiers = Field(default={}, max_length=20)
    language: Language = Language.ENGLISH
    people: Annotated[tuple[NamedParty, ...], Field(max_length=200)] = ()


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
    _check_people(content)
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
        _check_people(content)
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
            await rescreening.begin(
                session, f"organization:{row.id}:{row.version}", {"organization": row.id},
                now=now, organization=row.id,
            )  # fmt: skip
    return _organization(row)


def _check_people(content: OrganizationContent) -> None:
    """Directors and owners alone, whose shares make no more than the whole."""
    gaps = [
        Gap(pointer=f"/people/{number}/relation", code="neither_director_nor_owner")
        for number, each in enumerate(content.people)
        if each.relation not in RELATIONS
    ]
    shares = sum((each.share_percent or Decimal(0) for each in content.people), Decimal(0))
    if shares > _WHOLE:
        gaps.append(Gap(pointer="/people", code="shares_above_whole", facts={"sum": str(shares)}))
    if gaps:
        raise Malformed(*gaps)


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
