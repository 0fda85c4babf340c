"""Delegations: what one person lets another do on their behalf, for a time.

What may be delegated, and to whom, is told by `policy.rules.on_behalf`. A delegation gives no
more than its giver may do on the day, and is over with the giver's own grant.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from commands import rerouting
from commands.office import Office
from policy.rules import on_behalf
from policy.rules.clocks import toronto_day
from schemas.errors import Forbidden, Gap, Malformed, NotFound, Refused
from schemas.events import INSTALLATION, EventType
from schemas.people import Actor, Candidate, Role, Viewer
from schemas.requests import DelegationRequest
from schemas.values import digest, instant
from store import delegations, people, texts
from store.chain import append, installation_event, recorded_request
from store.tables import DelegationRow, PersonRow


async def give(
    office: Office, viewer: Viewer, asked: DelegationRequest, request_id: str
) -> dict[str, Any]:
    """Let somebody act on one's behalf; both days included, in force from its first day on."""
    if not viewer.is_staff:
        raise Forbidden("staff_only")
    now, today = office.now(), office.today()
    if asked.ends_on < asked.starts_on:
        raise Malformed(Gap(pointer="/ends_on", code="ends_before_start"))
    if asked.ends_on < today:
        raise Malformed(Gap(pointer="/ends_on", code="ends_in_the_past"))
    grants = tuple(
        dict.fromkeys(Candidate(role=each.role, scope=each.scope) for each in asked.grants)
    )
    made_by = digest(["delegation", request_id])[:32]
    async with office.database.writing() as session:
        known = await session.get(DelegationRow, made_by)
        if known is not None:
            return (await _shown(session, office, [known]))[0]
        # A grant that ended, or came by delegation alone, since the request began is none.
        giver = await session.get_one(PersonRow, viewer.id)
        holds = await people.viewer_of_person(session, giver, today)
        on_behalf.check_may_delegate(holds or viewer, grants)
        person = await find(session, asked.receiver)
        if person is None:
            raise Malformed(Gap(pointer="/receiver", code="unknown_person"))
        if person.id == viewer.id:
            raise Refused("delegation_to_oneself")
        on_behalf.check_may_receive(await people.viewer_of_person(session, person, today), grants)
        row = DelegationRow(
            id=made_by,
            giver=viewer.id,
            receiver=person.id,
            grants=[each.model_dump(mode="json") for each in grants],
            starts_on=asked.starts_on,
            ends_on=asked.ends_on,
            reason="",
            made_at=now,
        )
        reason = await texts.put(
            session, f"delegation:{row.id}", f"delegation-{row.id}", asked.reason, now=now
        )
        row.reason = reason.id
        session.add(row)
        await session.flush()
        event = installation_event(
            EventType.DELEGATED,
            _actor(viewer),
            f"delegation:{row.id}:made",
            now,
            data=_facts(row),
            texts={"reason": reason},
            request_id=request_id,
        )
        await append(session, event, now=now)
        return (await _shown(session, office, [row]))[0]


async def end(
    office: Office, viewer: Viewer, delegation_id: str, request_id: str
) -> dict[str, Any]:
    """End a delegation at once, by who gave it or received it; what is held under it goes back."""
    async with office.database.writing() as session:
        row = await session.get(DelegationRow, delegation_id)
        if row is None or viewer.id not in (row.giver, row.receiver):
            raise NotFound
        await end_in(session, office, viewer, row, request_id)
        return (await _shown(session, office, [row]))[0]


async def end_in(
    session: AsyncSession, office: Office, viewer: Viewer, row: DelegationRow, request_id: str
) -> None:
    """End *row* at once, in the caller's transaction; refused where it is over."""
    now = office.now()
    if await recorded_request(session, INSTALLATION, request_id):
        return
    if row.ended_at is not None or row.ends_on < office.today():
        over = toronto_day(row.ended_at) if row.ended_at else row.ends_on
        raise Refused("delegation_over", ended_on=over.isoformat())
    row.ended_at, row.ended_by = now, viewer.id
    session.add(row)
    await session.flush()
    event = installation_event(
        EventType.DELEGATION_ENDED,
        _actor(viewer),
        f"delegation:{row.id}:ended",
        now,
        data={"delegation": row.id, "giver": row.giver, "receiver": row.receiver},
        request_id=request_id,
    )
    await append(session, event, now=now)
    await rerouting.reroute_in(session, office)


async def mine(office: Office, viewer: Viewer) -> list[dict[str, Any]]:
    """What one has given and received, the newest first."""
    async with office.database.reading() as session:
        return await _shown(session, office, await delegations.of_person(session, viewer.id))


async def every(office: Office, viewer: Viewer) -> list[dict[str, Any]]:
    """Every delegation that was ever made (administrators, auditors)."""
    if not (viewer.holds(Role.ADMINISTRATOR) or viewer.holds(Role.AUDITOR)):
        raise Forbidden("administrators_only")
    async with office.database.reading() as session:
        return await _shown(session, office, await delegations.every(session))


async def find(session: AsyncSession, receiver: str) -> PersonRow | None:
    """The person of this id or e-mail address."""
    if "@" in receiver:
        return await people.by_email(session, receiver)
    return await session.get(PersonRow, receiver)


def _actor(viewer: Viewer) -> Actor:
    return Actor(id=viewer.id, organization=viewer.organization)


def _facts(row: DelegationRow) -> dict[str, Any]:
    return {
        "delegation": row.id,
        "giver": row.giver,
        "receiver": row.receiver,
        "grants": list(row.grants),
        "starts_on": row.starts_on.isoformat(),
        "ends_on": row.ends_on.isoformat(),
    }


async def _shown(
    session: AsyncSession, office: Office, rows: Iterable[DelegationRow]
) -> list[dict[str, Any]]:
    found = list(rows)
    names = await people.names_of(session, {p for row in found for p in (row.giver, row.receiver)})
    reasons = await texts.read(session, [row.reason for row in found])
    acting = await delegations.acting_among(session, [row.id for row in found])
    today = office.today()
    return [
        {
            "id": row.id,
            "acting": row.id in acting,
            "giver": {"id": row.giver, "name": names.get(row.giver, row.giver)},
            "receiver": {"id": row.receiver, "name": names.get(row.receiver, row.receiver)},
            "grants": list(row.grants),
            "starts_on": row.starts_on.isoformat(),
            "ends_on": row.ends_on.isoformat(),
            "reason": reasons.get(row.reason),
            "made_at": instant(row.made_at),
            "ended_at": instant(row.ended_at) if row.ended_at else None,
            "in_force": delegations.holds_on(row, today),
        }
        for row in found
    ]
