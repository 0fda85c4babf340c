"""People, what they are granted, and their signed-in sessions; organizations.

Whether a grant may be given is told by `commands.people`.
"""

import hashlib
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, func, or_
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from policy.rules import grants as rules
from schemas.people import ALL, Candidate, Delegated, Grant, GrantState, Role, Viewer
from store import delegations
from store.paging import cursor_after, read_cursor
from store.tables import GrantRow, OrganizationRow, PasswordLinkRow, PersonRow, TokenRow


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
) -> tuple[Viewer | None, datetime | None]:
    """Who holds *token*, with the grants of *day*, and when it was last used.

    Nobody once it ran out or nothing is granted.
    """
    rows = (
        await session.exec(
            select(PersonRow, GrantRow, delegations.stands_in(PersonRow.id), TokenRow.used_at)
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
        return None, None
    person, _, stands_in, used_at = rows[0]
    delegated = await delegated_to(session, person.id, day) if stands_in else ()
    return viewer(person, [row[1] for row in rows], day, delegated), used_at


async def viewer_of_person(session: AsyncSession, person: PersonRow, day: date) -> Viewer | None:
    """The person with the grants of *day*; None when nothing is granted."""
    delegated = await delegated_to(session, person.id, day)
    return viewer(person, await grants_of(session, person.id), day, delegated)


async def delegated_to(session: AsyncSession, person: str, day: date) -> tuple[Delegated, ...]:
    """What others let *person* do on *day*: as far as they may do it themselves that day."""
    found: list[Delegated] = []
    for row, giver in await delegations.in_force(session, day, receiver=person):
        own = [g for g in await grants_of(session, giver.id) if holds_on(g, day)]
        recused = await delegations.recusals_of(session, giver.id)
        found += [
            Delegated(
                role=Role(given["role"]),
                scope=given["scope"],
                giver=giver.id,
                giver_organization=giver.organization,
                delegation=row.id,
                recused=recused,
            )
            for given in row.grants
            if any(g.role == given["role"] and g.scope in (given["scope"], ALL) for g in own)
        ]
    return tuple(found)


def viewer(
    person: PersonRow,
    grants: Sequence[GrantRow],
    day: date,
    delegated: tuple[Delegated, ...] = (),
) -> Viewer | None:
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
        delegated=delegated,
    )


def holds_on(row: GrantRow, day: date) -> bool:
    """Whether the grant gives anything on *day* (`policy.rules.grants`)."""
    return rules.holds_on(grant_of(row), day)


def held_on(grant: Any, day: date) -> list[ColumnElement[bool]]:
    """`holds_on` in SQL, on `GrantRow` or an alias of it."""
    two = sorted(rules.TWO_PERSON_ROLES)
    attested_on = func.coalesce(grant.attested_on, grant.confirmed_on, grant.starts_on)
    return [
        col(grant.dropped_by).is_(None),
        col(grant.starts_on) <= day,
        or_(col(grant.ends_on).is_(None), col(grant.ends_on) >= day),
        or_(col(grant.role).not_in(two), col(grant.confirmed_by).is_not(None)),
        or_(
            col(grant.role).not_in(sorted(rules.DECIDING_ROLES)),
            attested_on >= rules.a_year_before(day),
        ),
    ]


def grant_of(row: GrantRow) -> Grant:
    """What the rules need to know of a grant."""
    # Of grants from before the day was kept, the first day stands for it.
    confirmed_on = row.confirmed_on or row.starts_on if row.confirmed_by else None
    return Grant(
        role=Role(row.role),
        scope=row.scope,
        starts_on=row.starts_on,
        ends_on=row.ends_on,
        confirmed_on=confirmed_on,
        attested_on=row.attested_on,
        dropped=row.dropped_by is not None,
    )


async def grants_of(session: AsyncSession, *people: str) -> Sequence[GrantRow]:
    found = await session.exec(
        select(GrantRow)
        .where(col(GrantRow.person).in_(people))
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


async def page(
    session: AsyncSession,
    *,
    conditions: Sequence[ColumnElement[bool]],
    limit: int,
    cursor: str | None,
) -> tuple[list[tuple[PersonRow, list[GrantRow]]], str | None]:
    """A page of people by name, each with every grant they ever held; and the next cursor."""
    query = select(PersonRow).where(*conditions)
    if cursor is not None:
        name, last = read_cursor(cursor, instant=False)
        query = query.where(
            or_(
                col(PersonRow.name) > name,
                and_(col(PersonRow.name) == name, col(PersonRow.id) > last),
            )
        )
    found = (
        await session.exec(query.order_by(PersonRow.name, PersonRow.id).limit(limit + 1))
    ).all()
    people = found[:limit]
    grants: dict[str, list[GrantRow]] = {person.id: [] for person in people}
    for grant in await grants_of(session, *grants):
        grants[grant.person].append(grant)
    following = cursor_after(people[-1].name, people[-1].id) if len(found) > limit else None
    return [(person, grants[person.id]) for person in people], following


async def end_session(session: AsyncSession, token: str) -> str | None:
    """End one session; whose it was, or None where there is none."""
    row = await session.get(TokenRow, token_digest(token))
    if row is None:
        return None
    await session.delete(row)
    return row.person


async def end_sessions(session: AsyncSession, person: str) -> None:
    """Sign the person out everywhere, and end the links to a password that wait for them."""
    for table in (TokenRow, PasswordLinkRow):
        await session.exec(delete(table).where(col(table.person) == person))


async def end_sessions_without_grants(session: AsyncSession, person: str, day: date) -> None:
    """Tokens die with the grants: who holds none any more is signed out, for good."""
    if not any(holds_on(row, day) for row in await grants_of(session, person)):
        await session.exec(delete(TokenRow).where(col(TokenRow.person) == person))


async def administrators(session: AsyncSession, day: date) -> list[PersonRow]:
    """Who is active and administers on *day*."""
    found = await session.exec(
        select(PersonRow, GrantRow)
        .join(GrantRow, col(GrantRow.person) == col(PersonRow.id))
        .where(GrantRow.role == Role.ADMINISTRATOR, col(PersonRow.active).is_(True))
        .order_by(PersonRow.id)
    )
    return list({person.id: person for person, grant in found if holds_on(grant, day)}.values())


async def names_of(session: AsyncSession, ids: Iterable[str | None]) -> dict[str, str]:
    """The names of persons by their ids."""
    wanted = {each for each in ids if each is not None}
    if not wanted:
        return {}
    found = await session.exec(
        select(PersonRow.id, PersonRow.name).where(col(PersonRow.id).in_(wanted))
    )
    return dict(found.all())


async def waiting_grants(session: AsyncSession, day: date) -> dict[str, int]:
    """How many grants wait for a second person, and how many lapse soon unless attested."""
    rows = await session.exec(
        select(GrantRow).where(
            col(GrantRow.role).in_(rules.TWO_PERSON_ROLES),
            col(GrantRow.dropped_by).is_(None),
            col(GrantRow.lapsed_on).is_(None),
            or_(col(GrantRow.ends_on).is_(None), col(GrantRow.ends_on) >= day),
        )
    )
    found = [grant_of(row) for row in rows]
    return {
        "confirmation": sum(rules.state_on(each, day) is GrantState.PROPOSED for each in found),
        "attestation": sum(rules.is_to_be_attested(each, day) for each in found),
    }


async def keep_token(
    session: AsyncSession,
    token: str,
    person: str,
    *,
    now: datetime,
    expires_at: datetime,
    agent: str | None = None,
) -> None:
    """Keep a session's digest, and forget the person's sessions that ran out."""
    await session.exec(
        delete(TokenRow).where(col(TokenRow.person) == person, col(TokenRow.expires_at) <= now)
    )
    session.add(
        TokenRow(
            digest=token_digest(token),
            person=person,
            expires_at=expires_at,
            since=now,
            used_at=now,
            agent=agent,
        )
    )


async def organizations(session: AsyncSession) -> Sequence[OrganizationRow]:
    found = await session.exec(
        select(OrganizationRow).order_by(OrganizationRow.name, OrganizationRow.id)
    )
    return found.all()
