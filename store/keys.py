"""A data key per proposal, kept wrapped; unwrapped keys live in memory alone."""

import secrets
import time
from collections.abc import Callable, Sequence
from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from store.database import Database
from store.tables import KeyRow

_NONCE = 12
_REMEMBERED_SECONDS = 600.0
"""How long a key that was destroyed elsewhere may still be used by this process."""


class WrappingKey(Protocol):
    """What wraps data keys: a file here, a key management service elsewhere."""

    def wrap(self, key: bytes, subject: str) -> bytes: ...
    def unwrap(self, wrapped: bytes, subject: str) -> bytes: ...


class SecretWrappingKey:
    """Wraps with AES-256-GCM under a secret that is kept outside the store and its backup."""

    def __init__(self, secret: bytes) -> None:
        self._cipher = AESGCM(secret)

    def wrap(self, key: bytes, subject: str) -> bytes:
        nonce = secrets.token_bytes(_NONCE)
        return nonce + self._cipher.encrypt(nonce, key, subject.encode())

    def unwrap(self, wrapped: bytes, subject: str) -> bytes:
        return self._cipher.decrypt(wrapped[:_NONCE], wrapped[_NONCE:], subject.encode())


class RotatingWrappingKey:
    """Wraps under the first of several secrets and unwraps with any: asked anew when none fits.

    While one wrapping key takes over from another, both are there; running processes notice.
    """

    def __init__(self, secrets_now: Callable[[], Sequence[bytes]]) -> None:
        self._secrets_now = secrets_now
        self._known: list[SecretWrappingKey] = []

    def wrap(self, key: bytes, subject: str) -> bytes:
        self._look()
        return self._known[0].wrap(key, subject)

    def unwrap(self, wrapped: bytes, subject: str) -> bytes:
        for look in (False, True):
            if look:
                self._look()
            for each in self._known:
                try:
                    return each.unwrap(wrapped, subject)
                except InvalidTag:
                    continue
        raise InvalidTag

    def _look(self) -> None:
        self._known = [SecretWrappingKey(secret) for secret in self._secrets_now()]


class DataKey:
    """One unwrapped key with its id."""

    def __init__(self, key_id: str, key: bytes) -> None:
        self.id = key_id
        self.cipher = AESGCM(key)
        self.until = time.monotonic() + _REMEMBERED_SECONDS


class KeyRing:
    """Finds a subject's data key; cached in memory, never written unwrapped."""

    def __init__(self, database: Database, wrapping: WrappingKey) -> None:
        self._database = database
        self._wrapping = wrapping
        self._cache: dict[str, DataKey] = {}

    async def make(self, session: AsyncSession, subject: str) -> None:
        """Make *subject*'s key, in the caller's transaction; a second time changes nothing."""
        if await session.get(KeyRow, subject) is None:
            wrapped = self._wrapping.wrap(secrets.token_bytes(32), subject)
            session.add(KeyRow(subject=subject, id=secrets.token_hex(8), wrapped=wrapped))
            await session.flush()

    async def find(self, subject: str) -> DataKey | None:
        """The data key of *subject*; None when there is none (or it was destroyed)."""
        known = self._cache.get(subject)
        if known is None or known.until < time.monotonic():
            async with self._database.reading() as session:
                row = await session.get(KeyRow, subject)
            if row is None:
                self.forget(subject)
                return None
            known = DataKey(row.id, self._wrapping.unwrap(row.wrapped, subject))
            if len(self._cache) >= 10_000:  # noqa: PLR2004 - some megabytes at most
                self._cache.clear()
            self._cache[subject] = known
        return known

    async def subject_of(self, key_id: str) -> str | None:
        """Whose key this is; None when there is none (or it was destroyed)."""
        async with self._database.reading() as session:
            found = await session.exec(select(KeyRow.subject).where(KeyRow.id == key_id))
            return found.first()

    def forget(self, subject: str) -> None:
        """Keep the key of *subject* in memory no longer."""
        self._cache.pop(subject, None)

    def seal(self, text: str, name: str) -> bytes:
        """*text* under the wrapping key, for a short time; *name* has to be said to read it."""
        return self._wrapping.wrap(text.encode(), f"sealed:{name}")

    def unseal(self, sealed: bytes, name: str) -> str:
        """What `seal` was given; raises InvalidTag for another key or name."""
        return self._wrapping.unwrap(sealed, f"sealed:{name}").decode()

    def rewrapped(self, row: KeyRow, new: SecretWrappingKey) -> bytes | None:
        """The key of *row* wrapped under *new*; None when it is wrapped so already."""
        try:
            new.unwrap(row.wrapped, row.subject)
        except InvalidTag:
            return new.wrap(self._wrapping.unwrap(row.wrapped, row.subject), row.subject)
        return None
