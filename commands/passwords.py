"""Invitations: one-time links with which a person sets a first or a forgotten password.

An administrator makes them for everybody, a signatory for its own organization. Where e-mail is
configured the link travels in an e-mail to the person and nowhere else: until that has left it is
kept under the wrapping key, then its digest alone. Without e-mail whoever made it is given it, and
hands it over. Making a new link, like using one, ends those before it; setting a password ends
every session of the person.
"""

import secrets
import uuid
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, delete
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from commands import grants, signing_in
from commands.office import Office
from commands.screening import OPERATOR
from policy.rules.clocks import toronto_day
from schemas.errors import AccordError, Forbidden, Gap, Malformed, Refused
from schemas.events import EventType, Recorded
from schemas.notifications import NotificationKind, Reader, Told
from schemas.people import ALL, PARTNER_ROLES, Actor, Role, Viewer
from schemas.requests import InvitationRequest
from schemas.values import Language, instant
from store import notifications
from store import people as store
from store.chain import append, installation_event
from store.tables import (
    GrantRow,
    NotificationRow,
    OrganizationRow,
    PasswordLinkRow,
    PersonRow,
    TokenRow,
)

LIFETIME = timedelta(days=3)
ADMINISTRATORS_NEEDED = 2
"""Fewer can grant no role that takes two people."""
_PATH = "/people/passwords"


class LinkGone(AccordError):
    """The link is unknown, used or too old (404, told alike)."""

    status = 404


async def invite(
    office: Office, viewer: Viewer, asked: InvitationRequest, request_id: str
) -> dict[str, Any]:
    """A one-time link for a new person, or for one who is known by this e-mail address."""
    role = _role_of(viewer)
    now, link = office.now(), secrets.token_urlsafe(32)
    digest = store.token_digest(link)
    async with office.database.writing() as session:
        person = await store.by_email(session, asked.email)
        if person is None:
            person = await _add(session, office, viewer, role, asked, request_id)
        else:
            await _check_may_renew(session, viewer, role, person)
        await session.exec(delete(PasswordLinkRow).where(col(PasswordLinkRow.person) == person.id))
        expires_at = now + LIFETIME
        session.add(
            PasswordLinkRow(
                digest=digest,
                person=person.id,
                made_by=viewer.id,
                expires_at=expires_at,
                sealed=office.keys.seal(link, digest) if office.mail else None,
            )
        )
        made = installation_event(
            EventType.PASSWORD_LINK_MADE, _actor(viewer, role), f"password-link:{request_id}", now,
            data={"person": person.id}, request_id=request_id,
        )  # fmt: skip
        recorded = await append(session, made, now=now)
        if office.mail is not None and recorded is not None:
            await _send(session, recorded, person, digest, now)
        return {
            "person": person.id,
            "name": person.name,
            "organization": person.organization,
            "link": None if office.mail else link,
            "sent_to": person.email if office.mail else None,
            "path": _PATH,
            "expires_at": instant(expires_at),
        }


async def invite_first_administrators(
    office: Office, *, name: str, email: str, language: Language
) -> dict[str, Any]:
    """At the machine itself: a link for one of the first two administrators.

    While fewer than two exist nobody could confirm a grant, so that the operator stands for
    both persons here. Later they are made like everybody: one proposes, another confirms. One
    who has never signed in gets another link, since the first may have run out.
    """
    now, link = office.now(), secrets.token_urlsafe(32)
    day = toronto_day(now)
    async with office.database.writing() as session:
        there = await store.administrators(session, day)
        person = await store.by_email(session, email)
        known = person is not None and person.id in {each.id for each in there}
        if person is not None and not (known and person.password_hash is None):
            raise Refused("address_in_use")
        if person is None:
            if len(there) >= ADMINISTRATORS_NEEDED:
                raise Refused("administrators_exist", count=len(there))
            person = await _add_administrator(session, office, name, email, language)
        await session.exec(delete(PasswordLinkRow).where(col(PasswordLinkRow.person) == person.id))
        expires_at = now + LIFETIME
        session.add(
            PasswordLinkRow(
                digest=store.token_digest(link),
                person=person.id,
                made_by=OPERATOR.id,
                expires_at=expires_at,
            )
        )
        made = installation_event(
            EventType.PASSWORD_LINK_MADE, OPERATOR, f"password-link:{secrets.token_hex(12)}", now,
            data={"person": person.id},
        )  # fmt: skip
        await append(session, made, now=now)
    return {"link": link, "path": _PATH, "expires_at": instant(expires_at)}


async def _add_administrator(
    session: AsyncSession, office: Office, name: str, email: str, language: Language
) -> PersonRow:
    now = office.now()
    person = PersonRow(
        id=uuid.uuid4().hex,
        email=store.plain_email(email),
        name=name,
        language=language,
        demonstration=office.demonstration,
    )
    session.add(person)
    await session.flush()
    grant = GrantRow(
        id=uuid.uuid4().hex,
        person=person.id,
        role=Role.ADMINISTRATOR,
        scope=ALL,
        starts_on=toronto_day(now),
        granted_by=OPERATOR.id,
        confirmed_by=OPERATOR.id,
        confirmed_on=toronto_day(now),
    )
    session.add(grant)
    await session.flush()
    for type_, key, data in (
        (EventType.PERSON_ADDED, f"person:{person.id}", {"person": person.id} | _marked(office)),
        (EventType.GRANTED, f"grant:{grant.id}", grants.facts(grant)),
    ):
        await append(session, installation_event(type_, OPERATOR, key, now, data=data), now=now)
    return person


async def _send(
    session: AsyncSession, made: Recorded, person: PersonRow, digest: str, now: datetime
) -> None:
    """Leave the e-mail that brings the link, in place of any with an earlier link."""
    kind = NotificationKind.PASSWORD_LINK
    row = NotificationRow
    earlier = and_(col(row.person) == person.id, col(row.kind) == kind.value)
    await notifications.withdraw(session, earlier, now=now)
    told = Told(kind=kind, reader=Reader.SELF, person=person.id, link=digest)
    await notifications.tell_all(session, [(made, told)], now=now)


async def set_password(
    office: Office, link: str, password: str, address: str, request_id: str
) -> dict[str, Any]:
    """Set a password with a link, once; whoever guesses links is slowed down like at sign-in."""
    now = office.now()
    signing_in.check_guesses(office, address)
    hashed = await signing_in.hashed(office, password)
    digest = store.token_digest(link)
    async with office.database.writing() as session:
        row = await session.get(PasswordLinkRow, digest, with_for_update=True)
        person = await session.get(PersonRow, row.person) if row else None
        good = row is not None and row.used_at is None and row.expires_at > now
        if row is not None and person is not None and person.active and good:
            row.used_at, row.sealed = now, None
            person.password_hash = hashed
            session.add_all([row, person])
            await session.exec(delete(TokenRow).where(col(TokenRow.person) == person.id))
            done = installation_event(
                EventType.PASSWORD_SET, Actor(id=person.id), f"password:{request_id}", now,
                data={"person": person.id}, request_id=request_id,
            )  # fmt: skip
            await append(session, done, now=now)
            return {"email": person.email}
    signing_in.count_guess(office, address)
    raise LinkGone("link_gone")


def _role_of(viewer: Viewer) -> Role:
    for role in (Role.ADMINISTRATOR, Role.SIGNATORY):
        if viewer.holds(role):
            return role
    raise Forbidden("administrators_and_signatories_only")


def _actor(viewer: Viewer, role: Role) -> Actor:
    own = viewer.organization if role is Role.SIGNATORY else None
    return Actor(id=viewer.id, role=role, organization=own)


async def _check_may_renew(
    session: AsyncSession, viewer: Viewer, role: Role, person: PersonRow
) -> None:
    """A signatory makes links for people whose only roles are those of its organization."""
    if person.id == viewer.id:
        raise Refused("not_to_oneself")
    if not person.active:
        raise Refused("person_not_active")
    if role is Role.ADMINISTRATOR:
        return
    grants = await store.grants_of(session, person.id)
    theirs = all(
        row.role in PARTNER_ROLES and viewer.holds(Role.SIGNATORY, row.scope) for row in grants
    )
    if not grants or not theirs:
        raise Refused("address_in_use")


async def _add(
    session: AsyncSession,
    office: Office,
    viewer: Viewer,
    role: Role,
    asked: InvitationRequest,
    request_id: str,
) -> PersonRow:
    now = office.now()
    organization = _organization(viewer, role, asked)
    gaps = []
    if asked.name is None:
        gaps.append(Gap(pointer="/name", code="required"))
    if organization is not None and asked.role is None:
        gaps.append(Gap(pointer="/role", code="required"))
    if organization is None and asked.role is not None:
        gaps.append(Gap(pointer="/organization", code="required"))
    if organization is not None and await session.get(OrganizationRow, organization) is None:
        gaps.append(Gap(pointer="/organization", code="unknown_organization"))
    if gaps:
        raise Malformed(*gaps)
    person = PersonRow(
        id=uuid.uuid4().hex,
        email=store.plain_email(asked.email),
        name=asked.name or "",
        organization=organization,
        language=asked.language,
        demonstration=office.demonstration,
    )
    session.add(person)
    await session.flush()
    actor = _actor(viewer, role)
    added = installation_event(
        EventType.PERSON_ADDED, actor, f"person:{person.id}", now,
        data={"person": person.id, "organization": organization} | _marked(office),
    )  # fmt: skip
    await append(session, added, now=now)
    if organization is not None and asked.role is not None:
        grant = GrantRow(
            id=uuid.uuid4().hex,
            person=person.id,
            role=asked.role,
            scope=organization,
            starts_on=toronto_day(now),
            granted_by=viewer.id,
        )
        session.add(grant)
        await session.flush()
        granted = installation_event(
            EventType.GRANTED, actor, f"grant:{grant.id}:proposed:{request_id}", now,
            data=grants.facts(grant),
        )  # fmt: skip
        await append(session, granted, now=now)
    return person


def _marked(office: Office) -> dict[str, bool]:
    """Whoever is added to a demonstration is part of it, and never of a real installation."""
    return {"demonstration": True} if office.demonstration else {}


def _organization(viewer: Viewer, role: Role, asked: InvitationRequest) -> str | None:
    if role is Role.ADMINISTRATOR:
        return asked.organization
    own = [g.scope for g in viewer.grants if g.role is Role.SIGNATORY]
    if asked.organization is not None and asked.organization not in own:
        raise Forbidden("other_organization")
    return asked.organization or own[0]
