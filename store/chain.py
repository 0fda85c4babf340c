"""The one place where an event gets its position and its hash.

Everybody who records an event - the workflow's activity, the commands, the relay - appends
through `append`, inside their own transaction, under a lock on the head of the subject's chain.
"""

import uuid
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, func
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from schemas.errors import AccordError
from schemas.events import AGREEMENT, INSTALLATION, WORKFLOW, Event, EventType, Recorded, TextRef
from schemas.people import Actor
from schemas.values import digest
from store.tables import ChainHeadRow, EventRow

GENESIS = ""

# Every act asks these: putting a statement together costs more than asking it.
_HEAD = select(ChainHeadRow).where(ChainHeadRow.subject == bindparam("subject")).with_for_update()
_SAID_FROM = select(EventRow).where(
    EventRow.subject == bindparam("subject"),
    EventRow.source == bindparam("source"),
    EventRow.source_seq >= bindparam("number"),
)
_OF_REQUEST = select(EventRow.id).where(
    EventRow.subject == bindparam("subject"), EventRow.request_id == bindparam("request")
)
_STANDING = (
    select(EventRow.source, func.max(EventRow.source_seq))
    .where(
        EventRow.subject == bindparam("subject"), col(EventRow.source).in_((WORKFLOW, AGREEMENT))
    )
    .group_by(EventRow.source)
)


class EventConflict(AccordError):
    """What a source says cannot be recorded: it stops, and an alarm with this code is raised.

    `event_conflict`: two contents under one event key; `money_conflict`: a move of money that
    was not reserved.
    """

    status = 500

    def __init__(self, event: Event, code: str = "event_conflict") -> None:
        super().__init__(code, subject=event.subject, source=event.source)
        self.event = event


def content_of(event: Event) -> dict[str, Any]:
    """What makes two events the same: all that their source says."""
    return event.model_dump(mode="json", include=set(Event.model_fields))


def link_hash(
    event: Event, *, event_id: str, position: int, recorded_at: datetime, previous: str
) -> str:
    """The hash of a link: over its content, its id, its place and the hash before it."""
    return digest(
        {
            "content": content_of(event),
            "id": event_id,
            "position": position,
            "recorded_at": recorded_at,
            "previous": previous,
        }
    )


def installation_event(
    type: EventType,  # noqa: A002 - the field's own name
    actor: Actor,
    key: str,
    now: datetime,
    data: dict[str, Any] | None = None,
    texts: dict[str, TextRef] | None = None,
    request_id: str | None = None,
) -> Event:
    """An event of the subject `installation`; *key* makes a repeat harmless."""
    return Event(
        subject=INSTALLATION,
        source=f"command:{key}",
        source_seq=1,
        type=type,
        occurred_at=now,
        actor=actor,
        request_id=request_id,
        data=data or {},
        texts=texts or {},
    )


async def append(
    session: AsyncSession, event: Event, *, now: datetime, flush: bool = True
) -> Recorded | None:
    """Append *event* to its subject's chain; None when it is already there.

    Raises EventConflict when its key is taken by other content. Without *flush* it is the caller
    who brings the row to the database, with all others of the transaction.
    """
    head = await locked_head(session, event.subject)
    known = await _known(session, event)
    if event.source_seq in known:
        if digest(content_of(known[event.source_seq])) != digest(content_of(event)):
            raise EventConflict(event)
        return None
    position, event_id = head.position + 1, uuid.uuid4().hex
    recorded = Recorded(
        **dict(event),
        id=event_id,
        position=position,
        recorded_at=now,
        previous_hash=head.hash,
        hash=link_hash(
            event, event_id=event_id, position=position, recorded_at=now, previous=head.hash
        ),
    )
    session.add(_row(recorded))
    head.position, head.hash = position, recorded.hash
    session.add(head)
    known[event.source_seq] = recorded
    if flush:
        await session.flush()
    return recorded


async def locked_head(session: AsyncSession, subject: str) -> ChainHeadRow:
    """The head of a chain, which nobody else moves until this transaction ends."""
    heads: dict[str, ChainHeadRow] = session.info.setdefault("chain_heads", {})
    if subject in heads:
        return heads[subject]
    head = (await session.exec(_HEAD, params={"subject": subject})).first()
    if head is None:
        head = ChainHeadRow(subject=subject, position=0, hash=GENESIS)
        session.add(head)
        await session.flush()
    heads[subject] = head
    return head


async def _known(session: AsyncSession, event: Event) -> dict[int, Recorded]:
    """The events of the same source from this one on, by their numbers.

    Asked once in a transaction: under the lock on the head nobody else adds any.
    """
    sources: dict[tuple[str, str], tuple[int, dict[int, Recorded]]]
    sources = session.info.setdefault("chain_sources", {})
    first, known = sources.get((event.subject, event.source), (None, {}))
    if first is None or event.source_seq < first:
        asked = {"subject": event.subject, "source": event.source, "number": event.source_seq}
        rows = await session.exec(_SAID_FROM, params=asked)
        known = {row.source_seq: event_of(row) for row in rows} | known
        sources[event.subject, event.source] = (event.source_seq, known)
    return known


def _row(event: Recorded) -> EventRow:
    dumped = event.model_dump(mode="json", include={"data", "texts"})
    return EventRow(
        id=event.id,
        subject=event.subject,
        position=event.position,
        source=event.source,
        source_seq=event.source_seq,
        type=event.type,
        occurred_at=event.occurred_at,
        recorded_at=event.recorded_at,
        actor=event.actor.id,
        on_behalf_of=event.actor.on_behalf_of,
        role=event.actor.role,
        delegation=event.actor.delegation,
        actor_organization=event.actor.organization,
        request_id=event.request_id,
        policy_version=event.policy_version,
        data=dumped["data"],
        texts=dumped["texts"],
        previous_hash=event.previous_hash,
        hash=event.hash,
    )


def event_of(row: EventRow) -> Recorded:
    """The event that a row keeps."""
    return Recorded(
        id=row.id,
        subject=row.subject,
        position=row.position,
        source=row.source,
        source_seq=row.source_seq,
        type=EventType(row.type),
        occurred_at=row.occurred_at,
        recorded_at=row.recorded_at,
        actor=Actor(
            id=row.actor,
            role=row.role,
            organization=row.actor_organization,
            on_behalf_of=row.on_behalf_of,
            delegation=row.delegation,
        ),
        request_id=row.request_id,
        policy_version=row.policy_version,
        data=row.data,
        texts={name: TextRef.model_validate(ref) for name, ref in row.texts.items()},
        previous_hash=row.previous_hash,
        hash=row.hash,
    )


async def events_of(
    session: AsyncSession, subject: str, *, after: int = 0, limit: int | None = None
) -> Sequence[Recorded]:
    """The chain of *subject* behind position *after*, in order; at most *limit* events."""
    rows = await session.exec(
        select(EventRow)
        .where(EventRow.subject == subject, EventRow.position > after)
        .order_by(col(EventRow.position))
        .limit(limit)
    )
    return [event_of(row) for row in rows]


async def events_of_types(
    session: AsyncSession, subject: str, types: Iterable[EventType]
) -> Sequence[Recorded]:
    """The events of *subject* that are of one of *types*, in order."""
    rows = await session.exec(
        select(EventRow)
        .where(EventRow.subject == subject, col(EventRow.type).in_([each.value for each in types]))
        .order_by(col(EventRow.position))
    )
    return [event_of(row) for row in rows]


async def recorded_request(session: AsyncSession, subject: str, request_id: str) -> bool:
    """Whether the act with this request id is in the chain."""
    found = await session.exec(_OF_REQUEST, params={"subject": subject, "request": request_id})
    return found.first() is not None


async def event_of_request(session: AsyncSession, subject: str, request_id: str) -> Recorded | None:
    """The event by which the act with this request id stands in the chain."""
    found = await session.exec(
        select(EventRow).where(EventRow.subject == subject, EventRow.request_id == request_id)
    )
    row = found.first()
    return event_of(row) if row else None


async def last_of(session: AsyncSession, subject: str, source: str) -> int:
    """The number of the last event that *source* has in the chain; 0 for none."""
    last = await session.exec(
        select(func.max(EventRow.source_seq)).where(
            EventRow.subject == subject, EventRow.source == source
        )
    )
    return last.one() or 0


async def standing(session: AsyncSession, subject: str) -> tuple[str, int]:
    """Whose the last word is, the proposal's workflow or its agreement's, and its last number."""
    rows = await session.exec(_STANDING, params={"subject": subject})
    last = dict(rows.all())
    source = AGREEMENT if AGREEMENT in last else WORKFLOW
    return source, last.get(source) or 0


async def said_after(session: AsyncSession, subject: str, number: int) -> Sequence[Recorded]:
    """What the workflow of *subject* has said behind its event *number*, in order."""
    rows = await session.exec(
        select(EventRow)
        .where(
            EventRow.subject == subject,
            EventRow.source == WORKFLOW,
            EventRow.source_seq > number,
        )
        .order_by(col(EventRow.position))
    )
    return [event_of(row) for row in rows]


class Links:
    """Walks along a chain, and tells of each link whether it is what the chain before it gives."""

    def __init__(self) -> None:
        self.position = 0
        self.hash = GENESIS
        self.broken: list[int] = []

    def take(self, event: Recorded) -> None:
        if event.position > self.position + 1:
            self.broken.append(self.position + 1)  # one is missing here
        right = link_hash(
            event,
            event_id=event.id,
            position=event.position,
            recorded_at=event.recorded_at,
            previous=event.previous_hash,
        )
        if event.previous_hash != self.hash or event.hash != right:
            self.broken.append(event.position)
        self.position, self.hash = event.position, event.hash


def broken_links(events: Iterable[Recorded]) -> list[int]:
    """Positions whose link is missing, or is not what the chain before it gives."""
    links = Links()
    for event in events:
        links.take(event)
    return links.broken
