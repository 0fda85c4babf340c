"""People, what they are granted, and their signed-in sessions; organizations.

Whether a grant may be given is told by `commands.people`.
"""

import hashlib
from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import delete
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from schemas.people import Candidate, Role, Viewer
from store.tables import GrantRow, OrganizationRow, PersonRow, TokenRow

DECIDING_ROLES = frozenset(Role) - {
    Role.CONTRIBUTOR,
    Role.SIGNATORY,
    Role.ADMINISTRATOR,
    Role.AUDITOR,
}
"""Granted by two people, with an end date; until the second confirms, such a grant is none."""


def token_digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def plain_email(email: str) -> str:
    """The one form of an address that is kept and looked up."""
    return email.strip().casefold()


async def by_email(session: AsyncSession, email: str) -> PersonRow | None:
    found = await session.exec(select(PersonRow).where(PersonRow.email == plain_email(email)))
    return found.first()


async def viewer_by_token(
    session: AsyncSession, token: str, *, now: datetime, day: date
) -> Viewer | None:
    """Who holds *token*, with the grants of *day*; None once it ran out or nothing is granted."""
    rows = (
        await session.exec(
            select(PersonRow, GrantRow)
            .join(TokenRow, col(TokenRow.person) == col(PersonRow.id))
            .join(GrantRow, col(GrantRow.person) == col(PersonRow.id))
            .where(
                TokenRow.digest == token_digest(token),
                TokenRow.expires_at > now,
                col(PersonRow.active).is_(True),
            )
            .order_by(GrantRow.role, GrantRow.scope)
        )
    ).all()
    if not rows:
        return None
    return viewer(rows[0][0], [grant for _, grant in rows], day)


async def viewer_of_person(session: AsyncSession, person: PersonRow, day: date) -> Viewer | None:
    """The person with the grants of *day*; None when nothing is granted."""
    return viewer(person, await grants_of(session, person.id), day)


def viewer(person: PersonRow, grants: Sequence[GrantRow], day: date) -> Viewer | None:
    held = tuple(
        dict.fromkeys(
            Candidate(role=Role(grant.role), scope=grant.scope)
            for grant in grants
            if holds_on(grant, day)
        )
    )
    if not person.active or not held:
        return None
    return Viewer(
        id=person.id,
        name=person.name,
        email=person.email,
        organization=person.organization,
        language=person.language,
        grants=held,
    )


def holds_on(grant: GrantRow, day: date) -> bool:
    """Whether the grant is in force on *day*: begun, not ended, and confirmed where it must be."""
    if grant.role in DECIDING_ROLES and grant.confirmed_by is None:
        return False
    return grant.starts_on <= day and (grant.ends_on is None or day <= grant.ends_on)


async def grants_of(session: AsyncSession, person: str) -> Sequence[GrantRow]:
    found = await session.exec(
        select(GrantRow)
        .where(GrantRow.person == person)
        .order_by(GrantRow.role, GrantRow.scope, GrantRow.id)
    )
    return found.all()


async def all_people(session: AsyncSession) -> list[tuple[PersonRow, list[GrantRow]]]:
    """Everybody with every grant they have ever held, by name."""
    people = await session.exec(select(PersonRow).order_by(PersonRow.name, PersonRow.id))
    grants: dict[str, list[GrantRow]] = {}
    for grant in await session.exec(select(GrantRow).order_by(GrantRow.role, GrantRow.scope)):
        grants.setdefault(grant.person, []).append(grant)
    return [(person, grants.get(person.id, [])) for person in people]


async def keep_token(
    session: AsyncSession, token: str, person: str, *, now: datetime, expires_at: datetime
) -> None:
    """Keep a session's digest, and forget the person's sessions that ran out."""
    await session.exec(
        delete(TokenRow).where(col(TokenRow.person) == person, col(TokenRow.expires_at) <= now)
    )
    session.add(TokenRow(digest=token_digest(token), person=person, expires_at=expires_at))


async def organizations(session: AsyncSession) -> Sequence[OrganizationRow]:
    found = await session.exec(
        select(OrganizationRow).order_by(OrganizationRow.name, OrganizationRow.id)
    )
    return found.all()
