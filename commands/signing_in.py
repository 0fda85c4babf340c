"""Signing in: local accounts, opaque tokens, and what slows down somebody who guesses.

What a signed-in person may do is told by their grants, not here.
"""

from __future__ import annotations

import asyncio
import secrets
from collections import defaultdict, deque
from datetime import datetime, timedelta
from typing import Any
from weakref import WeakKeyDictionary

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher
from sqlmodel.ext.asyncio.session import AsyncSession

from commands.office import Office
from policy.rules.clocks import toronto_day
from schemas.errors import AccordError, NotSignedIn
from schemas.events import EventType
from schemas.people import Actor, Viewer
from schemas.values import digest
from store import people, sessions
from store.chain import append, installation_event
from store.database import Database
from store.tables import DelegationRow, PersonRow

USED_TO = timedelta(hours=1)
"""How exactly it is kept when a session was last used: a request in between writes nothing."""
MOST_AGENT = 300
LIFETIME = timedelta(hours=12)
WINDOW = timedelta(minutes=15)
MOST_FAILURES_PER_ACCOUNT = 10
MOST_FAILURES_PER_ADDRESS = 100
"""An address may be a whole office behind one gateway."""
MOST_REMEMBERED = 10_000
MOST_PASSWORD_CHARACTERS = 1024
AT_ONCE = 4
"""Argon2 takes 64 MB each: more at a time would let strangers fill the memory."""
UNKNOWN = Actor(id="unknown")


class TooMany(AccordError):
    """Too many failures; `retry_after` seconds are left (429)."""

    status = 429

    def __init__(self, retry_after: int) -> None:
        super().__init__("too_many_attempts", retry_after=retry_after)


def password_hasher(*, cheap: bool = False) -> PasswordHash:
    """Argon2 as it is recommended; *cheap* for tests and demonstration accounts alone."""
    if cheap:
        return PasswordHash((Argon2Hasher(time_cost=1, memory_cost=1024, parallelism=1),))
    return PasswordHash((Argon2Hasher(),))


async def sign_in(
    office: Office,
    username: str,
    password: str,
    address: str | None = None,
    agent: str | None = None,
) -> tuple[str, int]:
    """A new token and the seconds it lives; NotSignedIn for whatever reason it was refused.

    *agent*: what the browser says it is, for the person's list of sessions.

    An unknown account costs the same work as a wrong password, so that time tells nothing.
    """
    now, door = office.now(), _door(office.database)
    account = _account(username)
    keys = {f"account:{account}": MOST_FAILURES_PER_ACCOUNT}
    if address is not None:
        keys[f"address:{address}"] = MOST_FAILURES_PER_ADDRESS
    door.check(keys, now)
    async with office.database.reading() as session:
        person = await people.by_email(session, username)
        known = person.id if person else None
        kept = person.password_hash if person else None
        viewer = (
            await people.viewer_of_person(session, person, toronto_day(now)) if person else None
        )
    async with door.hashing:
        right = await asyncio.to_thread(_verified, office.hasher, password, kept)
    if not right or viewer is None:
        door.failed(keys, now)
        await _tell_failure(office, account, known)
        raise NotSignedIn("wrong_credentials")
    door.forget(f"account:{account}")
    token = secrets.token_urlsafe(32)
    async with office.database.writing() as session:
        await people.keep_token(
            session,
            token,
            viewer.id,
            now=now,
            expires_at=now + LIFETIME,
            agent=agent[:MOST_AGENT] if agent else None,
        )
        event = installation_event(
            EventType.SIGNED_IN, Actor(id=viewer.id), f"sign-in:{secrets.token_hex(12)}", now
        )
        await append(session, event, now=now)
    return token, int(LIFETIME.total_seconds())


async def sign_out(office: Office, token: str) -> None:
    """End the session of *token*, wherever it is used; one that has ended already stays so."""
    now = office.now()
    async with office.database.writing() as session:
        person = await people.end_session(session, token)
        if person is not None:
            event = installation_event(
                EventType.SIGNED_OUT, Actor(id=person), f"sign-out:{secrets.token_hex(12)}", now
            )
            await append(session, event, now=now)


async def viewer_of(office: Office, token: str | None) -> Viewer:
    """The person behind *token* with the grants that hold today; NotSignedIn without any."""
    if not token:
        raise NotSignedIn
    now = office.now()
    async with office.database.reading() as session:
        viewer, used_at = await people.viewer_by_token(
            session, token, now=now, day=toronto_day(now)
        )
    if viewer is None:
        raise NotSignedIn
    if used_at is None or now - used_at >= USED_TO:
        async with office.database.writing() as session:
            await sessions.used(session, token, now)
    return viewer


async def me(office: Office, viewer: Viewer) -> dict[str, Any]:
    """What a person is told about themselves (api.md, Signing in)."""
    async with office.database.reading() as session:
        delegated = await _delegated(session, viewer)
    return {
        "id": viewer.id,
        "name": viewer.name,
        "email": viewer.email,
        "organization": viewer.organization,
        "grants": [{"role": grant.role.value, "scope": grant.scope} for grant in viewer.grants],
        "delegated": delegated,
        "language": viewer.language,
    }


async def _delegated(session: AsyncSession, viewer: Viewer) -> list[dict[str, Any]]:
    """What others let one do on their behalf today."""
    shown = []
    for each in viewer.delegated:
        giver = await session.get_one(PersonRow, each.giver)
        row = await session.get_one(DelegationRow, each.delegation)
        shown.append(
            {
                "role": each.role.value,
                "scope": each.scope,
                "giver": {"id": giver.id, "name": giver.name},
                "delegation": row.id,
                "ends_on": row.ends_on.isoformat(),
            }
        )
    return shown


def check_guesses(office: Office, address: str) -> None:
    """Refuse an address that has guessed one-time links too often."""
    _door(office.database).check(_guesses(address), office.now())


def count_guess(office: Office, address: str) -> None:
    _door(office.database).failed(_guesses(address), office.now())


async def hashed(office: Office, password: str) -> str:
    """The hash of a new password, computed a few at a time."""
    async with _door(office.database).hashing:
        return await asyncio.to_thread(office.hasher.hash, password)


def _guesses(address: str) -> dict[str, int]:
    return {f"link:{address}": MOST_FAILURES_PER_ADDRESS}


def _verified(hasher: PasswordHash, password: str, kept: str | None) -> bool:
    shortened = password[:MOST_PASSWORD_CHARACTERS]
    if kept is None:
        hasher.hash(shortened)
        return False
    return hasher.verify(shortened, kept) and len(password) <= MOST_PASSWORD_CHARACTERS


def _account(username: str) -> str:
    """Stands for the address in events and counters: no e-mail is kept in clear."""
    return digest(people.plain_email(username))[:32]


async def _tell_failure(office: Office, account: str, person: str | None) -> None:
    now = office.now()
    event = installation_event(
        EventType.SIGN_IN_FAILED,
        Actor(id=person) if person else UNKNOWN,
        f"sign-in:{secrets.token_hex(12)}",
        now,
        data={"account": account},
    )
    async with office.database.writing() as session:
        await append(session, event, now=now)


class _Door:
    """Failures of the last minutes, in this process's memory, and the limit on hashing."""

    def __init__(self) -> None:
        self.hashing = asyncio.Semaphore(AT_ONCE)
        self._failures: defaultdict[str, deque[datetime]] = defaultdict(deque)

    def check(self, keys: dict[str, int], now: datetime) -> None:
        for key, most in keys.items():
            failures = self._recent(key, now)
            if len(failures) >= most:
                left = failures[-most] + WINDOW - now
                raise TooMany(max(1, int(left.total_seconds()) + 1))

    def failed(self, keys: dict[str, int], now: datetime) -> None:
        if len(self._failures) > MOST_REMEMBERED:
            for key in [k for k in self._failures if not self._recent(k, now)]:
                del self._failures[key]
        for key in keys:
            self._failures[key].append(now)

    def forget(self, key: str) -> None:
        self._failures.pop(key, None)

    def _recent(self, key: str, now: datetime) -> deque[datetime]:
        failures = self._failures.get(key, deque())
        while failures and failures[0] <= now - WINDOW:
            failures.popleft()
        return failures


_DOORS: WeakKeyDictionary[Database, _Door] = WeakKeyDictionary()


def _door(database: Database) -> _Door:
    """The one counter beside a database: it lives and dies with the process's connection."""
    return _DOORS.setdefault(database, _Door())
