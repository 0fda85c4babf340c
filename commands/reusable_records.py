"""Reusable records: proposed by one person, confirmed by another, relied on until a day.

When one expires, is withdrawn, or is followed by one that says something else, every finding that
relied on it is asked anew, and nothing that rests on the finding is committed meanwhile
(product.md, section 3, Compliance; the clocks of domain.md, section 5). One that says the same
goes on for the one before it, and nobody is asked anything.
"""

from __future__ import annotations

from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from commands import record_views
from commands.office import Office
from policy.rules import reusable_records as rules
from schemas.errors import Gap, Malformed, Refused
from schemas.events import INSTALLATION, EventType, TextRef
from schemas.people import SYSTEM, Actor, Viewer
from schemas.requests import RecordRequest
from schemas.reusable_records import RecordKind, RecordState
from schemas.values import digest
from store import notifications, texts
from store import reusable_records as store
from store.chain import installation_event, recorded_request
from store.tables import OrganizationRow, ReusableRecordRow

_ENDS = {
    RecordState.REFUSED: EventType.RECORD_REFUSED,
    RecordState.WITHDRAWN: EventType.RECORD_WITHDRAWN,
    RecordState.SUPERSEDED: EventType.RECORD_SUPERSEDED,
    RecordState.EXPIRED: EventType.RECORD_EXPIRED,
}


async def propose(
    office: Office, viewer: Viewer, asked: RecordRequest, request_id: str
) -> dict[str, Any]:
    """Propose a record; it is relied on once another person has confirmed it."""
    rules.check_may_make(viewer, asked.kind)
    _check_subject(office, asked)
    rules.check_content(
        asked.kind,
        asked.levels,
        asked.result,
        record_views.risks(office),
        counts_mitigation=asked.counts_mitigation,
    )
    now, today = office.now(), office.today()
    if asked.valid_until is not None and asked.valid_until < today:
        raise Malformed(Gap(pointer="/valid_until", code="ends_in_the_past"))
    record_id = digest(["reusable_record", request_id])[:32]
    async with office.database.writing() as session:
        known = await session.get(ReusableRecordRow, record_id)
        if known is not None:
            return (await record_views.shown(session, office, viewer, [known]))[0]
        if (
            asked.organization is not None
            and await session.get(OrganizationRow, asked.organization) is None
        ):
            raise Malformed(Gap(pointer="/organization", code="unknown_organization"))
        content = await texts.put(
            session,
            f"record:{record_id}",
            f"record-{record_id}",
            {"name": asked.name, "findings": asked.findings, "sources": list(asked.sources)},
            now=now,
        )
        row = ReusableRecordRow(
            id=record_id,
            kind=asked.kind,
            country=asked.country,
            organization=asked.organization,
            subject_key=store.subject_key(
                asked.kind, asked.country, asked.organization, asked.name
            ),
            levels={risk: level.value for risk, level in asked.levels.items()},
            result=asked.result,
            content=content.id,
            made_by=viewer.id,
            made_at=now,
            asked_until=asked.valid_until,
            state=RecordState.PROPOSED,
        )
        session.add(row)
        await session.flush()
        await _record(
            session, office, EventType.RECORD_PROPOSED, _actor(viewer, row), row,
            request_id=request_id, said={"content": content},
        )  # fmt: skip
        return (await record_views.shown(session, office, viewer, [row]))[0]


async def confirm(
    office: Office, viewer: Viewer, record_id: str, request_id: str
) -> dict[str, Any]:
    """The second person's yes: from now on it may be relied on, and the one before it is over."""
    now, today = office.now(), office.today()
    async with office.database.writing() as session:
        row = await record_views.found(session, viewer, record_id, to_change=True)
        if not await recorded_request(session, INSTALLATION, request_id):
            rules.check_may_confirm(viewer, RecordKind(row.kind), row.made_by)
            _check_is(row, RecordState.PROPOSED)
            days = office.catalogue.in_force(today).waits.days(rules.VALIDITY[RecordKind(row.kind)])
            before = await store.in_force_of(session, RecordKind(row.kind), row.subject_key)
            row.state = RecordState.IN_FORCE
            row.confirmed_by, row.confirmed_on = viewer.id, today
            row.valid_until = rules.last_day(today, days, row.asked_until)
            session.add(row)
            await session.flush()
            actor = _actor(viewer, row)
            await _record(
                session, office, EventType.RECORD_CONFIRMED, actor, row, request_id=request_id
            )
            for earlier in before:
                earlier.successor = row.id
                said_before = (earlier.levels, earlier.result)
                if rules.changes_what_rests_on_it(said_before, (row.levels, row.result)):
                    await store.ask_anew(session, earlier.id, RecordState.SUPERSEDED, now)
                else:
                    await store.carry_over(session, earlier.id, row.id)
                await _end(session, office, earlier, RecordState.SUPERSEDED, actor)
        return (await record_views.shown(session, office, viewer, [row]))[0]


async def refuse(
    office: Office, viewer: Viewer, record_id: str, reason: str, request_id: str
) -> dict[str, Any]:
    """Refuse what another proposed, or take back what one proposed oneself."""
    async with office.database.writing() as session:
        row = await record_views.found(session, viewer, record_id, to_change=True)
        if not await recorded_request(session, INSTALLATION, request_id):
            if viewer.id != row.made_by:
                rules.check_may_confirm(viewer, RecordKind(row.kind), row.made_by)
            _check_is(row, RecordState.PROPOSED)
            await _end(
                session, office, row, RecordState.REFUSED, _actor(viewer, row),
                request_id=request_id, reason=reason,
            )  # fmt: skip
        return (await record_views.shown(session, office, viewer, [row]))[0]


async def withdraw(
    office: Office, viewer: Viewer, record_id: str, reason: str, request_id: str
) -> dict[str, Any]:
    """Nobody may rely on it any more: one person's act, for what it stops can be dangerous."""
    async with office.database.writing() as session:
        row = await record_views.found(session, viewer, record_id, to_change=True)
        if not await recorded_request(session, INSTALLATION, request_id):
            if not rules.may_confirm(viewer, RecordKind(row.kind)):
                rules.check_may_make(viewer, RecordKind(row.kind))
            _check_is(row, RecordState.IN_FORCE)
            await store.ask_anew(session, row.id, RecordState.WITHDRAWN, office.now())
            await _end(
                session, office, row, RecordState.WITHDRAWN, _actor(viewer, row),
                request_id=request_id, reason=reason,
            )  # fmt: skip
        return (await record_views.shown(session, office, viewer, [row]))[0]


async def end_due(office: Office) -> int:
    """End what was good until yesterday, and warn of what ends soon; a part of housekeeping."""
    today, now = office.today(), office.now()
    soon = today + rules.WARNED_BEFORE
    async with office.database.reading() as session:
        if not await store.over_by(session, today) and not await store.ending_by(session, soon):
            return 0
    async with office.database.writing() as session:
        over = await store.over_by(session, today)
        for row in over:
            await store.ask_anew(session, row.id, RecordState.EXPIRED, now)
            await _end(session, office, row, RecordState.EXPIRED, SYSTEM)
        for row in await store.ending_by(session, soon):
            row.warned = True
            session.add(row)
            await _record(session, office, EventType.RECORD_EXPIRING, SYSTEM, row)
    return len(over)


# ---- what is checked and recorded


def _check_subject(office: Office, asked: RecordRequest) -> None:
    """Each kind names its subject, and nothing else."""
    needed = {
        RecordKind.COUNTRY_BASELINE: {"country"},
        RecordKind.PARTNER_DUE_DILIGENCE: {"organization"},
    }.get(asked.kind, {"country", "name"})
    gaps = []
    for field in ("country", "organization", "name"):
        given = getattr(asked, field) is not None
        if given is not (field in needed):
            gaps.append(Gap(pointer=f"/{field}", code="required" if not given else "unknown_field"))
    if asked.country is not None and asked.country not in office.catalogue.known_countries:
        gaps.append(Gap(pointer="/country", code="unknown_value"))
    if gaps:
        raise Malformed(*gaps)


def _check_is(row: ReusableRecordRow, state: RecordState) -> None:
    if row.state != state:
        raise Refused("record_is_not", state=row.state, needed=state.value)


def _actor(viewer: Viewer, row: ReusableRecordRow) -> Actor:
    return Actor(id=viewer.id, role=rules.acting_role(viewer, RecordKind(row.kind)))


async def _end(
    session: AsyncSession,
    office: Office,
    row: ReusableRecordRow,
    state: RecordState,
    actor: Actor,
    *,
    request_id: str | None = None,
    reason: str | None = None,
) -> None:
    said = {}
    if reason is not None:
        said["reason"] = await texts.put(
            session, f"record:{row.id}", f"record-{row.id}-end", reason, now=office.now()
        )
        row.end_reason = said["reason"].id
    row.state, row.ended_by, row.ended_at = state, actor.id, office.now()
    session.add(row)
    await session.flush()
    await _record(session, office, _ENDS[state], actor, row, request_id=request_id, said=said)


async def _record(
    session: AsyncSession,
    office: Office,
    event_type: EventType,
    actor: Actor,
    row: ReusableRecordRow,
    *,
    request_id: str | None = None,
    said: dict[str, TextRef] | None = None,
) -> None:
    """Names of units and people stay in the text; an event tells codes."""
    event = installation_event(
        event_type,
        actor,
        f"record:{row.id}:{event_type.value}",
        office.now(),
        data={
            "record": row.id,
            "kind": row.kind,
            "country": row.country,
            "organization": row.organization,
            "levels": dict(row.levels),
            "result": row.result,
            "valid_until": row.valid_until.isoformat() if row.valid_until else None,
            "successor": row.successor,
        },
        texts=said,
        request_id=request_id,
    )
    await notifications.record(session, event, now=office.now())
