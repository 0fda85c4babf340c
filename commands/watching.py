"""Who watches is told when what they read has changed: one look at the store for all who do.

A watcher is told nothing but that a subject reads otherwise than before. Whether it does is found
by reading it again as that person, so that what nobody shows them makes nothing move.
"""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import structlog
from sqlalchemy.exc import OperationalError

from commands import notifications, reading, signing_in
from commands.office import Office
from schemas.errors import AccordError, NotFound, NotSignedIn
from schemas.events import INSTALLATION
from schemas.people import Role, Viewer
from schemas.values import digest
from store.happening import Happened, Lately
from store.tables import ChainHeadRow

LOOK_SECONDS = 1.0
BEAT_SECONDS = 15.0
"""After so long a silence something is said, so that nobody in between ends the connection."""
TRUST_SECONDS = 60.0
"""So often everything is read again, whatever happened: clocks run, sessions end."""
MOST_OF_A_SESSION = 6
MOST_EVENTS = 100_000
INBOX = "inbox"
_PROPOSAL = "proposal:"
_REST = 3
"""Reading again for watchers takes at most one part in four of a processor."""

log = structlog.get_logger()


class TooManyStreams(AccordError):
    """One session watches in too many places at once (429)."""

    status = 429


@dataclass(frozen=True)
class Said:
    """What a watcher is told: what changed (None: nothing, one is still here), and all marks."""

    changed: tuple[str, ...]
    marks: Mapping[str, str]


@dataclass(eq=False)
class _Watcher:
    subjects: frozenset[str]
    person: str
    woken: asyncio.Event = field(default_factory=asyncio.Event)
    distrusted: bool = False

    def hear(self, happened: Iterable[Happened]) -> None:
        for each in happened:
            named = self.person in each.people
            is_ours = INBOX in self.subjects and each.subject != INSTALLATION
            if each.subject == INSTALLATION and named:
                self.distrusted = True
            if named or is_ours or each.subject in self.subjects:
                self.woken.set()


class Watch:
    """All watchers of this process, and the one who looks for them while there are any."""

    def __init__(self, office: Office) -> None:
        self._office = office
        self._watchers: set[_Watcher] = set()
        self._sessions: dict[str, int] = {}
        self._looking: asyncio.Task[None] | None = None
        self._turn = asyncio.Lock()
        self.looks = 0

    @asynccontextmanager
    async def watching(self, session: str, watcher: _Watcher) -> AsyncIterator[None]:
        if self._sessions.get(session, 0) >= MOST_OF_A_SESSION:
            raise TooManyStreams("too_many_streams", most=MOST_OF_A_SESSION)
        self._sessions[session] = self._sessions.get(session, 0) + 1
        self._watchers.add(watcher)
        if self._looking is None or self._looking.done():
            self._looking = asyncio.create_task(self._look())
        try:
            yield
        finally:
            self._watchers.discard(watcher)
            self._sessions[session] -= 1
            if not self._sessions[session]:
                del self._sessions[session]
            if not self._watchers and self._looking is not None:
                self._looking.cancel()
                self._looking = None

    async def _look(self) -> None:
        lately = Lately()
        while True:
            try:
                async with self._office.database.reading() as session:
                    happened = await lately.look(session, self._office.now())
            except OperationalError:
                log.warning("watch_could_not_look")
                happened = ()
            self.looks += 1
            for watcher in self._watchers:
                watcher.hear(happened)
            await asyncio.sleep(LOOK_SECONDS)

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """One reads again at a time, and then rests: watchers wait rather than those who work."""
        async with self._turn:
            began = time.perf_counter()
            yield
            await asyncio.sleep(_REST * (time.perf_counter() - began))


def watch_of(office: Office) -> Watch:
    """The one of this process."""
    found: Watch = office.memory.setdefault("watch", Watch(office))
    return found


def subjects(viewer: Viewer, asked: Iterable[str]) -> frozenset[str]:
    """What may be watched of what is asked; NotFound for anything else."""
    found = frozenset(asked)
    oversees = viewer.holds(Role.ADMINISTRATOR) or viewer.holds(Role.AUDITOR)
    for each in found:
        known = each == INBOX or each.startswith(_PROPOSAL)
        if not known and not (each == INSTALLATION and oversees):
            raise NotFound
    if not found:
        raise NotFound
    return found


async def watch(
    office: Office,
    token: str,
    language: str,
    asked: Iterable[str],
    known: Mapping[str, str],
) -> AsyncIterator[Said]:
    """What changes for whoever signed in with *token*, until the session ends.

    *known* are the marks of what was read last; what differs from them is said first. Raises
    NotSignedIn, NotFound and TooManyStreams before anything is said.
    """
    viewer = await _viewer(office, token, language)
    wanted = subjects(viewer, asked)
    marks = {each: await mark(office, viewer, each) for each in sorted(wanted)}
    references = frozenset(each.removeprefix(_PROPOSAL) for each in wanted)
    watcher = _Watcher(references, viewer.id)
    house = watch_of(office)
    async with house.watching(token, watcher):
        changed = tuple(each for each in marks if known.get(each, marks[each]) != marks[each])
        yield Said(changed, dict(marks))
        loop = asyncio.get_running_loop()
        beat, trusted_until = loop.time() + BEAT_SECONDS, loop.time() + TRUST_SECONDS
        while True:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout_at(min(beat, trusted_until)):
                    await watcher.woken.wait()
            is_due = loop.time() >= trusted_until
            if watcher.woken.is_set() or is_due:
                watcher.woken.clear()
                try:
                    viewer = await _viewer(office, token, language)
                except NotSignedIn:
                    return
                trusted_until = loop.time() + TRUST_SECONDS if is_due else trusted_until
                async with house.turn():
                    now = {each: await mark(office, viewer, each) for each in marks}
                changed = tuple(each for each in marks if now[each] != marks[each])
                marks = now
                if changed:
                    beat = loop.time() + BEAT_SECONDS
                    yield Said(changed, dict(marks))
            if loop.time() >= beat:
                beat = loop.time() + BEAT_SECONDS
                yield Said((), {})


async def stirrings(office: Office, token: str, language: str) -> AsyncIterator[Viewer]:
    """Who signed in with *token*: now, whenever something was recorded, and at every beat.

    It ends with the session. Raises NotSignedIn and TooManyStreams before anything is said.
    """
    viewer = await _viewer(office, token, language)
    watcher = _Watcher(frozenset([INBOX]), viewer.id)
    async with watch_of(office).watching(token, watcher):
        while True:
            yield viewer
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(BEAT_SECONDS):
                    await watcher.woken.wait()
            watcher.woken.clear()
            try:
                viewer = await _viewer(office, token, language)
            except NotSignedIn:
                return


async def _viewer(office: Office, token: str, language: str) -> Viewer:
    viewer = await signing_in.viewer_of(office, token)
    return viewer.model_copy(update={"language": language})


# ---- what is read, in one word each


async def mark(office: Office, viewer: Viewer, subject: str) -> str:
    """Stands for what *viewer* reads of *subject*: another mark, another reading."""
    if subject == INBOX:
        return inbox_mark(
            await reading.task_counts(office, viewer), await notifications.counts(office, viewer)
        )
    if subject == INSTALLATION:
        async with office.database.reading() as session:
            head = await session.get(ChainHeadRow, INSTALLATION)
        return _short(head.hash if head else "")
    reference = subject.removeprefix(_PROPOSAL)
    try:
        view, _ = await reading.proposal(office, viewer, reference)
        history = await reading.history(office, viewer, reference, limit=MOST_EVENTS, cursor=None)
        tasks = await reading.tasks_of(office, viewer, reference)
    except NotFound:
        return "gone"
    return proposal_mark(view, history["items"], tasks["items"])


def proposal_mark(view: Any, history: list[Any], tasks: list[Any]) -> str:
    """The mark of a proposal whose parts were read already."""
    return _short([view, [event["id"] for event in history], tasks])


def inbox_mark(counts: Any, notices: Any) -> str:
    return _short([counts, notices])


def _short(value: Any) -> str:
    return digest(value)[:16]
