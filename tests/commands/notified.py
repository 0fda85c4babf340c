"""An office without an engine whose people are told things: events are recorded by hand."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

from sqlmodel import select

from commands.office import Office
from schemas.events import Event, EventType
from schemas.messages import Batch, Entry
from schemas.people import SYSTEM, Actor
from schemas.values import instant
from store import people, recording, schema
from store.database import Database
from store.keys import KeyRing, SecretWrappingKey
from store.tables import GrantRow, NotificationRow, OrganizationRow, PersonRow

NOW = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)
REFERENCE = "CTCBP-2026-000001"
NORMS = ("reviewer", "norms")


class NoEngine:
    """Nobody here has a proposal under way."""

    async def is_alive(self) -> bool:
        return True


@asynccontextmanager
async def an_office(url: str) -> AsyncIterator[Office]:
    """With a clock that a test moves, and nobody in it yet but the partner's organization."""
    database = Database(url)
    await schema.migrate(database)
    office = Office(
        database=database,
        catalogue=SimpleNamespace(),
        gateway=NoEngine(),
        keys=KeyRing(database, SecretWrappingKey(b"k" * 32)),
        signer=SimpleNamespace(),
        hasher=SimpleNamespace(),
        clock=lambda: office.memory["now"],
        memory={"now": NOW},
    )
    async with database.writing() as session:
        session.add(OrganizationRow(id="org", name="Org", kind="ngo", identifiers={}, people=[]))
    try:
        yield office
    finally:
        await database.close()


def later(office: Office, **time: float) -> None:
    office.memory["now"] += timedelta(**time)


async def a_person(
    office: Office, name: str, *grants: tuple[str, str], language: str = "en", **facts: Any
) -> str:
    """Somebody who holds *grants*, as (role, scope)."""
    async with office.database.writing() as session:
        address = f"{name}@dept.example"
        session.add(PersonRow(id=name, email=address, name=name, language=language, **facts))
        await session.flush()
        for role, scope in grants:
            session.add(
                GrantRow(
                    id=f"{name}-{role}-{scope}", person=name, role=role, scope=scope,
                    starts_on=date(2026, 1, 1), ends_on=date(2027, 12, 31), granted_by="one",
                    confirmed_by="two",
                )
            )  # fmt: skip
    return name


async def viewer_of(office: Office, name: str) -> Any:
    async with office.database.reading() as session:
        row = await session.get_one(PersonRow, name)
        return await people.viewer_of_person(session, row, office.today())


async def happen(
    office: Office,
    number: int,
    kind: EventType,
    data: dict[str, Any],
    *,
    actor: Actor = SYSTEM,
    reference: str = REFERENCE,
) -> None:
    """Record one event of a workflow; under the same number it is the same event."""
    event = Event(
        subject=reference, source="workflow", source_seq=number, type=kind, occurred_at=NOW,
        actor=actor, policy_version="CTCBP/2026-04-01", data=data,
    )  # fmt: skip
    async with office.database.writing(reference) as session:
        batch = Batch(reference=reference, entries=(Entry(event=event),))
        await recording.record(session, batch, now=office.now())


async def submitted(office: Office, reference: str = REFERENCE) -> None:
    await happen(
        office, 1, EventType.CREATED, {"organization": "org", "programme": "CTCBP"},
        reference=reference,
    )  # fmt: skip
    await happen(
        office, 2, EventType.SUBMITTED,
        {"due_at": instant(NOW), "revision": 1, "checks": {}, "triggers": [], "desks": [],
         "lead": "africa", "amount_cents": 100},
        reference=reference,
    )  # fmt: skip


async def open_task(
    office: Office,
    number: int,
    kind: str = "compliance.norms",
    *candidates: tuple[str, str],
    reference: str = REFERENCE,
    **facts: Any,
) -> str:
    """Open the task T*number*, for reviewers of norms unless others are named."""
    task = f"{reference}-T{number:02d}"
    who = [{"role": role, "scope": scope} for role, scope in candidates or (NORMS,)]
    data = {
        "task": task, "kind": kind, "stage": "compliance", "revision": 1, "candidates": who,
        "due_at": instant(NOW + timedelta(days=14)), "subject": None, "confirms": None,
        "arbitrates": None, "previous": None, "detail": {},
    }  # fmt: skip
    await happen(
        office, 100 + number, EventType.TASK_OPENED, {**data, **facts}, reference=reference
    )
    return task


async def cancel(office: Office, number: int, reference: str = REFERENCE) -> None:
    task = f"{reference}-T{number:02d}"
    data = {"task": task, "kind": "compliance.norms"}
    await happen(office, 200 + number, EventType.TASK_CANCELLED, data, reference=reference)


async def ledger(office: Office) -> Sequence[NotificationRow]:
    async with office.database.reading() as session:
        rows = await session.exec(select(NotificationRow).order_by(NotificationRow.person))
        return list(rows)


async def states(office: Office) -> list[str]:
    return [row.mail_state for row in await ledger(office)]
