"""The one place where an event gets its position and its hash.

Everybody who records an event - the workflow's activity, the commands, the relay - appends
through `append`, inside their own transaction, under a lock on the head of the subject's chain.
"""

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from schemas.errors import AccordError
from schemas.events import INSTALLATION, Event, EventType, Recorded, TextRef
from schemas.people import Actor
from schemas.values import digest
from store.tables import ChainHeadRow, EventRow

GENESIS = ""


class EventConflict(AccordError):
    """Two contents under one event key: the source stops, the alarm `event_conflict` is raised."""

    status = 500

    def __init__(self, event: Event) -> None:
        super().__init__("event_conflict", subject=event.subject, source=event.source)
        self.event = event


def content_of(event: Event) -> dict[str, Any]:
    """What makes two events the same: all that their source says."""
    return event.model_dump(mode="json", include=set(Event.model_fields))


def link_hash(event: Event, *, position: int, recorded_at: datetime, previous: str) -> str:
    """The hash of a link: over its content, its place and the hash before it."""
    return digest(
        {
            "content": content_of(event),
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


async def append(session: AsyncSession, event: Event, *, now: datetime) -> Recorded | None:
    """Append *event* to its subject's chain; None when it is already there.

    Raises EventConflict when its key is taken by other content.
    """
    head = await _locked_head(session, event.subject)
    known = (
        await session.exec(
            select(EventRow).where(
                EventRow.subject == event.subject,
                EventRow.source == event.source,
                EventRow.source_seq == event.source_seq,
            )
        )
    ).first()
    if known is not None:
        if digest(content_of(event_of(known))) != digest(content_of(event)):
            raise EventConflict(event)
        return None
    position = head.position + 1
    recorded = Recorded(
        **dict(event),
        id=uuid.uuid4().hex,
        position=position,
        recorded_at=now,
        previous_hash=head.hash,
        hash=link_hash(event, position=position, recorded_at=now, previous=head.hash),
    )
    session.add(_row(recorded))
    head.position, head.hash = position, recorded.hash
    session.add(head)
    await session.flush()
    return recorded


async def _locked_head(session: AsyncSession, subject: str) -> ChainHeadRow:
    head = (
        await session.exec(
            select(ChainHeadRow).where(ChainHeadRow.subject == subject).with_for_update()
        )
    ).first()
    if head is None:
        head = ChainHeadRow(subject=subject, position=0, hash=GENESIS)
        session.add(head)
        await session.flush()
    return head


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


async def events_of(session: AsyncSession, subject: str, *, after: int = 0) -> Sequence[Recorded]:
    """The chain of *subject* behind position *after*, in order."""
    rows = await session.exec(
        select(EventRow)
        .where(EventRow.subject == subject, EventRow.position > after)
        .order_by(col(EventRow.position))
    )
    return [event_of(row) for row in rows]


async def recorded_request(session: AsyncSession, subject: str, request_id: str) -> bool:
    """Whether the act with this request id is in the chain."""
    found = await session.exec(
        select(EventRow.id).where(EventRow.subject == subject, EventRow.request_id == request_id)
    )
    return found.first() is not None


def broken_links(events: Sequence[Recorded]) -> list[int]:
    """Positions whose place or hash is not what the chain before them gives."""
    broken, previous = [], GENESIS
    for expected, event in enumerate(events, start=1):
        right = link_hash(
            Event(**{name: getattr(event, name) for name in Event.model_fields}),
            position=expected,
            recorded_at=event.recorded_at,
            previous=previous,
        )
        if event.position != expected or event.previous_hash != previous or event.hash != right:
            broken.append(event.position)
        previous = event.hash
    return broken
