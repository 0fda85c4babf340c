"""Requests that may be repeated: the first answer to a person's key is given again.

The act itself is repeatable by its request id (a digest of person, key, method, path and body);
what is kept here gives the same words to whoever repeats, and refuses a key for another request.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from datetime import datetime
from typing import Any, Protocol

import structlog
from fastapi import Request, Response
from sqlalchemy.exc import IntegrityError
from sqlmodel.ext.asyncio.session import AsyncSession

from api.answers import answered
from api.bodies import body_digest
from schemas.errors import Gap, Malformed, Unavailable
from schemas.values import digest
from store import idempotency
from store.database import Database
from store.idempotency import Asked, Kept, Standing

MOST_KEY = 64
PATIENCE_SECONDS = 8.0
POLL_SECONDS = 0.1
REPEATED_HEADERS = ("etag", "location")

log = structlog.get_logger()

Work = Callable[[str], Awaitable[Response]]
"""Takes the request id, does the act and gives its answer."""


class Keeper(Protocol):
    """What is needed of the office: the store and the time."""

    @property
    def database(self) -> Database: ...

    def now(self) -> datetime: ...


class Turns:
    """One request at a time per person and key, within this process."""

    def __init__(self, patience: float = PATIENCE_SECONDS) -> None:
        self.patience = patience
        self._locks: dict[tuple[str, str], asyncio.Lock] = {}
        self._waiting: dict[tuple[str, str], int] = {}

    @asynccontextmanager
    async def of(self, asked: Asked) -> AsyncIterator[None]:
        turn = (asked.person, asked.key)
        lock = self._locks.setdefault(turn, asyncio.Lock())
        self._waiting[turn] = self._waiting.get(turn, 0) + 1
        try:
            try:
                async with asyncio.timeout(self.patience):
                    await lock.acquire()
            except TimeoutError:
                raise _under_way() from None
            try:
                yield
            finally:
                lock.release()
        finally:
            self._waiting[turn] -= 1
            if not self._waiting[turn]:
                del self._locks[turn], self._waiting[turn]


class Keeping:
    """Keeps the answer of one request, given as it will be rendered; `commands.answering.Keep`."""

    def __init__(self, asked: Asked, now: Callable[[], datetime]) -> None:
        self._asked = asked
        self._now = now
        self.kept: Response | None = None

    @property
    def subject(self) -> str:
        return self._asked.key

    async def __call__(self, session: AsyncSession, answer: dict[str, Any]) -> None:
        response = answered(answer)
        await idempotency.keep(session, self._asked, _to_keep(response), self._now())
        self.kept = response


KeepingWork = Callable[[str, Keeping], Awaitable[Response]]
"""Work that is also given what keeps its answer."""


Within = Callable[[AsyncSession], Awaitable[Response | None]]
"""Does the act in the transaction it is given; answers, unless that is for later."""


class Once:
    """Runs a route's work at most once for a key; a repeat gets the first answer."""

    def __init__(
        self, keeper: Keeper, turns: Turns, request: Request, person: str, key: str | None
    ) -> None:
        self._keeper = keeper
        self._turns = turns
        self._request = request
        self._person = person
        self._key = checked_key(key)

    def belonging_to(self, person: str) -> "Once":
        """The same for a key that belongs to *person*, who was not known before the body."""
        return Once(self._keeper, self._turns, self._request, person, self._key)

    async def __call__(self, work: Work) -> Response:
        async def act(request_id: str, _: Keeping) -> Response:
            return await work(request_id)

        return await self.keeping(act)

    async def keeping(self, work: KeepingWork) -> Response:
        """Like calling it, for work that may keep its answer in the transaction of its act."""
        what = [self._request.method, self._request.url.path, body_digest(self._request)]
        asked = Asked(self._person, self._key, digest(what))
        async with self._turns.of(asked):
            kept = await self._kept_or_mine(asked)
            if kept is not None:
                return Response(kept.body, kept.status, kept.headers, "application/json")
            return await self._first(asked, work, digest([self._person, self._key, *what]))

    async def together(self, within: Within, after: Work) -> Response:
        """For what is of the store alone: the key is taken, the act done and its answer kept in one
        transaction. What *within* does not answer, *after* does, once that is committed."""
        what = [self._request.method, self._request.url.path, body_digest(self._request)]
        asked = Asked(self._person, self._key, digest(what))
        answers: list[Response | None] = []

        async def act(session: AsyncSession) -> None:
            await session.flush()  # the key: its answer is kept by a statement
            answer = await within(session)
            if answer is not None:
                await idempotency.keep(session, asked, _to_keep(answer), self._keeper.now())
            answers.append(answer)

        async def later(request_id: str, _: Keeping) -> Response:
            return await after(request_id)

        async with self._turns.of(asked):
            kept = await self._kept_or_mine(asked, act)
            if kept is not None:
                return Response(kept.body, kept.status, kept.headers, "application/json")
            answer = answers[-1]
            if answer is not None:
                return answer
            return await self._first(asked, later, digest([self._person, self._key, *what]))

    async def _kept_or_mine(
        self, asked: Asked, act: Callable[[AsyncSession], Awaitable[None]] | None = None
    ) -> Kept | None:
        """The kept answer, or None once it is this request's turn, and *act* is done with it.

        An act is alone among those who write: it names nothing of what it writes about.
        """
        loop = asyncio.get_running_loop()
        give_up = loop.time() + self._turns.patience
        while True:
            found: Kept | Standing = Standing.UNDER_WAY
            with suppress(IntegrityError):  # another process put its row first
                subjects = (asked.key,) if act is None else ()
                async with self._keeper.database.writing(*subjects) as session:
                    taken = await idempotency.take(session, asked, self._keeper.now())
                    if act is not None and taken is Standing.MINE:
                        await act(session)
                found = taken
            if isinstance(found, Kept):
                return found
            if found is Standing.MINE:
                return None
            if loop.time() >= give_up:
                raise _under_way()
            await asyncio.sleep(POLL_SECONDS)

    async def _first(self, asked: Asked, work: KeepingWork, request_id: str) -> Response:
        keeping = Keeping(asked, self._keeper.now)
        alive = asyncio.create_task(self._touch(asked))
        try:
            answer = await work(request_id, keeping)
        except Exception:
            await self._let_go(asked)
            raise
        finally:
            alive.cancel()
            with suppress(asyncio.CancelledError):
                await alive
        if keeping.kept is not None:
            return keeping.kept
        async with self._keeper.database.writing(asked.key) as session:
            await idempotency.keep(session, asked, _to_keep(answer), self._keeper.now())
        return answer

    async def _touch(self, asked: Asked) -> None:
        while True:
            await asyncio.sleep(idempotency.TOUCHED_EVERY.total_seconds())
            try:
                async with self._keeper.database.writing(asked.key) as session:
                    await idempotency.touch(session, asked, self._keeper.now())
            except Exception as failed:  # noqa: BLE001 - the act goes on; its row looks left
                log.warning("idempotency_touch_failed", failure=type(failed).__name__)

    async def _let_go(self, asked: Asked) -> None:
        """Free the key; where the store cannot, its row is soon taken for abandoned."""
        try:
            async with self._keeper.database.writing(asked.key) as session:
                await idempotency.let_go(session, asked)
        except Exception as failed:  # noqa: BLE001 - the first failure is the one to tell
            log.warning("idempotency_key_not_freed", failure=type(failed).__name__)


def _to_keep(answer: Response) -> Kept:
    headers = {name: answer.headers[name] for name in REPEATED_HEADERS if name in answer.headers}
    return Kept(answer.status_code, headers, bytes(answer.body).decode())


def checked_key(key: str | None) -> str:
    if key is None or not key:
        code = "idempotency_key_required"
    elif len(key) > MOST_KEY or not (key.isascii() and key.isprintable()):
        code = "idempotency_key_malformed"
    else:
        return key
    raise Malformed(
        Gap(pointer="", code=code, facts={"header": "Idempotency-Key", "most": MOST_KEY}), code=code
    )


def _under_way() -> Unavailable:
    return Unavailable("request_under_way", retry_after=2)
