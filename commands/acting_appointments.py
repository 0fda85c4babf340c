"""Acting appointments: one person acts in another's position for a time, by two administrators.

Beside a delegation, which its giver makes alone: an appointment is proposed by one administrator
and confirmed by another. From then on it is worth what a delegation is, under its own id, which
every act done under it names: never more than the holder's own grants of the day, and nothing that
came to the holder by delegation (`policy.rules.on_behalf`).
"""

import uuid
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import structlog
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from commands import by_two, delegating
from commands.grants import check_administers
from commands.office import Office
from policy.rules import clocks, on_behalf
from schemas.errors import Forbidden, Gap, Malformed, Refused
from schemas.events import INSTALLATION, EventType, TextRef
from schemas.funds import CorrectionState
from schemas.people import SYSTEM, Actor, Candidate, Role, Viewer
from schemas.requests import ActingAppointmentRequest
from schemas.values import instant, some_instant
from store import chain, delegations, notifications, people, texts
from store.tables import ActingAppointmentRow, DelegationRow, PersonRow

log = structlog.get_logger()
ANSWER_DAYS = 10
"""Business days in which a second administrator answers."""


async def appointments(office: Office, viewer: Viewer) -> list[dict[str, Any]]:
    """Every appointment that was proposed, oldest first (administrators, auditors)."""
    if not (viewer.holds(Role.ADMINISTRATOR) or viewer.holds(Role.AUDITOR)):
        raise Forbidden("administrators_only")
    row = ActingAppointmentRow
    async with office.database.reading() as session:
        rows = await session.exec(select(row).order_by(col(row.proposed_at), row.id))
        return await _views(session, office, list(rows))


async def position_of(office: Office, viewer: Viewer, holder: str) -> tuple[Candidate, ...]:
    """What somebody could be appointed to do in the place of *holder*: all that is delegable."""
    check_administers(viewer)
    async with office.database.reading() as session:
        _, position = await _position(session, holder, office.today())
    return position


async def propose(
    office: Office, viewer: Viewer, asked: ActingAppointmentRequest, request_id: str
) -> dict[str, Any]:
    """Propose one; without grants it is for the whole position. The other administrators are
    told."""
    check_administers(viewer)
    now, today = office.now(), office.today()
    if asked.ends_on < asked.starts_on:
        raise Malformed(Gap(pointer="/ends_on", code="ends_before_start"))
    if asked.ends_on < today:
        raise Malformed(Gap(pointer="/ends_on", code="ends_in_the_past"))
    async with office.database.writing() as session:
        if known := await chain.event_of_request(session, INSTALLATION, request_id):
            appointment = known.data["appointment"]
            row = await by_two.locked(session, ActingAppointmentRow, appointment)
            return await _view(session, office, row)
        holder, position = await _position(session, asked.holder, today)
        named = (Candidate(role=each.role, scope=each.scope) for each in asked.grants)
        grants = tuple(dict.fromkeys(named)) or position
        acting = await _person(session, asked.acting, "/acting")
        await _check(session, viewer, holder, acting, grants, today)
        appointment = uuid.uuid4().hex
        reason = await texts.put(
            session, f"acting:{appointment}", f"acting-{appointment}-reason", asked.reason, now=now
        )
        holidays = office.catalogue.in_force(today).calendar.holidays
        row = ActingAppointmentRow(
            id=appointment,
            holder=holder.id,
            acting=acting.id,
            grants=[each.model_dump(mode="json") for each in grants],
            starts_on=asked.starts_on,
            ends_on=asked.ends_on,
            state=CorrectionState.PROPOSED,
            reason=reason.id,
            proposed_by=viewer.id,
            proposed_at=now,
            due_at=min(clocks.due_at(now, ANSWER_DAYS, holidays), clocks.end_of_day(asked.ends_on)),
        )
        session.add(row)
        await session.flush()
        await _record(
            session, EventType.ACTING_PROPOSED, _actor(viewer), row, now,
            data={"due_at": instant(row.due_at)}, words={"reason": reason}, request_id=request_id,
        )  # fmt: skip
        log.info("acting_appointment_proposed", appointment=row.id)
        return await _view(session, office, row)


async def confirm(
    office: Office, viewer: Viewer, appointment_id: str, request_id: str
) -> dict[str, Any]:
    """The second administrator's yes: it is in force on its days; both people are told.

    What has changed since it was proposed counts: a grant that ended is not acted in.
    """
    check_administers(viewer)
    async with office.database.writing() as session:
        now, today = office.now(), office.today()
        row = await by_two.locked(session, ActingAppointmentRow, appointment_id)
        if await chain.recorded_request(session, INSTALLATION, request_id):
            return await _view(session, office, row)
        if row.proposed_by == viewer.id:
            raise Refused("separation_of_duties", rule="own_appointment", duty=None, held=None)
        by_two.check_is_open(row, now, "appointment_over")
        holder = await session.get_one(PersonRow, row.holder)
        acting = await session.get_one(PersonRow, row.acting)
        grants = tuple(Candidate.model_validate(each) for each in row.grants)
        await _check(session, viewer, holder, acting, grants, today)
        session.add(
            DelegationRow(
                id=row.id,
                giver=row.holder,
                receiver=row.acting,
                grants=list(row.grants),
                starts_on=row.starts_on,
                ends_on=row.ends_on,
                reason=row.reason,
                made_at=now,
            )
        )
        row.state, row.ended_by, row.ended_at = CorrectionState.DONE, viewer.id, now
        session.add(row)
        await session.flush()
        await _record(
            session, EventType.ACTING_APPOINTED, _actor(viewer), row, now, data={},
            words={"reason": await texts.ref(session, row.reason)}, request_id=request_id,
        )  # fmt: skip
        log.info("acting_appointed", appointment=row.id)
        return await _view(session, office, row)


async def refuse(
    office: Office, viewer: Viewer, appointment_id: str, reason: str, request_id: str
) -> dict[str, Any]:
    """Refuse what another proposed, or withdraw what one proposed oneself; for good."""
    check_administers(viewer)
    async with office.database.writing() as session:
        now = office.now()
        row = await by_two.locked(session, ActingAppointmentRow, appointment_id)
        if await chain.recorded_request(session, INSTALLATION, request_id):
            return await _view(session, office, row)
        by_two.check_is_open(row, now, "appointment_over")
        answer = await texts.put(
            session, f"acting:{row.id}", f"acting-{row.id}-answer", reason, now=now
        )
        row.answer = answer.id
        await _close(
            session, row, by_two.turned_down(row, viewer),
            _actor(viewer), now, words={"reason": answer}, request_id=request_id,
        )  # fmt: skip
        return await _view(session, office, row)


async def end(
    office: Office, viewer: Viewer, appointment_id: str, request_id: str
) -> dict[str, Any]:
    """End one that was confirmed before its last day, at once, by any administrator.

    Giving power takes two people, taking it away one. Either of the two people it is about ends
    it as any delegation (`commands.delegating.end`).
    """
    check_administers(viewer)
    async with office.database.writing() as session:
        row = await by_two.locked(session, ActingAppointmentRow, appointment_id)
        made = await session.get(DelegationRow, appointment_id)
        if made is None:
            raise Refused("appointment_not_made", state=row.state)
        await delegating.end_in(session, office, viewer, made, request_id)
        return await _view(session, office, row)


async def end_silent(office: Office) -> int:
    """End what no second administrator has answered by its due date; returns how many."""
    now = office.now()
    async with office.database.reading() as session:
        if not await by_two.overdue(session, ActingAppointmentRow, now):
            return 0
    async with office.database.writing() as session:
        rows = await by_two.overdue(session, ActingAppointmentRow, now)
        for row in rows:
            await _close(session, row, CorrectionState.LAPSED, SYSTEM, now)
    return len(rows)


# ---- what is checked


async def _position(
    session: AsyncSession, holder: str, day: date
) -> tuple[PersonRow, tuple[Candidate, ...]]:
    person = await _person(session, holder, "/holder")
    viewer = await people.viewer_of_person(session, person, day)
    own = viewer.grants if viewer else ()
    return person, tuple(each for each in own if each.role not in on_behalf.NEVER_DELEGATED)


async def _person(session: AsyncSession, named: str, pointer: str) -> PersonRow:
    found = await delegating.find(session, named)
    if found is None:
        raise Malformed(Gap(pointer=pointer, code="unknown_person"))
    return found


async def _check(
    session: AsyncSession,
    viewer: Viewer,
    holder: PersonRow,
    acting: PersonRow,
    grants: Sequence[Candidate],
    day: date,
) -> None:
    """Refuses an appointment of oneself, to nothing, to what the holder may not do, or to
    authorities that would meet in one hand."""
    if viewer.id in (holder.id, acting.id):
        raise Refused("not_to_oneself")
    if holder.id == acting.id:
        raise Refused("acts_for_oneself")
    holds = await people.viewer_of_person(session, holder, day)
    if holds is None or not grants:
        raise Refused("nothing_to_act_in")
    for each in grants:
        if each.role in on_behalf.NEVER_DELEGATED:
            raise Refused("role_not_delegable", role=each.role.value, scope=each.scope)
        if not holds.covers(each):
            raise Refused("not_held_by_holder", role=each.role.value, scope=each.scope)
    on_behalf.check_may_receive(await people.viewer_of_person(session, acting, day), grants)


# ---- what is recorded, and how it is shown


async def _close(
    session: AsyncSession,
    row: ActingAppointmentRow,
    state: CorrectionState,
    actor: Actor,
    now: datetime,
    words: dict[str, TextRef] | None = None,
    request_id: str | None = None,
) -> None:
    await by_two.end(session, row, state, actor, now)
    await _record(
        session, EventType.ACTING_NOT_APPOINTED, actor, row, now, data={"why": state.value},
        words=words, request_id=request_id,
    )  # fmt: skip


async def _record(
    session: AsyncSession,
    type_: EventType,
    actor: Actor,
    row: ActingAppointmentRow,
    now: datetime,
    *,
    data: dict[str, Any],
    words: dict[str, TextRef] | None = None,
    request_id: str | None = None,
) -> None:
    told = {
        "appointment": row.id,
        "giver": row.holder,
        "receiver": row.acting,
        "grants": list(row.grants),
        "starts_on": row.starts_on.isoformat(),
        "ends_on": row.ends_on.isoformat(),
        "proposed_by": row.proposed_by,
        **data,
    }
    event = chain.installation_event(
        type_, actor, f"acting:{row.id}:{type_}", now,
        data=told, texts=words, request_id=request_id,
    )  # fmt: skip
    await notifications.record(session, event, now=now)


def _actor(viewer: Viewer) -> Actor:
    return Actor(id=viewer.id, role="administrator:all", organization=viewer.organization)


async def _view(session: AsyncSession, office: Office, row: ActingAppointmentRow) -> dict[str, Any]:
    return (await _views(session, office, [row]))[0]


async def _views(
    session: AsyncSession, office: Office, rows: list[ActingAppointmentRow]
) -> list[dict[str, Any]]:
    names = await people.names_of(session, {who for r in rows for who in (r.holder, r.acting)})
    made = {
        each.id: each
        for each in await session.exec(
            select(DelegationRow).where(col(DelegationRow.id).in_([row.id for row in rows]))
        )
    }
    today = office.today()
    return [
        {
            "id": row.id,
            "holder": {"id": row.holder, "name": names.get(row.holder, row.holder)},
            "acting": {"id": row.acting, "name": names.get(row.acting, row.acting)},
            "grants": list(row.grants),
            "starts_on": row.starts_on.isoformat(),
            "ends_on": row.ends_on.isoformat(),
            "state": row.state,
            **said,
            "in_force": row.id in made and delegations.holds_on(made[row.id], today),
            "taken_away_at": some_instant(made[row.id].ended_at) if row.id in made else None,
        }
        for row, said in zip(rows, await by_two.told(session, rows), strict=True)
    ]
