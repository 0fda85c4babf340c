"""Calls for proposals: announced by an officer, open to the second, closed once and for all.

Whether downtime extends a call is decided once, under its lock, by whoever first meets it after
its announced end: a submission, or the housekeeping. Closing it lets staff read everything that
was submitted to it, at one instant, and tells each workflow to ask its first question.
"""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import structlog
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from commands import readiness
from commands.office import Office
from policy.rules import calls as rules
from policy.telling import of_extended_call
from schemas.errors import Forbidden, Gap, Malformed, NotFound, Refused, Stale
from schemas.events import EventType, Recorded
from schemas.messages import NoticeKind
from schemas.people import SYSTEM, Actor, Role, Viewer
from schemas.proposal import Content, Stage
from schemas.requests import CallRequest
from schemas.terms import Amount, Limits, Terms
from schemas.values import Money, instant
from store import messages, notifications, texts
from store.chain import append, installation_event
from store.tables import CallRow, DraftRow, ProposalRow, RevisionRow

log = structlog.get_logger()

# ---- reading


async def calls(
    office: Office, programme: str | None = None, state: str | None = None
) -> list[dict[str, Any]]:
    """Every call, announced ones too, the latest to close first; to everybody signed in."""
    now = office.now()
    async with office.database.reading() as session:
        query = select(CallRow).order_by(col(CallRow.ends_at).desc(), CallRow.id)
        if programme is not None:
            query = query.where(CallRow.programme == programme)
        found = [_view(row, now) for row in await session.exec(query)]
    return [each for each in found if state is None or each["state"] == state]


async def call(office: Office, call_id: str) -> dict[str, Any]:
    async with office.database.reading() as session:
        row = await session.get(CallRow, call_id)
    if row is None:
        raise NotFound
    return _view(row, office.now())


# ---- what officers do


async def announce(
    office: Office, viewer: Viewer, asked: CallRequest, request_id: str
) -> dict[str, Any]:
    """A new call of a program, by one of its officers."""
    actor = _officer(viewer, asked.programme)
    now = office.now()
    _check_asked(office, asked, now)
    row = CallRow(
        id=uuid.uuid4().hex, programme=asked.programme, opens_at=now, closes_at=now, ends_at=now,
        created_by=viewer.id,
    )  # fmt: skip
    _fill(row, asked)
    async with office.database.writing() as session:
        session.add(row)
        await session.flush()
        await _record_content(session, EventType.CALL_ANNOUNCED, actor, row, request_id, now)
    return _view(row, now)


async def change(
    office: Office, viewer: Viewer, call_id: str, asked: CallRequest, version: int, request_id: str
) -> dict[str, Any]:
    """Replace what is written of a call, as long as it has not opened."""
    async with office.database.writing() as session:
        now = office.now()
        row = await session.get(CallRow, call_id, with_for_update=True)
        if row is None:
            raise NotFound
        actor = _officer(viewer, row.programme)
        if row.version != version:
            raise Stale(version=row.version)
        if row.opens_at <= now:
            raise Refused("call_opened", opens_at=instant(row.opens_at))
        if asked.programme != row.programme:
            raise Malformed(
                Gap(
                    pointer="/programme", code="programme_fixed", facts={"programme": row.programme}
                )
            )
        _check_asked(office, asked, now)
        before = _view(row, now)
        _fill(row, asked)
        if _view(row, now) != before:
            row.version += 1
            session.add(row)
            await session.flush()
            await _record_content(session, EventType.CALL_CHANGED, actor, row, request_id, now)
        return _view(row, now)


def _officer(viewer: Viewer, programme: str) -> Actor:
    if not viewer.holds(Role.PROGRAMME_OFFICER, programme):
        raise Forbidden("officers_of_the_programme_only", programme=programme)
    return Actor(id=viewer.id, role=Role.PROGRAMME_OFFICER)


def _check_asked(office: Office, asked: CallRequest, now: datetime) -> None:
    try:
        terms = office.catalogue.terms_in_force(asked.programme, office.today())
    except NotFound:
        facts = {"programme": asked.programme}
        raise Malformed(Gap(pointer="/programme", code="unknown_programme", facts=facts)) from None
    if terms.organizations:
        raise Refused("no_calls_in_programme", programme=asked.programme)
    gaps = [
        Gap(pointer=f"/{name}", code="not_a_whole_second")
        for name in ("opens_at", "closes_at")
        if getattr(asked, name).microsecond
    ]
    if asked.closes_at <= asked.opens_at:
        gaps.append(Gap(pointer="/closes_at", code="closes_before_opening"))
    elif asked.closes_at <= now:
        gaps.append(Gap(pointer="/closes_at", code="closes_in_the_past"))
    least, most = asked.limits.least, asked.limits.most
    if least is not None and most is not None and least.cents > most.cents:
        gaps.append(Gap(pointer="/limits/most", code="most_below_least"))
    if gaps:
        raise Malformed(*gaps)


# ---- what a submission meets


async def gaps(session: AsyncSession, content: Content) -> tuple[Gap, ...]:
    """What is wrong with the call that *content* names."""
    if content.call is None:
        return ()
    row = await session.get(CallRow, content.call)
    if row is None:
        return (Gap(pointer="/call", code="call_unknown"),)
    if row.programme != content.programme:
        facts = {"programme": row.programme}
        return (Gap(pointer="/call", code="call_of_another_programme", facts=facts),)
    return ()


async def check_open(session: AsyncSession, call_id: str, now: datetime) -> datetime:
    """When the call ends; refuses what comes before it opens or after that, with both instants.

    Call it in the transaction that commits the submission, at its instant.
    """
    row = await session.get(CallRow, call_id, with_for_update=True)
    if row is None:
        raise NotFound
    if now < row.opens_at:
        raise Refused("call_not_open", opens_at=instant(row.opens_at), received_at=instant(now))
    if rules.is_late(now, row.ends_at):
        await _settle(session, row, now)
    if row.closed_at is not None or rules.is_late(now, row.ends_at):
        raise Refused("call_closed", closes_at=instant(row.ends_at), received_at=instant(now))
    return row.ends_at


async def within_limits(session: AsyncSession, content: Content, terms: Terms) -> Terms:
    """*terms* with the limits of the call that the content names, for its checks."""
    row = await session.get(CallRow, content.call) if content.call else None
    if row is None:
        return terms
    limits = {
        name: Amount(cents=row.limits[name]) if row.limits.get(name) is not None else kept
        for name, kept in (("least", terms.limits.least), ("most", terms.limits.most))
    }
    return terms.model_copy(update={"limits": Limits(**limits)})


# ---- its end


async def close_due(office: Office) -> int:
    """Settle and close the calls whose time has come; returns how many were closed."""
    now = office.now()
    async with office.database.reading() as session:
        due = (
            await session.exec(
                select(CallRow.id)
                .where(col(CallRow.closed_at).is_(None), col(CallRow.ends_at) < now)
                .order_by(CallRow.id)
            )
        ).all()
    return sum([await _close(office, call_id) for call_id in due])


async def _close(office: Office, call_id: str) -> bool:
    async with office.database.writing() as session:
        now = office.now()
        row = await session.get_one(CallRow, call_id, with_for_update=True)
        if row.closed_at is not None or not rules.is_late(now, row.ends_at):
            return False
        await _settle(session, row, now)
        session.add(row)
        if not rules.is_late(now, row.ends_at):
            return False
        row.closed_at = now
        await session.flush()
        references = (
            await session.exec(
                select(RevisionRow.reference)
                .where(RevisionRow.call == call_id)
                .order_by(RevisionRow.reference)
            )
        ).all()
        for reference in references:
            await messages.leave(
                session,
                message_id=f"call-closed-{call_id}-{reference}",
                reference=reference,
                kind=NoticeKind.CALL_CLOSED,
                payload={"call": call_id},
                now=now,
            )
        await _record(session, EventType.CALL_CLOSED, row, now, {"submissions": len(references)})
    log.info("call_closed", call=call_id, submissions=len(references))
    return True


async def _settle(session: AsyncSession, row: CallRow, now: datetime) -> None:
    """Decide whether downtime extends the call: once, when its announced end has passed."""
    if row.settled_at is not None:
        return
    ready = await readiness.ready_minutes(session, row.closes_at - rules.LAST_HOUR)
    lost = rules.minutes_lost(row.opens_at, row.closes_at, ready, now)
    row.settled_at = now
    if lost:
        row.ends_at = row.closes_at + timedelta(minutes=lost)
        event = await _record(session, EventType.CALL_EXTENDED, row, now, {"minutes": lost})
        if event is not None:
            await _tell_drafting(session, event, row, now)
    session.add(row)
    await session.flush()


async def _tell_drafting(
    session: AsyncSession, event: Recorded, row: CallRow, now: datetime
) -> None:
    """Let those know who have a draft for the call: they may still submit it."""
    drafts = await session.exec(
        select(DraftRow, ProposalRow)
        .join(ProposalRow, col(ProposalRow.reference) == col(DraftRow.reference))
        .where(DraftRow.programme == row.programme, ProposalRow.stage == Stage.DRAFT)
        .order_by(DraftRow.reference)
    )
    wanted = [
        (event, of_extended_call(event, draft.reference, draft.organization))
        for draft, _ in drafts
        if draft.content.get("call") == row.id
    ]
    await notifications.tell_all(session, wanted, now=now)


# ---- how it is written down and shown


def _fill(row: CallRow, asked: CallRequest) -> None:
    row.title, row.description = asked.title.model_dump(), asked.description.model_dump()
    row.opens_at = asked.opens_at.astimezone(UTC)
    row.closes_at = row.ends_at = asked.closes_at.astimezone(UTC)
    row.limits = {
        name: amount.cents
        for name, amount in (("least", asked.limits.least), ("most", asked.limits.most))
        if amount is not None
    }


def _view(row: CallRow, now: datetime) -> dict[str, Any]:
    return {
        "id": row.id,
        "programme": row.programme,
        "title": dict(row.title),
        "description": dict(row.description),
        "limits": {
            name: Money.of_cents(row.limits[name]).model_dump() if name in row.limits else None
            for name in ("least", "most")
        },
        "opens_at": instant(row.opens_at),
        "closes_at": instant(row.ends_at),
        "announced_closing": instant(row.closes_at),
        "extended_minutes": int((row.ends_at - row.closes_at) / rules.MINUTE),
        "closed_at": instant(row.closed_at) if row.closed_at else None,
        "state": rules.state(row.opens_at, row.ends_at, row.closed_at, now),
        "version": row.version,
    }


async def _record_content(
    session: AsyncSession,
    type_: EventType,
    actor: Actor,
    row: CallRow,
    request_id: str,
    now: datetime,
) -> None:
    written = {"title": row.title, "description": row.description}
    ref = await texts.put(
        session, f"call:{row.id}", f"call-{row.id}-{row.version}", written, now=now
    )
    event = installation_event(
        type_, actor, f"call:{row.id}:{row.version}", now,
        data={**_facts(row), "limits": row.limits, "version": row.version},
        texts={"call": ref}, request_id=request_id,
    )  # fmt: skip
    await append(session, event, now=now)


async def _record(
    session: AsyncSession, type_: EventType, row: CallRow, now: datetime, data: dict[str, Any]
) -> Recorded | None:
    event = installation_event(
        type_, SYSTEM, f"call:{row.id}:{type_}", now, data={**_facts(row), **data}
    )
    return await append(session, event, now=now)


def _facts(row: CallRow) -> dict[str, Any]:
    return {
        "call": row.id,
        "programme": row.programme,
        "opens_at": instant(row.opens_at),
        "announced_closing": instant(row.closes_at),
        "closes_at": instant(row.ends_at),
    }
